"""The journal: every run, and what it overwrote or removed on either side, before it did.

Entries hold what was there before (fields, and for a file its whole text) and what took its place,
so that nothing that zotsync touched is ever lost. Kept for at least 90 days or 1 GB.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from zotsync.sync.remembering.entries import BESIDE, CONFLICT, FILE, Entry
from zotsync.sync.remembering.state import State, canonical
from zotsync.sync.trees import Kind

_BESIDE = ", ".join(f"'{decision}'" for decision in sorted(BESIDE))
_ENTRIES = "SELECT run, kind, key, side, decision, file, before, after, text, mentions FROM journal"
_KEEP_DAYS = 90
_KEEP_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One sync (or another command that wrote something)."""

    id: int
    started: datetime
    command: str
    finished: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    """pushed, pulled, merged, conflicts, trashed; and undoes, the run that this one took back."""

    @property
    def undoes(self) -> int | None:
        """Return the run that this one took back."""
        return self.counts.get("undoes")

    @property
    def pushed(self) -> int:
        """Return how many objects were written in Zotero."""
        return self.counts.get("pushed", 0)

    @property
    def pulled(self) -> int:
        """Return how many files were written."""
        return self.counts.get("pulled", 0)

    @property
    def trashed(self) -> int:
        """Return how many objects went to a trash, on either side."""
        return self.counts.get("trashed", 0)


class Journal:
    """The journal of a workspace. Writes belong into a transaction of the caller's."""

    def __init__(self, state: State) -> None:
        self._state = state

    def start(self, command: str, now: datetime, *, undoes: int | None = None) -> int:
        """Begin a run; return its number."""
        told = {"undoes": undoes} if undoes else {}
        done = self._state.db.execute(
            "INSERT INTO runs (started, command, counts) VALUES (?, ?, ?)",
            [now.isoformat(), command, canonical(told)],
        )
        return int(done.lastrowid or 0)

    def finish(self, run: int, counts: Mapping[str, int], now: datetime) -> None:
        """End a run."""
        begun = self.run(run)
        told = {**(begun.counts if begun else {}), **counts}
        self._state.db.execute(
            "UPDATE runs SET finished = ?, counts = ? WHERE id = ?",
            [now.isoformat(), canonical(told), run],
        )

    def runs(self, limit: int) -> list[Run]:
        """Return the last runs, newest first."""
        return self._runs("ORDER BY id DESC LIMIT ?", limit)

    def run(self, number: int) -> Run | None:
        """Return a run; None where there never was one of that number."""
        return next(iter(self._runs("WHERE id = ?", number)), None)

    def last_writer(self) -> Run | None:
        """Return the last run that wrote an item or a collection, on either side."""
        wrote = f"SELECT max(run) FROM journal WHERE decision NOT IN ({_BESIDE})"  # noqa: S608
        return next(iter(self._runs(f"WHERE id = ({wrote})")), None)

    def _runs(self, which: str, *values: int) -> list[Run]:
        rows = self._state.rows(
            f"SELECT id, started, command, finished, counts FROM runs {which}",  # noqa: S608
            values,
        )
        found = list(rows)
        written = self._written([row[0] for row in found])
        return [
            Run(i, datetime.fromisoformat(at), name, done is not None, written[i] | _told(counts))
            for i, at, name, done, counts in found
        ]

    def _written(self, runs: list[int]) -> dict[int, dict[str, int]]:
        """Return how many objects runs wrote on each side: of those that did not come to their end."""
        which = f"run BETWEEN ? AND ? AND decision NOT IN ({_BESIDE})"
        sql = f"SELECT run, side, count(DISTINCT kind || key) FROM journal WHERE {which}"  # noqa: S608
        ends = [min(runs, default=0), max(runs, default=0)]
        written: dict[int, dict[str, int]] = {run: {} for run in runs}
        for run, side, count in self._state.rows(f"{sql} GROUP BY run, side", ends):
            written.setdefault(run, {})["pulled" if side == FILE else "pushed"] = count
        return written

    def write(self, run: int, entries: Iterable[Entry]) -> None:
        """Record entries, before what they tell of is done."""
        rows = [_row(run, entry) for entry in entries]
        self._drop_undone(run, rows)
        self._state.many(
            "INSERT INTO journal (run, kind, key, side, file, decision, before, after, text, mentions)"
            # What the paths in the text meant: a restored file means the same collections.
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT mentions FROM files WHERE key = ?))",
            rows,
        )

    def _drop_undone(self, run: int, rows: Iterable[tuple[object, ...]]) -> None:
        """Drop what runs stopped just before this one wrote down and did not do: this one does it."""
        sql = "SELECT ifnull(max(id), 0) FROM runs WHERE finished IS NOT NULL AND id < ?"
        ((last,),) = self._state.rows(sql, [run])
        if last + 1 < run:
            self._state.many(
                "DELETE FROM journal WHERE run > ? AND run < ? AND kind = ? AND key = ?"
                " AND side = ? AND file = ? AND decision = ? AND before IS ? AND after IS ?"
                " AND text IS ?",
                ((last, *row[:-1]) for row in rows),
            )

    def entries(self, *, run: int | None = None, key: str | None = None) -> list[tuple[int, Entry]]:
        """Return (run, entry), newest first, of a run or of an object."""
        which = {"run": run, "key": key}
        asked = {name: value for name, value in which.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in asked) or "1"  # an index serves each
        rows = self._state.rows(f"{_ENTRIES} WHERE {where} ORDER BY id DESC", asked.values())
        return [(row[0], _entry(*row[1:])) for row in rows]

    def withdraw(self, run: int, kind: Kind, key: str, side: str) -> None:
        """Drop the last entry of an object: what it tells of was refused, and did not happen."""
        self._state.db.execute(
            "DELETE FROM journal WHERE id = (SELECT max(id) FROM journal"
            " WHERE run = ? AND kind = ? AND key = ? AND side = ? AND decision != ?)",
            [run, kind.value, key, side, CONFLICT],
        )

    def since(self, run: int) -> list[tuple[int, Entry]]:
        """Return (run, entry) of all runs after this one, newest first, without the files' texts."""
        entries = _ENTRIES.replace("text, mentions", "NULL, NULL")
        rows = self._state.rows(f"{entries} WHERE run > ? ORDER BY id DESC", [run])
        return [(row[0], _entry(*row[1:])) for row in rows]

    def wrote(self, run: int) -> bool:
        """Return whether the journal has anything on a run."""
        return any(self._state.rows("SELECT 1 FROM journal WHERE run = ? LIMIT 1", [run]))

    def was_before(self, kind: Kind, key: str, name: str, value: Any) -> bool:
        """Return whether `value` is what a field had before some run wrote over it."""
        return any(
            entry.before is not None and name in entry.before and entry.before[name] == value
            for _run, entry in self.entries(key=key)
            if entry.kind is kind
        )

    def prune(self, now: datetime) -> None:
        """Drop entries older than 90 days, oldest first, where the journal is over 1 GB."""
        size = next(
            self._state.rows(
                "SELECT (page_count - freelist_count) * page_size"
                " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
            )
        )
        if int(size[0]) <= _KEEP_BYTES:
            return
        old = (now - timedelta(days=_KEEP_DAYS)).isoformat()
        self._state.db.execute(
            "DELETE FROM journal WHERE run IN (SELECT id FROM runs WHERE started < ?)", [old]
        )


def _entry(  # noqa: PLR0913, PLR0917 - a row
    kind: str,
    key: str,
    side: str,
    decision: str,
    file: str,
    before: str | None,
    after: str | None,
    text: str | None,
    mentions: str | None,
) -> Entry:
    meant = _value(mentions) or {}
    return Entry(Kind(kind), key, side, decision, file, _value(before), _value(after), text, meant)


def _row(run: int, entry: Entry) -> tuple[object, ...]:
    before, after = _text(entry.before), _text(entry.after)
    what = (entry.kind.value, entry.key, entry.side, entry.file, entry.decision)
    return (run, *what, before, after, entry.text, entry.key)


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def _told(counts: str) -> dict[str, int]:
    return {name: count for name, count in json.loads(counts).items() if count}


def _text(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else canonical(dict(value))


def _value(text: str | None) -> dict[str, Any] | None:
    return None if text is None else dict(json.loads(text))
