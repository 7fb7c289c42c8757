"""How objects look in answers: `key`, `version`, `library`, `links`, `meta`, `data`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from zotsync.sandbox.data import people
from zotsync.sandbox.data.groups import Group, find_group
from zotsync.sandbox.data.people import User
from zotsync.sandbox.data.records import PLURALS, Kind
from zotsync.sandbox.data.rights import View
from zotsync.sandbox.data.transaction import Transaction, marks
from zotsync.sandbox.rules.clients import Client
from zotsync.sandbox.rules.texts import dumps

WWW = "https://www.zotero.org"
_PDF = '"contentType": "application/pdf"'


class Presenter:
    """Writes the objects of one library as answers show them, the data being ready JSON."""

    def __init__(
        self, tx: Transaction, library: str, base_url: str, client: Client, view: View
    ) -> None:
        self._tx = tx
        self._client = client
        self._view = view
        self._library = library
        self._base = base_url.rstrip("/")
        self._users: dict[int, dict[str, Any]] = {}
        self._block = dumps(self._library_block())

    def texts(self, kind: Kind, keys: Sequence[str]) -> list[str]:
        """Return the JSON of the objects with these keys, in this order."""
        rows = self._tx.rows(
            "SELECT key, version, parent, created_by, modified_by, data, meta, item_type "  # noqa: S608
            f"FROM objects WHERE library = ? AND kind = ? AND key IN ({marks(keys)})",
            *(self._library, kind, *keys),
        )
        counts = self._counts(kind, keys)
        texts = {row[0]: self._text(kind, row, counts) for row in rows}
        return [texts[key] for key in keys if key in texts]

    def _text(self, kind: Kind, row: Sequence[Any], counts: Mapping[str, Any]) -> str:
        key, version, parent, created_by, modified_by, data, meta, item_type = row
        part = "/publications" if self._view.published else ""
        own = f"{self._base}/{self._library}{part}/{PLURALS[kind]}"
        public = f"{WWW}/{self._library}/{PLURALS[kind]}/{key}"
        links = {
            "self": {"href": f"{own}/{key}", "type": "application/json"},
            "alternate": {"href": public, "type": "text/html"},
        }
        if parent:
            links["up"] = {"href": f"{own}/{parent}", "type": "application/json"}
        authors = self._authors(created_by, modified_by) if kind == "item" else {}
        # Of attachments only PDFs tell how many annotations they have.
        childless = item_type == "annotation" or (item_type == "attachment" and _PDF not in data)
        data = self._shown(kind, item_type, data, parent)
        count = {} if kind == "item" and childless else _counted(kind, key, counts)
        joined = _joined(dumps(authors), meta, dumps(count))
        return (
            f'{{"key":"{key}","version":{version},"library":{self._block},'
            f'"links":{dumps(links)},"meta":{joined},"data":{data}}}'
        )

    def _shown(self, kind: Kind, item_type: str, data: str, parent: str | None) -> str:
        """Return the data as the client that asks may see it."""
        if kind == "search":
            return self._client.shown_search(data)
        if kind != "item":
            return data

        def file_type() -> str:
            file = self._tx.get(self._library, "item", parent or "")
            return str(file.data.get("contentType")) if file else ""

        if self._view.published:
            data = _without(data, ("collections", "relations", "tags", "inPublications"))
        return self._client.shown_item(item_type, data, file_type)

    def _library_block(self) -> dict[str, Any]:
        kind, _slash, number = self._library.partition("/")
        found = (find_group if kind == "groups" else people.find_user)(self._tx, int(number))
        # ● Users have a page by their name.
        slug = quote(found.username.lower().replace(" ", "_")) if isinstance(found, User) else ""
        place = f"{WWW}/{slug or self._library}"
        return {
            "type": kind[:-1],
            "id": int(number),
            "name": found.name if found else "",
            "links": {"alternate": {"href": place, "type": "text/html"}},
        }

    def _authors(self, created_by: int | None, modified_by: int | None) -> dict[str, Any]:
        # ● In groups alone; `lastModifiedByUser` is left out while it is the creator.
        if not self._library.startswith("groups/"):
            return {}
        authors = {}
        if created_by:
            authors["createdByUser"] = self._user(created_by)
        if modified_by and modified_by != created_by:
            authors["lastModifiedByUser"] = self._user(modified_by)
        return authors

    def _user(self, user_id: int) -> dict[str, Any]:
        if user_id not in self._users:
            user = people.find_user(self._tx, user_id)
            self._users[user_id] = {
                "id": user_id,
                "username": user.username if user else "",
                "name": user.name if user else "",
                "links": {"alternate": {"href": f"{WWW}/users/{user_id}", "type": "text/html"}},
            }
        return self._users[user_id]

    def _counts(self, kind: Kind, keys: Sequence[str]) -> dict[str, Any]:
        if kind == "item":
            return {"children": self._grouped("item", keys, self._view.children)}
        if kind == "collection":
            members = self._tx.rows(
                "SELECT m.collection, count(*) FROM members m JOIN objects o "  # noqa: S608
                "ON o.library = m.library AND o.kind = 'item' AND o.key = m.item "
                "WHERE m.library = ? AND o.trashed = 0 "
                f"AND m.collection IN ({marks(keys)}) GROUP BY m.collection",
                *(self._library, *keys),
            )
            return {"collections": self._grouped("collection", keys), "items": dict(members)}
        return {}

    def _grouped(self, kind: str, keys: Sequence[str], also: str = "") -> dict[str, int]:
        rows = self._tx.rows(
            "SELECT parent, count(*) FROM objects WHERE library = ? AND kind = ? "  # noqa: S608
            f"AND parent IN ({marks(keys)}) {also} GROUP BY parent",
            *(self._library, kind, *keys),
        )
        return {parent: count for parent, count in rows}  # noqa: C416 - rows are untyped


def _without(data: str, names: Iterable[str]) -> str:
    return dumps({k: v for k, v in json.loads(data).items() if k not in names})


def _counted(kind: Kind, key: str, counts: Mapping[str, Any]) -> dict[str, int]:
    if kind == "collection":
        return {
            "numCollections": counts["collections"].get(key, 0),
            "numItems": counts["items"].get(key, 0),
        }
    return {"numChildren": counts["children"].get(key, 0)} if kind == "item" else {}


def _joined(*objects: str) -> str:
    """Return the JSON objects as one."""
    return "{" + ",".join(text[1:-1] for text in objects if text != "{}") + "}"


def array(texts: Iterable[str]) -> str:
    """Return ready JSON texts as an array."""
    return "[" + ",".join(texts) + "]"


def group_answer(
    group: Group, base_url: str, num_items: int, user_id: int | None
) -> dict[str, Any]:
    """Return what `GET /groups/<id>` says."""
    public = {"href": f"{WWW}/groups/{group.id}", "type": "text/html"}
    own = {"href": f"{base_url.rstrip('/')}/groups/{group.id}", "type": "application/json"}
    meta: dict[str, Any] = {
        "created": group.created,
        "lastModified": group.modified,
        "numItems": num_items,
    }
    if user_id:
        meta["isAdmin"] = group.role(user_id) in ("owner", "admin")
    data: dict[str, Any] = {
        "id": group.id,
        "version": group.version,
        "name": group.name,
        "owner": group.owner,
        "type": group.type,
        "description": group.description,
        "url": group.url,
        "libraryEditing": group.library_editing,
        "libraryReading": group.library_reading,
        "fileEditing": group.file_editing,
    }
    # ● Lists of nobody are left out; the owner is in neither.
    for role, numbers in (("admins", group.admins), ("members", group.members)):
        listed = [number for number in numbers if number != group.owner]
        if listed:
            data[role] = listed
    links = {"self": own, "alternate": public}
    return {"id": group.id, "version": group.version, "links": links, "meta": meta, "data": data}
