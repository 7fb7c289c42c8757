"""What is told about fields that wait: what Zotero would refuse of them, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

from zotsync.bibliography.paths import PathError, PathFault
from zotsync.errors import Place, Problem
from zotsync.figures import number
from zotsync.i18n import _
from zotsync.model import Schema
from zotsync.sync.deciding.validate import (
    FIELD_BYTES,
    NAME_CHARACTERS,
    NOTE_CHARACTERS,
    Fault,
    FaultKind,
)


def fault_problem(name: str, fault: Fault, place: Place, item_type: str, schema: Schema) -> Problem:
    """Return what to tell about a field (`name`) that Zotero would refuse."""
    message, hint = _TEXTS[fault.kind](name, fault.word, item_type, schema)
    return Problem(message, place, hint)


def path_problem(exc: PathError, place: Place) -> Problem:
    """Return what to tell about a collection path that says nothing usable."""
    if exc.fault is PathFault.AMBIGUOUS:
        message = _("Several collections are called {path}.").format(path=exc.path)
        hint = _("Write the one that is meant: {examples}.").format(
            examples=_(" or ").join(f"{exc.path} [{key}]" for key in exc.candidates)
        )
        return Problem(message, place, hint)
    message = _("This is not a collection path: {path}").format(path=exc.path)
    hint = _(r"Write `\/` for a slash inside a name, between single quotes: 'Arts\/lettres'.")
    return Problem(message, place, hint)


def lost_collections_problem(file: Path) -> Problem:
    """Return what to tell where collections.toml was there, and is not."""
    message = _("This file is missing. No collection was changed.")
    hint = _("A sync writes it again as it was; to delete collections, remove their lines.")
    return Problem(message, Place(str(file)), hint)


def no_collections_problem(path: str, place: Place) -> Problem:
    """Return what to tell where a collection would be made while collections.toml is unusable."""
    message = _("The collection {path} is not known.").format(path=path)
    return Problem(message, place, _("Mend collections.toml first; then it is made."))


def parent_problem(parent: str, file: str) -> Problem:
    """Return what to tell about a note whose parent cannot be had."""
    message = _("The item {key} that this note belongs to is not there.").format(key=parent)
    hint = _("Bring it back, mend its file, or remove `parentItem`.")
    return Problem(message, Place(file, None, "parentItem"), hint)


def _closest(word: str, known: tuple[str, ...]) -> str:
    found = difflib.get_close_matches(word, known, 1)
    return _("Is {name} meant?").format(name=found[0]) if found else ""


def _type_fields(item_type: str, schema: Schema) -> tuple[str, ...]:
    known = schema.item_types.get(item_type)
    return known.fields if known else ()


def _unknown_type(_name: str, word: str, _type: str, schema: Schema) -> tuple[str, str]:
    message = _("{word} is not an item type of Zotero.").format(word=word)
    return message, _closest(word, tuple(schema.item_types))


def _untouched_type(_name: str, word: str, _type: str, _schema: Schema) -> tuple[str, str]:
    message = _("An item of type {word} cannot be made from a file.").format(word=word)
    return message, _("Add attachments in the Zotero client.")


def _unknown_field(name: str, _word: str, item_type: str, schema: Schema) -> tuple[str, str]:
    message = _("{name} is not a field of Zotero.").format(name=name)
    hint = _closest(name, _type_fields(item_type, schema))
    return message, hint or _("Remove it, or put it into `extra`.")


def _not_for_type(name: str, _word: str, item_type: str, schema: Schema) -> tuple[str, str]:
    message = _("An item of type {type} has no field {name}.").format(type=item_type, name=name)
    hint = _closest(name, _type_fields(item_type, schema))
    return message, hint or _("Remove it, or put it into `extra`.")


def _creator_type(_name: str, word: str, item_type: str, schema: Schema) -> tuple[str, str]:
    message = _("An item of type {type} has no creators of type {word}.").format(
        type=item_type, word=word or "?"
    )
    known = schema.item_types.get(item_type)
    names = ", ".join(known.creator_types) if known else ""
    return message, _("It has: {names}.").format(names=names) if names else ""


def _too_long(name: str, word: str, _type: str, _schema: Schema) -> tuple[str, str]:
    if name == "note":
        limit = _("{n} characters").format(n=number(NOTE_CHARACTERS))
    elif word:
        limit = _("{n} characters").format(n=number(NAME_CHARACTERS))
    else:
        limit = _("{n} bytes").format(n=number(FIELD_BYTES))
    message = _("This is too long for Zotero: {name}").format(name=word or name)
    return message, _("Zotero takes {limit} at most.").format(limit=limit)


def _child_in_collection(*_args: object) -> tuple[str, str]:
    message = _("A note that belongs to an item is in no collection of its own.")
    return message, _("Remove `collections`, or remove `parentItem`.")


def _no_parent(*_args: object) -> tuple[str, str]:
    return _("Only notes belong to another item."), _("Remove `parentItem`.")


def _bad_parent(_name: str, word: str, *_args: object) -> tuple[str, str]:
    message = _("{word} is not an item key.").format(word=word)
    return message, _("Write the `key` of the item that the note belongs to.")


def _access_date(_name: str, word: str, *_args: object) -> tuple[str, str]:
    message = _("Zotero does not take {word} as a date of access.").format(word=word)
    return message, _("Write it as 2026-01-31 or 2026-01-31 14:30:00.")


_TEXTS: dict[FaultKind, Callable[[str, str, str, Schema], tuple[str, str]]] = {
    FaultKind.UNKNOWN_TYPE: _unknown_type,
    FaultKind.UNTOUCHED_TYPE: _untouched_type,
    FaultKind.UNKNOWN_FIELD: _unknown_field,
    FaultKind.NOT_FOR_TYPE: _not_for_type,
    FaultKind.CREATOR_TYPE: _creator_type,
    FaultKind.TOO_LONG: _too_long,
    FaultKind.CHILD_IN_COLLECTION: _child_in_collection,
    FaultKind.NO_PARENT: _no_parent,
    FaultKind.BAD_PARENT: _bad_parent,
    FaultKind.ACCESS_DATE: _access_date,
}
