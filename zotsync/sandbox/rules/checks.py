"""What the server refuses in an item before it looks at anything else (ZOTERO, Writing and texts).

One function per property; each is given the value and what is known of the item. The words of the
refusals are Zotero's own, since clients show them and some parse them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.model import Schema, is_key
from zotsync.sandbox.rules import annotating, attachments, dates
from zotsync.sandbox.rules.refused import RefusedError, bad

CHILD_TYPES = frozenset({"note", "attachment", "annotation"})
MAX_FIELD_BYTES = 65_535
MAX_NAME = 255
MAX_NOTE = 500_000
_URI = re.compile(
    r"http://zotero\.org/(?:users|groups)/[0-9]+/(?:publications/)?([a-z]+)s/[A-Z0-9]{8}"
)
_PREDICATES = frozenset({"owl:sameAs", "dc:replaces", "dc:relation"})
_EXTERNAL = "mendeleyDB:"
_TAG_TYPES = ("0", "1")  # by hand, automatic


@dataclass(frozen=True)
class Subject:
    """The item a property is checked for: what was sent, and what the write will make of it."""

    sent: Mapping[str, Any]
    old: Mapping[str, Any] | None
    item_type: str
    parent: Any
    schema: Schema
    personal: bool
    """In a user's own library, not in a group's."""

    def property(self, name: str) -> Any:
        """Return what a property is to be: as sent, else as it was."""
        return self.sent.get(name) or (self.old or {}).get(name)


def check_item(subject: Subject) -> None:
    """Refuse (400) an item with a property that is unknown or malformed."""
    for name, value in subject.sent.items():
        check = _CHECKS.get(name)
        if check:
            check(name, value, subject)
        else:
            _check_field(name, value, subject)


def _check_field(name: str, value: Any, subject: Subject) -> None:
    if not subject.schema.knows_field(name):
        raise bad(f"Invalid property '{name}'")
    if isinstance(value, list | dict):
        raise bad(f"Unexpected array for property '{name}'")


def _anything(name: str, value: Any, subject: Subject) -> None:
    """Accept: whoever reads the property checks it."""


def _check_parent(name: str, value: Any, subject: Subject) -> None:
    # ● `parentItem: ""` is refused; only `false` makes an item stand alone.
    if value is False:
        return
    if not is_key(value):
        raise bad(f"'{name}' must be a valid item key or false")
    if value == subject.sent.get("key"):
        raise bad(f"Item {value} cannot be a child of itself")


def _check_tags(name: str, value: Any, _subject: Subject) -> None:
    for tag in _array(name, value):
        if not isinstance(tag, dict):
            raise bad("Tag must be an object")
        if not tag:
            raise bad("Tag object is empty")
        for part, content in tag.items():
            if part not in ("tag", "type"):
                raise bad(f"Invalid tag property '{part}'")
            if part == "tag" and isinstance(content, list | dict | None):
                raise bad("Invalid tag name")
            if part == "type" and str(content) not in _TAG_TYPES:
                raise bad(f"Invalid tag type '{content}'")
        if "tag" not in tag:
            raise bad("Invalid tag name")


def _check_collections(name: str, value: Any, subject: Subject) -> None:
    if _array(name, value) and subject.parent:
        raise bad("Child items cannot be assigned to collections")
    for key in value:
        if not is_key(key):
            raise bad(f"'{key}' is not a valid collection key")


def _check_relations(_name: str, value: Any, _subject: Subject) -> None:
    check_relations(value, "item", _PREDICATES, external=_EXTERNAL)


def check_relations(value: Any, kind: str, predicates: Container[str], *, external: str) -> None:
    """Refuse (400) relations that Zotero does not know, or to anything but objects of this kind.

    `external`: how the predicates of other programs begin, whose values may be anything.
    """
    if value == []:  # some clients send an empty array for an empty object
        return
    if not isinstance(value, dict):
        raise bad("'relations' property must be an object")
    for predicate, objects in value.items():
        if predicate.startswith(external):
            continue
        if predicate not in predicates:
            raise bad(f"Unsupported predicate '{predicate}'")
        for uri in objects if isinstance(objects, list) else [objects]:
            # ● https is refused.
            match = _URI.fullmatch(uri) if isinstance(uri, str) else None
            if not match or match[1] != kind:
                raise bad(f"'relations' values currently must be Zotero {kind} URIs")


def _check_creators(name: str, value: Any, subject: Subject) -> None:
    creators = _array(name, value)
    for creator in creators:
        if not isinstance(creator, dict) or not isinstance(creator.get("creatorType"), str):
            raise bad("creator object must contain 'creatorType'")
        if not any(str(creator.get(p) or "").strip() for p in ("name", "firstName", "lastName")):
            # The template for new items holds one nameless creator; it is ignored there.
            if len(creators) == 1 and subject.old is None:
                continue
            raise bad("creator object must contain 'firstName'/'lastName' or 'name'")
        _check_creator_parts(creator)
        _check_creator_type(creator["creatorType"], subject)


def _check_creator_parts(creator: Mapping[str, Any]) -> None:
    for part, text in creator.items():
        if part not in ("creatorType", "name", "firstName", "lastName"):
            raise bad(f"Invalid creator property '{part}'")
        if not isinstance(text, str):
            raise bad(f"Invalid value for creator property '{part}'")
        if part in ("firstName", "lastName") and "name" in creator:
            raise bad(f"'{part}' and 'name' creator fields are mutually exclusive")
    # ● Both halves of a name, or `name` alone.
    for part, other in (("firstName", "lastName"), ("lastName", "firstName")):
        if part in creator and other not in creator:
            raise bad(f"'{other}' creator field must be set if '{part}' is set")


def _check_creator_type(name: str, subject: Subject) -> None:
    types = subject.schema.item_types
    if not any(name in t.creator_types for t in types.values()):
        raise bad(f"'{name}' is not a valid creator type")
    # `author` is let through everywhere.
    if name not in types[subject.item_type].creator_types and name != "author":
        raise bad(f"'{name}' is not a valid creator type for item type '{subject.item_type}'")


def _check_note(name: str, value: Any, subject: Subject) -> None:
    if subject.item_type not in ("note", "attachment"):
        raise bad(f"'{name}' property is valid only for note and attachment items")
    if isinstance(value, list | dict):
        raise bad(f"Unexpected array for property '{name}'")
    if subject.property("linkMode") == "embedded_image" and value != "":
        raise bad(f"'{name}' property is not valid for embedded images")


def check_deleted(name: str, value: Any, _subject: object) -> None:
    """Refuse a `deleted` that is neither a boolean nor 0 or 1."""
    if not isinstance(value, bool | int) or value not in (0, 1):
        raise bad(f"'{name}' must be a boolean")


def _check_publications(_name: str, value: Any, subject: Subject) -> None:
    if not value:
        return
    if not subject.personal:
        raise bad("Group items cannot be added to My Publications")
    if not subject.parent and subject.item_type in ("note", "attachment"):
        raise bad("Top-level notes and attachments cannot be added to My Publications")
    if subject.property("linkMode") == "linked_file":
        raise bad("Linked-file attachments cannot be added to My Publications")


def _check_link_mode(_name: str, value: Any, subject: Subject) -> None:
    if subject.item_type != "attachment" or value not in attachments.LINK_MODES:
        raise bad(f"'{value}' is not a valid linkMode")


def _check_attachment(name: str, value: Any, subject: Subject) -> None:
    if subject.item_type != "attachment":
        raise bad(f"'{name}' is valid only for attachment items")
    link_mode = subject.property("linkMode")
    attachments.check_property(name, value, link_mode, personal=subject.personal)


def _check_annotation(name: str, value: Any, subject: Subject) -> None:
    if subject.item_type != "annotation":
        raise bad(f"'{name}' is valid only for annotation items")
    kind = (subject.old or subject.sent).get("annotationType")
    annotating.check_property(name, value, kind, subject.parent)


def _check_access_date(name: str, value: Any, _subject: Subject) -> None:
    if not isinstance(value, str) or dates.access_date(value, "") is None:
        raise bad(
            f"'{name}' must be in ISO 8601 or UTC 'YYYY-MM-DD[ hh:mm:ss]' format "
            f"or 'CURRENT_TIMESTAMP' ({value})"
        )


def _check_timestamp(name: str, value: Any, _subject: Subject) -> None:
    if not isinstance(value, str) or dates.timestamp(value) is None:
        raise bad(f"'{name}' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format ({value})")


def _renamed(name: str, _value: Any, _subject: Subject) -> None:
    new = "key" if name.endswith("Key") else "version"
    raise bad(f"'{name}' property is now '{new}'")


def _array(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad(f"'{name}' property must be an array")
    return value


_CHECKS: Mapping[str, Callable[[str, Any, Subject], None]] = {
    "key": _anything,
    "version": _anything,
    "itemKey": _renamed,
    "itemVersion": _renamed,
    "itemType": _anything,
    "parentItem": _check_parent,
    "tags": _check_tags,
    "collections": _check_collections,
    "relations": _check_relations,
    "creators": _check_creators,
    "note": _check_note,
    "deleted": check_deleted,
    "inPublications": _check_publications,
    "linkMode": _check_link_mode,
    "accessDate": _check_access_date,
    "dateAdded": _check_timestamp,
    "dateModified": _check_timestamp,
    **dict.fromkeys(attachments.PROPERTIES, _check_attachment),
    **dict.fromkeys(annotating.PROPERTIES, _check_annotation),
}


def check_length(label: str, text: str, *, limit: int, size: int) -> None:
    """Refuse (413) a text that is longer than Zotero's table has room for."""
    if size > limit:
        data = {"tag": text} if label == "Tag" else {"value": text[:50]}
        raise RefusedError(413, f"{label} '{text[:50]}…' too long", data=data)
