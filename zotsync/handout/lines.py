"""Of which lines an entry consists: what a theme says in `[[lines]]`, or the default. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.handout.entry import Role
from zotsync.handout.text.people import stop

Pattern = Callable[[Mapping[str, Any]], str]
"""Values of an item -> a line's text, blanks not yet tidied; "" where nothing of the item is in it."""

ROLES: Mapping[str, Role] = {
    "reference": Role.REFERENCE,
    "authors": Role.AUTHOR,
    "title": Role.ENTRY_TITLE,
    "subtitle": Role.ENTRY_SUBTITLE,
    "source": Role.SOURCE,
    "abstract": Role.ABSTRACT,
    "keywords": Role.KEYWORDS,
    "shelfmark": Role.SHELFMARK,
    "notes": Role.NOTE,
    "access": Role.ACCESS,
}
"""The parts of an entry that a theme can name, and their styles."""
BEHIND = frozenset({"abstract", "keywords", "shelfmark", "notes", "access"})
"""Parts that are no patterns; a choice prints them or leaves them out."""


@dataclass(frozen=True, slots=True)
class LineRule:
    """One line of an entry, or one of the parts `BEHIND` that have lines of their own."""

    part: str
    """A name of `ROLES`; "" for a line that a theme adds."""
    role: Role
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    """Item type -> its text; `default` serves the types without one. Empty: the table `[source]`."""
    has_link: bool = False
    """Whether a pattern prints the address, which then is a true link."""


def _authors(values: Mapping[str, Any]) -> str:
    return stop(values["authors"])


def _heading(values: Mapping[str, Any]) -> str:
    return str(values["heading"])


def _subtitle(values: Mapping[str, Any]) -> str:
    return str(values["subtitle"])


BUILT_IN: Mapping[str, Pattern] = {"authors": _authors, "title": _heading, "subtitle": _subtitle}
"""The patterns of parts that a theme need not describe."""
DEFAULT_LINES = tuple(
    LineRule(part, role, {"default": BUILT_IN[part]} if part in BUILT_IN else {})
    for part, role in ROLES.items()
    if part != "reference"
)
"""The lines of a theme that says nothing of them."""
