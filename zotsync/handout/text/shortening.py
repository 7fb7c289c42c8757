"""A long abstract in fewer words: cut at a sentence end, the mark of its origin kept. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from zotsync import sentences
from zotsync.handout.text import markup

ORIGIN = re.compile(r"\[[^\[\]]*[^\W\d_][^\[\]]*\]$")
"""The mark at an abstract's end that says where it is from: `[Extr. intro.]`; `[…]` is none."""
_CUT = "[…]"
_LOOSE = " \t\n\u00a0\u202f,;:–—-([{«“‘\"'/"
"""What is left out between a cut word and its ellipsis."""
_TAG = re.compile(markup.TAG)
_WORD = re.compile(r"(?<!\S)[^\w\s]*\w\S*")
"""What stands between blanks and has a letter or digit in it."""


def shorten(text: str, words: int) -> str:
    """Return `text` cut at a sentence end so that at most `words` words stand; a shorter one as it is.

    ` […]` tells of the cut, and the origin mark stays last. Where the first sentence is longer it is
    cut behind a word, with `…`. Words are what stands between blanks, signs that stand alone not
    counted. Formatting that is open at the cut is closed.
    """
    if len(text) <= 2 * words:  # a letter and a blank each
        return text
    trimmed = text.rstrip()
    mark = ORIGIN.match(trimmed, trimmed.rfind("[")) if trimmed.endswith("]") else None
    body = trimmed[: mark.start()].rstrip() if mark else trimmed
    counted = _TAG.sub(_hidden, body) if "<" in body else body
    kept = _first(words).match(counted)
    too_much = _WORD.search(counted, kept.end()) if kept else None
    if not kept or not too_much:
        return text
    short = _cut(body, kept.end(1), too_much.start(), kept.end())
    if not mark:
        return short
    broken = "\n" in trimmed[len(body) : mark.start()]
    return short + ("\n" if broken else " ") + mark[0]


@lru_cache(maxsize=8)
def _first(words: int) -> re.Pattern[str]:
    """Return what matches so many words, the first one as a group: one look, not one a word."""
    word = r"\W*+\w\S*+"  # nothing to go back to is kept
    return re.compile(f"({word}){word * (words - 1)}")  # written out: counting takes as long again


def _hidden(tag: re.Match[str]) -> str:
    """Return what is no word, and as long as the tag."""
    return "<" * len(tag[0])


def _cut(body: str, start: int, stop: int, words_end: int) -> str:
    """Return `body` up to the last sentence end between `start` and `stop`, else up to `words_end`."""
    at = sentences.last_end(body, start, stop)
    if at:
        kept = body[:at] + _closing(body, at)
        return kept if kept.endswith(_CUT) else f"{kept} {_CUT}"
    kept = body[:words_end].rstrip(_LOOSE)
    return f"{kept}{_closing(body, len(kept))}…"


def _closing(text: str, at: int) -> str:
    return markup.closing(text, at) if "<" in text else ""
