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
from zotsync.model import ItemType, Schema, normal
from zotsync.plugins.importers.catalogues import (
    day,
    is_more,
    pages_alone,
    says_more,
    stated,
    with_function,
    with_role,
    without_life,
)
from zotsync.plugins.importers.texts import as_note, formatted, one_line
from zotsync.plugins.incoming import Reference

_Numbers = tuple[Callable[[str], Iterator[tuple[str, bool]]], Callable[[str], str]]
_LONG = frozenset({"abstractNote", "extra", "note"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?Z?)?")
_MOST_NUMBERS = 1_000
"""Letters that ISBNs may fill; no work has more of them."""
_LABELS = {"abstractNote": "Abstract"}
_NUMBERS: Mapping[str, _Numbers] = {"ISBN": (isbns, isbn_form), "ISSN": (issns, issn_form)}


@dataclass
class Draft:
    """One reference while it is read."""

    schema: Schema
    item_type: str
    place: str = ""
    key: str = ""
    as_is: bool = False
    """Whether all is as Zotero has it: catalogues write more around their values, which is taken off."""
    values: dict[str, str] = field(default_factory=dict)
    creators: dict[tuple[tuple[str, str], ...], dict[str, str]] = field(default_factory=dict)
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
        if base in _NUMBERS and self.has(base) and not self.as_is:
            self._number(base, one_line(text))
            return
        typed, text = text, _clean(base, text, as_is=self.as_is)
        name = self.own(base)
        if base == "numPages" and name and says_more(typed, text):
            self.keep(label or base, typed)
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
        if len(known) > _MOST_NUMBERS:
            self.keep(base, text)
        elif form not in known:
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
        if not self.as_is:
            if is_more(name):
                self.keep(_words(role), " ".join(name.values()))
                return
            told, does = with_function(name, role)
            plain = without_life(told)
            if plain != told or (told != name and does == "contributor"):
                self.keep(_words(role), ", ".join(filter(None, name.values())))
            name, role = with_role(plain, does)
        self._add(role, name)

    def _add(self, role: str, name: dict[str, str]) -> None:
        roles = self.kind.creator_types
        if role not in roles:
            if role != "author" or not roles:
                given = f"{name.get('lastName', '')} || {name.get('firstName', '')}"
                self.keep(_words(role), name.get("name") or given)
                return
            role = roles[0]
        entry = {"creatorType": role, **name}
        self.creators.setdefault(tuple(entry.items()), entry)

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
        title = self.own("title")
        if title in self.values and not self.as_is:
            self.values[title], names = stated(self.values[title], self.creators.values())
            self.keep("Responsibility", names)
        values: dict[str, Any] = dict(self.values)
        lines = [line for line in (values.get("extra", ""), *dict.fromkeys(self.kept)) if line]
        if lines:
            values["extra"] = "\n".join(lines)
        values |= {
            "itemType": self.item_type,
            "creators": list(self.creators.values()),
            "tags": self.tags,
        }
        values["collections"] = self.collections
        return Reference(
            normal(values), self.place, tuple(self.notes), tuple(dict.fromkeys(self.kept)), self.key
        )


def _clean(base: str, text: str, *, as_is: bool) -> str:
    text = formatted(text)
    if as_is:
        return text if base in _LONG else one_line(text)
    if base == "DOI":
        return plain if is_doi(plain := plain_doi(text)) else one_line(text)
    if base == "accessDate":
        return text if _DAY.fullmatch(text) else day(text, certain=False)
    if base == "numPages":
        return pages_alone(one_line(text))
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
