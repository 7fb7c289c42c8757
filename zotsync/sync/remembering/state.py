"""state.db: the mirror, the base, and what is remembered of the files. SQLite, rollback journal.

One connection, explicit transactions: `with state.transaction():`. Every row of an object keeps its
fields as canonical JSON with a digest, so that objects on which all trees agree are never parsed.
Never WAL: workspaces live on network shares (SYNC §7).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self

from zotsync.bibliography.files import told as files_told
from zotsync.errors import FileError, Place, Problem
from zotsync.i18n import _
from zotsync.sync.remembering.soundness import (
    DamagedError,
    is_as_closed,
    note_as_closed,
    put_aside,
    require_sound,
    save_history,
    told,
    was_there,
)
from zotsync.workspace import make_private_folder

_FORMAT = 1
_TABLES = "SELECT count(*) FROM sqlite_master"
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
CREATE INDEX IF NOT EXISTS journal_by_run ON journal (run);
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
            DamagedError: something in it is damaged.
            FileError: it cannot be opened, or was written by a newer zotsync.

        """
        self.path = path
        self.set_aside: Path | None = None
        """Where a damaged state.db was put; this one took its place."""
        self.lost = was_there(path) and not path.exists()
        """Whether somebody has removed the one that was here."""
        self.doubtful = path.exists() and not is_as_closed(path)
        """Whether it was changed since it was closed: sound, but perhaps older than it should be."""
        with told(path):
            self.db = self._open()

    @classmethod
    def opened(cls, path: Path, locked: Callable[[], AbstractContextManager[None]]) -> Self:
        """Open the database at `path`; `locked` holds the workspace where a damaged one is set aside."""
        try:
            return cls(path)
        except DamagedError:
            with locked():
                return cls._anew(path)

    @classmethod
    def _anew(cls, path: Path) -> Self:
        """Set a damaged database aside, and make a new one with what can be read of its history."""
        try:
            return cls(path)  # another command has done it meanwhile
        except DamagedError:
            with files_told(path):
                aside = put_aside(path)
        state = cls(path)
        state.set_aside = aside
        with told(path), state.transaction():
            save_history(aside, state.db, digest_of)
        return state

    @property
    def rebuilt(self) -> Problem | None:
        """Return what is to be told if this database was made anew."""
        if self.set_aside is not None:
            text = _("The state of the workspace was damaged. It is kept as {file}, and made anew.")
        elif self.lost:
            text = _("The state of the workspace, {file}, was gone. It is made anew.")
        else:
            return None
        hint = _("Nothing is lost: the next sync compares every item with Zotero, field by field.")
        return Problem(text.format(file=self.set_aside or self.path), hint=hint)

    def _open(self) -> sqlite3.Connection:
        with files_told(self.path.parent):
            make_private_folder(self.path.parent)
        db = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        try:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -8000")
            number = self._check(db)
            db.executescript(f"BEGIN; {_SCHEMA}; COMMIT")
            if not number:
                db.execute("INSERT OR REPLACE INTO meta VALUES ('format', ?)", [str(_FORMAT)])
                db.execute(f"PRAGMA user_version = {_FORMAT}")
        except BaseException:
            db.close()
            raise
        return db

    def _check(self, db: sqlite3.Connection) -> int:
        """Refuse what a newer zotsync wrote, and what is damaged; return the format's number."""
        number = _told(db, "PRAGMA user_version")
        written = "SELECT count(*) FROM meta WHERE name = 'format' AND value = ?"
        if number > _FORMAT and _told(db, written, str(number)):  # else one of the two is damaged
            raise FileError(
                _("This workspace was written by a newer zotsync."),
                place=Place(str(self.path)),
                hint=_("Upgrade zotsync."),
            )
        if number > _FORMAT:
            raise sqlite3.DatabaseError(number)
        if self.doubtful and (was_there(self.path) or _told(db, _TABLES)):
            require_sound(db, self.path, _SCHEMA, digest_of)
        return int(number)

    def close(self) -> None:
        """Close the database."""
        self.db.close()
        if not self.doubtful:
            note_as_closed(self.path)

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
            if self.db.in_transaction:  # SQLite itself has ended it where the disk is full
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


def _told(db: sqlite3.Connection, sql: str, *values: str) -> Any:
    """Return the one value that a query answers with."""
    return db.execute(sql, values).fetchone()[0]
