"""What the writers of paged documents share: which lines stay together, which carry the key. Pure."""

from __future__ import annotations

import re
from unicodedata import bidirectional

from zotsync.handout.entry import Entry, Role

KEYED = frozenset({Role.ENTRY_TITLE, Role.SOURCE, Role.REFERENCE})
"""Roles of lines that have a bookmark with the item's key."""
MAY_BE_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_HEAD = frozenset({Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE, Role.SOURCE, Role.REFERENCE})
_TAIL = frozenset({Role.KEYWORDS, Role.SHELFMARK, Role.ACCESS})
_SHORT = 100
"""Letters of a text that may take but one line: two lines stay with an entry's head."""


def kept(entry: Entry) -> list[bool]:
    """Return for each line whether it is kept with the next.

    The head is, with two lines of what follows; so is what stands at the entry's end.
    """
    found: list[bool] = []
    headed = False
    for line in entry.lines:
        head = line.role in _HEAD
        short = headed and not head and len(line.text) < _SHORT
        headed = head
        found.append(head or short or line.role in _TAIL)
    return [*found[:-1], False] if found else found


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter of `text` that has a direction runs to the left."""
    if not MAY_BE_RIGHT_TO_LEFT.search(text):  # few have one
        return False
    return next((d != "L" for d in map(bidirectional, text) if d in {"L", "R", "AL"}), False)
