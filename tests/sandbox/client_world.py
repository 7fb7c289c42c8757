"""Two people with Zotero clients at one embedded server, what they have in their libraries, and do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import httpx2
from sandbox.client_data import CHILD_TYPES
from sandbox.client_requests import Requests
from sandbox.zotero_client import ClientLibrary

from zotsync.model import ItemType, Schema
from zotsync.sandbox.server import Access, Sandbox
from zotsync.zotero.schema import bundled

GROUP = 10
ANNE, BEA = 1, 2
NAMES = {ANNE: "anne", BEA: "bea"}
KEYS = {ANNE: "A" * 24, BEA: "B" * 24}
URL = "http://sandbox.test"
SCHEMA = bundled()
REGULAR = sorted(SCHEMA.item_types.keys() - set(CHILD_TYPES))

Open = Callable[..., ClientLibrary]


def make_office() -> Sandbox:
    made = Sandbox()
    for number, name in NAMES.items():
        made.add_user(number, name, trusting=True)
        made.add_key(KEYS[number], number, groups={"all": Access()}, user=Access())
    made.add_group(GROUP, "Centre", owner=ANNE, members=[BEA])
    return made


def requests_of(server: Sandbox, who: int) -> Requests:
    transport = httpx2.WSGITransport(app=server.app)
    return Requests(httpx2.Client(transport=transport, base_url=URL), KEYS[who])


def library_of(
    requests: Requests, library: str, seed: int, schema: Schema = SCHEMA
) -> ClientLibrary:
    return ClientLibrary(requests.of(library), schema, random.Random(seed))  # noqa: S311


def open_in(office: Sandbox) -> Open:
    """Return how a person opens a library in a client of their own."""
    seeds = iter(range(100))

    def open_library(
        who: int = ANNE, library: str = f"groups/{GROUP}", schema: Schema = SCHEMA
    ) -> ClientLibrary:
        return library_of(requests_of(office, who), library, next(seeds), schema)

    return open_library


def agree(*clients: ClientLibrary) -> None:
    """Let all sync until nobody has anything to send; then they must hold the same."""
    for client in [*clients] * 3:
        client.sync()
        assert client.failed == []
    assert not any(any(client.queued.values()) for client in clients)
    for other in clients[1:]:
        assert other.without_versions() == clients[0].without_versions()


def filled(item_type: ItemType) -> dict[str, Any]:
    """Return an item with something in every field, and a creator of every type."""
    fields = {name: f"{name} de l’item" for name in item_type.fields}
    for name, base in [*item_type.base_fields.items(), *((n, n) for n in item_type.fields)]:
        if base in ("date", "accessDate"):
            fields[name] = "2026-01-31" if base == "date" else "2026-01-31T10:00:00Z"
    creators: list[dict[str, str]] = [
        {"creatorType": kind, "firstName": "Ève", "lastName": "Roy"}
        for kind in item_type.creator_types
    ]
    creators += [{"creatorType": kind, "name": "OMS"} for kind in item_type.creator_types[:1]]
    tags = [{"tag": "à lire"}, {"tag": "auto", "type": 1}]
    return {"itemType": item_type.name, "creators": creators, "tags": tags} | fields


def attachment(mode: str, **more: Any) -> dict[str, Any]:
    data = {"itemType": "attachment", "linkMode": mode, "contentType": "application/pdf"} | more
    if mode == "linked_file":
        data["path"] = "attachments:texte.pdf"
    elif mode == "linked_url":
        data |= {"url": "https://example.org/", "contentType": ""}
    else:
        data["filename"] = "texte.pdf"
    if mode == "embedded_image":
        data |= {"contentType": "image/png", "filename": "image.png"}
        return data
    return data | {"title": mode, "charset": "utf-8" if mode == "imported_url" else ""}


def annotation(kind: str, parent: str) -> dict[str, Any]:
    position = {"pageIndex": 0, "rects": [[10, 20, 30, 40]]}
    if kind == "ink":
        position = {"pageIndex": 0, "width": 2, "paths": [[1, 2, 3, 4]]}
    data = {
        "itemType": "annotation",
        "parentItem": parent,
        "annotationType": kind,
        "annotationComment": "à voir",
        "annotationColor": "#ffd400",
        "annotationPageLabel": "12",
        "annotationSortIndex": "00000|000010|00020",
        "annotationPosition": json.dumps(position, separators=(",", ":")),
    }
    return data | ({"annotationText": "lu"} if kind in ("highlight", "underline") else {})


def something(client: ClientLibrary, chance: random.Random, word: str) -> None:
    """Do one thing a person does in the client."""
    items, collections = client.objects["item"], client.objects["collection"]
    top = [k for k, held in items.items() if "parentItem" not in held.data]
    some = [k for k in top if type_of(items[k].data) == "book"]
    what = chance.randrange(8)
    if what == 0 or not some:
        into = chance.sample(sorted(collections), min(1, len(collections)))
        client.add("item", itemType="book", title=word, creators=[], collections=into)
    elif what == 1:
        client.add("item", itemType="note", note=f"<p>{word}</p>", parentItem=chance.choice(some))
    elif what == 2:
        client.add("collection", name=word)
    elif what == 3:
        key = chance.choice(some)
        client.change("item", key, deleted=not items[key].data.get("deleted"))
    elif what == 4:
        client.change("item", chance.choice(some), tags=[{"tag": word}])
    elif what == 5 and collections:
        client.change("item", chance.choice(some), collections=[chance.choice(sorted(collections))])
    elif what == 6 and collections:
        client.erase("collection", chance.choice(sorted(collections)))
    else:
        client.change("item", chance.choice(some), title=word)


def type_of(data: dict[str, Any]) -> str:
    return str(data["itemType"])
