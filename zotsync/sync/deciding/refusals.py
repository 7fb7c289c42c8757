"""What Zotero refused is not sent again until it changes, here or there (SYNC §6). Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zotsync.model import digest
from zotsync.sync.trees import BaseObject, Decision, MirrorObject, Plan, Remote, Step, Trees

_WRITES_ALONE = {
    Decision.CREATE,
    Decision.RECREATE,
    Decision.RESTORE_IN_ZOTERO,
    Decision.TRASH_IN_ZOTERO,
}


def remember(step: Step, mirror: MirrorObject | None, message: str) -> dict[str, Any]:
    """Return what a base keeps of a refusal: of what, at which version, and Zotero's words."""
    return {**_identity(step, mirror), "message": message}


def hold_refused(plan: Plan, trees: Trees) -> Plan:
    """Return the plan for items without what Zotero refused before, just as it is.

    Nor is a note sent whose parent is neither there nor sent: it would be refused for that alone.
    """
    steps = [held_if_refused(step, trees) for step in plan.steps]
    there = {k for k, m in trees.mirror.items() if m.status in (Remote.LIVE, Remote.TRASHED)}
    there |= {s.key for s in steps if s.decision in (Decision.CREATE, Decision.RECREATE)}
    waiting = trees.local.keys() - there
    held = (held_back(s) if s.to_zotero.get("parentItem") in waiting else s for s in steps)
    return replace(plan, steps=tuple(held))


def held_if_refused(step: Step, trees: Trees) -> Step:
    """Return the step, held back if Zotero refused it just as it is."""
    base = trees.base.get(step.key)
    if base is None or not _refused(step, base, trees.mirror.get(step.key)):
        return step
    return held_back(step, str(base.refused["message"]))


def held_back(step: Step, message: str = "") -> Step:
    """Return the step without its remote half."""
    decision = Decision.NOTHING if step.decision in _WRITES_ALONE else step.decision
    held = tuple(sorted({*step.held, *step.to_zotero}))
    return replace(step, decision=decision, to_zotero={}, held=held, refused=message)


def _refused(step: Step, base: BaseObject, mirror: MirrorObject | None) -> bool:
    known = {n: base.refused.get(n) for n in ("digest", "version")}
    sends = bool(step.to_zotero) or step.decision in _WRITES_ALONE
    return sends and bool(base.refused) and known == _identity(step, mirror)


def _identity(step: Step, mirror: MirrorObject | None) -> dict[str, Any]:
    sent = digest({"decision": step.decision.value, "fields": dict(step.to_zotero)})
    return {"digest": sent, "version": mirror.version if mirror else 0}
