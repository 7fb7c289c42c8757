"""What state.db remembers of the files: the stat index of item files, and collections.toml as written.

Like git's index: a file whose stat is as remembered is not read again. `mentions` keeps which
collection each path in the file meant when it was last looked up or written (SYNC §5).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.bibliography.folder import FileStamp
from zotsync.bibliography.scanning import CLOCK_STEP
from zotsync.model import Fields
from zotsync.sync.reading.collection_tree import Line
from zotsync.sync.remembering.state import State, canonical, digest_of

_CHUNK = 500
_UNKNOWN = FileStamp(-1, 0, 0, "")
_ALIVE = "WHERE key NOT IN (SELECT key FROM base WHERE kind = 'item' AND status = 'trashed')"


@dataclass(frozen=True, slots=True)
class FileRow:
    """An item file as last read or written."""

    path: str
    key: str
    fields: Fields
    """In normal form, `collections` as keys."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """Collection path as it stands in the file -> collection key."""
    marks: frozenset[str] = frozenset()
    """Names of its `[conflict.…]` tables."""
    stamp: FileStamp = _UNKNOWN
    again: bool = False
    """Something in it waits: the file is read again next time, changed or not."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """The summary of a remembered file."""

    key: str
    stamp: FileStamp
    digest: str
    marked: bool

    @property
    def known(self) -> bool:
        """Return whether the file need not be read again while its stat is the same."""
        return self.stamp.size >= 0  # stored as -1 - size where it must be


class FileIndex:
    """The remembered files of a workspace."""

    def __init__(self, state: State) -> None:
        self._state = state

    def lines(self) -> dict[str, FileLine]:
        """Return path -> summary, of the items that are not in the trash.

        A new file at the path of one that was deleted is another item.
        """
        columns = "path, key, size, mtime_ns, inode, raw, digest, marks != '[]'"
        rows = self._state.rows(f"SELECT {columns} FROM files {_ALIVE}")  # noqa: S608
        return {
            path: FileLine(key, FileStamp(size, mtime, inode, raw), digest, bool(marked))
            for path, key, size, mtime, inode, raw, digest, marked in rows
        }

    def rows(self, paths: Iterable[str] | None = None) -> Iterator[FileRow]:
        """Yield the remembered files at these paths; all of them with None."""
        sql = "SELECT path, key, fields, mentions, marks, size, mtime_ns, inode, raw FROM files"
        if paths is None:
            found = self._state.rows(sql)
            yield from map(_row, found)
            return
        wanted = list(paths)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            yield from map(_row, self._state.rows(f"{sql} WHERE path IN ({marks})", chunk))

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield (path, key) of the items that are not in the trash."""
        yield from self._state.rows(f"SELECT path, key FROM files {_ALIVE}")  # noqa: S608

    def places(self) -> list[tuple[str, str]]:
        """Return (path, key) of all remembered files, those that somebody deleted included."""
        return list(self._state.rows("SELECT path, key FROM files"))

    def mentions(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield (path, mentions) of the remembered files that name a collection."""
        rows = self._state.rows("SELECT path, mentions FROM files WHERE mentions != '{}'")
        yield from ((path, json.loads(mentions)) for path, mentions in rows)

    def by_key(self, key: str) -> FileRow | None:
        """Return the remembered file of an item."""
        rows = self._state.rows("SELECT path FROM files WHERE key = ?", [key])
        paths = [path for (path,) in rows]
        return next(self.rows(paths[:1]), None) if paths else None

    def naming(self, collections: Iterable[str]) -> set[str]:
        """Return the keys of the items whose files name one of these collections (their keys)."""
        wanted = list(collections)
        rows = self._state.rows("SELECT key, mentions FROM files WHERE mentions != '{}'")
        return {key for key, mentions in rows if any(c in mentions for c in wanted)}

    def put(self, rows: Iterable[FileRow]) -> None:
        """Remember files; another path remembered for the same key is forgotten."""
        rows = list(rows)
        self._state.many(
            "DELETE FROM files WHERE key = ? AND path != ?", ((r.key, r.path) for r in rows)
        )
        self._state.many(
            "INSERT OR REPLACE INTO files (path, key, size, mtime_ns, inode, raw, digest, fields,"
            " mentions, marks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(_values, rows),
        )

    def remember(self, fresh: Iterable[FileRow], now: int) -> None:
        """Put what was read just now (`now`: in ns), where that spares the next reading of a file."""
        rows = {row.path: row for row in fresh}
        known = {row.path: row for row in self.rows(rows)}
        changed = [row for path, row in rows.items() if known.get(path) != row]
        settled = now - CLOCK_STEP
        steady = any(not r.again and r.stamp.mtime_ns < settled for r in rows.values())
        if changed or steady:
            with self._state.transaction():
                self.put(changed)
                if changed:
                    self._state.set_meta("names_moved", "yes")
                self._state.set_meta("indexed_at", str(now))

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files."""
        self._state.many("DELETE FROM files WHERE path = ?", ((path,) for path in paths))

    def drop_items(self, keys: Iterable[str]) -> None:
        """Forget the files of items."""
        self._state.many("DELETE FROM files WHERE key = ?", ((key,) for key in keys))

    def collection_lines(self) -> dict[str, Line]:
        """Return key -> the line of collections.toml as zotsync last wrote it."""
        rows = self._state.rows("SELECT key, path, fields FROM lines")
        return {key: Line(path, json.loads(fields)) for key, path, fields in rows}

    def put_collection_lines(self, lines: Mapping[str, Line]) -> None:
        """Remember collections.toml as just written: all of it."""
        self._state.db.execute("DELETE FROM lines")
        self._state.many(
            "INSERT INTO lines (key, path, fields) VALUES (?, ?, ?)",
            ((key, line.path, canonical(dict(line.fields))) for key, line in lines.items()),
        )


def _row(values: Any) -> FileRow:
    path, key, fields, mentions, marks, size, *stamp = values
    told = frozenset(json.loads(marks))
    seen = FileStamp(size if size >= 0 else -1 - size, *stamp)
    return FileRow(path, key, json.loads(fields), json.loads(mentions), told, seen, size < 0)


def _values(row: FileRow) -> tuple[Any, ...]:
    fields = canonical(dict(row.fields))
    stamp = row.stamp
    return (
        row.path,
        row.key,
        -1 - stamp.size if row.again else stamp.size,
        stamp.mtime_ns,
        stamp.inode,
        stamp.digest,
        digest_of(fields),
        fields,
        canonical(dict(row.mentions)),
        canonical(sorted(row.marks)),
    )
