"""What a write does besides the object itself: links, reverse relations, what goes with an erasure.

● Much of it is silent: no new version, no tombstone. That is Zotero's way, and what breaks clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zotsync.model import ItemType, Schema
from zotsync.sandbox import dates
from zotsync.sandbox.checks import CHILD_TYPES
from zotsync.sandbox.items import Revised, one_or_many
from zotsync.sandbox.refused import RefusedError, bad
from zotsync.sandbox.store import Kind, Record, Transaction

RELATED = "dc:relation"
_SAME = "owl:sameAs"
_REPLACES = "dc:replaces"


@dataclass(frozen=True)
class Writing:
    """Who writes where and when; `touched` gathers what this request changed on the side."""

    library: str
    user_id: int | None
    schema: Schema
    now: str
    touched: set[str] = field(default_factory=set)

    def uri(self, key: str) -> str:
        """Return an item's URI, as relations name it."""
        return f"http://zotero.org/{self.library}/items/{key}"

    def local_key(self, uri: str) -> str | None:
        """Return the key of an item of this library that a URI names; None for others."""
        prefix = self.uri("")
        return uri.removeprefix(prefix) if uri.startswith(prefix) else None


def save_item(
    tx: Transaction, at: Writing, key: str, old: Record | None, revised: Revised, version: int
) -> None:
    """Write an item with its links."""
    data = dict(revised.data)
    _check_parent(tx, at, data)
    if "collections" in revised.changed:
        _check_collections(tx, at, data.get("collections", ()))
    own, added, dropped = _own_relations(tx, at, key, old, data)
    tx.link(
        at.library,
        key,
        collections=data.get("collections", ()),
        tags=[(t["tag"], t.get("type", 0)) for t in data["tags"]],
        relations=own,
    )
    data["relations"] = _shown_relations(tx, at, key)
    tx.put(at.library, "item", _item_record(at, key, old, replace(revised, data=data), version, tx))
    if old is None:
        added = [(p, at.uri(k)) for k, p in tx.relations_to(at.library, at.uri(key))] + added
    _follow_relations(tx, at, added, dropped, version=version, is_new=old is None, own=own)


def _item_record(
    at: Writing, key: str, old: Record | None, revised: Revised, version: int, tx: Transaction
) -> Record:
    data = revised.data
    item_type = at.schema.item_types[data["itemType"]]
    created_by = old.created_by if old else at.user_id
    modified_by = old.modified_by if old and revised.quiet else at.user_id
    if old is None:
        # ● An item made again keeps its first author.
        created_by = tx.unbury(at.library, "item", key) or created_by
    meta = _summary(data, item_type)
    return Record(
        key=key,
        version=version,
        data=data,
        parent=data.get("parentItem") or None,
        trashed=bool(data.get("deleted")),
        item_type=item_type.name,
        created_by=created_by,
        modified_by=modified_by,
        meta=meta,
        title=str(data.get(_field_for("title", item_type)) or data.get("note") or "").lower(),
        creator=meta.get("creatorSummary", "").lower(),
        date=meta.get("parsedDate", ""),
    )


def _field_for(base: str, item_type: ItemType) -> str:
    heirs = (name for name, meant in item_type.base_fields.items() if meant == base)
    return base if base in item_type.fields else next(heirs, base)


def _summary(data: Mapping[str, Any], item_type: ItemType) -> dict[str, str]:
    """Return the `meta` that follows from an item's own data."""
    if item_type.name in CHILD_TYPES:
        return {}
    meta = {}
    if summary := _creator_summary(data.get("creators", ()), item_type):
        meta["creatorSummary"] = summary
    if parsed := dates.parsed_date(str(data.get(_field_for("date", item_type)) or "")):
        meta["parsedDate"] = parsed
    return meta


def _creator_summary(creators: Any, item_type: ItemType) -> str:
    for wanted in (*item_type.creator_types[:1], "editor", "contributor"):
        names = [
            c.get("name") or c.get("lastName", "") for c in creators if c["creatorType"] == wanted
        ]
        if len(names) > 2:  # noqa: PLR2004 - three or more
            return f"{names[0]} et al."
        if names:
            return " and ".join(names)
    return ""


def _check_parent(tx: Transaction, at: Writing, data: Mapping[str, Any]) -> None:
    parent_key = data.get("parentItem")
    if not parent_key:
        return
    parent = tx.get(at.library, "item", parent_key)
    if parent is None:
        raise RefusedError(
            409, f"Parent item {parent_key} not found", data={"parentItem": parent_key}
        )
    if data["itemType"] == "annotation":
        if parent.item_type != "attachment":
            raise bad("Parent item of annotation must be an attachment")
    elif parent.item_type in CHILD_TYPES and not _embedded(data, parent):
        raise RefusedError(
            409,
            "Parent item cannot be a note or attachment",
            data={"parentItem": parent_key},
        )


def _embedded(data: Mapping[str, Any], parent: Record) -> bool:
    return parent.item_type == "note" and data.get("linkMode") == "embedded_image"


def _check_collections(tx: Transaction, at: Writing, keys: Any) -> None:
    for key in keys:
        if tx.get(at.library, "collection", key) is None:
            raise RefusedError(409, f"Collection {key} not found", data={"collection": key})


def _own_relations(
    tx: Transaction, at: Writing, key: str, old: Record | None, data: Mapping[str, Any]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the item's own relations as they are to be, those added, and those dropped.

    ● What an item shows because another names it is not its own: sending it back adds nothing, and
    leaving it out removes nothing.
    """
    own = set(tx.relations_from(at.library, key))
    shown = _pairs((old.data if old else {}).get("relations", {}))
    wanted = _pairs(data["relations"])
    added, dropped = wanted - shown, shown - wanted
    for predicate, uri in dropped:
        if predicate == _SAME and (other := at.local_key(uri)):
            tx.run(
                "DELETE FROM relations WHERE library = ? AND item = ? AND predicate = ? "
                "AND object = ?",
                *(at.library, other, predicate, at.uri(key)),
            )
    return sorted((own - dropped) | added), sorted(added), sorted(dropped & own)


def _pairs(relations: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (predicate, uri)
        for predicate, value in relations.items()
        for uri in (value if isinstance(value, list) else [value])
    }


def _shown_relations(tx: Transaction, at: Writing, key: str) -> dict[str, Any]:
    """Return an item's relations: its own, and the links of others to it turned round."""
    pairs = tx.relations_from(at.library, key)
    for other, predicate in tx.relations_to(at.library, at.uri(key)):
        if predicate in (RELATED, _SAME):
            pairs.append((predicate, at.uri(other)))
    return one_or_many(pairs)


def _follow_relations(
    tx: Transaction,
    at: Writing,
    added: list[tuple[str, str]],
    dropped: list[tuple[str, str]],
    *,
    version: int,
    is_new: bool,
    own: list[tuple[str, str]],
) -> None:
    for predicate, uri in added:
        other = at.local_key(uri)
        if not other:
            continue
        # ● `dc:relation` shows on the other item too, which gets the same version.
        if predicate == RELATED and (not is_new or (predicate, uri) in own):
            show_anew(tx, at, other, version=version)
            at.touched.add(other)
        else:
            show_anew(tx, at, other)
    for _predicate, uri in dropped:
        if other := at.local_key(uri):
            show_anew(tx, at, other)


def show_anew(tx: Transaction, at: Writing, key: str, *, version: int | None = None) -> None:
    """Work out an item's collections and relations again; without `version` nobody notices."""
    record = tx.get(at.library, "item", key)
    if record is None:
        return
    data = dict(record.data) | {"relations": _shown_relations(tx, at, key)}
    if "collections" in data:
        members = "SELECT collection FROM members WHERE library = ? AND item = ? ORDER BY 1"
        data["collections"] = [c for (c,) in tx.rows(members, at.library, key)]
    modified_by = at.user_id if version else record.modified_by
    tx.put(
        at.library,
        "item",
        replace(record, data=data, version=version or record.version, modified_by=modified_by),
    )


def save_other(
    tx: Transaction, at: Writing, kind: Kind, record: Record, parent: str | None = None
) -> None:
    """Write a collection, saved search or setting."""
    if parent and tx.get(at.library, "collection", parent) is None and parent != record.key:
        raise RefusedError(
            409, f"Parent collection {parent} not found", data={"collection": parent}
        )
    tx.unbury(at.library, kind, record.key)
    tx.put(at.library, kind, record)


def erase(tx: Transaction, at: Writing, kind: Kind, key: str, version: int) -> None:
    """Erase an object, and what goes with it. Nothing happens if it is not there."""
    record = tx.get(at.library, kind, key)
    if record is None:
        return
    if kind == "item":
        _erase_item(tx, at, key, version)
    elif kind == "collection":
        _erase_collections(tx, at, key)
    else:
        tx.remove(at.library, kind, key)
    tx.bury(at.library, kind, key, version, record.created_by)


def _erase_item(tx: Transaction, at: Writing, key: str, version: int) -> None:
    # ● Children are erased with it, each with a tombstone.
    children = "SELECT key FROM objects WHERE library = ? AND kind = 'item' AND parent = ?"
    for (child,) in tx.rows(children, at.library, key):
        erase(tx, at, "item", child, version)
    uri = at.uri(key)
    linked = {other for other, _predicate in tx.relations_to(at.library, uri)}
    linked |= {k for _p, to in tx.relations_from(at.library, key) if (k := at.local_key(to))}
    tx.run(
        "DELETE FROM relations WHERE library = ? AND object = ? AND predicate <> ?",
        *(at.library, uri, _REPLACES),
    )
    tx.remove(at.library, "item", key)
    # ● Relations that point at it vanish without a new version.
    for other in sorted(linked):
        show_anew(tx, at, other)


def _erase_collections(tx: Transaction, at: Writing, key: str) -> None:
    # ● Subcollections go without tombstones; the items lose the keys without a new version.
    below = (
        "WITH RECURSIVE below(key) AS (SELECT ? UNION SELECT o.key FROM objects o JOIN below b "
        "ON o.parent = b.key WHERE o.library = ? AND o.kind = 'collection') SELECT key FROM below"
    )
    gone = [k for (k,) in tx.rows(below, key, at.library)]
    items: set[str] = set()
    for collection in gone:
        members = "SELECT item FROM members WHERE library = ? AND collection = ?"
        items |= {item for (item,) in tx.rows(members, at.library, collection)}
        tx.run("DELETE FROM members WHERE library = ? AND collection = ?", at.library, collection)
        tx.remove(at.library, "collection", collection)
    for item in sorted(items):
        show_anew(tx, at, item)


def erase_tags(tx: Transaction, at: Writing, names: list[str], version: int) -> None:
    """Take tags off every item; the items get `version`."""
    for name in names:
        for (key,) in tx.rows(
            "SELECT DISTINCT item FROM tags WHERE library = ? AND tag = ?", at.library, name
        ):
            record = tx.get(at.library, "item", key)
            if record:
                data = dict(record.data)
                data["tags"] = [t for t in data["tags"] if t["tag"] != name]
                tx.put(at.library, "item", replace(record, data=data, version=version))
        if tx.run("DELETE FROM tags WHERE library = ? AND tag = ?", at.library, name):
            tx.bury(at.library, "tag", name, version)
