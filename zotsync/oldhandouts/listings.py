"""Tables of contents and indexes: they name entries, and are none. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from zotsync.oldhandouts.accounting import fold
from zotsync.oldhandouts.blocks import Block

_HEADING = re.compile(
    r"(?i)^(?:\d+\.?\s+)?(?:sommaire|table des mati[èe]res|plan|index(?:\s+.{0,40})?|contents)\s*:?$"
)
_ROW = re.compile(r"^.{1,140}?(?:[\s.…_,]|\t)+\d{1,4}(?:\s*[,;]\s*\d{1,4})*\s*$")
_ONLY_NUMBERS = re.compile(r"^[\d\s,;]+$")
_LONGEST = 160


def without_listings(blocks: Sequence[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """Return the blocks without contents and indexes, and the lines of those."""
    said = Counter(_plain(block.text) for block in blocks)
    kept: list[Block] = []
    gone: list[str] = []
    inside = False
    for block in blocks:
        text = " ".join(block.text.split())
        if _HEADING.match(text):
            inside = True
        elif inside and not _is_row(text, said):
            inside = False
        if inside:
            gone.append(text)
        else:
            kept.append(block)
    if len(gone) * 5 > len(blocks) * 4:
        return list(blocks), ()
    return kept, tuple(gone)


def _is_row(text: str, said: Counter[str]) -> bool:
    if len(text) > _LONGEST:
        return False
    return bool(_ROW.match(text) or _ONLY_NUMBERS.match(text)) or said[_plain(text)] > 1


def _plain(text: str) -> str:
    words = fold(" ".join(re.sub(r"^\W+", "", text).split()))
    return re.sub(r"[\s.…_]+\d{1,4}$", "", words)
