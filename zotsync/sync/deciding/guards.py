"""The guards: what stops a run before anything is written (SYNC §9). Pure: counts and bounds.

Deletions are counted per side and per kind of object; overwritten items count as suspicious where
most of them go back to values that the journal knows as older (a restored backup, an old checkout),
lose a field (a script that went wrong), or lose their accents (a wrong encoding).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from zotsync.sync.trees import Decision, Kind, Step

_REVIVING = (Decision.RESTORE_IN_ZOTERO, Decision.RECREATE)
Before = Callable[[Step], Mapping[str, Any]]
"""The fields that a side has of a step's object, before the step."""
WasBefore = Callable[[Kind, str, str, Any], bool]
"""Whether (kind, key, field, value) is a value the journal knows as older."""


class Danger(Enum):
    """What a guard saw."""

    DELETIONS = "deletions"
    REVERSALS = "back to older values"
    LOSSES = "fields emptied"
    GARBLED = "characters garbled"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why a run is stopped: what, on which side, how many of how many, and which."""

    danger: Danger
    here: bool
    """Whether files would be written; else Zotero."""
    of: int
    steps: tuple[Step, ...]


def too_many_deletions(count: int, of: int) -> bool:
    """Return whether `count` deletions among `of` objects are suspicious."""
    return count > max(5, min(of * 0.25, 100)) or (count >= 3 and count >= of)  # noqa: PLR2004


def too_many_changes(count: int, of: int) -> bool:
    """Return whether `count` overwritten items among `of` are suspicious."""
    return count > max(20, of * 0.25)


def is_garbled(before: Any, after: Any) -> bool:
    """Return whether a value has only lost what is beyond ASCII, or has it in another form.

    That is what a wrong encoding leaves: `Ã©`, `?` or nothing for `é`, or `e` with an accent apart.
    """
    if isinstance(before, str) and isinstance(after, str):
        same_form = unicodedata.normalize("NFC", before) == unicodedata.normalize("NFC", after)
        return before != after and (same_form or _ascii_of(before) == _ascii_of(after))
    return any(
        _all_garbled(sorted(_texts(before), key=order), sorted(_texts(after), key=order))
        for order in (_ascii_of, _composed_ascii_of)
    )


def _all_garbled(old: list[str], new: list[str]) -> bool:
    pairs = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
    return len(old) == len(new) and bool(pairs) and all(is_garbled(a, b) for a, b in pairs)


def _composed_ascii_of(text: str) -> str:
    return _ascii_of(unicodedata.normalize("NFC", text))


def _ascii_of(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c != "?")


def _texts(value: Any) -> list[str]:
    """Return all texts within a list."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value or ()
    listed = parts if isinstance(parts, Iterable) else ()
    return [text for part in listed for text in _texts(part)]


@dataclass(frozen=True)
class _Side:
    """One side that a plan writes to."""

    here: bool
    trashing: Decision
    before: Before

    def written(self, step: Step) -> Mapping[str, Any]:
        """Return what a step writes on this side."""
        return step.to_file if self.here else step.to_zotero


def alarms(
    steps: Iterable[Step],
    agreed: Callable[[Kind], int],
    was_before: WasBefore,
    before: tuple[Before, Before],
    allowed: Collection[Danger],
) -> tuple[Alarm, ...]:
    """Return the alarms that `steps` raise.

    Args:
        steps: the whole plan.
        agreed: how many objects of a kind both sides had agreed on as alive.
        was_before: looks a value up in the journal.
        before: what Zotero, and what the files have of a step's object.
        allowed: what the user has looked at, and wants.

    """
    steps = list(steps)
    sides = (
        _Side(here=False, trashing=Decision.TRASH_IN_ZOTERO, before=before[0]),
        _Side(here=True, trashing=Decision.TRASH_FILE, before=before[1]),
    )
    raised: list[Alarm] = []
    for kind in Kind:
        mine = [s for s in steps if s.kind is kind]
        for side in sides:
            raised += _deletions(mine, agreed(kind), side)
            raised += _changes(mine, agreed(kind), side, was_before)
    return tuple(alarm for alarm in raised if alarm.danger not in allowed)


def _deletions(steps: list[Step], of: int, side: _Side) -> list[Alarm]:
    gone = tuple(s for s in steps if s.decision is side.trashing)
    return (
        [Alarm(Danger.DELETIONS, side.here, of, gone)] if too_many_deletions(len(gone), of) else []
    )


def _changes(steps: list[Step], of: int, side: _Side, was_before: WasBefore) -> list[Alarm]:
    """Return the first alarm that the changes on one side raise."""
    updated = [s for s in steps if s.decision is Decision.UPDATE and side.written(s)]
    revived = [s for s in steps if s.decision in _REVIVING and not side.here]
    written = updated + revived

    def those(suspicious: Callable[[Step, str, Any], bool]) -> tuple[Step, ...]:
        return tuple(s for s in updated if any(suspicious(s, *f) for f in side.written(s).items()))

    garbled = those(lambda s, name, value: is_garbled(side.before(s).get(name), value))
    if too_many_deletions(len(garbled), of):
        return [Alarm(Danger.GARBLED, side.here, of, garbled)]
    if not too_many_changes(len(written), of):
        return []
    back = those(lambda s, name, value: was_before(s.kind, s.key, name, value))
    if (len(back) + len(revived)) * 2 > len(written):
        return [Alarm(Danger.REVERSALS, side.here, of, (*back, *revived))]
    emptied = those(lambda s, name, value: bool(side.before(s).get(name)) and not value)
    return [Alarm(Danger.LOSSES, side.here, of, emptied)] if len(emptied) * 2 > len(written) else []
