"""zotsync's own JSON: everything back as it was. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zotsync.i18n import N_, _
from zotsync.model import UNSYNCED_TYPES, Schema, is_key, normal
from zotsync.plugins.importers.csl import read_json
from zotsync.plugins.importers.texts import MOST_REFERENCES, too_many
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError
from zotsync.plugins.shapes import fitted

FORMAT, VERSION = "zotsync", 1
_TABLES: Mapping[str, type] = {
    "creators": list,
    "tags": list,
    "collections": list,
    "relations": dict,
}


def read_native(source: Source) -> Iterator[Reference | Unread]:
    """Yield the items of a file that `zotsync export --format json` wrote."""
    document = read_json(source.data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UnreadableError(_("It is no JSON of zotsync's."))
    if document.get("version") != VERSION:
        raise UnreadableError(_("It was written by a newer zotsync: update zotsync."))
    items = document.get("items")
    if not isinstance(items, list):
        raise UnreadableError(_("It is no list of references."))
    if len(items) > MOST_REFERENCES:
        raise too_many()
    for number, item in enumerate(items, 1):
        place = str(item.get("key", number)) if isinstance(item, dict) else str(number)
        fields = _fields(item)
        if fields is None or fields.get("itemType") in UNSYNCED_TYPES:
            yield Unread(place, _("this is no reference"))
        else:
            found = Reference(fields, place, key=place if is_key(place) else "")
            yield _fitting(found, source.schema)


def _fitting(found: Reference, schema: Schema) -> Reference | Unread:
    """Return a reference as its type has it, or why that cannot be; of a newer type as it is."""
    if found.fields["itemType"] not in schema.item_types:
        return found
    fit = fitted(found, schema)
    return fit if isinstance(fit, Reference) else Unread(found.place, fit)


def _fields(item: Any) -> dict[str, Any] | None:
    """Return the fields of an item; None where one has a shape that it cannot have."""
    if not isinstance(item, dict) or not isinstance(item.get("itemType"), str):
        return None
    for name, value in item.items():
        if not isinstance(value, _TABLES.get(name, str)):
            return None
    if not all(map(_is_tag, item.get("tags", ()))) or not all(
        map(_is_name, item.get("creators", ()))
    ):
        return None
    if not all(isinstance(path, str) for path in item.get("collections", ())):
        return None
    for targets in item.get("relations", {}).values():
        listed = targets if isinstance(targets, list) else [targets]
        if not all(isinstance(target, str) for target in listed):
            return None
    return normal({name: value for name, value in item.items() if name != "key"})


def _is_tag(entry: Any) -> bool:
    if isinstance(entry, str):
        return True
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("tag"), str)
        and entry.get("type", 0) in (0, 1)
    )


def _is_name(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and all(isinstance(value, str) for value in entry.values())
        and bool(entry.get("creatorType"))
    )


def _looks_like(head: bytes) -> bool:
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    return text[:1] == "{" and '"format": "zotsync"' in text[:200]


JSON = Importer(
    N_("zotsync's own JSON, with everything in it"), ("json",), _looks_like, read_native
)
