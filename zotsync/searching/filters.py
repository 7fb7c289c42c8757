"""Which items are meant: by collection, tag, type, year and words. One filter for every command. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from zotsync.handout.sections import Tree, ancestry, year_of
from zotsync.model import UNSYNCED_TYPES, Fields, ItemType
from zotsync.searching.folding import folded

_SILENT = frozenset({"itemType", "parentItem"})
"""Fields with codes, not words."""
_ELEMENT = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Years:
    """A span of years, both ends included; None: open."""

    first: int | None
    last: int | None

    def __contains__(self, year: str) -> bool:
        """Return whether a year as text lies within; "" never does."""
        if not year.isdecimal():
            return False
        after = self.first is None or self.first <= int(year)
        return after and (self.last is None or int(year) <= self.last)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for. What is empty asks for nothing."""

    collections: frozenset[str] = frozenset()
    """Keys: what stands in any of them, or below."""
    tags: tuple[frozenset[str], ...] = ()
    """Of each, the spellings that count: what has all of them."""
    types: frozenset[str] = frozenset()
    years: Years | None = None
    words: tuple[str, ...] = ()
    """What stands somewhere in the item or its notes; all of them."""

    def __bool__(self) -> bool:
        """Return whether anything is asked for."""
        return self != Filter()


def found(
    items: Mapping[str, Fields], types: Mapping[str, ItemType], tree: Tree, wanted: Filter
) -> list[str]:
    """Return the keys of the items that `wanted` asks for, in the order of `items`; never a child note.

    `tree`: collection key -> (name, key of its parent).
    """
    shelves = below(tree, wanted.collections)
    words = [word for word in map(folded, wanted.words) if word]
    notes = _notes(items) if words else {}
    return [
        key
        for key, fields in items.items()
        if is_found(fields)
        and _stands(fields, wanted, shelves)
        and (wanted.years is None or year_of(fields, types) in wanted.years)
        and (not words or _says(key, fields, notes.get(key, ()), words))
    ]


def is_found(fields: Fields) -> bool:
    """Return whether an item is one that people look for: nobody's child, no attachment."""
    return "parentItem" not in fields and fields.get("itemType") not in UNSYNCED_TYPES


def below(tree: Tree, collections: Iterable[str]) -> frozenset[str]:
    """Return the keys of these collections and all below them."""
    asked = frozenset(collections)
    return frozenset(key for key in tree if asked and not asked.isdisjoint(ancestry(key, tree)))


def _stands(fields: Fields, wanted: Filter, shelves: frozenset[str]) -> bool:
    if wanted.types and fields.get("itemType") not in wanted.types:
        return False
    if wanted.collections and shelves.isdisjoint(fields.get("collections", ())):
        return False
    own = {tag["tag"] for tag in fields.get("tags", ())} if wanted.tags else set()
    return not any(spellings.isdisjoint(own) for spellings in wanted.tags)


def _notes(items: Mapping[str, Fields]) -> Mapping[str, list[str]]:
    """Return the child notes, by the key of their item."""
    notes: dict[str, list[str]] = {}
    for fields in items.values():
        if parent := fields.get("parentItem"):
            notes.setdefault(str(parent), []).append(str(fields.get("note", "")))
    return notes


def _says(key: str, fields: Fields, notes: Iterable[str], words: Iterable[str]) -> bool:
    whole = folded("\n".join([key, *_texts(fields), *map(_plain, notes)]))
    return all(word in whole for word in words)


def _texts(fields: Fields) -> Iterator[str]:
    """Yield what an item says, in words; names in both orders."""
    for name, value in fields.items():
        if isinstance(value, str) and name not in _SILENT:
            yield _plain(value) if "<" in value else value
    for creator in fields.get("creators", ()):
        first, last = creator.get("firstName", ""), creator.get("lastName", "")
        yield creator.get("name") or f"{first} {last} {first}"
    for tag in fields.get("tags", ()):
        yield tag["tag"]


def _plain(html: str) -> str:
    """Return a text without its markup, a blank where an element ends a word."""
    inline = re.sub(r"</?(?:i|b|em|strong|span|sub|sup|sc)\b[^>]*>", "", html)
    return unescape(_ELEMENT.sub(" ", inline))
