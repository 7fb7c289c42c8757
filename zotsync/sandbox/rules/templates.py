"""Templates of new items, as `GET /items/new` answers them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.model import Schema
from zotsync.sandbox.rules import annotating, attachments
from zotsync.sandbox.rules.refused import bad

_LINKS: Mapping[str, Any] = {"tags": [], "collections": [], "relations": {}}
_STORED: Mapping[str, Any] = {"filename": "", "md5": None, "mtime": None}


def new_item(schema: Schema, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the template that a query asks for; refuse (400) one that names no known type."""
    name = query.get("itemType", "")
    if not name:
        raise bad("'itemType' not provided")
    if name not in schema.item_types:
        raise bad(f"Invalid item type '{name}'")
    if name == "note":
        return {"itemType": name, "note": "", **_LINKS}
    if name == "attachment":
        return _attachment(schema, query.get("linkMode", ""))
    if name == "annotation":
        return _annotation(query.get("annotationType", ""))
    return _regular(schema, name)


def _regular(schema: Schema, name: str) -> dict[str, Any]:
    item_type = schema.item_types[name]
    title, *others = item_type.fields
    creators = [
        {"creatorType": kind, "firstName": "", "lastName": ""}
        for kind in item_type.creator_types[:1]
    ]
    fields = dict.fromkeys(others, "")
    return {"itemType": name, title: "", "creators": creators, **fields, **_LINKS}


def _attachment(schema: Schema, link_mode: str) -> dict[str, Any]:
    if not link_mode:
        raise bad("linkMode required for itemType=attachment")
    if link_mode not in attachments.LINK_MODES:
        raise bad(f"Invalid linkMode '{link_mode}'")
    template: dict[str, Any] = {"itemType": "attachment", "linkMode": link_mode}
    if link_mode == "embedded_image":
        return {**template, "parentItem": "", "contentType": "", **_STORED}
    template |= dict.fromkeys(schema.item_types["attachment"].fields, "")
    if not link_mode.endswith("_url"):
        template.pop("url", None)
    template |= {"note": "", **_LINKS, "contentType": "", "charset": ""}
    if link_mode == "linked_file":
        template["path"] = ""
    return template | (dict(_STORED) if link_mode in attachments.STORED else {})


def _annotation(kind: str) -> dict[str, Any]:
    if not kind:
        raise bad("annotationType required for itemType=annotation")
    if kind not in annotating.KINDS:
        raise bad(f"Invalid annotationType '{kind}'")
    text = {"annotationText": ""} if kind in annotating.MARKING else {}
    shape: dict[str, Any] = {"paths": [], "width": 2} if kind == "ink" else {"rects": []}
    size = {"width": 0, "height": 0} if kind == "image" else {}
    return {
        "itemType": "annotation",
        "parentItem": "",
        "annotationType": kind,
        **text,
        "annotationComment": "",
        "annotationColor": "",
        "annotationPageLabel": "",
        "annotationSortIndex": "00000|000000|00000",
        "annotationPosition": {"pageIndex": 0, **shape, **size},
        "tags": [],
    }
