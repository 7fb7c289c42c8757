"""Whether state.db is sound: what is wrong with one that is damaged, and what can be saved of it.

Looking at every row is too slow for each command. So its size and mtime are written down beside it when
it is closed: only one that something else has touched since (a crash, a backup put back, a failing
disk) is looked through.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.reasons import in_words

_DAMAGED = "damaged"
_SUSPECT = {
    "meta": "name IN ('cursor', 'indexed_at') AND value GLOB '*[^0-9]*'",
    "mirror": "status NOT IN ('live', 'trashed', 'erased') OR NOT is_whole(version, synced)"
    " OR digest != digest_of(fields) OR NOT is_json(meta)",
    "fetched": "status NOT IN ('live', 'trashed') OR NOT is_whole(version, synced)"
    " OR digest != digest_of(fields) OR NOT is_json(meta)",
    "base": "status NOT IN ('none', 'live', 'trashed') OR digest != digest_of(fields)"
    " OR NOT is_json(shown, merged, refused, unseen, pending)",
    "files": "NOT is_whole(size, mtime_ns, inode) OR digest != digest_of(fields)"
    " OR NOT is_json(mentions, marks)",
    "lines": "NOT is_json(fields)",
    "runs": "NOT is_moment(started) OR NOT is_json(counts)",
    "journal": "kind NOT IN ('item', 'collection') OR NOT is_whole(run)"
    " OR NOT is_json(before, after, mentions)",
}
"""Table -> what no row says that was written here."""
_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
)
_AROUND = ("BUSY", "CANTOPEN", "FULL", "IOERR", "LOCKED", "NOMEM", "PERM", "READONLY")
"""What SQLite calls failures of the system around it: nothing is wrong with the data."""
_ALIEN = ("no such", "table ", "malformed", "user-defined function", "Could not decode")
"""How SQLite begins to say that the data are not what was written here, where its code does not tell."""
_MISUSE = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.NotSupportedError)


class DamagedError(FileError):
    """state.db is damaged."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Raise FileError for what SQLite refuses inside; DamagedError where the data are at fault.

    A damaged database is marked as such: the next command sets it aside.
    """
    try:
        yield
    except _MISUSE:
        raise
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ) as exc:  # texts are not checked as they are read
        place = Place(str(path))
        name = getattr(exc, "sqlite_errorname", "").removeprefix("SQLITE_")
        if name == "ERROR" and not str(exc).startswith(_ALIEN):
            raise
        if name.startswith(_AROUND):
            message = _("The state of the workspace cannot be used: {reason}")
            busy = name.startswith(("BUSY", "LOCKED"))
            hint = _("Another program has it open: wait until it is done.") if busy else ""
            reason = in_words(str(exc))
            raise FileError(message.format(reason=reason), place=place, hint=hint) from exc
        _write(path, _DAMAGED)
        message = _("The state of the workspace is damaged.")
        hint = _("Run the same command again: it sets the damaged state aside and makes it anew.")
        raise DamagedError(message, place=place, hint=hint) from exc


def reraise(exc: BaseException | None, path: Path) -> None:
    """Raise what `told` makes of an exception of SQLite's; do nothing about any other."""
    if isinstance(exc, sqlite3.DatabaseError):
        with told(path):
            raise exc


def is_as_closed(path: Path) -> bool:
    """Return whether the database is just as it was when it was closed last."""
    return _read(path) == _stamp(path)


def was_there(path: Path) -> bool:
    """Return whether there has been a database at `path` before."""
    return _seen_file(path).exists()


def note_as_closed(path: Path) -> None:
    """Write down how the database stands now, unless that is known."""
    if not is_as_closed(path):
        _write(path, _stamp(path))


def require_sound(
    db: sqlite3.Connection, path: Path, schema: str, digest_of: Callable[[str], str]
) -> None:
    """Look through the database; raise sqlite3.DatabaseError if anything in it is damaged."""
    if _read(path) == _DAMAGED:
        raise sqlite3.DatabaseError(_DAMAGED)
    _teach(db, digest_of)
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    with contextlib.closing(sqlite3.connect(":memory:")) as right:
        right.executescript(schema)
        missing = {*_columns(right)} - {*_columns(db)}
    if missing:
        raise sqlite3.DatabaseError(f"missing: {missing}")
    for table, suspect in _SUSPECT.items():
        if db.execute(f"SELECT 1 FROM {table} WHERE {suspect}").fetchone():  # noqa: S608
            raise sqlite3.DatabaseError(table)


def put_aside(path: Path) -> Path:
    """Give the database another name, its journal likewise, and return that."""
    aside = path.with_name(f"{path.name}.damaged")
    for number in count(2):
        if not aside.exists():
            break
        aside = path.with_name(f"{path.name}.damaged-{number}")
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():  # or SQLite would play it back into the new database
        journal.replace(aside.with_name(f"{aside.name}-journal"))
    path.replace(aside)
    _seen_file(path).unlink(missing_ok=True)
    return aside


def save_history(aside: Path, db: sqlite3.Connection, digest_of: Callable[[str], str]) -> None:
    """Copy what can be read of the log and the journal out of a damaged database.

    And which library it was synced with: the one thing that neither files nor Zotero tell.
    """
    uri = f"{aside.absolute().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as old:
        _teach(old, digest_of)
        there = set(_readable(old, _COLUMNS))
        known = [column for column in _columns(db) if column in there]
        for table, chosen in (("meta", "name = 'library'"), ("runs", "id > 0"), ("journal", "1")):
            names = ", ".join(name for of, name in known if of == table)
            if not names:
                continue
            sql = f"SELECT {names} FROM {table} WHERE {chosen} AND NOT ({_SUSPECT[table]})"  # noqa: S608
            marks = ", ".join("?" * (names.count(",") + 1))
            for order in ("", " DESC"):  # from both ends, up to what is damaged
                db.executemany(
                    f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                    _readable(old, f"{sql} ORDER BY 1{order}"),
                )


def _readable(db: sqlite3.Connection, sql: str) -> Iterator[Any]:
    with contextlib.suppress(sqlite3.DatabaseError):
        yield from db.execute(sql)


def _teach(db: sqlite3.Connection, digest_of: Callable[[str], str]) -> None:
    functions: dict[str, Callable[..., str | bool]] = {
        "digest_of": digest_of,
        "is_json": _is_json,
        "is_moment": _is_moment,
        "is_whole": lambda *values: all(isinstance(v, int) for v in values),
    }
    for name, function in functions.items():
        db.create_function(name, -1, function, deterministic=True)


def _is_json(*texts: str | None) -> bool:
    try:
        return all(text is None or isinstance(json.loads(text), dict | list) for text in texts)
    except (TypeError, ValueError):
        return False


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def _columns(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return (table, column) of all there are, in their order."""
    return [(table, column) for table, column in db.execute(_COLUMNS)]


def _seen_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.seen")


def _stamp(path: Path) -> str:
    try:
        info = path.stat()
    except OSError:
        return ""
    return f"{info.st_size} {info.st_mtime_ns}"


def _read(path: Path) -> str:
    try:
        return _seen_file(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return "?"


def _write(path: Path, text: str) -> None:
    with contextlib.suppress(OSError):  # a folder that cannot be written: the next one looks again
        _seen_file(path).write_text(text, encoding="utf-8")
