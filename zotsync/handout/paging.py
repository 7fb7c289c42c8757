"""On which pages a document's headings stand: as LibreOffice lays it out, else estimated."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from math import ceil

from zotsync.errors import FileError
from zotsync.handout import libreoffice
from zotsync.handout.entry import Document, Line, Role, plain
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.looks import Look, looks_of

_LETTER_WIDTH = 0.49
"""Of an average letter, in units of its font's size."""
_LINE_HEIGHT = 1.2
"""Of a line of pitch 1, in units of its font's size."""
_LARGEST = 2_000_000
"""Bytes of a .docx that LibreOffice is still asked about: thousands of entries, and a minute of its time."""
_PATIENCE = 120.0
"""Seconds."""


def heading_pages(docx: Callable[[], bytes], count: int) -> Sequence[int] | None:
    """Return the pages on which the `count` headings of a .docx stand, in order.

    None where LibreOffice is not installed, fails, or finds other headings, and for very long documents.
    """
    if libreoffice.find() is None or not count:
        return None
    if len(data := docx()) > _LARGEST:
        return None
    try:
        pages = _outlined(libreoffice.convert(data, "docx", "pdf", timeout=_PATIENCE))
    except FileError:  # it is there and does not work: the estimate will do
        return None
    return pages if len(pages) == count else None


def _outlined(pdf: bytes) -> tuple[int, ...]:
    """Return the page of each bookmark of a PDF's outline."""
    from pypdf import PdfReader  # noqa: PLC0415 - for tables of contents alone
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above
    from pypdf.generic import Destination  # noqa: PLC0415 - as above

    try:
        reader = PdfReader(io.BytesIO(pdf))
        found = (one for one in reader.outline if isinstance(one, Destination))
        pages = (reader.get_destination_page_number(one) for one in found)
        return tuple(page + 1 for page in pages if page is not None)
    except PyPdfError:
        return ()


def estimated_pages(document: Document, theme: Theme) -> tuple[int, ...]:
    """Return about where the headings of blocks and indexes will stand, in order."""
    looks = looks_of(theme.base)
    page = looks.page
    height = (page.height - page.top - page.bottom) * max(page.columns, 1)
    width = (page.width - page.left - page.right - page.gap * (page.columns - 1)) / page.columns
    starts, at = [], 0.0
    for line, is_heading, begins_page in _flow(document):
        tall = _height(line, looks.roles[line.role], width)
        if begins_page or (is_heading and at % height > height - 4 * tall):
            at = ceil(at / height) * height
        if is_heading:
            starts.append(int(at // height) + 1)
        at += tall
    return tuple(starts)


def _flow(document: Document) -> Iterator[tuple[Line, bool, bool]]:
    """Yield the lines in order: whether one is a heading, and whether it begins a page."""
    new_pages = {len(document.front), len(document.front) + _listed(document)}
    for place, (line, is_heading) in enumerate(_lines(document)):
        yield line, is_heading, document.cover and place in new_pages


def _listed(document: Document) -> int:
    """Return how many lines the table of contents has."""
    return 1 + len(document.headings) if document.contents else 0


def _lines(document: Document) -> Iterator[tuple[Line, bool]]:
    yield from ((line, False) for line in document.front)
    if document.contents:
        yield document.contents, False
        yield from ((line._replace(role=Role.CONTENTS), False) for line in document.headings)
    yield from ((line, False) for line in document.intro)
    for block in document.blocks:
        if block.heading:
            yield block.heading, True
        yield from ((line, False) for entry in block.entries for line in entry.lines)
    for index in document.indexes:
        yield index.heading, True
        yield from ((plain(Role.INDEX, row.name), False) for row in index.rows[::2])  # two columns


def _height(line: Line, look: Look, width: float) -> float:
    letters = max(1.0, (width - look.left - look.right) / (look.size * _LETTER_WIDTH))
    rows = max(1, ceil(len(line.text) / letters))
    pitch = look.line * look.size * _LINE_HEIGHT if look.line_rule == "multiple" else look.line
    return rows * pitch + look.before + look.after
