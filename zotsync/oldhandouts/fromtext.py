"""Plain text as lines: as somebody typed it, or as it came out of a PDF. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from zotsync.oldhandouts.blocks import Block, Look, Pages
from zotsync.oldhandouts.repeated import without_page_frames

_RULE = re.compile(r"\s*([=\-_*~#—─])\1{2,}\s*")
_FULL_SHARE = 0.95
_SHORT = 40
_UNBROKEN = 200
"""A text with many lines this long was not broken by width."""
_WIDEST = 110
"""Lines longer than that are whole paragraphs, unless some go on below."""
_TAB = 4
_MARKDOWN = re.compile(r"(#{1,6})\s+(?=\S)")


def text_pages(text: str) -> Pages:
    """Return the lines of a text, with their indents and the blank lines above them."""
    plain = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    plain = re.sub("[\u0085\u2028\u2029\x0b]", "\n", plain).replace("\x00", "")
    blocks = list(_lines(plain))
    kept, dropped = without_page_frames(blocks)
    width = _width(kept)
    return Pages(tuple(_roomy(block, width) for block in kept), dropped=dropped)


def _lines(text: str) -> Iterator[Block]:
    waiting: Block | None = None
    gap, page = 0.0, 1
    for raw in text.split("\n"):
        page += raw.count("\f")
        line = raw.replace("\f", "").expandtabs(_TAB)
        said = line.strip()
        if not said:
            gap += 1
            continue
        if _RULE.fullmatch(said):
            if waiting and not gap:
                level = 1 if said[0] == "=" else 2
                waiting = _with_level(waiting, level)
            gap = max(gap, 1)
            continue
        if waiting:
            yield waiting
        indent = len(line) - len(line.lstrip())
        waiting = Block(said, Look(indent=indent), gap, page)
        if found := _MARKDOWN.match(said):
            waiting = _with_level(Block(said[found.end() :], gap=gap, page=page), len(found[1]))
        gap = 0.0
    if waiting:
        yield waiting


def _with_level(block: Block, level: int) -> Block:
    return Block(block.text, Look(indent=block.look.indent, level=level), block.gap, block.page)


def _width(blocks: list[Block]) -> int:
    """Return the width at which lines were broken; 0 where they were not."""
    lines = [block.text for block in blocks]
    lengths = sorted(len(line) for line in lines if len(line) > _SHORT and "://" not in line)
    if not lengths or (lengths[-1] > _WIDEST and not _go_on(blocks)):
        return 0
    if sum(1 for length in lengths if length > _UNBROKEN) * 5 > len(lengths):
        return 0
    return lengths[int(_FULL_SHARE * (len(lengths) - 1))]


def _go_on(blocks: list[Block]) -> bool:
    """Return whether a line begins as the rest of one before it does: with a small letter."""
    pairs = (b for a, b in pairwise(blocks) if not b.gap and len(a.text) > _SHORT)
    return any(block.text[:1].islower() and "://" not in block.text for block in pairs)


def _roomy(block: Block, width: int) -> Block:
    if not width or block.look.level:
        return block
    room = float(max(0, width - block.look.indent - len(block.text)))
    return Block(block.text, block.look, block.gap, block.page, room)
