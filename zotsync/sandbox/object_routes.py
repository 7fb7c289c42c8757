"""Items, collections and saved searches: lists and single ones."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from zotsync.model import is_key
from zotsync.sandbox import answers, params, reads
from zotsync.sandbox.answers import PLURALS
from zotsync.sandbox.call import Call
from zotsync.sandbox.reads import Scope
from zotsync.sandbox.refused import RefusedError
from zotsync.sandbox.replies import done, json_answer, paged
from zotsync.sandbox.store import Kind, Transaction, dumps
from zotsync.sandbox.writes import Writes

Endpoint = Callable[..., Response]


def _writes(call: Call, kind: Kind) -> Writes:
    return Writes(call.store, call.writing(), kind)


def _objects(call: Call, kind: Kind, scope: Scope) -> Response:
    """Answer a list of items, collections or searches, in one of three formats."""
    query = params.read_query(call.request.args, PLURALS[kind])
    with call.store.reading() as tx:
        if unchanged := call.not_modified(tx):
            return unchanged
        _check_scope(tx, call, kind, scope)
        page = reads.listed(tx, call.library, kind, scope, query)
        version = tx.version(call.library)
        if query.format == "versions":
            response = json_answer(dumps(dict(page.entries)), version)
        elif query.format == "keys":
            text = "".join(f"{key}\n" for key, _version in page.entries) or "\n"
            response = Response(text, content_type="text/plain; charset=utf-8")
            response.headers["Last-Modified-Version"] = str(version)
        else:
            texts = call.presenter(tx).texts(kind, [key for key, _version in page.entries])
            response = json_answer(answers.array(texts), version)
    return paged(call, response, query, page.total)


def _check_scope(tx: Transaction, call: Call, kind: Kind, scope: Scope) -> None:
    if scope.collection and tx.get(call.library, "collection", scope.collection) is None:
        raise RefusedError(404, "Collection not found")
    if scope.parent and tx.get(call.library, kind, scope.parent) is None:
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
            report = _writes(call, kind).save_many(call.json(), call.expected, call.presenter)
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
            if record is None:
                raise RefusedError(404, f"{kind.title()} not found")
            text = call.presenter(tx).texts(kind, [key])[0]
        # ● The version of the object, not of the library.
        return json_answer(text, record.version)

    return answer
