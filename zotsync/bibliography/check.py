"""Look at the files without Zotero: what a sync, or a reader, would stumble over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from zotsync.bibliography import files
from zotsync.bibliography.collections import read_collections
from zotsync.bibliography.identity import identify
from zotsync.bibliography.itemfile import ItemText, field_line
from zotsync.bibliography.scanned import Scan
from zotsync.bibliography.scanning import shown_path
from zotsync.bibliography.untied import untied_problems
from zotsync.errors import FileError, Place, Problem
from zotsync.i18n import _
from zotsync.model import BOOKKEEPING, UNSYNCED_TYPES, ItemType, Schema

_GENERAL = frozenset({"itemType", "tags", "collections", "relations"})

_Tell = Callable[[str, str, str], Problem]
"""Field, message, hint -> a problem with its place."""


def check_bibliography(
    items: Path,
    collections: Path,
    schema: Schema,
    look: Scan,
    remembered: Mapping[str, ItemText],
) -> list[Problem]:
    """Return everything wrong with the item files and the collection tree.

    `look`: the files as they are; `remembered`: path -> the item as it was after the last sync.
    """
    if look.missing:
        hint = _("Connect the drive or the share, or have it written again: zotsync sync --rebase")
        return [Problem(_("There is no folder of item files."), Place(shown_path(items)), hint)]
    shown = partial(shown_path, items)
    problems = list(look.problems)
    keys = {path: item.key for path, item in remembered.items() if item.key}
    problems += untied_problems(identify(look, keys).untied, shown)
    for file in look.files:
        if text := file.text or (remembered.get(file.path) if file.unchanged else None):
            problems += text.held.values()
            problems += check_item(text, schema, _teller(items, file.path, text.key))
    return [*_collection_problems(collections), *problems, *_not_items(items)]


def _teller(items: Path, path: str, key: str | None) -> _Tell:
    def tell(field: str, message: str, hint: str) -> Problem:
        with files.told(items / path):
            line = field_line(files.read(items / path), field)
        return Problem(message, Place(shown_path(items, path), line, field, key or ""), hint)

    return tell


def check_item(text: ItemText, schema: Schema, tell: _Tell) -> Iterator[Problem]:
    """Yield what is wrong with the type, fields and creators of one item."""
    name = str(text.fields["itemType"])
    kind = schema.item_types.get(name)
    if kind is None or name in UNSYNCED_TYPES:
        yield _unknown_type(name, schema, tell)
        return
    yield from _unknown_fields(text.fields, kind, schema, tell)
    yield from _creators(text.fields, kind, tell)


def _unknown_type(name: str, schema: Schema, tell: _Tell) -> Problem:
    if name in UNSYNCED_TYPES:
        hint = _("Delete the file; in Zotero nothing changes.")
        return tell("itemType", _("Attachments and annotations stay in Zotero."), hint)
    message = _("Zotero has no item type {name}.").format(name=name)
    return tell("itemType", message, _closest(name, sorted(schema.item_types)))


def _unknown_fields(
    fields: Mapping[str, Any], kind: ItemType, schema: Schema, tell: _Tell
) -> Iterator[Problem]:
    allowed = _allowed(kind)
    own = {base: name for name, base in kind.base_fields.items()}
    for name in fields:
        if name in allowed:
            continue
        if name in own:
            hint = _("For this type it is called `{name}`.").format(name=own[name])
        else:
            hint = _closest(name, sorted(allowed))
        if schema.knows_field(name) or name in {"creators", "note", "parentItem"}:
            message = _("The item type {type} has no field {name}.")
        else:
            message = _("Zotero has no field {name}.")
        yield tell(name, message.format(type=kind.name, name=name), hint)


def _allowed(kind: ItemType) -> frozenset[str]:
    extra = {"note", "parentItem"} if kind.name == "note" else set()
    if kind.creator_types:
        extra.add("creators")
    return _GENERAL | BOOKKEEPING | frozenset(kind.fields) | extra


def _closest(name: str, known: list[str]) -> str:
    folded = {other.lower(): other for other in known}
    close = get_close_matches(name.lower(), list(folded), 1)
    return _("Perhaps you meant `{name}`.").format(name=folded[close[0]]) if close else ""


def _creators(fields: Mapping[str, Any], kind: ItemType, tell: _Tell) -> Iterator[Problem]:
    used = {str(creator.get("creatorType")) for creator in fields.get("creators", ())}
    if not kind.creator_types:
        return
    for name in sorted(used - set(kind.creator_types)):
        message = _("The item type {type} has no creators of type {name}.")
        hint = _("It has: {names}.").format(names=", ".join(kind.creator_types))
        yield tell("creators", message.format(type=kind.name, name=name), hint)


def _collection_problems(file: Path) -> list[Problem]:
    try:
        read_collections(file)
    except FileError as exc:
        return [exc.problem]
    return []


def _not_items(items: Path) -> Iterator[Problem]:
    """Yield the files that no scan takes for an item, by their names."""
    for folder, folders, names in os.walk(items):
        folders[:] = [name for name in folders if not name.startswith((".", "~", "#"))]
        for name in sorted(names):
            if not name.lower().endswith(".toml") and not name.startswith((".", "~", "#")):
                path = (Path(folder) / name).relative_to(items).as_posix()
                hint = _("Item files end in .toml; keep others elsewhere.")
                yield Problem(_("This is not an item file."), Place(shown_path(items, path)), hint)
