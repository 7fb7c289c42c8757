"""Cut running text, French above all, into sentences. Pure.

Where in doubt two sentences stay one unit: a merge is coarser then, never wrong.
"""

from __future__ import annotations

import re

from zotsync.sync.units import Pieces, cut

_BLANKS = re.compile(r"[ \t\n]+")
_LAST_BRACKET = re.compile(r"\[([^\[\]\n]*)\](?=[ \t]*(?:\n|$))")
"""Ends a paragraph. With a letter in it, it says where an abstract comes from."""

_CLOSED = re.compile(r"[.!?…](?:[ \u00a0\u202f]?[»”’\"')\]])*$")
_LAST_WORD = re.compile(r"([\w°º.-]+)\.$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-)?[^\W\d_]")
_NEVER_LAST = re.compile("m|mm|mr|drs?|prs?|mgr|ste?|cf|vs")
"""Abbreviations that something always follows."""
_SELDOM_LAST = re.compile(
    "pp?|n[°º]s?|nos?|vol|t|[ée]ds?|chap|art|fasc|fig|coll|etc|ex|env|av|apr|ill|trad|dir",
)
"""Abbreviations that end a sentence only before a capital letter."""
_NEVER_FIRST = frozenset("»”’)]!?:;,.…%")
_CONTEXT = 40


def cut_sentences(text: str) -> Pieces:
    """Return `text` cut into sentences; line breaks, and a final origin mark, are boundaries too."""
    marks = {m.start() for m in _LAST_BRACKET.finditer(text) if any(map(str.isalpha, m[1]))}
    blanks = (m.span() for m in _BLANKS.finditer(text))
    return cut(text, (s for s in blanks if s[1] in marks or _is_boundary(text, *s)))


def _is_boundary(text: str, start: int, end: int) -> bool:
    if "\n" in text[start:end]:
        return True
    before, following = text[max(0, start - _CONTEXT) : start], text[end : end + 1]
    if not _CLOSED.search(before) or following in _NEVER_FIRST or following.islower():
        return False
    return not _is_abbreviated(before, following)


def _is_abbreviated(before: str, following: str) -> bool:
    """Return whether the full stop that ends `before` belongs to an abbreviation or an initial."""
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found[1].casefold()
    if _NEVER_LAST.fullmatch(word) or (_INITIALS.fullmatch(found[1]) and found[1][-1].isupper()):
        return True
    return bool(_SELDOM_LAST.fullmatch(word)) and not following.isupper()
