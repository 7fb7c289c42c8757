"""The addresses of the API, and what each answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from zotsync.model import Schema, is_key
from zotsync.sandbox import answers, facts, params, reads, rights, writes
from zotsync.sandbox.answers import PLURALS, WWW, Presenter
from zotsync.sandbox.call import Call
from zotsync.sandbox.reads import Scope
from zotsync.sandbox.refused import RefusedError, bad
from zotsync.sandbox.store import Kind, Transaction, dumps

Endpoint = Callable[..., Response]
_LIBRARY = "/<any(groups, users):owner>/<int(max=2147483647):number>"
_GET = ("GET",)
_LIST = ("GET", "POST", "DELETE")
_ONE = ("GET", "PUT", "PATCH", "DELETE")


def json_answer(text: str, version: int | None = None, status: int = 200) -> Response:
    """Return an answer of ready JSON."""
    response = Response(text, status, content_type="application/json")
    if version is not None:
        response.headers["Last-Modified-Version"] = str(version)
    return response


def done(version: int) -> Response:
    """Return the answer to a write that has nothing to say."""
    return Response(status=204, headers={"Last-Modified-Version": str(version)})


# -- lists


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
            presenter = Presenter(tx, call.library, call.base_url)
            texts = presenter.texts(kind, [key for key, _version in page.entries])
            response = json_answer(answers.array(texts), version)
    return _paged(call, response, query, page.total)


def _check_scope(tx: Transaction, call: Call, kind: Kind, scope: Scope) -> None:
    if scope.collection and tx.get(call.library, "collection", scope.collection) is None:
        raise RefusedError(404, "Collection not found")
    if scope.parent and tx.get(call.library, kind, scope.parent) is None:
        raise RefusedError(404, f"{kind.title()} not found")


def _paged(call: Call, response: Response, query: params.Query, total: int) -> Response:
    response.headers["Total-Results"] = str(total)
    alternate = f"{WWW}{quote(call.request.path)}"
    address = f"{call.base_url}{quote(call.request.path)}"
    response.headers["Link"] = params.link_header(query, address, total, alternate)
    return response


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
            report = writes.save_many(
                call.store, call.writing(), kind, call.json(), call.expected, call.base_url
            )
            return json_answer(report.text, report.version)
        if call.request.method == "DELETE":
            names = call.request.args.get(params.KEY_PARAMETERS[PLURALS[kind]], "")
            keys = [key for key in names.split(",") if is_key(key)]
            return done(writes.delete_many(call.store, call.writing(), kind, keys, call.expected))
        return _objects(call, kind, Scope())

    return answer


# -- single objects


def single(kind: Kind) -> Endpoint:
    """Return the endpoint of one item, collection or search."""

    def answer(call: Call, key: str) -> Response:
        # ● A malformed key is a 404, not a 400.
        if not is_key(key):
            raise RefusedError(404, "Not found")
        method = call.request.method
        if method == "DELETE":
            return done(writes.delete_single(call.store, call.writing(), kind, key, call.expected))
        if method in ("PUT", "PATCH"):
            version = writes.save_single(
                *(call.store, call.writing(), kind, key, call.json()),
                expected=call.expected,
                put=method == "PUT",
            )
            return done(version)
        with call.store.reading() as tx:
            record = tx.get(call.library, kind, key)
            if record is None:
                raise RefusedError(404, f"{kind.title()} not found")
            text = Presenter(tx, call.library, call.base_url).texts(kind, [key])[0]
        # ● The version of the object, not of the library.
        return json_answer(text, record.version)

    return answer


# -- settings, tags, deleted


def settings(call: Call) -> Response:
    """Answer the settings of a library, or change them."""
    if call.request.method == "POST":
        version = writes.save_settings(call.store, call.writing(), call.json(), call.expected)
        return done(version)
    if call.request.method == "DELETE":
        names = call.request.args.get("settingKey", "")
        if not names:
            raise bad("settingKey parameter not provided")
        return done(
            writes.delete_many(
                call.store, call.writing(), "setting", names.split(","), call.expected
            )
        )
    since = params.read_query(call.request.args, "settings").since
    with call.store.reading() as tx:
        if unchanged := call.not_modified(tx):
            return unchanged
        found = reads.settings(tx, call.library, since)
        return json_answer(dumps(found), tx.version(call.library))


def setting(call: Call, name: str) -> Response:
    """Answer one setting, or change it."""
    if call.request.method == "PUT":
        version = writes.save_single(
            *(call.store, call.writing(), "setting", name, call.json()),
            expected=call.expected,
            put=True,
        )
        return done(version)
    if call.request.method == "DELETE":
        return done(
            writes.delete_single(call.store, call.writing(), "setting", name, call.expected)
        )
    with call.store.reading() as tx:
        record = tx.get(call.library, "setting", name)
    if record is None:
        raise RefusedError(404, "Setting not found")
    value = {"value": record.data["value"], "version": record.version}
    return json_answer(dumps(value), record.version)


def tags(call: Call, name: str = "", key: str = "") -> Response:
    """Answer the tags of a library or item, or take some off all items."""
    if call.request.method == "DELETE":
        if call.expected is None:
            raise RefusedError(428, "If-Unmodified-Since-Version not provided")
        names = [t for t in call.request.args.get("tag", "").split(" || ") if t]
        return done(writes.delete_many(call.store, call.writing(), None, names, call.expected))
    query = params.read_query(call.request.args, "tags")
    with call.store.reading() as tx:
        if unchanged := call.not_modified(tx):
            return unchanged
        if key and tx.get(call.library, "item", key) is None:
            raise RefusedError(404, "Not found")
        page, total = reads.tags(tx, call.library, query, [key] if key else None)
        version = tx.version(call.library)
    if name:
        page = [row for row in page if row[0] == name]
        if not page:
            raise RefusedError(404, "Not found")
    response = json_answer(dumps([_tag(call, row) for row in page]), version)
    return _paged(call, response, query, total)


def _tag(call: Call, row: Sequence[Any]) -> dict[str, Any]:
    tag, kind, count = row
    place = f"{call.library}/tags/{quote(tag, safe='')}"
    links = {
        "self": {"href": f"{call.base_url}/{place}", "type": "application/json"},
        "alternate": {"href": f"{WWW}/{place}", "type": "text/html"},
    }
    return {"tag": tag, "links": links, "meta": {"type": kind, "numItems": count}}


def deleted(call: Call) -> Response:
    """Answer what was erased since a version."""
    if "since" not in call.request.args and "newer" not in call.request.args:
        raise bad("'since' parameter must be provided")
    since = params.read_query(call.request.args, "deleted").since
    with call.store.reading() as tx:
        found = reads.deleted(tx, call.library, since)
        return json_answer(dumps(found), tx.version(call.library))


# -- keys, groups, schema


def key_info(call: Call, name: str) -> Response:
    """Answer what an API key allows; `current` is the one the request was sent with."""
    with call.store.reading() as tx:
        caller = call.caller if name == "current" else rights.find_key(tx, name)
        if caller is None:
            raise RefusedError(404, "Key not found")
        if caller.key is None:
            raise RefusedError(403, "Forbidden")
        return json_answer(dumps(rights.key_answer(tx, caller)))


def group(call: Call, number: int) -> Response:
    """Answer what a group is: its name, owner, members, and who may write."""
    with call.store.reading() as tx:
        found = rights.find_group(tx, number)
        if found is None:
            raise RefusedError(404, "Not found")
        rights.require_read(tx, call.caller, found.library)
        return json_answer(dumps(_group_answer(tx, call, found)), found.version)


def user_groups(call: Call, number: int) -> Response:
    """Answer the groups of a user that the key may see; `format=versions`: their versions."""
    with call.store.reading() as tx:
        if call.caller.user_id not in (None, number):
            raise RefusedError(403, "Forbidden")
        found = list(rights.visible_groups(tx, call.caller, number))
        if call.request.args.get("format") == "versions":
            response = json_answer(dumps({str(g.id): g.version for g in found}))
        else:
            response = json_answer(dumps([_group_answer(tx, call, g) for g in found]))
    response.headers["Total-Results"] = str(len(found))
    return response


def _group_answer(tx: Transaction, call: Call, found: rights.Group) -> dict[str, Any]:
    count = "SELECT count(*) FROM objects WHERE library = ? AND kind = 'item'"
    items = int(tx.value(count, found.library))
    return answers.group_answer(found, call.base_url, items, call.caller.user_id)


def schema(call: Call) -> Response:
    """Answer the schema; `If-None-Match` with its ETag gives 304."""
    text = dumps(facts.schema_answer(call.schema))
    tag = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
    response = json_answer(text)
    response.set_etag(tag)
    return response.make_conditional(call.request)


def mapping(make: Callable[[Schema, Mapping[str, str]], Any]) -> Endpoint:
    """Return the endpoint of a part of the schema."""

    def answer(call: Call) -> Response:
        return json_answer(dumps(make(call.schema, call.request.args)))

    return answer


def _library_rules() -> list[Rule]:
    lists: list[tuple[str, Sequence[str], Endpoint]] = [
        ("/items", _LIST, whole("item")),
        ("/items/top", _GET, listing("item", Scope(top=True))),
        ("/items/trash", _GET, listing("item", Scope(trash=True))),
        ("/items/<key>", _ONE, single("item")),
        ("/items/<key>/children", _GET, below("item", lambda key: Scope(parent=key))),
        ("/items/<key>/tags", _GET, tags),
        ("/collections", _LIST, whole("collection")),
        ("/collections/top", _GET, listing("collection", Scope(top=True))),
        ("/collections/<key>", _ONE, single("collection")),
        ("/collections/<key>/collections", _GET, below("collection", lambda k: Scope(parent=k))),
        ("/collections/<key>/items", _GET, below("item", lambda key: Scope(collection=key))),
        (
            "/collections/<key>/items/top",
            _GET,
            below("item", lambda key: Scope(collection=key, top=True)),
        ),
        ("/searches", _LIST, whole("search")),
        ("/searches/<key>", _ONE, single("search")),
        ("/tags", ("GET", "DELETE"), tags),
        ("/tags/<name>", _GET, tags),
        ("/settings", _LIST, settings),
        ("/settings/<name>", ("GET", "PUT", "DELETE"), setting),
        ("/deleted", _GET, deleted),
    ]
    return [
        Rule(f"{_LIBRARY}{path}", methods=methods, endpoint=endpoint)
        for path, methods, endpoint in lists
    ]


def _other_rules() -> list[Rule]:
    by_type: Mapping[str, Callable[..., Any]] = {
        "/itemTypeFields": facts.item_type_fields,
        "/itemTypeCreatorTypes": facts.creator_types,
    }
    rules: list[tuple[str, Endpoint]] = [
        ("/keys/<name>", key_info),
        ("/groups/<int(max=2147483647):number>", group),
        ("/users/<int(max=2147483647):number>/groups", user_groups),
        ("/schema", schema),
        ("/itemTypes", mapping(lambda s, a: facts.item_types(s, a.get("locale", "")))),
        ("/itemFields", mapping(lambda s, a: facts.item_fields(s, a.get("locale", "")))),
        ("/creatorFields", mapping(lambda _schema, _args: facts.creator_fields())),
        (
            "/items/new",
            mapping(lambda s, a: facts.new_item(s, a.get("itemType", ""), a.get("linkMode", ""))),
        ),
    ]
    rules += [(path, mapping(_of_type(make))) for path, make in by_type.items()]
    return [Rule(path, methods=_GET, endpoint=endpoint) for path, endpoint in rules]


def _of_type(make: Callable[..., Any]) -> Callable[[Schema, Mapping[str, str]], Any]:
    return lambda s, a: make(s, a.get("itemType", ""), a.get("locale", ""))


def routes() -> Map:
    """Return all addresses of the API."""
    return Map([*_library_rules(), *_other_rules()], strict_slashes=False, merge_slashes=False)
