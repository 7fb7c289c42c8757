"""A long abstract in fewer words: cut at a sentence end, the mark of its origin kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from zotsync import sentences
from zotsync.handout import markup

ORIGIN = re.compile(r"\[[^\[\]]*[^\W\d_][^\[\]]*\]$")
"""The mark at an abstract's end that says where it is from: `[Extr. intro.]`; `[…]` is none."""
_CUT = "[…]"
_LOOSE = " \t\n\u00a0\u202f,;:–—-([{«“‘\"'/"
"""What is left out between a cut word and its ellipsis."""
_TAG = re.compile(markup.TAG)
_WORD = re.compile(rf"(?:{markup.TAG}|\S)+")
_LETTER = re.compile(r"\w")


def shorten(text: str, words: int) -> str:
    """Return `text` cut at a sentence end so that at most `words` words stand; a shorter one as it is.

    ` […]` tells of the cut, and the origin mark stays last. Where the first sentence is longer it is
    cut behind a word, with `…`. Words are what stands between blanks, signs that stand alone not
    counted. Formatting that is open at the cut is closed.
    """
    if len(text.split()) <= words:
        return text
    trimmed = text.rstrip()
    mark = ORIGIN.search(trimmed)
    body = trimmed[: mark.start()].rstrip() if mark else trimmed
    ends = list(islice(_words(body), words + 1))
    if len(ends) <= words:
        return text
    short = _cut(body, ends)
    if not mark:
        return short
    broken = "\n" in trimmed[len(body) : mark.start()]
    return short + ("\n" if broken else " ") + mark[0]


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand: what has a letter or digit in it, beside tags."""
    for found in _WORD.finditer(text):
        word = found[0]
        if _LETTER.search(_TAG.sub("", word) if "<" in word else word):
            yield found.span()


def _cut(body: str, ends: list[tuple[int, int]]) -> str:
    """Return `body` without the last of the words at `ends`, and what follows it."""
    at = sentences.last_end(body, ends[0][1], ends[-1][0])
    if at:
        kept = body[:at] + _closing(body, at)
        return kept if kept.endswith(_CUT) else f"{kept} {_CUT}"
    kept = body[: ends[-2][1]].rstrip(_LOOSE)
    return f"{kept}{_closing(body, len(kept))}…"


def _closing(text: str, at: int) -> str:
    return markup.closing(text, at) if "<" in text else ""
