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
_DIRECTED = re.compile(
    rf"(?P<before>[.,;–—-]\s+|\s\(|\n)(?P<lead>(?:(?:un|le)\s)?{_WORK}\s(?:(?:co-?)?réalisée?s?\spar\s|de\s|d['’])|"
    rf"(?:écrit et )?réalis(?:ée?|ation)\s?(?:par|:|de)\s+)(?P<names>[^\W\d_][^.,;()]{{3,120}}?)"
    r"(?=\s*(?:[.,;()]|\s[–-]\s|$))",
    re.IGNORECASE,
)


_ABOVE = "Titre"
"""Stands for a title on a line of its own."""


class Directed(NamedTuple):
    """A reference in three."""

    title: str
    names: str
    source: str


def directed_line(line: str) -> Directed | None:
    """Return names and source of a line below a film's title: « Film de … »; None for anything else."""
    found = directed(f"{_ABOVE}\n{line}")
    return found._replace(title="") if found and found.title == _ABOVE else None


def directed(text: str) -> Directed | None:
    """Return title, names and source of a film that says who made it; None for anything else."""
    found = _DIRECTED.search(text[:600])
    if not found or found.start() < 2:  # noqa: PLR2004
        return None
    who = people(found["names"])
    if not who or who.persons < len(who.creators):
        return None
    source = f"{found['lead'].rstrip(' ’' + chr(39))} {text[found.end() :]}"
    return Directed(text[: found.start()], found["names"], source)
