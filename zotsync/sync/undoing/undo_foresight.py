"""How things will stand once what waits is synced, which comes before an undo. Pure.

So an undo can be shown as it will be before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from zotsync.model import Fields
from zotsync.sync.remembering.entries import FILE, ZOTERO, Entry, decided
from zotsync.sync.trees import (
    PARENT,
    Base,
    BaseObject,
    Decision,
    Kind,
    LocalObject,
    MirrorObject,
    Remote,
    Step,
    Trees,
)
from zotsync.sync.undoing.undo import Present
from zotsync.sync.undoing.undo_effects import MEMBERS, edits, placed

_COMES_THERE = {Decision.CREATE, Decision.RECREATE, Decision.RESTORE_IN_ZOTERO}
_COMES_HERE = {Decision.NEW_FILE, Decision.RESTORE_FILE}


def foreseen(present: Present, steps: Iterable[Step], trees: Mapping[Kind, Trees]) -> Present:
    """Return how things will stand.

    Args:
        present: how they stand now.
        steps: what the sync will do.
        trees: what that was planned from: all that is not settled.

    """
    steps = list(steps)
    coming = [entry for step in steps for entry in _entries(step, trees[step.kind])]
    sent = edits(e for e in coming if e.side == ZOTERO)
    changed = edits(coming)
    after = {kind: as_synced(tree, steps, kind) for kind, tree in trees.items()}
    return replace(
        present,
        trees={kind: as_synced(tree, steps, kind) for kind, tree in present.trees.items()},
        since={**{(*of, n): 0 for of, names in changed.items() for n in names}, **present.since},
        unsent=frozenset((*of, n) for of, names in sent.items() for n in names),
        inside=_inside(present.inside, after),
        placed=present.placed | placed(coming),
    )


def as_synced(trees: Trees, steps: Iterable[Step], kind: Kind) -> Trees:
    """Return trees as they are once steps are done."""
    local, mirror, base = dict(trees.local), dict(trees.mirror), dict(trees.base)
    known = trees.keys()
    for step in steps:
        key = step.key
        if step.kind is not kind or key not in known:
            continue
        if step.decision is Decision.TRASH_FILE:
            local.pop(key, None)
        elif step.decision is Decision.TRASH_IN_ZOTERO:
            mirror[key] = replace(mirror[key], status=Remote.TRASHED)
        else:
            if key in local or step.decision in _COMES_HERE:
                local[key] = _here(step, local.get(key))
            if step.to_zotero or step.decision in _COMES_THERE:
                mirror[key] = _there(step, mirror.get(key))
            if key in local and key in mirror:
                base[key] = _agreed(step, base.get(key), mirror[key])
    return Trees(local, mirror, base)


def _here(step: Step, known: LocalObject | None) -> LocalObject:
    known = known or LocalObject(step.key, {}, step.file)
    return replace(known, fields=_with(known.fields, step.to_file))


def _there(step: Step, known: MirrorObject | None) -> MirrorObject:
    known = known or MirrorObject(step.key, 0, Remote.LIVE, {})
    return replace(known, status=Remote.LIVE, fields=_with(known.fields, step.to_zotero))


def _agreed(step: Step, known: BaseObject | None, there: MirrorObject) -> BaseObject:
    """Return what both sides agree on: all but what waits."""
    known = known or BaseObject(step.key, Base.NONE, {})
    shown = {conflict.field: conflict.zotero for conflict in step.conflicts}
    waits = {*shown, *step.held}
    fields = {n: v for n, v in there.fields.items() if n not in waits}
    fields |= {n: v for n, v in known.fields.items() if n in waits}
    unseen = known.unseen if step.unseen is None else step.unseen
    return replace(known, status=Base.LIVE, fields=fields, shown=shown, unseen=unseen)


def _with(fields: Fields, changes: Mapping[str, Any]) -> Fields:
    return {n: v for n, v in {**fields, **changes}.items() if v is not None}


def _inside(
    now: Mapping[str, AbstractSet[str]], after: Mapping[Kind, Trees]
) -> dict[str, frozenset[str]]:
    """Return what will stand in objects, with what is not settled where it will be."""
    moving = set(after[Kind.ITEM].local) | set(after[Kind.ITEM].mirror)
    found = {key: set(inside) - moving for key, inside in now.items()}
    for above, key in _standings(after):
        if above in found:
            found[above].add(key)
    return {key: frozenset(inside) for key, inside in found.items()}


def _standings(trees: Mapping[Kind, Trees]) -> Iterator[tuple[str, str]]:
    """Yield (what something stands in, its key), on either side."""
    for kind, tree in trees.items():
        known: list[LocalObject | MirrorObject] = [*tree.local.values()]
        known += [o for o in tree.mirror.values() if o.status is Remote.LIVE]
        for one in known:
            yield from ((above, one.key) for above in one.fields.get(MEMBERS) or ())
            yield str(one.fields.get(PARENT[kind], "")), one.key


def _entries(step: Step, trees: Trees) -> Iterator[Entry]:
    """Yield what the journal will say of a step, as far as it edits something."""
    kind, key, what = step.kind, step.key, decided(step, trees)
    local, mirror = trees.local.get(key), trees.mirror.get(key)
    if step.to_file:
        before = {n: local.fields.get(n) for n in step.to_file} if local else None
        yield Entry(kind, key, FILE, what, step.file, before, step.to_file)
    if step.to_zotero:
        before = {n: mirror.fields.get(n) for n in step.to_zotero} if mirror else None
        yield Entry(kind, key, ZOTERO, what, step.file, before, step.to_zotero)
