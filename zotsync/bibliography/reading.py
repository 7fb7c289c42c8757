"""Item files: from the bytes of a file to fields in normal form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from zotsync.bibliography.scanned import ItemText
from zotsync.bibliography.shapes import SHAPES, ShapeError, unknown_shape
from zotsync.bibliography.source import Statement, all_text, as_typed, statements
from zotsync.bibliography.syntax import decode, load
from zotsync.errors import FileError, Place, Problem
from zotsync.i18n import _
from zotsync.model import is_key, normal
from zotsync.toml_source import TomlSource

CONFLICT = "conflict"
"""The table that holds open conflicts; never a field."""


def parse_item(raw: bytes, file: str) -> ItemText:
    """Return what an item file says; `file` is what errors call it.

    Raise FileError, with the line, where the item as a whole cannot be used: it is not UTF-8 or not
    TOML, `key` is malformed, `itemType` is missing.
    """
    text = decode(raw, file)
    data = load(text, file)
    return _Reading(text, file, data).item()


def field_line(raw: bytes, field_name: str) -> int | None:
    """Return the line of an item file on which a field stands; None if it does not."""
    text = decode(raw, "")
    return next((s.line for s in statements(text) if s.name == field_name), None)


class _Reading:
    """One file being read. Lines and typed values are looked up only where they are needed."""

    def __init__(self, text: str, file: str, data: dict[str, Any]) -> None:
        self._text = text
        self._file = file
        self._data = data
        self._held: dict[str, Problem] = {}

    def item(self) -> ItemText:
        """Return the whole."""
        conflicts = self._conflicts()
        key = self._key()
        item_type = self._item_type()
        values = {name: self._value(name) for name in self._data if name != "key"}
        used = {n: v for n, v in values.items() if n not in self._held} | {"itemType": item_type}
        if "parentItem" in used and used.get("collections"):
            hint = _("Remove `collections`, or remove `parentItem`.")
            message = _("A note below an item is in no collection of its own.")
            self._hold("collections", message, hint)
        collections = used.pop("collections", None)
        fields = normal(used)
        if collections and "collections" not in self._held:
            fields["collections"] = collections
        return ItemText(key, fields, conflicts, self._held)

    @cached_property
    def _statements(self) -> dict[str, Statement]:
        return {s.name: s for s in reversed(statements(self._text))}

    def _place(self, name: str, table: str = "") -> Place:
        statement = None if table else self._statements.get(name)
        if statement:
            return Place(self._file, statement.line, name)
        return Place(self._file, TomlSource(self._text, self._file).line(name, table), name)

    def _hold(self, name: str, message: str, hint: str) -> None:
        self._held[name] = Problem(message, self._place(name), hint)

    def _typed(self, name: str) -> Any:
        value = self._data[name]
        if all_text(value):
            return value
        statement = self._statements.get(name)
        return as_typed(value, statement.value if statement else "")

    def _conflicts(self) -> frozenset[str]:
        tables = self._data.pop(CONFLICT, {})
        if isinstance(tables, dict):
            for table, content in tables.items():
                self._hold_strays(table, content if isinstance(content, dict) else {})
            return frozenset(tables)
        hint = _("Remove the line: zotsync writes open conflicts there.")
        self._hold(CONFLICT, _("`conflict` is not a field."), hint)
        return frozenset()

    def _hold_strays(self, table: str, content: Mapping[str, Any]) -> None:
        """Hold fields typed below a conflict table: TOML takes them for a part of it."""
        for name in content.keys() - {"base", "zotero"}:
            message = _("This line stands below [conflict.{table}], and is taken for a part of it.")
            hint = _("Move it above the first line in square brackets.")
            place = self._place(name, f"{CONFLICT}.{table}")
            self._held[name] = Problem(message.format(table=table), place, hint)

    def _key(self) -> str | None:
        key = self._typed("key") if "key" in self._data else ""
        if key == "":
            return None
        if is_key(key):
            return str(key)
        hint = _("A key has 8 capitals and digits, and zotsync makes it: undo the change here.")
        if isinstance(key, str) and is_key(key.strip().upper()):
            hint = _('Write it as it is in Zotero: key = "{key}"').format(key=key.strip().upper())
        raise FileError(_("This is not an item key."), place=self._place("key"), hint=hint)

    def _item_type(self) -> str:
        found = self._typed("itemType") if "itemType" in self._data else ""
        if isinstance(found, str) and found.strip():
            return found
        missing = "itemType" not in self._data
        raise FileError(
            _("The item type is missing.") if missing else _("This is not an item type."),
            place=Place(self._file, 1, "itemType") if missing else self._place("itemType"),
            hint=_('Write one, as for a book: itemType = "book"'),
        )

    def _value(self, name: str) -> Any:
        """Return a field's value, checked for its shape; None if the field is held."""
        shape = SHAPES.get(name, unknown_shape)
        try:
            return shape(self._typed(name))
        except ShapeError as exc:
            self._hold(name, exc.message, exc.hint)
            return None
