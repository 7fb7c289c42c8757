"""What Zotero would refuse of an item, found before anything is sent. Pure: codes, no texts.

A bad field waits and the rest of the item goes; one bad `itemType` makes the item wait (SYNC §6).
What came from the server is never a fault: a newer schema knows more than ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from zotsync.model import UNSYNCED_TYPES, Fields, Schema, is_key
from zotsync.sync.merging.fields import STRUCTURE

FIELD_BYTES = 65_535
NOTE_CHARACTERS = 500_000
NAME_CHARACTERS = 255
_ACCESS_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?Z?)?|CURRENT_TIMESTAMP")


class FaultKind(Enum):
    """What is wrong with a field."""

    UNKNOWN_TYPE = "unknown item type"
    UNTOUCHED_TYPE = "attachments and annotations are not made from files"
    UNKNOWN_FIELD = "unknown field"
    NOT_FOR_TYPE = "not a field of this type"
    CREATOR_TYPE = "not a creator type of this type"
    TOO_LONG = "too long"
    CHILD_IN_COLLECTION = "a child note is in no collection"
    NO_PARENT = "only notes have a parent"
    BAD_PARENT = "not an item key"
    ACCESS_DATE = "not a date that Zotero takes"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field waits. `word` is the offending part: a type, a field, a creator type, a tag."""

    kind: FaultKind
    word: str = ""


def faults(fields: Fields, schema: Schema, known: Fields) -> dict[str, Fault]:
    """Return field -> what is wrong with it.

    Args:
        fields: the file's fields.
        schema: the facts to go by.
        known: what Zotero has of the item already; {} for a new one.

    """
    name = str(fields.get("itemType", ""))
    for kind in (name, str(known.get("itemType", ""))):  # of this key in Zotero: not ours to touch
        if kind in UNSYNCED_TYPES:
            return {"itemType": Fault(FaultKind.UNTOUCHED_TYPE, kind)}
    if name not in schema.item_types and name != known.get("itemType"):
        return {"itemType": Fault(FaultKind.UNKNOWN_TYPE, name)}
    found = {n: f for n, v in fields.items() if (f := _fault(n, v, fields, schema, known))}
    if "parentItem" in fields and fields.get("collections"):
        found["collections"] = Fault(FaultKind.CHILD_IN_COLLECTION)
    return found


def _fault(name: str, value: Any, fields: Fields, schema: Schema, known: Fields) -> Fault | None:
    if name == "creators":
        return _creators_fault(value, fields, schema, known)
    if name == "tags":
        return _longest([entry["tag"] for entry in value])
    if name == "note":
        too_long = len(value) > NOTE_CHARACTERS
        return Fault(FaultKind.TOO_LONG) if too_long else None
    if name == "parentItem":
        return _parent_fault(value, fields)
    if name in STRUCTURE:
        return None
    if isinstance(value, str) and len(value.encode("utf-8", "replace")) > FIELD_BYTES:
        return Fault(FaultKind.TOO_LONG)
    if name == "accessDate" and value != known.get(name) and not _ACCESS_DATE.fullmatch(value):
        return Fault(FaultKind.ACCESS_DATE, str(value))
    return _membership_fault(name, fields, schema, known)


def _membership_fault(name: str, fields: Fields, schema: Schema, known: Fields) -> Fault | None:
    item_type = schema.item_types.get(str(fields["itemType"]))
    if item_type is None or name in item_type.fields:
        return None
    if name in known and known.get("itemType") == fields["itemType"]:
        return None  # Zotero has it there: its schema is newer than ours
    if schema.knows_field(name):
        return Fault(FaultKind.NOT_FOR_TYPE, name)
    return Fault(FaultKind.UNKNOWN_FIELD, name)


def _creators_fault(value: Any, fields: Fields, schema: Schema, known: Fields) -> Fault | None:
    item_type = schema.item_types.get(str(fields["itemType"]))
    same_type = known.get("itemType") == fields["itemType"]
    if item_type is None or (same_type and value == known.get("creators")):
        return None
    for creator in value:
        if creator.get("creatorType", "") not in item_type.creator_types:
            return Fault(FaultKind.CREATOR_TYPE, str(creator.get("creatorType", "")))
    names = [c.get(part, "") for c in value for part in ("name", "firstName", "lastName")]
    return _longest(names)


def _longest(texts: list[str]) -> Fault | None:
    for text in texts:
        if len(text) > NAME_CHARACTERS:
            return Fault(FaultKind.TOO_LONG, text[:40] + "…")
    return None


def _parent_fault(value: Any, fields: Fields) -> Fault | None:
    if fields.get("itemType") != "note":
        return Fault(FaultKind.NO_PARENT)
    return None if is_key(value) else Fault(FaultKind.BAD_PARENT, str(value))
