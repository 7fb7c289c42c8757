"""The dates of BibTeX and BibLaTeX as Zotero has dates: ISO, ranges, seasons in words. Pure."""

from __future__ import annotations

import re

from zotsync.handout.text.dates import MONTHS as NAMES
from zotsync.plugins.importers.bibfile import MONTHS
from zotsync.plugins.importers.texts import SEASONS

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SEASON = re.compile(r"(\d{4})-2([1-4])")


def date_of(date: str, year: str, month: str, day: str) -> str:
    """Return what these fields say together, as plain text; BibLaTeX's `date` goes before the others."""
    if date:
        return _in_words(date)
    if not month:
        return year
    numbers, days = _read(month)
    day = day or days
    if not numbers or not re.fullmatch(r"\d{4}", year):
        return " ".join(part for part in (day, month, year) if part)
    if len(numbers) > 1:
        return f"{'-'.join(NAMES[number - 1] for number in numbers)} {year}"
    whole = f"{year}-{numbers[0]:02}"
    return f"{whole}-{int(day):02}" if re.fullmatch(r"\d{1,2}", day) else whole


def _in_words(date: str) -> str:
    """Return `2021-21` as people say it: `printemps 2021`; a range that goes on as it is."""
    found = _SEASON.fullmatch(date)
    return f"{SEASONS[int(found[2])]} {found[1]}" if found else date.replace("–", "-")


def _read(month: str) -> tuple[list[int], str]:
    """Return the months that a field names, and a day that stands beside them."""
    months: list[int] = []
    day = ""
    words = _WORD.findall(month.lower())
    for word in words:
        number = _number(word)
        if word.isdecimal() and (len(words) > 1 or not number):
            day = word
        elif number:
            months.append(number)
        else:
            return [], ""
    return (months, day) if len(months) <= 2 and months == sorted(months) else ([], "")  # noqa: PLR2004


def _number(word: str) -> int:
    """Return the number of a month; 0 where it is none."""
    if word.isdecimal():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= len(MONTHS) else 0  # noqa: PLR2004
    return next((n for n, begin in enumerate(_FRENCH, 1) if word.startswith(begin)), 0) or next(
        (n for n, name in enumerate(MONTHS, 1) if word.startswith(name)), 0
    )


_FRENCH = ("janv", "fév", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
