"""Lists: which objects an address and a query name, in which order, which page of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.sandbox.params import Query
from zotsync.sandbox.refused import bad
from zotsync.sandbox.store import Kind, Transaction, marks

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

_TOP_OF = (
    "SELECT coalesce(g.key, p.key, o.key) FROM objects o "
    "LEFT JOIN objects p ON p.library = o.library AND p.kind = 'item' AND p.key = o.parent "
    "LEFT JOIN objects g ON g.library = o.library AND g.kind = 'item' AND g.key = p.parent "
    "WHERE o.library = ? AND o.kind = 'item' AND (o.trashed = 0 OR o.parent IS NULL)"
)


@dataclass(frozen=True)
class Scope:
    """Which part of a library an address names."""

    top: bool = False
    trash: bool = False
    parent: str | None = None
    """Children of this item, or of this collection."""
    collection: str | None = None
    """Items of this collection."""


@dataclass(frozen=True)
class Page:
    """One page of a list: (key, version) pairs, and how many there are in all."""

    entries: Sequence[tuple[str, int]]
    total: int


def listed(tx: Transaction, library: str, kind: Kind, scope: Scope, query: Query) -> Page:
    """Return the page that a query asks for."""
    where = _Where()
    where.add("o.library = ? AND o.kind = ?", library, kind)
    if scope.top:
        where.add("o.parent IS NULL")
    if scope.parent:
        where.add("o.parent = ?", scope.parent)
    if query.since:
        where.add("o.version > ?", query.since)
    if kind == "item":
        _item_conditions(where, library, scope, query)
    else:
        # ● Trashed collections stay listed.
        _add_keys(where, query)
        if query.q:
            where.add("o.title LIKE ? ESCAPE '\\'", _like(query.q))
    order, values = _order(kind, query)
    sql = f"SELECT o.key, o.version FROM objects o WHERE {where.text} ORDER BY {order}"  # noqa: S608
    if not query.limit:
        entries = tx.rows(f"{sql} LIMIT -1 OFFSET ?", *where.values, *values, query.start)
        return Page([(k, v) for k, v in entries], len(entries) + query.start)
    total = tx.value(f"SELECT count(*) FROM objects o WHERE {where.text}", *where.values)  # noqa: S608
    page = tx.rows(f"{sql} LIMIT ? OFFSET ?", *where.values, *values, query.limit, query.start)
    return Page([(k, v) for k, v in page], int(total))


class _Where:
    """Conditions joined by AND, with their values."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        self._parts.append(condition)
        self.values.extend(values)

    @property
    def text(self) -> str:
        return " AND ".join(self._parts)


def _item_conditions(where: _Where, library: str, scope: Scope, query: Query) -> None:
    if scope.trash:
        where.add("o.trashed = 1")
    elif not query.include_trashed:
        # ● Trashed items vanish from every list, `itemKey=` and `since=` included. Their children
        # are not flagged, and stay.
        where.add("o.trashed = 0")
    if scope.collection:
        members = "(SELECT item FROM members WHERE library = ? AND collection = ?)"
        where.add(
            f"(o.key IN {members} OR o.parent IN {members})", *(library, scope.collection) * 2
        )
    sought = _Where()
    _add_keys(sought, query)
    for tag in query.tags:
        _tag_condition(sought, library, tag)
    if query.item_type:
        wanted, negated = _alternatives(query.item_type)
        no = "NOT " if negated else ""
        sought.add(f"o.item_type {no}IN ({marks(wanted)})", *wanted)
    for word in query.q.split():
        sought.add(
            "(o.title LIKE ? ESCAPE '\\' OR o.creator LIKE ? ESCAPE '\\' OR substr(o.date, 1, 4) = ?)",
            *(_like(word), _like(word), word),
        )
    if scope.top and sought.text:
        # Among the top-level items those show of which a child is what was sought.
        where.add(f"o.key IN ({_TOP_OF} AND {sought.text})", library, *sought.values)
    elif sought.text:
        where.add(sought.text, *sought.values)


def _add_keys(where: _Where, query: Query) -> None:
    if query.keys:
        where.add(f"o.key IN ({marks(query.keys)})", *query.keys)


def _tag_condition(where: _Where, library: str, tag: str) -> None:
    wanted, negated = _alternatives(tag)
    no = "NOT " if negated else ""
    tagged = f"SELECT item FROM tags WHERE library = ? AND lower(tag) IN ({marks(wanted)})"  # noqa: S608
    where.add(f"o.key {no}IN ({tagged})", library, *(t.lower() for t in wanted))


def _alternatives(text: str) -> tuple[list[str], bool]:
    negated = text.startswith("-")
    text = text[1:] if negated or text.startswith("\\-") else text
    return [part.strip() for part in text.split("||")], negated


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text.lower()}%"


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


def tags(tx: Transaction, library: str, query: Query, items: Sequence[str] | None) -> Any:
    """Return one page of the tags (name, type, number of items) in use, and how many there are."""
    where = _Where()
    where.add("library = ?", library)
    if items is not None:
        where.add(f"item IN ({marks(items)})", *items)
    if query.q:
        where.add("lower(tag) LIKE ? ESCAPE '\\'", _like(query.q))
    order = "count(*)" if query.sort == "numItems" else "lower(tag), tag"
    sql = f"SELECT tag, type, count(*) FROM tags WHERE {where.text} GROUP BY tag, type"  # noqa: S608
    total = tx.value(f"SELECT count(*) FROM ({sql})", *where.values)  # noqa: S608
    page = tx.rows(
        f"{sql} ORDER BY {order}, type LIMIT ? OFFSET ?", *where.values, query.limit, query.start
    )
    return page, int(total)
