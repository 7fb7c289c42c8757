"""What else a library has: settings, and the list of what was erased."""

from __future__ import annotations

from werkzeug.wrappers import Response

from zotsync.sandbox.api import params
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.replies import done, json_answer
from zotsync.sandbox.data import reads
from zotsync.sandbox.data.setting_writes import SettingWrites
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.texts import dumps


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


def deleted(call: Call) -> Response:
    """Answer what was erased since a version."""
    if "since" not in call.request.args and "newer" not in call.request.args:
        raise bad("'since' parameter must be provided")
    since = params.read_query(call.request.args, "deleted").since
    with call.store.reading() as tx:
        found = reads.deleted(tx, call.library, since)
        return json_answer(dumps(found), tx.version(call.library))
