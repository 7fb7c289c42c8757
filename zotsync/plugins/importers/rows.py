"""The rows of a table, however it was saved: what parts its cells, where it begins. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from zotsync.i18n import _
from zotsync.plugins.incoming import Unread, UnreadableError

DELIMITERS = ";\t,|"
_ABOVE = 20
"""Lines above the headings that are looked at: titles, dates, blank lines."""
_SEP = len("sep=;")
_LONGEST = 1_000_000
"""Letters of a line."""
_MOST_FAULTS = 20
"""Quotes that are not closed, after each of which the rows are read anew."""


@dataclass(frozen=True)
class Row:
    """The cells of one row, and the lines it stands in."""

    line: int
    cells: Sequence[str]
    end: int
    """The number of its last line."""


def table_of(
    text: str, known: Callable[[Sequence[str]], int]
) -> tuple[Row, Iterator[Row | Unread]]:
    """Return the headings of a table, and the rows below. Raises UnreadableError.

    `known`: cells -> how many of them are headings that mean something; 0 where they can be none at all.
    """
    lines = list(io.StringIO(text.lstrip("\ufeff"), newline="\n"))
    if long := next((n for n, line in enumerate(lines, 1) if len(line) > _LONGEST), 0):
        raise UnreadableError(_("Line {line} is far too long for a table.").format(line=long))
    told = lines[0].strip()[-1:] if lines and is_sep(lines[0]) else ""
    start = 1 if told else 0
    tried = [_headings(lines, start, delimiter) for delimiter in told or DELIMITERS]
    found = [(known(row.cells), row, delimiter) for rows, delimiter in tried for row in rows]
    if not found:
        raise UnreadableError(_("The table is empty."))
    count, headings, delimiter = max(found, key=lambda one: one[0])
    if not count:  # the first line is what people take for the headings
        widest = max(tried, key=lambda one: len(one[0][0].cells) if one[0] else 0)
        headings = widest[0][0]
    return headings, _rows(lines, headings.end, delimiter)


def is_sep(line: str) -> bool:
    """Return whether a line is the one by which Excel is told what parts the cells: `sep=;`."""
    return line.lower().startswith("sep=") and len(line.strip()) == _SEP


def _headings(lines: Sequence[str], start: int, delimiter: str) -> tuple[list[Row], str]:
    """Return the rows that may be the headings, where this sign parts the cells."""
    rows = [
        row
        for row in _until_fault(lines[: start + _ABOVE], start, delimiter)
        if isinstance(row, Row)
    ]
    return rows, delimiter


def _rows(lines: Sequence[str], start: int, delimiter: str) -> Iterator[Row | Unread]:
    """Yield the rows from a line on; where a quote is not closed the next line begins a row again."""
    at = start
    for _fault in range(_MOST_FAULTS):
        for row in _until_fault(lines, at, delimiter):
            if isinstance(row, Unread):
                yield row
                at = int(row.place)
                break
            yield row
        else:
            return
    raise UnreadableError(_("Quotation marks are not closed in many lines: save the table anew."))


def _until_fault(lines: Sequence[str], start: int, delimiter: str) -> Iterator[Row | Unread]:
    reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter)
    while True:
        first = start + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Unread(
                str(first + 1), _("a cell is far too long, or a quotation mark is missing")
            )
            return
        if cells is None:
            return
        last = start + reader.line_num
        if (last - first > 1 or last == len(lines)) and not _is_whole(lines[first:last], delimiter):
            yield Unread(str(first + 1), _("a quotation mark is missing"))
            return
        if any(cell.strip() for cell in cells):
            yield Row(first + 1, cells, last)


def _is_whole(lines: Sequence[str], delimiter: str) -> bool:
    """Return whether the quotes of a row over several lines are closed where a cell ends."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
