"""What an import proposes: corrections, each by itself, and all that it could not place. Pure data.

Whoever reads a file (a corrected handout, a list of references) makes a proposal; it is shown, agreed on in
whole or in part, and only then written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Doubt(Enum):
    """Why a correction is only made where somebody says so."""

    CHANGED_SINCE = "changed here since the document was printed"
    GUESSED = "a part of it is a guess"
    OLDER = "what it was before some run"
    NO_RECORD = "it is not known what the document said when it was printed"
    IN_CONFLICT = "the item has an open conflict"
    DIFFERS = "it says something else here"
    LIKE_ANOTHER = "it may be here already"


class Why(Enum):
    """Why something is left to people."""

    UNREADABLE = "no field could be found for it"
    NEW_ENTRY = "an entry that the handout did not have"
    ELSEWHERE = "an entry of an item that the handout does not print"
    GONE = "the item is gone by now"
    NO_KEY = "no sync has given the item a key yet"
    LINK = "an address that leads elsewhere than it says"
    FORMATTING = "only its looks were changed"
    NOT_HERE = "it stands in another file"
    MOVED = "moved to another section"
    ORDER = "the handout file lists no order"
    SECTIONS = "sections in another order"


class Trust(Enum):
    """How sure it is that a field was read rightly, where nothing in a file names its fields."""

    SURE = "sure"
    """The file says so in words or signs of its own: « n°3 », « pp. 3-81 »."""
    LIKELY = "likely"
    """The shape of the text says so."""
    GUESS = "a guess"
    """Nothing but its place says so."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a field was read from, where nothing in a file names its fields."""

    name: str
    """The field's."""
    text: str
    """The words of the file."""
    trust: Trust


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: fields of an item, or settings of a handout file (`key` is "" then)."""

    key: str
    title: str
    """The item's, for people; the handout's name."""
    part: str
    """What was corrected, as the name of a role of lines, or of a setting."""
    was: str
    now: str
    before: Mapping[str, Any]
    """Field -> what it holds; None where it is empty."""
    fields: Mapping[str, Any]
    """Field -> what it is to hold; None clears it."""
    doubt: Doubt | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Something that was found and is left to people: where, what it was, what it is."""

    why: Why
    key: str
    title: str
    part: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote beside an entry."""

    text: str
    author: str
    key: str
    title: str
    footnote: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """An item that is not here yet."""

    key: str
    """The key that it shall have; "" for a new one."""
    fields: Mapping[str, Any]
    """In normal form, but `collections` holds paths; `parentItem` the key of its item here, or anew."""
    notes: tuple[str, ...] = ()
    """Its child notes, as HTML."""
    place: str = ""
    """Where it stands in the file, for people."""
    kept: tuple[str, ...] = ()
    """What no field could be found for, and stands in `extra`."""
    like: str = ""
    """The key of the item that it may be, or of its double in the files."""
    doubt: Doubt | None = None
    evidence: tuple[Evidence, ...] = ()
    """Of fields that had to be interpreted."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything that an import found."""

    corrections: tuple[Correction, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    said: tuple[Said, ...] = ()
    handout: str = ""
    """Path of the handout file below the workspace that corrections without a key are about."""
    from_record: bool = True
    """Whether it was known what had been printed; else all is compared with what would be printed now."""
    additions: tuple[Addition, ...] = ()
