"""What stands in one another: what follows what it stands in, and what keeps that where it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zotsync.sync.trees import PARENT
from zotsync.sync.undoing.undo import Left, Present, UndoStep, What, Why
from zotsync.sync.undoing.undo_effects import Effect


def with_followers(effects: tuple[Effect, ...], present: Present) -> tuple[Effect, ...]:
    """Let what came or went with what it stands in be the doing of whoever did that."""
    by_name = {(e.kind, e.key): e for e in effects}
    changed = True
    while changed:
        changed = False
        for name, effect in by_name.items():
            above = by_name.get((effect.kind, _parent(effect, present)))
            same = above is not None and above.presence is effect.presence and above.ours
            if same and effect.presence is not None and not effect.ours:
                by_name[name] = replace(effect, ours=True)
                changed = True
    return tuple(by_name.values())


def _parent(effect: Effect, present: Present) -> str:
    """Return the key of what an object stands in, or stood in; "" at the top."""
    trees = present.trees[effect.kind]
    known = trees.mirror.get(effect.key) or trees.local.get(effect.key)
    fields = known.fields if known else effect.content or {}
    return str(fields.get(PARENT[effect.kind], ""))


def without_used(
    steps: list[UndoStep], present: Present, effects: Mapping[str, Effect]
) -> tuple[list[UndoStep], list[Left]]:
    """Keep what something else stands in by now; attachments go where a colleague's item goes."""
    kept: list[Left] = []
    while True:
        going = {s.key for s in steps if s.what is What.REMOVE}
        used = [
            s
            for s in steps
            if s.what is What.REMOVE and _stays_inside(effects[s.key], steps, present, going)
        ]
        if not used:
            return steps, kept
        kept += [Left(Why.IN_USE, s.kind, s.key, s.title) for s in used]
        steps = [s for s in steps if s not in used]


def _stays_inside(effect: Effect, steps: list[UndoStep], present: Present, going: set[str]) -> bool:
    """Return whether something stands in an object that was not there when the run had ended."""
    inside = present.inside.get(effect.key, frozenset()) - going
    if inside:  # rarely: all steps are looked through then
        inside -= {
            s.key
            for s in steps
            if s.what is What.EDIT and any(_holds(s.before, n, effect.key) for n in s.fields)
        }
    if not effect.new:
        inside &= present.placed
    if not effect.ours:
        inside &= {k for trees in present.trees.values() for k in trees.local}
    return bool(inside)


def _holds(before: Mapping[str, Any], name: str, key: str) -> bool:
    value = before.get(name)
    return key in value if isinstance(value, list) else value == key
