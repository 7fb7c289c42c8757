"""How much a sync does, in a line: pure values in, French or English out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zotsync.cli.frame.wording import seen, towards
from zotsync.errors import Problem
from zotsync.figures import number
from zotsync.i18n import _, ngettext
from zotsync.sync.trees import Conflict, Kind, Step


def items_in_words(n: int) -> str:
    """Return how many items there are."""
    return ngettext("{n} item", "{n} items", n).format(n=number(n))


def collections_in_words(n: int) -> str:
    """Return how many collections there are."""
    return ngettext("{n} collection", "{n} collections", n).format(n=number(n))


def conflicts_in_words(n: int) -> str:
    """Return how many conflicts there are."""
    return ngettext("{n} conflict", "{n} conflicts", n).format(n=number(n))


def count_line(steps: Iterable[Step], conflicts: Iterable[Conflict]) -> str:
    """Return in a line how much goes where; "" where nothing does."""
    ways = [(step, towards(step)) for step in seen(steps)]
    sent, received, merged = (
        [step for step, way in ways if way == wanted]
        for wanted in ((True, False), (False, True), (True, True))
    )
    clashes = sum(1 for _conflict in conflicts)
    parts = [
        _("{amount} to Zotero").format(amount=_amount(sent)) if sent else "",
        _("{amount} to the files").format(amount=_amount(received)) if received else "",
        _("{amount} merged").format(amount=_amount(merged)) if merged else "",
        conflicts_in_words(clashes) if clashes else "",
    ]
    return " · ".join(part for part in parts if part)


def _amount(steps: Sequence[Step]) -> str:
    """Return how many items and collections there are, in words."""
    shelves = sum(step.kind is Kind.COLLECTION for step in steps)
    items = len(steps) - shelves
    parts = [
        items_in_words(items) if items else "",
        collections_in_words(shelves) if shelves else "",
    ]
    return " + ".join(part for part in parts if part)


def at_rest(problems: Sequence[Problem]) -> str:
    """Return what is said where nothing is to be done, or nothing but what waits."""
    if problems:
        return _("Nothing else to do.")
    return _("Nothing to do: the files and Zotero hold the same.")
