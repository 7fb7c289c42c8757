"""All there is of an item: its fields, its notes, where it stands, and what waits for somebody."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zotsync.bibliography.field_order import rank
from zotsync.cli.frame import wording
from zotsync.cli.frame.columns import Column, stacked
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.output import Output
from zotsync.cli.handouts.rendering import handout_names, house_of, library_from, shown, theme_of
from zotsync.cli.items.listing_view import Listing, as_heading, title
from zotsync.cli.syncing.plan_view import conflicts_document
from zotsync.errors import HandoutError, PluginError, StyleError, ThemeError
from zotsync.figures import when
from zotsync.handout.compose import Library
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.render import outline
from zotsync.i18n import _
from zotsync.sync.reading.planning import Here
from zotsync.sync.remembering.item_dates import ItemDates, item_dates
from zotsync.sync.trees import Conflict, Kind, shown_file

_WIDEST = 120
"""Cells beyond which lines are no more pleasant to read."""
_LISTED_LAST = ("tags", "collections", "relations")


@dataclass(frozen=True)
class Spot:
    """Where an item stands in a handout."""

    handout: str
    section: str
    position: int
    of: int


@dataclass(frozen=True)
class Whole:
    """An item with all that belongs to it."""

    key: str
    listing: Listing
    notes: Mapping[str, str]
    """Key -> HTML of its child notes."""
    conflicts: Sequence[Conflict]
    spots: Sequence[Spot]
    faulty: Sequence[str]
    """Handouts of which it cannot be told."""
    dates: ItemDates | None

    @property
    def fields(self) -> Mapping[str, Any]:
        """Return the item's fields."""
        return self.listing.here.items[self.key]


def whole(opened: Opened, here: Here, key: str) -> Whole:
    """Return an item with all that belongs to it."""
    open_ones = opened.engine.conflicts()
    notes = {
        other: str(fields.get("note", ""))
        for other, fields in here.items.items()
        if fields.get("parentItem") == key
    }
    family = {key, *notes}
    spots, faulty = _spots(opened, library_from(here, open_ones), key)
    return Whole(
        key,
        Listing(here, opened.schema),
        dict(sorted(notes.items())),
        [c for c in open_ones if c.kind is Kind.ITEM and c.key in family],
        spots,
        faulty,
        item_dates(opened.engine.state).get(key),
    )


def _spots(opened: Opened, library: Library, key: str) -> tuple[list[Spot], list[str]]:
    """Return where an item stands in the handouts, and those that cannot be laid out."""
    found: list[Spot] = []
    faulty: list[str] = []
    for name in handout_names(opened.workspace):
        file = opened.workspace.handouts / f"{name}.toml"
        try:
            asked = read_handout(file, shown(opened.workspace, file))
            theme, house = theme_of(opened, asked, None), house_of(opened)
            sections = outline(asked, library, theme, opened.schema, house=house).sections
        except (HandoutError, PluginError, StyleError, ThemeError):  # `check` and `render` tell it
            faulty.append(name)
            continue
        for section in sections:
            keys = [entry.key for entry in section.entries]
            if key in keys:
                found.append(Spot(name, section.title, keys.index(key) + 1, len(keys)))
    return found, faulty


def show_whole(output: Output, one: Whole) -> None:
    """Print an item, as wide as the terminal allows."""
    listing = one.listing
    width = min(shutil.get_terminal_size().columns - 1, _WIDEST) if sys.stdout.isatty() else None
    output.spans([(title(one.fields, listing.schema, one.key), "bold")])
    rows = [*_fields(one), *_notes(one), *_places(one), *_conflicts(one)]
    for line in stacked(
        [Column(as_heading(name), [(text, style)]) for name, text, style in rows], width
    ):
        output.spans(line or [("", "")])


def _fields(one: Whole) -> Iterator[tuple[str, str, str]]:
    """Yield (word, value, colour) for each field, in the order of item files."""
    schema, paths = one.listing.schema, one.listing.paths
    names = sorted(one.fields, key=lambda name: (name in _LISTED_LAST, rank(name)))
    for name in names:
        value = one.fields[name]
        text = wording.value_text(name, value, paths)
        if name == "itemType":
            text = wording.type_word(schema, str(value))
        elif name in ("creators", "tags", "collections"):
            between = ", " if name == "tags" else "\n"
            text = between.join(wording.element_text(schema, name, e, paths) for e in value)
        elif name == "parentItem" and value in one.listing.here.items:
            parent = title(one.listing.here.items[value], schema, value)
            text = f"{value}  {wording.in_short(parent)}"
        if text:
            yield wording.field_word(schema, name), text, ""


def _notes(one: Whole) -> Iterator[tuple[str, str, str]]:
    for html in one.notes.values():
        yield _("note"), wording.value_text("note", html), ""


def _places(one: Whole) -> Iterator[tuple[str, str, str]]:
    here = one.listing.here
    new = one.key in here.new
    yield _("key"), _("none yet: the next sync makes one") if new else one.key, ""
    yield _("file"), shown_file(Kind.ITEM, here.paths[one.key]), ""
    if one.dates and one.dates.added:
        yield _("in Zotero since"), when(one.dates.added), ""
    if one.dates and one.dates.modified:
        yield _("changed in Zotero"), when(one.dates.modified), ""
    if one.spots:
        line = _("{handout}: {section}, {n} of {of}")
        lines = [
            line.format(handout=s.handout, section=s.section, n=s.position, of=s.of)
            for s in one.spots
        ]
        yield _("in handouts"), "\n".join(lines), ""
    for name in one.faulty:
        text = _("{name} is faulty: zotsync handout show {name}").format(name=name)
        yield _("in handouts"), text, "yellow"


def _conflicts(one: Whole) -> Iterator[tuple[str, str, str]]:
    words = [wording.field_word(one.listing.schema, c.field) for c in one.conflicts]
    if words:
        way = _("{fields}: zotsync resolve {key}").format(fields=", ".join(words), key=one.key)
        yield _("conflicts"), way, "red"


def whole_document(one: Whole) -> dict[str, Any]:
    """Return an item as JSON data."""
    here = one.listing.here
    dates = one.dates
    return {
        **one.listing.document(one.key),
        "added": dates.added.isoformat() if dates and dates.added else None,
        "modified": dates.modified.isoformat() if dates and dates.modified else None,
        "notes": [
            {
                "key": None if key in here.new else key,
                "file": shown_file(Kind.ITEM, here.paths[key]),
                "note": html,
            }
            for key, html in one.notes.items()
        ],
        "handouts": [asdict(spot) for spot in one.spots],
        "conflicts": conflicts_document(one.conflicts),
    }
