"""Settling a conflict in an editor: a small file is made, and what comes back is checked at once. Pure.

A text is edited as it is, above a line below which both sides stand to copy from. Everything else is
edited as it stands in an item file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.bibliography.itemfile import parse_item
from zotsync.bibliography.writing import field_value, toml_key
from zotsync.errors import FileError, Place, Problem
from zotsync.i18n import _
from zotsync.model import Fields, Schema, normal_text
from zotsync.sync.deciding.validate import faults
from zotsync.sync.merging.notehtml import cut_blocks
from zotsync.sync.merging.textmerge import MERGEABLE
from zotsync.sync.reading.waiting import fault_problem
from zotsync.sync.trees import EXISTENCE, Conflict, Kind

_EDGE = "=" * 12


@dataclass(frozen=True)
class Task:
    """One conflict as it is edited."""

    conflict: Conflict
    title: str
    """What the item and its field are called."""
    item: Fields
    """All fields of the item here."""
    schema: Schema

    @property
    def is_text(self) -> bool:
        """Return whether it is edited as a plain text."""
        return isinstance(self._start, str)

    @property
    def extension(self) -> str:
        """Return what the file's name ends with."""
        if not self.is_text:
            return ".toml"
        return ".html" if self.conflict.field == "note" else ".txt"

    @property
    def _start(self) -> Any:
        return self.conflict.local or self.conflict.zotero


def can_be_edited(conflict: Conflict) -> bool:
    """Return whether a value of one's own can settle a conflict."""
    return conflict.kind is Kind.ITEM and conflict.field not in (EXISTENCE, "parentItem")


def task_text(task: Task) -> str:
    """Return the text of the file that is edited."""
    return _plain_text(task) if task.is_text else _toml_text(task)


def edited(task: Task, text: str) -> Any | Problem:
    """Return the value that an edited file gives, in normal form, or what is wrong with it."""
    found = _text_value(text) if task.is_text else _toml_value(task, text)
    return found if isinstance(found, Problem) else checked(task, found)


def _edge() -> str:
    return f"{_EDGE} " + _("Everything from this line on is dropped.") + f" {_EDGE}"


def _plain_text(task: Task) -> str:
    lines = [
        str(task.conflict.local or task.conflict.zotero),
        "",
        _edge(),
        task.title,
        _("Write above what is to hold, save, and close the editor."),
        _("Close it without a change, and nothing is decided."),
    ]
    for heading, value in _others(task.conflict):
        lines += ["", f"{_EDGE} {heading}", str(value)]
    return "\n".join(lines) + "\n"


def _others(conflict: Conflict) -> Iterator[tuple[str, Any]]:
    sides = ((_("here"), conflict.local), (_("Zotero"), conflict.zotero))
    return ((heading, value) for heading, value in (*sides, (_("before"), conflict.base)) if value)


def _toml_text(task: Task) -> str:
    conflict = task.conflict
    lines = [
        f"# {task.title}",
        "# " + _("Write what is to hold, save, and close the editor."),
        "# " + _("Close it without a change, and nothing is decided."),
        "",
        *_statements(conflict, conflict.local or conflict.zotero),
    ]
    for heading, value in _others(conflict):
        parts = "\n".join(_statements(conflict, value)).split("\n")
        lines += ["", f"# {heading}", *(f"# {part}" for part in parts)]
    return "\n".join(lines) + "\n"


def _statements(conflict: Conflict, value: Any) -> list[str]:
    fields = value if isinstance(value, Mapping) else {conflict.field: value}
    return [f"{toml_key(name)} = {field_value(name, held)}" for name, held in fields.items()]


def _text_value(text: str) -> str | Problem:
    lines = text.replace("\r\n", "\n").split("\n")
    edge = _edge()
    if edge not in (line.strip() for line in lines):
        message = _("The line with = signs is gone: nobody can tell what is to hold.")
        return Problem(message, hint=_("Edit again: what is to hold stands above that line."))
    end = next(n for n, line in enumerate(lines) if line.strip() == edge)
    return normal_text("\n".join(lines[:end]))


def _toml_value(task: Task, text: str) -> Any:
    conflict = task.conflict
    sides = [v for v in (conflict.base, conflict.local, conflict.zotero) if isinstance(v, Mapping)]
    names = {name for side in sides for name in side} or {conflict.field}
    item_type = "" if sides else f"\nitemType = {field_value('itemType', task.item['itemType'])}\n"
    try:
        parsed = parse_item((text + item_type).encode(), "")
    except FileError as exc:
        return exc.problem
    others = sorted(parsed.fields.keys() - names - {"itemType"})
    if others:
        message = _("{name} is not what is asked about here.").format(name=others[0])
        return Problem(message, hint=_("Edit it in the item's file."))
    if parsed.held:
        return next(iter(parsed.held.values()))
    return dict(parsed.fields) if sides else parsed.fields.get(conflict.field, "")


def checked(task: Task, value: Any) -> Any | Problem:
    """Return `value`, or why it cannot be what holds."""
    conflict = task.conflict
    fields = value if isinstance(value, Mapping) else {conflict.field: value}
    dropped = conflict.local if isinstance(value, Mapping) else {}
    rest = {name: held for name, held in task.item.items() if name not in dropped}
    whole = {name: held for name, held in (rest | dict(fields)).items() if held}
    for name, fault in faults(whole, task.schema, task.item).items():
        if name in fields:
            item_type = str(whole.get("itemType", ""))
            return fault_problem(name, fault, Place(field=name), item_type, task.schema)
    return _misshapen(conflict, value) or value


def _misshapen(conflict: Conflict, value: Any) -> Problem | None:
    """Return what is wrong with a text that both sides had in a better form."""
    before = [v for v in (conflict.local, conflict.zotero) if isinstance(v, str)]
    if not isinstance(value, str):
        return None
    if "\n" in value and conflict.field not in MERGEABLE and not any("\n" in v for v in before):
        return Problem(_("This field has one line."), hint=_("Edit again: without a line break."))
    if conflict.field == "note" and cut_blocks(value) is None and all(map(cut_blocks, before)):
        message = _("A tag is opened and not closed, or the other way round.")
        return Problem(message, hint=_("Edit again: <p> goes with </p>, <b> with </b>."))
    return None
