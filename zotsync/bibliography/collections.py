"""collections.toml: the collection tree, path -> collection key, one line each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from zotsync.bibliography import files
from zotsync.bibliography.paths import split_path
from zotsync.bibliography.shapes import ShapeError, check_path
from zotsync.bibliography.syntax import decode, load
from zotsync.bibliography.writing import line_text
from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.model import is_key
from zotsync.reasons import reason_of
from zotsync.toml_source import TomlSource


def read_collections(file: Path) -> dict[str, str]:
    """Return the collection tree: path as typed -> key; "" for a collection still to be made.

    Raise FileError, with the line, for a file that is missing, unreadable or malformed, for a key that
    stands twice, and for two spellings of one path. None of these is a deletion: the caller decides.
    """
    return parse_collections(read_collections_text(file), str(file))


def read_collections_text(file: Path) -> bytes:
    """Return the bytes of collections.toml; FileError if they cannot be read."""
    try:
        return files.read(file)
    except FileNotFoundError as exc:
        hint = _("Bring it back; an empty file means that there are no collections.")
        raise FileError(_("This file is missing."), place=Place(str(file)), hint=hint) from exc
    except OSError as exc:
        message = _("This file cannot be read: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(str(file))) from exc


def parse_collections(raw: bytes, file: str) -> dict[str, str]:
    """Return the collection tree in the bytes of a collections.toml; see `read_collections`."""
    text = decode(raw, file)
    source = TomlSource(text, file)
    tree: dict[str, str] = {}
    by_key: dict[str, str] = {}
    by_parts: dict[tuple[str, ...], str] = {}
    for path, key in load(text, file).items():
        _check_entry(path, key, source)
        twin = by_parts.setdefault(split_path(path), path)
        other = by_key.setdefault(key, path) if key else path
        if twin != path:
            raise source.error(_("This path stands here twice."), path, hint=_line(source, twin))
        if other != path:
            raise source.error(_("This key stands here twice."), path, hint=_line(source, other))
        tree[path] = key
    return tree


def _line(source: TomlSource, path: str) -> str:
    hint = _("Also at line {line}: {path}. Remove one of the two.")
    return hint.format(line=source.line(path) or "?", path=path)


def _check_entry(path: str, key: Any, source: TomlSource) -> None:
    if not isinstance(key, str):
        hint = _('One line each: "Pair-aidance/Ouvrages" = "…", the path between quotes.')
        raise source.error(_("This is not a collection."), path, hint=hint)
    if key and not is_key(key):
        hint = _('Keys are made by zotsync: for a new collection write "" for the key.')
        raise source.error(_("This is not a collection key."), path, hint=hint)
    try:
        check_path(path)
    except ShapeError as exc:
        raise source.error(exc.message, path, hint=exc.hint) from exc


def write_collections(file: Path, tree: Mapping[str, str]) -> bool:
    """Make the file say `tree`; return whether it had to be written.

    Comments and the order of the lines stay; a renamed collection keeps its line, a new one is put
    where it belongs. A file that is missing or says something unreadable is not written over: FileError.
    """
    raw = read_collections_text(file) if file.exists() else b""
    now = parse_collections(raw, str(file))
    if now == dict(tree):
        return False
    text = amend_collections(decode(raw, str(file)), now, tree)
    if parse_collections(text.encode(), str(file)) != dict(tree):
        raise FileError(_("This file cannot be amended."), place=Place(str(file)))
    data = text.replace("\n", "\r\n").encode() if b"\r\n" in raw else text.encode()
    with files.told(file):
        files.make_folder(file.parent)
        temp, _stat = files.write_temp(str(file.parent), data, sync=True)
        try:
            files.replace(temp, file)
        finally:
            files.remove(temp)
        files.sync_folder(file.parent)
    return True


def amend_collections(text: str, now: Mapping[str, str], tree: Mapping[str, str]) -> str:
    """Return `text` (which says `now`) so that it says `tree`."""
    renamed = {key: path for path, key in tree.items() if key}
    known = set(now.values())
    lines: list[tuple[str, str | None]] = []  # line, and the path on it
    for line, entry in _entries(text or _heading()):
        if entry is None:
            lines.append((line, None))
            continue
        path, key = entry
        target = path if tree.get(path) == key else renamed.get(key)
        if target is None and path in tree and tree[path] not in known:  # a new key for this path
            target = path
        if target is not None:
            same = (target, tree[target]) == entry
            lines.append((line if same else _with_comment(line, target, tree[target]), target))
    there = {path for _line, path in lines}
    for path in sorted(tree.keys() - there, key=_sort_key):
        lines.insert(_place(lines, path), (_entry_line(path, tree[path]), path))
    return "".join(f"{line}\n" for line, _path in lines)


def _heading() -> str:
    what = _("The collection tree: path = key.")
    how = _('Edit a path to rename or move a collection, add a line with the key "" for a new one.')
    return f"# {what}\n# {how}\n"


def _entries(text: str) -> list[tuple[str, tuple[str, str] | None]]:
    """Return every line with the path and key on it; None on a line with a comment or nothing."""
    lines = text.rstrip("\n").split("\n")
    try:
        return [(line, next(iter(tomllib.loads(line).items()), None)) for line in lines]
    except tomllib.TOMLDecodeError:  # a value over several lines: nobody needs one here
        return [(line, None) for line in lines if line.startswith("#")]


def _entry_line(path: str, key: str) -> str:
    return f'{line_text(path)} = "{key}"'


def _with_comment(line: str, path: str, key: str) -> str:
    """Return a new entry with the comment that stood behind the old one."""
    comment = next((line[at:] for at in _marks(line) if _says_same(line, at)), "")
    return f"{_entry_line(path, key)}  {comment}".rstrip()


def _marks(line: str) -> Iterator[int]:
    return (at for at, char in enumerate(line) if char == "#")


def _says_same(line: str, at: int) -> bool:
    try:
        return tomllib.loads(line[:at]) == tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False


def _place(lines: list[tuple[str, str | None]], path: str) -> int:
    """Return where a new line belongs: behind the last one that comes before it in the alphabet."""
    known = [(_sort_key(there), at) for at, (_line, there) in enumerate(lines) if there is not None]
    before = [at for key, at in known if key < _sort_key(path)]
    if before:
        return max((_sort_key(str(lines[at][1])), at) for at in before)[1] + 1
    return known[0][1] if known else len(lines)


def _sort_key(path: str) -> tuple[tuple[str, ...], str]:
    return tuple(part.casefold() for part in split_path(path)), path
