"""What checks would mend, as a proposal: the checks one after the other, each on what the last made. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from zotsync.curating.finding import Check, Facts
from zotsync.curating.table import is_checked
from zotsync.model import Fields, normal
from zotsync.proposal import Correction, Doubt, Proposal


def proposed(
    items: Mapping[str, Fields],
    checks: Sequence[Check],
    facts: Facts,
    clashing: Collection[str] = (),
) -> Proposal:
    """Return what is to be mended, what is safe apart from what is a guess.

    `clashing`: keys of items with an open conflict, which are mended only where somebody says so.
    """
    corrections = [
        correction
        for key, fields in items.items()
        if is_checked(fields)
        for correction in _of_item(key, fields, checks, facts, in_conflict=key in clashing)
    ]
    return Proposal(corrections=tuple(corrections))


def mended(fields: Fields, checks: Sequence[Check], facts: Facts, *, guesses: bool) -> Fields:
    """Return an item as checks would have it; `guesses`: with what is not certain, too."""
    now = dict(fields)
    for check in checks:
        for finding in list(check.find(now, facts)):
            if finding.mended and (finding.safe or guesses):
                now[finding.field] = finding.mended
    return normal(now) if now != fields else fields


def _of_item(
    key: str, fields: Fields, checks: Sequence[Check], facts: Facts, *, in_conflict: bool
) -> Iterator[Correction]:
    safe = mended(fields, checks, facts, guesses=False)
    guessed = mended(fields, checks, facts, guesses=True)
    title = facts.value(fields, "title")
    doubt = Doubt.IN_CONFLICT if in_conflict else None
    for name in safe:
        if safe[name] != fields.get(name):
            yield _correction(key, title, name, (fields.get(name), safe[name]), doubt)
    for name in guessed:
        if guessed[name] != safe.get(name):
            values = (fields.get(name), guessed[name])
            yield _correction(key, title, name, values, doubt or Doubt.GUESSED)


def _correction(
    key: str, title: str, name: str, values: tuple[Any, Any], doubt: Doubt | None
) -> Correction:
    old, new = values
    return Correction(key, title, name, str(old), str(new), {name: old}, {name: new}, doubt)
