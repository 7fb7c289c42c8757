"""Putting item files back where they were: out of the trash, or written anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from zotsync.bibliography.batches import write_new_files
from zotsync.bibliography.folder import restore_from_trash
from zotsync.bibliography.itemfile import parse_item
from zotsync.bibliography.slugs import folded, free_name
from zotsync.config import Workspace
from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.model import Fields
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.file_index import FileIndex, FileRow
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Base, BaseObject, Kind, Remote


@dataclass
class Returning:
    """Puts files of one workspace back. One instance per run."""

    workspace: Workspace
    state: State
    run: int
    word: str
    """What the journal says for a decision: "undo" or "restore"."""

    def __post_init__(self) -> None:
        self._index = FileIndex(self.state)

    def put_back(self, key: str, path: str, text: str, mentions: Mapping[str, str]) -> Path:
        """Let an item's file be there again, and mean what it meant; return it.

        Where Zotero has the item no more, or in its trash, the next plan sees a file that was taken
        out of the trash by hand: the item is restored there, or made again with its key.
        """
        path = self._free(path)
        with self.state.transaction():
            entry = Entry(Kind.ITEM, key, FILE, self.word, path, after={})
            Journal(self.state).write(self.run, [entry])
            self._agree_on_the_trash(key)
            self.remember(key, path, mentions)
        name = self._in_trash(key, text)
        if name:
            restore_from_trash(self.workspace.trash, name, self.workspace.items, path)
        else:
            for batch in write_new_files(self.workspace.items, [(path, text)]):
                if batch.taken:
                    raise FileError(_("This file is there already."), place=Place(path))
        return self.workspace.items / path

    def _agree_on_the_trash(self, key: str) -> None:
        objects = Objects(self.state)
        base = objects.base(Kind.ITEM, [key]).get(key)
        mirror = objects.mirror(Kind.ITEM, [key]).get(key)
        unknown = base is None or base.status is Base.NONE
        if unknown and mirror is not None and mirror.status is not Remote.LIVE:
            objects.put_base(Kind.ITEM, [BaseObject(key, Base.TRASHED, mirror.fields)])

    def remember(self, key: str, path: str, mentions: Mapping[str, str]) -> None:
        """Let the paths in a file mean the same collections as then (SYNC §5)."""
        row = self._index.by_key(key) or FileRow(path, key, {})
        meant = {**row.mentions, **mentions}
        with self.state.transaction():
            self._index.put([replace(row, path=path, mentions=meant, again=True)])
            self.state.set_meta("stale_mentions", "yes")  # they may be called otherwise by now

    def _free(self, path: str) -> str:
        items = self.workspace.items
        if not (items / path).exists():
            return path
        taken = {folded(p.stem) for p in items.rglob("*.toml")}
        return f"{free_name(PurePosixPath(path).stem, taken)}.toml"

    def _in_trash(self, key: str, text: str) -> str | None:
        """Return the name in the trash of a file that is just this."""
        plain = _plain(text)
        names = (name for name, of in trashed(self.workspace) if of == key)
        return next((n for n in names if _plain(trashed_text(self.workspace, n)) == plain), None)


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


def trashed_text(workspace: Workspace, name: str) -> str:
    """Return the text of a file in the trash."""
    return (workspace.trash / name).read_text(encoding="utf-8-sig", errors="replace")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def keyed(fields: Fields, mentions: Mapping[str, str]) -> dict[str, object]:
    """Return a file's fields with collection keys for the paths that `mentions` knows."""
    rest = {name: value for name, value in fields.items() if name != "collections"}
    keys = sorted({mentions[p] for p in fields.get("collections", ()) if p in mentions})
    return {**rest, "collections": keys} if keys else rest
