"""Lists: one page of what a query names, in its order; settings, tombstones, tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.sandbox.data.records import Kind
from zotsync.sandbox.data.searching import Query, Where, like
from zotsync.sandbox.data.transaction import Transaction, marks
from zotsync.sandbox.rules.refused import bad

_COLUMN_SORTS = {
    "title": "o.title",
    "creator": "o.creator",
    "date": "o.date",
    "itemType": "o.item_type",
    "dateAdded": "o.date_added",
    "dateModified": "o.date_modified",
    "serverDateModified": "o.version",
    "addedBy": "o.created_by",
}
# Where Zotero lists empty values first when ascending; elsewhere they come last.
_EMPTY_FIRST = frozenset({"title", "date", "dateAdded", "dateModified", "serverDateModified"})


@dataclass(frozen=True)
class Page:
    """One page of a list: (key, version) pairs, and how many there are in all."""

    entries: Sequence[tuple[str, int]]
    total: int


def listed(tx: Transaction, where: Where, kind: Kind, query: Query) -> Page:
    """Return the page that a query asks for of the objects that conditions name."""
    order, values = _order(kind, query)
    sql = f"SELECT o.key, o.version FROM objects o WHERE {where.text} ORDER BY {order}"  # noqa: S608
    if not query.limit:
        entries = tx.rows(f"{sql} LIMIT -1 OFFSET ?", *where.values, *values, query.start)
        return Page([(k, v) for k, v in entries], len(entries) + query.start)
    total = tx.value(f"SELECT count(*) FROM objects o WHERE {where.text}", *where.values)  # noqa: S608
    page = tx.rows(f"{sql} LIMIT ? OFFSET ?", *where.values, *values, query.limit, query.start)
    return Page([(k, v) for k, v in page], int(total))


def _order(kind: Kind, query: Query) -> tuple[str, list[Any]]:
    direction = "DESC" if query.descending else "ASC"
    if query.format == "versions":
        return "o.version", []  # an object has no order: take the index
    last = f"o.version {direction}, o.id {direction}"
    if query.sort.endswith("KeyList"):
        if not query.keys:
            raise bad(f"order={query.sort} requires the {query.sort[:-4]} parameter")
        cases = " ".join("WHEN ? THEN ?" for _key in query.keys)
        values = [v for pair in zip(query.keys, range(len(query.keys)), strict=True) for v in pair]
        return f"CASE o.key {cases} END {direction}, {last}", values
    column = _COLUMN_SORTS.get(query.sort)
    if column and query.keys:
        column = f"+{column}"  # keeps SQLite from walking the whole library in this order
    if kind != "item":
        column = "o.title" if query.sort == "title" else "o.version"
    if column is None:
        column = f"coalesce(json_extract(o.data, '$.{query.sort}'), '')"
    if query.sort in _EMPTY_FIRST or kind != "item":
        return f"{column} {direction}, {last}", []
    return f"{column} = '' {direction}, {column} {direction}, {last}", []


def settings(tx: Transaction, library: str, since: int) -> dict[str, Any]:
    """Return the settings that changed since a version: name -> value and version."""
    rows = tx.rows(
        "SELECT key, version, data FROM objects WHERE library = ? AND kind = 'setting' "
        "AND version > ? ORDER BY key",
        *(library, since),
    )
    return {key: {"value": json.loads(data)["value"], "version": v} for key, v, data in rows}


def deleted(tx: Transaction, library: str, since: int) -> dict[str, list[str]]:
    """Return the keys of what was erased since a version, by kind. Trashed items are not in it."""
    found: dict[str, list[str]] = {
        kind: [] for kind in ("collections", "items", "searches", "tags", "settings")
    }
    plurals = {"search": "searches"}
    rows = tx.rows(
        "SELECT kind, key FROM tombstones WHERE library = ? AND version > ? ORDER BY kind, key",
        *(library, since),
    )
    for kind, key in rows:
        found[plurals.get(kind, f"{kind}s")].append(key)
    return found


def tags(tx: Transaction, library: str, query: Query, items: Where | None = None) -> Any:
    """Return one page of the tags in use (name, type, number of items), and how many there are.

    `items`: of which items alone, as conditions on objects.
    """
    where = Where()
    where.add("t.library = ?", library)
    if items is not None:
        sql = f"t.item IN (SELECT o.key FROM objects o WHERE {items.text})"  # noqa: S608
        where.add(sql, *items.values)
    if query.since:
        where.add("t.version > ?", query.since)
    if query.tags:
        wanted = [name for tag in query.tags for name in tag.split(" || ")]
        where.add(f"t.tag IN ({marks(wanted)})", *wanted)
    if query.q:
        pattern = like(query.q, start=query.mode == "startswith")
        where.add("folded(t.tag) LIKE ? ESCAPE '\\'", pattern)
    order = "count(*)" if query.sort == "numItems" else "folded(t.tag), t.tag"
    sql = f"SELECT t.tag, t.type, count(*) FROM tags t WHERE {where.text} GROUP BY t.tag, t.type"  # noqa: S608
    total = tx.value(f"SELECT count(*) FROM ({sql})", *where.values)  # noqa: S608
    page = tx.rows(
        f"{sql} ORDER BY {order}, t.type LIMIT ? OFFSET ?",
        *(*where.values, query.limit, query.start),
    )
    return page, int(total)
