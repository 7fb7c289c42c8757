"""The local half of applying a plan: collections.toml, the paths in item files, and new keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from zotsync.bibliography.batches import Edit, replace_files
from zotsync.bibliography.collections import read_collections, write_collections
from zotsync.bibliography.folder import ChangedError, read_file
from zotsync.bibliography.itemfile import amend_item_text
from zotsync.config import Workspace
from zotsync.errors import FileError, Problem
from zotsync.model import Fields, Phase, Progress
from zotsync.sync.applying.files_apply import NEW_HERE, advance, chunks, in_trash
from zotsync.sync.deciding.shelves import CollectionPlan
from zotsync.sync.reading.collection_tree import CollectionTree, Line, written_paths
from zotsync.sync.reading.local import LocalSide
from zotsync.sync.remembering.entries import FILE, Entry, new_here, shown_conflicts
from zotsync.sync.remembering.file_index import FileIndex, FileRow
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Base, BaseObject, Decision, Kind, Step, Trees


@dataclass
class ShelvesApply:
    """Writes collections.toml and what depends on it. One instance per run."""

    workspace: Workspace
    state: State
    objects: Objects
    index: FileIndex
    journal: Journal
    run: int
    progress: Progress

    def adopt(self, side: LocalSide) -> None:
        """Write provisional keys down: into new item files, and as lines of collections.toml.

        Nothing has left the machine yet: a stop here leaves files with keys, which is all there is.
        """
        for chunk in chunks(side.new.items()):
            self._write_keys(chunk)
        if side.tree.taken_over:
            self._read_again(set(side.tree.taken_over))
        if side.tree.made or side.tree.keyless:
            paths = side.tree.paths
            here = {key: paths[key] for key in side.tree.objects if key in paths}
            self._write(side.tree, here)

    def _write_keys(self, keys: Iterable[tuple[str, str]]) -> None:
        """Write keys into files (path, key); one that somebody edits meanwhile waits its turn."""
        edits, entries = [], []
        for path, key in keys:
            raw, stamp = read_file(self.workspace.items, path)
            old = raw.decode("utf-8-sig")
            edits.append(Edit(path, amend_item_text(old, key=key), stamp))
            entries.append(Entry(Kind.ITEM, key, FILE, "key", path, text=old))
        with self.state.transaction():
            self.journal.write(self.run, entries)
        for error in replace_files(self.workspace.items, edits).failed.values():
            if not isinstance(error, ChangedError):
                raise error

    def _read_again(self, collections: set[str]) -> None:
        """Let the next look read the files that name these collections, whose keys are no more."""
        rows = [row for row in self.index.rows() if collections & set(row.mentions.values())]
        with self.state.transaction():
            self.index.put(replace(row, again=True) for row in rows)

    def write_again(self) -> None:
        """Write a collections.toml that is missing as it last was."""
        lines = self.index.collection_lines()
        if lines and not self.workspace.collections.exists():
            tree = CollectionTree()
            self._write(tree, {key: line.path for key, line in lines.items()})

    def _write(self, tree: CollectionTree, paths: Mapping[str, str]) -> bool:
        """Write collections.toml; return False, and do nothing, if somebody edited it meanwhile."""
        file = self.workspace.collections
        if file.exists() and read_collections(file) != tree.typed:
            return False
        self._record(file.name, file.read_bytes() if file.exists() else b"")
        write_collections(file, tree.as_lines(paths))
        return True

    def _record(self, file: str, raw: bytes) -> None:
        text = raw.decode("utf-8-sig", "replace")
        entry = Entry(Kind.COLLECTION, "", FILE, "collections", file, text=text)
        with self.state.transaction():
            self.journal.write(self.run, [entry])

    def collections(self, plan: CollectionPlan, trees: Trees, tree: CollectionTree) -> bool:
        """Write collections.toml as the plan wants it.

        Return False, and do nothing, if somebody edited it since `tree` was read.
        """
        file = self.workspace.collections
        paths = written_paths(plan.tree)
        lines = {key: Line(path, dict(plan.tree[key])) for key, path in paths.items()}
        old = self.index.collection_lines()
        if (lines != old or not file.exists()) and not self._write(tree, paths):
            return False
        with self.state.transaction():
            if lines != old:
                self.index.put_collection_lines(lines)
                self.state.set_meta("stale_mentions", "yes")
                self.state.set_meta("names_moved", "yes")
            self.journal.write(self.run, (e for s in plan.plan.steps for e in _entries(s, trees)))
            for step in plan.plan.steps:
                self._advance_collection(step, trees)
        return True

    def amend(self, tree: CollectionTree, wanted: Mapping[str, Fields]) -> bool:
        """Write `wanted` (key -> fields) into collections.toml, as an edit made here.

        Return False, and do nothing, if somebody edited it since `tree` was read.
        """
        paths = written_paths(wanted)
        if not self._write(tree, paths):
            return False
        with self.state.transaction():
            lines = {key: Line(path, wanted[key]) for key, path in paths.items()}
            self.index.put_collection_lines(lines)
            self.state.set_meta("stale_mentions", "yes")
            self.state.set_meta("names_moved", "yes")
        return True

    def _advance_collection(self, step: Step, trees: Trees) -> None:
        base = trees.base.get(step.key) or BaseObject(step.key, Base.NONE, {})
        mirror = trees.mirror.get(step.key)
        gone = step.decision is Decision.TRASH_FILE and not in_trash(mirror)
        if gone or step.decision is Decision.FORGET:
            self.objects.forget(Kind.COLLECTION, [step.key])
        elif advanced := advance(step, base, mirror):
            self.objects.put_base(Kind.COLLECTION, [advanced])

    def are_stale(self, files: Mapping[str, str]) -> bool:
        """Return whether a path in one of `files` (item key -> path) could be rewritten now."""
        stale = self._stale_rows()
        return any(not row.again and files.get(row.key) == row.path for row in stale)

    def mentions(self) -> list[Problem]:
        """Rewrite the paths in item files whose collection is called otherwise now.

        Return why some could not be written: their mentions keep their meaning until they can.
        """
        stale = self._stale_rows()
        problems: list[Problem] = []
        done = left = 0
        for chunk in chunks(stale):
            written, failed = self._rewrite(chunk)
            left += len(chunk) - written
            problems += failed
            done += len(chunk)
            self.progress(Phase.FILES, done, len(stale))
        if not left:
            with self.state.transaction():
                self.state.set_meta("stale_mentions", "")
        return problems

    def _stale_rows(self) -> list[FileRow]:
        if self.state.meta("stale_mentions") != "yes":
            return []
        lines = self.index.collection_lines()
        self._paths = {key: line.path for key, line in lines.items()}
        mentions = self.index.mentions()
        return list(self.index.rows([path for path, there in mentions if self._stale(there)]))

    def _stale(self, mentions: Mapping[str, str]) -> bool:
        return any(self._paths.get(key, path) != path for path, key in mentions.items())

    def _rewrite(self, rows: list[FileRow]) -> tuple[int, list[Problem]]:
        """Return how many files were written, and why some could not be.

        One that cannot be read or amended now, or that somebody edits, is left for later.
        """
        edits = {row.path: edit for row in rows if (edit := self._edit(row))}
        with self.state.transaction():
            self.journal.write(self.run, (entry for _edit, _row, entry in edits.values()))
        done = replace_files(self.workspace.items, [edit for edit, _row, _entry in edits.values()])
        with self.state.transaction():
            self.index.put(
                replace(edits[path][1], stamp=stamp) for path, stamp in done.stamps.items()
            )
        failed = [e.problem for e in done.failed.values() if not isinstance(e, ChangedError)]
        return len(done.stamps), failed

    def _edit(self, row: FileRow) -> tuple[Edit, FileRow, Entry] | None:
        if row.again:
            return None
        keys = list(row.mentions.values())
        now = [self._paths.get(row.mentions[p], p) for p in row.mentions]
        try:
            raw, stamp = read_file(self.workspace.items, row.path)
            old = raw.decode("utf-8-sig")
            text = amend_item_text(old, changes={"collections": list(dict.fromkeys(now))})
        except FileError:
            return None  # the scan tells why
        renamed = replace(row, mentions=dict(zip(now, keys, strict=True)))
        entry = Entry(Kind.ITEM, row.key, FILE, "mentions", row.path, text=old)
        return Edit(row.path, text, stamp), renamed, entry


def _entries(step: Step, trees: Trees) -> tuple[Entry, ...]:
    """Return what the journal says of a collection whose line changes, goes or comes. Pure."""
    local = trees.local.get(step.key)
    here = local.fields if local else {}
    told = shown_conflicts(step)
    if step.decision in NEW_HERE:
        return (new_here(step, step.file, trees), *told)
    gone = step.decision is Decision.TRASH_FILE
    if not (gone or step.to_file):
        return told
    before = dict(here) if gone else {n: here.get(n) for n in step.to_file}
    after = None if gone else dict(step.to_file)
    what = step.decision.value
    return (Entry(step.kind, step.key, FILE, what, step.file, before, after), *told)
