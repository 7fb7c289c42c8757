"""What is printed, before any format: lines with roles, made of runs of text.

Tuples with names where there are thousands of them: they are made in half the time of a frozen class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import NamedTuple


class Role(StrEnum):
    """What a line is. The value is the name of its paragraph style in a theme's base.docx."""

    INSTITUTION = "Handout Institution"
    TITLE = "Handout Title"
    SUBTITLE = "Handout Subtitle"
    DATE = "Handout Date"
    INTRO = "Handout Intro"
    CONTACT = "Handout Contact"
    SECTION = "Section Heading"
    AUTHOR = "Entry Author"
    ENTRY_TITLE = "Entry Title"
    ENTRY_SUBTITLE = "Entry Subtitle"
    SOURCE = "Entry Source"
    ABSTRACT = "Entry Abstract"
    KEYWORDS = "Entry Keywords"
    SHELFMARK = "Entry Shelfmark"
    NOTE = "Entry Note"
    ACCESS = "Entry Access"
    REFERENCE = "Entry Reference"
    CONTENTS_HEADING = "Contents Heading"
    CONTENTS = "Contents Entry"
    INDEX = "Index Entry"

    __hash__ = str.__hash__  # Enum's own is five times slower, and asked for each line


FALLBACK: Mapping[Role, Role] = {
    Role.REFERENCE: Role.ENTRY_SUBTITLE,
    Role.CONTENTS_HEADING: Role.SECTION,
    Role.CONTENTS: Role.KEYWORDS,
    Role.INDEX: Role.KEYWORDS,
}
"""Roles that a base.docx may do without, and whose style they take then."""


class Mark(StrEnum):
    """What a run is within its line. The value is the name of its character style."""

    ORIGIN = "Abstract Mark"
    LINK = "Entry Link"
    NUMBER = "Entry Number"

    __hash__ = str.__hash__


OPTIONAL_MARKS = frozenset({Mark.NUMBER})
"""Marks that a base.docx may do without: their runs look like the line."""


class Face(StrEnum):
    """Formatting that Zotero allows inside titles, as HTML."""

    ITALIC = "i"
    BOLD = "b"
    SUB = "sub"
    SUP = "sup"
    SMALL_CAPS = "sc"

    __hash__ = str.__hash__


NO_FACES: frozenset[Face] = frozenset()


class Run(NamedTuple):
    """A stretch of text that looks alike."""

    text: str
    mark: Mark | None = None
    faces: frozenset[Face] = NO_FACES
    url: str = ""
    """Where a click leads; empty for plain text."""
    code: str = ""
    """What a scanner reads: printed as a QR code for paper, `text` being its alternative text.

    Formats without pictures leave the run out."""


run_of: Callable[[tuple[str, Mark | None, frozenset[Face], str, str]], Run] = partial(
    tuple.__new__, Run
)
"""`Run` of its parts, in half the time."""


class Line(NamedTuple):
    """One printed paragraph."""

    role: Role
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Return the line's text without its formatting."""
        runs = self.runs
        return runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])


line_of: Callable[[tuple[Role, tuple[Run, ...]]], Line] = partial(tuple.__new__, Line)
"""`Line` of its parts, in half the time."""


class Entry(NamedTuple):
    """One item as it is printed."""

    key: str
    lines: tuple[Line, ...]
    number: int = 0
    """Its number in the document; 0 where entries have none. `lines` show it already."""


entry_of: Callable[[tuple[str, tuple[Line, ...], int]], Entry] = partial(tuple.__new__, Entry)
"""`Entry` of its parts, in half the time."""


@dataclass(frozen=True, slots=True)
class Block:
    """A section with its entries."""

    heading: Line | None
    entries: Iterable[Entry]
    """Can be read again and again."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What the document says of itself to a file manager or a search engine."""

    title: str = ""
    subject: str = ""
    author: str = ""
    keywords: str = ""
    date: tuple[int, int, int] | None = None
    """Year, month, day; None: the document carries no date."""
    language: str = "fr-FR"


class IndexRow(NamedTuple):
    """A name or keyword, and the entries that have it."""

    name: str
    entries: tuple[tuple[int, str], ...]
    """(number, item key), by number."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index at the document's end."""

    heading: Line
    rows: tuple[IndexRow, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole handout, in the order of its parts: what every writer gets, and no writer decides."""

    front: tuple[Line, ...]
    """The title band: title, subtitle, institution, date."""
    blocks: tuple[Block, ...]
    back: tuple[Line, ...] = ()
    properties: Properties = field(default_factory=Properties)
    logo: str = ""
    """Path of a picture that stands before the title; empty for none."""
    cover: bool = False
    """Whether the title band has a page of its own."""
    contents: Line | None = None
    """The heading of a table of contents, which stands behind the title band; None: there is none."""
    intro: tuple[Line, ...] = ()
    """Stands before the first block."""
    indexes: tuple[Index, ...] = ()
    """Stand behind the last block."""

    @property
    def headings(self) -> tuple[Line, ...]:
        """Return the headings that a table of contents lists: of blocks, and of indexes."""
        found = [block.heading for block in self.blocks if block.heading]
        return (*found, *(index.heading for index in self.indexes))


def plain(role: Role, text: str) -> Line:
    """Return a line of one unadorned run."""
    return Line(role, (Run(text),))
