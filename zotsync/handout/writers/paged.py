"""What the writers of paged documents share: which lines stay together, which carry the key. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import bidirectional

from zotsync.handout.entry import Line, Role

KEYED = frozenset({Role.ENTRY_TITLE, Role.SOURCE, Role.REFERENCE})
"""Roles of lines that have a bookmark with the item's key."""
MAY_BE_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
BOOKMARK = "_zk_"
"""Hidden bookmarks `_zk_<KEY>`, `_zk_<KEY>_2` …: each name stands once in a document."""
_HEAD = frozenset({Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE, Role.SOURCE, Role.REFERENCE})
_TAIL = frozenset({Role.KEYWORDS, Role.SHELFMARK, Role.ACCESS})
_SHORT = 100
"""Letters of a text that may take but one line: two lines stay with an entry's head."""


def bookmark_name(name: str, times: int) -> str:
    """Return the name of the first, second… bookmark that has one."""
    return f"{name}_{times}" if times > 1 else name


def kept(lines: Sequence[Line], roles: tuple[Role, ...]) -> tuple[bool, ...]:
    """Return for each line of an entry, whose roles are these, whether it is kept with the next.

    The head is, with two lines of what follows; so is what stands at the entry's end.
    """
    always, behind_head = _by_roles(roles)
    short = tuple([at for at in behind_head if len(lines[at].text) < _SHORT])
    return _also(always, short) if short else always


@lru_cache(maxsize=256)
def _by_roles(roles: tuple[Role, ...]) -> tuple[tuple[bool, ...], tuple[int, ...]]:
    """Return which lines are always kept, and where those follow a head that are kept if they are short.

    The last line never is.
    """
    always = [role in _HEAD or role in _TAIL for role in roles[:-1]]
    behind = [at for at in range(1, len(always)) if roles[at - 1] in _HEAD and not always[at]]
    return (*always, False)[: len(roles)], tuple(behind)


@lru_cache(maxsize=256)
def _also(always: tuple[bool, ...], short: tuple[int, ...]) -> tuple[bool, ...]:
    return tuple(keep or at in short for at, keep in enumerate(always))


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter of `text` that has a direction runs to the left."""
    if not MAY_BE_RIGHT_TO_LEFT.search(text):  # few have one
        return False
    return next((d != "L" for d in map(bidirectional, text) if d in {"L", "R", "AL"}), False)
