"""Settling conflicts: the same edit of the file that a person would make (SYNC §8).

The next plan sees a settled field and acts on it; nothing is sent here. Every file is read and its new
text made before the first one is written: a file that cannot be amended stops all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from zotsync.bibliography.folder import FileStamp, move_to_trash, read_file, replace_file
from zotsync.bibliography.itemfile import amend_item_text
from zotsync.config import Workspace
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.file_index import FileIndex
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import EXISTENCE, UNIT, Base, BaseObject, Conflict, Kind


@dataclass(frozen=True)
class Settled:
    """A value that neither side had."""

    value: Any


Choice = Literal["local", "remote"] | Settled
Choices = Mapping[tuple[str, str], Choice]
"""(key, field) of a conflict -> what holds."""


def still(choices: Choices, now: Iterable[Conflict], seen: Iterable[Conflict]) -> Choices:
    """Return the choices about conflicts that are still as they were `seen`. Pure."""
    sides = {c.key_and_field: c.sides for c in seen}
    same = {c.key_and_field for c in now if sides.get(c.key_and_field) == c.sides}
    return {named: choice for named, choice in choices.items() if named in same}


@dataclass(frozen=True)
class _Edit:
    """An item file about to be written; without a new text it goes to the trash."""

    key: str
    file: str
    stamp: FileStamp
    old: str
    new: str | None
    changes: Mapping[str, Any]
    shown: Mapping[str, Any]
    """Field -> Zotero's value, of every conflict of the item: what people have seen."""
    before: Mapping[str, Any]
    """Field -> value here, of every conflict that is settled."""


@dataclass
class Settler:
    """Settles conflicts of one workspace."""

    workspace: Workspace
    state: State
    run: int

    def __post_init__(self) -> None:
        self._objects = Objects(self.state)

    def settle(self, conflicts: Iterable[Conflict], choices: Choices) -> int:
        """Settle those of `conflicts` for which there is a choice; return how many.

        Raise FileError, before anything is written, if a file cannot be read or amended.
        """
        of_items: dict[str, list[Conflict]] = {}
        of_collections: list[Conflict] = []
        for conflict in conflicts:
            if conflict.kind is Kind.ITEM:
                of_items.setdefault(conflict.key, []).append(conflict)
            elif conflict.key_and_field in choices:
                of_collections.append(conflict)
        count = len(of_collections)
        edits = []
        for key, of_one in of_items.items():
            mine = {c.field: choices[key, c.field] for c in of_one if (key, c.field) in choices}
            if mine:
                edits.append(self._edit(key, of_one, mine))
            count += len(mine)
        for edit in edits:
            self._write(edit)
        for conflict in of_collections:
            self._collection(conflict, choices[conflict.key_and_field])
        return count

    def _edit(self, key: str, conflicts: list[Conflict], choices: Mapping[str, Choice]) -> _Edit:
        file = conflicts[0].file
        raw, stamp = read_file(self.workspace.items, file)
        old = raw.decode("utf-8-sig")
        changes: dict[str, Any] = {}
        for conflict in conflicts:
            if conflict.field in choices:
                changes |= self._changes(conflict, choices[conflict.field])
        shown = {c.field: c.zotero for c in conflicts}
        before = _here(c for c in conflicts if c.field in choices)
        if changes.pop(EXISTENCE, None) == "remote":
            return _Edit(key, file, stamp, old, None, changes, shown, before)
        left = {c.field: (c.base, c.zotero) for c in conflicts if c.field not in choices}
        text = amend_item_text(old, changes=changes, conflicts=left)
        return _Edit(key, file, stamp, old, text, changes, shown, before)

    def _changes(self, conflict: Conflict, choice: Choice) -> dict[str, Any]:
        """Return what a choice changes in the file: field -> value, None clears it."""
        if conflict.field == EXISTENCE:
            return {EXISTENCE: "remote"} if choice == "remote" else {}
        if choice == "local":
            return {}
        value = choice.value if isinstance(choice, Settled) else conflict.zotero
        if conflict.field == UNIT and isinstance(value, Mapping):
            return {name: value.get(name) for name in {*conflict.local, *value}}
        changes = {conflict.field: value or None}
        if conflict.field == "parentItem":  # the place is one: below an item, or in collections
            changes["collections"] = self._paths_in_zotero(conflict.key)
        return changes

    def _paths_in_zotero(self, key: str) -> list[str] | None:
        """Return the paths of the collections that Zotero has an item in."""
        mirror = self._objects.mirror(Kind.ITEM, [key]).get(key)
        lines = FileIndex(self.state).collection_lines()
        members = mirror.fields.get("collections", ()) if mirror else ()
        return [lines[k].path for k in members if k in lines] or None

    def _write(self, edit: _Edit) -> None:
        """Write an item file; only then is what was shown a settled matter.

        A stop in between leaves a conflict that is asked about once more.
        """
        gone = edit.new is None
        self._record(edit, None if gone else {**edit.before, **edit.changes})
        items, trash = self.workspace.items, self.workspace.trash
        if edit.new is None:
            move_to_trash(items, edit.file, trash, str(self.run), edit.stamp)
        else:
            replace_file(items, edit.file, edit.new, edit.stamp)
        with self.state.transaction():
            if gone:
                self._objects.forget(Kind.ITEM, [edit.key])
            else:
                base = self._base(Kind.ITEM, edit.key)
                moved = replace(base, shown={**base.shown, **edit.shown})
                self._objects.put_base(Kind.ITEM, [moved])

    def _record(self, edit: _Edit, after: Mapping[str, Any] | None) -> None:
        with self.state.transaction():
            # A place is settled as a whole, and the conflict tells one half of it: the text has both.
            known = None if "collections" in edit.changes else edit.before
            entry = Entry(
                Kind.ITEM, edit.key, FILE, "resolve", edit.file, known, after, text=edit.old
            )
            Journal(self.state).write(self.run, [entry])

    def _base(self, kind: Kind, key: str) -> BaseObject:
        return self._objects.base(kind, [key]).get(key) or BaseObject(key, Base.NONE, {})

    def _collection(self, conflict: Conflict, choice: Choice) -> None:
        """Move the base: to Zotero's value (what is here is pushed) or to ours (it is pulled)."""
        base = self._base(Kind.COLLECTION, conflict.key)
        value = conflict.zotero if choice == "local" else conflict.local
        fields = {**base.fields, conflict.field: value}
        shown = {n: v for n, v in base.shown.items() if n != conflict.field}
        fields = {n: v for n, v in fields.items() if v not in ("", None)}
        with self.state.transaction():
            moved = replace(base, fields=fields, shown=shown)
            self._objects.put_base(Kind.COLLECTION, [moved])


def _here(conflicts: Iterable[Conflict]) -> dict[str, Any]:
    """Return what is here of the fields in conflict; a re-typing has all of its fields."""
    here: dict[str, Any] = {}
    for conflict in conflicts:
        if conflict.field == UNIT and isinstance(conflict.local, Mapping):
            names = {*conflict.local, *(conflict.zotero or {})}
            here |= {name: conflict.local.get(name) for name in names}
        elif conflict.field != EXISTENCE:
            here[conflict.field] = conflict.local or None
    return here
