"""The local half of applying a plan: item files.

Always in this order: the journal and what is under way, in one transaction; the file itself; then
base and index, in one transaction. A stop between any two of them is found again by the next plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, TypeVar

from zotsync.bibliography.batches import (
    BATCH,
    Edit,
    NewFiles,
    replace_files,
    write_new_files,
)
from zotsync.bibliography.folder import (
    ChangedError,
    FileStamp,
    move_to_trash,
    read_file,
    shown_path,
)
from zotsync.bibliography.itemfile import amend_item_text, new_item_text, parse_item
from zotsync.bibliography.slugs import folded, free_name, slug
from zotsync.config import Workspace
from zotsync.errors import FileError
from zotsync.model import Phase, Progress
from zotsync.sync.reading.collection_tree import with_paths, written_paths
from zotsync.sync.remembering.entries import FILE, Entry, new_here, shown_conflicts
from zotsync.sync.remembering.file_index import FileIndex, FileRow
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Base, BaseObject, Decision, Kind, MirrorObject, Remote, Step, Trees

_CHUNK = 200
_T = TypeVar("_T")
NEW_HERE = {Decision.NEW_FILE, Decision.RESTORE_FILE}


@dataclass
class FilesApply:
    """Writes the local half of plans. One instance per run."""

    workspace: Workspace
    state: State
    objects: Objects
    index: FileIndex
    journal: Journal
    run: int
    progress: Progress
    skipped: set[str] = field(default_factory=set)
    """Keys of items whose file somebody edited meanwhile: planned again in the next round."""

    def items(self, steps: Iterable[Step], trees: Trees, tree: Mapping[str, Any]) -> list[Step]:
        """Write the files of `steps`; return the steps that were done.

        Args:
            steps: the plan for items.
            trees: what it was made from.
            tree: collection key -> fields, after the plan for collections.

        """
        self._paths = written_paths(tree)
        steps = list(steps)
        done = list(self._new_files([s for s in steps if s.decision in NEW_HERE], trees))
        rest = [s for s in steps if s.decision not in NEW_HERE]
        for number, chunk in enumerate(chunks(rest), 1):
            done += self._chunk(chunk, trees)
            if number * _CHUNK <= len(rest):
                self.progress(Phase.FILES, number * _CHUNK, len(rest))
        return done

    # New files

    def _new_files(self, steps: list[Step], trees: Trees) -> Iterator[Step]:
        taken = {folded(PurePosixPath(p.name).stem) for p in self._existing()}
        count = 0
        for chunk in chunks(steps, BATCH):
            by_path = self._named(chunk, taken)
            with self.state.transaction():
                self.journal.write(self.run, (new_here(s, p, trees) for p, s in by_path.items()))
            for batch in write_new_files(self.workspace.items, self._texts(by_path)):
                made = self._agree_on_new(batch, by_path)
                count += len(batch.stamps) + len(batch.taken)
                self.progress(Phase.FILES, count, len(steps))
                yield from made

    def _named(self, steps: Iterable[Step], taken: set[str]) -> dict[str, Step]:
        by_path = {}
        for step in steps:
            name = free_name(slug(step.to_file), taken)
            taken.add(folded(name))
            by_path[f"{name}.toml"] = step
        return by_path

    def _texts(self, by_path: Mapping[str, Step]) -> Iterator[tuple[str, str]]:
        for path, step in by_path.items():
            yield path, new_item_text(step.key, with_paths(step.to_file, self._paths))

    def _agree_on_new(self, batch: NewFiles, by_path: Mapping[str, Step]) -> list[Step]:
        made = [by_path[path] for path in batch.stamps]
        with self.state.transaction():
            self.index.put(self._row(path, by_path[path], s) for path, s in batch.stamps.items())
            self.objects.agree_on_mirror(Kind.ITEM, {s.key: s.unseen or () for s in made})
            for path in batch.taken:
                self.skipped.add(by_path[path].key)
                self.journal.withdraw(self.run, Kind.ITEM, by_path[path].key, FILE)
        return made

    def _row(self, path: str, step: Step, stamp: FileStamp) -> FileRow:
        return FileRow(path, step.key, step.to_file, self._mentions(step.to_file), stamp=stamp)

    def _existing(self) -> Iterator[Any]:
        folder = self.workspace.items
        return folder.rglob("*.toml") if folder.exists() else iter(())

    def _mentions(self, fields: Mapping[str, Any]) -> dict[str, str]:
        return {self._paths[k]: k for k in fields.get("collections", ()) if k in self._paths}

    # Files that are there

    def _chunk(self, steps: list[Step], trees: Trees) -> list[Step]:
        writes = [w for s in steps if (w := self._prepare(s, trees)) is not None]
        with self.state.transaction():
            self.journal.write(self.run, (e for w in writes for e in w.entries))
            self.objects.put_base(
                Kind.ITEM, (_under_way(w, trees) for w in writes if w.step.merged)
            )
        edited = [Edit(w.file, w.new, w.stamp) for w in writes if w.new not in (None, w.old)]
        replaced = replace_files(self.workspace.items, edited)
        rows: list[FileRow] = []
        gone: list[str] = []
        done = []
        for write in writes:
            try:
                if write.file in replaced.failed:
                    raise replaced.failed[write.file]
                self._write(write, replaced.stamps.get(write.file, write.stamp), rows, gone)
            except ChangedError:
                self.skipped.add(write.step.key)
                self.journal.withdraw(self.run, Kind.ITEM, write.step.key, FILE)
                continue
            done.append(write.step)
        with self.state.transaction():
            self.index.put(rows)
            self.index.drop(gone)
            for step in done:
                self._advance(step, trees)
        return done

    def _prepare(self, step: Step, trees: Trees) -> _Write | None:
        """Return what is to be written for a step, or None where somebody edited the file."""
        local = trees.local.get(step.key)
        if local is None or not (step.to_file or step.mark or step.decision is Decision.TRASH_FILE):
            return _Write(step)
        row = self.index.by_key(step.key)
        try:
            raw, stamp = read_file(self.workspace.items, local.file)
        except FileError:  # moved or locked since it was scanned
            raw, stamp = b"", None
        if row is None or stamp is None or row.stamp.digest != stamp.digest:
            self.skipped.add(step.key)
            return None
        old = raw.decode("utf-8-sig")
        if step.decision is Decision.TRASH_FILE:
            entry = self._entry(step, local.file, old, before=dict(local.fields), after=None)
            return _Write(step, local.file, stamp, old, None, (entry,))
        new = self._amended(step, old, row)
        before = {n: local.fields.get(n) for n in step.to_file}
        entry = self._entry(step, local.file, old, before, dict(step.to_file))
        return _Write(step, local.file, stamp, old, new, (entry, *shown_conflicts(step)))

    def _entry(self, step: Step, file: str, old: str, before: Any, after: Any) -> Entry:
        return Entry(Kind.ITEM, step.key, FILE, step.decision.value, file, before, after, text=old)

    def _amended(self, step: Step, old: str, row: FileRow | None) -> str:
        changes = dict(step.to_file)
        if "collections" in changes:
            mentions = row.mentions if row else {}
            changes["collections"] = self._typed_paths(changes["collections"], mentions)
        tables = {c.field: (c.base, c.zotero) for c in step.conflicts}
        return amend_item_text(old, changes=changes, conflicts=tables if step.mark else None)

    def _typed_paths(self, keys: list[str] | None, mentions: Mapping[str, str]) -> list[str] | None:
        """Return the paths for collection keys, as they stand in the file where they still fit."""
        kept = {key: path for path, key in mentions.items() if self._paths.get(key) == path}
        paths = [kept.get(k) or self._paths[k] for k in keys or () if k in self._paths]
        return paths or None

    def _write(self, write: _Write, stamp: Any, rows: list[FileRow], gone: list[str]) -> None:
        """Let the index follow a file that was written, or move one to the trash."""
        if write.stamp is None:
            return
        if write.new is None:
            items, trash = self.workspace.items, self.workspace.trash
            move_to_trash(items, write.file, trash, str(self.run), write.stamp)
            gone.append(write.file)
            return
        rows.append(self.row(write.step.key, write.file, write.new, stamp))

    def row(self, key: str, file: str, text: str, stamp: Any) -> FileRow:
        """Return the index row of a file that was just written as `text`."""
        parsed = parse_item(text.encode(), shown_path(self.workspace.items, file))
        fields = dict(parsed.fields)
        before = self.index.by_key(key)
        known = dict(before.mentions) if before else {}
        known |= {path: k for k, path in self._paths.items()}
        mentions = {path: known[path] for path in fields.pop("collections", []) if path in known}
        if mentions:
            fields["collections"] = sorted(set(mentions.values()))
        if "collections" in parsed.held and before:
            mentions = dict(before.mentions)
        return FileRow(file, key, fields, mentions, parsed.conflicts, stamp, bool(parsed.held))

    def _advance(self, step: Step, trees: Trees) -> None:
        """Move the base to what both sides hold now."""
        base = trees.base.get(step.key) or BaseObject(step.key, Base.NONE, {})
        mirror = trees.mirror.get(step.key)
        if step.decision is Decision.FORGET or (
            step.decision is Decision.TRASH_FILE and not in_trash(mirror)
        ):
            self.objects.forget(Kind.ITEM, [step.key])
            self.index.drop_items([step.key])
            return
        if advanced := advance(step, base, mirror):
            self.objects.put_base(Kind.ITEM, [advanced])


@dataclass(frozen=True)
class _Write:
    """One file about to be written; without a stamp nothing but the base moves."""

    step: Step
    file: str = ""
    stamp: Any = None
    old: str = ""
    new: str | None = None
    entries: tuple[Entry, ...] = ()


def advance(step: Step, base: BaseObject, mirror: MirrorObject | None) -> BaseObject | None:
    """Return the base after the local half of a step; None: it stays. Pure.

    A field that went to the file is agreed on with Zotero's value; a merge leaves Zotero's value as
    the base, so that what is left to push shows as a change made here.
    """
    if step.decision in (Decision.AGREE_TRASHED, Decision.TRASH_FILE):
        return replace(base, status=Base.TRASHED, shown={}, merged={})
    if step.decision is Decision.REMEMBER:
        return BaseObject(step.key, Base.TRASHED, dict(mirror.fields) if mirror else {})
    fields = dict(base.fields)
    fields.update({n: v for n, v in step.to_file.items() if n != "collections"})
    fields.update(step.agreed)
    fields.update({name: merge["zotero"] for name, merge in step.merged.items()})
    open_now = {c.field: c.zotero for c in step.conflicts}
    left = {n: v for n, v in base.shown.items() if n in step.to_zotero or n in open_now}
    if step.mark:  # without: they are shown already, or this run writes no file
        left |= open_now
    status = Base.LIVE if _both_alive(step, mirror) else base.status
    moved = replace(
        base,
        status=status,
        fields={n: v for n, v in fields.items() if v is not None},
        shown=left,
        merged={},
        unseen=base.unseen if step.unseen is None else step.unseen,
    )
    return None if moved == base else moved


def _both_alive(step: Step, mirror: MirrorObject | None) -> bool:
    alive = mirror is not None and mirror.status is Remote.LIVE
    return alive and step.decision in (Decision.UPDATE, *NEW_HERE)


def in_trash(mirror: MirrorObject | None) -> bool:
    """Return whether Zotero still has an object, in its trash."""
    return mirror is not None and mirror.status is Remote.TRASHED


def _under_way(write: _Write, trees: Trees) -> BaseObject:
    base = trees.base.get(write.step.key) or BaseObject(write.step.key, Base.NONE, {})
    return replace(base, merged=dict(write.step.merged))


def chunks(things: Iterable[_T], size: int = _CHUNK) -> Iterator[list[_T]]:
    """Yield what is written in one go: together in the journal, on the disk and in the index."""
    left = iter(things)
    while chunk := list(islice(left, size)):
        yield chunk
