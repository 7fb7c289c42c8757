"""A hand-made bibliography read as a whole: title, sections, entries, and what belongs to none. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from zotsync.handout import links
from zotsync.handout.proxies import Proxies
from zotsync.oldhandouts import cues
from zotsync.oldhandouts.blocks import Block, Pages
from zotsync.oldhandouts.colophon import is_colophon
from zotsync.oldhandouts.entries import Marked, read_entry
from zotsync.oldhandouts.joining import paragraphs
from zotsync.oldhandouts.listings import without_listings
from zotsync.oldhandouts.marking import FIRST, WITHIN, Mark, marks_of
from zotsync.oldhandouts.order import in_one_order
from zotsync.oldhandouts.values import ReadBibliography, ReadEntry, ReadSection

_BULLET = re.compile(r"^\s*[•●▪■◆►▶➢✓✔*]\s*(?=\S)|^\s*[–—-]\s+(?=[^\W\d_a-zà-ÿ]|[«“\"])")
_AREAS = re.compile(r"\.\s?-(?=\s)\s*")
"""« NOM Prénom.- Titre.- Revue », the dash right behind the stop."""
_DASH = re.compile(r"^\s*[–—-]\s+(?=\d+\S*\s[^\W\d_]{3})")
"""« - 26e rapport », below a blank line."""
_NUMBER = re.compile(r"^\s*(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})\s?[.)\-–])\s+(?=\S)")
_ALONE = re.compile(r"\s*(\d{1,4})\s?[.)]\s*")
"""A number that a PDF has on a line of its own, the text beside it on the next."""
_COUNTED = re.compile(
    r"^(?:(?P<roman>[IVX]+)|(?P<arabic>\d{1,2}(?:\.\d{1,2})*)|(?P<letter>[A-Za-h]))\s?[.)–-]+\s"
)
_GREETING = re.compile(
    r"(?i)(?:bonjour|bonsoir|madame|monsieur|mesdames|ch(?:er|[èe]re)s?\s|voici)\b|.*,$"
)
"""How an e-mail begins, not the title of a bibliography."""
_FEW = 3
_LONGEST = 10_000


def read_bibliography(pages: Pages, proxies: Proxies | None = None) -> ReadBibliography:
    """Return what a document was read as; addresses lose what mail programs and proxies put around them."""
    known = proxies or Proxies({})

    def clean(url: str) -> str:
        return known.unwrap(links.unwrap(url))

    kept, listed = without_listings(pages.blocks)
    blocks, strays = paragraphs(_plain(_unnumbered(kept)))
    marks = marks_of(blocks)
    marked = list(zip(blocks, marks, strict=True))
    front = [block for block, mark in marked if mark is Mark.FRONT]
    title, intro = _front(front, pages.title)
    sections = in_one_order(_sections(marked, clean))
    rest = (block.text for block, mark in marked if mark is Mark.BACK)
    return ReadBibliography(title, intro, sections, (*rest, *strays, *listed, *pages.dropped))


def _plain(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with one kind of blank, without bullets, never longer than a page or two."""
    made = []
    for block in blocks:
        text = _AREAS.sub(". – ", " ".join(block.text.split()))
        for at in range(0, len(text), _LONGEST):
            part = text[at : at + _LONGEST]
            bullet = _bullet(part, block) if not at else None
            said = part[bullet.end() :] if bullet else part
            if said:
                head = _AREAS.sub(". – ", f"{block.head} ").strip()
                marked = block.marked or bullet is not None
                made.append(replace(block, text=said, head=head, marked=marked))
    return made


def _bullet(text: str, block: Block) -> re.Match[str] | None:
    return _BULLET.match(text) or (_DASH.match(text) if block.gap > 0 else None)


def _unnumbered(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without the numbers of entries: those that count up through the document."""
    numbers: set[int] = set()
    due = 1
    for at, block in enumerate(blocks):
        found = _NUMBER.match(block.text) or _ALONE.fullmatch(block.text)
        if not found or cues.HEADING.match(block.text.strip()):
            continue
        number = int(next(g for g in found.groups() if g))
        if due <= number <= due + 1:
            numbers.add(at)
            due = number + 1
    if len(numbers) < _FEW:
        return list(blocks)
    made: list[Block] = []
    alone: Block | None = None
    for at, (block, below) in enumerate(pairwise([*blocks, Block("")])):
        if at in numbers and _ALONE.fullmatch(block.text):
            alone = block
            continue
        gap = max(block.gap, alone.gap) if alone else block.gap
        said = _without_number(block, below) if at in numbers else block
        marked = block.marked or at in numbers or alone is not None
        made.append(replace(said, gap=gap, marked=marked, numbered=marked and not block.marked))
        alone = None
    return made


def _without_number(block: Block, below: Block) -> Block:
    """Return a block without its number; where lines below stand in, the text begins above them."""
    text = _NUMBER.sub("", block.text)
    hangs = below.look.indent > block.look.indent
    indent = block.look.indent + (len(block.text) - len(text) if hangs else 0)
    return replace(block, text=text, look=replace(block.look, indent=indent))


def _front(front: Sequence[Block], told: str) -> tuple[str, tuple[str, ...]]:
    """Return the document's title and what else stands before its entries."""
    if not front:
        return told, ()
    named = [one for one in front[:6] if not (is_colophon(one.text) or _GREETING.match(one.text))]
    if not named:
        return told, tuple(block.text for block in front)
    largest = max(named, key=lambda b: (b.look.level == 1, b.look.size, -len(b.text) > -120))  # noqa: PLR2004
    title = largest if len(largest.text) < 200 else named[0]  # noqa: PLR2004
    rest = tuple(block.text for block in front if block is not title)
    return title.text, rest


def _sections(marked: Sequence[Marked], clean: Callable[[str], str]) -> tuple[ReadSection, ...]:
    made: list[ReadSection] = []
    heading, level = "", 0
    entries: list[ReadEntry] = []
    levels = _levels(marked)
    at = 0
    while at < len(marked):
        block, mark = marked[at]
        if mark is Mark.HEADING:
            if entries or heading:
                made.append(ReadSection(heading, level, tuple(entries)))
            heading, level, entries = block.text, levels[at], []
        elif mark in FIRST or mark in WITHIN:
            end = _end(marked, at)
            entries.append(read_entry(marked[at:end], at, clean))
            at = end
            continue
        at += 1
    if entries or heading:
        made.append(ReadSection(heading, level, tuple(entries)))
    return tuple(made)


def _end(marked: Sequence[Marked], start: int) -> int:
    """Return where the entry ends that begins at `start`."""
    first = marked[start][1]
    at = start + 1
    while at < len(marked):
        mark = marked[at][1]
        goes_on = mark in WITHIN or (
            mark is first and first in {Mark.FIRST_AUTHORS, Mark.FIRST_TITLE}
        )
        if not goes_on or (mark is first and marked[at - 1][1] is not first):
            break
        at += 1
    return at


def _numbering(text: str) -> str:
    """Return in which way a heading is numbered, `1.1` unlike `1`; "" without a number."""
    found = _COUNTED.match(text)
    if not found:
        return ""
    return found.lastgroup or "" if not found["arabic"] else re.sub(r"\d+", "1", found["arabic"])


def _levels(marked: Sequence[Marked]) -> dict[int, int]:
    """Return the level of each heading: as the format says, else by its looks, the first kind uppermost."""
    looks: list[tuple[object, ...]] = []
    found: dict[int, int] = {}
    for at, (block, mark) in enumerate(marked):
        if mark is not Mark.HEADING:
            continue
        look = block.look
        shape = _numbering(block.text) or not block.text.isupper()
        seen = (look.level, -round(look.size), not look.bold, shape)
        if seen not in looks:
            looks.append(seen)
        found[at] = look.level or looks.index(seen) + 1
    return found
