"""An .odt as paragraphs with their looks, those in tables and text boxes too, as a .docx is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zotsync.handout.readback.packages import Element, Package
from zotsync.oldhandouts.blocks import Block, Look, Pages
from zotsync.oldhandouts.lines import Seen, lines_of
from zotsync.oldhandouts.odtstyles import Sheet, level_of, sheet_of
from zotsync.oldhandouts.styled import Style
from zotsync.oldhandouts.tables import in_order

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TEXT, _TABLE = _OASIS % "office", _OASIS % "text", _OASIS % "table"
_STYLE, _DRAW = _OASIS % "style", _OASIS % "drawing"
_LINK = "{http://www.w3.org/1999/xlink}href"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_LISTINGS = {f"{_TEXT}{kind}-index" for kind in ("alphabetical", "illustration", "table", "object")}
_LISTINGS |= {f"{_TEXT}table-of-content"}
_SKIPPED = {f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls", f"{_OFFICE}forms"}
_BESIDE = {f"{_TEXT}note", f"{_OFFICE}annotation"}
_FRAMES = ("header", "footer", "header-left", "footer-left", "header-first", "footer-first")
_TEXTS = {f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
_TWIPS_PER_LINE = 240.0
_DEEPEST = 60
"""Elements within elements: tables, lists, text boxes."""


def odt_pages(package: Package) -> Pages:
    """Return what the text of an .odt holds; heads, feet, notes, comments and contents stand aside."""
    content = package.xml("content.xml")
    text = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise package.damaged()
    trees = [package.xml("styles.xml")] if package.has("styles.xml") else []
    reader = _Reader(sheet_of([*trees, content]))
    blocks = tuple(reader.blocks(text))
    frames = (said for tree in trees for said in _frames(tree))
    return Pages(blocks, dropped=tuple(dict.fromkeys((*reader.aside, *frames))))


def _frames(tree: Element) -> Iterator[str]:
    """Yield what page heads and feet say."""
    for master in tree.iter(f"{_STYLE}master-page"):
        for name in _FRAMES:
            for frame in master.iter(f"{_STYLE}{name}"):
                yield from filter(None, map(_said, frame.iter(*_PARAGRAPHS)))


def _said(element: Element) -> str:
    """Return the words of an element, those of all its paragraphs in one line."""
    return " ".join("".join(map(str, element.itertext())).split())


@dataclass
class _Reader:
    """Reads paragraphs in the order in which they stand."""

    sheet: Sheet
    aside: list[str] = field(default_factory=list)
    """Headings of tables' columns, contents, notes, comments."""
    _boxes: list[Element] = field(default_factory=list)
    _empty: int = 0
    _after: float = 0.0
    _before: str = ""
    """The style of the paragraph above."""

    def blocks(self, parent: Element, depth: int = 0, *, listed: bool = False) -> Iterator[Block]:
        """Yield the lines of a text, a cell or a list's item, whose first paragraph is marked."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag in _PARAGRAPHS:
                yield from self._paragraph(child, depth, listed=listed)
                listed = False
            elif child.tag == f"{_TABLE}table":
                yield from self._table(child, depth)
            elif child.tag in _LISTINGS:
                self.aside += filter(None, map(_said, child.iter(*_PARAGRAPHS)))
            elif child.tag in _BESIDE:
                self._aside(child)
            elif child.tag not in _SKIPPED:
                item = child.tag == f"{_TEXT}list-item"
                yield from self.blocks(child, depth + 1, listed=item)

    def _paragraph(self, element: Element, depth: int, *, listed: bool) -> Iterator[Block]:
        name = element.get(f"{_TEXT}style-name", "")
        style = self.sheet.paragraph(name)
        runs = list(self._runs(element, style, "", "", 0))
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self.blocks(box, depth + 1)
        if not "".join(run.text for run in runs).strip():
            self._empty += 1
            return
        space = max(self._after, style.before or 0.0) / _TWIPS_PER_LINE
        if name in self.sheet.contextual and name == self._before:
            space = 0.0
        level = level_of(element.get(f"{_TEXT}outline-level", "")) or style.level
        look = Look(style.name, indent=style.indent or 0, level=level or 0)
        marked = listed and not level
        yield from lines_of(runs, look, space + self._empty, marked=marked)
        self._empty, self._after, self._before = 0, style.after or 0.0, name

    def _table(self, table: Element, depth: int) -> Iterator[Block]:
        rows = [
            [list(self._cell(cell, depth)) for cell in row.iterchildren(f"{_TABLE}table-cell")]
            for row in _rows(table)
        ]
        blocks, headings = in_order(rows)
        self.aside += headings
        yield from blocks

    def _cell(self, cell: Element, depth: int) -> Iterator[Block]:
        self._empty, self._after, self._before = 0, 0.0, ""
        yield from self.blocks(cell, depth + 1)
        self._empty, self._after, self._before = 0, 0.0, ""

    def _runs(
        self, element: Element, style: Style, name: str, url: str, depth: int
    ) -> Iterator[Seen]:
        yield from self._seen(element.text, style, name, url)
        for child in element:
            if depth < _DEEPEST:
                yield from self._child(child, style, name, url, depth + 1)
            yield from self._seen(child.tail, style, name, url)

    def _child(
        self, child: Element, style: Style, name: str, url: str, depth: int
    ) -> Iterator[Seen]:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            blanks = int(count) if re.fullmatch(r"[0-9]{1,3}", count) else 1
            yield from self._seen(" " * blanks, style, name, url)
        elif child.tag in _TEXTS:
            yield Seen(_TEXTS[str(child.tag)])
        elif child.tag in _BESIDE:
            self._aside(child)
        elif str(child.tag).startswith(_DRAW):
            self._boxes += _outermost(child, 0)
        elif child.tag == f"{_TEXT}a":
            yield from self._runs(child, style, name, child.get(_LINK, ""), depth)
        elif child.tag == f"{_TEXT}span":
            yield from self._runs(child, style, child.get(f"{_TEXT}style-name", ""), url, depth)
        elif child.tag not in _SKIPPED:
            yield from self._runs(child, style, name, url, depth)

    def _seen(self, text: str | None, style: Style, name: str, url: str) -> Iterator[Seen]:
        said = re.sub(r"[ \t\r\n]+", " ", text or "")
        if said:
            own = self.sheet.text(name)
            bold = style.bold if own.bold is None else own.bold
            italic = style.italic if own.italic is None else own.italic
            yield Seen(said, bool(bold), bool(italic), own.size or style.size or 0.0, url)

    def _aside(self, element: Element) -> None:
        """Note what a foot note or a comment says, a line for each paragraph."""
        self.aside += filter(None, map(_said, element.iter(*_PARAGRAPHS)))


def _outermost(element: Element, depth: int) -> Iterator[Element]:
    """Yield the text boxes of a frame; those within them come as they are read."""
    if element.tag == f"{_DRAW}text-box":
        yield element
    elif depth < _DEEPEST:
        for child in element:
            yield from _outermost(child, depth + 1)


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those in groups too; rows of tables within its cells are none of them."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in {
            f"{_TABLE}table-{kind}" for kind in ("header-rows", "rows", "row-group")
        }:
            yield from _rows(child)
