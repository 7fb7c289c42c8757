"""Tables that fit a terminal: what is too wide goes on below, in its own column. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from zotsync.cli.frame.columns import Line, cells, wrapped

GAP = 2
"""Cells between two columns."""
_NARROWEST = 6
"""Cells that a column has at least, however narrow the terminal."""


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
    widths = fitting(natural, width - GAP * (count - 1))
    lines = [line for row in whole[: bool(head)] for line in _lines(row, widths)]
    if head:
        lines.append(_joined([[("─" * share, "")] for share in widths], widths))
    return [*lines, *(line for row in whole[bool(head) :] for line in _lines(row, widths))]


def fitting(natural: Sequence[int], room: int) -> list[int]:
    """Return widths that fit into `room`: the widest columns give way first, all of these alike."""
    widths = list(natural)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = max(widths)
        wide = [n for n, width in enumerate(widths) if width == widest]
        second = max((width for width in widths if width < widest), default=0)
        fair = widest + (room - sum(widths)) // len(wide)
        share = max(second, fair, _NARROWEST)
        for n in wide:
            widths[n] = share
        if share == fair:
            break
    return widths


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
