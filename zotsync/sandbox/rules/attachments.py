"""Attachments' own properties: which link mode has which, and how answers show them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zotsync.model import normal_text
from zotsync.sandbox.rules.refused import bad

STORED = frozenset({"imported_file", "imported_url", "embedded_image"})
LINK_MODES = STORED | {"linked_file", "linked_url"}
PROPERTIES = ("contentType", "charset", "filename", "md5", "mtime", "path", "lastRead")
# An embedded image is a part of its note: what stands for itself it has not.
_NOT_OF_IMAGES = ("title", "url", "accessDate", "note", "charset", "tags", "relations")
_HASH = re.compile(r"[0-9a-f]{32}")
_DIGITS = re.compile(r"[0-9]{1,15}")
_FOLDER = re.compile(r".*/|[A-Za-z]:[\\/]|\\\\", re.DOTALL)


def is_image_in_note(data: Mapping[str, Any]) -> bool:
    """Return whether an item is an image that belongs to a note."""
    return data.get("linkMode") == "embedded_image"


def check_property(name: str, value: Any, link_mode: Any, *, personal: bool) -> None:
    """Refuse (400) a property that an attachment of this link mode has not, or a bad value of it."""
    if isinstance(value, list | dict):
        raise bad(f"Unexpected array for property '{name}'")
    if name in ("filename", "md5", "mtime") and link_mode not in STORED:
        raise bad(f"'{name}' is valid only for imported and embedded-image attachments")
    if name == "path" and link_mode != "linked_file":
        raise bad(f"'{name}' is valid only for linked file attachment items")
    if link_mode == "linked_file" and not personal:
        raise bad("Linked files can only be added to user libraries")
    if name == "charset" and link_mode == "embedded_image" and value != "":
        raise bad(f"'{name}' is not valid for embedded images")
    if name == "md5" and value and not _HASH.fullmatch(str(value)):
        raise bad(f"'{value}' is not a valid MD5 hash")
    if name == "filename" and _FOLDER.match(str(value)):
        raise bad(f"Stored-file filename '{value}' cannot contain a directory path")
    if name == "lastRead":
        _check_last_read(name, value, personal=personal)


def _check_last_read(name: str, value: Any, *, personal: bool) -> None:
    # ● When a file was last read is known in one's own library alone.
    if not personal:
        raise bad(f"'{name}' is valid only for user library items")
    # ● "", null and false take it away.
    if value not in ("", None) and value is not False and type(value) is not int:
        raise bad(f"'{name}' must be a Unix timestamp integer")


def merged(old: Mapping[str, Any], name: str, value: Any) -> Any:
    """Return what a property becomes that is written over the old ones."""
    # ● A file sets these, and an empty value does not take them away.
    if name in ("md5", "mtime") and not value:
        return old.get(name)
    if name == "mtime":
        digits = _DIGITS.match(str(value))
        return int(digits[0]) or None if digits else None
    if name == "lastRead":
        return value or None
    return normal_text(value) if isinstance(value, str) else value


def check_parent(old: Mapping[str, Any], parent: Any) -> None:
    """Refuse (400) another parent, or none, for an image that belongs to a note."""
    if is_image_in_note(old) and old.get("parentItem") != parent:
        raise bad("Cannot change parent item of embedded-image attachment")


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an attachment's own properties as answers show them."""
    data = {name: values.get(name) or "" for name in ("linkMode", "contentType", "charset")}
    if data["linkMode"] in STORED:
        data["filename"] = values.get("filename", "")
        data |= {name: values.get(name) for name in ("md5", "mtime")}
    elif data["linkMode"] == "linked_file":
        data["path"] = values.get("path", "")
    if values.get("lastRead"):
        data["lastRead"] = values["lastRead"]
    return data


def as_image_in_note(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an embedded image's data as answers show it; refuse (400) what is no such image."""
    if not data.get("parentItem"):
        raise bad("Embedded-image attachment must have a parent item")
    if not str(data["contentType"]).startswith("image/"):
        raise bad("Embedded-image attachment must have an image content type")
    return {name: value for name, value in data.items() if name not in _NOT_OF_IMAGES}
