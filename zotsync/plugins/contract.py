"""What an exporter is given, and what it gives. Pure.

An entry point of the group `zotsync.exporters` names an `Exporter`; its own name is the format's:

    [project.entry-points."zotsync.exporters"]
    endnote = "my_package.endnote:ENDNOTE"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zotsync.model import UNSYNCED_TYPES, Fields, ItemType, Schema

_UNKNOWN = ItemType("", (), ())


@dataclass(frozen=True)
class Export:
    """A bibliography on its way out. Nothing in it may be changed; other packages are given a copy."""

    items: Mapping[str, Fields]
    """Item key -> fields in normal form (`zotsync.model`), notes too. The order is to be kept."""
    schema: Schema
    collections: Mapping[str, str] = field(default_factory=dict)
    """Collection key -> its path (`Pair-aidance/Revues`; a `/` in a name is written `\\/`)."""
    group: int = 0
    """The number of the Zotero group; 0 where there is none."""
    language: str = "en"
    """"en" or "fr": for words that are not in the items."""

    @cached_property
    def entries(self) -> Mapping[str, Fields]:
        """Return the items that have a place in a list of references: no note, nobody's child."""
        left_out = UNSYNCED_TYPES | {"note"}
        return {
            key: fields
            for key, fields in self.items.items()
            if fields.get("itemType") not in left_out and "parentItem" not in fields
        }

    def kind(self, fields: Fields) -> ItemType:
        """Return what the schema says of an item's type; an empty one if it does not know it."""
        return self.schema.item_types.get(str(fields.get("itemType", "")), _UNKNOWN)

    def value(self, fields: Fields, base: str) -> str:
        """Return what an item says for a base field (`title`), under whatever name its type has for it."""
        return self.kind(fields).value(fields, base)

    def paths(self, fields: Fields) -> list[str]:
        """Return the paths of the collections that an item stands in, sorted."""
        known = (self.collections.get(key) for key in fields.get("collections", ()))
        return sorted(path for path in known if path)

    def label(self, kind: str, name: str) -> str:
        """Return Zotero's word for a `kind` ("type", "field", "creator") in `language`."""
        return self.schema.label(kind, name, self.language)


def takes_all(_export: Export, _fields: Fields) -> bool:
    """Return that a reference has a place in the format."""
    return True


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that a bibliography can be written in."""

    title: str
    """What people call it, in one line."""
    ending: str
    """How the names of its files end, without the dot."""
    write: Callable[[Export], bytes]
    """Return the whole file. It reads and writes nothing else, and the same export gives the same bytes."""
    takes: Callable[[Export, Fields], bool] = takes_all
    """Return whether a reference has a place in the format: in a list of links those with an address."""


def tags_of(fields: Fields) -> Sequence[str]:
    """Return the texts of an item's tags, each once, in order."""
    return list(dict.fromkeys(tag["tag"] for tag in fields.get("tags", ())))
