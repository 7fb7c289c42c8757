"""Groups and the schema: what is asked before any library."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.wrappers import Response

from zotsync.model import Schema
from zotsync.sandbox.api import answers, atom
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.replies import json_answer
from zotsync.sandbox.data import groups, rights
from zotsync.sandbox.data.groups import Group
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules import schema_answers
from zotsync.sandbox.rules.refused import RefusedError
from zotsync.sandbox.rules.texts import dumps


def group(call: Call, number: int) -> Response:
    """Answer what a group is: its name, owner, members, and who may write."""
    with call.store.reading() as tx:
        found = groups.find_group(tx, number)
        # ● A group that the caller may not read is as good as not there.
        if found is None or not rights.may_read(tx, call.caller, found.library):
            raise RefusedError(404, "Group not found")
        shown = _group_answer(tx, call, found)
        if call.wants_atom:
            content = dumps(shown["data"]) if "content" in call.request.args else None
            entry = atom.group_entry(tx, found, call.base_url, content=content)
            return atom.answer(entry, found.version)
        return json_answer(dumps(shown), found.version)


def user_groups(call: Call, number: int) -> Response:
    """Answer the groups of a user that the key may see."""
    with call.store.reading() as tx:
        return group_list(tx, call, rights.visible_groups(tx, call.caller, number))


def group_list(tx: Transaction, call: Call, listed: Iterable[Group]) -> Response:
    """Answer groups, those that the query asks for; `format=versions`: their versions alone."""
    args = call.request.args
    kind, _colon, wanted = args.get("fq", "").partition(":")
    if kind == "GroupType":
        listed = (group for group in listed if group.type == wanted)
    words = args.get("q", "").casefold().split()
    found = [g for g in listed if all(word in g.name.casefold() for word in words)]
    if args.get("format") == "versions":
        response = json_answer(dumps({str(g.id): g.version for g in found}))
    elif call.wants_atom:
        response = atom.answer(_group_feed(tx, call, found))
    else:
        response = json_answer(dumps([_group_answer(tx, call, g) for g in found]))
    response.headers["Total-Results"] = str(len(found))
    return response


def _group_feed(tx: Transaction, call: Call, found: Iterable[Group]) -> Any:
    shown = "content" in call.request.args
    entries = []
    for one in found:
        content = dumps(_group_answer(tx, call, one)["data"]) if shown else None
        entries.append(atom.group_entry(tx, one, call.base_url, content=content))
    return atom.feed("Groups", {"self": call.address}, entries)


def _group_answer(tx: Transaction, call: Call, found: Group) -> dict[str, Any]:
    items = tx.count_items(found.library)
    return answers.group_answer(found, call.base_url, items, call.caller.user_id)


def schema(call: Call) -> Response:
    """Answer the schema; `If-None-Match` with its ETag gives 304."""
    text = dumps(schema_answers.schema_answer(call.schema))
    tag = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
    response = json_answer(text)
    response.set_etag(tag)
    return response.make_conditional(call.request)


def mapping(make: Callable[[Schema, Mapping[str, str]], Any]) -> Callable[[Call], Response]:
    """Return the endpoint of a part of the schema."""

    def answer(call: Call) -> Response:
        return json_answer(dumps(make(call.schema, call.request.args)))

    return answer
