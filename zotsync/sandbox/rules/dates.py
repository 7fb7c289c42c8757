"""Dates as Zotero's server reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SQL = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d))?")
_ISO = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)", re.IGNORECASE | re.ASCII
)
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|21[0-9]{2})(?!\d)")
_WHOLE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DAY = re.compile(r"(?<![\d-])([12]?\d|3[01])(?:er|st|nd|rd|th)?(?![\d-])")
_MONTHS = (
    ("jan",),
    ("feb", "fév", "fev"),
    ("mar",),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aoû", "aou"),
    ("sep",),
    ("oct",),
    ("nov",),
    ("dec", "déc"),
)
_LAST_MONTH = 12
_LAST_DAY = 31


def iso(moment: datetime) -> str:
    """Return a moment as answers write it, to the second and in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def timestamp(text: str) -> str | None:
    """Return an ISO 8601 or SQL date and time in the form of answers; None if it is neither."""
    try:
        if _ISO.fullmatch(text):
            return iso(datetime.fromisoformat(text.upper()))
        match = _SQL.fullmatch(text)
        if match and match[4]:
            return iso(datetime.fromisoformat(f"{text}Z"))
    except ValueError:  # the 31st of February, the year 0
        return None
    return None


def access_date(text: str, now: str) -> str | None:
    """Return what an `accessDate` becomes; None where the server refuses it.

    ● `YYYY-MM-DD[ hh:mm:ss]`, ISO 8601, `CURRENT_TIMESTAMP`, or nothing.
    """
    if text == "CURRENT_TIMESTAMP":
        return now
    match = _SQL.fullmatch(text)
    if text == "" or (match and not match[4]):
        return text
    return timestamp(text)


def parsed_date(text: str) -> str:
    """Return what can be read in a date as `YYYY[-MM[-DD]]`; "" if there is no year in it."""
    text = text.strip().lower()
    whole = _WHOLE.fullmatch(text) or _WHOLE.match(text.split("t")[0])
    if whole and whole.end() == len(text.split("t")[0]):
        return _joined(whole[1], int(whole[2] or 0), int(whole[3] or 0))
    if numbers := _DAY_FIRST.fullmatch(text):
        return _joined(numbers[3], int(numbers[2]), int(numbers[1]))
    year = _YEAR.search(text)
    if not year:
        return ""
    rest = text[: year.start()] + text[year.end() :]
    month = _month_in(rest)
    day = _DAY.search(rest) if month else None
    return _joined(year[1], month, int(day[1]) if day else 0)


def _month_in(text: str) -> int:
    words = re.findall(r"[^\W\d_]+", text)
    for word in words:
        for number, starts in enumerate(_MONTHS, start=1):
            if word.startswith(starts):
                return number
    return 0


def _joined(year: str, month: int, day: int) -> str:
    if not 1 <= month <= _LAST_MONTH:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= _LAST_DAY else f"{year}-{month:02}"
