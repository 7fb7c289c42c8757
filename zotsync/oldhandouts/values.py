"""What a hand-made bibliography was read as: sections, entries, and a source text for each field. Pure.

Nothing is invented: the words of every field stand in `Found.text`. Nothing is dropped: what was placed
nowhere stands in `Reading.unplaced` of its entry, or in `ReadBibliography.unplaced`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SURE, LIKELY, DOUBTFUL = 0.95, 0.75, 0.4
"""Confidences: said so in plain words; by the shape of the line; by its place alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """One field: its value, how sure it is, and the text that it came from."""

    name: str
    value: Any
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One entry of the document, as an item in Zotero's fields."""

    item_type: str
    type_confidence: float
    fields: tuple[Found, ...]
    source: str
    """Its text in the document, a line for each paragraph."""
    unplaced: tuple[str, ...] = ()
    """The words that no field took."""
    first: int = 0
    """Index of its first paragraph."""

    @property
    def confidence(self) -> float:
        """Return the confidence of its most doubtful part; what was not placed is doubtful too."""
        parts = [self.type_confidence, *(found.confidence for found in self.fields)]
        return min(parts + ([DOUBTFUL] if self.unplaced else []))

    def value(self, name: str) -> Any:
        """Return the value of a field; None without one."""
        return next((found.value for found in self.fields if found.name == name), None)

    def item(self, label: str = "") -> Mapping[str, Any]:
        """Return it as an item's fields; what was not placed stands in `extra`, after `label`."""
        made = {"itemType": self.item_type, **{f.name: f.value for f in self.fields}}
        if self.unplaced:
            rest = "\n".join(f"{label}{text}" for text in self.unplaced)
            made["extra"] = f"{made['extra']}\n{rest}" if made.get("extra") else rest
        return made


@dataclass(frozen=True, slots=True)
class ReadSection:
    """What stands under one heading. A collection can be made of it."""

    heading: str
    level: int
    entries: tuple[ReadEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadBibliography:
    """A whole document."""

    title: str
    introduction: tuple[str, ...]
    sections: tuple[ReadSection, ...]
    unplaced: tuple[str, ...] = field(default=())
    """Texts that belong to no entry: contact, page heads, contents."""

    @property
    def entries(self) -> tuple[ReadEntry, ...]:
        """Return the entries of all sections, in order."""
        return tuple(entry for section in self.sections for entry in section.entries)
