"""Lines of a PDF's pages in reading order: columns, spaces above, room at the end. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from zotsync.oldhandouts.blocks import Block, Look, Pages
from zotsync.oldhandouts.lines import bold_head
from zotsync.oldhandouts.repeated import frames_of

_BOLD = re.compile(r"(?i)bold|black|heavy|semibold|demi")
_ITALIC = re.compile(r"(?i)italic|oblique|slanted")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line in one font, as the PDF has it."""

    text: str
    font: str
    size: float


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line with its place on the page: y grows upwards."""

    page: int
    x0: float
    x1: float
    y0: float
    y1: float
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Return the words of the line."""
        return " ".join("".join(p.text for p in self.pieces).split())

    @property
    def size(self) -> float:
        """Return the size that most of it has."""
        sizes = Counter[float]()
        for piece in self.pieces:
            sizes[round(piece.size, 1)] += len(piece.text)
        return sizes.most_common(1)[0][0] if sizes else 0.0


def pages_of(lines: Sequence[PdfLine], title: str = "") -> Pages:
    """Return lines as blocks in the order in which people read them."""
    downwards = sorted(lines, key=lambda one: (one.page, -one.y0, one.x0))
    gone = frames_of([Block(one.text, Look(size=one.size), page=one.page) for one in downwards])
    dropped = tuple(dict.fromkeys(downwards[at].text for at in sorted(gone)))
    lines = [one for at, one in enumerate(downwards) if at not in gone]
    ordered: list[tuple[PdfLine, float]] = []
    for number in sorted({line.page for line in lines}):
        for column in _columns([line for line in lines if line.page == number]):
            right = max((line.x1 for line in column), default=0.0)
            ordered += [(line, right) for line in column]
    steps = [
        a.y0 - b.y0
        for (a, _), (b, _) in pairwise(ordered)
        if a.page == b.page and 0 < a.y0 - b.y0 < 4 * max(a.size, 1)
    ]
    usual = median(steps) if steps else 14.0
    blocks: list[Block] = []
    for at, (line, right) in enumerate(ordered):
        before = ordered[at - 1][0] if at else None
        blocks.append(_block(line, before, right, usual))
    return Pages(tuple(blocks), title, dropped)


def _columns(lines: list[PdfLine]) -> list[list[PdfLine]]:
    """Return the lines of a page, a list for each column or band across, in reading order."""
    if not lines:
        return []
    left, right = min(one.x0 for one in lines), max(one.x1 for one in lines)
    gutter = _gutter(lines, left, right)
    lines = sorted(lines, key=lambda one: (-one.y0, one.x0))
    if gutter is None:
        return [lines]
    made: list[list[PdfLine]] = []
    first: list[PdfLine] = []
    second: list[PdfLine] = []
    for line in lines:
        if line.x0 < gutter < line.x1:
            made += [part for part in (first, second) if part]
            made.append([line])
            first, second = [], []
        else:
            (first if line.x1 <= gutter else second).append(line)
    return _bands([*made, *(part for part in (first, second) if part)], gutter)


def _bands(parts: list[list[PdfLine]], gutter: float) -> list[list[PdfLine]]:
    """Join lines across that stand below each other: they are one column as wide as the page."""
    made: list[list[PdfLine]] = []
    for part in parts:
        across = part[0].x0 < gutter < part[0].x1
        if made and across and made[-1][0].x0 < gutter < made[-1][0].x1:
            made[-1] += part
        else:
            made.append(list(part))
    return made


def _gutter(lines: Sequence[PdfLine], left: float, right: float) -> float | None:
    """Return where the page parts in two columns; None where it does not."""
    width = right - left
    places = [left + width * step / 200 for step in range(70, 131)]
    crossing = [sum(one.x0 < x < one.x1 for one in lines) for x in places]
    fewest = min(crossing)
    if fewest > len(lines) * 0.15:
        return None
    x = _middle(
        [x for x, count in zip(places, crossing, strict=True) if count == fewest], width / 150
    )
    begun = [one for one in lines if one.x0 >= x]
    ended = [one for one in lines if one.x1 <= x]
    starts = Counter(round(one.x0 / 4) for one in begun)
    aligned = starts.most_common(1)[0][1] if starts else 0
    if len(begun) < 5 or len(ended) < 5 or aligned * 2 < len(begun):  # noqa: PLR2004
        return None
    return x


def _middle(places: Sequence[float], step: float) -> float:
    """Return the middle of the longest row of places that are no more than a step apart."""
    rows: list[list[float]] = []
    for x in places:
        if rows and x - rows[-1][-1] <= step:
            rows[-1].append(x)
        else:
            rows.append([x])
    longest = max(rows, key=len)
    return longest[len(longest) // 2]


def _block(line: PdfLine, before: PdfLine | None, right: float, usual: float) -> Block:
    text = line.text
    size = line.size or 10.0
    gap = 0.0
    if before is not None and before.page == line.page and before.y0 > line.y0:
        gap = max(0.0, (before.y0 - line.y0) / max(usual, size * 1.05) - 1)
    elif before is not None and before.page != line.page and not text[:1].islower():
        gap = 0.0
    total = sum(len(p.text.strip()) for p in line.pieces) or 1
    bold = sum(len(p.text.strip()) for p in line.pieces if _BOLD.search(p.font)) * 2 > total
    slanted = [p.text.strip() for p in line.pieces if _ITALIC.search(p.font) and p.text.strip()]
    italic = sum(map(len, slanted)) * 10 > total * 9
    letter = max(0.1, (line.x1 - line.x0) / max(1, len(text)))
    look = Look("", size, bold, italic, int(line.x0 // 6))
    room = max(0.0, (right - line.x1) / letter)
    return Block(
        text,
        look,
        round(gap, 1) if gap > 0.25 else 0.0,  # noqa: PLR2004
        line.page,
        room,
        italics=() if italic else tuple(slanted),
        head=bold_head((p.text, _BOLD.search(p.font) is not None) for p in line.pieces),
    )
