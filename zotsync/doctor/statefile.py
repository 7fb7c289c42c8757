"""state.db looked at from outside: opened for reading alone, so that nothing is made or mended."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path


def was_synced(path: Path) -> bool:
    """Return whether a workspace was ever synced; True where its state cannot be read."""
    if not path.exists():
        return False
    try:
        with contextlib.closing(_opened(path)) as db:
            return db.execute("SELECT 1 FROM base LIMIT 1").fetchone() is not None
    except sqlite3.DatabaseError:
        return True


def damage_of(path: Path) -> str:
    """Return what SQLite finds wrong with a database; "" where it is sound."""
    try:
        with contextlib.closing(_opened(path)) as db:
            found = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
            db.execute("SELECT count(*) FROM meta").fetchone()
    except sqlite3.DatabaseError as exc:
        return str(exc)
    return "" if found == "ok" else found


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
