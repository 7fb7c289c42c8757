"""Which words of an entry no field took: nothing of a source is dropped silently. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
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
    jour reserve e er web suivante l’adresse ladresse sommaire presentation editeurs type document""".split()  # noqa: SIM905 - words, not code
)
"""Words that only say what stands beside them."""


def fold(word: str) -> str:
    """Return a word without accents and capitals."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(text: str) -> Counter[str]:
    """Return the words of a text, folded, with how often each stands there."""
    return Counter(fold(word) for word in _WORD.findall(text))


def left_over(source: Iterable[str], placed: Iterable[str]) -> tuple[str, ...]:
    """Return the lines, or the parts of lines, of `source` whose words stand nowhere in `placed`."""
    free = Counter[str]()
    for text in placed:
        free += words_of(text)
    kept: list[str] = []
    for line in source:
        words = list(_WORD.finditer(line))
        gone: list[bool] = []
        for word in words:
            said = fold(word[0])
            taken = free[said] > 0
            free[said] -= 1 if taken else 0
            gone.append(taken or said in _SERVING)
        kept += _stretches(line, words, gone)
    return tuple(kept)


def _told(line: str, words: list[re.Match[str]], start: int, end: int) -> str:
    """Return a stretch of words, a number with the serving words beside it: « 160 p »."""
    said = line[start : words[end - 1].end()]
    if any(c.isalpha() for c in said):
        return said
    first = next(i for i, word in enumerate(words) if word.start() == start)
    if end < len(words) and fold(words[end][0]) in _MEASURES:
        return line[start : words[end].end()]
    if first and fold(words[first - 1][0]) in _MEASURES:
        return line[words[first - 1].start() : words[end - 1].end()]
    return said


def _stretches(line: str, words: list[re.Match[str]], gone: list[bool]) -> list[str]:
    """Return the stretches of a line whose words were not taken."""
    found: list[str] = []
    start = -1
    for index, taken in enumerate([*gone, True]):
        if not taken and start < 0:
            start = words[index].start()
        elif taken and start >= 0:
            found.append(_told(line, words, start, index))
            start = -1
    return found
