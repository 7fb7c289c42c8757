"""Files that come from another library, before the first sync with this one: the keys they have here.

The same reference has another key in each library. A file whose key this library never had, and that surely
is one of its items, gets that item's key, lest it be there twice; notes below it and orders in handouts
follow. Notes are written first: whatever a stop leaves, the next look finds the rest again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zotsync.bibliography.batches import Edit, replace_files
from zotsync.bibliography.folder import read_file
from zotsync.bibliography.itemfile import amend_item_text
from zotsync.sync.applying.handouts_follow import HandoutsFollow
from zotsync.sync.deciding.recognising import recognised
from zotsync.sync.reading.local import LocalSide
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.journal import Journal, utc_now
from zotsync.sync.run import SyncRun
from zotsync.sync.trees import Kind

_PARENT = "parentItem"


@dataclass
class Rekeying:
    """Gives files the keys of this library."""

    run: SyncRun

    def go(self) -> int:
        """Return how many files got another key; 0 once both sides have agreed on anything."""
        self.run.pull()
        side = self.run.planner.read()
        keys = self._keys(side)
        if not keys:
            return 0
        state, journal = self.run.state, Journal(self.run.state)
        follow = HandoutsFollow(self.run.workspace, state, self.run.planner.index)
        with state.transaction():
            number = journal.start(self.run.command, utc_now())
            follow.rename_keys(keys)
        self._write(number, list(self._below(side, keys)))
        self._write(number, [(side.paths[old], "key", new) for old, new in keys.items()])
        follow.follow(number)
        with state.transaction():
            self.run.planner.index.drop(side.paths[old] for old in keys)
            journal.finish(number, {}, utc_now())
        return len(keys)

    def _keys(self, side: LocalSide) -> Mapping[str, str]:
        """Return the key in a file -> the key of the item that it is here."""
        planner = self.run.planner
        there = planner.never_met()
        if not there:
            return {}
        known = planner.objects.mirror_lines(Kind.ITEM).keys() | side.new.values()
        strange = {key: side.fresh[key].fields for key in side.fresh.keys() - known}
        free = {key: fields for key, fields in there.items() if key not in side.paths}
        return recognised(strange, free, planner.schema) if strange and free else {}

    @staticmethod
    def _below(side: LocalSide, keys: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """Yield the files of notes below what gets another key: path, field, value."""
        for key, row in side.fresh.items():
            parent = str(row.fields.get(_PARENT, ""))
            if parent in keys:
                yield side.paths[key], _PARENT, keys[parent]

    def _write(self, number: int, changes: list[tuple[str, str, str]]) -> None:
        edits, entries = [], []
        for path, field, value in changes:
            raw, stamp = read_file(self.run.workspace.items, path)
            old = raw.decode("utf-8-sig")
            wanted = {"key": value} if field == "key" else {"changes": {field: value}}
            new = amend_item_text(old, **wanted)
            edits.append(Edit(path, new, stamp))
            entries.append(Entry(Kind.ITEM, value, FILE, "key", path, text=old))
        with self.run.state.transaction():
            Journal(self.run.state).write(number, entries)
        for error in replace_files(self.run.workspace.items, edits).failed.values():
            raise error
