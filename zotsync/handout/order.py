"""In which order items stand: by author, title or date, as French readers look for them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from zotsync.handout import dates
from zotsync.handout.collation import CollationKey, collation_key, name_key
from zotsync.handout.people import tell_apart
from zotsync.handout.titles import title_of
from zotsync.model import Fields, ItemType

_UNDATED = (9999, 99, 99)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Items that can be put in order."""

    items: Mapping[str, Fields]
    types: Mapping[str, ItemType]

    def arranged(self, keys: Iterable[str], sort: str) -> list[str]:
        """Return `keys` in order of "author", "title" or "date" (anything else: "author").

        Equal ones follow by author, title, date and key. An item without author is sorted by title.
        """
        keys_by: dict[str, Callable[[str], Any]] = {
            "author": self._by_author,
            "title": self._by_title,
            "date": self._by_date,
        }
        lead = keys_by.pop(sort if sort in keys_by else "author")

        def behind(key: str) -> Any:
            return *(value(key) for value in keys_by.values()), key

        told = sorted(((lead(key), key) for key in keys), key=itemgetter(0))
        ordered: list[str] = []
        for _lead, group in groupby(told, key=itemgetter(0)):
            equals = [key for _, key in group]
            ordered += sorted(equals, key=behind) if len(equals) > 1 else equals
        return ordered

    def title(self, key: str) -> str:
        """Return an item's title, whatever its type calls it."""
        return title_of(self.items[key], self._kind(key))

    def _kind(self, key: str) -> ItemType | None:
        return self.types.get(str(self.items[key].get("itemType", "")))

    def _by_title(self, key: str) -> CollationKey:
        return collation_key(self.title(key))

    def _by_date(self, key: str) -> tuple[int, int, int]:
        return dates.sort_key(str(self.items[key].get("date", ""))) or _UNDATED

    def _by_author(self, key: str) -> Any:
        kind = self._kind(key)
        primary = kind.creator_types[0] if kind and kind.creator_types else "author"
        creators = tell_apart(self.items[key].get("creators", ()), primary).line
        names = [
            (
                name_key(str(c.get("name") or c.get("lastName") or c.get("firstName", ""))),
                collation_key(str(c.get("firstName", ""))),
            )
            for c in creators
        ]
        return names or [(self._by_title(key), collation_key(""))]
