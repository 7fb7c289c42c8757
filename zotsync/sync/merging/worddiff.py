"""Which words changed between two texts, to show them. Pure."""

from __future__ import annotations

import re
from typing import Literal

from zotsync.sync.merging.units import Change, changes

Op = Literal["same", "old", "new"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def changed_words(old: str, new: str) -> list[tuple[Op, str]]:
    """Return both texts in one, as runs that are the "same", or only in "old" or in "new".

    The runs "same" and "old" make up `old`, "same" and "new" make up `new`; where words were
    replaced the old run comes first. A blank between two replaced words goes with them.
    """
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    runs: list[tuple[Op, str]] = []
    done = 0
    for change in _joined(changes(a, b), a):
        runs.append(("same", "".join(a[done : change.start])))
        runs.append(("old", "".join(a[change.start : change.end])))
        runs.append(("new", "".join(b[change.to_start : change.to_end])))
        done = change.end
    runs.append(("same", "".join(a[done:])))
    return [(op, text) for op, text in runs if text]


def _joined(found: list[Change], old: list[str]) -> list[Change]:
    """Return the changes, those joined that replace and have but blanks between them."""
    joined: list[Change] = []
    for change in found:
        before = joined[-1] if joined else None
        if before and _replaces(before) and _replaces(change):
            between = "".join(old[before.end : change.start])
            if between.isspace():
                joined[-1] = Change(before.start, change.end, before.to_start, change.to_end)
                continue
        joined.append(change)
    return joined


def _replaces(change: Change) -> bool:
    return change.start < change.end and change.to_start < change.to_end
