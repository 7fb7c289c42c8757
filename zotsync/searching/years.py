"""Years as people ask for them: `2020`, `2018-2021`, `2018-`, `-2010`. Pure."""

from __future__ import annotations

import re

from zotsync.searching.filters import Years

_ASKED = re.compile(r"\s*(\d{4})?\s*(-|–|—|\.\.|:|/)?\s*(\d{4})?\s*")


def years(text: str) -> Years | None:
    """Return the span of years that a text names; None where it names none."""
    found = _ASKED.fullmatch(text)
    if not found or not (found[1] or found[3]):
        return None
    first, last = (int(year) if year else None for year in (found[1], found[3]))
    if not found[2]:
        return Years(first, first) if not last else None
    if first is not None and last is not None and first > last:
        first, last = last, first
    return Years(first, last)
