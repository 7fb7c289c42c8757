"""The order of French words and names, as a sort key of our own.

Three levels: base letters, then accents, then case. `œ` sorts as `oe`, hyphens and apostrophes are
ignored. A particle typed in lower case (`de`, `d’`, `von`, `van`, `da`) does not count, as in French
catalogues; `Le`, `La`, `Du`, `Des` do, behind a particle too: `de La Fontaine` stands at L. Names stand word
by word: `Le Breton` before `Leblanc`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CollationKey = tuple[str, str, str]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o"})
_LIGATURE = re.compile("[œŒæÆßø]")
_IGNORED = re.compile("['’‘ʼ\u00ad\u2010\u2011\u2012\u2013-]")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_WORDS = re.compile(r"\w+")
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)\b[^<>]*>")
_PARTICLE = re.compile(
    r"(?:d['’]|(?:de|da|do|das|dos|zu|von und zu|von(?: de[mnr])?|van(?: de[nr]?)?|van ['’]t) )(?=\S)"
)


@lru_cache(maxsize=8192)  # names come again and again: in the order of entries, in an index
def collation_key(text: str) -> CollationKey:
    """Return the sort key of `text`: base letters, then accents, then case (lower before upper)."""
    kept = _MARKUP.sub("", text) if "<" in text else text
    decomposed = letters = kept = _IGNORED.sub("", kept)
    if not kept.isascii():
        plain = kept.translate(_LIGATURES) if _LIGATURE.search(kept) else kept
        decomposed = unicodedata.normalize("NFD", plain)
        letters = _ACCENTS.sub("", decomposed)
    base = " ".join(_WORDS.findall(letters.casefold()))
    return base, decomposed.casefold(), letters.swapcase()


def name_key(name: str) -> CollationKey:
    """Return the sort key of a surname or an institution: a lower-case particle does not count."""
    return collation_key(_PARTICLE.sub("", name, count=1) if name[:1].islower() else name)
