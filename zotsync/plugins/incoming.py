"""What an importer is given, and what it gives. Pure.

An entry point of the group `zotsync.importers` names an `Importer`; its own name is the format's:

    [project.entry-points."zotsync.importers"]
    endnote = "my_package.endnote:ENDNOTE"

An importer reads the bytes that it is given and nothing else: it opens, fetches and executes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.model import Schema
from zotsync.proposal import Evidence, Trust

__all__ = [
    "Beside",
    "Evidence",
    "Importer",
    "Reference",
    "Source",
    "Trust",
    "Unread",
    "UnreadableError",
]


@dataclass(frozen=True)
class Source:
    """A file on its way in."""

    data: bytes
    schema: Schema
    columns: Mapping[str, str] = field(default_factory=dict)
    """For tables: heading -> what the column holds, as somebody named it."""
    name: str = ""
    """The file's, for people."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One item that a file tells of."""

    fields: Mapping[str, Any]
    """As in `zotsync.model`, but `collections` holds paths."""
    place: str = ""
    """Where it stands, for people: a line, a citation key."""
    notes: tuple[str, ...] = ()
    """Its child notes, as HTML."""
    kept: tuple[str, ...] = ()
    """What no field could be found for, and stands in `extra` now: `label: value`."""
    key: str = ""
    """The item's key in Zotero, where the file tells it."""
    sections: tuple[str, ...] = ()
    """In a document with headings: its title, then those above the reference. They become collections."""
    evidence: tuple[Evidence, ...] = ()
    """What each field was read from, where the format does not name its fields."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that a file says and that belongs to no reference: an introduction, a page head."""

    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in a file that could not be read, and why."""

    place: str
    reason: str


class UnreadableError(ValueError):
    """A file that is not of the format, or beyond all bounds. Its text is for people."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint
        """What to do about it; "" leaves it to zotsync to say something."""


@dataclass(frozen=True, slots=True)
class Importer:
    """A format that references can be read from."""

    title: str
    """What people call it, in one line."""
    endings: tuple[str, ...]
    """How the names of its files end, without the dot."""
    recognises: Callable[[bytes], bool]
    """Whether the beginning of a file looks like this format."""
    read: Callable[[Source], Iterable[Reference | Unread | Beside]]
    """Yield what is in a file, in its order. Raises UnreadableError."""
