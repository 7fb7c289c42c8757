"""Checks of dates. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from zotsync.curating.finding import Facts, Finding
from zotsync.handout.text.dates import MONTHS, from_words, parse_iso, sort_key
from zotsync.model import Fields

DATES = ("date", "originalDate", "dateDecided", "dateEnacted", "issueDate", "filingDate")
OLDEST = 1450
"""Before there was print: a slip of the keys, in most libraries."""
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT = re.compile(r"(?:.*\D)?\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|[^\W\d]+\.? \d{2}|'?\d{2}", re.DOTALL)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d(?::\d\d)?Z?)?|CURRENT_TIMESTAMP")
_NO_DATE = re.compile(
    r"\[?(?:s\.? ?d\.?|n\.? ?d\.?|sans date|non date|no date|a para[iî]tre|en cours|forthcoming|in press"
    r"|sous presse|to appear|inconnue?|\d{2}-- ?\??|\d{3}[-?])\]?"
)
_CENTURY = re.compile(r"[ivx]{2,5}e? s|\d{1,2}(?:e|eme|th) (?:s|c)|annees|circa|vers|ca\.?")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er)? ([^\W\d_]+) \d{4}")
_MONTHS = 12


def impossible(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find dates in numbers that no calendar has (`2021-13`, `31/02/2020`, `31 février 2020`)."""
    for name, typed in _typed(fields):
        if not is_possible(typed) and not _turned(typed):
            yield Finding(name, {"value": typed})
    accessed = str(fields.get("accessDate", "CURRENT_TIMESTAMP"))
    moment = _MOMENT.fullmatch(accessed)
    if not moment or (moment[1] and not is_possible(moment[1])):
        yield Finding("accessDate", {"value": accessed})


def turned(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find days and months that changed places, where no other reading is possible."""
    for name, typed in _typed(fields):
        if mended := _turned(typed):
            yield Finding(name, {"value": typed}, mended, safe=True)


def in_numbers(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find dates in numbers other than `2021-10-31`: printed as typed. Of days up to 12 it is a guess."""
    for name, typed in _typed(fields):
        if found := _YEAR_LAST.fullmatch(typed):
            day, month, year = found.groups()
            if _exists(year, month, day):
                clear = int(day) > _MONTHS or int(day) == int(month)
                yield Finding(name, {"value": typed}, _iso(year, month, day), safe=clear)
        elif (found := _YEAR_FIRST.fullmatch(typed)) and is_possible(typed):
            mended = _iso(*found.groups())
            if mended != typed and (found[3] or "-" in typed or len(found[2]) == 1):
                yield Finding(name, {"value": typed}, mended, safe=bool(found[3]))


def short_year(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find years of two digits."""
    for name, typed in _typed(fields):
        if _SHORT.fullmatch(typed):
            yield Finding(name, {"value": typed})


def unreadable(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find dates without a year that can be read, `s.d.` and the like aside."""
    for name, typed in _typed(fields):
        folded = _fold(typed)
        known = _NO_DATE.fullmatch(folded) or _CENTURY.search(folded) or _SHORT.fullmatch(typed)
        if not known and is_possible(typed) and not sort_key(typed):
            yield Finding(name, {"value": typed})


def in_future(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find dates after today."""
    today = facts.today
    for name, typed in _typed(fields):
        found = sort_key(typed)
        if found and found[0] and _first_day(found) > (today.year, today.month, today.day):
            yield Finding(name, {"value": typed})
    accessed = parse_iso(str(fields.get("accessDate", ""))[:10])
    if accessed and accessed > (today.year, today.month, today.day):
        yield Finding("accessDate", {"value": fields["accessDate"]})


def too_old(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find dates before there was print."""
    for name, typed in _typed(fields):
        found = sort_key(typed)
        if found and found[0] < OLDEST:
            yield Finding(name, {"value": typed})


def accessed_before(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find what was looked up online in a year before the one of its publication."""
    published = sort_key(str(fields.get("date", "")))
    accessed = parse_iso(str(fields.get("accessDate", ""))[:10])
    if published and accessed and accessed[0] < published[0]:
        yield Finding(
            "accessDate", {"value": str(fields["accessDate"])[:10], "date": fields["date"]}
        )


def is_possible(typed: str) -> bool:
    """Return False for what looks like a date, and is none (`2021-13`, `31/02/2020`, `31 février 2020`)."""
    if found := _YEAR_FIRST.fullmatch(typed.strip()):
        return _exists(found[1], found[2], found[3] or "1") or _is_span(found)
    if found := _YEAR_LAST.fullmatch(typed.strip()):
        return _exists(found[3], found[2], found[1]) or _exists(found[3], found[1], found[2])
    if found := _IN_WORDS.fullmatch(_fold(typed.strip())):
        return found[2] not in map(_fold, MONTHS) or bool(from_words(typed))
    return True


def _is_span(found: re.Match[str]) -> bool:
    """Return whether it may be two years: `2019/20`."""
    return not found[3] and int(found[2]) == (int(found[1]) + 1) % 100


def _turned(typed: str) -> str:
    """Return the day of `2020-31-12` and `12/31/2020`; "" for others."""
    if found := _YEAR_FIRST.fullmatch(typed):
        year, day, month = found[1], found[2], found[3]
        can = month and not _exists(year, day, month) and _exists(year, month, day)
        return _iso(year, month, day) if can else ""
    if found := _YEAR_LAST.fullmatch(typed):
        month, day, year = found.groups()
        can = not _exists(year, day, month) and _exists(year, month, day)
        return _iso(year, month, day) if can else ""
    return ""


def _typed(fields: Fields) -> Iterator[tuple[str, str]]:
    for name in DATES:
        if isinstance(typed := fields.get(name), str) and typed.strip():
            yield name, typed.strip()


def _iso(year: str, month: str, day: str | None) -> str:
    return "-".join([year, f"{int(month):02}", *([f"{int(day):02}"] if day else [])])


def _first_day(found: tuple[int, int, int]) -> tuple[int, int, int]:
    return found[0], found[1] or 1, found[2] or 1


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().strip())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _exists(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
