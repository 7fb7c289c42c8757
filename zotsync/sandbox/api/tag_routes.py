"""Tags: of a library, of one name, of an item or a collection, of the items of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from zotsync.model import is_key
from zotsync.sandbox.api import atom, params
from zotsync.sandbox.api.answers import WWW
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.replies import done, json_answer, links_of, paged
from zotsync.sandbox.data import reads
from zotsync.sandbox.data.searching import Query, Scope, Where, conditions
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.data.writes import delete_tags
from zotsync.sandbox.rules.refused import RefusedError
from zotsync.sandbox.rules.texts import dumps


def tags(call: Call, name: str = "") -> Response:
    """Answer the tags of a library, or those of one name; or take some off all items."""
    if call.request.method == "DELETE":
        names = [t for t in call.request.args.get("tag", "").split(" || ") if t]
        return done(delete_tags(call.store, call.writing(), names, call.expected))
    return _listed(call, lambda _tx: None, name)


def of_item(call: Call, key: str) -> Response:
    """Answer the tags of an item."""

    def found(tx: Transaction) -> Where:
        record = tx.get(call.library, "item", key)
        if record is None or not call.view.shows(record):
            raise RefusedError(404, "Not found")
        where = Where()
        where.add("o.library = ? AND o.kind = 'item' AND o.key = ?", call.library, key)
        return where

    return _listed(call, found)


def of_items(scope: Scope) -> Callable[..., Response]:
    """Return the endpoint of the tags that the items of a list have."""

    def answer(call: Call, key: str = "") -> Response:
        query = params.read_item_query(call.request.args)
        within = replace(scope, collection=key or None)

        def found(tx: Transaction) -> Where:
            known = is_key(key) and tx.get(call.library, "collection", key)
            if key and not known:
                raise RefusedError(404, "Collection not found")
            return conditions(call.library, "item", within, query, call.view)

        return _listed(call, found)

    return answer


def _listed(call: Call, items: Callable[[Transaction], Where | None], name: str = "") -> Response:
    query = params.read_query(call.request.args, "tags")
    with call.store.reading() as tx:
        if unchanged := call.not_modified(tx):
            return unchanged
        page, total = reads.tags(tx, call.library, query, items(tx))
        version = tx.version(call.library)
    if name:
        page = [row for row in page if row[0] == name]
        if not page:
            raise RefusedError(404, "Not found")
    shown = [_tag(call, row) for row in page]
    return paged(call, _answer(call, query, shown, total, version), query, total)


def _answer(call: Call, query: Query, shown: list[Any], total: int, version: int) -> Response:
    if query.format == "atom":
        entries = [atom.tag_entry(tag) for tag in shown]
        return atom.answer(atom.feed("Tags", links_of(call, query, total), entries), version)
    return json_answer(dumps(shown), version)


def _tag(call: Call, row: Sequence[Any]) -> dict[str, Any]:
    tag, kind, count = row
    place = f"{call.library}/tags/{quote(tag, safe='')}"
    links = {
        "self": {"href": f"{call.base_url}/{place}", "type": "application/json"},
        "alternate": {"href": f"{WWW}/{place}", "type": "text/html"},
    }
    return {"tag": tag, "links": links, "meta": {"type": kind, "numItems": count}}
