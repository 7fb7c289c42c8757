"""zotsync's own JSON: everything that the item files say, to be read in again without loss.

    {"format": "zotsync", "version": 1, "schema": 42, "group": 1234567,
     "collections": [{"key": "…", "path": "Pair-aidance/Revues"}],
     "items": [{"key": "…", "itemType": "book", …, "collections": ["Pair-aidance/Revues"]}]}

Fields are those of the Zotero Web API; notes name their `parentItem`, tags keep their type. docs/export.md
says it whole.
"""

from __future__ import annotations

import json
from typing import Any

from zotsync.i18n import N_
from zotsync.plugins.contract import Export, Exporter

FORMAT, VERSION = "zotsync", 1
"""What the file says it is. The version grows when a name in it changes its meaning or goes."""


def write_json(export: Export) -> bytes:
    """Return all items and collections as one JSON document."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "schema": export.schema.version,
        "group": export.group,
        "collections": [
            {"key": key, "path": path}
            for key, path in sorted(export.collections.items(), key=lambda pair: pair[::-1])
        ],
        "items": [_item(export, key) for key in export.items],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _item(export: Export, key: str) -> dict[str, Any]:
    fields = export.items[key]
    item = {"key": key, "itemType": fields["itemType"], **dict(sorted(fields.items()))}
    if "collections" in item:
        item["collections"] = export.paths(fields)
    return item


JSON = Exporter(N_("JSON with everything in it, to be imported again"), "json", write_json)
