"""Items as CSL-JSON, the way the Zotero server gives them (`format=csljson`). Pure.

It is plainer than what the client makes: primary creators are authors, institutions have a family name
alone, particles stay in the names, `extra` is a note, and dates are read in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from zotsync.csljson.dates import with_century
from zotsync.csljson.items import CslItem
from zotsync.model import Fields, ItemType, Schema

_QUOTED = re.compile('".+"')
_BLANKS = re.compile(r"\s+", re.ASCII)
_NUMBERS = re.compile(
    r"(.*?)\b([0-9]{1,4})(?:([-/.年])([0-9]{1,2}))?(?:([-/.月])([0-9]{1,4}))?((?:\b|[^0-9]).*)"
)
_YEAR = re.compile(
    r"(.*?)\b((?:circa |around |about |c\.? ?)?[0-9]{1,4}(?: ?b\.? ?c\.?(?: ?e\.?)?| ?c\.? ?e\.?"
    r"| ?a\.? ?d\.?)|[0-9]{3,4})\b(.*)",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"(.*)\b({'|'.join(_MONTHS)})[^ ]*(?: (.*))?", re.IGNORECASE)
_DAY = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)?\b(.*)", re.IGNORECASE)
_EDGES = re.compile(r"^[^A-Za-z0-9]+|[^A-Za-z0-9]+$")
_NOTHING = ("", "0")
"""Texts that count as empty."""
_LONG, _CENTURY, _LAST_MONTH, _LAST_DAY = 3, 100, 12, 31


def server_item(key: str, fields: Fields, schema: Schema, library: int) -> CslItem:
    """Return an item as the server gives it; its id is `library/key`, the key alone without a library.

    The server puts a number of its own before the key, which it tells nobody; here it is the group's.
    """
    kind = schema.item_types.get(str(fields.get("itemType", "")), ItemType("", (), ()))
    types = {z: c for c, zotero in schema.csl["types"].items() for z in zotero}
    item: CslItem = {
        "id": f"{library}/{key}" if library else key,
        "type": types.get(kind.name, "document"),
    }
    for variable, names in schema.csl["fields"]["text"].items():
        own = (str(fields.get(kind.own_name(name) or name, "")) for name in names)
        if text := next((text for text in own if text), ""):
            item[variable] = text[1:-1] if _QUOTED.fullmatch(text) else text
    for creator in fields.get("creators", ()):
        role = creator.get("creatorType", "")
        role = "author" if role in kind.creator_types[:1] else role
        if variable := schema.csl["names"].get(role):
            item.setdefault(variable, []).append(_name(creator))
    for variable, name in schema.csl["fields"]["date"].items():
        date = str(fields.get(kind.own_name(name) or name, ""))
        if date not in _NOTHING:
            item[variable] = server_date(date)
    return item


def _name(creator: Fields) -> dict[str, str]:
    family = creator.get("name") or creator.get("lastName", "")
    return {"family": family, "given": creator.get("firstName", "")}


@dataclass(slots=True)
class _Read:
    """What was read in a date so far; `rest` is what is left to read in. A year in words is a text."""

    rest: str
    year: int | str | None = None
    month: int | None = None
    day: int | None = None


def server_date(text: str) -> dict[str, Any]:
    """Return a date as the server reads it: days behind months, months in English, a text else."""
    plain = _BLANKS.sub(" ", text.strip(" \t\n\r\v\f"))
    read = _in_numbers(plain) or _Read(plain)
    if read.year in (None, 0, *_NOTHING) and (found := _YEAR.fullmatch(read.rest)):
        read.year, read.rest = found[2], found[1] + found[3]
    if not read.month and (found := _MONTH.fullmatch(read.rest)):
        read.month, read.rest = _MONTHS.index(found[2].lower()) + 1, found[1] + (found[3] or "")
    if not read.day:
        _take_day(read)
    if read.year is None:
        return {"literal": text}
    parts: list[int | str] = [read.year]
    if read.month is None:
        season = read.rest if read.rest in _NOTHING else _EDGES.sub("", read.rest)
        return {"date-parts": [parts]} | ({"season": season} if season not in _NOTHING else {})
    parts += [read.month, read.day] if read.day else [read.month]
    return {"date-parts": [parts]}


def _take_day(read: _Read) -> None:
    found = _DAY.search(read.rest)
    if found and int(found[1]) <= _LAST_DAY:
        read.day = int(found[1])
        before, behind = read.rest[: found.start()], found[2]
        if before and behind not in _NOTHING:
            behind = f" {behind}"
        read.rest = before + (behind if not before or behind not in _NOTHING else "")


def _in_numbers(text: str) -> _Read | None:
    """Return the date of a text that is one in numbers (`5/3/2020`), else None."""
    found = _NUMBERS.fullmatch(text)
    if not found:
        return None
    before, one, first, two, second, three, after = (part or "" for part in found.groups())
    whole = not {one, two, three} & set(_NOTHING)
    sane = not second or first == second or (first, second) == ("年", "月")
    if not sane or not (whole or {before, after} <= set(_NOTHING)):
        return None
    big_endian = len(one) >= _LONG or first == "年"
    year, month, day = (one, two, three) if big_endian else (three, one, two)
    read = _Read(before + after, int(year) if year not in _NOTHING else year)
    read.month, read.day = (int(part) if part not in _NOTHING else None for part in (month, day))
    if (read.month or 0) > _LAST_MONTH:
        read.month, read.day = read.day, read.month
    if (read.month or 0) > _LAST_MONTH or (read.day or 0) > _LAST_DAY:
        return None
    if isinstance(read.year, int) and 0 < read.year < _CENTURY:
        read.year = with_century(read.year)
    return read
