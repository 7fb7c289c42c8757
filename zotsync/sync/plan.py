"""The plan for items: a pure function of the three trees.

Collections are planned first (`sync.shelves`); what that means for items comes in as `Shelves`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zotsync.model import Fields, Schema, digest
from zotsync.sync.fields import Update, update, with_unknown
from zotsync.sync.table import decide
from zotsync.sync.trees import (
    EXISTENCE,
    Base,
    BaseObject,
    Conflict,
    Decision,
    Kind,
    Local,
    LocalObject,
    MirrorObject,
    Notice,
    NoticeKind,
    Plan,
    Remote,
    Step,
    Trees,
)

_PUT_OFF = {Decision.TRASH_IN_ZOTERO, Decision.AGREE_TRASHED, Decision.FORGET}
_EDIT_WINS = {Decision.RESTORE_IN_ZOTERO, Decision.RECREATE, Decision.RESTORE_FILE}


@dataclass(frozen=True)
class Shelves:
    """What the plan for collections means for items."""

    hidden: frozenset[str] = frozenset()
    """Trashed, with all below: not in files, kept in Zotero (SYNC §5)."""
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


def plan_items(trees: Trees, context: Context) -> Plan:
    """Return what brings all items of `trees` to agreement, parents before children."""
    wanted = _parents_wanted(trees)
    steps: list[Step] = []
    notices: list[Notice] = []
    for key in sorted(trees.keys(), key=lambda k: (_is_child(trees, k), k)):
        step, said = _plan_item(key, trees, context, wanted=key in wanted)
        notices.extend(said)
        if step.acts or step.conflicts or step.held:
            steps.append(step)
    return Plan(tuple(steps), tuple(notices))


def local_view(
    local: LocalObject, base: BaseObject, remote: Fields, hidden: frozenset[str]
) -> Fields:
    """Return the file's fields with the memberships that files do not show (SYNC §5)."""
    shown = set(local.fields.get("collections", ())) - hidden
    kept = set((base.fields if base.status is not Base.NONE else remote).get("collections", ()))
    members = sorted(shown | (kept & hidden))
    rest = {n: v for n, v in local.fields.items() if n != "collections"}
    return {**rest, "collections": members} if members else rest


def edited_here(local: LocalObject, base: BaseObject, remote: Fields, context: Context) -> bool:
    """Return whether the file holds something that the base does not."""
    view = local_view(local, base, remote, context.shelves.hidden)
    view = with_unknown(view, base.fields, remote, context.schema)
    return bool(local.held) or view != base.fields


def _plan_item(
    key: str, trees: Trees, context: Context, *, wanted: bool
) -> tuple[Step, list[Notice]]:
    local, mirror = trees.local.get(key), trees.mirror.get(key)
    base = trees.base.get(key) or BaseObject(key, Base.NONE, {})
    remote = mirror.fields if mirror else {}
    status = mirror.status if mirror else Remote.ABSENT
    here = Local.PRESENT if local else Local.ABSENT
    edited = _edited(local, mirror, base, context)
    decision = decide(base.status, here, status, edited=edited)
    if decision is Decision.ASK and _settled_existence(base, local):
        decision = Decision.RESTORE_IN_ZOTERO if status is Remote.TRASHED else Decision.RECREATE
    if wanted:
        decision = _brought_back(decision, status)
    if decision is Decision.TRASH_IN_ZOTERO and _parent_goes(trees, remote):
        decision = Decision.NOTHING  # trashing the parent is enough (SYNC §6); seen next round
    put_off = local is None and not context.may_delete and _takes_absence(decision, base)
    if put_off:
        decision = Decision.NOTHING
    step = _FILL[decision](_Case(key, decision, local, mirror, base, context))
    notices = _notices(step, edited=edited and base.status is Base.LIVE, context=context)
    if put_off:
        notices.append(_notice(NoticeKind.DELETION_PUT_OFF, step))
    return step, notices


def _edited(
    local: LocalObject | None, mirror: MirrorObject | None, base: BaseObject, context: Context
) -> bool:
    """Return whether the side that still has the object holds an edit (see `table.decide`)."""
    remote = mirror.fields if mirror else {}
    if local is None:
        return remote != base.fields
    if base.status is Base.NONE:
        return _known(local, base, remote, context) != dict(remote)
    return edited_here(local, base, remote, context)


def _known(local: LocalObject, base: BaseObject, remote: Fields, context: Context) -> Fields:
    view = local_view(local, base, remote, context.shelves.hidden)
    return with_unknown(view, {}, remote, context.schema)


def _settled_existence(base: BaseObject, local: LocalObject | None) -> bool:
    return local is not None and EXISTENCE in base.shown and EXISTENCE not in local.open_conflicts


def _takes_absence(decision: Decision, base: BaseObject) -> bool:
    """Return whether a decision rests on the file not being there."""
    again = decision is Decision.RESTORE_FILE and base.status is Base.LIVE
    return again or decision in _PUT_OFF


def _brought_back(decision: Decision, status: Remote) -> Decision:
    """Return the decision for a parent that a child needs alive."""
    if status is Remote.TRASHED:
        return Decision.RESTORE_IN_ZOTERO
    return Decision.RECREATE if status is Remote.ERASED else decision


def _is_child(trees: Trees, key: str) -> bool:
    objects = (trees.local.get(key), trees.mirror.get(key), trees.base.get(key))
    return any("parentItem" in o.fields for o in objects if o)


def _parents_wanted(trees: Trees) -> set[str]:
    """Return the parents that are gone in Zotero while a note below them was edited or made here."""
    wanted = set()
    for key, local in trees.local.items():
        parent = local.fields.get("parentItem")
        mirror = trees.mirror.get(parent) if parent else None
        if mirror is None or mirror.status not in (Remote.TRASHED, Remote.ERASED):
            continue
        base = trees.base.get(key)
        if base is None or base.status is not Base.LIVE or local.fields != base.fields:
            wanted.add(mirror.key)
    return wanted


def _parent_goes(trees: Trees, remote: Fields) -> bool:
    """Return whether the parent's file was deleted too, and Zotero still has the parent."""
    parent = remote.get("parentItem", "")
    base, mirror = trees.base.get(parent), trees.mirror.get(parent)
    if base is None or mirror is None or parent in trees.local:
        return False
    return base.status is Base.LIVE and mirror.status is Remote.LIVE


@dataclass(frozen=True)
class _Case:
    """One object with its decision, as the functions that fill a step take it."""

    key: str
    decision: Decision
    local: LocalObject | None
    mirror: MirrorObject | None
    base: BaseObject
    context: Context

    @property
    def remote(self) -> Fields:
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


def _quiet(case: _Case) -> Step:
    return case.step()


def _update(case: _Case) -> Step:
    """Both sides have it (or had it, and the file stands): field by field."""
    assert case.local is not None  # noqa: S101 - the table's row says so
    hidden = case.context.shelves.hidden
    view = local_view(case.local, case.base, case.remote, hidden)
    base = _without_remade(case.base, case.context.shelves.remade)
    done = update(base, replace(case.local, fields=view), case.remote, case.context.schema)
    to_file, to_zotero = _memberships(case, view, done)
    refused = _refused(case, to_zotero)
    conflicts = _conflicts(case, done)
    return case.step(
        to_file=to_file,
        to_zotero={} if refused else to_zotero,
        agreed=done.agreed,
        conflicts=conflicts,
        merged=done.merged,
        inside=tuple(done.inside),
        held=(*done.held, *(sorted(to_zotero) if refused else ())),
        mark=_needs_marking(case, conflicts),
        revived=case.base.status is Base.TRASHED,
    )


def _without_remade(base: BaseObject, remade: frozenset[str]) -> BaseObject:
    members = base.fields.get("collections", ())
    if not remade.intersection(members):
        return base
    kept = [k for k in members if k not in remade]
    fields = {n: v for n, v in base.fields.items() if n != "collections"}
    return replace(base, fields={**fields, "collections": kept} if kept else fields)


def _memberships(case: _Case, view: Fields, done: Update) -> tuple[dict[str, Any], dict[str, Any]]:
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


def _conflicts(case: _Case, done: Update) -> tuple[Conflict, ...]:
    return tuple(_conflict(case, name, *values) for name, values in done.conflicts.items())


def _conflict(case: _Case, name: str, base: Any, here: Any, there: Any) -> Conflict:
    meta: Mapping[str, Any] = case.mirror.meta if case.mirror else {}
    who = [str(meta[m]) for m in ("lastModifiedBy", "dateModified") if meta.get(m)]
    step = case.step()
    was, mine, theirs = ("" if v is None else v for v in (base, here, there))
    return Conflict(
        Kind.ITEM, case.key, name, was, mine, theirs, step.file, step.title, ", ".join(who)
    )


def _needs_marking(case: _Case, conflicts: Iterable[Conflict]) -> bool:
    """Return whether the file's conflict tables differ from the conflicts that are open."""
    assert case.local is not None  # noqa: S101
    tables = {c.field: c.zotero for c in conflicts}
    told = {name: case.base.shown.get(name) for name in tables}
    return set(tables) != set(case.local.open_conflicts) or tables != told


def _refused(case: _Case, to_zotero: Mapping[str, Any]) -> bool:
    """Return whether Zotero refused just this before: not sent again until something changes."""
    known = case.base.refused
    version = case.mirror.version if case.mirror else 0
    return bool(known) and (known["digest"], known["version"]) == (digest(to_zotero), version)


def _restore_in_zotero(case: _Case) -> Step:
    if case.local is None:  # the parent of an edited note: its file follows in the next round
        return case.step()
    return _update(case)


def _create(case: _Case) -> Step:
    """Send the whole item with version 0; without a file (a note's parent), what was last known."""
    fields = dict(case.local.fields if case.local else case.remote or case.base.fields)
    held = set(case.local.held) if case.local else set()
    members = [k for k in fields.pop("collections", ()) if k in case.context.shelves.alive]
    if members and "collections" not in held:
        fields["collections"] = members
    sent = {n: v for n, v in fields.items() if n not in held}
    if "itemType" not in sent or _refused(case, sent):
        return replace(case.step(held=tuple(sorted(held or sent))), decision=Decision.NOTHING)
    mark = bool(case.local and case.local.open_conflicts)
    return case.step(to_zotero=sent, held=tuple(sorted(held)), mark=mark)


def _new_file(case: _Case) -> Step:
    fields = dict(case.remote)
    members = [k for k in fields.pop("collections", ()) if k not in case.context.shelves.hidden]
    if members:
        fields["collections"] = members
    return case.step(to_file=fields, agreed=dict(case.remote))


def _ask(case: _Case) -> Step:
    status = case.mirror.status.value if case.mirror else Remote.ERASED.value
    conflict = _conflict(case, EXISTENCE, None, None, status)
    return case.step(conflicts=(conflict,), mark=_needs_marking(case, [conflict]))


_FILL: dict[Decision, Callable[[_Case], Step]] = {
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


def _notices(step: Step, *, edited: bool, context: Context) -> list[Notice]:
    said = []
    if edited and step.decision in _EDIT_WINS:
        said.append(_notice(NoticeKind.EDIT_WON_OVER_DELETION, step))
    if step.inside:
        said.append(_notice(NoticeKind.MERGED_INSIDE_FIELD, step, step.inside))
    if step.held:
        said.append(_notice(NoticeKind.HELD_FIELD, step, step.held))
    lost = context.lost_attachments(step.key) if step.decision is Decision.RECREATE else ()
    if lost:
        said.append(_notice(NoticeKind.ATTACHMENTS_LOST, step, detail={"names": list(lost)}))
    if "itemType" in step.to_file and step.decision is Decision.UPDATE:
        gone = tuple(n for n, v in step.to_file.items() if v is None)
        if gone:
            said.append(_notice(NoticeKind.DROPPED_BY_TYPE, step, gone))
    return said


def _notice(
    what: NoticeKind,
    step: Step,
    fields: tuple[str, ...] = (),
    detail: Mapping[str, Any] | None = None,
) -> Notice:
    return Notice(what, step.kind, step.key, step.title, fields, detail or {})
