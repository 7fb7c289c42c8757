"""The sections of a handout: which items each may hold, and which ones there are by default. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zotsync.handout.order import Shelf
from zotsync.handout.text import dates
from zotsync.handout.text.collation import collation_key
from zotsync.model import UNSYNCED_TYPES, Fields, ItemType

Tree = Mapping[str, tuple[str, str | None]]
"""Collection key -> its name and the key of its parent."""
NEVER_PRINTED = UNSYNCED_TYPES | {"note"}


@dataclass(frozen=True, slots=True)
class Section:
    """One section asked for. Criteria that are empty take everything."""

    title: str
    collection: str | None = None
    """Key of a collection; its subcollections belong to it."""
    item_types: frozenset[str] = frozenset()
    tag: str = ""
    year: str = ""
    sort: str = "author"
    order: tuple[str, ...] = ()
    """Item keys or file stems that come first, in this order."""
    exclude: tuple[str, ...] = ()
    repeat: bool = False
    """Print also what an earlier section has printed."""


@dataclass(frozen=True, slots=True)
class Source:
    """What there is to choose from."""

    items: Mapping[str, Fields]
    collections: Tree = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    """File stem -> item key."""
    types: Mapping[str, ItemType] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Item key -> its place in the citation style's order, where one is asked for."""

    def shelf(self) -> Shelf:
        """Return the items as they can be put in order."""
        return Shelf(self.items, self.types, self.ranks)

    def resolve(self, name: str) -> str | None:
        """Return the key that a key or a file stem stands for."""
        return name if name in self.items else self.stems.get(name)


@dataclass(frozen=True)
class Pool:
    """What a handout prints from: the items of its collection, and those that sections may add."""

    source: Source
    collection: str | None
    """None: the whole bibliography."""
    excluded: Container[str] = frozenset()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the items of the handout's collection that can be printed."""
        return self._printable(self._inside(self.collection))

    def candidates(self, section: Section) -> list[str]:
        """Return the items that answer a section's criteria, whether or not they are printed before."""
        keys: Iterable[str] = self.keys
        if section.collection is not None:
            keys = self._printable(self._inside(section.collection))
        elif section.tag:  # looked up: there may be a section for each of hundreds
            keys = self._by_tag.get(section.tag, ())
        elif section.year:
            keys = self._by_year.get(section.year, ())
        own = {self.source.resolve(name) for name in section.exclude}
        items, kinds = self.source.items, section.item_types
        if kinds:
            keys = [key for key in keys if items[key].get("itemType") in kinds]
        if own:
            keys = [key for key in keys if key not in own]
        if section.year or section.tag:
            types = self.source.types
            keys = [key for key in keys if _matches(section, items[key], types)]
        return list(keys)

    def sections(
        self, by: str, kinds: Sequence[Section], *, sort: str = "author", repeat: bool = False
    ) -> tuple[Section, ...]:
        """Return one section for each "collection", "tag", "year" (newest first) or "kind" there is.

        Collections are those right below the handout's, tags those that people gave. "" takes the
        collections, else the kinds.
        """
        if by == "tag":
            return tuple(Section(t, tag=t, sort=sort, repeat=repeat) for t in self._tags())
        if by == "year":
            years = sorted(self._by_year, key=int, reverse=True)
            return tuple(Section(year, year=year, sort=sort, repeat=repeat) for year in years)
        if by == "collection" or (not by and self.collection is not None):
            below = self._below()
            if below or by:
                return tuple(Section(name, k, sort=sort, repeat=repeat) for name, k in below)
        return tuple(
            Section(kind.title, item_types=kind.item_types, sort=sort, repeat=repeat)
            for kind in kinds
        )

    def _printable(self, keys: Iterable[str]) -> tuple[str, ...]:
        items, excluded = self.source.items, self.excluded
        return tuple(k for k in keys if is_printable(items[k]) and k not in excluded)

    def _inside(self, collection: str | None) -> Iterable[str]:
        return self.source.items if collection is None else self._members.get(collection, ())

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        """Return collection key -> the items that stand in it or below it, each once."""
        members: dict[str, dict[str, None]] = {}
        lines: dict[str, tuple[str, ...]] = {}
        for key, fields in self.source.items.items():
            for collection in fields.get("collections", ()):
                if collection not in lines:
                    lines[collection] = ancestry(collection, self.source.collections)
                for above in lines[collection]:
                    members.setdefault(above, {})[key] = None
        return {collection: list(keys) for collection, keys in members.items()}

    def _below(self) -> list[tuple[str, str]]:
        """Return name and key of the collections right below that hold something, in French order."""
        inside = set(self.keys)
        below = (
            (collation_key(name), key, name)
            for key, (name, parent) in self.source.collections.items()
            if parent == self.collection and not inside.isdisjoint(self._members.get(key, ()))
        )
        return [(name, key) for _, key, name in sorted(below)]

    @cached_property
    def _by_tag(self) -> dict[str, list[str]]:
        return _grouped((tag["tag"], key) for key in self.keys for tag in self._tags_of(key))

    def _tags(self) -> list[str]:
        """Return the tags that people gave, in French order."""
        given = {t["tag"] for k in self.keys for t in self._tags_of(k) if not t.get("type")}
        return sorted(given, key=lambda tag: (collation_key(tag), tag))

    def _tags_of(self, key: str) -> Sequence[Fields]:
        tags: Sequence[Fields] = self.source.items[key].get("tags", ())
        return tags

    @cached_property
    def _by_year(self) -> dict[str, list[str]]:
        items, types = self.source.items, self.source.types
        years = ((year_of(items[key], types), key) for key in self.keys)
        return _grouped((year, key) for year, key in years if year)


def is_printable(fields: Fields) -> bool:
    """Return whether an item can be an entry: no note, no attachment, nobody's child."""
    return fields.get("itemType") not in NEVER_PRINTED and not fields.get("parentItem")


def year_of(fields: Fields, types: Mapping[str, ItemType]) -> str:
    """Return the year that can be read in an item's date; "" for none."""
    found = dates.sort_key(dates.date_of(fields, types.get(str(fields.get("itemType", "")))))
    return str(found[0]) if found and found[0] else ""


def _matches(section: Section, fields: Fields, types: Mapping[str, ItemType]) -> bool:
    """Return whether an item has the section's year and tag."""
    if section.year and year_of(fields, types) != section.year:
        return False
    return not section.tag or any(t.get("tag") == section.tag for t in fields.get("tags", ()))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return name -> its keys, each once."""
    groups: dict[str, dict[str, None]] = {}
    for name, key in pairs:
        groups.setdefault(name, {})[key] = None
    return {name: list(keys) for name, keys in groups.items()}


def ancestry(collection: str, tree: Tree) -> tuple[str, ...]:
    """Return a collection and those above it; a cycle ends where it closes."""
    line: list[str] = []
    at: str | None = collection
    while at and at not in line:
        line.append(at)
        at = tree[at][1] if at in tree else None
    return tuple(line)
