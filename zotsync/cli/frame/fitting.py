"""Tables of one line a row that fit a terminal: what is too wide is cut. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from zotsync.cli.frame.columns import cells

GAP = 2
"""Cells between two columns."""
_ELLIPSIS = "…"


def fitted(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return the cells of a table, cut and filled up so that every row takes at most `width` cells."""
    sizes = [[cells(text) for text in row] for row in rows]
    widths = shared([max(column) for column in zip(*sizes, strict=True)], width)
    last = len(widths) - 1
    return [
        [
            _filled(text, size, widths[at], pad=at < last)
            for at, (text, size) in enumerate(zip(row, own, strict=True))
        ]
        for row, own in zip(rows, sizes, strict=True)
    ]


def shared(wanted: Sequence[int], width: int) -> list[int]:
    """Return how wide each column is: as it wants where there is room, the widest ones cut alike."""
    room = max(width - GAP * (len(wanted) - 1), len(wanted))
    widths = list(wanted)
    while (over := sum(widths) - room) > 0:
        widest = max(widths)
        below = max((size for size in widths if size < widest), default=0)
        tall = [at for at, size in enumerate(widths) if size == widest]
        cut = min(widest - below, -(-over // len(tall)))
        for at in tall:
            widths[at] -= cut
    return widths


def cut(text: str, width: int) -> str:
    """Return a text that takes at most `width` cells, with an ellipsis where something is left out."""
    if cells(text) <= width:
        return text
    kept = text[: max(width - 1, 0)]
    while kept and cells(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}{_ELLIPSIS}" if width else ""


def _filled(text: str, size: int, width: int, *, pad: bool) -> str:
    if size > width:
        text = cut(text, width)
        size = cells(text) if pad else width
    return text + " " * (width - size + GAP) if pad else text
