"""Keeping both sides of a conflict: one value that holds what is here and what Zotero has. Pure.

What both sides share stands once; where they differ comes what is here, then what Zotero has. Units
are paragraphs, the blocks of a note, the lines of `extra`, creators, and the members of sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from zotsync.model import SETS, normal_text
from zotsync.sync.merging.merge import merge_set
from zotsync.sync.merging.notehtml import cut_blocks
from zotsync.sync.merging.units import Change, Pieces, changes, cut

_LINES = re.compile(r"[ \t]*\n[ \t\n]*")
_BREAK = "<br>\n"


def joined(field: str, here: Any, zotero: Any) -> Any | None:
    """Return a value that holds both sides, in normal form; None where a field cannot hold two."""
    if not here or not zotero:
        return None
    if field in SETS:
        return merge_set(field, None, here, zotero)
    if field == "creators":
        return [*here, *(creator for creator in zotero if creator not in here)]
    if field in _CUTTERS and isinstance(here, str) and isinstance(zotero, str):
        return _text(field, here, zotero)
    return None


def _text(field: str, here: str, zotero: str) -> str | None:
    cutter = _CUTTERS[field]
    mine, theirs = cutter(here), cutter(zotero)
    if mine is None or theirs is None:
        return None
    separator = "\n\n" if field == "abstractNote" and "\n\n" in here + zotero else "\n"
    text = normal_text(_woven(mine, theirs, _between if field == "note" else lambda *_: separator))
    if cutter(text) is None:  # one note is wrapped in a division, the other is not
        text = normal_text(f"{here}\n{zotero}")
    return text


def _woven(mine: Pieces, theirs: Pieces, between: Callable[[str, str], str]) -> str:
    """Return the units of both, equal ones once; the gaps of the text here stay as they are."""
    parts: list[str] = []
    for unit, gap in _units(mine, theirs):
        if parts:
            parts.append(between(parts[-1], unit) if gap is None else gap)
        parts.append(unit)
    return "".join(parts)


def _units(mine: Pieces, theirs: Pieces) -> Iterator[tuple[str, str | None]]:
    """Yield each unit and the gap before it; None where the text here does not say which."""
    size, done, last = len(mine.units), 0, -1
    for change in [*changes(mine.units, theirs.units), Change(size, size, 0, 0)]:
        for n in range(done, change.end):
            yield mine.units[n], mine.gaps[n] if last == n - 1 else None
            last = n
        for n in range(change.to_start, change.to_end):
            yield theirs.units[n], None
            last = size
        done = change.end


def _between(left: str, right: str) -> str:
    """Return what goes between two units of a note; bare texts would run together without a break."""
    bare = cut_blocks(left + right)
    return _BREAK if bare is not None and len(bare.units) == 1 else "\n"


def _cut_lines(text: str) -> Pieces:
    return cut(text, (found.span() for found in _LINES.finditer(text)))


_CUTTERS: dict[str, Callable[[str], Pieces | None]] = {
    "abstractNote": _cut_lines,
    "note": cut_blocks,
    "extra": _cut_lines,
}
