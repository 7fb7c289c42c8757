"""What the Zotero client makes of the server's data and sends of its own. Values in, values out.

Data of the server are imported strictly, as the client does: what it would not take ends a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.model import ItemType, Schema, is_key

Data = dict[str, Any]
CHILD_TYPES = ("note", "attachment", "annotation")
LINK_MODES = ("imported_file", "imported_url", "linked_file", "linked_url", "embedded_image")
STORED = ("imported_file", "imported_url", "embedded_image")
_ANNOTATION = (
    "Type",
    "AuthorName",
    "Text",
    "Comment",
    "Color",
    "PageLabel",
    "SortIndex",
    "Position",
)
_COMMON = ("key", "version", "deleted")
_PROPERTIES: Mapping[str, frozenset[str]] = {
    "collection": frozenset((*_COMMON, "name", "parentCollection", "relations")),
    "search": frozenset((*_COMMON, "name", "conditions")),
    "item": frozenset(
        (
            *(*_COMMON, "itemType", "note", "md5", "mtime", "collections", "parentItem"),
            *("inPublications", "extra", "accessDate", "dateAdded", "dateModified"),
            *("creators", "tags", "relations", "linkMode", "filename", "contentType", "charset"),
            *("path", *(f"annotation{part}" for part in _ANNOTATION)),
        )
    ),
}
_IGNORED = frozenset({"key", "version", "mtime", "md5", "dateAdded", "dateModified"})
_SETS = frozenset({"collections", "tags", "relations"})


class RefusedImportError(AssertionError):
    """Data that the client would not import."""


def imported(kind: str, data: Mapping[str, Any], schema: Schema, *, personal: bool) -> Data:
    """Return what the client holds after a strict import; refuse what it does not know."""
    _require(is_key(data["key"]), f"bad key {data['key']}")
    _require(isinstance(data["version"], int), f"bad version {data['version']}")
    known = _PROPERTIES[kind] | ({"lastRead"} if personal else set())
    item_type = None
    if kind == "item":
        item_type = schema.item_types.get(data["itemType"])
        _require(item_type is not None, f"Unknown item type '{data['itemType']}'")
    for name in data.keys() - known:
        _require(item_type is not None, f"Unknown {kind} property '{name}'")
        assert item_type is not None
        _check_field(name, item_type, schema)
    if item_type is not None:
        _check_values(data, item_type)
    return {n: v for n, v in data.items() if _is_held(n, v)}


def _is_held(name: str, value: Any) -> bool:
    if name in ("creators", "tags", "collections", "relations", "conditions"):
        return True
    return not is_blank(value)


def is_blank(value: Any) -> bool:
    """Return whether a value is none: not so 0, which is equal to False."""
    return value is None or value is False or value == ""


def _check_field(name: str, item_type: ItemType, schema: Schema) -> None:
    _require(schema.knows_field(name), f"Unknown field '{name}'")
    fits = name in item_type.fields or name in item_type.base_fields.values()
    _require(fits, f"Invalid field '{name}' for type {item_type.name}")


def _check_values(data: Mapping[str, Any], item_type: ItemType) -> None:
    for creator in data.get("creators", ()):
        parts = creator.keys() - {"creatorType"}
        _require(parts in ({"name"}, {"firstName", "lastName"}), f"bad creator {creator}")
        _require(creator["creatorType"] in item_type.creator_types, f"bad creator {creator}")
    for tag in data.get("tags", ()):
        _require(tag.keys() in ({"tag"}, {"tag", "type"}) and bool(tag["tag"]), f"bad tag {tag}")
    if item_type.name == "attachment":
        _require(data["linkMode"] in LINK_MODES, f"Unknown link mode {data['linkMode']}")
    if "parentItem" in data:
        _require(item_type.name in CHILD_TYPES, f"{item_type.name} with a parent")
        _require("collections" not in data, "a child item in collections")


def _require(held: bool, message: str) -> None:  # noqa: FBT001 - as assert has it
    if not held:
        raise RefusedImportError(message)


def as_json(
    kind: str, held: Mapping[str, Any], base: Mapping[str, Any] | None, *, personal: bool
) -> Data:
    """Return what the client uploads: all of a new object, else a patch on the last synced copy.

    Without that copy (its version is not kept) an object that was synced goes in full, empty
    values and all.
    """
    full = base is None and bool(held["version"])
    json = _shaped(held) if kind == "item" else dict(held)
    if kind == "collection":
        json.setdefault("parentCollection", False)
        json.setdefault("relations", {})
    if held.get("deleted") or full:
        json["deleted"] = bool(held.get("deleted"))
    if full and kind == "item":
        json |= {"inPublications": bool(held.get("inPublications"))} if personal else {}
        if held["itemType"] in CHILD_TYPES:
            json.setdefault("parentItem", False)
    if base is not None:
        json = _patch(base, json)
    return {n: v for n, v in json.items() if n not in ("md5", "mtime")}


def _shaped(held: Mapping[str, Any]) -> Data:
    """Return an item with the properties the client gives each of its kind, be they empty."""
    json = dict(held)
    item_type, mode = held["itemType"], held.get("linkMode")
    defaults: Data = {"tags": [], "relations": {}}
    if not held.get("parentItem"):
        defaults["collections"] = []
    if item_type not in CHILD_TYPES:
        defaults["creators"] = []
    elif item_type == "note":
        defaults["note"] = ""
    elif item_type == "attachment":
        defaults |= {"contentType": "", "charset": ""}
        defaults |= {"path": ""} if mode == "linked_file" else {}
        defaults |= {"filename": ""} if mode in STORED else {}
    else:
        parts = [p for p in _ANNOTATION if p != "Text"]
        if held["annotationType"] in ("highlight", "underline"):
            parts.append("Text")
        defaults |= {f"annotation{part}": "" for part in parts}
    if mode == "embedded_image":
        absent = {"tags", "relations", "collections", "charset"}
        defaults = {n: v for n, v in defaults.items() if n not in absent}
        json = {n: v for n, v in json.items() if n not in absent}
    return defaults | json


def _patch(base: Mapping[str, Any], json: Data) -> Data:
    """Return what differs from the last synced copy; what is gone is emptied."""
    patch = dict(json)
    for name, value in base.items():
        if name in ("key", "version", "dateModified"):
            continue
        if name in patch:
            if _same(name, value, patch[name]):
                del patch[name]
        elif name in ("deleted", "parentItem", "inPublications"):
            patch |= {name: False} if value else {}
        elif name != "collections" and value != "":
            patch[name] = ""
    return patch


def _same(name: str, one: Any, other: Any) -> bool:
    return _members(name, one) == _members(name, other) if name in _SETS else bool(one == other)


def _members(name: str, value: Any) -> frozenset[Any]:
    """Return the members of a value that merges as a set."""
    if name == "relations":
        return frozenset(
            (predicate, uri)
            for predicate, uris in dict(value or {}).items()
            for uri in (uris if isinstance(uris, list) else [uris])
        )
    if name == "tags":
        return frozenset((tag["tag"], tag.get("type", 0)) for tag in value or ())
    return frozenset(value or ())


def _gathered(name: str, members: Iterable[Any]) -> Any:
    if name == "tags":
        return [{"tag": t, "type": k} if k else {"tag": t} for t, k in sorted(members)]
    if name == "collections":
        return sorted(members)
    relations: dict[str, list[str]] = {}
    for predicate, uri in sorted(members):
        relations.setdefault(predicate, []).append(uri)
    return relations


@dataclass(frozen=True)
class Merged:
    """A local object and a remote one, merged over the last synced copy."""

    data: Data
    conflicts: frozenset[str] = field(default_factory=frozenset)
    local_changed: bool = False
    """There is still something to upload."""


def merged(
    kind: str, base: Mapping[str, Any] | None, local: Mapping[str, Any], remote: Mapping[str, Any]
) -> Merged:
    """Merge as the client does: sets by member, fields by value; collections and searches by themselves.

    In a conflict the local value stands until somebody chooses.
    """
    data, conflicts, local_changed = dict(local), set(), False
    for name in (local.keys() | remote.keys()) - _IGNORED:
        mine, theirs, old = local.get(name), remote.get(name), (base or {}).get(name)
        if name in _SETS:
            ours, old_ones = _members(name, mine), _members(name, old)
            others = _members(name, theirs)
            result = (ours & others) | (ours - old_ones) | (others - old_ones)
            data[name] = _gathered(name, result)
            local_changed |= result != others
        elif _empty(mine) == _empty(theirs):
            continue
        elif _empty(mine) == _empty(old) and base is not None:
            data[name] = theirs
        elif _empty(theirs) == _empty(old) and base is not None:
            local_changed = True
        elif kind != "item" or (local.get("deleted") and remote.get("deleted")):
            data[name] = theirs
        else:
            conflicts.add(name)
    for name in ("version", "dateAdded", "dateModified"):
        if name in remote:
            data[name] = remote[name]
    held = {n: v for n, v in data.items() if _is_held(n, v)}
    if held.get("parentItem"):
        held.pop("collections", None)
    return Merged(held, frozenset(conflicts), local_changed)


def _empty(value: Any) -> Any:
    return None if value in ("", False, None, [], {}) else value
