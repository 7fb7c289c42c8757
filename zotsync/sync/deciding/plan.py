"""The plan for items: a pure function of the three trees.

Collections are planned first (`sync.shelves`); what that means for items comes in as `Shelves`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.model import Fields
from zotsync.sync.deciding.steps import FILL, Case, Context, local_view
from zotsync.sync.deciding.table import decide
from zotsync.sync.merging.fields import with_unknown
from zotsync.sync.trees import (
    EXISTENCE,
    Base,
    BaseObject,
    Decision,
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
        edited = True
    if decision is Decision.TRASH_IN_ZOTERO and trees.deleted_here(remote.get("parentItem", "")):
        decision = Decision.NOTHING  # trashing the parent is enough (SYNC §6); seen next round
    put_off = not context.may_delete and _deletes(decision, local, base)
    if put_off:
        decision = Decision.NOTHING
    step = FILL[decision](Case(key, decision, local, mirror, base, context))
    notices = _notices(step, edited=edited and base.status is Base.LIVE, context=context)
    if put_off:
        notices.append(_notice(NoticeKind.DELETION_PUT_OFF, step))
    if replaced := _replaced(step, local, base):
        notices.append(_notice(NoticeKind.SETTLED_HERE, step, tuple(replaced), replaced))
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


def _replaced(step: Step, local: LocalObject | None, base: BaseObject) -> dict[str, Any]:
    """Return what Zotero has in fields whose conflict somebody settled here: it gives way.

    Worth telling even where `resolve` did it: an editor that saves an old text takes the table away
    without anybody having seen it.
    """
    gone = base.shown.keys() - (local.open_conflicts if local else ())
    return {name: base.shown[name] for name in sorted(gone) if name in step.to_zotero}


def _deletes(decision: Decision, local: LocalObject | None, base: BaseObject) -> bool:
    """Return whether a decision deletes an item, or rests on its file not being there."""
    if local is not None:
        return decision is Decision.TRASH_FILE
    again = decision is Decision.RESTORE_FILE and base.status is Base.LIVE
    return again or decision in _PUT_OFF


def _brought_back(decision: Decision, status: Remote) -> Decision:
    """Return the decision for a parent that a child needs alive."""
    if status is Remote.TRASHED:
        return Decision.RESTORE_IN_ZOTERO
    if decision is Decision.TRASH_IN_ZOTERO:  # its file was deleted here
        return Decision.RESTORE_FILE
    return Decision.RECREATE if status is Remote.ERASED else decision


def _is_child(trees: Trees, key: str) -> bool:
    objects = (trees.local.get(key), trees.mirror.get(key), trees.base.get(key))
    return any("parentItem" in o.fields for o in objects if o)


def _parents_wanted(trees: Trees) -> set[str]:
    """Return the parents that must live: a note below them was edited or made, on either side."""
    wanted = set()
    for key in sorted(trees.keys()):
        local, mirror = trees.local.get(key), trees.mirror.get(key)
        base = trees.base.get(key)
        there = mirror if mirror and mirror.status is Remote.LIVE else None
        for side in (local, there):
            parent = side.fields.get("parentItem") if side else None
            if side and parent and (base is None or _is_news(side.fields, base)):
                wanted.add(parent)
    return wanted


def _is_news(fields: Fields, base: BaseObject) -> bool:
    return base.status is not Base.LIVE or fields != base.fields


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
