"""Texts as they are compared in a search: without case, accents, and the signs that nobody types. Pure."""

from __future__ import annotations

import re
import unicodedata

_ALIKE = {
    "oe": "œ",
    "ae": "æ",
    "o": "ø",
    "l": "ł",
    "'": "’‘ʼ′´`",
    '"': "“”«»",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2212",
    "": "\u00ad\u200b\u2060\ufeff",
}
_PLAIN = {sign: plain for plain, signs in _ALIKE.items() for sign in signs}
_SIGNS = re.compile(f"[{''.join(_PLAIN)}]")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")


def folded(text: str) -> str:
    """Return `text` in lower case, without accents, with plain apostrophes and single blanks."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", _SIGNS.sub(_as_plain, plain))
        plain = _ACCENTS.sub("", plain.casefold())  # again: `™` has become `TM`
    return " ".join(_SIGNS.sub(_as_plain, plain).split())


def _as_plain(found: re.Match[str]) -> str:
    return _PLAIN[found[0]]
