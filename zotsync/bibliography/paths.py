r"""Collection paths, as they stand in files: `Pair-aidance/Articles et revues`.

Pure. In a path `/` inside a name is written `\/` and `\` is written `\\`. Twins (two collections of
one name under one parent) are written `Name [KEY]` wherever a path stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum

from zotsync.model import KEY_ALPHABET, is_key, normal_name

Tree = Mapping[str, tuple[str, str | None]]
"""Collection key -> (name, key of the parent; None at the root)."""

_PART = re.compile(r"(?:[^\\/]|\\[\\/])*")
_ESCAPE = re.compile(r"\\(.)")
_SPECIAL = re.compile(r"[\\/]")
_TWIN = re.compile(rf"(.*) \[([{KEY_ALPHABET}]{{8}})\]", re.DOTALL)


class PathFault(Enum):
    """What can be wrong with a collection path."""

    EMPTY_NAME = "empty name"
    BACKSLASH = "backslash"
    """A backslash before something other than `/` or a backslash."""
    AMBIGUOUS = "ambiguous"
    """Twins go by this path: only `Name [KEY]` says which one is meant."""


class PathError(ValueError):
    """A collection path that says nothing usable. Holds data, no prose."""

    def __init__(self, path: str, fault: PathFault, candidates: tuple[str, ...] = ()) -> None:
        self.path = path
        self.fault = fault
        self.candidates = candidates
        """Keys of the twins, for `AMBIGUOUS`."""
        super().__init__(f"{fault.value}: {path}")


def split_path(path: str) -> tuple[str, ...]:
    """Return the names in `path`, trimmed and NFC; raise PathError if it is malformed."""
    parts = []
    position = 0
    while True:
        part = _PART.match(path, position)
        end = part.end() if part else position
        if end < len(path) and path[end] == "\\":
            raise PathError(path, PathFault.BACKSLASH)
        name = normal_name(_ESCAPE.sub(r"\1", path[position:end]))
        if not name:
            raise PathError(path, PathFault.EMPTY_NAME)
        parts.append(name)
        if end == len(path):
            return tuple(parts)
        position = end + 1


def join_path(parts: tuple[str, ...]) -> str:
    """Return the path of the collection that is reached by these names."""
    return "/".join(_SPECIAL.sub(r"\\\g<0>", part) for part in parts)


def tree_paths(tree: Tree) -> dict[str, str]:
    """Return the path of every collection: key -> path, in the order of `tree`.

    No two are equal: twins get ` [KEY]`. A collection in a cycle, or whose parent is missing, is
    shown at the root.
    """
    parents = _shown_parents(tree)
    names = _shown_names(tree, parents)
    known: dict[str | None, tuple[str, ...]] = {None: ()}
    for key in tree:
        branch: list[str] = []
        at: str | None = key
        while at is not None and at not in known:
            branch.append(at)
            at = parents[at]
        for member in reversed(branch):
            known[member] = (*known[parents[member]], names[member])
    return {key: join_path(known[key]) for key in tree}


def path_finder(tree: Tree) -> Callable[[str], str | None]:
    """Return a function like `find_path` for one tree, for many look-ups."""
    parents = _shown_parents(tree)
    children: dict[tuple[str | None, str], list[str]] = {}
    for key, (name, _parent) in tree.items():
        children.setdefault((parents[key], normal_name(name)), []).append(key)

    def child(parent: str | None, name: str, path: str) -> str | None:
        if (twin := _TWIN.fullmatch(name)) and twin[2] in children.get((parent, twin[1]), ()):
            return twin[2]
        keys = children.get((parent, name), [])
        if len(keys) > 1:
            raise PathError(path, PathFault.AMBIGUOUS, tuple(sorted(keys)))
        return keys[0] if keys else None

    def find(path: str) -> str | None:
        at: str | None = None
        names = split_path(path)
        for depth, name in enumerate(names, 1):
            at = child(at, name, join_path(names[:depth]))
            if at is None:
                return path if is_key(path) and path in tree else None
        return at

    return find


def find_path(tree: Tree, path: str) -> str | None:
    """Return the key of the collection that `path` (or a bare key) names; None if there is none.

    Unicode form and blanks around names do not matter. Raise PathError if `path` is malformed, or
    if twins go by it.
    """
    return path_finder(tree)(path)


def _shown_parents(tree: Tree) -> dict[str, str | None]:
    """Return under what each collection is shown: its parent, or None in a cycle or without one."""
    cyclic = _in_cycles(tree)
    return {
        key: parent if parent in tree and key not in cyclic else None
        for key, (_name, parent) in tree.items()
    }


def _in_cycles(tree: Tree) -> set[str]:
    cyclic: set[str] = set()
    settled: set[str] = set()
    for start in tree:
        trail: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in tree and at not in settled and at not in trail:
            trail[at] = None
            at = tree[at][1]
        if at is not None and at in trail:
            members = list(trail)
            cyclic.update(members[members.index(at) :])
        settled.update(trail)
    return cyclic


def _shown_names(tree: Tree, parents: Mapping[str, str | None]) -> dict[str, str]:
    """Return each collection's name, with its key where that alone tells it from a sibling."""
    siblings: dict[tuple[str | None, str], int] = {}
    for key, (name, _parent) in tree.items():
        place = (parents[key], normal_name(name))
        siblings[place] = siblings.get(place, 0) + 1
    shown = {}
    for key, (raw, _parent) in tree.items():
        name = normal_name(raw)
        # A name that ends like a twin's would be taken for one: it gets its own key as well.
        twin = siblings[parents[key], name] > 1 or _TWIN.fullmatch(name)
        shown[key] = f"{name} [{key}]" if twin else name
    return shown
