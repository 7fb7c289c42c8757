"""Checks of ISBN, ISSN and DOI. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zotsync.curating.finding import Facts, Finding
from zotsync.curating.identifiers import (
    is_doi,
    isbns,
    issn_form,
    issns,
    plain_doi,
    plain_numbers,
)
from zotsync.model import Fields

_Numbers = Callable[[str], Iterator[tuple[str, bool]]]


def wrong_isbn(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find ISBNs whose check digit or length is wrong."""
    return _wrong(fields, "ISBN", isbns)


def wrong_issn(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find ISSNs whose check digit or length is wrong."""
    return _wrong(fields, "ISSN", issns)


def _wrong(fields: Fields, name: str, numbers: _Numbers) -> Iterator[Finding]:
    if typed := str(fields.get(name, "")):
        found = list(numbers(typed))
        bad = [number for number, right in found if not right]
        if bad or not found:
            yield Finding(name, {"value": ", ".join(bad) or typed})


def isbn_form(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find right ISBNs with words or marks around them."""
    typed = str(fields.get("ISBN", ""))
    found = list(isbns(typed)) if typed else []
    if found and all(right for _number, right in found):
        plain = plain_numbers(typed)
        if plain != typed:
            yield Finding("ISBN", {"value": typed}, plain, safe=True)


def issn_hyphen(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find right ISSNs that are written otherwise than `1234-5678`."""
    typed = str(fields.get("ISSN", ""))
    found = list(issns(typed)) if typed else []
    if found and all(right for _number, right in found):
        form = issn_form(" ".join(number.replace(" ", "") for number, _right in found))
        if form != typed and form != typed.replace(",", ""):  # Zotero keeps commas between them
            yield Finding("ISSN", {"value": typed}, form, safe=True)


def wrong_doi(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find what is no DOI."""
    typed = str(fields.get("DOI", ""))
    if typed and not is_doi(plain_doi(typed)):
        yield Finding("DOI", {"value": typed})


def doi_form(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find DOIs that are written with their address, with `doi:`, or with a full stop."""
    typed = str(fields.get("DOI", ""))
    plain = plain_doi(typed)
    if plain != typed and is_doi(plain):
        yield Finding("DOI", {"value": typed}, plain, safe=True)
