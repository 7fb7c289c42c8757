"""The words for what sync decides: pure values in, French or English out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from zotsync.cli.frame.output import one_line
from zotsync.figures import when
from zotsync.i18n import N_, _, language
from zotsync.model import Fields, Schema
from zotsync.sync.trees import EXISTENCE, UNIT, Decision, Kind, Notice, NoticeKind, Step

TO_ZOTERO, TO_FILES, BOTH_WAYS, CLASH, AGREED = "→", "←", "⇄", "✗", "="
STYLES = {TO_ZOTERO: "cyan", TO_FILES: "green", BOTH_WAYS: "magenta", CLASH: "red", AGREED: ""}

_OWN_FIELD_WORDS = {
    "itemType": N_("item type"),
    "creators": N_("creators"),
    "tags": N_("tags"),
    "collections": N_("collections"),
    "relations": N_("related items"),
    "note": N_("note"),
    "parentItem": N_("parent item"),
    "parentCollection": N_("parent collection"),
    "name": N_("name"),
    EXISTENCE: N_("is there at all"),
}

_DECISIONS = {
    Decision.CREATE: N_("new, goes to Zotero"),
    Decision.NEW_FILE: N_("new in Zotero, gets a file"),
    Decision.TRASH_IN_ZOTERO: N_("removed here, goes to Zotero's trash"),
    Decision.TRASH_FILE: N_("removed in Zotero, the file goes to the trash"),
    Decision.RESTORE_IN_ZOTERO: N_("back here, leaves Zotero's trash"),
    Decision.RECREATE: N_("erased in Zotero but edited here: made again"),
    Decision.RESTORE_FILE: N_("back in Zotero, the file comes back"),
    Decision.AGREE_TRASHED: N_("removed on both sides"),
    Decision.REMEMBER: N_("in Zotero's trash, remembered"),
    Decision.FORGET: N_("gone on both sides"),
    Decision.ASK: N_("removed in Zotero, changed here: to be settled"),
}

_COLLECTION_DECISIONS = {
    Decision.NEW_FILE: N_("new in Zotero, comes here"),
    Decision.TRASH_FILE: N_("removed in Zotero, leaves here"),
    Decision.RESTORE_FILE: N_("back in Zotero, comes back here"),
}

_TOWARDS_ZOTERO = {
    Decision.CREATE,
    Decision.TRASH_IN_ZOTERO,
    Decision.RESTORE_IN_ZOTERO,
    Decision.RECREATE,
}
_TOWARDS_FILES = {Decision.NEW_FILE, Decision.TRASH_FILE, Decision.RESTORE_FILE}
_UNSEEN = {Decision.NOTHING, Decision.REMEMBER, Decision.FORGET, Decision.AGREE_TRASHED}
"""Decisions that change neither a file nor Zotero: nobody needs to read them."""

_NOTICES = {
    NoticeKind.EDIT_WON_OVER_DELETION: N_(
        "{title}: removed on one side, edited on the other; the edit is kept."
    ),
    NoticeKind.MERGED_INSIDE_FIELD: N_(
        "{title}: both edited {fields} in different places; the texts were merged, read them over."
    ),
    NoticeKind.DROPPED_BY_TYPE: N_("{title}: the new item type has no {fields}; see the journal."),
    NoticeKind.HELD_FIELD: N_("{title}: {fields} cannot be sent as it stands, and waits."),
    NoticeKind.ATTACHMENTS_LOST: N_(
        "{title}: was made again; its attachments were erased in Zotero and are lost: {names}"
    ),
    NoticeKind.CYCLE: N_(
        "Collection {title}: its parents form a circle in Zotero; it is shown at the top."
    ),
    NoticeKind.PARENT_MISSING: N_(
        "Collection {title}: its parent is missing in Zotero; it is shown at the top."
    ),
    NoticeKind.ANCESTOR_RESTORED: N_(
        "Collection {title}: restored, because something was added inside."
    ),
    NoticeKind.DELETION_PUT_OFF: N_(
        "{title}: not deleted while there are files that cannot be read or told apart."
    ),
    NoticeKind.WAITS_FOR_RIGHTS: N_("{title}: waits for the right to write to the group."),
    NoticeKind.LEFT_FOR_DIRECTION: N_("{title}: left, because it goes the other direction."),
    NoticeKind.SETTLED_HERE: N_(
        "{title}: for {fields}, what is here replaces what Zotero has: {replaced}"
    ),
}


_TAG = re.compile(r"</?[a-z][^<>]*(?:>|$)", re.IGNORECASE)


def field_word(schema: Schema, name: str) -> str:
    """Return the word people know a field by."""
    own = _OWN_FIELD_WORDS.get(name)
    return _(own) if own else schema.label("field", name, language())


def field_words(schema: Schema, names: Iterable[str]) -> str:
    """Return field names as one phrase."""
    return ", ".join(field_word(schema, name) for name in names)


def title_of(kind: Kind, key: str, title: str) -> str:
    """Return what an object is called: its title without markup, else its key."""
    name = one_line(_TAG.sub("", title)) or key
    return _("collection {name}").format(name=name) if kind is Kind.COLLECTION else name


def direction(step: Step) -> str:
    """Return the mark of where a step's changes go."""
    if step.conflicts:
        return CLASH
    there, here = towards(step)
    if there and here:
        return BOTH_WAYS
    return TO_ZOTERO if there else TO_FILES if here else AGREED


def towards(step: Step) -> tuple[bool, bool]:
    """Return whether something goes to Zotero, and whether something comes to the files.

    A new item counts for one direction alone, though its file may get its key on the way.
    """
    if step.decision in _TOWARDS_ZOTERO or step.decision in _TOWARDS_FILES:
        return step.decision in _TOWARDS_ZOTERO, step.decision in _TOWARDS_FILES
    return bool(step.to_zotero), bool(step.to_file)


def seen(steps: Iterable[Step]) -> list[Step]:
    """Return the steps that people need to know of: those that change a file or Zotero, or ask."""
    return [s for s in steps if s.decision not in _UNSEEN and direction(s) != AGREED]


def what_happens(schema: Schema, step: Step) -> str:
    """Return what a step does, in words."""
    if step.decision is not Decision.UPDATE:
        own = _COLLECTION_DECISIONS if step.kind is Kind.COLLECTION else {}
        phrase = own.get(step.decision) or _DECISIONS.get(step.decision)
        return _(phrase) if phrase else step.decision.value
    both = [name for name in step.to_zotero if name in step.to_file]
    groups = (
        (TO_ZOTERO, [name for name in step.to_zotero if name not in both]),
        (TO_FILES, [name for name in step.to_file if name not in both]),
        (BOTH_WAYS, both),
        (CLASH, [conflict.field for conflict in step.conflicts]),
    )
    return "  ".join(f"{mark} {field_words(schema, names)}" for mark, names in groups if names)


def notice_line(schema: Schema, notice: Notice) -> str:
    """Return a notice as a sentence."""
    title = one_line(_TAG.sub("", notice.title)) or notice.key
    text = _(_NOTICES[notice.what])
    replaced = ""
    if notice.what is NoticeKind.SETTLED_HERE:
        replaced = _("; ").join(
            in_short(_in_words(schema, name, value)) for name, value in notice.detail.items()
        )
    names = _("; ").join(map(one_line, notice.detail.get("names", ())))
    fields = field_words(schema, notice.fields)
    return text.format(title=title, fields=fields, replaced=replaced, names=names)


def _in_words(schema: Schema, name: str, value: Any) -> str:
    if name != UNIT or not isinstance(value, Mapping):
        return value_text(name, value)
    parts = (
        (part, type_word(schema, held) if part == UNIT else value_text(part, held))
        for part, held in value.items()
    )
    line = _("{name}: {value}")
    return _("; ").join(line.format(name=field_word(schema, n), value=text) for n, text in parts)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def with_local_times(text: str) -> str:
    """Return `text` with the server's times written as people here write them."""
    return _MOMENT.sub(lambda found: when(datetime.fromisoformat(found[0])), text)


# -- values ------------------------------------------------------------------------------------------

_SHORT = 60
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|div|blockquote)>|<br\s*/?>")
_ELEMENT = re.compile(r"<[^>]*>")


def value_text(name: str, value: Any, collections: Mapping[str, str] | None = None) -> str:
    """Return a field's value as people read it; "" where it is empty.

    `collections` gives the paths of collection keys.
    """
    if value in (None, "", [], {}, False):
        return ""
    if name == "creators" and isinstance(value, list):
        return _("; ").join(_creator(creator) for creator in value)
    if name == "tags" and isinstance(value, list):
        return ", ".join(t["tag"] if isinstance(t, dict) else str(t) for t in value)
    if name in ("collections", "parentCollection", "parentItem"):
        keys = value if isinstance(value, list) else [value]
        return ", ".join((collections or {}).get(key, str(key)) for key in keys)
    if name == "note":
        return unescape(_ELEMENT.sub("", _BLOCK_END.sub("\n", str(value)))).strip()
    if isinstance(value, Mapping):
        parts = ((part, [v] if isinstance(v, str) else v) for part, v in value.items())
        return ", ".join(f"{part}: {' '.join(map(str, texts))}" for part, texts in parts)
    return str(value)


def type_word(schema: Schema, name: str) -> str:
    """Return the word people know an item type by."""
    return schema.label("type", name, language())


def element_text(
    schema: Schema, name: str, element: Any, collections: Mapping[str, str] | None
) -> str:
    """Return one element of a list as people read it, with all that tells it from another."""
    if name == "creators" and isinstance(element, Mapping):
        parts = (element.get("lastName"), element.get("firstName"))
        text = element.get("name") or ", ".join(part for part in parts if part)
        role = schema.label("creator", str(element.get("creatorType", "")), language())
        return f"{text} ({role})"
    if name == "tags" and isinstance(element, Mapping):
        tag = str(element.get("tag", ""))
        return _("{tag} (automatic)").format(tag=tag) if element.get("type") else tag
    return value_text(name, [element], collections) if name == "collections" else str(element)


def in_short(text: str) -> str:
    """Return the beginning of a text, in one line."""
    line = one_line(text) or _("(empty)")
    return line if len(line) <= _SHORT else line[: _SHORT - 2].rstrip() + " …"


def _creator(creator: Fields) -> str:
    if creator.get("name"):
        return str(creator["name"])
    return " ".join(part for part in (creator.get("firstName"), creator.get("lastName")) if part)
