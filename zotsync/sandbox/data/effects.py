"""What a write does besides the object itself: links, and what goes with an erasure.

● Much of it is silent: no new version, no tombstone. That is Zotero's way, and what breaks clients.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from zotsync.sandbox.data.groups import find_group
from zotsync.sandbox.data.records import Kind, Record, item_record
from zotsync.sandbox.data.relations import Relations
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules import annotating
from zotsync.sandbox.rules.attachments import is_image_in_note
from zotsync.sandbox.rules.checks import CHILD_TYPES
from zotsync.sandbox.rules.items import Revised
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.writing import Writing


class Effects:
    """Carries out writes and erasures in one library, within one transaction."""

    def __init__(self, tx: Transaction, at: Writing) -> None:
        self._tx = tx
        self._at = at
        self._library = at.library
        self._relations = Relations(tx, at)

    def save_item(self, key: str, old: Record | None, revised: Revised, version: int) -> None:
        """Write an item with its links."""
        data = dict(revised.data)
        self._check_parent(data, old, revised)
        if "collections" in revised.changed:
            self._check_collections(data.get("collections", ()))
        before = self._tx.relations_from(self._library, key)
        own = self._relations.revised(key, old, data.get("relations", {}))
        self._tx.link(
            self._library,
            key,
            collections=data.get("collections", ()),
            tags=[(t["tag"], t.get("type", 0)) for t in data.get("tags", ())],
            relations=own,
        )
        if "relations" in data:
            data["relations"] = self._relations.shown(key)
        item_type = self._at.schema.item_types[data["itemType"]]
        users = self._users(key, old, revised)
        record = item_record(key, version, data, item_type, by=users)
        self._tx.put(self._library, "item", record)
        self._relations.follow(before, own, version)

    def _users(
        self, key: str, old: Record | None, revised: Revised
    ) -> tuple[int | None, int | None]:
        if old is None:
            # ● An item made again leaves `/deleted`, and keeps its first author.
            return self._tx.unbury(self._library, "item", key) or self._at.user_id, self._at.user_id
        return old.created_by, old.modified_by if revised.quiet else self._at.user_id

    def _check_parent(self, data: Mapping[str, Any], old: Record | None, revised: Revised) -> None:
        key = data.get("parentItem")
        if not key:
            return
        parent = self._tx.get(self._library, "item", key)
        if parent is None:
            raise RefusedError(409, f"Parent item {key} not found", data={"parentItem": key})
        if data["itemType"] == "annotation":
            if "parentItem" in revised.changed:
                annotating.check_file(data, key, parent.data, is_new=old is None)
            if "annotationSortIndex" in revised.changed:
                annotating.check_sort_index(data["annotationSortIndex"], parent.data)
        elif is_image_in_note(data) and parent.item_type == "note":
            return
        elif data["itemType"] == "attachment" and parent.parent:
            raise bad(f"Parent item {key} cannot be a child item")
        elif parent.item_type in CHILD_TYPES:
            message = "Parent item cannot be a note or attachment"
            raise RefusedError(409, message, data={"parentItem": key})

    def _check_collections(self, keys: Iterable[str]) -> None:
        for key in keys:
            if self._tx.get(self._library, "collection", key) is None:
                raise RefusedError(409, f"Collection {key} not found", data={"collection": key})

    def save_other(self, kind: Kind, record: Record) -> None:
        """Write a collection, saved search or setting."""
        if record.parent:
            self._check_parent_collection(record)
        self._tx.unbury(self._library, kind, record.key)
        self._tx.put(self._library, kind, record)

    def _check_parent_collection(self, record: Record) -> None:
        parent = self._tx.get(self._library, "collection", str(record.parent))
        if parent is None:
            message = f"Parent collection {record.parent} not found"
            raise RefusedError(409, message, data={"collection": record.parent})
        if parent.key == record.key:
            raise RefusedError(500, "An error occurred")
        if record.key in self._collections_above(parent):
            # ● A collection that is put under one below it: that one goes to the root, with the
            # same version. No request can close a cycle.
            data = dict(parent.data) | {"parentCollection": False}
            moved = replace(parent, version=record.version, parent=None, data=data)
            self._tx.put(self._library, "collection", moved)

    def _collections_above(self, record: Record | None) -> set[str]:
        above: set[str] = set()
        while record and record.parent and record.parent not in above:
            above.add(record.parent)
            record = self._tx.get(self._library, "collection", record.parent)
        return above

    def erase(self, kind: Kind, key: str, version: int) -> None:
        """Erase an object, and what goes with it. Nothing happens if it is not there."""
        record = self._tx.get(self._library, kind, key)
        if record is None:
            return
        if kind == "item":
            self._erase_item(key, version)
        elif kind == "collection":
            self._erase_collections(key)
        else:
            self._tx.remove(self._library, kind, key)
        self._tx.bury(self._library, kind, key, version, record.created_by)

    def _erase_item(self, key: str, version: int) -> None:
        # ● Children are erased with it, each with a tombstone.
        for child in self._tx.children_of(self._library, "item", key):
            self.erase("item", child, version)
        self._forget_pages(key)
        linked = self._relations.erase(key)
        self._tx.remove(self._library, "item", key)
        # ● Relations that point at it vanish without a new version.
        for other in sorted(linked):
            self._relations.show_anew(other)

    def _forget_pages(self, key: str) -> None:
        # ● At which page of a file its readers are goes with it: no new version, no tombstone.
        # It is a setting of each reader's own library.
        if self._at.personal:
            self._tx.remove(self._library, "setting", f"lastPageIndex_u_{key}")
        elif group := find_group(self._tx, self._at.number):
            for user in group.users:
                name = f"lastPageIndex_g{group.id}_{key}"
                self._tx.remove(f"users/{user}", "setting", name)

    def _erase_collections(self, key: str) -> None:
        # ● Subcollections go without tombstones; the items lose the keys without a new version.
        gone, waiting = {key}, [key]
        while waiting:
            below = set(self._tx.children_of(self._library, "collection", waiting.pop())) - gone
            gone |= below
            waiting.extend(below)
        items: set[str] = set()
        for collection in gone:
            items |= set(self._tx.empty_collection(self._library, collection))
            self._tx.remove(self._library, "collection", collection)
        for item in sorted(items):
            self._relations.show_anew(item)

    def erase_tags(self, names: Iterable[str], version: int) -> None:
        """Take tags off every item; the items get `version`."""
        for name in names:
            for key in self._tx.take_tag_off(self._library, name):
                record = self._tx.get(self._library, "item", key)
                if record:
                    kept = [t for t in record.data["tags"] if t["tag"] != name]
                    data = dict(record.data) | {"tags": kept}
                    self._tx.put(self._library, "item", replace(record, data=data, version=version))
                self._tx.bury(self._library, "tag", name, version)
