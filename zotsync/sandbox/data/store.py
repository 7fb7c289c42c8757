"""The sandbox's SQLite file, one transaction at a time: no update is ever lost between clients."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zotsync.sandbox.data.tables import FORMAT, TABLES
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.texts import folded


class Store:
    """The sandbox's data: a file, or memory alone."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            str(path) if path else ":memory:",
            isolation_level=None,
            check_same_thread=False,
            timeout=30,
        )
        try:
            # A crash of the process loses nothing; only a power cut could, which a sandbox can bear.
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("PRAGMA journal_mode = TRUNCATE")
            self._db.create_function("folded", 1, folded, deterministic=True)
            made = self._db.execute("PRAGMA user_version").fetchone()[0]
            if made not in (FORMAT, 0) or (not made and self._has_tables()):
                raise sqlite3.DatabaseError("the file is of another version of zotsync")
            self._db.executescript(TABLES)
            self._db.execute(f"PRAGMA user_version = {FORMAT}")
        except sqlite3.Error:  # no database, or one that cannot be written to
            self._db.close()
            raise
        weakref.finalize(self, self._db.close)  # many a test's server is never closed

    def _has_tables(self) -> bool:
        return bool(self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Give a transaction that ends with commit, or with rollback on any exception."""
        with self._transaction("BEGIN IMMEDIATE") as transaction:
            yield transaction

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give a transaction that sees one state of the data from first to last."""
        with self._transaction("BEGIN") as transaction:
            yield transaction

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        with self._lock:
            self._db.execute(begin)
            try:
                yield Transaction(self._db)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite ends it itself where the disk is full
                    self._db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
