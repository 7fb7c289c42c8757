"""Bringing items back: what was removed, and what was written over, here or in Zotero.

Files alone are written; the next sync tells Zotero.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zotsync.bibliography.folder import read_file, replace_file
from zotsync.bibliography.itemfile import amend_item_text, new_item_text, parse_item
from zotsync.bibliography.slugs import slug
from zotsync.config import Workspace
from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.i18n import _
from zotsync.model import Fields
from zotsync.sync.applying.returning import Returning, keyed, trashed, trashed_text
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.file_index import FileIndex
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.remembering.versions import Version, distinct, versions_before
from zotsync.sync.trees import Base, Kind, Remote, shown_file


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    file: Path
    what: str
    """Where it came from, as in `Version.what`."""


@dataclass
class Restorer:
    """Brings items of one workspace back."""

    workspace: Workspace
    state: State

    def __post_init__(self) -> None:
        self._index = FileIndex(self.state)
        self._objects = Objects(self.state)
        lines = self._index.collection_lines()
        self._paths = {key: line.path for key, line in lines.items()}
        self._keys = {path: key for key, path in self._paths.items()}

    def versions(self, key: str, present: str | None) -> tuple[Version, ...]:
        """Return what an item was like, the newest first, without what it is like now.

        Args:
            key: the item.
            present: the path of its file, if it has one.

        Raises:
            ZotsyncError: there is nothing to bring back.

        """
        now = self.fields(key, present)
        found = distinct(self._versions(key, present), now)
        if not found and present is not None:
            raise ZotsyncError(
                _("No run has written over this item."),
                place=Place(shown_file(Kind.ITEM, present), item=key),
                hint=_(
                    "It is as it was when zotsync first saw it: there is nothing older to take."
                ),
            )
        if not found:
            raise ZotsyncError(
                _("Nothing is known of the item {key}.").format(key=key),
                hint=_("Look for it in Zotero's trash."),
            )
        return found

    def gone(self, here: Container[str]) -> dict[str, Fields]:
        """Return key -> fields, as last known, of the items that no file is left of; `here`: the others."""
        lines = self._objects.mirror_lines(Kind.ITEM)
        away = [k for k, line in lines.items() if line.synced and line.status is not Remote.LIVE]
        known = {key: o.fields for key, o in self._objects.mirror(Kind.ITEM, away).items()}
        for name, key in reversed(trashed(self.workspace)):
            known[key] = self._parsed(trashed_text(self.workspace, name), {}) or {}
        deleted = [path for path, key in self._index.places() if key not in here]
        known |= {row.key: row.fields for row in self._index.rows(deleted)}
        return {key: fields for key, fields in known.items() if fields and key not in here}

    def fields(self, key: str, present: str | None) -> Fields | None:
        """Return what the file of an item says now, as far as it can be read; None without one."""
        if present is None:
            return None
        raw, _stamp = read_file(self.workspace.items, present)
        row = self._index.by_key(key)
        return self._parsed(raw.decode("utf-8-sig"), row.mentions if row else {}) or {}

    def _parsed(self, text: str, mentions: Mapping[str, str]) -> Fields | None:
        try:
            fields = parse_item(text.encode(), "").fields
        except FileError:
            return None
        return keyed(fields, {**self._keys, **mentions})

    def _versions(self, key: str, present: str | None) -> Iterator[Version]:
        base = self._objects.base(Kind.ITEM, [key]).get(key)
        agreed = base.fields if base and base.status is Base.LIVE else None
        entries = Journal(self.state).entries(key=key)
        if present is not None and agreed:
            yield Version(agreed, "base", file=present)
        if present is None:
            yield from self._without_file(key, entries)
        texts = {e.text: e.mentions for _run, e in entries if e.side == FILE and e.text}
        parsed = {t: f for t, m in texts.items() if t and (f := self._parsed(t, m))}
        yield from versions_before(entries, agreed, parsed)
        mirror = self._objects.mirror(Kind.ITEM, [key]).get(key)
        if present is None and mirror is not None and mirror.status is not Remote.LIVE:
            yield Version(mirror.fields, "zotero")

    def _without_file(self, key: str, entries: Sequence[tuple[int, Entry]]) -> Iterator[Version]:
        if row := self._index.by_key(key):
            yield Version(row.fields, "memory", file=row.path, mentions=row.mentions)
        meant = [(e.text, e.mentions) for _run, e in entries if e.text]
        for name, of in trashed(self.workspace):
            if of == key:
                text = trashed_text(self.workspace, name)
                plain = text.replace("\r\n", "\n")
                known = (m for old, m in meant if old and old.replace("\r\n", "\n") == plain)
                mentions = next(known, {})
                fields = self._parsed(text, mentions) or {}
                yield Version(fields, "trash", file=name, text=text, mentions=mentions)

    def restore(self, key: str, present: str | None, version: Version, run: int) -> Restored:
        """Make an item's file say what a version says; what it says now is in the journal."""
        if present is not None:
            file = self._write_over(key, present, version, run)
            return Restored(file, version.what)
        text = version.text
        if text is None:
            paths = {k: path for path, k in version.mentions.items()}
            text = new_item_text(key, self._typed(version.fields, {**self._paths, **paths}))
        path = self._former_path(key, version)
        returning = Returning(self.workspace, self.state, run, "restore")
        return Restored(returning.put_back(key, path, text, version.mentions), version.what)

    def _former_path(self, key: str, version: Version) -> str:
        if version.file and version.what != "trash":
            return version.file
        entries = Journal(self.state).entries(key=key)
        known = (e.file for _run, e in entries if e.side == FILE and e.file.endswith(".toml"))
        untagged = version.file.removesuffix(".toml").partition(".")[0]
        return next(known, f"{untagged or slug(version.fields)}.toml")

    def _typed(self, fields: Fields, paths: Mapping[str, str]) -> dict[str, Any]:
        """Return fields with paths for collection keys, as files have them."""
        rest = {name: value for name, value in fields.items() if name != "collections"}
        typed = [paths[k] for k in fields.get("collections", ()) if k in paths]
        return {**rest, "collections": typed} if typed else rest

    def _write_over(self, key: str, path: str, version: Version, run: int) -> Path:
        raw, stamp = read_file(self.workspace.items, path)
        old = raw.decode("utf-8-sig")
        now = self.fields(key, path) or {}
        names = {n for n in {*now, *version.fields} if now.get(n) != version.fields.get(n)}
        before = {n: now.get(n) for n in names}
        after = {n: version.fields.get(n) for n in names}
        text = version.text
        if text is None:
            typed = self._typed(version.fields, self._paths)
            text = amend_item_text(old, changes={n: typed.get(n) for n in names})
        with self.state.transaction():
            entry = Entry(Kind.ITEM, key, FILE, "restore", path, before, after, text=old)
            Journal(self.state).write(run, [entry])
        Returning(self.workspace, self.state, run, "restore").remember(key, path, version.mentions)
        replace_file(self.workspace.items, path, text.replace("\r\n", "\n"), stamp)
        return self.workspace.items / path
