"""Files and full texts, which this server does not keep: clients that ask all the same go on."""

from __future__ import annotations

from werkzeug.wrappers import Response

from zotsync.model import is_key
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.replies import json_answer
from zotsync.sandbox.rules.refused import RefusedError


def file(call: Call, key: str) -> Response:
    """Answer that there is no file (GET), and no room for one (POST).

    ● Of a 404 to an upload the Zotero client concludes that the item is missing, and sends that
    again with each sync; a full storage it tells its user, and syncs all else.
    """
    with call.store.reading() as tx:
        record = tx.get(call.library, "item", key) if is_key(key) else None
    if record is None or not call.view.shows(record):
        raise RefusedError(404, "Item not found")
    if call.request.method == "GET":
        raise RefusedError(404, "Not found")
    text = "This server keeps no files"
    headers = {"Zotero-Storage-Usage": "0", "Zotero-Storage-Quota": "0"}
    return Response(text, 413, headers, content_type="text/plain; charset=utf-8")


def full_texts(call: Call) -> Response:
    """Answer that no item has a full text."""
    with call.store.reading() as tx:
        return json_answer("{}", tx.version(call.library))
