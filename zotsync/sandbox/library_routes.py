"""What else a library has: settings, tags, and the list of what was erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from zotsync.sandbox import params, reads
from zotsync.sandbox.answers import WWW
from zotsync.sandbox.call import Call
from zotsync.sandbox.refused import RefusedError, bad
from zotsync.sandbox.replies import done, json_answer, paged
from zotsync.sandbox.setting_writes import SettingWrites
from zotsync.sandbox.store import dumps
from zotsync.sandbox.writes import delete_tags


def _writes(call: Call) -> SettingWrites:
    return SettingWrites(call.store, call.writing())


def settings(call: Call) -> Response:
    """Answer the settings of a library, or change them."""
    if call.request.method == "POST":
        report = _writes(call).post(call.json(), call.expected)
        return json_answer(report.text, report.version) if report.text else done(report.version)
    if call.request.method == "DELETE":
        names = call.request.args.get("settingKey", "")
        if not names:
            raise bad("settingKey parameter not provided")
        return done(_writes(call).delete(names.split(","), call.expected))
    since = params.read_query(call.request.args, "settings").since
    with call.store.reading() as tx:
        if unchanged := call.not_modified(tx):
            return unchanged
        found = reads.settings(tx, call.library, since)
        return json_answer(dumps(found), tx.version(call.library))


def setting(call: Call, name: str) -> Response:
    """Answer one setting, or change it."""
    if call.request.method == "PUT":
        return done(_writes(call).put(name, call.json(), call.expected))
    if call.request.method == "DELETE":
        return done(_writes(call).delete_one(name))
    with call.store.reading() as tx:
        record = tx.get(call.library, "setting", name)
    if record is None:
        raise RefusedError(404, "Setting not found")
    value = {"value": record.data["value"], "version": record.version}
    return json_answer(dumps(value), record.version)


def tags(call: Call, name: str = "", key: str = "") -> Response:
    """Answer the tags of a library or item, or take some off all items."""
    if call.request.method == "DELETE":
        names = [t for t in call.request.args.get("tag", "").split(" || ") if t]
        return done(delete_tags(call.store, call.writing(), names, call.expected))
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
    return paged(call, response, query, total)


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
