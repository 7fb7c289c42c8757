"""Tables that fit a terminal: what is too wide goes on below, in its own column. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from zotsync.cli.frame.columns import Line, cells, wrapped

GAP = 2
"""Cells between two columns."""
_NARROWEST = 6
"""Cells that a column has at least, however narrow the terminal."""
_LONGEST_WORD = 14
"""Cells of a word; what is longer is an address or a path, and may be broken."""


@dataclass(frozen=True)
class Cell:
    """A text in a table, with the colour a terminal gives it."""

    text: str
    style: str = ""


Row = Sequence["str | Cell"]


def drawn(headings: Sequence[str], rows: Sequence[Row], width: int) -> list[Line]:
    """Return the lines of a table at most `width` cells wide; without headings where all are empty."""
    table = [[_cell(value) for value in row] for row in rows]
    head = [Cell(heading, "bold") for heading in headings] if any(headings) else []
    count = max(map(len, [head, *table]), default=0)
    whole = [[*row, *[Cell("")] * (count - len(row))] for row in [head, *table] if row]
    natural = [max((cells(row[n].text) for row in whole), default=0) for n in range(count)]
    words = [_longest_word(row[n].text for row in whole) for n in range(count)]
    widths = fitting(natural, width - GAP * (count - 1), words)
    lines = [line for row in whole[: bool(head)] for line in _lines(row, widths)]
    if head:
        lines.append(_joined([[("─" * share, "")] for share in widths], widths))
    return [*lines, *(line for row in whole[bool(head) :] for line in _lines(row, widths))]


def fitting(natural: Sequence[int], room: int, words: Sequence[int] = ()) -> list[int]:
    """Return widths that fit into `room`: the widest columns give way first, all of these alike.

    `words`: of each column the width below which it breaks within words, kept where there is room.
    """
    widths = list(natural)
    least = [_NARROWEST] * len(widths)
    if words:  # where not all of them have room, the longest give way
        least = fitting([max(_NARROWEST, word) for word in words], room)
    while sum(widths) > room:
        open_ones = [n for n, width in enumerate(widths) if width > least[n]]
        if not open_ones:
            break
        widest = max(widths[n] for n in open_ones)
        wide = [n for n in open_ones if widths[n] == widest]
        second = max((widths[n] for n in open_ones if widths[n] < widest), default=0)
        fair = widest + (room - sum(widths)) // len(wide)
        for n in wide:
            widths[n] = max(second, fair, least[n])
    return widths


def _longest_word(texts: Iterable[str]) -> int:
    """Return how wide the longest word is that a column should not break."""
    words = (word for text in texts for word in text.split())
    return min(max(map(cells, words), default=0), _LONGEST_WORD)


def _cell(value: str | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> list[Line]:
    parts = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    return [_joined(line, widths) for line in zip_longest(*parts, fillvalue=[])]


def _wrapped(cell: Cell, width: int) -> list[Line]:
    if "\n" not in cell.text and cells(cell.text) <= width:
        return [[(cell.text, cell.style)]]
    return wrapped([(cell.text, cell.style)], width)


def _joined(parts: Sequence[Line], widths: Sequence[int]) -> Line:
    """Return one line of all columns, without blanks at its end."""
    line: Line = []
    missing = 0
    for part, width in zip(parts, widths, strict=True):
        used = sum(cells(text) for text, _style in part)
        if used:
            line += [(" " * missing, ""), *part] if missing else part
            missing = 0
        missing += width + GAP - used
    return line
