"""An item as it is kept: its data, and what answers and lists need that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zotsync.model import ItemType
from zotsync.sandbox import dates
from zotsync.sandbox.checks import CHILD_TYPES
from zotsync.sandbox.notes import note_title
from zotsync.sandbox.store import Record, folded

_MANY = 3
_INVISIBLE = "\ufeff \t\n"


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
        title=folded(_title(data, item_type)),
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


def _title(data: Mapping[str, Any], item_type: ItemType) -> str:
    title = data.get(_field_for("title", item_type))
    return str(title or note_title(str(data.get("note") or "")))


def _field_for(base: str, item_type: ItemType) -> str:
    heirs = (name for name, meant in item_type.base_fields.items() if meant == base)
    return base if base in item_type.fields else next(heirs, base)
