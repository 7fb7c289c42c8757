"""Who translated a work, where a reference says it: « trad. de l'anglais par … ». Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from zotsync.oldhandouts import known
from zotsync.oldhandouts.people import people

_LEAD = re.compile(
    r"(?:^|[,.;–—-]\s+|\s[/–—]\s+|\x1f\s*|(?P<open>\s?[(\[]))"
    r"(?i:(?:et )?trad(?:\.|uite?s?|uctions?|uct(?:eur|rice)s?\s*:))"
    r"(?i:\s(?:fr|franç)\.|\sfrançaise|\set\s[^\W\d_]+)?"
    r"(?i:\s+(?:de l['’]|du\s|de la\s|d['’])[^\W\d_][\w'’-]*\.?(?:\s\([^()]{3,30}\))?"
    r"(?:\set\s[^\W\d_]+)?)?"
    r"(?i:\s+(?:par|de)|\s?:)?(?:\s+|(?<=\sd)['’])(?=[^\W\d_a-zà-ÿ]|d['’])"
)
_BEHIND = re.compile(
    r"\s?[(\[](?P<names>[^()\[\]]{3,120}?),?\s+(?i:trad(?:\.|uct(?:eur|rice)s?))\s*[)\]]"
)
_ENDS = re.compile(r"\s*(?:[.,;()\[\]\x1f]|\s[–—:/]\s|$)")
_LONGEST = 160
_EDGES = " ,.;:/()[]–—-\x1f"


class Translated(NamedTuple):
    """A text without its translators, who they are, and the words that said so."""

    rest: str
    creators: tuple[dict[str, str], ...]
    said: str


def without_translators(text: str) -> Translated | None:
    """Return what a reference says of its translators; None where it names none."""
    for lead in _LEAD.finditer(text):
        if found := _names(text, lead.end()):
            creators, end = found
            said = text[lead.start() : end]
            end += bool(lead["open"]) and text[end : end + 1] in {")", "]"}
            return Translated(text[: lead.start()] + text[end:], creators, said.strip(_EDGES))
    for behind in _BEHIND.finditer(text):
        who = people(behind["names"], "translator")
        if who and who.are_persons:
            rest = text[: behind.start()] + text[behind.end() :]
            return Translated(rest, who.creators, behind[0].strip(_EDGES))
    return None


def _names(text: str, start: int) -> tuple[tuple[dict[str, str], ...], int] | None:
    """Return the people that are named from `start` on, and where their names end."""
    best: tuple[tuple[dict[str, str], ...], int] | None = None
    for found in _ENDS.finditer(text, start, start + _LONGEST):
        said = text[start : found.start()]
        if best and not text[best[1] : found.start()].strip(_EDGES):
            continue
        if best and known.is_city(text[best[1] : found.start()].strip(_EDGES)):
            break
        who = people(said, "translator")
        if who and who.are_persons:
            best = who.creators, found.start()
        elif best:
            break
    return best
