"""The plan for collections: a pure function of their three trees, and what it means for items.

A collection is there for the files as a line of collections.toml, in Zotero as an object. Moves may
close cycles that no single field shows, and something added inside a trashed collection brings it
back with its ancestors (SYNC §5): both are settled here, over the whole tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zotsync.model import Fields, Schema
from zotsync.sync.deciding.refusals import held_back, held_if_refused
from zotsync.sync.deciding.steps import Shelves
from zotsync.sync.deciding.table import decide
from zotsync.sync.merging.fields import update
from zotsync.sync.trees import (
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

PARENT = "parentCollection"
_NO_FIELDS = Schema(0, {})
_STANDS_HERE = {
    Decision.UPDATE,
    Decision.CREATE,
    Decision.RECREATE,
    Decision.NEW_FILE,
    Decision.RESTORE_FILE,
    Decision.RESTORE_IN_ZOTERO,
    Decision.ASK,
}


@dataclass(frozen=True)
class CollectionPlan:
    """What a plan for collections says."""

    plan: Plan
    shelves: Shelves
    tree: Mapping[str, Fields]
    """Key -> name and parentCollection, of what collections.toml shall hold afterwards."""


def plan_collections(trees: Trees, filled: Iterable[str], *, may_delete: bool) -> CollectionPlan:
    """Plan all collections.

    Args:
        trees: all collections, mirror statuses effective (below a trashed one is trashed).
        filled: keys that items here were put into since the last agreement.
        may_delete: False while a file cannot be read.

    """
    trees = _with_wanted(trees, filled)
    wanted = set(_wanted(trees, filled))
    drafts = [_draft(key, trees, wanted, may_delete=may_delete) for key in sorted(trees.keys())]
    drafts, notices = _without_cycles(drafts, trees)
    drafts = _without_refused(drafts, trees)
    tree = {s.key: _result(s, trees) for s in drafts if s.decision in _STANDS_HERE}
    tree |= _kept(drafts, trees)
    shelves = _shelves(drafts, trees)
    gone = {k for k, m in trees.mirror.items() if m.status is Remote.ERASED} - set(tree)
    shelves = replace(shelves, hidden=shelves.hidden | gone)
    steps = tuple(s for s in _parents_first(drafts, tree) if s.acts or s.conflicts or s.refused)
    return CollectionPlan(Plan(steps, tuple(notices)), shelves, tree)


def leave_collections(trees: Trees) -> CollectionPlan:
    """Return the plan while collections.toml cannot be used: nothing changes on either side.

    What Zotero has beside it is not shown in files until then.
    """
    tree = {key: local.fields for key, local in trees.local.items()}
    there = {k for k, m in trees.mirror.items() if m.status in (Remote.LIVE, Remote.TRASHED)}
    shelves = Shelves(hidden=frozenset(trees.mirror) - set(tree), alive=frozenset(there))
    return CollectionPlan(Plan(), shelves, tree)


def _wanted(trees: Trees, filled: Iterable[str]) -> Iterable[str]:
    """Yield collections that must live because of what stands inside them here, ancestors too."""
    new = [o.fields.get(PARENT) for k, o in trees.local.items() if _added(o, trees.base.get(k))]
    for start in (*filled, *new):
        seen: set[str] = set()
        at = start
        while at and at not in seen:
            seen.add(at)
            yield at
            known = trees.mirror.get(at) or trees.local.get(at)
            at = known.fields.get(PARENT) if known else None


def _added(local: LocalObject, base: BaseObject | None) -> bool:
    return base is None or base.status is not Base.LIVE or local.fields != base.fields


def _with_wanted(trees: Trees, filled: Iterable[str]) -> Trees:
    """Return the trees with a local entry for each gone collection that must live."""
    back = {
        key: LocalObject(key, trees.mirror[key].fields)
        for key in _wanted(trees, filled)
        if key not in trees.local and key in trees.mirror
    }
    return replace(trees, local={**trees.local, **back}) if back else trees


def _draft(key: str, trees: Trees, wanted: set[str], *, may_delete: bool) -> Step:
    local, mirror = trees.local.get(key), trees.mirror.get(key)
    base = trees.base.get(key) or BaseObject(key, Base.NONE, {})
    remote: Fields = mirror.fields if mirror else {}
    status = mirror.status if mirror else Remote.ABSENT
    here = Local.PRESENT if local else Local.ABSENT
    decision = decide(base.status, here, status, edited=_edited(local, base, remote, wanted))
    if decision is Decision.ASK:  # a line that stands here without a base: somebody wrote it
        decision = Decision.RESTORE_IN_ZOTERO if status is Remote.TRASHED else Decision.RECREATE
    if decision is Decision.TRASH_IN_ZOTERO and (
        trees.deleted_here(remote.get(PARENT, "")) or not may_delete
    ):
        decision = Decision.NOTHING
    fields = local.fields if local else remote or base.fields
    step = Step(
        Kind.COLLECTION, key, decision, str(fields.get("name", key)), local.file if local else ""
    )
    if decision in (Decision.CREATE, Decision.RECREATE):
        return replace(step, to_zotero=dict(fields))
    if decision in (Decision.NEW_FILE, Decision.RESTORE_FILE):
        return replace(step, to_file=dict(remote), agreed=dict(remote))
    if decision in (Decision.UPDATE, Decision.RESTORE_IN_ZOTERO) and local:
        return _updated(step, base, local, mirror, remote)
    return step


def _edited(local: LocalObject | None, base: BaseObject, remote: Fields, wanted: set[str]) -> bool:
    if local is None:
        return remote != base.fields
    return local.key in wanted or local.fields != base.fields


def _updated(
    step: Step,
    base: BaseObject,
    local: LocalObject,
    mirror: MirrorObject | None,
    remote: Fields,
) -> Step:
    done = update(base, local, remote, _NO_FIELDS)
    conflicts = tuple(_conflict(step, mirror, n, v) for n, v in done.conflicts.items())
    return replace(
        step,
        to_file=done.to_file,
        to_zotero=done.to_zotero,
        agreed=done.agreed,
        conflicts=conflicts,
        mark=_unshown(conflicts, base),
        revived=base.status is Base.TRASHED,
    )


def _conflict(
    step: Step, mirror: MirrorObject | None, name: str, values: tuple[Any, Any, Any]
) -> Conflict:
    who = mirror.changed_by if mirror else ""
    was, mine, theirs = ("" if v is None else v for v in values)
    return Conflict(step.kind, step.key, name, was, mine, theirs, step.file, step.title, who)


def _result(step: Step, trees: Trees) -> Fields:
    """Return what collections.toml shall mean for a collection: the file's values, then merged."""
    local, mirror = trees.local.get(step.key), trees.mirror.get(step.key)
    fields = dict(local.fields if local else mirror.fields if mirror else {})
    fields.update(step.to_file)
    return {n: v for n, v in fields.items() if v is not None}


def _kept(drafts: Iterable[Step], trees: Trees) -> dict[str, Fields]:
    """Return the lines of collections that wait (a deletion put off, or its parent goes first)."""
    waiting = (s.key for s in drafts if s.decision is Decision.NOTHING)
    return {k: trees.local[k].fields for k in waiting if k in trees.local}


def _parents(drafts: Iterable[Step], trees: Trees) -> dict[str, str | None]:
    """Return key -> parent as Zotero would have it after the plan."""
    parents = {}
    for step in drafts:
        mirror = trees.mirror.get(step.key)
        parent = mirror.fields.get(PARENT) if mirror else None
        parents[step.key] = step.to_zotero.get(PARENT, parent)
    return parents


def cycle_of(key: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the cycle that `key` is part of, or nothing."""
    path = [key]
    while (above := parents.get(path[-1])) is not None and above not in path:
        path.append(above)
    return path if parents.get(path[-1]) == key else []


def _without_cycles(drafts: list[Step], trees: Trees) -> tuple[list[Step], list[Notice]]:
    """Turn moves that would close a cycle into conflicts; report what is odd in Zotero."""
    notices: list[Notice] = []
    drafts = _without_closing(drafts, trees)
    parents = _parents(drafts, trees)
    there = _shelves(drafts, trees).alive
    for step in drafts:
        parent = parents[step.key]
        live = step.key in trees.mirror and trees.mirror[step.key].status is Remote.LIVE
        if live and cycle_of(step.key, parents):
            notices.append(Notice(NoticeKind.CYCLE, step.kind, step.key, step.title))
        elif live and parent is not None and parent not in there:
            notices.append(Notice(NoticeKind.PARENT_MISSING, step.kind, step.key, step.title))
        if step.decision is Decision.RESTORE_IN_ZOTERO:
            notices.append(Notice(NoticeKind.ANCESTOR_RESTORED, step.kind, step.key, step.title))
    return drafts, notices


def _without_closing(drafts: list[Step], trees: Trees) -> list[Step]:
    """Turn moves that would close a cycle into conflicts: each side keeps its tree.

    One made in Zotero waits too where it would close a cycle here, with a move that waits.
    """
    there = _parents(drafts, trees)
    waits = {s.key for s in drafts if any(c.field == PARENT for c in s.conflicts)}
    for index, step in enumerate(drafts):
        if PARENT in step.to_zotero and cycle_of(step.key, there):
            mirror = trees.mirror.get(step.key)
            there[step.key] = mirror.fields.get(PARENT) if mirror else None
            waits.add(step.key)
            drafts[index] = _as_conflict(step, trees)
    here = {s.key: _result(s, trees).get(PARENT) for s in drafts if s.decision in _STANDS_HERE}
    for index, step in enumerate(drafts):
        moved = step.decision is Decision.UPDATE and PARENT in step.to_file
        if moved and not waits.isdisjoint(cycle_of(step.key, here)):
            here[step.key] = trees.local[step.key].fields.get(PARENT)
            drafts[index] = _as_conflict(step, trees)
    return drafts


def _as_conflict(step: Step, trees: Trees) -> Step:
    base, mirror = trees.base.get(step.key), trees.mirror.get(step.key)
    was, there = (obj.fields.get(PARENT) if obj else None for obj in (base, mirror))
    values = was, trees.local[step.key].fields.get(PARENT), there
    conflicts = (*step.conflicts, _conflict(step, mirror, PARENT, values))
    return replace(
        step,
        to_zotero={n: v for n, v in step.to_zotero.items() if n != PARENT},
        to_file={n: v for n, v in step.to_file.items() if n != PARENT},
        conflicts=conflicts,
        mark=_unshown(conflicts, base),
    )


def _without_refused(drafts: list[Step], trees: Trees) -> list[Step]:
    """Hold back what Zotero refused before, and what would stand below one that it does not have."""
    drafts = [held_if_refused(step, trees) for step in drafts]
    count = -1
    while count != (count := sum(not step.to_zotero for step in drafts)):
        there = _shelves(drafts, trees).alive
        drafts = [s if s.to_zotero.get(PARENT) in {None, *there} else held_back(s) for s in drafts]
    return drafts


def _unshown(conflicts: tuple[Conflict, ...], base: BaseObject | None) -> bool:
    """Return whether state.db does not know these conflicts as they are."""
    return {c.field: c.zotero for c in conflicts} != (dict(base.shown) if base else {})


def _parents_first(drafts: Iterable[Step], tree: Mapping[str, Fields]) -> list[Step]:
    return sorted(drafts, key=lambda s: (_depth(s.key, tree), s.key))


def _depth(key: str, tree: Mapping[str, Fields]) -> int:
    depth, seen = 0, {key}
    while (parent := tree.get(key, {}).get(PARENT)) and parent not in seen:
        seen.add(parent)
        key, depth = parent, depth + 1
    return depth


def _shelves(drafts: Iterable[Step], trees: Trees) -> Shelves:
    by_key = {s.key: s.decision for s in drafts}
    gone = {k for k, m in trees.mirror.items() if m.status is Remote.TRASHED}
    live = {k for k, m in trees.mirror.items() if m.status is Remote.LIVE}
    back = {k for k, d in by_key.items() if d is Decision.RESTORE_IN_ZOTERO}
    made = {k for k, d in by_key.items() if d in (Decision.CREATE, Decision.RECREATE)}
    remade = {k for k, d in by_key.items() if d is Decision.RECREATE}
    return Shelves(frozenset(gone - back), frozenset(remade), frozenset(live | gone | made))
