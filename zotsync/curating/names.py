"""Names in capitals. The theme prints capitals; stored they are only in the way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from zotsync.curating.finding import Facts, Finding
from zotsync.model import Fields

_PART = re.compile(r"[^\s'’-]+|[\s'’-]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")
_VOWEL = re.compile("[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ]")
_LOWER = frozenset(
    ("de", "d", "von", "van", "der", "den", "ter", "ten", "zu", "zum", "zur", "dos", "e", "y")
)
"""Particles in small letters, in French bibliographies; Le, La, Des and Du keep their capital."""
_PARTICLES = _LOWER | {
    "du",
    "des",
    "la",
    "le",
    "les",
    "di",
    "da",
    "del",
    "della",
    "mc",
    "mac",
    "ben",
}
_SHORTEST = 2
_OWN_CAPITALS = re.compile(r"^(?:MC|MAC)[A-Z]{3}")


def in_capitals(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find people whose names are stored in capitals; institutions and acronyms are left alone."""
    creators = list(fields.get("creators", ()))
    found = {at: new for at, c in enumerate(creators) if (new := spelt(c)) is not None}
    if found:
        names = ", ".join(str(creators[at]["lastName"]) for at in found)
        mended = [found.get(at, creator) for at, creator in enumerate(creators)]
        certain = all(is_certain(str(creators[at]["lastName"])) for at in found)
        yield Finding("creators", {"value": names}, mended, safe=certain)


def spelt(creator: Fields) -> Mapping[str, str] | None:
    """Return a person with an ordinary name; None where there is nothing to mend."""
    last, first = str(creator.get("lastName", "")), str(creator.get("firstName", ""))
    if creator.get("name") or not first or not is_in_capitals(last):
        return None
    if not _VOWEL.search(last):
        return None
    given = _spelt(first) if is_in_capitals(first) and not _INITIALS.fullmatch(first) else first
    return {**creator, "lastName": _spelt(last), "firstName": given}


def is_in_capitals(text: str) -> bool:
    """Return whether a name has letters, and all of them are capitals."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= _SHORTEST and text == text.upper() != text.lower()


def is_certain(last: str) -> bool:
    """Return whether a name in capitals can be spelt in one way only: no particle, no `McDonald`."""
    parts = [part.casefold() for part in _PART.findall(last)]
    return _PARTICLES.isdisjoint(parts) and not _OWN_CAPITALS.match(last)


def _spelt(name: str) -> str:
    parts = _PART.findall(name)
    return "".join(
        part.lower() if part.casefold() in _LOWER and at + 1 < len(parts) else part.capitalize()
        for at, part in enumerate(parts)
    )
