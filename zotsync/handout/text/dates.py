"""Dates as people type them: French words for ISO dates, and what can be read in the others."""

from __future__ import annotations

import calendar
import re
import unicodedata
from functools import lru_cache

from zotsync.model import Fields, ItemType

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_SEASONS = {"printemps": 3, "ete": 6, "automne": 9, "hiver": 12}
_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august")
_ENGLISH_END = ("september", "october", "november", "december")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|21[0-9]{2})(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:er|e)?\s+(?=[a-z])")
_WORD = re.compile(r"[a-z]+")
_IN_WORDS = re.compile(r"(?:(?:(\d{1,2})(?:er)? )?([a-z]+) )?(\d{4})")
_FULL = re.compile(r"\d{1,2}(?:er)? [^\W\d]+ \d{4}")


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_MONTH_NUMBER = {
    **{_fold(name): n for n, name in enumerate(MONTHS, 1)},
    **{name: n for n, name in enumerate((*_ENGLISH, *_ENGLISH_END), 1)},
    **_SEASONS,
}


def is_month_or_season(word: str) -> bool:
    """Return whether a word, French or English, is the name of a month or a season."""
    return all(part in _MONTH_NUMBER for part in _fold(word).split("-"))


def from_words(text: str) -> str:
    """Return the ISO form of a date in French words (`1er janvier 2020`, `mai 2019`); "" for others."""
    found = _IN_WORDS.fullmatch(_fold(" ".join(text.split())))
    if not found:
        return ""
    day, name, year = found.groups()
    month = next((n for n, known in enumerate(MONTHS, 1) if _fold(known) == name), 0)
    if name and not month:
        return ""
    date = "-".join(
        [year, *([f"{month:02}"] if month else []), *([f"{int(day):02}"] if day else [])]
    )
    return date if parse_iso(date) else ""


def date_of(fields: Fields, kind: ItemType | None) -> str:
    """Return an item's date, under whatever name its type has for it (`dateEnacted`, `issueDate`)."""
    return kind.value(fields, "date") if kind else str(fields.get("date", ""))


@lru_cache(maxsize=1024)
def parse_iso(date: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) of an ISO year, month or day, 0 for what it leaves open; else None."""
    found = _ISO.fullmatch(date)
    if not found:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    if found[2] and not 1 <= month <= len(MONTHS):
        return None
    if found[3] and (year == 0 or not 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return year, month, day


@lru_cache(maxsize=1024)
def words(date: str) -> str:
    """Return an ISO date in French words (`1er janvier 2020`); anything else as it was typed."""
    parsed = parse_iso(date)
    if parsed is None:
        return date
    year, month, day = parsed
    parts = [f"{day}er" if day == 1 else str(day)] if day else []
    if month:
        parts.append(MONTHS[month - 1])
    return " ".join([*parts, date[:4] if year else date])


def year(date: str) -> str:
    """Return the year of an ISO date; anything else as it was typed."""
    return date[:4] if parse_iso(date) else date


def is_full(date: str) -> bool:
    """Return whether `date` names one day: an ISO day, or day, month and year in words."""
    parsed = parse_iso(date)
    return parsed[2] > 0 if parsed else _FULL.fullmatch(date) is not None


def sort_key(date: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) as far as they can be read in `date`; None without a year."""
    if parsed := parse_iso(date):
        return parsed
    if found := _DAY_FIRST.search(date):
        day, month, in_year = map(int, found.groups())
        return in_year, month if month <= len(MONTHS) else 0, day
    found_year = _YEAR.search(date)
    if not found_year:
        return None
    folded = _fold(date)
    month = next((_MONTH_NUMBER[w] for w in _WORD.findall(folded) if w in _MONTH_NUMBER), 0)
    found_day = _DAY.search(folded)
    return int(found_year[1]), month, int(found_day[1]) if found_day and month else 0
