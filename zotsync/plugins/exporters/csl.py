"""CSL-JSON, as the Zotero server gives it: for pandoc, Zettlr, citation tools."""

from __future__ import annotations

import json

from zotsync.csljson.server import server_item
from zotsync.i18n import N_
from zotsync.plugins.contract import Export, Exporter


def write_csljson(export: Export) -> bytes:
    """Return the references as one CSL-JSON list."""
    items = [
        server_item(key, fields, export.schema, export.group)
        for key, fields in export.entries.items()
    ]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode()


CSL_JSON = Exporter(N_("CSL-JSON, for pandoc and citation tools"), "json", write_csljson)
