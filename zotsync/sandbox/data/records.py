"""Objects as they are kept: their data, and what answers and lists need that follows from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from zotsync.model import ItemType
from zotsync.sandbox.rules import dates
from zotsync.sandbox.rules.checks import CHILD_TYPES
from zotsync.sandbox.rules.notes import note_title
from zotsync.sandbox.rules.texts import folded

Kind = Literal["item", "collection", "search", "setting"]
PLURALS: Mapping[Kind, str] = {
    "item": "items",
    "collection": "collections",
    "search": "searches",
    "setting": "settings",
}
_MANY = 3
_INVISIBLE = "\ufeff \t\n"


@dataclass(frozen=True)
class Record:
    """One object as it is kept. `data` is what answers carry, without key and version."""

    key: str
    version: int
    data: Mapping[str, Any]
    parent: str | None = None
    trashed: bool = False
    item_type: str | None = None
    created_by: int | None = None
    modified_by: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    creator: str = ""
    date: str = ""


def record_of(row: tuple[Any, ...]) -> Record:
    """Return the record in a row of the columns that `Transaction.get` reads."""
    key, version, parent, trashed, item_type, created, modified, data, meta, *sort = row
    fields = json.loads(data)
    del fields["key"], fields["version"]
    return Record(
        *(key, version, fields, parent, bool(trashed), item_type, created, modified),
        json.loads(meta),
        *sort,
    )


def item_record(
    key: str, version: int, data: Mapping[str, Any], item_type: ItemType, *, by: _Users
) -> Record:
    """Return the record of an item."""
    meta = summary(data, item_type)
    return Record(
        key=key,
        version=version,
        data=data,
        parent=data.get("parentItem") or None,
        trashed=bool(data.get("deleted")),
        item_type=item_type.name,
        created_by=by[0],
        modified_by=by[1],
        meta=meta,
        title=folded(title_of(data, item_type)),
        creator=folded(meta.get("creatorSummary", "")),
        date=meta.get("parsedDate", ""),
    )


_Users = tuple[int | None, int | None]


def summary(data: Mapping[str, Any], item_type: ItemType) -> dict[str, str]:
    """Return the `meta` that follows from an item's own data."""
    if item_type.name in CHILD_TYPES:
        return {}
    meta = {}
    if names := creator_summary(data.get("creators", ()), item_type):
        meta["creatorSummary"] = names
    if parsed := dates.parsed_date(str(data.get(_field_for("date", item_type)) or "")):
        meta["parsedDate"] = parsed
    return meta


def creator_summary(creators: Sequence[Mapping[str, str]], item_type: ItemType) -> str:
    """Return the names of the primary creators, else of the editors, else of the contributors."""
    for wanted in (*item_type.creator_types[:1], "editor", "contributor"):
        found = [c for c in creators if c["creatorType"] == wanted]
        names = [c.get("name") or c.get("lastName", "") for c in found]
        names = [name for name in names if name.strip(_INVISIBLE)]
        if len(names) >= _MANY:
            return f"{names[0]} et al."
        if names:
            return " and ".join(names)
    return ""


def title_of(data: Mapping[str, Any], item_type: ItemType) -> str:
    """Return what an item is called: its title, whatever its type calls that, or a note's first line."""
    title = data.get(_field_for("title", item_type))
    return str(title or note_title(str(data.get("note") or "")))


def _field_for(base: str, item_type: ItemType) -> str:
    heirs = (name for name, meant in item_type.base_fields.items() if meant == base)
    return base if base in item_type.fields else next(heirs, base)
