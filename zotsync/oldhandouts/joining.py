"""Lines that were broken by width, joined to paragraphs again. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from zotsync.oldhandouts import cues, known
from zotsync.oldhandouts.blocks import Block
from zotsync.oldhandouts.colophon import is_colophon
from zotsync.oldhandouts.leading import leading, reference_likeness
from zotsync.oldhandouts.people import likeness
from zotsync.oldhandouts.values import DOUBTFUL

_CLITIC = re.compile(
    r"(?i)(?:elles?|ils?|on|t|ce|je|tu|nous|vous|là|ci|delà|dessus|dessous|mêmes?|y|en|les?|la|moi|toi|lui|leur)\b"
)
_ENDED = re.compile(r"[.!?…:][\s»”\")\]]*$|[\])»]$")
_MID = re.compile(
    r"(?i)(?:[,(«–-]|\b(?:de|du|des|d|la|le|les|l|un|une|et|ou|à|au|aux|en|dans|pour|par|sur|avec|que|qui|the|of|n°|nos?|vol\.|pp?\.|coll\.|In\s?:|par)|\s[–/])$"
)
_OPEN = re.compile(
    r"(?:\b(?:de|du|des|d|la|le|les|l|un|une|et|ou|à|au|aux|en|pour|par|sur|avec|que|qui)|\b(?:[Ii]n|Dans)\s?:)$"
)
"""What no line ends with: another word follows, whatever it looks like."""
_SLASH = re.compile(r"[\w?!»]\s/\s\w")
_PIECE = re.compile(r"[^\s<>]+")
_URL_END = re.compile(r"(?i)(?:https?://|www\.)\S*$")
_URL_BREAKS = "-/_=&?%.#"
_MOST_SLACK = 9.0
_ENOUGH, _MOSTLY = 6, 0.8
_HANGING, _FIRST_LINE = 2, 8
_LONGEST = 20_000
"""A paragraph is no longer."""


_LINE_BEGIN = re.compile(
    r"(?i)(?:in|dans|par|avec|sous|dir|éd|ed|trad|préf|ill|coll|vol|pp?|n[°º]|nos?|tome|paru|publié|réal|"
    r"disponible|consultable|accessible|télécharge|en ligne|lire|voir|https?|www|doi|isbn|issn|s\.)"
    r"(?![^\W\d_])"
)
"""How lines of their own begin with a small letter."""
_BEHIND_COMMA = re.compile(r"(?:n[°º]|vol\.|pp?\.|\d)")
_SENTENCE = 110
"""Letters of a line that is longer than titles are."""
_ROUNDING = 0.2


class _Wrap(NamedTuple):
    """How the lines of a document were broken."""

    slack: float
    """How ragged they are, in letters."""
    flowing: bool
    """Whether entries are one paragraph each, with space around it: their first lines are full."""
    space: float
    """How much space paragraphs usually have above them, in lines."""


def paragraphs(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Return whole paragraphs, and the addresses that stood in the midst of one (a page's foot note)."""
    kept, strays = _without_strays(blocks)
    space = median(block.gap for block in kept) if kept else 0.0
    wrap = _Wrap(_slack(kept), flowing=_is_flowing(kept), space=space)
    words = Counter(re.findall(r"[\w'’-]+", " ".join(block.text for block in kept).casefold()))
    made: list[Block] = []
    last: Block | None = None
    for block in kept:
        if made and last is not None and _goes_on(made[-1], last, block, wrap):
            made[-1] = _joined(made[-1], block, words)
        else:
            made.append(block)
        last = block
    return made, strays


def _is_full(last: Block, word: str) -> bool:
    """Return whether a line was broken because the next word had no room."""
    return 0 <= last.room <= len(word) + 1


def _is_flowing(blocks: Sequence[Block]) -> bool:
    firsts = [
        _is_full(one, (_PIECE.match(after.text) or [""])[0])
        for one, after in pairwise(blocks)
        if one.gap > 0 and not after.gap and not one.look.level and _same_look(one, after)
    ]
    return len(firsts) >= _ENOUGH and sum(firsts) >= len(firsts) * _MOSTLY


def _slack(blocks: Sequence[Block]) -> float:
    """Return how ragged lines are: the room left where the next word, in small letters, went on below."""
    found = sorted(
        last.room - len(block.text.split(" ", 1)[0]) - 1
        for last, block in pairwise(blocks)
        if last.room >= 0
        and not block.gap
        and block.text[:1].islower()
        and not _ENDED.search(last.text)
    )
    usual = found[int(len(found) * 0.85)] if len(found) > 4 else _MOST_SLACK  # noqa: PLR2004
    return min(_MOST_SLACK, max(0.0, usual + 1))


def _indents_agree(whole: Block, last: Block, block: Block) -> bool:
    """Return whether a line begins where a paragraph's next line may: below it, or hanging, or set out."""
    step = block.look.indent - last.look.indent
    begun = last.text == whole.text
    return abs(step) <= _HANGING if not begun or step > 0 else step >= -_FIRST_LINE


def _without_strays(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    kept: list[Block] = []
    strays: list[str] = []
    for at, block in enumerate(blocks):
        before = kept[-1] if kept else None
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        stray = (
            before is not None
            and after is not None
            and block.room >= 0
            and block.gap > 0
            and cues.URL.fullmatch(block.text) is not None
            and after.text[:1].islower()
            and not cues.URL.match(after.text)
            and not _ENDED.search(before.text)
            and not _URL_END.search(before.text)
            and " " in before.text
        )
        if stray:
            strays.append(block.text)
        elif strays and kept and at and blocks[at - 1].text == strays[-1]:
            kept.append(replace(block, gap=0.0, look=kept[-1].look))
        else:
            kept.append(block)
    return kept, strays


def _goes_on(whole: Block, last: Block, block: Block, wrap: _Wrap) -> bool:
    """Return whether a line is the rest of what was begun."""
    if len(whole.text) > _LONGEST:
        return False
    if last.room < 0 or block.room < 0:
        return _is_cut(whole, block, wrap)
    if block.marked or block.look.level or whole.look.level != block.look.level:
        return False
    if _broken_address(last, block):
        return True
    if block.gap > 0 or cues.URL.match(block.text):
        return whole.text.endswith(":") and not block.gap and last.room < len(block.text)
    if not _same_look(last, block) or cues.ORIGIN.search(whole.text):
        return False
    if cues.cues(whole.text) and reference_likeness(block.text) > 2.9:  # noqa: PLR2004 - the next one
        return False
    if _ENDED.search(whole.text) and cues.cues(whole.text) > 1 and _begins_with_names(block.text):
        return False
    if _begins_line(block.text) or is_colophon(whole.text) or cues.URL.search(whole.text[-8:]):
        return False
    return _indents_agree(whole, last, block) and _runs_on(whole, last, block, wrap)


def _begins_line(text: str) -> bool:
    """Return whether words begin a line of their own, whatever stands above."""
    return bool(cues.LABEL.match(text) or cues.ACCESS.match(text)) or is_colophon(text)


def _is_cut(whole: Block, block: Block, wrap: _Wrap) -> bool:
    """Return whether a sentence goes on in the next paragraph: somebody pressed Enter in its midst."""
    apart = block.marked or block.look.level or block.gap > wrap.space + _ROUNDING
    if (
        apart
        or not _same_look(whole, block)
        or _ENDED.search(whole.text)
        or _URL_END.search(whole.text)
    ):
        return False
    if _OPEN.search(whole.text):
        return not cues.LABEL.match(block.text)
    if not block.text[:1].islower() or _LINE_BEGIN.match(block.text):
        return whole.text.endswith(",") and _BEHIND_COMMA.match(block.text) is not None
    long = whole.text.endswith(",") or len(whole.text) > _SENTENCE
    return long or (_is_begun(whole) and not cues.cues(whole.text))


def _runs_on(whole: Block, last: Block, block: Block, wrap: _Wrap) -> bool:
    slack = wrap.slack
    first = (_PIECE.match(block.text) or [""])[0]
    if _OPEN.search(whole.text):
        return True
    if wrap.flowing and _is_full(last, first) and likeness(block.text) < 2:  # noqa: PLR2004
        return True
    if last.room <= len(first) + slack and _is_begun(whole) and likeness(block.text) < 2:  # noqa: PLR2004
        return True
    hangs = block.look.indent == whole.look.indent + 2 and last.room < 30  # noqa: PLR2004 - as our own texts
    fits = last.room > len(first) + (0 if _ENDED.search(whole.text) else slack)
    if block.text.startswith("[") and len(block.text) < 40 and len(whole.text) > 60:  # noqa: PLR2004 - the origin
        return True
    if _ENDED.search(whole.text) and not first[:1].islower():
        return not fits and not _begins_anew(block) and len(whole.text) + last.room > 30  # noqa: PLR2004
    if first[:1].islower() or first[:1] in ":;?!»)":
        return not _begins_source(block) or not fits or bool(_MID.search(whole.text))
    if fits and not hangs:
        return bool(_MID.search(whole.text)) and not _begins_anew(block)
    return bool(_MID.search(whole.text)) or not _begins_anew(block)


def _is_begun(whole: Block) -> bool:
    """Return whether a reference of one paragraph has begun: names, and a title beside them."""
    if _SLASH.search(whole.text):
        return True
    begun = leading(whole.text)
    return begun is not None and len(whole.text) - begun[1] > 8  # noqa: PLR2004 - the first words of a title


def _begins_with_names(text: str) -> bool:
    begun = leading(text)
    return begun is not None and begun[0].persons > 0 and begun[0].confidence > DOUBTFUL


def _begins_anew(block: Block) -> bool:
    return _begins_source(block) or likeness(block.text) > 2  # noqa: PLR2004 - names in capitals


def _begins_source(block: Block) -> bool:
    return cues.cues(block.text) > 1 or _is_of_paper(block.text)


def _is_of_paper(text: str) -> bool:
    """Return whether a line is a magazine's or a newspaper's name and a date."""
    return known.is_paper(text.partition(",")[0]) and cues.DATE.search(text) is not None


def _same_look(one: Block, other: Block) -> bool:
    a, b = one.look, other.look
    bold = a.bold == b.bold or one.head or (a.bold and other.head)
    return abs(a.size - b.size) < 0.6 and bool(bold) and a.italic == b.italic  # noqa: PLR2004


def _broken_address(last: Block, block: Block) -> bool:
    """Return whether a line is the rest of an address: one piece that no word could be."""
    begun = _URL_END.search(last.text)
    apart = last.text[-1:] not in _URL_BREAKS and cues.URL.match(block.text)
    if not begun or block.gap > 1 or apart or block.text.startswith(("http", "www.")):
        return False
    rest = block.text.rstrip()
    if " " in rest.rstrip(".,; ") or likeness(rest) > 2 or rest.startswith("["):  # noqa: PLR2004
        return False
    open_end = last.text[-1] in _URL_BREAKS or last.room < len(rest) // 2
    if rest[:1].isupper() and not (
        last.text[-1] in _URL_BREAKS and re.search(r"[/_=%]|\.\w", rest)
    ):
        return False
    return open_end and bool(re.search(r"[-/_.=%\d]", rest))


def _joined(whole: Block, block: Block, words: Counter[str]) -> Block:
    before, after = whole.text, block.text
    if _broken_address(whole, block) or (
        before.endswith("-") and before[-2:-1].isdigit() and after[:1].isdigit()
    ):
        text = before + after
    elif before.endswith("\u00ad"):
        text = before[:-1] + after
    elif before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower():
        text = (before if _keeps_hyphen(before, after, words) else before[:-1]) + after
    elif before.endswith("-") and before[-2:-1].isalpha() and after[:1].isupper():
        text = before + after
    else:
        text = f"{before} {after}"
    italics = _joined_italics(whole, block)
    links = (*whole.links, *block.links)
    all_bold = whole.look.bold and not whole.head
    head = f"{whole.text} {block.head}" if all_bold and block.head else whole.head
    return replace(whole, text=text, italics=italics, head=head, links=links)


def _joined_italics(whole: Block, block: Block) -> tuple[str, ...]:
    """Return what stands in italics in both; what goes on over the end of the line is one."""
    if whole.italics and block.italics:
        last, first = whole.italics[-1], block.italics[0]
        if whole.text.endswith(last) and block.text.startswith(first) and not last.endswith("-"):
            return (*whole.italics[:-1], f"{last} {first}", *block.italics[1:])
    return (*whole.italics, *block.italics)


def _keeps_hyphen(before: str, after: str, words: Counter[str]) -> bool:
    if _CLITIC.match(after):
        return True
    head = (re.search(r"[\w'’-]+-$", before) or ["-"])[0].casefold()
    tail = (re.match(r"[\w-]+", after) or [""])[0].casefold()
    return not words[head[:-1] + tail] or words[head + tail] > 0
