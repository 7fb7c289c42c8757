"""The file edits of an undo or an import, one object at a time: the journal first, then the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from zotsync.bibliography.folder import ChangedError, move_to_trash, read_file, replace_file
from zotsync.bibliography.itemfile import amend_item_text, new_item_text
from zotsync.bibliography.slugs import slug
from zotsync.config import Workspace
from zotsync.model import silent
from zotsync.sync.applying.returning import Returning
from zotsync.sync.applying.shelves_apply import ShelvesApply
from zotsync.sync.reading.collection_tree import CollectionTree, with_paths
from zotsync.sync.reading.planning import Planner
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.file_index import FileRow
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.trees import Base, BaseObject, Kind, Remote
from zotsync.sync.undoing.undo import UndoStep, What
from zotsync.sync.undoing.undo_effects import MEMBERS


class FileWriting:
    """The edits of one run that somebody asked for.

    A false answer: somebody edits the file meanwhile, and nothing was done.
    """

    def __init__(
        self, workspace: Workspace, planner: Planner, run: int, word: str = "undo"
    ) -> None:
        """Take what is written to; `word` is what the journal says for a decision."""
        self._workspace, self._state = workspace, planner.state
        self._planner, self._run, self._word = planner, run, word
        self._journal = Journal(self._state)
        self._returning = Returning(self._workspace, self._state, run, word)
        self._paths: Mapping[str, str] = {}

    def collections(self, steps: list[UndoStep], tree: CollectionTree | None = None) -> bool:
        """Edit collections.toml; return whether it was done.

        `tree`: what the steps were made for, where keys in it may not be written down yet; else it is read.
        """
        planner = self._planner
        tree = tree or planner.read().tree
        wanted = {key: dict(fields) for key, fields in tree.objects.items()}
        for step in steps:
            fields = {**wanted.pop(step.key, {}), **step.fields}
            if step.what is not What.REMOVE:
                wanted[step.key] = {n: v for n, v in fields.items() if v is not None}
        apply = ShelvesApply(
            self._workspace,
            self._state,
            planner.objects,
            planner.index,
            self._journal,
            self._run,
            silent,
        )
        with self._state.transaction():
            self._journal.write(self._run, map(self._entry, steps))
            back = [s.key for s in steps if s.what is What.BRING_BACK]
            self._agree_on_the_trash(back)
        return apply.amend(tree, wanted)

    def _agree_on_the_trash(self, keys: Iterable[str]) -> None:
        """Let the lines that come back stand for collections that Zotero shall have again."""
        objects = self._planner.objects
        mirror = objects.mirror(Kind.COLLECTION, keys)
        known = objects.base(Kind.COLLECTION, mirror)
        gone = [m for k, m in mirror.items() if k not in known and m.status is not Remote.LIVE]
        objects.put_base(Kind.COLLECTION, (BaseObject(m.key, Base.TRASHED, m.fields) for m in gone))

    def look_up_paths(self) -> None:
        """Take note of what the collections are called now."""
        lines = self._planner.index.collection_lines()
        written = {key: line.path for key, line in lines.items()}
        self._paths = {**written, **self._planner.read().tree.paths}

    def item(self, step: UndoStep) -> bool:
        """Edit, remove or bring back one item file; return whether it was done."""
        if step.what is What.BRING_BACK:
            return self._bring_back(step)
        row = self._planner.index.by_key(step.key)
        try:
            raw, stamp = read_file(self._workspace.items, step.file)
            if row is None or row.stamp.digest != stamp.digest:
                return False
            text = raw.decode("utf-8-sig")
            new = self._amended(step, text, row) if step.what is What.EDIT else None
            with self._state.transaction():
                self._journal.write(self._run, [replace(self._entry(step), text=text)])
                if new is not None:
                    self._know(step, row)
            if new is None:
                items, trash = self._workspace.items, self._workspace.trash
                move_to_trash(items, step.file, trash, str(self._run), stamp)
                with self._state.transaction():
                    self._planner.index.drop([step.file])
            else:
                replace_file(self._workspace.items, step.file, new, stamp)
        except ChangedError:
            self._withdraw(step)
            return False
        return True

    def _withdraw(self, step: UndoStep) -> None:
        with self._state.transaction():
            self._journal.withdraw(self._run, step.kind, step.key, FILE)

    def _amended(self, step: UndoStep, text: str, row: FileRow) -> str:
        changes = dict(step.fields)
        if MEMBERS in changes:
            kept = {key: path for path, key in row.mentions.items()}
            members = changes[MEMBERS] or ()
            paths = [kept.get(k) or self._paths[k] for k in members if k in {**kept, **self._paths}]
            changes[MEMBERS] = paths or None
        return amend_item_text(text, changes=changes)

    def _know(self, step: UndoStep, row: FileRow) -> None:
        """Let the paths about to be written mean these collections, whatever stands where."""
        members: Iterable[str] = step.fields.get(MEMBERS) or ()
        meant = {self._paths[k]: k for k in members if k in self._paths}
        self._planner.index.put([replace(row, mentions={**meant, **row.mentions}, again=True)])
        if MEMBERS in step.fields:
            self._see(step.key, set(members))

    def _see(self, key: str, members: AbstractSet[str]) -> None:
        """Let a membership that the file did not show, and that goes, be seen to be gone."""
        objects = self._planner.objects
        base = objects.base(Kind.ITEM, [key]).get(key)
        if base is not None and not set(base.unseen) <= members:
            unseen = tuple(k for k in base.unseen if k in members)
            objects.put_base(Kind.ITEM, [replace(base, unseen=unseen)])

    def _bring_back(self, step: UndoStep) -> bool:
        text, mentions = step.text, step.mentions
        if text is None:
            text = new_item_text(step.key, with_paths(step.fields, self._paths))
            mentions = {path: key for key, path in self._paths.items()}
        row = self._planner.index.by_key(step.key)
        path = step.file or (row.path if row else f"{slug(step.fields)}.toml")
        self._returning.put_back(step.key, path, text.replace("\r\n", "\n"), mentions)
        return True

    def _entry(self, step: UndoStep) -> Entry:
        """Return what the journal says of an edit."""
        before = None if step.what is What.BRING_BACK else dict(step.before)
        after = None if step.what is What.REMOVE else dict(step.fields)
        return Entry(step.kind, step.key, FILE, self._word, step.file, before, after)
