"""The local tree: the files as they stand, tied to keys, their collection paths to collection keys.

Reading writes nothing. Keys for new files and new collections are provisional here; a sync writes
them down (`adopt`) before anything else happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zotsync.bibliography.collections import read_collections, read_collections_text
from zotsync.bibliography.folder import Scan, ScannedFile, read_file, scan, shown_path
from zotsync.bibliography.identity import Identified, identify
from zotsync.bibliography.paths import PathError
from zotsync.bibliography.untied import untied_problems
from zotsync.config import Workspace
from zotsync.errors import FileError, Place, Problem
from zotsync.model import Fields, Progress, Schema, silent
from zotsync.sync.deciding.recognising import recognised
from zotsync.sync.deciding.validate import FaultKind, faults
from zotsync.sync.reading.collection_tree import CollectionTree, MissingCollectionError, read_tree
from zotsync.sync.reading.waiting import (
    fault_problem,
    lost_collections_problem,
    no_collections_problem,
    path_problem,
)
from zotsync.sync.remembering.file_index import FileIndex, FileLine, FileRow
from zotsync.sync.remembering.state import State, canonical, digest_of
from zotsync.sync.trees import LocalObject, MirrorObject
from zotsync.toml_source import TomlSource

_UNKNOWN_TO_US = {FaultKind.UNKNOWN_TYPE, FaultKind.UNKNOWN_FIELD}


@dataclass(frozen=True)
class LocalSide:
    """The files of a workspace as they stand."""

    paths: Mapping[str, str]
    """Item key -> path below `items/`; provisional keys included."""
    digests: Mapping[str, str]
    """Item key -> digest of its fields."""
    fresh: Mapping[str, FileRow]
    """Item key -> what was read now (all others are as remembered)."""
    held: Mapping[str, Mapping[str, Problem]]
    """Item key -> field -> why it waits."""
    marked: frozenset[str]
    """Keys of items with `[conflict.…]` tables."""
    new: Mapping[str, str]
    """Path -> key to be written into the file (new files, and files that lost their key)."""
    drawn: frozenset[str]
    """Those of `new` that were drawn for this look: nobody knows them, and the next look has others."""
    waiting: frozenset[str]
    """Keys that are left alone: their file cannot be read, or told apart."""
    blocked: bool
    """Something could not be read: no item may be deleted."""
    missing: bool
    """There is no folder of items."""
    problems: tuple[Problem, ...]
    tree: CollectionTree
    frozen: bool = False
    """collections.toml cannot be used: no collection changes, on neither side."""
    leftovers: tuple[str, ...] = ()
    look: Scan = field(default_factory=Scan)
    """The files themselves."""
    unread: tuple[Problem, ...] = ()
    """Of files that stand for no item here: they cannot be read, parsed, or told apart."""
    wants_schema: bool = False
    """A type or field is unknown to us: a newer schema may know it."""

    @property
    def provisional(self) -> bool:
        """Return whether keys are to be written down before anything else."""
        return bool(self.new or self.tree.made or self.tree.keyless)


@dataclass
class LocalReader:
    """Reads the local tree of one workspace."""

    workspace: Workspace
    state: State
    schema: Schema
    new_key: Callable[[], str]
    known_items: Callable[[Iterable[str]], Mapping[str, MirrorObject]]
    """Looks items up in the mirror."""
    never_met: Callable[[], Mapping[str, Fields]] = dict
    """Returns the items in Zotero that new files may be; nothing once both sides have agreed on any."""
    before: Scan | None = None
    """An earlier look of this command: what stayed as it was is not read again."""
    progress: Progress = silent

    def read(self, collections: Mapping[str, MirrorObject]) -> LocalSide:
        """Return the local side; `collections`: those in Zotero, effective statuses."""
        index = FileIndex(self.state)
        lines = index.lines()
        found = self._scan(lines)
        who = identify(found, {path: line.key for path, line in lines.items()})
        tree, problems, frozen = self._read_tree(index, collections)
        unread = (*found.problems, *untied_problems(who.untied, self._shown))
        problems += unread
        reading = _Reading(self, index, lines, tree)
        reading.take(found, who)
        problems += [p for fields in reading.held.values() for p in fields.values()]
        return LocalSide(
            paths=reading.paths,
            digests=reading.digests,
            fresh=reading.fresh,
            held=reading.held,
            marked=frozenset(reading.marked),
            new=reading.new,
            drawn=frozenset(reading.drawn),
            waiting=who.waiting,
            blocked=who.blocked,
            missing=found.missing,
            problems=tuple(problems),
            tree=tree,
            frozen=frozen,
            leftovers=found.leftovers,
            look=found,
            unread=unread,
            wants_schema=reading.wants_schema,
        )

    def _scan(self, lines: Mapping[str, FileLine]) -> Scan:
        known = {path: line.stamp for path, line in lines.items() if line.known}
        racy_after = int(self.state.meta("indexed_at", "0"))
        return scan(
            self.workspace.items,
            known,
            racy_after=racy_after,
            before=self.before,
            progress=self.progress,
        )

    def _read_tree(
        self, index: FileIndex, collections: Mapping[str, MirrorObject]
    ) -> tuple[CollectionTree, list[Problem], bool]:
        remembered = index.collection_lines()
        file = self.workspace.collections
        problems = []
        try:
            typed = read_collections(file)
        except FileError as exc:
            typed = {line.path: key for key, line in remembered.items()}
            missing = not file.exists()
            if remembered or not missing:
                problems.append(lost_collections_problem(file) if missing else exc.problem)
        new_key = None if problems else self.new_key
        tree = read_tree(typed, remembered, collections, new_key)
        faults = [path_problem(fault, _line_of(file, fault.path)) for fault in tree.faults]
        return tree, problems + faults, bool(problems)

    def _shown(self, path: str) -> str:
        return shown_path(self.workspace.items, path)


@dataclass
class _Reading:
    """The files of one look, turned into rows."""

    reader: LocalReader
    index: FileIndex
    lines: Mapping[str, FileLine]
    tree: CollectionTree
    paths: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, FileRow] = field(default_factory=dict)
    held: dict[str, Mapping[str, Problem]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    new: dict[str, str] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    wants_schema: bool = False

    def take(self, found: Scan, who: Identified) -> None:
        by_path = {file.path: file for file in found.files}
        same = self._recognised({path: by_path[path] for path in who.keyless}, who.items)
        fresh = {path: same.get(path) or self.reader.new_key() for path in who.keyless}
        self.drawn = {key for path, key in fresh.items() if path not in same}
        self.new = dict(who.regained) | fresh
        owners = {**who.items, **{key: path for path, key in self.new.items()}}
        changed = [key for key, path in owners.items() if not by_path[path].unchanged]
        known = self.reader.known_items(changed)
        for key, path in owners.items():
            self.paths[key] = path
            file = by_path[path]
            if file.unchanged:
                line = self.lines[path]
                self.digests[key] = line.digest
                if line.marked:
                    self.marked.add(key)
            else:
                self._read(key, file, known[key].fields if key in known else {})

    def _recognised(
        self, keyless: Mapping[str, ScannedFile], here: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return path -> key of the new files that Zotero has already, at a first sync."""
        there = self.reader.never_met() if keyless else {}
        there = {key: fields for key, fields in there.items() if key not in here}
        files = {path: file.text.fields for path, file in keyless.items() if file.text}
        return recognised(files, there, self.reader.schema) if there else {}

    def _read(self, key: str, file: ScannedFile, known: Fields) -> None:
        text = file.text
        if text is None or file.stamp is None:  # identify() gives no item a file with a problem
            raise FileError(file.path)
        held = dict(text.held)
        fields = dict(text.fields)
        mentions = self._mentions(key, file.path, fields.pop("collections", []), held)
        if mentions:
            fields["collections"] = sorted(set(mentions.values()))
        if "collections" in held:  # not known as a whole: what stands there means what it did
            before = self.index.by_key(key)
            mentions = {**(before.mentions if before else {}), **mentions}
        self._check(file.path, fields, known, held)
        provisional = not set(mentions.values()).isdisjoint(self.tree.made)
        again = bool(held) or provisional or file.path in self.new
        row = FileRow(file.path, key, fields, mentions, text.conflicts, file.stamp, again)
        self.fresh[key] = row
        self.digests[key] = digest_of(canonical(fields))
        if held:
            self.held[key] = held
        if text.conflicts:
            self.marked.add(key)

    def _mentions(
        self, key: str, path: str, typed: list[str], held: dict[str, Problem]
    ) -> dict[str, str]:
        """Return path -> collection key for the paths that stand in a file."""
        if not typed:
            return {}
        before = self.index.by_key(key)
        mentions = {}
        for mention in typed:
            known = before.mentions.get(mention) if before else None
            try:
                if known is None or not self.tree.knows(known):
                    known = self.tree.find(mention)
                mentions[mention] = known
            except PathError as exc:
                held["collections"] = path_problem(exc, self._place(path, "collections"))
            except MissingCollectionError:
                place = self._place(path, "collections")
                held["collections"] = no_collections_problem(mention, place)
        return mentions

    def _check(
        self, path: str, fields: dict[str, Any], known: Fields, held: dict[str, Problem]
    ) -> None:
        schema = self.reader.schema
        for name, fault in faults(fields, schema, known).items():
            self.wants_schema |= fault.kind in _UNKNOWN_TO_US
            item_type = str(fields.get("itemType", ""))
            place = self._place(path, name)
            held.setdefault(name, fault_problem(name, fault, place, item_type, schema))

    def _place(self, path: str, name: str) -> Place:
        shown = shown_path(self.reader.workspace.items, path)
        raw, _stamp = read_file(self.reader.workspace.items, path)
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return Place(shown, TomlSource(text, shown).line(name), name)


def _line_of(file: Path, path: str) -> Place:
    """Return where a path stands in collections.toml, as far as that can be told."""
    text = read_collections_text(file).decode("utf-8-sig").replace("\r\n", "\n")
    return Place(str(file), TomlSource(text, str(file)).line(path))


def load_objects(side: LocalSide, index: FileIndex, keys: Iterable[str]) -> dict[str, LocalObject]:
    """Return the local objects of these items, as far as there are files."""
    wanted = [key for key in keys if key in side.paths]
    rows = {key: side.fresh[key] for key in wanted if key in side.fresh}
    others = {side.paths[key]: key for key in wanted if key not in rows}
    rows |= {others[row.path]: row for row in index.rows(others)}
    return {
        key: LocalObject(key, row.fields, row.path, row.marks, side.held.get(key, {}))
        for key, row in rows.items()
    }
