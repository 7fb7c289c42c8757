"""An item in the making: values go to the fields of its type, and what has none to `extra`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.identifiers import (
    is_doi,
    is_number_alone,
    isbn_form,
    isbns,
    issn_form,
    issns,
    plain_doi,
)
from zotsync.importers.texts import as_note, formatted, one_line
from zotsync.model import ItemType, Schema, normal
from zotsync.plugins.incoming import Reference

_Numbers = tuple[Callable[[str], Iterator[tuple[str, bool]]], Callable[[str], str]]
_LONG = frozenset({"abstractNote", "extra", "note"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?Z?)?")
_LABELS = {"abstractNote": "Abstract"}
_NUMBERS: Mapping[str, _Numbers] = {"ISBN": (isbns, isbn_form), "ISSN": (issns, issn_form)}


@dataclass
class Draft:
    """One reference while it is read."""

    schema: Schema
    item_type: str
    place: str = ""
    key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    creators: list[dict[str, str]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def kind(self) -> ItemType:
        """Return what the schema says of the item type."""
        return self.schema.item_types[self.item_type]

    def own(self, base: str) -> str:
        """Return the name that the item type has for a base field or one of its own; "" for none."""
        kind = self.kind
        if base in kind.fields:
            return base
        return next((own for own, b in kind.base_fields.items() if b == base), "")

    def has(self, base: str) -> bool:
        """Return whether the field exists for the item type."""
        return bool(self.own(base))

    def get(self, base: str) -> str:
        """Return what is in a field by now."""
        return self.values.get(self.own(base), "")

    def put(self, base: str, text: str, label: str = "") -> None:
        """Put a text into a field. Where the type has no such field, or it says something else: `keep`.

        `label`: what the source calls it.
        """
        if base in _NUMBERS and self.has(base):
            self._number(base, one_line(text))
            return
        text = _clean(base, text)
        name = self.own(base)
        known = self.values.get(name)
        if not text or known == text:
            return
        if not name or known is not None or not _fits(base, text):
            self.keep(label or _LABELS.get(base, base), text)
        else:
            self.values[name] = text

    def put_first(self, bases: tuple[str, ...], text: str, label: str = "") -> None:
        """Put a text into the first of these fields that the type has."""
        self.put(next((b for b in bases if self.has(b)), bases[0]), text, label)

    def _number(self, base: str, text: str) -> None:
        """Put ISBNs or ISSNs beside those that are there; words around them are kept."""
        numbers, form_of = _NUMBERS[base]
        found = list(numbers(text))
        form = form_of(text) if found and all(right for _number, right in found) else text
        known = self.values.get(base, "")
        if form not in known:
            self.values[base] = f"{known} {form}".strip()
        if form != text and not is_number_alone(text, form):
            self.keep(base, text)

    def keep(self, label: str, text: str) -> None:
        """Keep what has no field as a line of `extra`."""
        if text := text.strip():
            self.kept.append(f"{label}: {one_line(text)}")

    def creator(self, role: str, name: dict[str, str]) -> None:
        """Add somebody: in another role where the type has none of that name, which is kept then."""
        if not any(name.values()):
            return
        kind = self.kind
        if role not in kind.creator_types:
            is_author = role == "author" and bool(kind.creator_types)
            other = kind.creator_types[0] if is_author else "contributor"
            whole = name.get("name") or f"{name.get('lastName', '')} || {name.get('firstName', '')}"
            if not is_author:
                self.keep(_words(role), whole)
            if other not in kind.creator_types:
                if is_author:
                    self.keep(_words(role), whole)
                return
            if not is_author:
                return
            role = other
        entry = {"creatorType": role, **name}
        if entry not in self.creators:
            self.creators.append(entry)

    def tag(self, text: str, kind: int = 0) -> None:
        """Add a tag."""
        if text := one_line(text):
            self.tags.append({"tag": text, "type": kind} if kind else {"tag": text})

    def note(self, text: str) -> None:
        """Add a child note."""
        if text.strip():
            self.notes.append(as_note(text))

    def finished(self) -> Reference:
        """Return the reference."""
        values: dict[str, Any] = dict(self.values)
        lines = [line for line in (values.get("extra", ""), *dict.fromkeys(self.kept)) if line]
        if lines:
            values["extra"] = "\n".join(lines)
        values |= {"itemType": self.item_type, "creators": self.creators, "tags": self.tags}
        values["collections"] = self.collections
        return Reference(
            normal(values), self.place, tuple(self.notes), tuple(dict.fromkeys(self.kept)), self.key
        )


def _clean(base: str, text: str) -> str:
    text = formatted(text)
    if base == "DOI":
        return plain if is_doi(plain := plain_doi(text)) else one_line(text)
    return text if base in _LONG else one_line(text)


def _fits(base: str, text: str) -> bool:
    return base != "accessDate" or _DAY.fullmatch(text) is not None


def _words(role: str) -> str:
    """Return a creator type as a label in `extra` has it: `Book Author`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", role).title()


def person(last: str, first: str = "") -> dict[str, str]:
    """Return the parts of a creator: with one name alone it is an institution's, or somebody's whole."""
    last, first = one_line(formatted(last)), one_line(formatted(first))
    if not last or not first:
        return {"name": last or first}
    return {"lastName": last, "firstName": first}
