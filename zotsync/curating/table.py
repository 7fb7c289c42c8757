"""All checks that zotsync has, in the order in which they look and mend; and choosing among them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from zotsync.curating import addresses, dates, duplicates, missing, names, numbers, signs, texts
from zotsync.curating.finding import Check, Facts, Found, Severity
from zotsync.model import UNSYNCED_TYPES, Fields

_WRONG, _LOOK = Severity.WRONG, Severity.LOOK
CHECKS: tuple[Check, ...] = (
    Check("no-head", _WRONG, missing.no_head),
    Check("no-title", _LOOK, missing.no_title),
    Check("no-author", _LOOK, missing.no_author),
    Check("no-source", _LOOK, missing.no_source),
    Check("no-address", _LOOK, missing.no_address),
    Check("date-impossible", _WRONG, dates.impossible),
    Check("date-turned", _LOOK, dates.turned),
    Check("date-numbers", _LOOK, dates.in_numbers),
    Check("date-short", _LOOK, dates.short_year),
    Check("date-unreadable", _LOOK, dates.unreadable),
    Check("date-future", _LOOK, dates.in_future),
    Check("date-old", _LOOK, dates.too_old),
    Check("date-accessed", _LOOK, dates.accessed_before),
    Check("isbn", _WRONG, numbers.wrong_isbn),
    Check("issn", _WRONG, numbers.wrong_issn),
    Check("doi", _WRONG, numbers.wrong_doi),
    Check("isbn-form", _LOOK, numbers.isbn_alone),
    Check("issn-form", _LOOK, numbers.issn_alone),
    Check("doi-form", _LOOK, numbers.doi_form),
    Check("address", _WRONG, addresses.wrong_address),
    Check("address-elided", _LOOK, addresses.elided),
    Check("safelink", _LOOK, addresses.safelinks),
    Check("proxy", _LOOK, addresses.proxied),
    Check("other-proxy", _LOOK, addresses.other_proxies),
    Check("tracking", _LOOK, addresses.tracked),
    Check("name-capitals", _LOOK, names.in_capitals),
    Check("title-capitals", _LOOK, texts.title_in_capitals),
    Check("misread", _LOOK, signs.misread),
    Check("lost-signs", _LOOK, signs.lost),
    Check("edges", _LOOK, texts.edges),
    Check("last-stop", _LOOK, texts.last_stop),
    Check("blanks", _LOOK, texts.blanks),
    Check("doubled-marks", _LOOK, texts.doubled_marks),
    Check("loose-marks", _LOOK, texts.loose_marks),
    Check("brackets", _LOOK, texts.brackets),
    Check("apostrophes-mixed", _LOOK, texts.apostrophes_mixed),
    Check("apostrophes-odd", _LOOK, texts.apostrophes_odd),
    Check("same-doi", _LOOK, duplicates.same_doi),
    Check("same-isbn", _LOOK, duplicates.same_isbn),
    Check("same-address", _LOOK, duplicates.same_address),
    Check("same-title", _LOOK, duplicates.same_title),
    Check("link-gone", _WRONG, addresses.gone),
    Check("link-moved", _LOOK, addresses.moved),
    Check("link-unsure", _LOOK, addresses.unsure),
    Check("link-private", _LOOK, addresses.refused),
)
LINKS = frozenset(check.code for check in CHECKS if check.code.startswith("link-"))
"""The checks that need answers."""


def chosen(
    checks: Iterable[Check], only: Collection[str], without: Collection[str]
) -> tuple[Check, ...]:
    """Return the checks named in `only` (empty: all), those of `without` left out."""
    return tuple(c for c in checks if (not only or c.code in only) and c.code not in without)


def look(items: Mapping[str, Fields], checks: Sequence[Check], facts: Facts) -> Iterator[Found]:
    """Yield everything that checks find in items; notes are not looked at."""
    for key, fields in items.items():
        if is_checked(fields):
            for check in checks:
                for finding in check.find(fields, facts):
                    yield Found(check, key, finding)


def is_checked(fields: Fields) -> bool:
    """Return whether an item is one that checks look at."""
    return fields.get("itemType") not in UNSYNCED_TYPES | {"note"}
