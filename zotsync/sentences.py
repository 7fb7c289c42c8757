"""Where the sentences of running text end, French above all. Pure.

Where in doubt two sentences are one: a merge is coarser then, a shortened text shorter, never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_BLANKS = re.compile(
    r"[ \t\n](?<![ \t\n]{2})"
    r"(?:(?<=[.!?…»”’\"')\]>].)[ \t\n]*|(?:(?<=\n)|[ \t]*\n)[ \t\n]*|[ \t\n]*(?=\[))",
    re.DOTALL,
)
"""Blanks that may stand between two sentences: behind the end of one, a line break, before a bracket.

It begins with the blank itself: other characters are passed over at once.
"""
_BEHIND_AN_END = re.compile(r"[.!?…»”’\"')\]>]([ \t]+)")
"""The same as a group, where there is neither a line break nor a bracket: found in half the time."""
_BRACKET = re.compile(r"\[([^\[\]\n]*)\]")
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_SENTENCE_START = re.compile(r"(?:^|\n|[.!?…»”\"\])])[ \t]*$")
_CLOSED = re.compile(r"[.!?…](?:[ \u00a0\u202f]?[»”’\"')\]]|</[a-z]{1,4}>)*$")
_ENDS, _BEHIND_ENDS = frozenset(".!?…"), frozenset("»”’\"')]>")
"""What `_CLOSED` ends with: most often it need not be asked."""
_LAST_WORD = re.compile(r"\.([\w°º.-]+)")
"""The last word and its full stop, read backwards: what is before them need not be looked at."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-)?[^\W\d_]")
_NEVER_LAST = re.compile("m|mm|mr|drs?|prs?|mgr|ste?|cf|vs")
"""Abbreviations that something always follows."""
_SELDOM_LAST = re.compile(
    "pp?|n[°º]s?|nos?|vol|t|[ée]ds?|chap|art|fasc|fig|coll|etc|ex|env|av|apr|ill|trad|dir",
)
"""Abbreviations that end a sentence only before a capital letter."""
_FOR_EXAMPLE = re.compile(r"\.xe[ \u00a0\u202f]?\.p\b", re.IGNORECASE)
"""`p. ex.` backwards."""
_NUMBERED = re.compile("[IVXLC]+(?![\\w'’])")
_NEVER_FIRST = frozenset("»”’)]!?:;,.…%")
_CONTEXT, _NEXT = 40, 8
"""How many characters before and behind a blank are looked at."""
_NEAR = (70, 250)


def gaps(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the blanks between two sentences start and end.

    Line breaks and the edges of an origin mark (`[Extr. intro.]`) are such gaps too.
    """
    starts, ends = _marks(text)
    return (
        s for s in _blanks(text, 0, len(text)) if s[1] in starts or _is_boundary(text, ends, *s)
    )


def last_end(text: str, start: int, stop: int) -> int:
    """Return where the last sentence ends that ends between `start` and `stop`; 0 where none does."""
    starts, ends = _marks(text)
    for near in (*_NEAR, len(text)):  # most sentences are short
        for blank in reversed(_blanks(text, max(start, stop - near), stop)):
            if blank[1] in starts or _is_boundary(text, ends, *blank):
                return blank[0]
    return 0


def _blanks(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Return where blanks that may stand between sentences start and end, between `start` and `stop`."""
    if "\n" in text or "[" in text:
        return [found.span() for found in _BLANKS.finditer(text, start, stop)]
    return [found.span(1) for found in _BEHIND_AN_END.finditer(text, max(start - 1, 0), stop)]


def _marks(text: str) -> tuple[Collection[int], Collection[int]]:
    """Return where brackets with words start and end that are sentences: alone, or last in a line.

    They say where an abstract comes from, and stay units of their own when something follows.
    """
    if "[" not in text:
        return (), ()
    starts: set[int] = set()
    ends: set[int] = set()
    for found in _BRACKET.finditer(text):
        start, end = found.span()
        before = text[max(0, start - _CONTEXT) : start]
        alone = _SENTENCE_START.search(before) is not None
        if any(map(str.isalpha, found[1])) and (alone or _LINE_END.match(text, end)):
            starts.add(start)
            ends.add(end)
    return starts, ends


def _is_boundary(text: str, ends: Collection[int], start: int, end: int) -> bool:
    if "\n" in text[start:end]:
        return True
    first = text[end : end + 1]
    if first in _NEVER_FIRST or first.islower():
        return False
    before, following = text[max(0, start - _CONTEXT) : start], text[end : end + _NEXT]
    return start in ends or (_is_closed(before) and not _is_abbreviated(before, following))


def _is_closed(before: str) -> bool:
    """Return whether `before` ends with the mark of a sentence's end, and what may stand behind one."""
    last = before[-1:]
    return last in _ENDS or (last in _BEHIND_ENDS and _CLOSED.search(before) is not None)


def _is_abbreviated(before: str, following: str) -> bool:
    """Return whether the full stop that ends `before` belongs to an abbreviation or an initial."""
    if not before.endswith("."):
        return False
    backwards = before[::-1]
    found = _LAST_WORD.match(backwards)
    if found is None:
        return False
    if _FOR_EXAMPLE.match(backwards):
        return True
    typed = found[1][::-1]
    word = typed.casefold()
    if _NEVER_LAST.fullmatch(word) or (_INITIALS.fullmatch(typed) and typed[-1].isupper()):
        return True
    if not _SELDOM_LAST.fullmatch(word):
        return False
    return not following[:1].isupper() or (word != "etc" and _NUMBERED.match(following) is not None)
