"""What can be read and written in one transaction: libraries, objects, links, tombstones.

Nothing here knows a rule of Zotero or of HTTP.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from zotsync.sandbox.data.records import Kind, Record, record_of
from zotsync.sandbox.rules.texts import dumps

_COLUMNS = (
    "key, version, parent, trashed, item_type, created_by, modified_by, data, meta, "
    "title, creator, date"
)


def marks(values: Sequence[Any]) -> str:
    """Return as many SQL placeholders as there are values."""
    return ",".join("?" * len(values))


class Transaction:
    """Everything one can read and write within one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first value of a query's first row; None if there is none."""
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def run(self, sql: str, *values: Any) -> int:
        """Carry out a statement and return how many rows it touched."""
        return self._db.execute(sql, values).rowcount

    # -- libraries

    def version(self, library: str) -> int:
        """Return the library's version, 0 for one nobody has written to."""
        return int(self.value("SELECT version FROM libraries WHERE library = ?", library) or 0)

    def bump(self, library: str) -> int:
        """Raise the library's version by one and return it."""
        sql = (
            "INSERT INTO libraries VALUES (?, 1) "
            "ON CONFLICT (library) DO UPDATE SET version = version + 1 RETURNING version"
        )
        return int(self.value(sql, library))

    def clear(self, library: str) -> None:
        """Take everything out of a library, tombstones too; its version stays."""
        for table in ("objects", "members", "tags", "relations", "tombstones"):
            self.run(f"DELETE FROM {table} WHERE library = ?", library)  # noqa: S608

    def count_items(self, library: str) -> int:
        """Return how many items a library has, trashed ones too."""
        sql = "SELECT count(*) FROM objects WHERE library = ? AND kind = 'item'"
        return int(self.value(sql, library))

    # -- objects

    def get(self, library: str, kind: Kind, key: str) -> Record | None:
        """Return an object; None if there is none with this key."""
        sql = f"SELECT {_COLUMNS} FROM objects WHERE library = ? AND kind = ? AND key = ?"  # noqa: S608
        row = self._db.execute(sql, (library, kind, key)).fetchone()
        return record_of(row) if row else None

    def put(self, library: str, kind: Kind, record: Record) -> None:
        """Write an object over the one with its key, or as a new one."""
        data = record.data
        text = dumps({"key": record.key, "version": record.version} | dict(data))
        self.run(
            "INSERT INTO objects (library, kind, key, version, parent, trashed, item_type, "
            "created_by, modified_by, title, creator, date, date_added, date_modified, data, meta) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (library, kind, key) DO UPDATE SET version = excluded.version, "
            "parent = excluded.parent, trashed = excluded.trashed, "
            "item_type = excluded.item_type, modified_by = excluded.modified_by, "
            "title = excluded.title, creator = excluded.creator, date = excluded.date, "
            "date_added = excluded.date_added, date_modified = excluded.date_modified, "
            "data = excluded.data, meta = excluded.meta",
            *(library, kind, record.key, record.version, record.parent, int(record.trashed)),
            *(record.item_type, record.created_by, record.modified_by),
            *(record.title, record.creator, record.date),
            *(data.get("dateAdded"), data.get("dateModified"), text, dumps(record.meta)),
        )

    def remove(self, library: str, kind: Kind, key: str) -> None:
        """Take an object away, with its own links."""
        self.run(
            "DELETE FROM objects WHERE library = ? AND kind = ? AND key = ?", library, kind, key
        )
        if kind == "item":
            self.link(library, key, collections=(), tags=(), relations=())

    # -- what items are linked to

    def link(
        self,
        library: str,
        item: str,
        *,
        collections: Iterable[str],
        tags: Iterable[tuple[str, int]],
        relations: Iterable[tuple[str, str]],
    ) -> None:
        """Replace an item's collections, tags and own relations."""
        dated = [(library, tag, kind, item, self._tag_version(library, tag)) for tag, kind in tags]
        for table in ("members", "tags", "relations"):
            self.run(f"DELETE FROM {table} WHERE library = ? AND item = ?", library, item)  # noqa: S608
        self._db.executemany(
            "INSERT OR IGNORE INTO members VALUES (?, ?, ?)",
            [(library, collection, item) for collection in collections],
        )
        self._db.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?, ?, ?, ?)", dated)
        self._db.executemany(
            "INSERT OR IGNORE INTO relations VALUES (?, ?, ?, ?)",
            [(library, item, predicate, uri) for predicate, uri in relations],
        )

    def _tag_version(self, library: str, tag: str) -> int:
        """Return since which version the library has a tag; the present one for a new tag."""
        sql = "SELECT version FROM tags WHERE library = ? AND tag = ? LIMIT 1"
        return int(self.value(sql, library, tag) or self.version(library))

    def relations_from(self, library: str, item: str) -> list[tuple[str, str]]:
        """Return the (predicate, URI) pairs that were written on an item."""
        sql = "SELECT predicate, object FROM relations WHERE library = ? AND item = ?"
        return [(p, o) for p, o in self.rows(sql, library, item)]

    def relations_to(self, library: str, uri: str) -> list[tuple[str, str]]:
        """Return the (item key, predicate) pairs of the items that name `uri`."""
        sql = "SELECT item, predicate FROM relations WHERE library = ? AND object = ?"
        return [(k, p) for k, p in self.rows(sql, library, uri)]

    def unrelate(self, library: str, item: str, predicate: str, uri: str) -> None:
        """Remove one of an item's own relations."""
        self.run(
            "DELETE FROM relations WHERE library = ? AND item = ? AND predicate = ? AND object = ?",
            *(library, item, predicate, uri),
        )

    def children_of(self, library: str, kind: Kind, key: str) -> list[str]:
        """Return the keys of the objects right below one."""
        sql = "SELECT key FROM objects WHERE library = ? AND kind = ? AND parent = ?"
        return [k for (k,) in self.rows(sql, library, kind, key)]

    def collections_of(self, library: str, item: str) -> list[str]:
        """Return the keys of the collections an item is in."""
        sql = "SELECT collection FROM members WHERE library = ? AND item = ? ORDER BY 1"
        return [c for (c,) in self.rows(sql, library, item)]

    def empty_collection(self, library: str, collection: str) -> list[str]:
        """Take all items out of a collection and return their keys."""
        sql = "DELETE FROM members WHERE library = ? AND collection = ? RETURNING item"
        return [item for (item,) in self.rows(sql, library, collection)]

    def take_tag_off(self, library: str, tag: str) -> list[str]:
        """Take a tag off all items and return their keys."""
        sql = "DELETE FROM tags WHERE library = ? AND tag = ? RETURNING item"
        return sorted({item for (item,) in self.rows(sql, library, tag)})

    # -- tombstones

    def bury(
        self, library: str, kind: str, key: str, version: int, created_by: int | None = None
    ) -> None:
        """Remember that an object was erased at `version`."""
        self.run(
            "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?, ?)",
            *(library, kind, key, version, created_by),
        )

    def unbury(self, library: str, kind: str, key: str) -> int | None:
        """Forget a tombstone; return who had made the erased object, if that is known."""
        sql = "SELECT created_by FROM tombstones WHERE library = ? AND kind = ? AND key = ?"
        creator = self.value(sql, library, kind, key)
        self.run(
            "DELETE FROM tombstones WHERE library = ? AND kind = ? AND key = ?", library, kind, key
        )
        return None if creator is None else int(creator)
