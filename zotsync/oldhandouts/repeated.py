"""Page heads, page feet and page numbers: what pages repeat at their edges. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from zotsync.oldhandouts.blocks import Block

_NUMBER = re.compile(
    r"(?i)(?:page|p\.)?\s*[-–—|]?\s*\d{1,4}(?:\s*(?:/|sur|of)\s*\d{1,4})?\s*[-–—|]?"
)
_EDGE = 2
_FEW = 3
_LONGEST = 160


def without_page_frames(blocks: Sequence[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """Return the blocks without what most pages repeat at top or foot, and what that was."""
    gone = frames_of(blocks)
    kept: list[Block] = []
    after = False
    for index, block in enumerate(blocks):
        if index in gone:
            after = True
            continue
        # what stood around a page's frame says nothing of the text that goes on below it
        kept.append(replace(block, gap=min(block.gap, 1.0)) if after else block)
        after = False
    return kept, tuple(dict.fromkeys(blocks[i].text for i in sorted(gone)))


def frames_of(blocks: Sequence[Block]) -> set[int]:
    """Return which blocks are page heads, page feet and page numbers; the blocks come from top to bottom."""
    pages: dict[int, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        pages[block.page].append(index)
    if len(pages) < 2:  # noqa: PLR2004
        return set()
    edges = {i for page in pages.values() for i in (*page[:_EDGE], *page[-_EDGE:])}
    counted = Counter(_shape(blocks[i].text) for i in edges)
    smallest: dict[str, float] = {}
    for i in edges:
        shape, size = _shape(blocks[i].text), blocks[i].look.size
        smallest[shape] = min(size, smallest.get(shape, size))
    often = max(2 if len(pages) < _FEW + 1 else _FEW, len(pages) // 3)
    return {
        i
        for i in edges
        if _is_frame(blocks[i].text, counted, often)
        and blocks[i].look.size < smallest[_shape(blocks[i].text)] + 1  # the title itself is larger
    }


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", " ".join(text.split())).casefold()


def _is_frame(text: str, counted: Counter[str], often: int) -> bool:
    if len(text) > _LONGEST:
        return False
    return _NUMBER.fullmatch(text) is not None or counted[_shape(text)] >= often
