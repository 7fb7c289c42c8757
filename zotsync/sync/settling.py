"""Settling conflicts: the same edit of the file that a person would make (SYNC §8).

The next plan sees a settled field and acts on it; nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from zotsync.bibliography.folder import move_to_trash, read_file, replace_file
from zotsync.bibliography.itemfile import amend_item_text
from zotsync.config import Workspace
from zotsync.sync.journal import FILE, Entry, Journal
from zotsync.sync.objects import Objects
from zotsync.sync.state import State
from zotsync.sync.trees import EXISTENCE, UNIT, Conflict, Kind


@dataclass(frozen=True)
class Settled:
    """A value that neither side had."""

    value: Any


Choice = Literal["local", "remote"] | Settled


@dataclass
class Settler:
    """Settles conflicts of one workspace."""

    workspace: Workspace
    state: State
    run: int

    def settle(
        self, conflicts: Iterable[Conflict], choices: Mapping[tuple[str, str], Choice]
    ) -> int:
        """Settle those of `conflicts` for which there is a choice; return how many."""
        of_items: dict[str, list[Conflict]] = {}
        count = 0
        for conflict in conflicts:
            chosen = (conflict.key, conflict.field) in choices
            if conflict.kind is Kind.COLLECTION and chosen:
                self._collection(conflict, choices[conflict.key, conflict.field])
            elif conflict.kind is Kind.ITEM:
                of_items.setdefault(conflict.key, []).append(conflict)
            count += chosen
        for key, of_one in of_items.items():
            mine = {c.field: choices[key, c.field] for c in of_one if (key, c.field) in choices}
            if mine:
                self._item(key, of_one, mine)
        return count

    def _item(self, key: str, conflicts: list[Conflict], choices: Mapping[str, Choice]) -> None:
        file = conflicts[0].file
        raw, stamp = read_file(self.workspace.items, file)
        old = raw.decode("utf-8-sig")
        changes: dict[str, Any] = {}
        for conflict in conflicts:
            if conflict.field in choices:
                changes |= _changes(conflict, choices[conflict.field])
        if changes.pop(EXISTENCE, None) == "remote":
            self._record(key, file, old, None)
            move_to_trash(self.workspace.items, file, self.workspace.trash, str(self.run), stamp)
            with self.state.transaction():
                Objects(self.state).forget(Kind.ITEM, [key])
            return
        left = {c.field: (c.base, c.zotero) for c in conflicts if c.field not in choices}
        text = amend_item_text(old, changes=changes, conflicts=left)
        self._record(key, file, old, changes)
        replace_file(self.workspace.items, file, text, stamp)

    def _record(self, key: str, file: str, old: str, after: Mapping[str, Any] | None) -> None:
        with self.state.transaction():
            entry = Entry(Kind.ITEM, key, FILE, "resolve", file, after=after, text=old)
            Journal(self.state).write(self.run, [entry])

    def _collection(self, conflict: Conflict, choice: Choice) -> None:
        """Move the base: to Zotero's value (what is here is pushed) or to ours (it is pulled)."""
        objects = Objects(self.state)
        base = objects.base(Kind.COLLECTION, [conflict.key])[conflict.key]
        value = conflict.zotero if choice == "local" else conflict.local
        fields = {**base.fields, conflict.field: value}
        shown = {n: v for n, v in base.shown.items() if n != conflict.field}
        fields = {n: v for n, v in fields.items() if v not in ("", None)}
        with self.state.transaction():
            objects.put_base(Kind.COLLECTION, [replace(base, fields=fields, shown=shown)])


def _changes(conflict: Conflict, choice: Choice) -> dict[str, Any]:
    """Return what a choice changes in the file: field -> value, None clears it."""
    if conflict.field == EXISTENCE:
        return {EXISTENCE: "remote"} if choice == "remote" else {}
    if choice == "local":
        return {}
    value = choice.value if isinstance(choice, Settled) else conflict.zotero
    if conflict.field != UNIT or not isinstance(value, Mapping):
        return {conflict.field: value or None}
    names = {*conflict.local, *value}
    return {name: value.get(name) for name in names}
