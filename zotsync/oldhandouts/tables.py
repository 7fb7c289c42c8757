"""Tables: each row an entry, its cells in the order in which an entry's lines stand elsewhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from zotsync.oldhandouts import cues
from zotsync.oldhandouts.blocks import Block
from zotsync.oldhandouts.leading import reference_likeness

Cell = Sequence[Block]
Row = Sequence[Cell]
_WHOLE = re.compile(
    r"(?i)(?:r[ée]f[ée]rences?|notices?|documents?|ouvrages?|articles?|ressources?)\b.{0,30}"
)
"""Headings of a column that holds whole references."""
_FIRST = (re.compile(r"(?i)titre"), re.compile(r"(?i)auteur"))
_LONGEST_LABEL = 32
_LIKELY = 2.5


def in_order(rows: Sequence[Row]) -> tuple[list[Block], tuple[str, ...]]:
    """Return the lines of a table, and those of its headings that say what stands below them."""
    rows = [row for row in rows if any(row)]
    if len(rows) > 1 and _is_headed(rows[0]):
        labels = [_text(cell) for cell in rows[0]]
        made = [block for row in rows[1:] for block in _entry(_labelled(labels, row))]
        return made, tuple(label for label in labels if label)
    if len(rows) > 1 and _is_form(rows):
        pairs = [(_text(row[0]), row[1]) for row in rows]
        return list(_entry(pairs)), ()
    column = _of_references(rows)
    if column:
        turned = ([row[column], *row[:column], *row[column + 1 :]] for row in rows)
        return [block for row in turned for block in _entry([("", cell) for cell in row])], ()
    return [block for row in rows for cell in row for block in cell], ()


def _text(cell: Cell) -> str:
    return " ".join(block.text for block in cell).strip().rstrip(" :")


def _is_label(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_LABEL and cues.LABEL.match(f"{text} : x") is not None


def _is_headed(row: Row) -> bool:
    """Return whether a row says what stands below it."""
    texts = [text for cell in row if (text := _text(cell))]
    whole = [text for text in texts if _WHOLE.fullmatch(text)]
    labels = [text for text in texts if _is_label(text)]
    return len(texts) > 1 and bool(labels) and len(labels) + len(whole) > len(texts) / 2


def _is_form(rows: Sequence[Row]) -> bool:
    """Return whether the first of two columns says what stands in the other one."""
    labels = sum(_is_label(_text(row[0])) for row in rows)
    return all(len(row) == 2 for row in rows) and labels * 3 > len(rows) * 2  # noqa: PLR2004


def _of_references(rows: Sequence[Row]) -> int:
    """Return which column but the first holds whole references; 0 for none."""
    columns = {len(row) for row in rows}
    if len(rows) < 2 or len(columns) != 1 or columns == {1}:  # noqa: PLR2004
        return 0
    means = [
        sum(reference_likeness(_text(row[at])) for row in rows) / len(rows)
        for at in range(len(rows[0]))
    ]
    best = max(range(len(means)), key=lambda at: means[at])
    return best if means[best] >= _LIKELY else 0


def _labelled(labels: Sequence[str], row: Row) -> Iterator[tuple[str, Cell]]:
    for at, cell in enumerate(row):
        label = labels[at] if at < len(labels) else ""
        yield (label if _is_label(label) else ""), cell


def _entry(cells: Sequence[tuple[str, Cell]] | Iterator[tuple[str, Cell]]) -> Iterator[Block]:
    """Yield the lines of one entry: what has no label first, then title and names, then the rest."""
    begun = False
    for label, cell in sorted(cells, key=lambda one: _rank(one[0])):
        for at, block in enumerate(cell):
            text = f"{label} : {block.text}" if label and not at else block.text
            gap = 0.0 if begun else max(block.gap, 1.0)
            yield replace(block, text=text, gap=gap, marked=block.marked or not begun)
            begun = True


def _rank(label: str) -> int:
    if not label:
        return 0
    return next((at for at, sign in enumerate(_FIRST, 1) if sign.match(label)), len(_FIRST) + 1)
