"""Dates as people type them, as CSL dates: parts, a range, a season, or the text itself.

Zotero reads them in two steps: as EDTF, then word by word (`31 janvier 2020`, `printemps 2021`). As in a
French client, days stand before months: `3/5/2020` is in May.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from zotsync.csljson.edtf import CslDate, edtf_date, looks_like_edtf

_QUOTED = re.compile(r'["“](.+)["”]')
_BLANKS = re.compile(r"\s+")
_SLASHED = re.compile(
    r"(.*?)\b(\d{1,4})(?:([-/.])(\d{1,2}))?(?:([-/.])(\d{1,4}))?((?:\b|\D).*?)", re.ASCII
)
_YEAR = re.compile(
    r"(.*?)\b((?:circa |around |about |c\.? ?)?\d{1,4} ?(?:b\.? ?c\.?(?: ?e\.?)?|c\.? ?e\.?|a\.? ?d\.?)"
    r"|\d{3,4})\b(.*?)",
    re.ASCII | re.IGNORECASE,
)
_FRENCH = "jan fév mar avr mai juin juil aoû sep oct nov déc"
_PLAIN = "jan fev mar avr mai juin juil aou sep oct nov dec"
_ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = tuple(f"{_FRENCH} {_PLAIN} {_ENGLISH}".split())
"""How the names of months begin, in threes of years."""
_MONTH = re.compile(rf"(.*)(?:^|[\W\d_])({'|'.join(_MONTHS)})[^ ]*(?: (.*)|$)", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2})(?:er|e|st|nd|rd|th)?\b(.*)", re.ASCII | re.IGNORECASE)
_WORD, _NUMBER = re.compile(r"[^\W\d_]+"), re.compile(r"[0-9]+")
_LITTLE = frozenset(
    (
        *("er", "e", "st", "nd", "rd", "th", "d", "de", "du", "le", "of", "the"),
        *("c", "ca", "circa", "around", "about"),
    )
)
"""Words of a date that say no more than its numbers."""
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MAX_DAY, _MAX_MONTH, _CENTURY = 31, 12, 100
_PIVOT = 50
"""Years of two digits below it are of this century (the client asks today's date, and changes its mind)."""


@dataclass(slots=True)
class _Read:
    """What was read so far; `rest` is what is left to read in."""

    rest: list[str]
    year: int | None = None
    month: int = 0
    day: int = 0

    def take(self, pattern: re.Pattern[str]) -> str:
        """Return the middle group of the first rest that `pattern` matches, and keep what is around it."""
        for at, part in enumerate(self.rest):
            if found := pattern.fullmatch(part):
                self.rest[at : at + 1] = [found[1] or "", found[3] or ""]
                return found[2]
        return ""


def csl_date(text: str) -> CslDate:
    """Return a date as CSL has it: `date-parts` (two for a range), `circa`, `season`, or `literal`."""
    text = text.strip()
    if quoted := _QUOTED.fullmatch(text):
        return {"literal": quoted[1]}
    if edtf := edtf_date(text):
        return edtf
    return {"literal": text} if looks_like_edtf(text) else _in_words(text)


def is_read_whole(text: str) -> bool:
    """Return whether `csl_date` reads every word and number of a date: of `mars-avril 2019` it drops one."""
    read = csl_date(text)
    parts = read.get("date-parts")
    if not parts or edtf_date(text.strip()):
        return True
    season = str(read.get("season", ""))
    plain = unicodedata.normalize("NFC", text).lower()
    words = [w for w in _WORD.findall(plain) if w not in _LITTLE and w not in season.lower()]
    numbers = sorted(map(int, _NUMBER.findall(text)))
    year, month, day = (*parts[0], 0, 0)[:3]
    if words:  # the month's name, and no other
        return list(map(_month_of, words)) == [month] and numbers == sorted(
            filter(None, (year, day))
        )
    return numbers == sorted(filter(None, (year, month, day)))


def _month_of(word: str) -> int:
    """Return the number of the month that a word is the name of; 0 for another."""
    return next(
        (n % _MAX_MONTH + 1 for n, begin in enumerate(_MONTHS) if word.startswith(begin)), 0
    )


def _in_words(text: str) -> CslDate:
    plain = unicodedata.normalize("NFC", _BLANKS.sub(" ", text))
    read = _in_numbers(plain) or _Read([plain])
    if not read.year and (year := read.take(_YEAR)):
        read.year = _signed(year)
    if not read.month and (month := read.take(_MONTH)):
        read.month = _MONTHS.index(month.lower()) % _MAX_MONTH + 1
    if not read.day and (day := _day(read)):
        read.day = day
    if not read.year:
        return {"literal": text}
    parts = [read.year, *([read.month, read.day] if read.day else [read.month])]
    date: CslDate = {"date-parts": [parts if read.month else parts[:1]]}
    season = _EDGES.sub("", " ".join(part for part in read.rest if part))
    return date | {"season": season} if season and not read.month else date


def _signed(year: str) -> int:
    edtf = edtf_date(year)
    return int(edtf["date-parts"][0][0]) if edtf else int(re.sub(r"\D", "", year))


def _day(read: _Read) -> int:
    """Return the first number up to 31 in the rest, taking it from there; 0 for none."""
    for at, part in enumerate(read.rest):
        found = _DAY.search(part)
        if found and int(found[1]) <= _MAX_DAY:
            read.rest[at] = f"{part[: found.start()]} {found[2]}".strip()
            return int(found[1])
    return 0


def _in_numbers(text: str) -> _Read | None:
    """Return the date of `text` where it is one in numbers (`3/5/2020`, `05/2020`), else None."""
    found = _SLASHED.fullmatch(text)
    if not found:
        return None
    before, one, first, two, second, three, after = found.groups()
    whole = one and two and three
    if (first and second and first != second) or not (whole or not (before or after)):
        return None
    if len(one) > 2:  # noqa: PLR2004 - more than a day or a month
        year, month, day = one, two, three
    elif two:
        year, month, day = three, two, one
    else:
        year, month, day = three, (one if three else ""), ("" if three else one)
    return _sane(year, int(month or 0), int(day or 0), [before, after])


def _sane(year: str | None, month: int, day: int, rest: list[str]) -> _Read | None:
    if month > _MAX_MONTH:
        month, day = day, month
    if month > _MAX_MONTH or day > _MAX_DAY:
        return None
    number = int(year or 0)
    if year and number < _CENTURY and len(year) <= 2:  # noqa: PLR2004 - not 0012
        number = with_century(number)
    return _Read(rest, number, month, day)


def with_century(year: int) -> int:
    """Return the whole year that one of two digits stands for."""
    return year + (2000 if year < _PIVOT else 1900)
