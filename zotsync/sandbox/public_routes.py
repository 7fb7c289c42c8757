"""Keys, groups and the schema: what is asked before any library."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Response

from zotsync.model import Schema
from zotsync.sandbox import answers, facts, rights
from zotsync.sandbox.call import Call
from zotsync.sandbox.refused import RefusedError
from zotsync.sandbox.replies import json_answer
from zotsync.sandbox.store import Transaction, dumps


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


def mapping(make: Callable[[Schema, Mapping[str, str]], Any]) -> Callable[[Call], Response]:
    """Return the endpoint of a part of the schema."""

    def answer(call: Call) -> Response:
        return json_answer(dumps(make(call.schema, call.request.args)))

    return answer
