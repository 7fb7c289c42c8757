"""Answers in CSL-JSON: what citation tools ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.wrappers import Response

from zotsync.csljson.server import server_item
from zotsync.model import Schema
from zotsync.sandbox.data.records import title_of
from zotsync.sandbox.rules.texts import dumps

TYPE = "application/vnd.citationstyles.csl+json"


def csl_answer(texts: Iterable[str], schema: Schema, version: int) -> Response:
    """Return the items that JSON would show as `texts`; ● a single one is in a list as well."""
    items = [csl_item(json.loads(text), schema) for text in texts]
    response = Response(dumps({"items": items}), content_type=TYPE)
    response.headers["Last-Modified-Version"] = str(version)
    return response


def csl_item(shown: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return an item that JSON would show so. ● Of a note its title alone is told."""
    data = shown["data"]
    if data["itemType"] == "note":
        data = {"itemType": "note", "title": title_of(data, schema.item_types["note"])}
    return server_item(shown["key"], data, schema, shown["library"]["id"])
