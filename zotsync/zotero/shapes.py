"""What the server's objects look like: one that does not is not used, and named by the field that is wrong.

Nothing of it may reach a file: what cannot be understood is never written over what can.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeGuard

from zotsync.model import UNSYNCED_TYPES, is_key, normal_text
from zotsync.zotero.schema import bundled

ObjectKind = Literal["items", "collections"]

_LARGEST = 2**63 - 1
"""The largest number that state.db can hold."""
_PLAIN = frozenset({"itemType", "note", "name", "dateAdded", "dateModified"})
"""Texts that are no fields of the schema."""
_TAG_TYPES = (0, 1)


def is_version(value: Any) -> TypeGuard[int]:
    """Return whether a value can be a version."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def fault(entry: Mapping[str, Any], kind: ObjectKind, group: int | None = None) -> str:
    """Return the name of what makes an object unusable; "" if nothing does.

    Args:
        entry: an object as the server gives it.
        kind: what it has to be.
        group: whose library it has to be in; None: not looked at.

    """
    data, library = entry.get("data"), entry.get("library")
    if not is_version(entry.get("version")):
        return "version"
    if not isinstance(data, dict):
        return "data"
    if data.get("key", entry["key"]) != entry["key"]:
        return "key"
    if not isinstance(entry.get("meta") or {}, dict):
        return "meta"
    if group and library is not None and not _is_library(library, group):
        return "library"
    needed = "itemType" if kind == "items" else "name"
    named = data.get(needed)
    if not isinstance(named, str) or not normal_text(named):
        return needed
    return wrong_field(data)


def wrong_field(data: Mapping[str, Any]) -> str:
    """Return the name of the first field whose value is not what the API describes; "" if none is."""
    known = data.get("itemType") not in UNSYNCED_TYPES  # a file's own fields are kept as they are
    return next((name for name, value in data.items() if not _fits(name, value, known=known)), "")


def _fits(name: str, value: Any, *, known: bool) -> bool:
    if name == "deleted":
        return isinstance(value, int)
    if isinstance(value, str) and name not in _SHAPES:
        return is_whole(value) and is_whole(name)
    if name in _SHAPES:
        return not value or _SHAPES[name](value)
    if not known:
        return True
    if value is None or name in _PLAIN or bundled().knows_field(name):
        return False
    return name != "conflict" and _is_whole_within(value)


def _is_library(library: Any, group: int) -> bool:
    told = (library.get("type"), library.get("id")) if isinstance(library, dict) else ()
    return told == ("group", group)


def is_whole(text: str) -> bool:
    """Return whether a text has no half characters, which neither a file nor a database can hold."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _is_whole_within(value: Any) -> bool:
    if isinstance(value, str):
        return is_whole(value)
    if isinstance(value, dict):
        return all(map(_is_whole_within, (*value, *value.values())))
    return not isinstance(value, list) or all(map(_is_whole_within, value))


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(t, dict)
        and isinstance(t.get("tag"), str)
        and is_version(t.get("type", 0))
        and t.get("type", 0) in _TAG_TYPES
        and is_whole(t["tag"])
        for t in value
    )


def _are_creators(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(c, dict) and _are_texts([*c.values()]) for c in value
    )


def _are_relations(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _are_texts([v] if isinstance(v, str) else v) for v in value.values()
    )


def are_keys(value: Any) -> bool:
    """Return whether a value is a list of object keys."""
    return isinstance(value, list) and all(is_key(k) for k in value)


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and is_whole(v) for v in values)


_SHAPES = {
    "tags": _are_tags,
    "creators": _are_creators,
    "relations": _are_relations,
    "collections": are_keys,
    "parentItem": is_key,
    "parentCollection": is_key,
}
"""What the values that are no plain texts look like, where they are not empty."""
