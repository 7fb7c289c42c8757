"""The guards: what stops a run before anything is written (SYNC §9). Pure: counts and bounds.

Deletions are counted per side and per kind of object; overwritten items count as suspicious where
most of them go back to values that the journal knows as older (a restored backup, an old checkout).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from zotsync.sync.trees import Decision, Kind, Step

WasBefore = Callable[[Kind, str, str, Any], bool]
"""Whether (kind, key, field, value) is a value the journal knows as older."""


class Danger(Enum):
    """What a guard saw."""

    DELETIONS_IN_ZOTERO = "deletions in Zotero"
    DELETIONS_HERE = "deletions here"
    REVERSALS_IN_ZOTERO = "reversals in Zotero"
    REVERSALS_HERE = "reversals here"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why a run is stopped: what, how many of how many, and their names."""

    danger: Danger
    count: int
    of: int
    titles: tuple[str, ...]


def too_many_deletions(count: int, of: int) -> bool:
    """Return whether `count` deletions among `of` objects are suspicious."""
    return count > max(5, min(of * 0.25, 100)) or (count >= 3 and count >= of)  # noqa: PLR2004


def too_many_changes(count: int, of: int) -> bool:
    """Return whether `count` overwritten items among `of` are suspicious."""
    return count > max(20, of * 0.25)


def alarms(
    steps: Iterable[Step],
    agreed: Callable[[Kind], int],
    was_before: WasBefore,
    *,
    allow_deletions: bool,
    allow_changes: bool,
) -> tuple[Alarm, ...]:
    """Return the alarms that `steps` raise.

    Args:
        steps: the whole plan.
        agreed: how many objects of a kind both sides had agreed on as alive.
        was_before: looks a value up in the journal.
        allow_deletions: the user has looked at the list and wants it (`--allow-mass-delete`).
        allow_changes: likewise for reversals (`--allow-mass-change`).

    """
    steps = list(steps)
    raised: list[Alarm] = []
    for kind in Kind:
        mine = [s for s in steps if s.kind is kind]
        if not allow_deletions:
            raised += _deletions(mine, agreed(kind))
        if not allow_changes:
            raised += _reversals(mine, agreed(kind), was_before)
    return tuple(raised)


def _deletions(steps: list[Step], of: int) -> list[Alarm]:
    ways = (
        (Danger.DELETIONS_IN_ZOTERO, Decision.TRASH_IN_ZOTERO),
        (Danger.DELETIONS_HERE, Decision.TRASH_FILE),
    )
    found = ((danger, [s.title for s in steps if s.decision is way]) for danger, way in ways)
    return [Alarm(d, len(t), of, tuple(t)) for d, t in found if too_many_deletions(len(t), of)]


def _reversals(steps: list[Step], of: int, was_before: WasBefore) -> list[Alarm]:
    raised = []
    sides: tuple[tuple[Danger, Callable[[Step], Any]], ...] = (
        (Danger.REVERSALS_IN_ZOTERO, lambda s: s.to_zotero),
        (Danger.REVERSALS_HERE, lambda s: s.to_file),
    )
    for danger, side in sides:
        written = [s for s in steps if s.decision is Decision.UPDATE and side(s)]
        if not too_many_changes(len(written), of):
            continue
        back = [
            s
            for s in written
            if any(was_before(s.kind, s.key, name, value) for name, value in side(s).items())
        ]
        if len(back) * 2 > len(written):
            raised.append(Alarm(danger, len(written), of, tuple(s.title for s in back)))
    return raised
