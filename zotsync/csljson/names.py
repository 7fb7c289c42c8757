"""Creators as CSL names: particles told apart by their small first letter, institutions whole."""

from __future__ import annotations

import re
from typing import Any

from zotsync.model import Fields

Name = dict[str, Any]

_LEADING = re.compile(r"([^ ]+[-\u02bb\u2019' ] *)(.+)", re.DOTALL)
_TRAILING = re.compile(r"(.*[^ ])( +)([^ ]+)", re.DOTALL)
_COMMA = re.compile(r"\s*,(!*)\s*")
_APOSTROPHES = ("'", "\u2019")
_BEFORE_WORD = "-'\u02bb\u2019 \t\n"


def csl_name(creator: Fields) -> Name:
    """Return a creator as a CSL name: `literal`, or `family` and `given` with particles and suffix.

    A last name in double quotes is taken as it stands.
    """
    if whole := str(creator.get("name", "")):
        return {"literal": whole}
    family, given = str(creator.get("lastName", "")), str(creator.get("firstName", ""))
    if not (family and given):
        return {"family": family, "given": given}
    if len(family) > 1 and family[0] == family[-1] == '"':
        return {"family": family[1:-1], "given": given}
    return parted(family, given)


def parted(family: str, given: str) -> Name:
    """Return the parts of a name: `Jean de` `la Fontaine` has a dropping and a non-dropping particle."""
    rest, staying = _leading_particles(family)
    name: Name = {"family": rest}
    if staying:
        name["non-dropping-particle"] = staying
    given, suffix = _suffix(given)
    name |= suffix
    words: list[str] = []
    while (found := _TRAILING.fullmatch(given)) and _small(found[3]):
        given = found[1]
        words.insert(0, found[3])
    name["given"] = given
    if words:
        name["dropping-particle"] = " ".join(words)
    return name


def _leading_particles(family: str) -> tuple[str, str]:
    taken = ""
    while (found := _LEADING.fullmatch(family)) and _small(found[1]):
        taken += found[1]
        family = found[2]
    particle = taken.strip()
    # a blank behind an apostrophe is meant: it is printed
    return family, f"{particle} " if taken[-1:] == " " and particle[
        -1:
    ] in _APOSTROPHES else particle


def _suffix(given: str) -> tuple[str, Name]:
    """Return the given name and what stands behind its comma (`Martin Luther, Jr.`)."""
    found = _COMMA.search(given)
    if not found:
        return given, {}
    rest = given[found.end() :]
    before = given[: found.start()]
    if rest.replace(".", "") == "et al":
        return before, {"dropping-particle": rest, "comma-dropping-particle": ","}
    comma = {"comma-suffix": True} if found[1] == "!" else {}
    return before, {"suffix": rest, **comma}


def _small(word: str) -> bool:
    first = word.lstrip(_BEFORE_WORD)[:1]
    return first != first.upper()
