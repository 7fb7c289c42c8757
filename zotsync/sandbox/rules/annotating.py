"""Annotations' own properties: what each may be, and on which files which kind may stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zotsync.sandbox.rules.refused import bad

Data = Mapping[str, Any]

PROPERTIES = tuple(
    f"annotation{part}"
    for part in (
        *("Type", "AuthorName", "Text", "Comment"),
        *("Color", "PageLabel", "SortIndex", "Position"),
    )
)
KINDS = ("highlight", "note", "image", "ink", "underline", "text")
MARKING = frozenset({"highlight", "underline"})
"""The kinds that mark a text, and have it."""
# ● These may stand on EPUBs and web pages too, the others on PDFs alone.
_ANYWHERE = MARKING | {"note"}
_YELLOW = "#ffd400"
_MAX_TEXT = 7_500
_MAX_PAGE_LABEL = 50
_MAX_POSITION = 65_535
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
PDF = "application/pdf"
# Content type -> the form of a sort index, and how a refusal calls such a file.
_SORT_INDEX = {
    PDF: (re.compile(r"[0-9]{5}\|[0-9]{6}\|[0-9]{5}"), ""),
    "application/epub+zip": (re.compile(r"[0-9]{5}\|[0-9]{8}"), " for EPUB annotation"),
    "text/html": (re.compile(r"[0-9]{7,8}"), " for HTML annotation"),
}

_ANY_FORM = (re.compile(r".*", re.DOTALL), "")


def check_property(name: str, value: Any, kind: Any, parent: Any) -> None:
    """Refuse (400) a bad value of an annotation of this kind; `parent` is its file's key."""
    if name == "annotationText" and kind not in MARKING:
        raise bad(f"'{name}' can only be set for highlight and underline annotations")
    if name == "annotationType" and value not in KINDS:
        raise bad("annotationType must be 'highlight', 'note', 'image', 'text', or 'ink'")
    if not isinstance(value, str):
        raise bad(f"{name} must be a string")
    # ● None may be given at all, but not an empty one.
    if name == "annotationSortIndex" and not value:
        raise bad(f"Invalid sortIndex '{value}'")
    if name == "annotationColor" and value and not _COLOR.fullmatch(value):
        raise bad("annotationColor must be a hex color (e.g., '#FF0000')")
    # ● Of bytes, and 400 where other long values are a 413.
    if name == "annotationPageLabel" and len(value.encode()) > _MAX_PAGE_LABEL:
        raise bad(f"Annotation page label is too long for attachment {parent}")
    if name == "annotationPosition" and len(value.encode()) > _MAX_POSITION:
        raise bad(f"Annotation position is too long for attachment {parent}")


def revised(old: Data | None, new: Data) -> dict[str, Any]:
    """Return an annotation's new data; refuse (400) one without file, or of another kind now."""
    if not new.get("parentItem"):
        whose = "Annotation" if old else "Annotation item"
        raise bad(f"{whose} must have a parent item")
    if new.get("annotationType") not in KINDS:
        raise bad("'annotationType' property not provided")
    if old and old["annotationType"] != new["annotationType"]:
        raise bad("Cannot change existing annotationType")
    # ● One that is made without a color is yellow.
    return dict(new) | ({} if old else {"annotationColor": new["annotationColor"] or _YELLOW})


def check_file(new: Data, key: str, parent: Data, *, is_new: bool) -> None:
    """Refuse (400) an annotation on an item that cannot have one of its kind."""
    kind, content_type = new["annotationType"], parent.get("contentType")
    is_file = parent["itemType"] == "attachment" and parent["linkMode"] != "linked_url"
    if is_new and not is_file:
        raise bad(f"Parent item {key} of annotation must be a file attachment")
    if not is_file or content_type not in (_SORT_INDEX if kind in _ANYWHERE else (PDF,)):
        whose = f" {key}" if is_new else ""
        raise bad(f"Parent item{whose} of {kind} annotation must be a PDF attachment")


def check_sort_index(text: str, parent: Data) -> None:
    """Refuse (400) a sort index that is not in the form for its kind of file."""
    form, whose = _SORT_INDEX.get(parent.get("contentType", ""), _ANY_FORM)
    if text and not form.fullmatch(text):
        raise bad(f"Invalid sortIndex '{text}'{whose}")


def shown(values: Data) -> dict[str, Any]:
    """Return an annotation's own properties as answers show them."""
    data = {name: values.get(name, "") for name in PROPERTIES}
    data["annotationText"] = data["annotationText"][:_MAX_TEXT]
    # ● No empty author, and a text only where there is text to mark.
    if not data["annotationAuthorName"]:
        del data["annotationAuthorName"]
    if data["annotationType"] not in MARKING:
        del data["annotationText"]
    return data


def kept(text: str) -> str:
    """Return what becomes of a text: ● control characters go, outer blanks stay."""
    return _CONTROL.sub("", text)
