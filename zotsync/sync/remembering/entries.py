"""Entries of the journal: what each says of one object that a run wrote on one side. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.sync.trees import Base, Decision, Kind, Step, Trees

FILE, ZOTERO = "file", "zotero"
CONFLICT = "conflict"
"""What stands for a decision where a conflict was shown: before is here, after is Zotero's."""
IMPORT = "import"
EDITED = ", edited"
"""Added to the decision by which an object comes back where an edit won over its deletion."""
_BACK = {Decision.RESTORE_IN_ZOTERO, Decision.RECREATE, Decision.RESTORE_FILE}
BESIDE = frozenset({CONFLICT, "key", "mentions", "collections", "handout"})
"""What is written down of files beside what became of an object: their texts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One object that a run wrote on one side."""

    kind: Kind
    key: str
    side: str
    """"file" or "zotero"."""
    decision: str
    file: str = ""
    before: Mapping[str, Any] | None = None
    """Fields before, as far as they were written over; None: it was not there."""
    after: Mapping[str, Any] | None = None
    """Fields after; None: it was removed."""
    text: str | None = None
    """The file's whole text before."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """What the collection paths in that text meant, path -> key; the journal fills it in."""


def decided(step: Step, trees: Trees) -> str:
    """Return what stands for a step's decision. Pure.

    What both sides had alive when they last agreed does not come: an edit keeps it.
    """
    base = trees.base.get(step.key)
    kept = step.decision in _BACK and base is not None and base.status is Base.LIVE
    return f"{step.decision.value}{EDITED}" if kept else step.decision.value


def new_here(step: Step, file: str, trees: Trees) -> Entry:
    """Return what the journal says of an object that is new here, or back. Pure."""
    what = decided(step, trees)
    if not what.endswith(EDITED):  # thousands in a first pull, all of it in the mirror
        return Entry(step.kind, step.key, FILE, what, file, after={})
    old = trees.base[step.key].fields
    names = {n for n in {*old, *step.to_file} if old.get(n) != step.to_file.get(n)}
    before, after = ({n: fields.get(n) for n in names} for fields in (old, step.to_file))
    return Entry(step.kind, step.key, FILE, what, file, before, after)


def shown_conflicts(step: Step) -> tuple[Entry, ...]:
    """Return what the journal says of conflicts that are shown for the first time, or anew. Pure."""
    if not (step.mark and step.conflicts):
        return ()
    here = {c.field: c.local for c in step.conflicts}
    there = {c.field: c.zotero for c in step.conflicts}
    return (Entry(step.kind, step.key, FILE, CONFLICT, step.file, here, there),)
