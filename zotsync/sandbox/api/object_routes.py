"""Items, collections and saved searches: lists and single ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from zotsync.model import is_key
from zotsync.sandbox.api import answers, atom, params
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.csl import csl_answer
from zotsync.sandbox.api.replies import done, json_answer, links_of, paged
from zotsync.sandbox.data import reads, rights
from zotsync.sandbox.data.records import PLURALS, Kind
from zotsync.sandbox.data.rights import Caller, View
from zotsync.sandbox.data.searching import Scope, conditions
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.data.writes import Writes
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.texts import dumps

Endpoint = Callable[..., Response]


def _writes(call: Call, kind: Kind) -> Writes:
    return Writes(call.store, call.writing(), kind)


def _objects(call: Call, kind: Kind, scope: Scope) -> Response:
    """Answer a list of items, collections or searches, in one of five formats."""
    query = params.read_query(call.request.args, PLURALS[kind])
    where = conditions(call.library, kind, scope, query, call.view)
    with call.store.reading() as tx:
        if unchanged := call.not_modified(tx):
            return unchanged
        _check_scope(tx, call, kind, scope)
        page = reads.listed(tx, where, kind, query)
        version = tx.version(call.library)
        if query.format == "versions":
            response = json_answer(dumps(dict(page.entries)), version)
        elif query.format == "keys":
            text = "".join(f"{key}\n" for key, _version in page.entries) or "\n"
            response = Response(text, content_type="text/plain; charset=utf-8")
            response.headers["Last-Modified-Version"] = str(version)
        else:
            texts = call.presenter(tx).texts(kind, [key for key, _version in page.entries])
            if query.format == "atom":
                links = links_of(call, query, page.total)
                entries = [_entry(call, kind, text, query.content) for text in texts]
                response = atom.answer(atom.feed(PLURALS[kind].title(), links, entries), version)
            elif query.format == "csljson":
                response = csl_answer(texts, call.schema, version)
            else:
                response = json_answer(answers.array(texts), version)
    return paged(call, response, query, page.total)


def _entry(call: Call, kind: Kind, text: str, content: str) -> Any:
    return atom.object_entry(kind, json.loads(text), content, call.schema)


def _check_scope(tx: Transaction, call: Call, kind: Kind, scope: Scope) -> None:
    if scope.collection and tx.get(call.library, "collection", scope.collection) is None:
        raise RefusedError(404, "Collection not found")
    if scope.parent:
        parent = tx.get(call.library, kind, scope.parent)
        if parent is None or not call.view.shows(parent):
            raise RefusedError(404, f"{kind.title()} not found")


def listing(kind: Kind, scope: Scope) -> Endpoint:
    """Return the endpoint of a list that can only be read."""

    def answer(call: Call) -> Response:
        return _objects(call, kind, scope)

    return answer


def below(kind: Kind, make_scope: Callable[[str], Scope]) -> Endpoint:
    """Return the endpoint of a list that belongs to an item or collection."""

    def answer(call: Call, key: str) -> Response:
        if not is_key(key):
            raise RefusedError(404, "Not found")
        return _objects(call, kind, make_scope(key))

    return answer


def whole(kind: Kind) -> Endpoint:
    """Return the endpoint of all items, collections or searches: read, write, erase."""

    def answer(call: Call) -> Response:
        if call.request.method == "POST":

            def shown(tx: Transaction, key: str) -> str:
                return call.presenter(tx).texts(kind, [key])[0]

            report = _writes(call, kind).save_many(call.json(), call.expected, shown)
            return json_answer(report.text, report.version)
        if call.request.method == "DELETE":
            names = call.request.args.get(params.KEY_PARAMETERS[PLURALS[kind]], "")
            keys = [key for key in names.split(",") if is_key(key)]
            return done(_writes(call, kind).delete_many(keys, call.expected))
        return _objects(call, kind, Scope())

    return answer


def single(kind: Kind) -> Endpoint:
    """Return the endpoint of one item, collection or search."""

    def answer(call: Call, key: str) -> Response:
        # ● A malformed key is a 404, not a 400.
        if not is_key(key):
            raise RefusedError(404, "Not found")
        method = call.request.method
        if method == "DELETE":
            return done(_writes(call, kind).delete_single(key, call.expected))
        if method in ("PUT", "PATCH"):
            put = method == "PUT"
            return done(
                _writes(call, kind).save_single(key, call.json(), expected=call.expected, put=put)
            )
        with call.store.reading() as tx:
            record = tx.get(call.library, kind, key)
            if record is None or not call.view.shows(record):
                raise RefusedError(404, f"{kind.title()} not found")
            text = call.presenter(tx).texts(kind, [key])[0]
        # ● The version of the object, not of the library.
        if call.wants_atom:
            content = params.read_query(call.request.args, PLURALS[kind]).content
            return atom.answer(_entry(call, kind, text, content), record.version)
        if kind == "item" and call.request.args.get("format") == "csljson":
            return csl_answer([text], call.schema, record.version)
        return json_answer(text, record.version)

    return answer


def members(call: Call, key: str) -> Response:
    """Answer the items of a collection, or add some (POST: keys with blanks between them).

    ● The items get a new version, the collection and the library's version header do not show it.
    """
    if call.request.method == "GET":
        return below("item", lambda key: Scope(collection=key))(call, key)
    keys = call.request.get_data(as_text=True).split()
    _writes(call, "item").add_to_collection(key, keys)
    return Response(status=204)


def member(call: Call, key: str, item: str) -> Response:
    """Take an item out of a collection."""
    _writes(call, "item").remove_from_collection(key, item)
    return Response(status=204)


# -- My Publications: what a user shows of her own library to anybody


def published(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that shows a user's publications as the other shows a library."""

    def answer(call: Call, number: int, **args: str) -> Response:
        if call.request.method != "GET":
            if call.caller == Caller():
                raise RefusedError(403, "An API key is required for write requests.")
            message = "Please upgrade to the latest version of Zotero to update My Publications."
            raise RefusedError(405, message)
        library = f"users/{number}"
        with call.store.reading() as tx:
            rights.require_library(tx, library)
        return endpoint(replace(call, library=library, view=View(published=True)), **args)

    return answer


def published_settings(call: Call) -> Response:
    """Answer that there are none; ● 400 where there are publications, for older clients."""
    query = params.read_query(MultiDict(), "items")
    where = conditions(call.library, "item", Scope(), query, call.view)
    with call.store.reading() as tx:
        if reads.listed(tx, where, "item", query).total:
            message = (
                "Please upgrade to the latest Zotero 5.0 beta to continue syncing My Publications."
            )
            raise bad(message)
        response = json_answer("[]", tx.version(call.library))
    response.headers["Total-Results"] = "0"
    return response


def published_deleted(call: Call) -> Response:
    """Answer that nothing was erased: ● for older clients, always."""
    with call.store.reading() as tx:
        return json_answer("{}", tx.version(call.library))
