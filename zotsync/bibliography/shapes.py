"""The shapes that a field's value can have in an item file."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from zotsync.bibliography.field_order import TEXT_FIELDS
from zotsync.bibliography.paths import PathError, PathFault, split_path
from zotsync.i18n import _
from zotsync.model import is_key

CREATOR_PARTS = ("creatorType", "lastName", "firstName", "name")


class ShapeError(ValueError):
    """A value that its field cannot have."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


def text_shape(value: Any) -> Any:
    """Accept a text."""
    _no_boolean(value)
    if not isinstance(value, str):
        hint = _("Write one text between quotes.")
        raise ShapeError(_("This field holds a text, not a list or a table."), hint)
    return value


def unknown_shape(value: Any) -> Any:
    """Accept whatever a newer schema may have: a text, a list, a table."""
    _no_boolean(value)
    return value


def parent_shape(value: Any) -> Any:
    """Accept an item key, or nothing."""
    text = text_shape(value)
    if text and not is_key(text.strip()):
        hint = _("Write the key of the item that the note belongs to, or remove the line.")
        raise ShapeError(_("This is not an item key."), hint)
    return text.strip()


def tags_shape(value: Any) -> Any:
    """Accept a list of texts and `{ tag = …, type = … }`."""
    for entry in _list(value, "tags"):
        if isinstance(entry, dict):
            _tag_table(entry)
        elif not isinstance(entry, str):
            raise ShapeError(_("A tag is a text."), 'tags = ["pair-aidance"]')
    return [_numbered(entry) for entry in value]


def _tag_table(entry: dict[str, Any]) -> None:
    right = isinstance(entry.get("tag"), str) and set(entry) <= {"tag", "type"}
    if not right or entry.get("type", "0") not in ("0", "1"):
        raise ShapeError(_("A tag cannot be read."), '{ tag = "pair-aidance", type = 1 }')


def _numbered(entry: Any) -> Any:
    if isinstance(entry, str):
        return entry
    return {"tag": entry["tag"], "type": int(entry.get("type", "0"))}


def collections_shape(value: Any) -> Any:
    """Accept a list of collection paths."""
    for path in _list(value, "collections"):
        if not isinstance(path, str):
            raise ShapeError(_("A collection is named by its path."), 'collections = ["Articles"]')
        check_path(path)
    return value


def check_path(path: str) -> None:
    """Raise ShapeError if `path` is not a collection path."""
    try:
        split_path(path)
    except PathError as exc:
        message = _("This is not a collection path: {path}").format(path=path)
        if exc.fault is PathFault.BACKSLASH:
            hint = _(r"A backslash is written twice: '\\'. A slash inside a name is written: '\/'.")
        else:
            hint = _("A name between two slashes is empty.")
        raise ShapeError(message, hint) from exc


def relations_shape(value: Any) -> Any:
    """Accept a table of addresses, or of lists of them."""
    hint = 'relations = { "dc:relation" = ["http://zotero.org/groups/…/items/…"] }'
    if not isinstance(value, dict):
        raise ShapeError(_("Relations are a table."), hint)
    for targets in value.values():
        listed = targets if isinstance(targets, list) else [targets]
        if not all(isinstance(target, str) for target in listed):
            raise ShapeError(_("Relations cannot be read."), hint)
    return value


def creators_shape(value: Any) -> Any:
    """Accept a list of creators."""
    if isinstance(value, dict):
        raise ShapeError(_("`creators` is a list."), _("Put square brackets around it: [{ … }]"))
    for creator in _list(value, "creators"):
        _check_creator(creator)
    return value


def _check_creator(creator: Any) -> None:
    example = '{ creatorType = "author", lastName = "Adenot", firstName = "Vincent" }'
    if not isinstance(creator, dict) or not all(isinstance(v, str) for v in creator.values()):
        raise ShapeError(_("A creator cannot be read."), example)
    for part in (p for p in creator if p not in CREATOR_PARTS):
        # Parts of newer schemas pass; what looks like a slip does not.
        close = get_close_matches(part.lower(), [p.lower() for p in CREATOR_PARTS], 1, 0.75)
        if close:
            raise ShapeError(
                _("A creator has no `{part}`.").format(part=part),
                _("Perhaps you meant `{name}`.").format(
                    name=next(p for p in CREATOR_PARTS if p.lower() == close[0])
                ),
            )
    if not creator.get("creatorType", "").strip():
        raise ShapeError(_("A creator has no `creatorType`."), example)
    if creator.get("name") and (creator.get("firstName") or creator.get("lastName")):
        hint = _("`name` stands alone, for institutions; people have `lastName` and `firstName`.")
        raise ShapeError(_("A creator has both `name` and `lastName` or `firstName`."), hint)


def _no_boolean(value: Any) -> None:
    if isinstance(value, bool):
        hint = _("Put quotes around it, or remove the line.")
        raise ShapeError(_("true and false are no values of a field."), hint)


def _list(value: Any, name: str) -> list[Any]:
    _no_boolean(value)
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        hint = _('Put square brackets around it: {name} = ["{value}"]')
        raise ShapeError(
            _("`{name}` is a list.").format(name=name), hint.format(name=name, value=value)
        )
    raise ShapeError(_("`{name}` is a list.").format(name=name))


SHAPES: dict[str, Callable[[Any], Any]] = dict.fromkeys(TEXT_FIELDS, text_shape) | {
    "parentItem": parent_shape,
    "creators": creators_shape,
    "tags": tags_shape,
    "collections": collections_shape,
    "relations": relations_shape,
}
"""Field -> the check of its value; other fields may be of a newer schema."""
