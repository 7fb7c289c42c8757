"""Which words of an entry no field took: nothing of a source is dropped silently. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

_WORD = re.compile(r"\d+[.,]\d+(?=\s?[€$£])|[^\W_]+")
_SIGNS = r"[^\w\s.,;:!?…'’\"«»“”()\[\]{}<>/|\\*•·_–—-]+"
_BEHIND, _BEFORE = re.compile(rf"\s*{_SIGNS}"), re.compile(rf"(?<!\w){_SIGNS}\s?$")
"""What is neither a word nor punctuation: « 12 € », « ± 3 », « C++ »."""
_WIDEST = 8
"""Signs before a word that are looked at."""
_MEASURES = frozenset(
    ("n", "no", "nos", "numero", "p", "pp", "page", "pages", "vol", "volume", "t", "tome")
)
"""What a number alone says nothing without."""
_SERVING = frozenset(
    """a à au aux by chez cle cles coll collection collections coord coordination d dans de des dir
    direction disponible doi du ed eds edite edition editions editeur en et http https i in internet
    isbn issn l la le les ligne lien libre acces mot mots n no nos num numero o online p pages page
    par paru parue parus pp resume revue sous site soutenue sur sur t tome url vol volume www integral
    texte consulte consultable telechargeable telecharger accessible adresse article contribution
    ouvrage rapport these auteur auteurs titre source date annee cote trad cop version lire voir mis
    dl jour recupere repere reserve e er web suivante l’adresse ladresse sommaire presentation editeurs type
    document un une realisation realise realisee""".split()  # noqa: SIM905 - words, not code
)
"""Words that only say what stands beside them."""


def fold(word: str) -> str:
    """Return a word without accents and capitals."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(text: str) -> Counter[str]:
    """Return the words of a text, folded, with how often each stands there."""
    return Counter(fold(word) for word in _WORD.findall(text))


class _Left(Enum):
    """What became of a word."""

    PLACED = "placed"
    SERVING = "serving"
    FREE = "free"


def left_over(source: Iterable[str], placed: Iterable[str]) -> tuple[str, ...]:
    """Return the lines, or the parts of lines, of `source` whose words stand nowhere in `placed`."""
    free = Counter[str]()
    for text in placed:
        free += words_of(text)
    kept: list[str] = []
    for line in source:
        words = list(_WORD.finditer(line))
        kept += [_told(line, words, start, end) for start, end in _stretches(words, free)]
    return tuple(kept)


def _stretches(words: Sequence[re.Match[str]], free: Counter[str]) -> Iterator[tuple[int, int]]:
    """Yield where stretches of words begin and end that were not placed; use up what was."""
    start = end = -1
    for at, word in enumerate(words):
        left = _left(fold(word[0]), free)
        if left is _Left.FREE:
            start, end = at if start < 0 else start, at + 1
        elif left is _Left.PLACED and start >= 0:
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def _left(word: str, free: Counter[str]) -> _Left:
    if free[word] > 0:
        free[word] -= 1
        return _Left.PLACED
    return _Left.SERVING if word in _SERVING else _Left.FREE


def _told(line: str, words: Sequence[re.Match[str]], start: int, end: int) -> str:
    """Return a stretch of words, with the signs at its edges; a number with its measure: « 160 p »."""
    sign = _BEHIND.match(line, words[end - 1].end())
    first, last = words[start].start(), sign.end() if sign else words[end - 1].end()
    if not any(c.isalpha() for c in line[first:last]):
        if end < len(words) and fold(words[end][0]) in _MEASURES:
            last = words[end].end()
        elif start and fold(words[start - 1][0]) in _MEASURES:
            return line[words[start - 1].start() : last]
    before = _BEFORE.search(line, max(0, first - _WIDEST), first)
    return line[before.start() if before else first : last]
