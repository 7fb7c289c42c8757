"""Mirror and base in state.db: rows to objects and back.

A summary (key -> status, digest, …) covers the whole library in a few milliseconds; objects are
parsed only for the keys that a plan needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from zotsync.model import UNSYNCED_TYPES, Fields, normal
from zotsync.sync.deciding.relations import dropped, without_items
from zotsync.sync.remembering.state import State, canonical, digest_of
from zotsync.sync.trees import PARENT, Base, BaseObject, Kind, MirrorObject, Remote

_COLLECTION_FIELDS = ("name", "parentCollection")
_CHUNK = 500
_MIRROR_COLUMNS = "kind, key, version, status, synced, parent, digest, fields, meta"


def from_server(kind: Kind, version: int, data: Fields, meta: Mapping[str, Any]) -> MirrorObject:
    """Return an object as the server gives it (`data`, `meta`), in normal form."""
    fields = normal(data)
    if kind is Kind.COLLECTION:
        fields = {n: fields[n] for n in _COLLECTION_FIELDS if n in fields}
    status = Remote.TRASHED if data.get("deleted") else Remote.LIVE
    flagged = status is Remote.TRASHED
    return MirrorObject(str(data["key"]), version, status, fields, _meta(data, meta), flagged)


def _meta(data: Fields, meta: Mapping[str, Any]) -> dict[str, Any]:
    kept = {n: data[n] for n in ("dateAdded", "dateModified") if data.get(n)}
    for ours, theirs in (("createdBy", "createdByUser"), ("lastModifiedBy", "lastModifiedByUser")):
        user = meta.get(theirs)
        if isinstance(user, Mapping) and user.get("username"):
            kept[ours] = str(user["username"])
    return kept


@dataclass(frozen=True, slots=True)
class MirrorLine:
    """The summary of a mirror object."""

    version: int
    status: Remote
    synced: bool
    """False: an attachment or annotation."""
    parent: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class BaseLine:
    """The summary of a base object."""

    status: Base
    digest: str
    busy: bool
    """Something is under way or open for it: it is never passed over."""


class Objects:
    """Mirror and base of a workspace."""

    def __init__(self, state: State) -> None:
        self._state = state

    # The mirror

    def mirror_lines(self, kind: Kind) -> dict[str, MirrorLine]:
        """Return the summary of all mirror objects of a kind."""
        rows = self._state.rows(
            "SELECT key, version, status, synced, parent, digest FROM mirror WHERE kind = ?",
            [kind.value],
        )
        status = {s.value: s for s in Remote}
        return {k: MirrorLine(v, status[s], bool(y), p, d) for k, v, s, y, p, d in rows}

    def mirror(self, kind: Kind, keys: Iterable[str]) -> dict[str, MirrorObject]:
        """Return the mirror objects with these keys, as far as there are any."""
        sql = "SELECT key, version, status, fields, meta FROM mirror WHERE kind = ? AND key IN ({})"
        return {
            obj.key: obj for rows in self._chosen(sql, kind, keys) for obj in _mirror_objects(rows)
        }

    def put_mirror(
        self, kind: Kind, objects: Iterable[MirrorObject], table: str = "mirror"
    ) -> None:
        """Write objects into the mirror (or into `fetched`, the pull's own table)."""
        self._state.many(
            f"INSERT OR REPLACE INTO {table} ({_MIRROR_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (_mirror_row(kind, o) for o in objects),
        )

    def versions(self, kind: Kind, table: str = "mirror") -> dict[str, int]:
        """Return key -> version (or of `fetched`: what a pull has not yet put into the mirror)."""
        sql = f"SELECT key, version FROM {table} WHERE kind = ?"  # noqa: S608
        return dict(self._state.rows(sql, [kind.value]))

    def fetched_items(self) -> Iterator[MirrorObject]:
        """Yield the items that a pull has fetched and not yet put into the mirror."""
        rows = self._state.rows(
            "SELECT key, version, status, fields, meta FROM fetched WHERE kind = 'item'"
        )
        yield from (_mirror_object(*row) for row in rows)

    def drop_fetched(self, kind: Kind, keys: Iterable[str]) -> None:
        """Drop what a pull has fetched and is out of date."""
        rows = [(kind.value, key) for key in keys]
        self._state.many("DELETE FROM fetched WHERE kind = ? AND key = ?", rows)

    def take_over_fetched(self) -> None:
        """Move what was fetched into the mirror."""
        if next(self._state.rows("SELECT 1 FROM mirror LIMIT 1"), None) is None:
            # A first pull: the tables change their names, and nothing is copied.
            self._state.db.execute("ALTER TABLE mirror RENAME TO empty")
            self._state.db.execute("ALTER TABLE fetched RENAME TO mirror")
            self._state.db.execute("ALTER TABLE empty RENAME TO fetched")
            return
        self._state.db.execute(
            f"INSERT OR REPLACE INTO mirror ({_MIRROR_COLUMNS}) SELECT {_MIRROR_COLUMNS} FROM fetched"  # noqa: S608
        )
        self._state.db.execute("DELETE FROM fetched")

    def erased(self, kind: Kind) -> set[str]:
        """Return the keys of what is known to be erased."""
        rows = self._state.rows(
            "SELECT key FROM mirror WHERE kind = ? AND status = 'erased'", [kind.value]
        )
        return {key for (key,) in rows}

    def erase(self, kind: Kind, keys: Iterable[str], version: int) -> None:
        """Mark objects as erased in Zotero; what was last known of them stays."""
        self._state.many(
            "INSERT INTO mirror (kind, key, version, status, synced, parent, digest, fields, meta)"
            " VALUES (?, ?, ?, 'erased', 1, NULL, ?, '{}', '{}') ON CONFLICT (kind, key)"
            " DO UPDATE SET status = 'erased', version = excluded.version",
            ((kind.value, key, version, digest_of("{}")) for key in keys),
        )

    def unrelate(self, changes: Iterable[tuple[MirrorObject, MirrorObject]]) -> None:
        """Let the far ends of relations follow: (item before, item after) of each changed item."""
        lost: dict[str, set[str]] = {}
        for before, after in changes:
            for partner in dropped(before.fields, after.fields):
                lost.setdefault(partner, set()).add(after.key)
        partners = self.mirror(Kind.ITEM, lost).values()
        self.put_mirror(Kind.ITEM, (without_items(p, lost[p.key]) for p in partners))

    def relating(self) -> list[tuple[MirrorObject, MirrorObject]]:
        """Return (as it was, as fetched anew) of the related items that a pull has fetched."""
        rows = self._state.rows(
            "SELECT m.key, m.version, m.status, m.fields, m.meta,"
            " f.key, f.version, f.status, f.fields, f.meta"
            " FROM mirror m JOIN fetched f ON f.kind = m.kind AND f.key = m.key"
            " WHERE m.kind = 'item' AND m.fields LIKE '%\"relations\":%'"
        )
        return [(_mirror_object(*row[:5]), _mirror_object(*row[5:])) for row in rows]

    def with_any(self, needles: Iterable[str]) -> Iterator[MirrorObject]:
        """Yield the mirror items whose fields contain one of `needles` anywhere in their text."""
        wanted = list(needles)
        if not wanted:
            return
        rows = self._state.rows(
            "SELECT key, version, status, fields, meta FROM mirror WHERE kind = 'item'"
            " AND status != 'erased'"
        )
        for row in rows:
            if any(needle in row[3] for needle in wanted):
                yield _mirror_object(*row)

    # The base

    def base_lines(self, kind: Kind) -> dict[str, BaseLine]:
        """Return the summary of all base objects of a kind."""
        rows = self._state.rows(
            "SELECT key, status, digest, coalesce(shown, merged, refused, pending) IS NOT NULL"
            " FROM base WHERE kind = ?",
            [kind.value],
        )
        status = {s.value: s for s in Base}
        return {k: BaseLine(status[s], d, bool(busy)) for k, s, d, busy in rows}

    def base(self, kind: Kind, keys: Iterable[str]) -> dict[str, BaseObject]:
        """Return the base objects with these keys, as far as there are any."""
        sql = (
            "SELECT key, status, fields, shown, merged, refused, unseen FROM base"
            " WHERE kind = ? AND key IN ({})"
        )
        rows = chain.from_iterable(self._chosen(sql, kind, keys))
        return {row[0]: _base_object(*row) for row in rows}

    def put_base(self, kind: Kind, objects: Iterable[BaseObject]) -> None:
        """Write base objects; what is pending for them stays."""
        self._state.many(
            "INSERT INTO base (kind, key, status, digest, fields, shown, merged, refused, unseen)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET"
            " status = excluded.status, digest = excluded.digest, fields = excluded.fields,"
            " shown = excluded.shown, merged = excluded.merged, refused = excluded.refused,"
            " unseen = excluded.unseen",
            (_base_row(kind, o) for o in objects),
        )

    def agree_on_mirror(self, kind: Kind, unseen: Mapping[str, Iterable[str]]) -> None:
        """Make the base of objects what the mirror holds of them, alive; key -> unseen collections.

        As `put_base`, but nothing is parsed or written out again: a first pull has thousands.
        """
        self._state.many(
            "INSERT INTO base (kind, key, status, digest, fields, unseen)"
            " SELECT kind, key, 'live', digest, fields, ? FROM mirror WHERE kind = ? AND key = ?"
            " ON CONFLICT (kind, key) DO UPDATE SET"
            " status = excluded.status, digest = excluded.digest, fields = excluded.fields,"
            " shown = NULL, merged = NULL, refused = NULL, unseen = excluded.unseen",
            ((canonical(list(u)) if u else None, kind.value, k) for k, u in unseen.items()),
        )

    def forget(self, kind: Kind, keys: Iterable[str]) -> None:
        """Drop base objects."""
        rows = ((kind.value, key) for key in keys)
        self._state.many("DELETE FROM base WHERE kind = ? AND key = ?", rows)

    def pending(self, kind: Kind) -> dict[str, dict[str, Any]]:
        """Return key -> what was sent for it and has no known outcome."""
        rows = self._state.rows(
            "SELECT key, pending FROM base WHERE kind = ? AND pending IS NOT NULL", [kind.value]
        )
        return {key: json.loads(text) for key, text in rows}

    def set_pending(self, kind: Kind, sent: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Record what is about to be sent, key -> fields; None: its outcome is known."""
        empty = digest_of("{}")
        self._state.many(
            "INSERT INTO base (kind, key, status, digest, fields, pending)"
            " VALUES (?, ?, 'none', ?, '{}', ?) ON CONFLICT (kind, key)"
            " DO UPDATE SET pending = excluded.pending",
            ((kind.value, k, empty, _text(what)) for k, what in sent.items()),
        )

    def _chosen(self, sql: str, kind: Kind, keys: Iterable[str]) -> Iterator[list[Any]]:
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            yield list(self._state.rows(sql.format(marks), [kind.value, *chunk]))


def _mirror_objects(rows: Iterable[Any]) -> Iterator[MirrorObject]:
    """Yield the objects of rows. Parsed as one text, they share the names of their fields."""
    parts = list(zip(*rows, strict=True))
    if not parts:
        return
    keys, versions, status, *texts = parts
    fields, meta = (json.loads(f"[{','.join(column)}]") for column in texts)
    for key, version, state, known, told in zip(keys, versions, status, fields, meta, strict=True):
        remote = Remote(state)
        yield MirrorObject(key, version, remote, known, told, remote is Remote.TRASHED)


def _mirror_object(*row: Any) -> MirrorObject:
    return next(_mirror_objects([row]))


def _base_object(key: str, status: str, fields: str, *rest: str | None) -> BaseObject:
    *under_way, unseen = rest
    shown, merged, refused = map(_mapping, under_way)
    known = tuple(json.loads(unseen)) if unseen else ()
    return BaseObject(key, Base(status), json.loads(fields), shown, merged, refused, known)


def _mapping(text: str | None) -> dict[str, Any]:
    return dict(json.loads(text)) if text else {}


def _text(value: Mapping[str, Any] | None) -> str | None:
    return canonical(dict(value)) if value else None


def _mirror_row(kind: Kind, obj: MirrorObject) -> tuple[Any, ...]:
    fields = canonical(dict(obj.fields))
    synced = obj.fields.get("itemType") not in UNSYNCED_TYPES
    parent = obj.fields.get(PARENT[kind])
    meta = canonical(dict(obj.meta))
    row = (kind.value, obj.key, obj.version, obj.status.value, synced, parent)
    return (*row, digest_of(fields), fields, meta)


def _base_row(kind: Kind, obj: BaseObject) -> tuple[Any, ...]:
    fields = canonical(dict(obj.fields))
    under_way = map(_text, (obj.shown, obj.merged, obj.refused))
    unseen = canonical(list(obj.unseen)) if obj.unseen else None
    return (kind.value, obj.key, obj.status.value, digest_of(fields), fields, *under_way, unseen)
