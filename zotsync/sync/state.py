"""state.db: the mirror, the base, and what is remembered of the files. SQLite, rollback journal.

One connection, explicit transactions: `with state.transaction():`. Every row of an object keeps its
fields as canonical JSON with a digest, so that objects on which all trees agree are never parsed.
Never WAL: workspaces live on network shares (SYNC §7).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zotsync.errors import FileError, Place
from zotsync.i18n import _

_FORMAT = "1"
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
# Rows as wide as an item's are kept in the order they come: WITHOUT ROWID would cost twice the disk.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mirror (
    kind TEXT, key TEXT, version INTEGER NOT NULL, status TEXT NOT NULL, synced INTEGER NOT NULL,
    parent TEXT, digest TEXT NOT NULL, fields TEXT NOT NULL, meta TEXT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE TABLE IF NOT EXISTS fetched (
    kind TEXT, key TEXT, version INTEGER NOT NULL, status TEXT NOT NULL, synced INTEGER NOT NULL,
    parent TEXT, digest TEXT NOT NULL, fields TEXT NOT NULL, meta TEXT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE TABLE IF NOT EXISTS base (
    kind TEXT, key TEXT, status TEXT NOT NULL, digest TEXT NOT NULL, fields TEXT NOT NULL,
    shown TEXT, merged TEXT, refused TEXT, unseen TEXT, pending TEXT,
    PRIMARY KEY (kind, key)
);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, key TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL, raw TEXT NOT NULL, digest TEXT NOT NULL, fields TEXT NOT NULL,
    mentions TEXT NOT NULL, marks TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS files_by_key ON files (key);
CREATE TABLE IF NOT EXISTS lines (
    key TEXT PRIMARY KEY, path TEXT NOT NULL, fields TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followed (
    kind TEXT, key TEXT, name TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT, command TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, side TEXT NOT NULL, file TEXT NOT NULL, decision TEXT NOT NULL,
    before TEXT, after TEXT, text TEXT, mentions TEXT
);
CREATE INDEX IF NOT EXISTS journal_by_key ON journal (key);
"""


def canonical(value: Any) -> str:
    """Return JSON that is the same text for equal values."""
    return _CANONICAL.encode(value)


def digest_of(text: str) -> str:
    """Return the digest of canonical JSON (the same as `model.digest` of its value)."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class State:
    """An open state.db."""

    def __init__(self, path: Path) -> None:
        """Open or make the database at `path`.

        Raises:
            FileError: it cannot be opened, or was written by a newer zotsync.

        """
        self.path = path
        self.set_aside: Path | None = None
        """Where a damaged state.db was put; a fresh one took its place."""
        try:
            self.db = self._open()
        except sqlite3.OperationalError as exc:  # no right, no disk: nothing wrong with the data
            raise FileError(
                _("The state of the workspace cannot be opened: {reason}").format(reason=exc),
                place=Place(str(path)),
            ) from exc
        except sqlite3.DatabaseError:
            self.set_aside = self._put_aside()
            self.db = self._open()
        if self.meta("format", _FORMAT) != _FORMAT:
            self.close()
            raise FileError(
                _("This workspace was written by a newer zotsync."),
                place=Place(str(path)),
                hint=_("Upgrade zotsync."),
            )
        self.set_meta("format", _FORMAT)

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        try:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -8000")
            db.executescript(_SCHEMA)
        except BaseException:
            db.close()
            raise
        return db

    def _put_aside(self) -> Path:
        aside = self.path.with_name(f"{self.path.name}.damaged")
        number = 1
        while aside.exists():
            number += 1
            aside = self.path.with_name(f"{self.path.name}.damaged-{number}")
        self.path.replace(aside)
        journal = self.path.with_name(self.path.name + "-journal")
        journal.unlink(missing_ok=True)  # it belongs to the damaged one
        return aside

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one atomic, durable change. Inside another one: part of that."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def meta(self, name: str, default: str = "") -> str:
        """Return a remembered fact of the workspace, or `default`."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else default

    def set_meta(self, name: str, value: str) -> None:
        """Remember a fact of the workspace; writes nothing where it is known already."""
        if self.meta(name, "\0") != value:
            self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [name, value])

    @property
    def cursor(self) -> int | None:
        """The library version that the mirror stands at; None before the first pull."""
        text = self.meta("cursor")
        return int(text) if text else None

    def rows(self, sql: str, values: Iterable[Any] = ()) -> Iterator[Any]:
        """Run a query and return its rows."""
        return iter(self.db.execute(sql, list(values)))

    def many(self, sql: str, rows: Iterable[Iterable[Any]]) -> None:
        """Run a statement for many rows."""
        self.db.executemany(sql, map(tuple, rows))
