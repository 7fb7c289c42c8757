"""ISBN, ISSN and DOI: their check digits, and the form that Zotero and catalogues expect. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TEN, _THIRTEEN = 10, 13
_NOISE = re.compile(
    r"^(?:\s*(?:e-?)?(?:ISBN|ISSN)(?:[- ]?1[03])?\s*[:.]?)+\s*|[\s.,;]+$", re.IGNORECASE
)
_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212]")
_BETWEEN = re.compile(r"[\s,;/]+")
_ISBN = re.compile(r"(?:97[89])?\d{9}[\dX]")
_ISSN = re.compile(r"\d{7}[\dX]")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_PREFIX = re.compile(
    r"^\s*(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/)?(?:doi\s*:?\s*)?(?=10\.\d)", re.IGNORECASE
)
_DOI_END = re.compile(r"[\s.,;]+$")


def isbns(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each ISBN of a field, as typed, and whether its length and check digit are right."""
    for typed in _pieces(plain_numbers(text), _TEN, _THIRTEEN):
        yield typed, is_isbn(typed)


def is_isbn(text: str) -> bool:
    """Return whether this is an ISBN of 10 or 13 with the right check digit."""
    digits = _digits(text)
    if not _ISBN.fullmatch(digits):
        return False
    if len(digits) == _TEN:
        return _weighed(digits) == 0
    return digits[-1] == _thirteenth(digits[:12])


def isbn13(text: str) -> str:
    """Return an ISBN as the 13 digits it has today; "" where it is none."""
    digits = _digits(text)
    if not is_isbn(digits):
        return ""
    if len(digits) == _THIRTEEN:
        return digits
    first = f"978{digits[:9]}"
    return first + _thirteenth(first)


def issns(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each ISSN of a field, as typed, and whether its length and check digit are right."""
    for typed in _pieces(plain_numbers(text), 8):
        digits = _digits(typed)
        yield typed, bool(_ISSN.fullmatch(digits)) and _weighed(digits) == 0


def issn_form(text: str) -> str:
    """Return ISSNs with their hyphen: `1234-567X`."""
    parts = (_digits(part) for part in plain_numbers(text).split())
    return " ".join(f"{part[:4]}-{part[4:]}" for part in parts)


def plain_numbers(text: str) -> str:
    """Return a field without the words and marks that do not belong to its numbers."""
    text = _NOISE.sub("", _DASHES.sub("-", text))
    return " ".join(filter(None, _BETWEEN.split(_NOISE.sub("", text)))).upper()


def plain_doi(text: str) -> str:
    """Return a DOI without its address, `doi:` and full stop."""
    return _DOI_END.sub("", _DOI_PREFIX.sub("", text).strip())


def is_doi(text: str) -> bool:
    """Return whether this is a DOI: `10.`, four to nine digits, `/`, and what the publisher chose."""
    return _DOI.fullmatch(text) is not None


def _pieces(text: str, *lengths: int) -> Iterator[str]:
    """Yield the numbers of a field; one that is written in groups, with blanks, is one number."""
    if len(_digits(text)) in lengths and not any(
        len(_digits(part)) in lengths for part in text.split()
    ):
        yield text
        return
    yield from text.split()


def _digits(text: str) -> str:
    return text.replace("-", "").replace(" ", "").upper()


def _weighed(digits: str) -> int:
    """Return the sum that is 0 for a right ISBN of 10, or ISSN: each digit by its place from the end."""
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum(value * place for place, value in enumerate(reversed(values), 1)) % 11


def _thirteenth(digits: str) -> str:
    return str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10)
