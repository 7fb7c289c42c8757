"""In which order items stand: by author, title or date, as French readers look for them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from zotsync.handout.choices import STYLE
from zotsync.handout.text import dates
from zotsync.handout.text.collation import CollationKey, collation_key, name_key
from zotsync.handout.text.people import credits_of
from zotsync.handout.text.titles import title_of
from zotsync.model import Fields, ItemType

_NameKey = tuple[CollationKey, CollationKey]

_UNDATED = (9999, 99, 99)
_NEVER = (1, 0, 0)
"""Behind every date that is counted backwards."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Items that can be put in order."""

    items: Mapping[str, Fields]
    types: Mapping[str, ItemType]
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Item key -> its place in the order "style"."""
    _names: dict[tuple[str, str], _NameKey] = field(default_factory=dict)
    """Names seen before, and their sort keys: most people stand in a bibliography more than once."""

    def arranged(self, keys: Iterable[str], sort: str) -> list[str]:
        """Return `keys` in order of "author", "title", "date", "newest" or "style" (anything else: "author").

        Equal ones follow by author, title, date and key. An item without author is sorted by title.
        """
        leads: Mapping[str, Callable[[str], Any]] = {
            "title": self._by_title,
            "date": self._by_date,
            "newest": self._by_newest,
        }
        if sort == STYLE and self.ranks:
            return sorted(keys, key=lambda key: self.ranks.get(key, len(self.ranks)))
        lead = [leads[sort]] if sort in leads else []
        return _sorted(list(keys), [*lead, self._by_names, self._by_title, self._by_date, str])

    def title(self, key: str) -> str:
        """Return an item's title, whatever its type calls it."""
        return title_of(self.items[key], self._kind(key))

    def _kind(self, key: str) -> ItemType | None:
        return self.types.get(str(self.items[key].get("itemType", "")))

    def _by_title(self, key: str) -> CollationKey:
        return collation_key(self.title(key))

    def _by_date(self, key: str) -> tuple[int, int, int]:
        return dates.sort_key(dates.date_of(self.items[key], self._kind(key))) or _UNDATED

    def _by_newest(self, key: str) -> tuple[int, int, int]:
        year, month, day = self._by_date(key)
        return (-year, -month, -day) if (year, month, day) != _UNDATED else _NEVER

    def _by_names(self, key: str) -> list[_NameKey]:
        names = [self._name(creator) for creator in self._leading(key)]
        return names or [(self._by_title(key), collation_key(""))]

    def _leading(self, key: str) -> tuple[Fields, ...]:
        return credits_of(self.items[key], self._kind(key)).line

    def _name(self, creator: Fields) -> _NameKey:
        first = str(creator.get("firstName", ""))
        typed = str(creator.get("name") or creator.get("lastName") or first), first
        found = self._names.get(typed)
        if found is None:
            found = self._names[typed] = name_key(typed[0]), collation_key(first)
        return found


def _sorted(keys: list[str], leads: Sequence[Callable[[str], Any]]) -> list[str]:
    """Return `keys` in order of the first of the `leads`, equal ones of the next: few need them all."""
    if len(keys) == 1 or not leads:
        return keys
    told = sorted([(leads[0](key), key) for key in keys], key=itemgetter(0))
    ordered: list[str] = []
    for _lead, group in groupby(told, key=itemgetter(0)):
        equals = [key for _, key in group]
        ordered += equals if len(equals) == 1 else _sorted(equals, leads[1:])
    return ordered
