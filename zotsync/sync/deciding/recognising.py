"""Which files without a key are items that Zotero has already: asked once, before the first agreement. Pure.

A folder of files and a library that never met may hold the same references. A file that surely is one of
them gets its key, and is merged with it field by field, as any item without a base; else it would be there
twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from zotsync.model import Fields, Schema
from zotsync.sameness import Known

_NOTE = "note"


def recognised(
    files: Mapping[str, Fields], there: Mapping[str, Fields], schema: Schema
) -> dict[str, str]:
    """Return path -> key for the files that surely are one of the items `there`, one file for each."""
    known = Known(schema)
    for key, fields in there.items():
        if fields.get("itemType") != _NOTE:
            known.add(key, fields)
    found: dict[str, str] = {}
    for path, fields in sorted(files.items()):
        match = known.find("", fields) if fields.get("itemType") != _NOTE else None
        if match and match.sure and match.key not in found.values():
            found[path] = match.key
    return found
