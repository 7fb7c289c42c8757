"""Who made a film, where a reference says it behind the title: « Film de … », « réalisé par … ». Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from zotsync.oldhandouts.people import people

_WORK = (
    r"(?:film|documentaire|court[- ]métrage|long[- ]métrage|téléfilm|(?:web-?)?série|reportage|"
    r"dessin animé)s?"
    r"(?:\s(?:documentaire|d['’]animation|de fiction|télévisé))?"
)
LEAD = re.compile(
    rf"(?i)^\W*(?:(?:un|le)\s)?(?:{_WORK}|réalisation|réalisée?|podcast|émission(?: de radio)?)?"
    r"\s?(?:\b(?:(?:co-?)?réalisée?s?\spar|de|d|par)\b)?\s*(?=[.,;(\x1f]|$)"
)
"""What a source line begins with where the names were taken out of it."""
_DIRECTED = re.compile(
    rf"(?P<before>[.,;–—-]\s+|\s\(|\n)(?P<lead>(?:(?:un|le)\s)?{_WORK}\s(?:(?:co-?)?réalisée?s?\spar\s|de\s|d['’])|"
    rf"(?:écrit et )?réalis(?:ée?|ation)\s?(?:par|:|de)\s+)(?P<names>[^\W\d_][^.,;()]{{3,120}}?)"
    r"(?=\s*(?:[.,;()]|\s[–-]\s|$))",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?P<before>[.,;]\s+)(?P<lead>(?:de|par)\s|d['’])(?P<names>[^\W\d_a-zà-ÿ][^.,;()]{3,120}?)"
    r"(?=\s*[,;(][^:]{0,60}(?<!\d)\d{1,3}\s?(?:min|mn|h)\b)"
)
"""« Hors normes, d'Olivier Nakache, 2019, 114 min »: only a film says how long it is."""

_ABOVE = "Titre"
"""Stands for a title on a line of its own."""


_END = re.compile(
    rf"\s*[(\[](?P<told>(?:(?:{_WORK}|podcast|dvd|vid[ée]o|[ée]mission(?: de radio)?|"
    r"\d{1,3}\s?(?:min(?:utes)?|mn)\.?|\d\s?h\s?\d{0,2})(?:,\s|(?=[)\]])))+)[)\]]\s*\.?\s*$",
    re.IGNORECASE,
)


class Directed(NamedTuple):
    """A reference in three."""

    title: str
    names: str
    source: str


def title_end(text: str) -> tuple[str, str] | None:
    """Return a title without « (podcast, 54 min) » behind it, and that; None without it."""
    found = _END.search(text)
    return (text[: found.start()], found["told"]) if found and found.start() else None


def directed_line(line: str) -> Directed | None:
    """Return names and source of a line below a film's title: « Film de … »; None for anything else."""
    found = directed(f"{_ABOVE}\n{line}")
    return found._replace(title="") if found and found.title == _ABOVE else None


def directed(text: str) -> Directed | None:
    """Return title, names and source of a film that says who made it; None for anything else."""
    found = _DIRECTED.search(text[:600]) or _BY.search(text[:600])
    if not found or found.start() < 2:  # noqa: PLR2004
        return None
    who = people(found["names"])
    if not who or who.persons < len(who.creators):
        return None
    source = f"{found['lead'].rstrip(' :’' + chr(39))} {text[found.end() :]}"
    return Directed(text[: found.start()], found["names"], source)
