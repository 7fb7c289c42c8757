"""Writing new items that an import brings: the journal first, then collections, then files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zotsync.bibliography.batches import write_new_files
from zotsync.bibliography.itemfile import new_item_text
from zotsync.bibliography.paths import PathError, Tree, join_path, path_finder, split_path
from zotsync.bibliography.slugs import folded, free_name, slug
from zotsync.config import Workspace
from zotsync.errors import UsageError
from zotsync.i18n import _
from zotsync.model import normal
from zotsync.proposal import Addition, Correction, Proposal
from zotsync.sync.reading.collection_tree import as_tree
from zotsync.sync.reading.local import LocalSide
from zotsync.sync.reading.planning import Planner
from zotsync.sync.remembering.entries import FILE, IMPORT, Entry
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.trees import Kind
from zotsync.sync.undoing.undo import UndoStep, What
from zotsync.sync.undoing.undo_writing import FileWriting

_MEMBERS = "collections"


@dataclass(frozen=True)
class Added:
    """What came of additions, and what can be corrected now."""

    missed: tuple[Addition, ...]
    """Items that could not be written: somebody edits the collections, or has a file of that name."""
    corrections: tuple[Correction, ...]
    """What is to be corrected, with the keys of all collections."""
    left: tuple[Correction, ...] = ()
    """Corrections whose collections could not be made."""


@dataclass
class Adding:
    """Adds items to one workspace, as a part of one run."""

    workspace: Workspace
    planner: Planner
    run: int

    def write(self, agreed: Proposal) -> Added:
        """Write new items into files, once the collections that are named by their paths are made.

        Raises:
            UsageError: a path names no single collection.

        """
        if not agreed.additions and not any(map(_members, agreed.corrections)):
            return Added((), agreed.corrections)
        side = self.planner.read()
        tree = as_tree(side.tree.objects)
        paths = {path for a in agreed.additions for path in a.fields.get(_MEMBERS, ())}
        paths |= {path for c in agreed.corrections for path in _new_members(c, tree)}
        if not self._collections(side, paths):
            left = tuple(c for c in agreed.corrections if _new_members(c, tree))
            return Added(
                agreed.additions, tuple(c for c in agreed.corrections if c not in left), left
            )
        now = as_tree(self.planner.read().tree.objects)
        corrections = _with_keys(agreed.corrections, tree, now)
        return Added(self._items(side, agreed.additions), corrections)

    def _items(self, side: LocalSide, additions: Sequence[Addition]) -> tuple[Addition, ...]:
        """Write items into new files; return those that could not be written."""
        keys = self._keys(side, additions)
        fit = [a for a in additions if self._has_parent(a, side, keys)]
        files = list(self._files(fit, keys))
        with self.planner.state.transaction():
            entries = [
                Entry(Kind.ITEM, key, FILE, IMPORT, path, after={}) for path, key, _text in files
            ]
            Journal(self.planner.state).write(self.run, entries)
        texts = [(path, text) for path, _key, text in files]
        taken = {
            path for batch in write_new_files(self.workspace.items, texts) for path in batch.taken
        }
        lost = {key for path, key, _text in files if path in taken}
        self._remember({key for _path, key, _text in files} - lost)
        return tuple(a for a in additions if a not in fit or keys[id(a)] in lost)

    def _remember(self, keys: set[str]) -> None:
        """Take note of the new files, so that an edit of them is seen by whoever takes this back."""
        side = self.planner.read()
        with self.planner.state.transaction():
            self.planner.index.put(row for key, row in side.fresh.items() if key in keys)

    def _collections(self, side: LocalSide, wanted: Iterable[str]) -> bool:
        """Make the collections that are not there yet; return False where they cannot be written."""
        tree = dict(as_tree(side.tree.objects))
        steps: list[UndoStep] = []
        for path in sorted(wanted):
            self._branch(path, tree, steps)
        if not steps:
            return True
        return FileWriting(self.workspace, self.planner, self.run, IMPORT).collections(
            steps, side.tree
        )

    def _branch(
        self, path: str, tree: dict[str, tuple[str, str | None]], steps: list[UndoStep]
    ) -> None:
        """Add what is missing of a path to the tree, and the steps that make it."""
        try:
            names = split_path(path)
            find = path_finder(tree)
            if find(path):
                return
            parent: str | None = None
            for depth, name in enumerate(names, 1):
                found = find(join_path(names[:depth]))
                if found is None:
                    found = self.planner.new_key()
                    tree[found] = name, parent
                    fields = {"name": name} | ({"parentCollection": parent} if parent else {})
                    step = UndoStep(What.BRING_BACK, Kind.COLLECTION, found, name, "", fields, {})
                    steps.append(step)
                parent = found
        except PathError as exc:
            text = _("{name} names no single collection.").format(name=path)
            raise UsageError(text) from exc

    def _keys(self, side: LocalSide, additions: Iterable[Addition]) -> dict[int, str]:
        """Return the key of each addition: its own where nobody has it, here or in Zotero."""
        additions = list(additions)
        asked = [a.key for a in additions if a.key]
        taken = {*side.paths, *self.planner.objects.mirror(Kind.ITEM, asked)}
        taken |= self.planner.objects.base(Kind.ITEM, asked).keys()
        keys: dict[int, str] = {}
        for addition in additions:
            key = addition.key
            if not key or key in taken:
                key = self.planner.new_key()
            taken.add(key)
            keys[id(addition)] = key
        return keys

    @staticmethod
    def _has_parent(addition: Addition, side: LocalSide, keys: Mapping[int, str]) -> bool:
        parent = addition.fields.get("parentItem")
        firm = side.paths.keys() - side.new.values()
        return parent is None or parent in firm or parent in keys.values()

    def _files(
        self, additions: Sequence[Addition], keys: Mapping[int, str]
    ) -> Iterable[tuple[str, str, str]]:
        """Yield path, key and text of each new file, those of its notes behind an item."""
        taken = {folded(file.stem) for file in self.workspace.items.rglob("*.toml")}
        moved = {a.key: keys[id(a)] for a in additions if a.key}
        for addition in additions:
            key = keys[id(addition)]
            fields = dict(addition.fields)
            if parent := fields.get("parentItem"):
                fields["parentItem"] = moved.get(parent, parent)
            yield self._file(key, fields, taken)
            for note in addition.notes:
                child = normal({"itemType": "note", "parentItem": key, "note": note})
                yield self._file(self.planner.new_key(), child, taken)

    @staticmethod
    def _file(key: str, fields: Mapping[str, Any], taken: set[str]) -> tuple[str, str, str]:
        name = free_name(slug(fields), taken)
        taken.add(folded(name))
        return f"{name}.toml", key, new_item_text(key, fields)


def _members(correction: Correction) -> Sequence[str]:
    return correction.fields.get(_MEMBERS) or () if correction.key else ()


def _new_members(correction: Correction, tree: Tree) -> set[str]:
    """Return the collections that a correction puts an item into and that have no key yet: their paths."""
    return set(_members(correction)) - tree.keys() - set(correction.before.get(_MEMBERS) or ())


def _with_keys(
    corrections: Iterable[Correction], before: Tree, now: Tree
) -> tuple[Correction, ...]:
    """Return corrections with the keys of the collections that were made for them."""
    find = path_finder(now)

    def known(correction: Correction) -> Correction:
        new = _new_members(correction, before)
        if not new:
            return correction
        keys = {key for path in new if (key := find(path))} | (set(_members(correction)) - new)
        return replace(correction, fields={**correction.fields, _MEMBERS: sorted(keys)})

    return tuple(map(known, corrections))
