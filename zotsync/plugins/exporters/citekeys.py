"""Citation keys: what people gave, else first author, year and a word of the title. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from zotsync.bibliography.slugs import ascii_words
from zotsync.csljson.dates import csl_date
from zotsync.handout.text.markup import plain_text
from zotsync.model import Fields
from zotsync.plugins.contract import Export

_GIVEN = re.compile(r"^citation[ -]key\s*:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^A-Za-z0-9_:.+/-]")
_SMALL_WORDS = """a an and au aux ce ces cet cette comment d dans de des du en est et for from how in is
    l la le les leur leurs mes mon n nos notre of on or ou our par pas pour pourquoi quand que quel quelle
    qu qui s sa ses son sont sous sur the to un une vers vos votre what when where who why with"""
_SMALL = frozenset(_SMALL_WORDS.split())
"""Words that say nothing of what a title is about."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def citekeys(export: Export) -> dict[str, str]:
    """Return item key -> citation key, in ASCII; no two are equal, whatever the case.

    Of items that would have the same one, the first by item key keeps it; the others get b, c, …
    """
    given = {key: _given(fields) for key, fields in export.entries.items()}
    found: dict[str, str] = {}
    taken: set[str] = set()
    turns: Counter[str] = Counter()
    for key in sorted(given, key=lambda key: (not given[key], key)):
        base = given[key] or _made(export, export.entries[key]) or key.lower()
        for name in _variants(base, turns):
            if name.lower() not in taken:
                break
        taken.add(name.lower())
        found[key] = name
    return found


def _variants(base: str, turns: Counter[str]) -> Iterator[str]:
    """Yield the key itself, then with b, c, … z, ba, bb …, where the last one for this base ended."""
    while True:
        turn = turns[base.lower()]
        turns[base.lower()] += 1
        yield base + (_in_letters(turn) if turn else "")


def _in_letters(number: int) -> str:
    text = ""
    while number or not text:
        number, digit = divmod(number, len(_LETTERS))
        text = _LETTERS[digit] + text
    return text


def _given(fields: Fields) -> str:
    found = _GIVEN.search(str(fields.get("extra", "")))
    given = str(fields.get("citationKey", "")) or (found[1] if found else "")
    return _UNSAFE.sub("", given)


def _made(export: Export, fields: Fields) -> str:
    first: Fields = next(iter(fields.get("creators", ())), {})
    person = "".join(ascii_words(str(first.get("lastName") or first.get("firstName") or "")))
    house = _telling(str(first.get("name", "")))
    parts = csl_date(export.value(fields, "date")).get("date-parts")
    year = str(abs(parts[0][0])) if parts else ""
    word = _telling(plain_text(export.value(fields, "title")))
    return f"{person or house}{year}{word}" if person or house else f"{word}{year}"


def _telling(text: str) -> str:
    """Return the first word that says something; the first of all if none does; "" for no words."""
    words = ascii_words(text.replace("’", " "))
    telling = (word for word in words if word not in _SMALL and not word.isdigit())
    return next(telling, words[0] if words else "")
