"""Paragraphs and lines of a document of any format, with what can be seen of their typography. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """How a line looks. What a format does not tell stays 0 or empty."""

    style: str = ""
    """The paragraph style's name, or the HTML element's class."""
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    indent: int = 0
    """Points, or columns of plain text."""
    level: int = 0
    """1 to 6: a heading, as the format says."""


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph."""

    text: str
    look: Look = Look()
    gap: float = 0.0
    """Space above, in lines."""
    page: int = 1
    room: float = -1.0
    """Columns left free at its end, where lines were broken by width; negative: the paragraph is whole."""
    marked: bool = False
    """A list's bullet or number stood before it."""
    numbered: bool = False
    """The number counts up through the document."""
    italics: tuple[str, ...] = ()
    """What stands in italics in it, where not all does."""
    head: str = ""
    """What it begins with in bold, where not all of it is."""
    links: tuple[tuple[str, str], ...] = ()
    """(text, address) of links whose text is not the address."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A document as its reader found it."""

    blocks: tuple[Block, ...]
    title: str = ""
    """What the file's own properties call it."""
    dropped: tuple[str, ...] = field(default=())
    """Page heads, page feet and page numbers, each once."""
