"""What becomes of an item when something is written to it. Pure: values in, values out.

Whether parents and collections exist is not asked here: that is `writes`' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.model import ItemType, Schema, normal_text
from zotsync.sandbox.rules import annotating, attachments, checks, contents, dates
from zotsync.sandbox.rules.checks import CHILD_TYPES, Subject, check_length
from zotsync.sandbox.rules.refused import bad
from zotsync.sandbox.rules.writing import Writing

Data = Mapping[str, Any]
# ● Changing only these leaves `dateModified` and who modified the item last as they are.
_QUIET = frozenset({"collections", "relations", "inPublications"})
_DATES = frozenset({"dateAdded", "dateModified"})


@dataclass(frozen=True)
class Revised:
    """What a write makes of an item: its new data, and the names of what changed in it."""

    data: Mapping[str, Any]
    changed: frozenset[str]

    @property
    def quiet(self) -> bool:
        """Return whether the change is one that does not count as a modification."""
        return self.changed <= _QUIET


def revise(old: Data | None, sent: Data, *, partial: bool, at: Writing) -> Revised:
    """Return what writing `sent` to `old` (None: a new item) makes of it.

    `partial` is the merge of PATCH and POST; a PUT is not partial.
    """
    schema, now = at.schema, at.now
    sent = _made_standalone(old, sent, partial=partial)
    parent = _parent(old, sent, partial=partial)
    _require(old, sent, parent, partial=partial)
    item_type = sent.get("itemType", (old or {}).get("itemType", ""))
    if not isinstance(item_type, str) or item_type not in schema.item_types:
        raise bad(f"'{item_type}' is not a valid itemType")
    checks.check_item(Subject(sent, old, item_type, parent, schema, at.personal))
    _check_family(old or {}, item_type, parent)
    values = _values(old or {}, sent, item_type, at)
    values |= _links(old or {}, sent, parent)
    values |= _state(old or {}, sent, partial=partial, now=now)
    data = _ordered(values, schema.item_types[item_type], parent)
    if item_type == "annotation":
        data = annotating.revised(old, data)
    changed = _changes(old, sent, data)
    if changed - _QUIET and not _dated(old, sent, at):
        data["dateModified"] = now
    return Revised(data, frozenset(changed))


def _made_standalone(old: Data | None, sent: Data, *, partial: bool) -> Data:
    # ● A child that is given collections, and no parent in the same write, loses its parent.
    is_child = bool((old or {}).get("parentItem"))
    if partial and is_child and "parentItem" not in sent and sent.get("collections"):
        return dict(sent) | {"parentItem": False}
    return sent


def _parent(old: Data | None, sent: Data, *, partial: bool) -> Any:
    # ● A PUT without `parentItem` makes the item stand alone.
    if "parentItem" in sent:
        return sent["parentItem"]
    return (old or {}).get("parentItem", False) if partial else False


def _require(old: Data | None, sent: Data, parent: Any, *, partial: bool) -> None:
    if partial and old is not None:
        return
    if sent.get("itemType") == "attachment":
        required: tuple[str, ...] = ("linkMode",)
    elif old is None:
        required = ("itemType",)
    else:
        required = ("itemType", "tags", "relations", *(() if parent else ("collections",)))
    for name in required:
        if sent.get(name) is None:
            raise bad(f"'{name}' property not provided")


def _check_family(old: Data, item_type: str, parent: Any) -> None:
    if parent and item_type not in CHILD_TYPES:
        raise bad("Child item must be note, attachment, or annotation")
    attachments.check_parent(old, parent)
    old_type = old.get("itemType", "")
    if old_type != item_type and old_type in CHILD_TYPES:
        raise bad(f"Cannot change a {old_type} into another item type")


def _values(old: Data, sent: Data, name: str, at: Writing) -> dict[str, Any]:
    schema = at.schema
    item_type = schema.item_types[name]
    values = _carried_over(old, schema, item_type)
    for field, value in sent.items():
        if field == "creators":
            values[field] = contents.creators(value)
        elif field == "note":
            key = sent.get("key")
            values[field] = contents.note(value, f"{at.number}/{key}" if key else "")
        elif field == "linkMode":
            if old and old.get("linkMode") != value:
                raise bad("Cannot change attachment linkMode")
            values[field] = value
        elif field in attachments.PROPERTIES:
            values[field] = attachments.merged(old, field, value)
        elif field in annotating.PROPERTIES:
            values[field] = annotating.kept(value)
        elif field == "itemType":
            values[field] = value
        elif schema.knows_field(field):
            _set_field(values, field, value, item_type, at.now)
    return values


def _set_field(
    values: dict[str, Any], field: str, value: Any, item_type: ItemType, now: str
) -> None:
    text = (
        "" if value is None or value is False else normal_text(str(1 if value is True else value))
    )
    if field == "accessDate":
        text = dates.access_date(text, now) or ""
    if field not in item_type.fields:
        # ● An empty field of another type is let pass, a filled one is not.
        if text:
            raise bad(f"'{field}' is not a valid field for type '{item_type.name}'")
        return
    # ● The limit is in bytes.
    check_length(
        f"{field} field value", text, limit=checks.MAX_FIELD_BYTES, size=len(text.encode())
    )
    values[field] = text


def _carried_over(old: Data, schema: Schema, new_type: ItemType) -> dict[str, Any]:
    """Return the old item's values, moved along when its type changes.

    ● A change of type moves what stands for the same base field, drops fields the new type lacks,
    and makes contributors of creators whose type it lacks.
    """
    values = dict(old)
    old_type = schema.item_types.get(old.get("itemType", ""))
    if old_type is None or old_type.name == new_type.name:
        return values
    stands_for = {base: field for field, base in new_type.base_fields.items()}
    for field in old_type.fields:
        if field in new_type.fields:
            continue
        text = values.pop(field, "")
        base = old_type.base_fields.get(field, field)
        heir = base if base in new_type.fields else stands_for.get(base)
        if text and heir and not values.get(heir):
            values[heir] = text
    known = new_type.creator_types
    values["creators"] = [
        creator if creator["creatorType"] in known else {**creator, "creatorType": "contributor"}
        for creator in values.get("creators", ())
    ]
    return values


def _links(old: Data, sent: Data, parent: Any) -> dict[str, Any]:
    links: dict[str, Any] = {
        "tags": contents.tags(sent["tags"]) if "tags" in sent else list(old.get("tags", ())),
        "collections": [] if parent else list(sent.get("collections", old.get("collections", ()))),
        "relations": dict(old.get("relations") or {}),
    }
    links["collections"] = sorted(set(links["collections"]))
    if "relations" in sent:
        links["relations"] = contents.relations(sent["relations"])
    return links


def _state(old: Data, sent: Data, *, partial: bool, now: str) -> dict[str, Any]:
    # ● A PUT without `deleted` takes the item out of the trash.
    deleted = sent["deleted"] if "deleted" in sent else partial and old.get("deleted")
    # ● As one without `inPublications` takes it out of My Publications.
    shown = sent["inPublications"] if "inPublications" in sent else partial and _published(old)
    state: dict[str, Any] = {"deleted": 1 if deleted else None, "inPublications": bool(shown)}
    for name in ("dateAdded", "dateModified"):
        state[name] = old.get(name, now)
        if name in sent:
            state[name] = dates.timestamp(sent[name])
    return state


def _published(data: Data) -> bool:
    return bool(data.get("inPublications"))


def _dated(old: Data | None, sent: Data, at: Writing) -> bool:
    """Return whether the writer gave a `dateModified` of its own: ● the server keeps it.

    ● What Zotero itself gives is kept even if it is the old one; from others that means nothing.
    """
    given = dates.timestamp(sent["dateModified"]) if "dateModified" in sent else None
    return given is not None and (at.by_zotero or given != (old or {}).get("dateModified"))


def _ordered(values: Data, item_type: ItemType, parent: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"parentItem": parent} if parent else {}
    data["itemType"] = item_type.name
    if item_type.name not in CHILD_TYPES:
        data[item_type.fields[0]] = values.get(item_type.fields[0], "")
        data["creators"] = values.get("creators", [])
    data |= {field: values.get(field, "") for field in item_type.fields}
    if item_type.name in ("note", "attachment"):
        data["note"] = values.get("note", "")
    if item_type.name == "attachment":
        data |= attachments.shown(values)
    if item_type.name == "annotation":
        data |= annotating.shown(values)
    if values.get("deleted"):
        data["deleted"] = 1
    if values["inPublications"]:
        data["inPublications"] = True
    data["tags"] = values["tags"]
    if not parent:
        data["collections"] = values["collections"]
    data |= {name: values[name] for name in ("relations", "dateAdded", "dateModified")}
    return attachments.as_image_in_note(data) if attachments.is_image_in_note(data) else data


def _changes(old: Data | None, sent: Data, data: Data) -> set[str]:
    if old is None:
        return set(data)
    names = (old.keys() | data.keys()) - _DATES
    changed = {name for name in names if old.get(name) != data.get(name)}
    # ● Sending tags for an item that has or gets some is always a change, even of nothing.
    if "tags" in sent and (old.get("tags") or data.get("tags")):
        changed.add("tags")
    return changed | {name for name in _DATES if name in sent and old.get(name) != data.get(name)}
