"""The embedded server with a library of many items, in a process of its own: `_serve.py COUNT LATENCY`.

Prints its port. Answers each line on stdin with how many requests there were since the last one,
and ends when stdin does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import httpx2
from _world import GROUP, KEY, key

from zotsync.sandbox.server import Access, Sandbox

ABSTRACT = (
    "Une réalité multiple : que disent les « pratiques » ?\nDes questions, et bien d’autres. " * 8
)
SHELVES = 40
NOTE_EVERY = 10


def item(number: int) -> dict[str, Any]:
    """Return a reference as people keep them, or now and then a note below the one before it."""
    if number % NOTE_EVERY == NOTE_EVERY - 1:
        note = f"<p>Lu le {number} : {ABSTRACT}</p>"
        return {"key": key(number), "itemType": "note", "parentItem": key(number - 1), "note": note}
    return {
        "key": key(number),
        "itemType": "journalArticle",
        "title": f"Le travailleur pair, ce nouveau collègue ? Étude {number}",
        "creators": [
            {"creatorType": "author", "lastName": f"Nom{number % 977}", "firstName": "Ève"},
            {"creatorType": "author", "lastName": "Simon", "firstName": "J-L."},
        ],
        "publicationTitle": "Pratiques en santé mentale",
        "issue": str(number),
        "date": f"{1990 + number % 35}-03",
        "pages": "28-32",
        "libraryCatalog": "Cairn.info",
        "url": f"https://www.example.org/articles/{number}",
        "abstractNote": f"{ABSTRACT}[Extr. intro.]",
        "tags": [{"tag": "pair-aidance"}, {"tag": f"sujet {number % 50}", "type": 1}],
        "collections": [key(number % SHELVES)],
    }


def shelves() -> Iterator[dict[str, Any]]:
    """Yield collections, each but the first few below another."""
    for number in range(SHELVES):
        parent = key(number // 4) if number >= 4 else False  # noqa: PLR2004
        yield {
            "key": key(number),
            "version": 0,
            "name": f"Thème {number}",
            "parentCollection": parent,
        }


def library(count: int) -> Sandbox:
    """Return a server with a group of `count` items in it."""
    sandbox = Sandbox()
    sandbox.add_user(1, "curatrice")
    sandbox.add_group(GROUP, "Documentation", owner=1)
    sandbox.add_key(KEY, 1, groups={GROUP: Access(library=True, write=True)})
    if count:
        transport = httpx2.WSGITransport(app=sandbox.app)
        with httpx2.Client(transport=transport, headers={"Zotero-API-Key": KEY}) as client:
            url = f"http://127.0.0.1/groups/{GROUP}/collections"
            client.post(url, json=list(shelves())).raise_for_status()
        sandbox.load_items(GROUP, map(item, range(count)), user_id=1)
    sandbox.faults.log.clear()
    return sandbox


def main() -> None:
    """Serve until stdin ends."""
    count, latency = int(sys.argv[1]), float(sys.argv[2])
    sandbox = library(count)
    sandbox.faults.latency = latency
    with sandbox.serve() as served:
        print(served.port, flush=True)
        for _line in sys.stdin:
            print(len(sandbox.faults.log), flush=True)
            sandbox.faults.log.clear()
    sandbox.close()


if __name__ == "__main__":
    main()
