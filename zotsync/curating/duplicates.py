"""Items that are the same work as another. Pure: what makes them so is said in `sameness`."""

from __future__ import annotations

from collections.abc import Iterator

from zotsync.curating.finding import Facts, Finding
from zotsync.model import Fields


def _shared(fields: Fields, facts: Facts, by: str, field: str) -> Iterator[Finding]:
    for mark, keys in facts.known.sharing(fields) if facts.known else ():
        if mark == by:
            value = fields.get(field) or facts.value(fields, field)
            yield Finding(field, {"value": value, "keys": keys})


def same_doi(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items with the DOI of another."""
    return _shared(fields, facts, "DOI", "DOI")


def same_isbn(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find books with the ISBN of another, of 10 or of 13."""
    return _shared(fields, facts, "ISBN", "ISBN")


def same_address(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items with the address of another, tracking and proxies aside."""
    return _shared(fields, facts, "URL", "url")


def same_title(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items with the title, year and first author of another."""
    return _shared(fields, facts, "title", "title")
