"""Items as rows of a table: what its columns can be, and what stands in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from shutil import get_terminal_size
from typing import Any

from zotsync.bibliography.paths import tree_paths
from zotsync.cli.frame import wording
from zotsync.cli.frame.fitting import fitted
from zotsync.cli.frame.output import Output
from zotsync.cli.items.naming import field_named, meant
from zotsync.errors import UsageError
from zotsync.figures import when
from zotsync.handout.sections import year_of
from zotsync.handout.text.people import tell_apart
from zotsync.handout.text.titles import title_of
from zotsync.i18n import N_, _
from zotsync.model import Fields, Schema
from zotsync.searching.folding import folded
from zotsync.sync.reading.planning import Here
from zotsync.sync.remembering.item_dates import ItemDates
from zotsync.sync.trees import Kind, shown_file

DEFAULT = ("key", "author", "year", "title")
_HEADINGS = {
    "key": N_("key"),
    "author": N_("author"),
    "year": N_("year"),
    "title": N_("title"),
    "type": N_("item type"),
    "collections": N_("collections"),
    "tags": N_("tags"),
    "file": N_("file"),
    "added": N_("added"),
    "modified": N_("modified"),
}
OWN = tuple(_HEADINGS)
_NAMED = 3
"""Authors that are all named; of more the first."""


@dataclass(frozen=True)
class Listing:
    """Items as they stand, and how they are shown."""

    here: Here
    schema: Schema
    columns: Sequence[str] = DEFAULT
    dates: Mapping[str, ItemDates] = field(default_factory=dict)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Return the paths of the collections, by key."""
        return tree_paths(self.here.collections)

    def headings(self) -> list[str]:
        """Return what stands above the columns."""
        own = {name: _(word) for name, word in _HEADINGS.items()}
        return [
            as_heading(own.get(name) or wording.field_word(self.schema, name))
            for name in self.columns
        ]

    def row(self, key: str) -> list[str]:
        """Return what an item's cells say, each in one line."""
        return [" ".join(self.cell(key, name).split()) for name in self.columns]

    def cell(self, key: str, name: str) -> str:
        """Return what an item says in a column."""
        own = _CELLS.get(name)
        if own is not None:
            return own(self, key)
        return wording.value_text(name, self.here.items[key].get(name), self.paths)

    def show(self, output: Output, keys: Sequence[str]) -> None:
        """Print items: a table that fits the terminal, or lines with tabs in a pipe."""
        rows = [self.row(key) for key in keys]
        if not sys.stdout.isatty():
            for row in rows:
                output.line("\t".join(row))
            return
        width = get_terminal_size().columns - 1
        heads, *lines = fitted([self.headings(), *rows], width)
        output.spans([("".join(heads), "bold")])
        for line in lines:
            output.spans([(line[0], "cyan"), ("".join(line[1:]), "")])

    def document(self, key: str) -> dict[str, Any]:
        """Return an item as JSON data, its collections by their paths."""
        here, fields = self.here, dict(self.here.items[key])
        if "collections" in fields:
            fields["collections"] = sorted(self.paths[c] for c in fields["collections"])
        return {
            "key": None if key in here.new else key,
            "file": shown_file(Kind.ITEM, here.paths[key]),
            "year": year_of(fields, self.schema.item_types),
            "fields": fields,
        }


def columns_named(schema: Schema, names: str) -> tuple[str, ...]:
    """Return the columns that a list with commas names. UsageError for one that there is not."""
    found = []
    for name in filter(None, map(str.strip, names.split(","))):
        known = name if name in OWN else _by_heading(name) or field_named(schema, name)
        if not known:
            message = _("There is no column {name}.").format(name=name)
            there = _("There are: {names}.").format(names=", ".join(OWN))
            every = [f for kind in schema.item_types.values() for f in kind.fields]
            hint = meant(name, (*OWN, *every)) or there + " " + _("And every field of Zotero.")
            raise UsageError(message, hint=hint)
        found.append(known)
    return tuple(found) or DEFAULT


def _by_heading(name: str) -> str:
    return next((own for own, word in _HEADINGS.items() if folded(_(word)) == folded(name)), "")


def as_heading(word: str) -> str:
    """Return a word as it begins a line or a column."""
    return word[:1].upper() + word[1:]


def authors(fields: Fields, schema: Schema) -> str:
    """Return the surnames of those whom an item is by; of more than three the first."""
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    primary = kind.creator_types[0] if kind and kind.creator_types else "author"
    line = tell_apart(fields.get("creators", ()), primary).line
    names = [str(c.get("name") or c.get("lastName") or c.get("firstName", "")) for c in line]
    if len(names) > _NAMED:
        return _("{name} et al.").format(name=names[0])
    return ", ".join(names)


def title(fields: Fields, schema: Schema, key: str) -> str:
    """Return an item's title without markup; of a note its beginning."""
    found = title_of(fields, schema.item_types.get(str(fields.get("itemType", ""))))
    if not found and fields.get("note"):
        return wording.in_short(wording.value_text("note", fields["note"]))
    return wording.title_of(Kind.ITEM, key, found)


def _of_fields(name: str) -> Callable[[Listing, str], str]:
    return lambda listing, key: wording.value_text(
        name, listing.here.items[key].get(name), listing.paths
    )


def _moment(moment: datetime | None) -> str:
    return when(moment) if moment else ""


def _added(listing: Listing, key: str) -> str:
    dates = listing.dates.get(key)
    return _moment(dates.added if dates else None)


def _modified(listing: Listing, key: str) -> str:
    dates = listing.dates.get(key)
    return _moment(dates.modified if dates else None)


_CELLS: Mapping[str, Callable[[Listing, str], str]] = {
    "key": lambda listing, key: _("(new)") if key in listing.here.new else key,
    "author": lambda listing, key: authors(listing.here.items[key], listing.schema),
    "year": lambda listing, key: year_of(listing.here.items[key], listing.schema.item_types),
    "title": lambda listing, key: title(listing.here.items[key], listing.schema, key),
    "type": lambda listing, key: wording.type_word(
        listing.schema, str(listing.here.items[key].get("itemType", ""))
    ),
    "collections": _of_fields("collections"),
    "tags": _of_fields("tags"),
    "file": lambda listing, key: listing.here.paths[key],
    "added": _added,
    "modified": _modified,
}
