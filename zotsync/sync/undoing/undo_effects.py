"""What a run did to each object, all told: from its journal entries. Pure.

*Ours* is what the run brought to Zotero, or did to files on somebody's word (`undo`, `resolve`,
`restore`); what it only took over from Zotero is *theirs*: a colleague had done it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from zotsync.model import Fields
from zotsync.sync.deciding.relations import dropped
from zotsync.sync.merging.merge import Way, merge_field
from zotsync.sync.merging.mutual import NAME as RELATIONS
from zotsync.sync.remembering.entries import BESIDE, FILE, IMPORT, ZOTERO, Entry
from zotsync.sync.trees import Decision, Kind

BY_WORD = frozenset({"undo", "resolve", "restore", IMPORT})
"""What stands for a decision where a person asked for it."""
_COMES = {
    FILE: {Decision.NEW_FILE.value, Decision.RESTORE_FILE.value},
    ZOTERO: {d.value for d in (Decision.CREATE, Decision.RECREATE, Decision.RESTORE_IN_ZOTERO)},
}
"""Side -> decisions by which something comes there that was not there before."""
_NEW = {d.value for d in (Decision.CREATE, Decision.RECREATE, Decision.NEW_FILE)}
MEMBERS = "collections"
_PLACES = frozenset({MEMBERS, "parentItem", "parentCollection"})
_GOES = frozenset(d.value for d in (Decision.TRASH_IN_ZOTERO, Decision.TRASH_FILE))


class Presence(Enum):
    """What became of an object as a whole."""

    MADE = "made"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What a run did to one field. None: empty."""

    before: Any
    """Before the part of it that is ours; where nothing is, before all of it."""
    after: Any
    ours: bool
    at_first: Any = None
    """Before all of it, a colleague's part included."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a run did to one object, all told."""

    kind: Kind
    key: str
    presence: Presence | None = None
    ours: bool = True
    """Whose doing the presence is; fields each have their own."""
    new: bool = False
    """It was not there before in any way, not in a trash either."""
    fields: Mapping[str, Change] = field(default_factory=dict)
    content: Fields | None = None
    """All its fields before it was removed, as far as they are known."""
    file: str = ""
    text: str | None = None
    """The file's text before it was removed."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """What the collection paths in that text meant."""


def presence_of(entry: Entry) -> Presence | None:
    """Return whether an entry tells of an object coming or going; None: of its fields."""
    if entry.decision in BY_WORD:
        if entry.after is None and entry.before is not None:
            return Presence.REMOVED
        made = entry.before is None and entry.after is not None and entry.decision != "resolve"
        return Presence.MADE if made else None
    if entry.decision in _COMES[entry.side]:
        return Presence.MADE
    return Presence.REMOVED if entry.decision in _GOES else None


def is_ours(entry: Entry) -> bool:
    """Return whether what an entry tells of began here."""
    return entry.side == ZOTERO or entry.decision in BY_WORD


def effects(entries: Iterable[Entry]) -> tuple[Effect, ...]:
    """Return what a run did, object by object. `entries`: in the order they were written."""
    of_one: dict[tuple[Kind, str], list[Entry]] = {}
    for entry in entries:
        if entry.decision not in BESIDE and entry.key:
            of_one.setdefault((entry.kind, entry.key), []).append(entry)
    found = [_effect(kind, key, written) for (kind, key), written in of_one.items()]
    related = {e.key for e in found if RELATIONS in e.fields and e.fields[RELATIONS].ours}
    found = [_without_far_ends(effect, related) for effect in found]
    return tuple(e for e in found if e.presence or e.fields)


def _without_far_ends(effect: Effect, ours: set[str]) -> Effect:
    change = effect.fields.get(RELATIONS)
    if change is None or not _follows(change, ours):
        return effect
    return replace(effect, fields={n: c for n, c in effect.fields.items() if n != RELATIONS})


def _effect(kind: Kind, key: str, entries: list[Entry]) -> Effect:
    changes = [e for e in entries if presence_of(e)]
    if not changes:
        return Effect(kind, key, fields=_fields(entries), file=entries[-1].file)
    first, last = presence_of(changes[0]), presence_of(changes[-1])
    if first is not last:  # it came and went in one run, or the other way round
        return Effect(kind, key)
    ours = any(map(is_ours, changes))
    if last is Presence.MADE:
        new = any(e.decision in _NEW or e.decision == IMPORT for e in changes)
        return Effect(kind, key, last, ours, new, file=changes[-1].file)
    texts = [e for e in changes if e.text]
    told = texts[0] if texts else changes[0]
    content = next((e.before for e in changes if e.side == ZOTERO), changes[0].before)
    return Effect(
        kind,
        key,
        last,
        ours,
        content=content,
        file=told.file,
        text=told.text,
        mentions=told.mentions,
    )


def _fields(entries: list[Entry]) -> dict[str, Change]:
    names = dict.fromkeys(n for e in entries for n in {**(e.before or {}), **(e.after or {})})
    changes = {name: _change(name, [e for e in entries if _tells_of(e, name)]) for name in names}
    return {n: c for n, c in changes.items() if c.before != c.after}


def _tells_of(entry: Entry, name: str) -> bool:
    return name in (entry.after or {}) and entry.before is not None


def _change(name: str, entries: list[Entry]) -> Change:
    if not entries:
        return Change(None, None, ours=False)
    after = _after(entries[-1], name)
    ours = [e for e in entries if is_ours(e)]
    if not ours:
        before = _before(entries[0], name)
        return Change(before, after, ours=False, at_first=before)
    before = _before_all([e for e in ours if e.side == ZOTERO] or ours, name)
    # Taken over before ours went: a merge. What came after it is how the server wrote ours down.
    theirs = [e for e in entries[: entries.index(ours[-1])] if not is_ours(e)]
    if not theirs:
        return Change(before, after, ours=True, at_first=before)
    both = merge_field(name, after, before, _before(theirs[0], name))
    at_first = before if both.way is Way.CONFLICT else both.value
    return Change(before, after, ours=True, at_first=at_first)


def _before_all(entries: list[Entry], name: str) -> Any:
    """Return the value before an unbroken row of our own writes."""
    before = _before(entries[-1], name)
    for entry in reversed(entries[:-1]):
        if _after(entry, name) != before:
            break
        before = _before(entry, name)
    return before


def _before(entry: Entry, name: str) -> Any:
    return (entry.before or {}).get(name)


def _after(entry: Entry, name: str) -> Any:
    return (entry.after or {}).get(name)


def edits(entries: Iterable[Entry]) -> dict[tuple[Kind, str], set[str]]:
    """Return the fields that the entries of a run tell of as edited, by object.

    What came and went is no edit, nor what files show of collections that did.
    """
    entries = list(entries)
    moved = {e.key for e in entries if e.kind is Kind.COLLECTION and presence_of(e)}
    found: dict[tuple[Kind, str], set[str]] = {}
    for entry in entries:
        if entry.decision in BESIDE or entry.decision in _GOES or entry.before is None:
            continue
        names = set(entry.after or {})
        if not is_ours(entry) and _shows(entry, moved):
            names -= {MEMBERS}
        if names:
            found.setdefault((entry.kind, entry.key), set()).update(names)
    return found


def _shows(entry: Entry, moved: set[str]) -> bool:
    before, after = (set((part or {}).get(MEMBERS) or ()) for part in (entry.before, entry.after))
    return before ^ after <= moved


def placed(entries: Iterable[Entry]) -> set[str]:
    """Return the keys of what entries put somewhere: made, or with another place than before."""
    return {e.key for e in entries if e.decision in _NEW or not _PLACES.isdisjoint(e.after or ())}


def _follows(change: Change, ours: set[str]) -> bool:
    """Return whether relations changed only because their far ends did, here (SYNC §4)."""
    before, after = ({"relations": value or {}} for value in (change.before, change.after))
    moved = dropped(before, after) | dropped(after, before)
    return not change.ours and bool(moved) and moved <= ours
