"""The order of French words and names, as a sort key of our own.

Three levels: base letters, then accents, then case. `œ` sorts as `oe`, hyphens and apostrophes are
ignored. A particle typed in lower case (`de`, `d’`, `von`) does not count, as in French catalogues;
`Le`, `La`, `Du`, `Des` do.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CollationKey = tuple[str, str, str]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o"})
_IGNORED = re.compile("['’‘ʼ\u00ad\u2010\u2011\u2012\u2013-]")
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)\b[^>]*>")
_PARTICLE = re.compile(r"(?:de la |de |d['’]|von |zu )(?=\S)")


@lru_cache(maxsize=4096)
def collation_key(text: str) -> CollationKey:
    """Return the sort key of `text`: base letters, then accents, then case (lower before upper)."""
    kept = _IGNORED.sub("", _MARKUP.sub("", text).translate(_LIGATURES))
    decomposed = unicodedata.normalize("NFD", kept)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    base = " ".join(re.findall(r"\w+", letters.casefold()))
    return base, decomposed.casefold(), letters.swapcase()


def name_key(name: str) -> CollationKey:
    """Return the sort key of a surname or an institution: a lower-case particle does not count."""
    return collation_key(_PARTICLE.sub("", name, count=1) if name[:1].islower() else name)
