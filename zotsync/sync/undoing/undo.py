"""The values of an undo: how things stand, what is edited back, and what is left with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from zotsync.sync.deciding.steps import Shelves
from zotsync.sync.trees import Kind, Step, Trees


class Why(Enum):
    """Why something is not undone."""

    THEIRS = "theirs"
    """It came from Zotero: a colleague's doing."""
    CHANGED = "changed since"
    CHANGED_HERE = "changed here since, and not synced"
    WAITS = "waits"
    """It is in open conflict, or cannot be sent as it stands."""
    GONE = "gone"
    """The object is in the trash or erased by now."""
    IN_USE = "in use"
    """Somebody has put something inside since."""
    NO_SHELF = "collection gone"
    """A collection that it stood in is gone by now."""
    UNKNOWN = "unknown"
    """The journal does not tell what it was like."""


class What(Enum):
    """What is done to an object."""

    EDIT = "edit"
    REMOVE = "remove"
    """The file goes to the trash here, the object to Zotero's."""
    BRING_BACK = "bring back"


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What is done to one object here; the sync that follows does it in Zotero."""

    what: What
    kind: Kind
    key: str
    title: str
    file: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value to come; None clears it. What is brought back: all its fields."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value now."""
    text: str | None = None
    """The text of a file that is brought back, if it is known."""
    mentions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What is not undone, and why."""

    why: Why
    kind: Kind
    key: str
    title: str
    fields: tuple[str, ...] = ()
    """Empty: the object as a whole."""
    run: int | None = None
    """The run in which it changed since, if one is known."""
    by: str = ""
    """Who changed it in Zotero last, and when, where the server says so."""


@dataclass(frozen=True, slots=True)
class HandoutBack:
    """A handout file that is made what it was."""

    file: str
    """Path below the workspace."""
    now: str
    text: str
    """What it is to be."""


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What an undo would do."""

    run: int
    steps: tuple[UndoStep, ...] = ()
    left: tuple[Left, ...] = ()
    handouts: tuple[HandoutBack, ...] = ()
    here: bool = False
    """Whether Zotero has no part in it: no sync has seen what is taken back."""
    first: tuple[Step, ...] = ()
    """What the sync does that comes first."""
    resumes: bool = False
    """Whether an undo of the run was cut short: what it did in files goes to Zotero with that sync."""

    @property
    def count(self) -> int:
        """Return how much it does."""
        return len(self.steps) + len(self.handouts)

    def does_more_than(self, other: UndoPlan) -> bool:
        """Return whether it does anything that the other one does not."""
        known = [(step.what, step.key, step.fields) for step in other.steps]
        news = [s for s in self.steps if (s.what, s.key, s.fields) not in known]
        return bool(news) or not {b.file for b in self.handouts} <= {b.file for b in other.handouts}


@dataclass(frozen=True)
class Present:
    """How things stand now."""

    trees: Mapping[Kind, Trees]
    shelves: Shelves
    since: Mapping[tuple[Kind, str, str], int] = field(default_factory=dict)
    """(kind, key, field) -> the last run that edited it after the one that is undone; 0: one to come."""
    unsent: frozenset[tuple[Kind, str, str]] = frozenset()
    """What was edited here and goes to Zotero with the sync that comes first."""
    inside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Key -> what stands in it now: items and collections, notes and attachments."""
    placed: frozenset[str] = frozenset()
    """Keys of what was made, or put somewhere, after the run that is undone."""
