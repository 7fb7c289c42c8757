"""Names at the beginning of a reference that is one paragraph, and what such a reference looks like. Pure."""

from __future__ import annotations

import re

from zotsync.oldhandouts import acts, cues, known
from zotsync.oldhandouts.accounting import fold
from zotsync.oldhandouts.films import directed
from zotsync.oldhandouts.names import BODIES, is_capitals, is_institution
from zotsync.oldhandouts.people import People, people
from zotsync.oldhandouts.values import DOUBTFUL

_BOUND = re.compile(
    r"(?<=[.)…])\s+|\s*,\s+(?=[^\W\d_a-zà-ÿ«\"“\d]|(?:in|dans)\s|[12]\d{3}[a-z]?[.,]\s)|\s+(?=\([12]\d{3})|\s*:\s+|\s+[–—-]\s+|\s+(?=[«\"“])"
)
_HEAD = 300
_ISBD = re.compile(r"\S\s/\s\S.{0,400}?(?:\.\s*[–—-]\s|\s[–—]\s|\.?\s[Ii]n\s:?\s?[^\W\d_a-zà-ÿ])")
_QUOTED = re.compile(r"^[«\"“]")
_WORDS = 8
"""Of the name of an institution."""
_BODIES = frozenset(map(fold, BODIES))
_LONGEST = 1500
"""Letters that are looked at."""
_DATED = re.compile(r"\s*(?:\(\s*(?:[12]\d{3}|s\.d\.)|[12]\d{3}[a-z]?[.,]\s)")
_DATE = cues.DATE.pattern.removeprefix("(?i)")
_PAPER = re.compile(
    rf"(?i)(?P<paper>[^().,:]{{2,60}}?),?\s\(?(?P<date>{_DATE})\)?\s*[.,:–-]\s+"
    r"(?=(?-i:[«\"“]|[^\W\d_a-zà-ÿ]))"
)
SITE = re.compile(
    rf"^(?!.*https?:.*https?:)(?P<name>[^\W_].{{3,180}}?)(?:\s*[:–-])?\s+(?P<rest>\(?"
    rf"{cues.URL.pattern.removeprefix('(?i)')}\)?\s*"
    r"(?:[(\[]?(?:consult|vu |page|site )[^()\[\]]{0,40}[)\]]?)?)\s*\.?$"
)
"""A name or a title, and an address: nothing else but when it was seen."""


def paper_first(text: str) -> re.Match[str] | None:
    """Return how an article of a press review begins: « LE MONDE (5/04/2022). », a title behind it."""
    found = _PAPER.match(text)
    if not found:
        return None
    told = known.is_periodical if "(" in found[0] else known.is_paper
    return found if told(found["paper"]) else None


def leading(text: str) -> tuple[People, int] | None:
    """Return the people a reference begins with, and where the rest begins; None where it does not."""
    head = text[:_HEAD]
    best: tuple[People, int] | None = None
    for found in _BOUND.finditer(head):
        before = head[: found.start()].rstrip(" ,:")
        if not before or cues.URL.search(before) or re.search(r"[?!«»]|\d{3}", before):
            break
        who = people(before)
        more = best is None or (who and _goes_on(best[0], who))
        if who and (_persons(who) or (more and _institutions(before, who, text[found.start() :]))):
            best = who, found.end()
    return best


def _goes_on(best: People, who: People) -> bool:
    """Return whether one more institution stands behind those that were found."""
    count = len(best.creators)
    return not best.persons and len(who.creators) > count and who.creators[:count] == best.creators


def _persons(who: People) -> bool:
    """Return whether names are people's, acronyms among them."""
    others = (c["name"] for c in who.creators if "name" in c)
    return bool(who.persons) and who.confidence > DOUBTFUL and all(map(is_capitals, others))


def _institutions(before: str, who: People, after: str) -> bool:
    """Return whether a reference begins with institutions: acronyms, or words they are called by."""
    if not before.endswith((".", ")")) and not after.startswith((".", " (", ",", " «")):
        return False
    words = before.split()
    bodies = [fold((c.get("name") or "?").split()[0]) in _BODIES for c in who.creators]
    if len(words[0]) > _WORDS and words[0].isupper() and not bodies[0]:
        return False
    acronym = all(_is_acronym(c.get("name", "").strip("().")) for c in who.creators)
    dated = _DATED.match(after) is not None
    ended = before.endswith(".") or after.startswith(",") or dated
    if acronym or who.persons or not ended or len(words) > _WORDS * len(bodies):
        return acronym
    if len(bodies) == 1 and _is_publisher_too(words, after):
        return True
    return all(bodies) or (dated and len(bodies) == 1 and is_institution(before))


def _is_publisher_too(words: list[str], after: str) -> bool:
    """Return whether a name stands again before the year: « Psycom. Les troubles. Psycom, 2020 »."""
    name = re.escape(" ".join(words).rstrip("."))
    return re.search(rf"[.,:?!»]\s{name},\s(?:[a-zéû]+\s)?(?:19|20)\d\d", after) is not None


def _is_acronym(name: str) -> bool:
    """Return whether a name is an acronym, small letters at its edges among them: EXPAIRs."""
    capitals = sum(c.isupper() for c in name)
    return is_capitals(name) or (" " not in name and capitals > 2 and capitals * 3 > len(name) * 2)  # noqa: PLR2004


def reference_likeness(text: str) -> float:
    """Return how much a paragraph looks like a whole reference."""
    text = text[:_LONGEST]
    signs = cues.cues(text)
    if SITE.match(text) and not cues.ACCESS.match(text) and not cues.LABEL.match(text):
        return 2.5 + min(signs, 2) * 0.5
    if acts.is_act(text) or paper_first(text):
        return 4.5
    if signs and directed(text):
        return 4.0
    if _ISBD.search(text) and not cues.URL.fullmatch(text):
        return 4.0 + signs * 0.5
    begun = leading(text) if signs else None
    if begun and len(text) - begun[1] > 15:  # noqa: PLR2004 - a title and a year at least
        told = begun[0].confidence > DOUBTFUL
        dated = 1.5 if _DATED.match(text[begun[1] :]) else 0.0
        return (
            dated
            + (3.0 if told else 1.0)
            + min(signs, 3) * 0.5
            - (2.0 if text[begun[1] :].lstrip().startswith("n°") else 0)
        )
    if _QUOTED.match(text) and signs > 1:
        return 3.0
    if signs > 2 and len(text) > 80:  # noqa: PLR2004
        return 0.5
    return -4.0
