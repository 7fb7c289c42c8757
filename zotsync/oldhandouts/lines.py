"""Runs of text with their looks, made one line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from zotsync.oldhandouts.blocks import Block, Look


class Seen(NamedTuple):
    """A stretch of text in one look."""

    text: str
    bold: bool = False
    italic: bool = False
    size: float = 0.0
    url: str = ""


def line_of(text: str, runs: list[Seen], look: Look, gap: float, *, marked: bool) -> Block:
    """Return a line as a block: what most of it looks like, what stands in italics, its links.

    `look` says what the paragraph's style, place and level are.
    """
    seen = [run for run in runs if run.text.strip()]
    total = sum(len(run.text) for run in seen) or 1
    bold = sum(len(run.text) for run in seen if run.bold) * 2 > total
    italic = sum(len(run.text) for run in seen if run.italic) * 10 > total * 9
    sizes = {run.size for run in seen}
    size = max(
        ((sum(len(r.text) for r in seen if r.size == one), one) for one in sizes), default=(0, 0.0)
    )[1]
    links = tuple(
        dict.fromkeys((r.text.strip(), r.url) for r in seen if r.url and r.url not in text)
    )
    own = Look(look.style, size, bold, italic, look.indent, look.level)
    italics = () if italic else _italics(runs)
    head = bold_head((run.text, run.bold) for run in runs)
    return Block(text, own, gap, italics=italics, marked=marked, head=head, links=links)


def bold_head(runs: Iterable[tuple[str, bool]]) -> str:
    """Return what a line begins with in bold; "" where nothing of it is, or all."""
    head, rest = "", ""
    for text, bold in runs:
        if rest or not (bold or not text.strip()):
            rest += text
        else:
            head += text
    return " ".join(head.split()) if any(map(str.isalnum, rest)) else ""


def lines_of(runs: Sequence[Seen], look: Look, gap: float, *, marked: bool) -> Iterator[Block]:
    """Yield the lines of a paragraph, parted where line breaks stand in it; only the first is marked."""
    lines: list[list[Seen]] = [[]]
    for run in runs:
        for at, piece in enumerate(run.text.split("\n")):
            if at:
                lines.append([])
            lines[-1].append(run._replace(text=piece))
    for line in lines:
        text = "".join(run.text for run in line).strip()
        if not text:
            gap += 1
            continue
        yield line_of(text, line, look, gap, marked=marked)
        gap, marked = 0.0, False


def _italics(runs: list[Seen]) -> tuple[str, ...]:
    """Return what stands in italics, stretches that touch as one."""
    found: list[str] = []
    before = False
    for run in runs:
        if run.italic:
            found = [*found[:-1], found[-1] + run.text] if before and found else [*found, run.text]
        before = run.italic
    return tuple(text for one in found if (text := one.strip()))
