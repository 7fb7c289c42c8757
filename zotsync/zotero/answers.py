"""What the Zotero server answers, as values: versions, tombstones, pages of objects, write reports.

Pure: parsed JSON in, values out. What is not as the API says raises `MalformedError`: a read is then
refused as a whole, and a write has an unknown outcome. Nothing is ever guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zotsync.model import is_key
from zotsync.zotero.shapes import ObjectKind, are_keys, fault, is_version, is_whole, wrong_field

WRITE_SIZE = 50
"""Objects written in one request: the server's own limit."""
_DIGITS = 19
"""A library version has fewer."""


class MalformedError(ValueError):
    """An answer is not what the API describes. The text is for developers."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Keys and versions of objects, at one library version."""

    library_version: int
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Deleted:
    """Tombstones: keys of what was erased since a version, at one library version."""

    library_version: int
    items: frozenset[str]
    collections: frozenset[str]


class Broken(NamedTuple):
    """An object that cannot be used."""

    key: str
    field: str
    """What is wrong in it."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects that were asked for by key, at one library version."""

    library_version: int
    objects: tuple[dict[str, Any], ...]
    """As the server gives them: `key`, `version`, `data`, and mostly `meta`."""
    broken: tuple[Broken, ...] = ()
    """Objects that cannot be used."""
    missing: tuple[str, ...] = ()
    """Keys that were asked for and are not there any more."""


@dataclass(frozen=True, slots=True)
class Written:
    """An object that the server wrote, as it stands there now."""

    key: str
    version: int
    data: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An object that already was as it was sent."""

    key: str


@dataclass(frozen=True, slots=True)
class Failed:
    """An object that the server refused, and why: an HTTP status and a text."""

    key: str
    code: int
    message: str


Result = Written | Unchanged | Failed


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What became of every object that was sent, in the order of the request."""

    library_version: int
    results: tuple[Result, ...]


def keys_sent(objects: Sequence[Mapping[str, Any]], most: int) -> list[str]:
    """Return the keys of what is about to be sent; each object must be guarded by its version."""
    keys = [o["key"] for o in objects]
    versioned = all(is_version(o["version"]) for o in objects)
    if not (versioned and all(map(is_key, keys)) and len(set(keys)) == len(keys)):
        raise ValueError("objects are sent once each, with key and version")
    if not 1 <= len(keys) <= most:
        raise ValueError(f"{len(keys)} objects in one write")
    return keys


def library_version(headers: Mapping[str, str]) -> int:
    """Return the library version that an answer carries."""
    text = headers.get("Last-Modified-Version", "")
    if not (text.isascii() and text.isdigit() and len(text) < _DIGITS):
        raise MalformedError(f"Last-Modified-Version: {text!r}")
    return int(text)


def parse_versions(library_version: int, raw: Any) -> Versions:
    """Return the answer of `format=versions`."""
    versions = _mapping(raw, "versions")
    for key, version in versions.items():
        if not is_key(key) or not is_version(version):
            raise MalformedError(f"versions: {key!r}: {version!r}")
    return Versions(library_version, versions)


def set_back(headers: Mapping[str, str], asked: int | None) -> Versions | None:
    """Return the version that a 304 carries if it is below the one `asked` for, without objects."""
    text = headers.get("Last-Modified-Version", "")
    if asked is None or not (text.isascii() and text.isdigit()) or int(text[:_DIGITS]) >= asked:
        return None
    return Versions(int(text), {})


def parse_deleted(library_version: int, raw: Any) -> Deleted:
    """Return the answer of `/deleted`."""
    lists = _mapping(raw, "deleted")
    return Deleted(
        library_version, _keys(lists.get("items", [])), _keys(lists.get("collections", []))
    )


def parse_page(
    library_version: int,
    raw: Any,
    asked: Sequence[str],
    kind: ObjectKind,
    group: int | None = None,
) -> Page:
    """Return the objects of a list answer to a request for the keys `asked`.

    An object that nobody asked for means that the server did not understand the filter: all is refused.
    One that comes twice is used if it is the same both times.
    """
    if not isinstance(raw, list):
        raise MalformedError("a list of objects is no list")
    wanted = dict.fromkeys(asked)
    found: dict[str, dict[str, Any]] = {}
    broken: dict[str, Broken] = {}
    for entry in raw:
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(key, str) or key not in wanted:
            raise MalformedError(f"an object that was not asked for: {key!r}")
        if found.setdefault(key, entry) != entry:
            broken[key] = Broken(key, "key")
        elif wrong := fault(entry, kind, group):
            broken[key] = Broken(key, wrong, _title(entry))
    objects = tuple(entry for key, entry in found.items() if key not in broken)
    missing = tuple(key for key in wanted if key not in found)
    return Page(library_version, objects, tuple(broken.values()), missing)


def _title(entry: Mapping[str, Any]) -> str:
    """Return what an object calls itself, as far as it can be read; "" if it cannot."""
    data = entry.get("data")
    names = [data.get(n) for n in ("title", "name")] if isinstance(data, dict) else []
    return next((name for name in names if isinstance(name, str) and is_whole(name)), "")


def parse_report(library_version: int, raw: Any, sent: Sequence[str]) -> WriteReport:
    """Return the write report for the keys `sent`; each must be in it, once, under its own index."""
    report = _mapping(raw, "write report")
    parts = {name: _indexed(report, name, len(sent)) for name in _MAKERS}
    success = _indexed(report, "success", len(sent))
    results: list[Result] = []
    for index, key in enumerate(sent):
        places = [name for name, entries in parts.items() if index in entries]
        if len(places) != 1:
            raise MalformedError(f"write report: object {index} is in {places}")
        if index in success and (places != ["successful"] or success[index] != key):
            raise MalformedError(f"write report: object {index} contradicts `success`")
        results.append(_MAKERS[places[0]](key, parts[places[0]][index]))
    return WriteReport(library_version, tuple(results))


def _written(key: str, raw: Any) -> Written:
    entry = _mapping(raw, "written object")
    version, data, meta = entry.get("version"), entry.get("data"), entry.get("meta") or {}
    if entry.get("key") != key or not is_version(version):
        raise MalformedError(f"write report: {entry.get('key')!r} at {version!r} for {key}")
    if wrong := wrong_field(_mapping(data, "written data")):
        raise MalformedError(f"write report: {wrong} of {key}")
    return Written(key, version, _mapping(data, "written data"), _mapping(meta, "meta"))


def _unchanged(key: str, raw: Any) -> Unchanged:
    if raw != key:
        raise MalformedError(f"write report: unchanged {raw!r} for {key}")
    return Unchanged(key)


def _failed(key: str, raw: Any) -> Failed:
    entry = _mapping(raw, "failed object")
    code = entry.get("code")
    if not is_version(code) or entry.get("key", key) != key:
        raise MalformedError(f"write report: failed with {code!r} for {key}")
    return Failed(key, code, str(entry.get("message", "")))


_MAKERS: dict[str, Callable[[str, Any], Result]] = {
    "successful": _written,
    "unchanged": _unchanged,
    "failed": _failed,
}


def _indexed(report: Mapping[str, Any], name: str, size: int) -> dict[int, Any]:
    """Return one map of a write report by number."""
    known = {str(index): index for index in range(size)}
    entries = _mapping(report.get(name, {}), name)
    strange = entries.keys() - known.keys()
    if strange:
        raise MalformedError(f"write report: {name} has {sorted(strange)} of {size}")
    return {known[index]: entry for index, entry in entries.items()}


def _keys(value: Any) -> frozenset[str]:
    if not are_keys(value):
        raise MalformedError("a list of keys holds something else")
    return frozenset(value)


def _mapping(value: Any, what: str) -> dict[str, Any]:
    """Return a JSON object; PHP writes an empty one as `[]`."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise MalformedError(f"{what}: not an object")
    return value
