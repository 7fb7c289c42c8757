"""Checks of ISBN, ISSN and DOI. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zotsync.curating.finding import Facts, Finding
from zotsync.identifiers import (
    is_doi,
    is_number_alone,
    isbn_form,
    isbns,
    issn_form,
    issns,
    plain_doi,
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


def isbn_alone(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find right ISBNs with words or marks around them."""
    return _form(fields, "ISBN", isbns, isbn_form)


def issn_alone(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find right ISSNs that are written otherwise than `1234-5678`."""
    return _form(fields, "ISSN", issns, issn_form)


def _form(
    fields: Fields, name: str, numbers: _Numbers, form_of: Callable[[str], str]
) -> Iterator[Finding]:
    """Yield the better form of right numbers; safe where nothing but names and marks is lost."""
    typed = str(fields.get(name, ""))
    found = list(numbers(typed)) if typed else []
    if found and all(right for _number, right in found):
        form = form_of(typed)
        if form not in {typed, typed.replace(",", "")}:  # Zotero keeps commas between them
            yield Finding(name, {"value": typed}, form, safe=is_number_alone(typed, form))


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
