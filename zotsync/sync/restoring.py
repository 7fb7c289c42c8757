"""Bringing item files back: from the trash, or what a run wrote over, from the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from zotsync.bibliography.folder import (
    read_file,
    replace_file,
    restore_from_trash,
    write_new_files,
)
from zotsync.bibliography.itemfile import new_item_text, parse_item
from zotsync.bibliography.slugs import folded, free_name
from zotsync.config import Workspace
from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.i18n import _
from zotsync.sync.file_index import FileIndex, FileRow
from zotsync.sync.journal import FILE, Entry, Journal
from zotsync.sync.state import State
from zotsync.sync.trees import Kind


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    file: Path
    what: str
    """"trash": the file was in the trash; "journal": what a run had written over or removed;
    "memory": somebody had deleted the file."""


@dataclass
class Restorer:
    """Brings files of one workspace back."""

    workspace: Workspace
    state: State
    run: int

    def restore(self, key: str, present: str | None) -> Restored:
        """Bring an item back.

        Args:
            key: the item.
            present: the path of its file, if it has one: then what a run last wrote over comes back.

        Raises:
            ZotsyncError: nothing is known of it.

        """
        if present is not None:
            return self._earlier_text(key, present)
        if row := FileIndex(self.state).by_key(key):
            return self._as_last_read(row)
        if found := self._in_trash(key):
            path = self._free(self._former_path(key) or f"{_untagged(found)}.toml")
            text = (self.workspace.trash / found).read_text(encoding="utf-8-sig", errors="replace")
            self._remember(key, path, self._meant(key, text))
            restore_from_trash(self.workspace.trash, found, self.workspace.items, path)
            return Restored(self.workspace.items / path, "trash")
        return self._from_journal(key)

    def _as_last_read(self, row: FileRow) -> Restored:
        """Write a file that somebody deleted anew; its item may be in Zotero's trash by now."""
        fields = {n: v for n, v in row.fields.items() if n != "collections"}
        text = new_item_text(row.key, {**fields, "collections": list(row.mentions)})
        return self._written(self._free(row.path), text, "memory")

    def _in_trash(self, key: str) -> str | None:
        """Return the name of the newest file in the trash that is this item."""
        return next((name for name, found in trashed(self.workspace) if found == key), None)

    def _former_path(self, key: str) -> str | None:
        entries = Journal(self.state).entries(key=key)
        return next((e.file for _run, e in entries if e.side == FILE and e.file), None)

    def _free(self, path: str) -> str:
        items = self.workspace.items
        if not (items / path).exists():
            return path
        taken = {folded(p.stem) for p in items.rglob("*.toml")}
        return f"{free_name(PurePosixPath(path).stem, taken)}.toml"

    def _texts(self, key: str) -> list[tuple[str, str, Mapping[str, str]]]:
        """Return (path, text, mentions) of what runs wrote over or removed, newest first."""
        entries = Journal(self.state).entries(key=key)
        return [(e.file, e.text, e.mentions) for _run, e in entries if e.side == FILE and e.text]

    def _meant(self, key: str, text: str) -> Mapping[str, str]:
        """Return what the collection paths in a file's text meant when it was put aside."""
        plain = text.replace("\r\n", "\n")
        known = (m for _f, old, m in self._texts(key) if old.replace("\r\n", "\n") == plain)
        return next(known, {})

    def _remember(self, key: str, path: str, mentions: Mapping[str, str]) -> None:
        """Let the paths in a restored file mean the same collections as then (SYNC §5)."""
        index = FileIndex(self.state)
        row = index.by_key(key) or FileRow(path, key, {})
        meant = {**row.mentions, **mentions}
        with self.state.transaction():
            index.put([replace(row, path=path, mentions=meant, again=True)])
            self.state.set_meta("stale_mentions", "yes")  # they may be called otherwise by now

    def _from_journal(self, key: str) -> Restored:
        texts = self._texts(key)
        if not texts:
            raise ZotsyncError(
                _("Nothing is known of the item {key}.").format(key=key),
                hint=_("Look for it in Zotero's trash."),
            )
        file, text, mentions = texts[0]
        path = self._free(file)
        self._remember(key, path, mentions)
        return self._written(path, text, "journal")

    def _written(self, path: str, text: str, what: str) -> Restored:
        for batch in write_new_files(self.workspace.items, [(path, text)]):
            if batch.taken:
                raise FileError(_("This file is there already."), place=Place(path))
        return Restored(self.workspace.items / path, what)

    def _earlier_text(self, key: str, path: str) -> Restored:
        raw, stamp = read_file(self.workspace.items, path)
        now = raw.decode("utf-8-sig").replace("\r\n", "\n")
        for _file, text, mentions in self._texts(key):
            if text.replace("\r\n", "\n") == now:
                continue
            with self.state.transaction():
                entry = Entry(Kind.ITEM, key, FILE, "restore", path, text=now)
                Journal(self.state).write(self.run, [entry])
            self._remember(key, path, mentions)
            replace_file(self.workspace.items, path, text, stamp)
            return Restored(self.workspace.items / path, "journal")
        raise ZotsyncError(_("No run has written over this item."), place=Place(path, item=key))


def trashed(workspace: Workspace) -> list[tuple[str, str]]:
    """Return (file name, key) of the files in the trash, newest first; unreadable ones left out."""
    if not workspace.trash.is_dir():
        return []
    files = sorted(workspace.trash.glob("*.toml"), key=lambda p: p.stat().st_mtime_ns, reverse=True)
    found = []
    for file in files:
        try:
            key = parse_item(file.read_bytes(), file.name).key
        except FileError:
            continue  # not one of ours, or edited there: it stays where it is
        if key:
            found.append((file.name, key))
    return found


def called(wanted: str, places: list[tuple[str, str]]) -> set[str]:
    """Return the keys of the (path, key) that `wanted` names; a whole name goes before a stem."""
    exact = {k for path, k in places if wanted in (path, PurePosixPath(path).name)}
    stem = PurePosixPath(wanted).stem
    return exact or {k for path, k in places if PurePosixPath(path).stem == stem}


def _untagged(name: str) -> str:
    """Return a trashed file's stem without what made its name unique there."""
    return name.removesuffix(".toml").partition(".")[0]
