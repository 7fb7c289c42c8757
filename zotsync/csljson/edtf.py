"""EDTF, as much of it as Zotero reads in a date: ISO dates, ranges, approximate years, eras.

Beside the standard's `2019/2021`, `2019~`, `-0429`: `2019-2021`, `2019-21`, `ca. 2019`, `429 BCE`.
"""

from __future__ import annotations

import calendar
import re
from typing import Any

CslDate = dict[str, Any]
Parts = list[int]

_DASHES = re.compile(r"[\u2013\u2014\u2212]|--+")
_CIRCA = re.compile(r"(?:~|circa |ca\.? ?|c\. ?|about |around )\s*", re.IGNORECASE)
_BEFORE = r"b\.?\s?c\.?(?:\s?e\.?)?"
_AFTER = r"c\.?\s?e\.?|a\.?\s?d\.?"
_ERA = f"(?:{_BEFORE}|{_AFTER})"
_ERA_YEAR = re.compile(
    rf"(?:(?P<lead>{_AFTER})\s*)?(?P<year>\d{{1,4}})(?:\s*(?P<era>{_ERA}))?"
    rf"(?:\s*-\s*(?P<last>\d{{1,4}})(?:\s*(?P<last_era>{_ERA}))?)?",
    re.IGNORECASE | re.ASCII,
)
_WITH_ERA = re.compile(rf"\d\s*{_ERA}|(?:{_AFTER})\s*\d", re.IGNORECASE | re.ASCII)
_ERAS = re.compile(_ERA, re.IGNORECASE)
_BARE = re.compile(r"[-0-9T:+Z~?%/\s.]*", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:^|/)-\d", re.ASCII)
_SHAPE = re.compile(r"-?\d{4}[-\d~?%]*(?:/-?\d{4}[-\d~?%]*)?", re.ASCII)
_SHORT_NEGATIVE = re.compile(r"(^|/)-(\d{1,3})(?=[-~?%/]|$)", re.ASCII)
_YEARS = re.compile(r"(\d{4})-(\d{2}|\d{4})", re.ASCII)
_ONE = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%])?", re.ASCII)
_DECEMBER = 12
_LEAP, _COMMON = 2000, 2001


def edtf_date(text: str) -> CslDate | None:
    """Return what `text` says as EDTF (the part of it that Zotero reads); None where it is none."""
    plain = _DASHES.sub("-", text)
    circa = _CIRCA.match(plain)
    if circa:
        plain = plain[circa.end() :]
    plain = _without_eras(plain) or plain
    plain = _SHORT_NEGATIVE.sub(lambda m: f"{m[1]}-{m[2]:0>4}", plain)
    plain = _years(plain)
    if not _SHAPE.fullmatch(plain):
        return None
    halves = [_half(half) for half in plain.split("/")]
    if None in halves:
        return None
    parts = [half[0] for half in halves if half]
    if len(parts) > 1 and _comparable(parts[1]) <= _comparable(parts[0]):
        return None
    about = circa or any(half[1] for half in halves if half)
    return {"date-parts": parts, "circa": True} if about else {"date-parts": parts}


def _half(text: str) -> tuple[Parts, bool] | None:
    """Return the parts of one date of a range, and whether it is approximate; None if it is no date."""
    found = _ONE.fullmatch(text)
    if not found:
        return None
    parts = [int(part) for part in found.groups()[:3] if part]
    if len(parts) > 1 and not 1 <= parts[1] <= _DECEMBER:
        return None
    if found[3] and not 1 <= parts[2] <= _days(*parts[:2]):
        return None
    return parts, bool(found[4])


def _days(year: int, month: int) -> int:
    # the calendar module knows no year before 1
    return calendar.monthrange(_LEAP if calendar.isleap(year) else _COMMON, month)[1]


def _comparable(parts: Parts) -> int:
    year, month, day = (*parts, 0, 0)[:3]
    return year * 10000 + month * 100 + day


def _years(text: str) -> str:
    """Return `1995-1996` and `1995-96` as `1995/1996`; a second number up to 12 is a month."""
    found = _YEARS.fullmatch(text)
    if not found:
        return text
    first, last = int(found[1]), int(found[2])
    if len(found[2]) == 2:  # noqa: PLR2004 - two digits
        last = first // 100 * 100 + last if last > _DECEMBER else 0
    return f"{found[1]}/{last:04}" if last > first else text


def _without_eras(text: str) -> str:
    """Return `429 BCE` as `-0429`, a range as well; "" where no era is told, or a senseless one."""
    found = _ERA_YEAR.fullmatch(text)
    if not found or (found["lead"] and found["era"]):
        return ""
    first, last = found["lead"] or found["era"], found["last_era"]
    if not (first or last) or not int(found["year"]) or not int(found["last"] or 1):
        return ""
    signed = _signed(found["year"], first or last)
    return f"{signed}/{_signed(found['last'], last or first)}" if found["last"] else signed


def _signed(year: str, era: str) -> str:
    return f"{'-' if re.fullmatch(_BEFORE, era, re.IGNORECASE) else ''}{year:0>4}"


def looks_like_edtf(text: str) -> bool:
    """Return whether `text` is written as EDTF, though it may not make sense as such (`1996-1995`)."""
    plain = _DASHES.sub("-", text)
    if circa := _CIRCA.match(plain):
        plain = plain[circa.end() :]
    if _NEGATIVE.search(plain) or _SHAPE.fullmatch(plain):
        return True
    return bool(_WITH_ERA.search(plain) and _BARE.fullmatch(_ERAS.sub("", plain)))
