"""What a decision means for one item: the step it becomes. Pure.

One function per decision. What collections mean for items (hidden, made again, dead) is settled here
for every set of memberships that goes anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from zotsync.model import Fields, Schema
from zotsync.sync.merging.fields import Update, update, with_unknown
from zotsync.sync.trees import (
    EXISTENCE,
    Base,
    BaseObject,
    Conflict,
    Decision,
    Kind,
    LocalObject,
    MirrorObject,
    Remote,
    Step,
)


@dataclass(frozen=True)
class Shelves:
    """What the plan for collections means for items."""

    hidden: frozenset[str] = frozenset()
    """Trashed, with all below, and what is gone: not in files, kept in Zotero (SYNC §5)."""
    remade: frozenset[str] = frozenset()
    """Made again in this run: memberships here are sent again."""
    alive: frozenset[str] = frozenset()
    """What may be sent: a dead collection key fails the whole item."""


@dataclass(frozen=True)
class Context:
    """What a plan needs beside the trees."""

    schema: Schema
    shelves: Shelves = Shelves()
    may_delete: bool = True
    """False while a file cannot be read or tied to a key: no item is deleted at all."""
    lost_attachments: Callable[[str], tuple[str, ...]] = lambda _key: ()
    """Names of the attachments that were erased with an item."""


def local_view(
    local: LocalObject, base: BaseObject, remote: Fields, hidden: frozenset[str]
) -> Fields:
    """Return the file's fields with the memberships that files do not show (SYNC §5)."""
    shown = set(local.fields.get("collections", ())) - hidden
    kept = set((base.fields if base.status is not Base.NONE else remote).get("collections", ()))
    members = sorted(shown | (kept & {*hidden, *base.unseen}))
    rest = {n: v for n, v in local.fields.items() if n != "collections"}
    return {**rest, "collections": members} if members else rest


@dataclass(frozen=True)
class Case:
    """One object with its decision, as the functions that fill a step take it."""

    key: str
    decision: Decision
    local: LocalObject | None
    mirror: MirrorObject | None
    base: BaseObject
    context: Context

    @property
    def remote(self) -> Fields:
        """Return what Zotero has."""
        return self.mirror.fields if self.mirror else {}

    def step(self, **parts: Any) -> Step:
        """Return a step named after what people know the object by."""
        fields = self.local.fields if self.local else self.remote or self.base.fields
        return Step(
            Kind.ITEM,
            self.key,
            self.decision,
            title_of(fields),
            self.local.file if self.local else "",
            **parts,
        )


def title_of(fields: Fields) -> str:
    """Return what people know an object by: its title, the start of a note, or its name."""
    for name in ("title", "caseName", "nameOfAct", "subject", "name"):
        if name in fields:
            return str(fields[name])
    return " ".join(str(fields.get("note", "")).replace("<", " <").split())[:80]


def _quiet(case: Case) -> Step:
    return case.step()


def _update(case: Case) -> Step:
    """Both sides have it (or had it, and the file stands): field by field."""
    assert case.local is not None  # noqa: S101 - the table's row says so
    hidden = case.context.shelves.hidden
    view = local_view(case.local, case.base, case.remote, hidden)
    base = without_memberships(case.base, case.context.shelves.remade)
    done = update(base, replace(case.local, fields=view), case.remote, case.context.schema)
    to_file, to_zotero = _memberships(case, view, done)
    conflicts = _conflicts(case, done)
    return case.step(
        to_file=to_file,
        to_zotero=to_zotero,
        agreed=done.agreed,
        conflicts=conflicts,
        merged=done.merged,
        inside=tuple(done.inside),
        held=tuple(done.held),
        mark=_needs_marking(case, conflicts),
        revived=case.base.status is Base.TRASHED,
        unseen=_unseen(case, view, done),
    )


def without_memberships(base: BaseObject, gone: AbstractSet[str]) -> BaseObject:
    """Return a base in which nobody had agreed on memberships in the collections `gone`."""
    members = base.fields.get("collections", ())
    if gone.isdisjoint(members):
        return base
    kept = [k for k in members if k not in gone]
    fields = {n: v for n, v in base.fields.items() if n != "collections"}
    return replace(base, fields={**fields, "collections": kept} if kept else fields)


def _memberships(case: Case, view: Fields, done: Update) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what goes to the file and to Zotero, each with the collections it may hold."""
    assert case.local is not None  # noqa: S101
    shelves = case.context.shelves
    to_file, to_zotero = dict(done.to_file), dict(done.to_zotero)
    result = done.to_file.get("collections", view.get("collections")) or []
    in_file = [k for k in result if k not in shelves.hidden]
    to_file.pop("collections", None)
    if in_file != list(case.local.fields.get("collections", ())) and "collections" not in done.held:
        to_file["collections"] = in_file or None
    if "collections" in done.to_file and "collections" not in done.merged:
        done.agreed["collections"] = done.to_file["collections"]
    if "collections" in to_zotero:
        sent = [k for k in to_zotero.pop("collections") or [] if k in shelves.alive]
        if sent != list(case.remote.get("collections", ())):
            to_zotero["collections"] = sent or None
    return to_file, to_zotero


def _unseen(case: Case, view: Fields, done: Update) -> tuple[str, ...] | None:
    """Return the memberships that the file will not show, where that is news to the base."""
    result = done.to_file.get("collections", view.get("collections")) or []
    unseen = tuple(k for k in result if k in case.context.shelves.hidden)
    # A note's place waits as one unit with its parent: nothing is news while it does.
    waits = "collections" in done.held or "parentItem" in done.conflicts
    return None if unseen == case.base.unseen or waits else unseen


def _conflicts(case: Case, done: Update) -> tuple[Conflict, ...]:
    return tuple(_conflict(case, name, *values) for name, values in done.conflicts.items())


def _conflict(case: Case, name: str, base: Any, here: Any, there: Any) -> Conflict:
    who = case.mirror.changed_by if case.mirror else ""
    step = case.step()
    was, mine, theirs = ("" if v is None else v for v in (base, here, there))
    return Conflict(Kind.ITEM, case.key, name, was, mine, theirs, step.file, step.title, who)


def _needs_marking(case: Case, conflicts: Iterable[Conflict]) -> bool:
    """Return whether the file's conflict tables differ from the conflicts that are open."""
    assert case.local is not None  # noqa: S101
    tables = {c.field: c.zotero for c in conflicts}
    told = {name: case.base.shown.get(name) for name in tables}
    return set(tables) != set(case.local.open_conflicts) or tables != told


def _restore_in_zotero(case: Case) -> Step:
    if case.local is None:  # the parent of an edited note: its file follows in the next round
        return case.step()
    return _update(case)


def _create(case: Case) -> Step:
    """Send the whole item with version 0; without a file (a note's parent), what was last known."""
    fields = _whole(case)
    held = set(case.local.held) if case.local else set()
    members = [k for k in fields.pop("collections", ()) if k in case.context.shelves.alive]
    if members and "collections" not in held:
        fields["collections"] = members
    sent = {n: v for n, v in fields.items() if n not in held}
    if "itemType" not in sent or "parentItem" in held:
        return replace(case.step(held=tuple(sorted(held or sent))), decision=Decision.NOTHING)
    mark = bool(case.local and case.local.open_conflicts)
    unseen = tuple(k for k in members if k in case.context.shelves.hidden)
    news = None if unseen == case.base.unseen else unseen
    return case.step(to_zotero=sent, held=tuple(sorted(held)), mark=mark, unseen=news)


def _whole(case: Case) -> dict[str, Any]:
    """Return the item as it is made again: with what files do not show or leave out."""
    if case.local is None:
        return dict(case.remote or case.base.fields)
    view = local_view(case.local, case.base, case.remote, case.context.shelves.hidden)
    return with_unknown(view, case.base.fields, case.remote, case.context.schema)


def _new_file(case: Case) -> Step:
    fields: Fields = case.remote  # shared with the mirror: a first pull has thousands
    hidden = case.context.shelves.hidden
    all_of_them = fields.get("collections", ())
    if unseen := tuple(k for k in all_of_them if k in hidden):
        rest = {n: v for n, v in fields.items() if n != "collections"}
        members = [k for k in all_of_them if k not in hidden]
        fields = {**rest, "collections": members} if members else rest
    return case.step(to_file=fields, agreed=case.remote, unseen=unseen)


def _ask(case: Case) -> Step:
    status = case.mirror.status.value if case.mirror else Remote.ERASED.value
    conflict = _conflict(case, EXISTENCE, None, None, status)
    return case.step(conflicts=(conflict,), mark=_needs_marking(case, [conflict]))


FILL: Mapping[Decision, Callable[[Case], Step]] = {
    Decision.NOTHING: _quiet,
    Decision.UPDATE: _update,
    Decision.CREATE: _create,
    Decision.RECREATE: _create,
    Decision.NEW_FILE: _new_file,
    Decision.RESTORE_FILE: _new_file,
    Decision.RESTORE_IN_ZOTERO: _restore_in_zotero,
    Decision.TRASH_IN_ZOTERO: _quiet,
    Decision.TRASH_FILE: _quiet,
    Decision.AGREE_TRASHED: _quiet,
    Decision.REMEMBER: _quiet,
    Decision.FORGET: _quiet,
    Decision.ASK: _ask,
}
"""Decision -> what fills its step."""
