"""What collections.toml and the paths in item files mean: paths to collection keys (SYNC §5).

A line, or a mention in an item file, that stands as zotsync last wrote it means the same key as
then, whatever the collection is called now. Only what the user typed is looked up, and made if it
is nowhere. Nothing here is written: new keys are provisional until a sync writes them down.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.bibliography.paths import (
    PathError,
    PathFault,
    join_path,
    split_path,
    tree_paths,
)
from zotsync.model import Fields, is_key
from zotsync.sync.trees import LocalObject, MirrorObject, Remote

PARENT = "parentCollection"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of collections.toml as zotsync last wrote it, and what it meant."""

    path: str
    fields: Fields


class MissingCollectionError(LookupError):
    """A path leads nowhere, and no collection may be made now (collections.toml is unusable)."""


@dataclass
class CollectionTree:
    """The local tree of collections, growing as paths are looked up."""

    objects: dict[str, Fields] = field(default_factory=dict)
    """Key -> name and parent, for every line and everything new."""
    paths: dict[str, str] = field(default_factory=dict)
    """Key -> the path it stands under in collections.toml."""
    made: dict[str, str] = field(default_factory=dict)
    """Provisional key -> path, of collections that were nowhere."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """The lines of collections.toml as they stood."""
    keyless: list[str] = field(default_factory=list)
    """Lines that have no key yet, and get one."""
    taken_over: dict[str, str] = field(default_factory=dict)
    """Key made here and never sent -> key of the collection that Zotero has by that path now."""
    unusable: dict[str, str] = field(default_factory=dict)
    """Lines that say nothing usable, path -> key: left as they are."""
    faults: list[PathError] = field(default_factory=list)
    """Lines of collections.toml that say nothing usable; they count as unchanged."""
    _by_path: dict[str, str] = field(default_factory=dict)
    _children: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)
    _trashed: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)
    _new_key: Callable[[], str] | None = None

    def find(self, path: str) -> str:
        """Return the key of the collection that `path` names; it is made if it is nowhere.

        Raises:
            PathError: the path is malformed, or goes for twins.
            MissingCollectionError: it is nowhere, and nothing may be made.

        """
        if path in self._by_path:
            return self._by_path[path]
        if is_key(path) and path in self._known:
            return path
        key = self._resolve(split_path(path))
        self._by_path[path] = key
        return key

    def _resolve(self, parts: tuple[str, ...]) -> str:
        path = join_path(parts)
        if path in self._by_path:
            return self._by_path[path]
        parent = self._resolve(parts[:-1]) if len(parts) > 1 else None
        found = self._child(parent, parts[-1], path)
        return found or self._make(parent, parts[-1], path)

    def _child(self, parent: str | None, name: str, path: str) -> str | None:
        place = (parent, name)
        twins = self._children.get(place) or self._trashed.get(place, [])[:1]
        if len(twins) > 1:
            raise PathError(path, PathFault.AMBIGUOUS, tuple(sorted(twins)))
        if twins:
            return twins[0]
        if name.endswith("]") and is_key(name[-9:-1]):  # `Name [KEY]`, as twins are written
            key, bare = name[-9:-1], name[:-11]
            return key if key in self._children.get((parent, bare), ()) else None
        return None

    def _make(self, parent: str | None, name: str, path: str) -> str:
        if self._new_key is None:
            raise MissingCollectionError(path)
        key = self._new_key()
        self.made[key] = path
        self.paths[key] = path
        self.add(key, {"name": name, PARENT: parent} if parent else {"name": name})
        return key

    def add(self, key: str, fields: Fields) -> None:
        """Take a collection into the local tree."""
        self.objects[key] = fields
        self.see(key, fields)

    def see(self, key: str, fields: Fields, *, trashed: bool = False) -> None:
        """Let paths find a collection: one that is here, or in Zotero alone."""
        if key not in self._known:
            self._known.add(key)
            place = (fields.get(PARENT), str(fields.get("name", "")))
            (self._trashed if trashed else self._children).setdefault(place, []).append(key)

    def forget(self, key: str) -> None:
        """Let no path find a collection that Zotero has no more; what meant it still does."""
        self._gone.add(key)

    def twin(self, fields: Fields) -> str | None:
        """Return the one collection of that name and place that Zotero has and no line names."""
        place = (fields.get(PARENT), str(fields.get("name", "")))
        others = [key for key in self._children.get(place, ()) if key not in self.paths]
        return others[0] if len(others) == 1 else None

    def take_over(self, path: str, key: str, twin: str, fields: Fields) -> None:
        """Let a line made here mean what Zotero has by its path meanwhile (SYNC §5)."""
        self.taken_over[key] = twin
        del self.paths[key]
        self.paths[twin] = path
        self._by_path[path] = twin
        self.keyless.append(path)
        self.add(twin, fields)

    def as_lines(self, paths: Mapping[str, str]) -> dict[str, str]:
        """Return path -> key to be written, from key -> path; unusable lines stay as they are."""
        kept = set(self.unusable.values())
        lines = {path: key for key, path in paths.items() if key not in kept}
        return lines | self.unusable

    def knows(self, key: str) -> bool:
        """Return whether a collection is here, or is or was in Zotero (the trash included)."""
        return key in self._known or key in self._gone

    def name_path(self, path: str, key: str) -> None:
        """Let `path` mean `key`, as a line of collections.toml says or said."""
        self._by_path.setdefault(path, key)

    def local_objects(self, shown: Mapping[str, Iterable[str]]) -> dict[str, LocalObject]:
        """Return the local tree's objects; `shown`: key -> fields in open conflict."""
        return {
            key: LocalObject(key, fields, self.paths.get(key, ""), frozenset(shown.get(key, ())))
            for key, fields in self.objects.items()
        }


def read_tree(
    typed: Mapping[str, str],
    remembered: Mapping[str, Line],
    mirror: Mapping[str, MirrorObject],
    new_key: Callable[[], str] | None,
) -> CollectionTree:
    """Return what the lines `typed` (path -> key) mean.

    Args:
        typed: collections.toml as it stands; "" for a key that is to be made.
        remembered: key -> the line as zotsync last wrote it.
        mirror: the collections in Zotero, effective statuses.
        new_key: makes a provisional key; None: nothing may be made.

    """
    tree = CollectionTree(typed=typed, _new_key=new_key)
    remembered = _standing(remembered, {*typed.values(), *mirror}, mirror)
    changed: list[tuple[str, str]] = []
    for path, key in typed.items():
        if key:
            tree.paths[key] = path
            tree.name_path(path, key)
        if key in mirror and key in remembered and remembered[key].path == path:
            tree.add(key, remembered[key].fields)
        else:
            changed.append((path, key))
    for key, line in remembered.items():  # the old path of a collection renamed here
        if key in tree.paths and line.path not in typed:
            tree.name_path(line.path, key)
    _see_zotero(tree, mirror)
    for path, key in sorted(changed, key=lambda pair: pair[0].count("/")):
        if not key:
            _read_keyless(tree, path, mirror)
        elif fields := _read_changed(tree, path, key, remembered):
            twin = tree.twin(fields) if key not in mirror else None
            if twin is None:
                tree.add(key, fields)
            else:
                tree.take_over(path, key, twin, mirror[twin].fields)
    return tree


def _standing(
    remembered: Mapping[str, Line], known: Container[str], mirror: Mapping[str, MirrorObject]
) -> dict[str, Line]:
    """Return the lines whose parent is something still; of the others the path alone tells.

    A parent that was made here and never sent may have given way to one that Zotero had meanwhile. One
    that Zotero itself names, and does not show, is none of these: nobody has moved the collection.
    """

    def stands(key: str, parent: str | None) -> bool:
        there = mirror[key].fields.get(PARENT) if key in mirror else None
        return parent is None or parent in known or parent == there

    return {key: o for key, o in remembered.items() if stands(key, o.fields.get(PARENT))}


def _see_zotero(tree: CollectionTree, mirror: Mapping[str, MirrorObject]) -> None:
    for key, obj in mirror.items():
        if obj.status is Remote.ERASED:
            tree.forget(key)
        elif key not in tree.paths and obj.status in (Remote.LIVE, Remote.TRASHED):
            tree.see(key, obj.fields, trashed=obj.status is Remote.TRASHED)


def _read_keyless(tree: CollectionTree, path: str, mirror: Mapping[str, MirrorObject]) -> None:
    """Take a line without a key for what goes by its path; typed anew it is wanted, trash or not."""
    try:
        key = tree.find(path)
    except PathError as exc:
        tree.faults.append(exc)
        tree.unusable[path] = ""
        return
    tree.keyless.append(path)
    tree.paths.setdefault(key, path)
    if key not in tree.objects and key in mirror:
        tree.add(key, mirror[key].fields)


def _read_changed(
    tree: CollectionTree, path: str, key: str, remembered: Mapping[str, Line]
) -> Fields | None:
    """Return what a line means that was typed, or is not in Zotero yet; None: nothing usable."""
    before = remembered.get(key)
    if before is not None and before.path == path:
        parent = before.fields.get(PARENT)
        return _fields(str(before.fields["name"]), tree.taken_over.get(parent or "", parent))
    try:
        parts = split_path(path)
        parent = _parent(tree, parts[:-1], before)
    except PathError as exc:
        tree.faults.append(exc)
        tree.unusable[path] = key
        return before.fields if before is not None else None
    return _fields(parts[-1].removesuffix(f" [{key}]"), tree.taken_over.get(parent or "", parent))


def _fields(name: str, parent: str | None) -> Fields:
    return {"name": name, PARENT: parent} if parent else {"name": name}


def _parent(tree: CollectionTree, above: tuple[str, ...], before: Line | None) -> str | None:
    """Return what stands above a line; what was not retyped means the same as then.

    So a collection that is shown at the root, being in a cycle there, can be renamed and stays where
    it is, and one can be renamed below another that is renamed too.
    """
    if before is not None and above == split_path(before.path)[:-1]:
        parent: str | None = before.fields.get(PARENT)
        return parent
    return tree.find(join_path(above)) if above else None


def as_tree(fields: Mapping[str, Fields]) -> dict[str, tuple[str, str | None]]:
    """Return key -> (name, parent) as `bibliography.paths` takes it, in the order of names."""
    pairs = {k: (str(f.get("name", "")), f.get(PARENT)) for k, f in fields.items()}
    return dict(sorted(pairs.items(), key=lambda pair: (pair[1][0].casefold(), pair[0])))


def written_paths(fields: Mapping[str, Fields]) -> dict[str, str]:
    """Return key -> path, sorted by path, as collections.toml holds them."""
    paths: dict[str, Any] = tree_paths(as_tree(fields))
    return dict(sorted(paths.items(), key=lambda pair: pair[1].casefold()))


def with_paths(fields: Fields, paths: Mapping[str, str]) -> dict[str, Any]:
    """Return an item's fields as its file has them: collections by path, those that have one."""
    members = [paths[k] for k in fields.get("collections", ()) if k in paths]
    rest = {n: v for n, v in fields.items() if n != "collections"}
    return {**rest, "collections": sorted(members)} if members else rest
