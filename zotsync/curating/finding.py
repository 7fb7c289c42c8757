"""What a check is, and what it finds. Pure.

A check is a function from an item's fields, and facts about the bibliography, to findings. A plugin's is
one like any other: an entry point of the group `zotsync.checks` names a `Check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from enum import Enum
from typing import Any

from zotsync.curating.answers import Answer
from zotsync.handout.proxies import Proxies
from zotsync.model import Fields, ItemType, Schema
from zotsync.sameness import Known


class Severity(Enum):
    """How much a finding matters."""

    WRONG = "wrong"
    """It is a mistake: `zotsync check` ends with 1."""
    LOOK = "look"
    """It is worth a look, and may well be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found in one field."""

    field: str
    """Its name; "" where it is the item as a whole."""
    data: Mapping[str, Any] = made(default_factory=dict)
    """What the message names, by its placeholders."""
    mended: Any = None
    """What the field would better hold; None: that is for people to say. One finding a field has it."""
    safe: bool = False
    """Whether `mended` is right in all cases; else it is only taken where somebody says so."""


@dataclass(frozen=True)
class Facts:
    """What checks may know beside the item they look at."""

    schema: Schema
    today: date
    proxies: Proxies = made(default_factory=lambda: Proxies({}))
    printed: Callable[[str], frozenset[str]] | None = None
    """Item type -> the values that the theme's lines print of it; None: it is not known."""
    apostrophe: str = ""
    """The one that nearly all texts of the bibliography have; "" where they do not agree."""
    known: Known | None = None
    """All items, to be looked up by what identifies them."""
    answers: Mapping[str, Answer] = made(default_factory=dict)
    """Address -> what came of asking for it."""

    def kind(self, fields: Fields) -> ItemType | None:
        """Return what the schema says of an item's type; None if it does not know it."""
        return self.schema.item_types.get(str(fields.get("itemType", "")))

    def value(self, fields: Fields, base: str) -> str:
        """Return what an item says for a base field (`title`), under whatever name its type has for it."""
        kind = self.kind(fields)
        return kind.value(fields, base) if kind else str(fields.get(base, ""))


@dataclass(frozen=True, slots=True)
class Check:
    """One check, by the name it can be left out with."""

    code: str
    severity: Severity
    find: Callable[[Fields, Facts], Iterable[Finding]]
    """Pure: the same fields and facts give the same findings, and nothing is read or asked."""
    says: str = ""
    """The message, with the placeholders of `Finding.data` ({value}); "" for those that zotsync knows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, with the check and the item that it is of."""

    check: Check
    key: str
    finding: Finding
