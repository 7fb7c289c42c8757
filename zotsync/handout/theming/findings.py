"""What a check has found: wrong, or merely worth knowing."""

from __future__ import annotations

from typing import NamedTuple

from zotsync.errors import Place, Problem


class Finding(NamedTuple):
    """Something that a check tells."""

    problem: Problem
    is_wrong: bool = True
    """False: worth knowing, and nothing to mend for certain."""


def wrong(message: str, place: Place, hint: str = "") -> Finding:
    """Return a finding of something that must be mended."""
    return Finding(Problem(message, place, hint))


def note(message: str, place: Place, hint: str = "") -> Finding:
    """Return a finding of something worth knowing."""
    return Finding(Problem(message, place, hint), is_wrong=False)
