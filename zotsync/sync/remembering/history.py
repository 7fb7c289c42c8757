"""What runs did, object by object and field by field, as people read it in the log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.model import Fields
from zotsync.sync.remembering.entries import BESIDE, CONFLICT, EDITED, Entry
from zotsync.sync.trees import Kind
from zotsync.sync.undoing.undo_effects import BY_WORD, Presence, presence_of


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a run wrote: on one side, or on both."""

    field: str
    sides: frozenset[str]
    """FILE, ZOTERO, or both."""
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict that a run showed."""

    field: str
    here: Any
    zotero: Any


@dataclass(frozen=True, slots=True)
class Deed:
    """What a run did to one object."""

    kind: Kind
    key: str
    file: str = ""
    fields: Mapping[str, Any] | None = None
    """Some of its fields, as the journal tells: they may have its title."""
    sides: frozenset[str] = frozenset()
    """Where it was written."""
    what: tuple[str, ...] = ()
    """Decisions by which it came or went as a whole; "brought back", "put into the trash" by word."""
    changes: tuple[FieldChange, ...] = ()
    clashes: tuple[Clash, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value, of conflicts that were settled for what was here."""


def deeds(entries: Iterable[Entry]) -> tuple[Deed, ...]:
    """Return what a run did. `entries`: in the order they were written."""
    of_one: dict[tuple[Kind, str], list[Entry]] = {}
    for entry in entries:
        if entry.key and (entry.decision not in BESIDE or entry.decision == CONFLICT):
            of_one.setdefault((entry.kind, entry.key), []).append(entry)
    told = (_deed(kind, key, written) for (kind, key), written in of_one.items())
    return tuple(d for d in told if d.what or d.changes or d.clashes or d.kept)


def _deed(kind: Kind, key: str, entries: list[Entry]) -> Deed:
    written = [e for e in entries if e.decision != CONFLICT]
    fields: dict[str, Any] = {}
    for entry in entries:
        known = {**(entry.before or {}), **(entry.after or {})}
        fields |= {n: v for n, v in known.items() if v is not None}
    return Deed(
        kind,
        key,
        next((e.file for e in reversed(entries) if e.file), ""),
        fields,
        frozenset(e.side for e in written),
        tuple(dict.fromkeys(_what(e) for e in written if presence_of(e) or _is_kept(e))),
        tuple(_changes(e for e in written if not presence_of(e) or e.decision == _RESTORED)),
        tuple(c for e in entries if e.decision == CONFLICT for c in _clashes(e)),
        {n: v for e in written if e.decision == "resolve" for n, v in _kept(e)},
    )


def arrivals(entries: Iterable[Entry]) -> Mapping[str, bool]:
    """Return key -> whether it was not there before, of every item that runs wrote.

    `entries`: in the order they were written, of one run or of several.
    """
    found: dict[str, bool] = {}
    for entry in entries:
        if entry.kind is Kind.ITEM and entry.decision not in BESIDE:
            found.setdefault(entry.key, presence_of(entry) is Presence.MADE)
    return found


def _is_kept(entry: Entry) -> bool:
    return entry.decision.endswith(EDITED)


_RESTORED = "restore in Zotero"
"""Comes back, and may bring edits with it."""


def _what(entry: Entry) -> str:
    if entry.decision not in BY_WORD:
        return entry.decision
    return "brought back" if presence_of(entry) is Presence.MADE else "put into the trash"


def _changes(entries: Iterable[Entry]) -> list[FieldChange]:
    """Return the fields that entries wrote; the same change on both sides is one."""
    found: list[FieldChange] = []
    for entry in entries:
        before: Fields = entry.before or {}
        for name, after in (entry.after or {}).items():
            new = FieldChange(name, frozenset({entry.side}), before.get(name), after)
            twin = next((c for c in found if _same(c, new)), None)
            if twin is None:
                found.append(new)
            else:
                both = FieldChange(name, twin.sides | new.sides, new.before, after)
                found[found.index(twin)] = both
    return [c for c in found if c.before != c.after]


def _same(one: FieldChange, other: FieldChange) -> bool:
    return (one.field, one.before, one.after) == (other.field, other.before, other.after)


def _kept(entry: Entry) -> Iterable[tuple[str, Any]]:
    before, after = entry.before or {}, entry.after or {}
    return ((name, value) for name, value in before.items() if after.get(name) == value)


def _clashes(entry: Entry) -> Iterable[Clash]:
    there: Fields = entry.after or {}
    return (Clash(name, here, there.get(name)) for name, here in (entry.before or {}).items())
