"""What people type when they are asked for an item: names and dates. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zotsync.handout.text.dates import from_words, parse_iso
from zotsync.model import normal_text
from zotsync.searching.folding import folded

_ROLE = re.compile(r"(.+?)\s*\(([^()]+)\)\s*")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})")


def creator_typed(text: str, roles: Mapping[str, str], primary: str) -> dict[str, str]:
    """Return a creator typed as `Name, First name`, or as an institution without a comma.

    A role may stand behind it in brackets. `roles`: folded word -> creator type.
    """
    text = " ".join(normal_text(text).split())
    kind = primary
    found = _ROLE.fullmatch(text)
    if found and (role := roles.get(folded(found[2]))):
        text, kind = found[1], role
    last, comma, first = (part.strip() for part in text.partition(","))
    if not comma:
        return {"creatorType": kind, "name": text}
    return {"creatorType": kind, "firstName": first, "lastName": last}


def date_typed(text: str) -> str:
    """Return a date in ISO form where it is one in French words or as day/month/year; else as typed."""
    text = " ".join(text.split())
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        return from_words(text) or text
    day, month, year = found.groups()
    iso = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return iso if parse_iso(iso) else text
