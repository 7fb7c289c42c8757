"""A relation that is let go here is let go on both ends. Pure.

The server keeps `dc:relation` with the item it was written on and shows it on both: taken out of the
other end alone, it would silently come back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zotsync.model import Fields
from zotsync.sync.deciding.relations import dropped, without_relations
from zotsync.sync.trees import Decision, Kind, Plan, Remote, Step, Trees

NAME = "relations"


def partners_let_go(trees: Trees) -> set[str]:
    """Return the items whose relation to another one was taken out of that one's file."""
    found: set[str] = set()
    for key, local in trees.local.items():
        base = trees.base.get(key)
        if base is not None and NAME in base.fields:
            found |= dropped(base.fields, local.fields)
    return found


def let_go_on_both_ends(plan: Plan, trees: Trees) -> Plan:
    """Return the plan with the far ends of relations that it drops in Zotero."""
    steps = {step.key: step for step in plan.steps}
    for step in plan.steps:
        mirror = trees.mirror.get(step.key)
        if NAME not in step.to_zotero or mirror is None:
            continue
        after = {NAME: step.to_zotero[NAME] or {}}
        for partner in sorted(dropped(mirror.fields, after)):
            far = _let_go(steps.get(partner), partner, step.key, trees)
            if far is not None:
                steps[partner] = far
    return replace(plan, steps=tuple(steps.values()))


def _let_go(step: Step | None, key: str, gone: str, trees: Trees) -> Step | None:
    mirror, local = trees.mirror.get(key), trees.local.get(key)
    if mirror is None or local is None or mirror.status is not Remote.LIVE:
        return None
    step = step or Step(
        Kind.ITEM, key, Decision.UPDATE, str(local.fields.get("title", "")), local.file
    )
    if step.decision is not Decision.UPDATE or NAME in step.held:
        return None
    return replace(
        step,
        to_zotero=_without(step.to_zotero, mirror.fields, gone),
        to_file=_without(step.to_file, local.fields, gone),
    )


def _without(wanted: Fields, now: Fields, gone: str) -> dict[str, Any]:
    """Return `wanted` so that the relations lose `gone`; untouched where they do not have it."""
    relations = wanted.get(NAME, now.get(NAME)) or {}
    left = without_relations(relations, [gone])
    if left == relations:
        return dict(wanted)
    return {**wanted, NAME: left or None}
