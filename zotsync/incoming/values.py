"""Whether a file says of a field what is not here already, whatever the signs it says it with. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zotsync.csljson.dates import csl_date
from zotsync.identifiers import host_and_rest, isbn13, isbns, issn_form, plain_doi
from zotsync.sameness import folded

_IMPRINT = re.compile(
    r"^\W*(?:dl|cop|impr|copyright|c|©|dépôt légal)\b\.?\s*(?=\[?\d)", re.IGNORECASE
)
"""What catalogues write before a year of a book."""
_DIGITS = re.compile(r"\d+")
_PARTING = re.compile(r"[,;]")
_UP_TO = re.compile(r"\s*[-–—]+\s*")


def adds_nothing(name: str, here: Any, there: Any) -> bool:
    """Return whether a value of a base field says no more than the one that is here."""
    if here == there:
        return True
    if isinstance(here, str) and isinstance(there, str):
        return _OWN.get(name, _same_words)(here, there)
    return name == "creators" and _same_people(here, there)


def more_tags(
    here: Iterable[Mapping[str, Any]], there: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the tags that are not here; formats part one with a comma in two, which are no more."""
    told = {folded(tag["tag"]): tag for tag in there}
    known = set()
    for tag in here:
        parts = set(map(folded, _PARTING.split(tag["tag"])))
        known |= {folded(tag["tag"])} | (parts if parts <= told.keys() else set())
    return [tag for name, tag in told.items() if name not in known]


def with_lines(extra: str, lines: Iterable[str]) -> str:
    """Return a text of `extra` with those of these lines below that are not in it."""
    return "\n".join([*extra.splitlines(), *(line for line in lines if line not in extra)])


def _same_words(here: str, there: str) -> bool:
    return folded(here) == folded(there) and _DIGITS.findall(here) == _DIGITS.findall(there)


def _same_numbers(here: str, there: str) -> bool:
    """Return whether the numbers are the same: `2e éd.` and `2`, `pp. 12–34` and `12-34`."""
    mine, its = _DIGITS.findall(here), _DIGITS.findall(there)
    return mine == its if mine or its else _same_words(here, there)


def _same_pages(here: str, there: str) -> bool:
    """Return whether the pages are the same: one alone can be told as the first and the last."""
    mine, its = (list(dict.fromkeys(map(folded, _UP_TO.split(text)))) for text in (here, there))
    return mine == its or _same_numbers(here, there)


def _same_day(here: str, there: str) -> bool:
    """Return whether the days are the same; a day says nothing beside its time."""
    return here[: len(there)] == there


def _same_page(here: str, there: str) -> bool:
    host, rest = host_and_rest(here)
    return bool(host) and (host, rest) == host_and_rest(there)


def _same_isbn(here: str, there: str) -> bool:
    mine, its = ({isbn13(n) for n, right in isbns(text) if right} for text in (here, there))
    return bool(mine & its) or _same_words(here, there)


def _same_issn(here: str, there: str) -> bool:
    return (issn_form(here) or here) == (issn_form(there) or there)


def _same_doi(here: str, there: str) -> bool:
    return plain_doi(here).lower() == plain_doi(there).lower()


def _same_date(here: str, there: str) -> bool:
    """Return whether the dates are the same; a year says nothing beside the day."""
    one, other = (csl_date(_IMPRINT.sub("", text)) for text in (here, there))
    mine, its = one.get("date-parts", []), other.get("date-parts", [])
    if len(mine) == len(its) == 1 and not other.get("season"):
        return bool(mine[0][: len(its[0])] == its[0])
    return one == other


def _same_language(here: str, there: str) -> bool:
    """Return whether they name one language: `fr`, `fre`, `fr-FR`, `français`."""
    return folded(here)[:2] == folded(there)[:2]


_OWN: Mapping[str, Callable[[str, str], bool]] = {
    "DOI": _same_doi,
    "ISBN": _same_isbn,
    "ISSN": _same_issn,
    "accessDate": _same_day,
    "date": _same_date,
    "edition": _same_numbers,
    "issue": _same_numbers,
    "language": _same_language,
    "numPages": _same_numbers,
    "pages": _same_pages,
    "url": _same_page,
    "volume": _same_numbers,
}
"""Base field -> how its values are compared; others by their words."""


def _same_people(here: Any, there: Any) -> bool:
    """Return whether these people are there, each role in this order; initials say nothing beside names.

    In which part of a name its particle stands does not matter; a list that ends sooner says less.
    """
    mine, its = _by_role(here or ()), _by_role(there or ())
    return all(
        len(told) <= len(mine.get(role, ())) and all(map(_same_person, mine.get(role, ()), told))
        for role, told in its.items()
    )


def _by_role(creators: Iterable[Mapping[str, str]]) -> dict[str, list[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for creator in creators:
        found.setdefault(creator.get("creatorType", ""), []).append(creator)
    return found


def _same_person(mine: Mapping[str, str], its: Mapping[str, str]) -> bool:
    names, told = _words(mine), _words(its)
    return len(names) == len(told) and all(map(_stands_for, told, names))


def _words(creator: Mapping[str, str]) -> list[str]:
    text = " ".join(creator.get(part, "") for part in ("name", "lastName", "firstName"))
    return sorted(filter(None, map(folded, re.split(r"[\s.-]+", text))))


def _stands_for(word: str, name: str) -> bool:
    return word == name or (len(word) == 1 and name.startswith(word))
