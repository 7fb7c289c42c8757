"""The plan of an undo: what a run did, and how things stand now, in; what is to be edited back, out.

Per field: where files and Zotero both still hold what the run left, the old value comes back. What
was made goes to the trash, what was trashed comes back. All else is left, each with its reason
(SYNC §11). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from zotsync.model import Fields
from zotsync.sync.deciding.steps import local_view, title_of
from zotsync.sync.merging.fields import PLACE
from zotsync.sync.trees import Base, BaseObject, Kind, LocalObject, MirrorObject, Remote, Trees
from zotsync.sync.undoing.undo import Left, Present, UndoPlan, UndoStep, What, Why
from zotsync.sync.undoing.undo_effects import MEMBERS, Change, Effect, Presence
from zotsync.sync.undoing.undo_inside import with_followers, without_used


def plan_undo(run: int, effects: Iterable[Effect], present: Present, *, theirs: bool) -> UndoPlan:
    """Return what takes a run back.

    Args:
        run: its number.
        effects: what it did.
        present: how things stand now, for all objects it touched.
        theirs: whether what came from a colleague is taken back too.

    """
    effects = with_followers(tuple(effects), present)
    present = _with_shelves_back(effects, present, theirs=theirs)
    came = {e.key for e in effects if e.presence is Presence.MADE}
    went = {e.key for e in effects if e.presence is Presence.REMOVED}
    veiled = {*went, *(e.key for e in effects if e.key in came and not e.new)}
    planned = [_Planning(effect, present, theirs, came, went, veiled) for effect in effects]
    parts = [part for planning in planned for part in planning.parts()]
    steps = [p for p in parts if isinstance(p, UndoStep)]
    left = [p for p in parts if isinstance(p, Left)]
    steps, kept = without_used(steps, present, {e.key: e for e in effects})
    return UndoPlan(run, tuple(_in_order(steps)), (*left, *kept))


def _with_shelves_back(effects: tuple[Effect, ...], present: Present, *, theirs: bool) -> Present:
    """Return `present` in which the collections that come back are there again."""
    back = {
        e.key
        for e in effects
        if e.kind is Kind.COLLECTION and e.presence is Presence.REMOVED and (e.ours or theirs)
    }
    shelves = present.shelves
    shelves = replace(shelves, hidden=shelves.hidden - back, alive=shelves.alive | back)
    return replace(present, shelves=shelves)


@dataclass(frozen=True)
class _Planning:
    """One object under consideration."""

    effect: Effect
    present: Present
    theirs: bool
    came: AbstractSet[str]
    went: AbstractSet[str]
    """What the run made, and removed: files follow in what they show of it."""
    veiled: AbstractSet[str]
    """Of that, what was there before and after, in the trash or not."""

    @property
    def _trees(self) -> Trees:
        return self.present.trees[self.effect.kind]

    @property
    def local(self) -> LocalObject | None:
        return self._trees.local.get(self.effect.key)

    @property
    def mirror(self) -> MirrorObject | None:
        return self._trees.mirror.get(self.effect.key)

    @property
    def base(self) -> BaseObject:
        key = self.effect.key
        return self._trees.base.get(key) or BaseObject(key, Base.NONE, {})

    @property
    def there(self) -> Fields:
        return self.mirror.fields if self.mirror else {}

    @property
    def here(self) -> Fields:
        """Return the file's fields, with the memberships that files do not show."""
        if self.local is None:
            return {}
        if self.effect.kind is Kind.COLLECTION:
            return self.local.fields
        return local_view(self.local, self.base, self.there, self.present.shelves.hidden)

    @property
    def title(self) -> str:
        known = self.local.fields if self.local else self.there or self.effect.content or {}
        return title_of(known)

    @property
    def alive(self) -> bool:
        """Return whether both sides have it."""
        return (
            self.local is not None and self.mirror is not None and self.mirror.status is Remote.LIVE
        )

    def parts(self) -> Iterator[UndoStep | Left]:
        """Yield what is done, and what is left."""
        if self.effect.presence is None:
            yield from self._edit()
        elif not (self.effect.ours or self.theirs):
            yield self._left(Why.THEIRS)
        elif self.effect.presence is Presence.MADE:
            yield from self._remove()
        else:
            yield from self._bring_back()

    def _step(self, what: What, **parts: Any) -> UndoStep:
        file = self.local.file if self.local else self.effect.file
        return UndoStep(what, self.effect.kind, self.effect.key, self.title, file, **parts)

    def _left(self, why: Why, names: Iterable[str] = ()) -> Left:
        fields = tuple(sorted(names))
        kind, key = self.effect.kind, self.effect.key
        since = self.present.since
        runs = [
            n for (k, of, name), n in since.items() if (k, of) == (kind, key) and name in fields
        ]
        if not fields:
            runs = [n for (k, of, _name), n in since.items() if (k, of) == (kind, key)]
        by = self.mirror.changed_by if self.mirror else ""
        return Left(why, kind, key, self.title, fields, max(runs, default=0) or None, by)

    # Come and gone

    def _remove(self) -> Iterator[UndoStep | Left]:
        if self.local is None and (self.mirror is None or self.mirror.status is not Remote.LIVE):
            return  # it is gone already
        edited = [n for (k, key, n) in self.present.since if (k, key) == self._name]
        if not self.alive:
            yield self._left(Why.GONE)
        elif edited:
            yield self._left(self._changed(edited))
        elif self.local and (self.local.held or self.base.shown):
            yield self._left(Why.WAITS)
        elif self.here != self.there or self.there != self.base.fields:
            yield self._left(Why.CHANGED_HERE if self.here != self.base.fields else Why.CHANGED)
        else:
            yield self._step(What.REMOVE, before=self.there)

    @property
    def _name(self) -> tuple[Kind, str]:
        return self.effect.kind, self.effect.key

    def _bring_back(self) -> Iterator[UndoStep | Left]:
        content = self.effect.content
        if self.local is not None or (self.mirror and self.mirror.status is Remote.LIVE):
            return  # somebody has brought it back
        erased = self.mirror is None or self.mirror.status is not Remote.TRASHED
        if erased and self.effect.ours:  # the run had put it in Zotero's trash
            yield self._left(Why.GONE)
        elif not content:
            yield self._left(Why.UNKNOWN)
        else:
            effect = self.effect
            fields = self._shown(content)
            yield self._step(
                What.BRING_BACK, fields=fields, text=effect.text, mentions=effect.mentions
            )

    def _shown(self, fields: Fields) -> dict[str, Any]:
        """Return fields with the memberships that a file may show."""
        rest = {n: v for n, v in fields.items() if n != MEMBERS and v is not None}
        shelves = self.present.shelves
        members = [
            k for k in fields.get(MEMBERS) or () if k in shelves.alive and k not in shelves.hidden
        ]
        return {**rest, MEMBERS: members} if members else rest

    # Field by field

    def _edit(self) -> Iterator[UndoStep | Left]:
        values: dict[str, Any] = {}
        left: dict[Why, list[str]] = {}
        for names in _units(self.effect.fields):
            changes = {n: self._change(n) for n in names}
            if all(self._is_back(n, c) or self._follows(n, c) for n, c in changes.items()):
                continue
            why = self._hindered(changes)
            if why is None:
                values |= {n: self._target(c) for n, c in changes.items()}
            else:
                left.setdefault(why, []).extend(names)
        if gone := self._dead(values):
            left.setdefault(Why.NO_SHELF, []).append(MEMBERS)
            values[MEMBERS] = [k for k in values[MEMBERS] if k not in gone] or None
        values = {n: v for n, v in values.items() if v != self.here.get(n)}
        if values:
            before = {n: self.here.get(n) for n in values}
            yield self._step(What.EDIT, fields=values, before=before)
        for why, names in left.items():
            yield self._left(why, names)

    def _change(self, name: str) -> Change:
        """Return what became of a field, memberships as far as files show them, or none of them do.

        Those that are hidden now, in a trashed collection, count as they stand; and so do those that
        Zotero has in a collection that the run hid or showed again.
        """
        change = self.effect.fields[name]
        if name != MEMBERS:
            return change
        hidden = self.present.shelves.hidden
        kept = {k for k in self.there.get(MEMBERS, ()) if k in hidden | self._veiled(change)}

        def now(members: Any) -> Any:
            return sorted({k for k in members or () if k not in hidden} | kept) or None

        return Change(
            now(change.before), now(change.after), change.ours, at_first=now(change.at_first)
        )

    def _veiled(self, change: Change) -> AbstractSet[str]:
        """Return the collections whose members this one seems to come to or leave, and does not."""
        before, after = set(change.before or ()), set(change.after or ())
        return (self.veiled & self.went) - (after - before) | (self.veiled & self.came) - (
            before - after
        )

    def _target(self, change: Change) -> Any:
        return change.at_first if self.theirs else change.before

    def _is_back(self, name: str, change: Change) -> bool:
        target = self._target(change)
        return bool(self.here.get(name) == target == self.there.get(name)) and self.alive

    def _follows(self, name: str, change: Change) -> bool:
        """Return whether a file only shows what became of collections, and will so again."""
        if name != MEMBERS or change.ours:
            return False
        change = self.effect.fields[name]
        before, after = set(change.before or ()), set(change.after or ())
        goes_back = not self.theirs or after >= before
        return goes_back and after - before <= self.came and before - after <= self.went

    def _hindered(self, changes: Mapping[str, Change]) -> Why | None:
        """Return why fields that stand or fall together are not undone."""
        if not any(c.ours for c in changes.values()) and not self.theirs:
            return Why.THEIRS
        if self.local is None or not self.alive:
            return Why.GONE
        if changes.keys() & {*self.local.held, *self.base.shown}:
            return Why.WAITS
        if others := [n for n, c in changes.items() if self.there.get(n) != c.after]:
            return self._changed(others)
        if any(self.here.get(n) != c.after for n, c in changes.items()):
            return Why.CHANGED_HERE
        return None

    def _changed(self, names: Iterable[str]) -> Why:
        """Return where fields were changed since."""
        sent = any((*self._name, name) in self.present.unsent for name in names)
        return Why.CHANGED_HERE if sent else Why.CHANGED

    def _dead(self, values: Mapping[str, Any]) -> set[str]:
        """Return the collections that an item cannot go back into."""
        if self.effect.kind is Kind.COLLECTION:
            return set()
        return set(values.get(MEMBERS) or ()) - self.present.shelves.alive


def _units(fields: Mapping[str, Change]) -> list[list[str]]:
    """Return the names that are undone together or not at all (SYNC §6)."""
    if "itemType" in fields:
        return [sorted(fields)]
    place = sorted(PLACE & fields.keys()) if "parentItem" in fields else []
    return [*([n] for n in sorted(fields) if n not in place), *([place] if place else [])]


def _in_order(steps: list[UndoStep]) -> list[UndoStep]:
    """Return the steps, collections first, notes last."""
    return sorted(steps, key=lambda s: (s.kind is Kind.ITEM, "parentItem" in s.fields, s.key))
