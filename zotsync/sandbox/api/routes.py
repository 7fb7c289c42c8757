"""The addresses of the API, and which function answers each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.routing import Map, Rule

from zotsync.model import Schema
from zotsync.sandbox.api import (
    file_routes,
    key_routes,
    library_routes,
    login_page,
    public_routes,
    tag_routes,
)
from zotsync.sandbox.api.object_routes import (
    Endpoint,
    below,
    listing,
    member,
    members,
    published,
    published_deleted,
    published_settings,
    single,
    whole,
)
from zotsync.sandbox.api.replies import any_number
from zotsync.sandbox.data.searching import Scope
from zotsync.sandbox.rules import schema_answers, templates

_LIBRARY = "/<any(groups, users):owner>/<number>"
_GET = ("GET",)
_LIST = ("GET", "POST", "DELETE")
_ONE = ("GET", "PUT", "PATCH", "DELETE")


def _library_rules() -> list[Rule]:
    lists: list[tuple[str, Sequence[str], Endpoint]] = [
        ("/items", _LIST, whole("item")),
        ("/items/top", _GET, listing("item", Scope(top=True))),
        ("/items/trash", _GET, listing("item", Scope(trash=True))),
        ("/items/<key>", _ONE, single("item")),
        ("/items/<key>/children", _GET, below("item", lambda key: Scope(parent=key))),
        ("/items/<key>/tags", _GET, tag_routes.of_item),
        ("/items/<key>/file", ("GET", "POST"), file_routes.file),
        ("/items/tags", _GET, tag_routes.of_items(Scope())),
        ("/items/top/tags", _GET, tag_routes.of_items(Scope(top=True))),
        ("/items/trash/tags", _GET, tag_routes.of_items(Scope(trash=True))),
        ("/collections", _LIST, whole("collection")),
        ("/collections/top", _GET, listing("collection", Scope(top=True))),
        ("/collections/<key>", _ONE, single("collection")),
        ("/collections/<key>/collections", _GET, below("collection", lambda k: Scope(parent=k))),
        ("/collections/<key>/items", ("GET", "POST"), members),
        ("/collections/<key>/items/<item>", ("DELETE",), member),
        ("/collections/<key>/items/tags", _GET, tag_routes.of_items(Scope())),
        ("/collections/<key>/items/top/tags", _GET, tag_routes.of_items(Scope(top=True))),
        ("/collections/<key>/tags", _GET, tag_routes.of_items(Scope())),
        (
            "/collections/<key>/items/top",
            _GET,
            below("item", lambda key: Scope(collection=key, top=True)),
        ),
        ("/searches", _LIST, whole("search")),
        ("/searches/<key>", _ONE, single("search")),
        ("/tags", ("GET", "DELETE"), tag_routes.tags),
        ("/tags/<name>", _GET, tag_routes.tags),
        ("/settings", _LIST, library_routes.settings),
        ("/settings/<name>", ("GET", "PUT", "DELETE"), library_routes.setting),
        ("/deleted", _GET, library_routes.deleted),
        ("/fulltext", _GET, file_routes.full_texts),
    ]
    return [
        Rule(f"{_LIBRARY}{path}", methods=methods, endpoint=endpoint)
        for path, methods, endpoint in lists
    ]


def _published_rules() -> list[Rule]:
    place = f"/users/{any_number()}/publications"
    lists: list[tuple[str, Endpoint]] = [
        ("/items", listing("item", Scope())),
        ("/items/top", listing("item", Scope(top=True))),
        ("/items/tags", tag_routes.of_items(Scope())),
        ("/items/<key>", single("item")),
        ("/items/<key>/children", below("item", lambda key: Scope(parent=key))),
        ("/settings", published_settings),
        ("/deleted", published_deleted),
    ]
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE")
    return [
        Rule(f"{place}{path}", methods=methods, endpoint=published(endpoint))
        for path, endpoint in lists
    ]


def _other_rules() -> list[Rule]:
    by_type: Mapping[str, Callable[..., Any]] = {
        "/itemTypeFields": schema_answers.item_type_fields,
        "/itemTypeCreatorTypes": schema_answers.creator_types,
    }
    rules: list[tuple[str, Endpoint]] = [
        (f"/groups/{any_number()}", public_routes.group),
        (f"/users/{any_number()}/groups", public_routes.user_groups),
        ("/schema", public_routes.schema),
        (
            "/itemTypes",
            public_routes.mapping(lambda s, a: schema_answers.item_types(s, a.get("locale", ""))),
        ),
        (
            "/itemFields",
            public_routes.mapping(lambda s, a: schema_answers.item_fields(s, a.get("locale", ""))),
        ),
        (
            "/creatorFields",
            public_routes.mapping(lambda _schema, _args: schema_answers.creator_fields()),
        ),
        ("/items/new", public_routes.mapping(templates.new_item)),
    ]
    rules += [(path, public_routes.mapping(_of_type(make))) for path, make in by_type.items()]
    return [Rule(path, methods=_GET, endpoint=endpoint) for path, endpoint in rules]


def _of_type(make: Callable[..., Any]) -> Callable[[Schema, Mapping[str, str]], Any]:
    return lambda s, a: make(s, a.get("itemType", ""), a.get("locale", ""))


def _key_rules() -> list[Rule]:
    user = f"/users/{any_number()}"
    one = ("GET", "PUT", "DELETE")
    return [
        Rule("/login", methods=_GET, endpoint=login_page.login),
        Rule("/keys", methods=("POST",), endpoint=key_routes.keys),
        Rule("/keys/<name>", methods=one, endpoint=key_routes.one_key),
        Rule(f"{user}/keys", methods=("GET", "POST"), endpoint=key_routes.keys),
        Rule(f"{user}/keys/<name>", methods=one, endpoint=key_routes.one_key),
        Rule("/keys/sessions", methods=("POST",), endpoint=key_routes.new_session),
        Rule("/keys/sessions/<token>", methods=("GET", "DELETE"), endpoint=key_routes.session),
    ]


def routes(*, testing: bool) -> Map:
    """Return all addresses of the API; `testing`: those of its administration too."""
    rules = [*_library_rules(), *_published_rules(), *_key_rules(), *_other_rules()]
    if testing:
        from zotsync.sandbox.api import testing as administration  # noqa: PLC0415 - nobody else's

        rules += administration.rules()
    return Map(rules, strict_slashes=False, merge_slashes=False)
