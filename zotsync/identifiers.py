"""What identifies a work outside Zotero: ISBN, ISSN, DOI, address; as catalogues write them. Pure.

One set of rules for whoever reads, compares or checks references: check digits, forms, what stands around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212]")
_BLANKS = re.compile("[\u00a0\u2000-\u200b\u202f\u2060\ufeff]")
_THIRTEEN = re.compile(r"97[89](?:[- ]?\d){10}(?!\d)", re.ASCII)
_TEN = re.compile(r"\d(?:[- ]?\d){8}[- ]?[\dX](?![\dX])", re.ASCII)
_EIGHT = re.compile(r"\d{4}[- ]?\d{3}[\dX](?![\dX])", re.ASCII)
_NUMBER = re.compile(r"\d[\dX-]{0,40}", re.ASCII)
_NAMED = re.compile(r"\b(?:E-?)?(?:ISBN|ISSN|EAN)(?:[- ]?(?:1[03]|L)\b)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]")
_FEWEST = 6
"""Digits from which on a number is meant to be an ISBN or ISSN; fewer are a price or a year."""
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+", re.ASCII)
_DOI_PREFIX = re.compile(
    r"^\s*(?:doi\s*:?\s*)?(?:(?:https?:)?(?://)?(?:dx\.|www\.)?doi\.org/|info:doi/|urn:doi:)?"
    r"(?:doi\s*:?\s*)?(?=10\.\d)",
    re.IGNORECASE,
)
_DOI_END = re.compile(r"[\s.,;]+$")
_DOI_LINE = re.compile(r"^DOI[ \t]*:[ \t]*(\S.*)", re.IGNORECASE | re.MULTILINE)
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org"})
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|srsltid|mc_[ce]id"
    r"|mkt_tok|_g[al]|_hs(?:enc|mi)|hsa_\w+|pk_\w+|mtm_\w+|at_(?:medium|campaign|format|custom\d)"
    r"|xtor|ref_src|wt_mc|s_cid|cmpid)(?:=[^&#]*)?",
    re.IGNORECASE,
)
_USUAL_PORTS = frozenset({None, 80, 443})


# ISBN and ISSN


def isbns(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each ISBN of a field, as typed, and whether its length and check digit are right.

    Around them may stand whatever catalogues write: `ISBN : 978-2-7574-1303-6 (br.) : 24 EUR`.
    """
    return _numbers(text, (_THIRTEEN, _TEN), is_isbn)


def issns(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each ISSN of a field, as typed, and whether its length and check digit are right."""
    return _numbers(text, (_EIGHT,), is_issn)


def kind_of_number(text: str) -> str:
    """Return "ISBN" or "ISSN", which a number is by its length, or ""; a digit may be wrong."""
    plain = _plain(text)
    if _THIRTEEN.search(plain) or _TEN.search(plain):
        return "ISBN"
    return "ISSN" if _EIGHT.search(plain) else ""


def is_isbn(text: str) -> bool:
    """Return whether this is an ISBN of 10 or 13 with the right check digit."""
    digits = _digits(text)
    if _THIRTEEN.fullmatch(digits):
        return digits[-1] == _thirteenth(digits[:12])
    return _TEN.fullmatch(digits) is not None and _weighed(digits) == 0


def is_issn(text: str) -> bool:
    """Return whether this is an ISSN with the right check digit."""
    digits = _digits(text)
    return _EIGHT.fullmatch(digits) is not None and _weighed(digits) == 0


def isbn13(text: str) -> str:
    """Return an ISBN as the 13 digits it has today; "" where it is none."""
    digits = _digits(text)
    if not is_isbn(digits):
        return ""
    first = f"978{digits[:9]}"
    return digits if _THIRTEEN.fullmatch(digits) else first + _thirteenth(first)


def isbn_form(text: str) -> str:
    """Return the right ISBNs of a field alone, a blank between them; one typed in groups has hyphens."""
    return " ".join(typed.replace(" ", "-") for typed, right in isbns(text) if right)


def issn_form(text: str) -> str:
    """Return the right ISSNs of a field alone, with their hyphen: `1234-567X`."""
    digits = (_digits(typed) for typed, right in issns(text) if right)
    return " ".join(f"{number[:4]}-{number[4:]}" for number in digits)


def is_number_alone(text: str, form: str) -> bool:
    """Return whether a field says no more than `form` does: names of numbers and marks aside."""
    rest = _digits(_plain(text))
    for number in form.split():
        rest = rest.replace(_digits(number), "", 1)
    return not _WORD.search(rest)


def _numbers(
    text: str, shapes: tuple[re.Pattern[str], ...], is_right: Callable[[str], bool]
) -> Iterator[tuple[str, bool]]:
    """Yield the numbers of a field: the right ones of these shapes, and what was meant to be one."""
    plain, at = _plain(text), 0
    while found := _NUMBER.search(plain, at):
        shaped = [one[0] for shape in shapes if (one := shape.match(plain, found.start()))]
        right = next(filter(is_right, shaped), "")
        typed = right or next(iter(shaped), found[0])
        at = found.start() + len(typed)
        if right or len(_digits(typed)) >= _FEWEST:
            yield typed, bool(right)


def _plain(text: str) -> str:
    """Return a field with one kind of hyphens and blanks, without the names of its numbers."""
    return _NAMED.sub(" ", _BLANKS.sub(" ", _DASHES.sub("-", text))).upper()


def _digits(text: str) -> str:
    return text.replace("-", "").replace(" ", "").upper()


def _weighed(digits: str) -> int:
    """Return the sum that is 0 for a right ISBN of 10, or ISSN: each digit by its place from the end."""
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum(value * place for place, value in enumerate(reversed(values), 1)) % 11


def _thirteenth(digits: str) -> str:
    return str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10)


# DOI


def plain_doi(text: str) -> str:
    """Return a DOI without its address, `doi:` and full stop."""
    bare = _DOI_PREFIX.sub("", text).strip()
    if "/" not in bare and is_doi(whole := unquote(bare)):
        bare = whole
    return _DOI_END.sub("", bare)


def is_doi(text: str) -> bool:
    """Return whether this is a DOI: `10.`, four to nine digits, `/`, and what the publisher chose."""
    return _DOI.fullmatch(text) is not None


def doi_of(field: str, extra: str = "", url: str = "") -> str:
    """Return the DOI of a reference, in small letters: from its field, a line of Extra, its address."""
    line = _DOI_LINE.search(extra)
    address = url if host_and_rest(url)[0] in _DOI_HOSTS else ""
    told = (plain_doi(text) for text in (field, line[1] if line else "", without_tracking(address)))
    return next(filter(is_doi, told), "").lower()


# Addresses


def without_tracking(url: str) -> str:
    """Return an address without what tells its owner who sent the reader (`utm_source`, `fbclid`)."""
    before, mark, fragment = url.partition("#")
    path, asks, query = before.partition("?")
    parts = query.split("&")
    kept = [part for part in parts if not _TRACKING.fullmatch(part)]
    if len(kept) == len(parts):
        return url
    return path + (asks + "&".join(kept) if kept else "") + mark + fragment


def host_and_rest(url: str) -> tuple[str, str]:
    """Return host and what stands behind it, as far as they tell pages apart; ("", "") for no address."""
    try:
        parts = urlsplit(without_tracking(url.strip()))
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return "", ""
    fragment = f"#{parts.fragment}" if parts.fragment[:1] in {"!", "/"} else ""
    query = f"?{parts.query}" if parts.query else ""
    return (
        host + ("" if port in _USUAL_PORTS else f":{port}"),
        parts.path.rstrip("/") + query + fragment,
    )
