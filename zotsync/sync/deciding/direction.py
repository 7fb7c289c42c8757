"""One direction only: what `--pull-only` and `--push-only` leave of a plan (SYNC §10). Pure.

The other direction is planned, shown and left, and the base does not advance for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zotsync.sync.trees import Decision, Notice, NoticeKind, Plan, Step

_TO_ZOTERO = {
    Decision.CREATE,
    Decision.RECREATE,
    Decision.TRASH_IN_ZOTERO,
    Decision.RESTORE_IN_ZOTERO,
}
_TO_FILES = {Decision.NEW_FILE, Decision.RESTORE_FILE, Decision.TRASH_FILE}


def pull_only(plan: Plan, left: NoticeKind = NoticeKind.LEFT_FOR_DIRECTION) -> Plan:
    """Return what of a plan writes files; `left`: what is told of the rest."""
    return _part(plan, _without_push, left)


def push_only(plan: Plan) -> Plan:
    """Return what of a plan writes to Zotero."""
    return _part(plan, _without_pull, NoticeKind.LEFT_FOR_DIRECTION)


def pushes(plan: Plan) -> bool:
    """Return whether a plan writes anything to Zotero."""
    return any(_without_push(step) != step for step in plan.steps)


def _without_push(step: Step) -> Step | None:
    if step.decision in _TO_ZOTERO:
        return None
    both = set(step.to_file) & set(step.to_zotero)  # a merge holds only if both sides get it
    to_file = {n: v for n, v in step.to_file.items() if n not in both}
    merged = {n: v for n, v in step.merged.items() if n not in both}
    return replace(step, to_file=to_file, to_zotero={}, merged=merged)


def _without_pull(step: Step) -> Step | None:
    if step.decision in _TO_FILES:
        return None
    both = set(step.to_file) & set(step.to_zotero)
    to_zotero = {n: v for n, v in step.to_zotero.items() if n not in both}
    merged = {n: v for n, v in step.merged.items() if n not in both}
    agreed = {n: v for n, v in step.agreed.items() if n not in step.to_file}
    step = replace(step, to_file={}, mark=False, unseen=None)
    return replace(step, to_zotero=to_zotero, agreed=agreed, merged=merged)


def _part(plan: Plan, keep: Callable[[Step], Step | None], what: NoticeKind) -> Plan:
    steps: list[Step] = []
    notices = list(plan.notices)
    for step in plan.steps:
        part = keep(step)
        if part != step:
            left = sorted({*step.to_file, *step.to_zotero} - _kept(part))
            notices.append(Notice(what, step.kind, step.key, step.title, tuple(left)))
        if part is not None:
            steps.append(part)
    return replace(plan, steps=tuple(steps), notices=tuple(notices))


def _kept(part: Step | None) -> set[str]:
    return {*part.to_file, *part.to_zotero} if part else set()
