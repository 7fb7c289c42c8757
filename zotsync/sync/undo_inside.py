"""What an undo leaves where it is, because somebody has put something inside since. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.sync.undo import Left, Present, UndoStep, What, Why
from zotsync.sync.undo_effects import Effect


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
    out = {
        s.key
        for s in steps
        if s.what is What.EDIT and any(_holds(s.before, n, effect.key) for n in s.fields)
    }
    inside = present.inside.get(effect.key, frozenset()) - going - out
    if not effect.new:
        inside &= present.placed
    if not effect.ours:
        inside &= {k for trees in present.trees.values() for k in trees.local}
    return bool(inside)


def _holds(before: Mapping[str, Any], name: str, key: str) -> bool:
    value = before.get(name)
    return key in value if isinstance(value, list) else value == key
