"""Headings of a document as collections: those that are here already, else new ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from zotsync.bibliography.paths import Tree, join_path, tree_paths
from zotsync.sameness import folded


@dataclass(frozen=True)
class Shelving:
    """Says into which collections the sections of documents go."""

    tree: Tree
    """Collection key -> (name, key of the parent), as they are here."""
    into: tuple[str, ...] = ()
    """Paths of the collections that sections shall stand in; none: one named after the document."""

    @cached_property
    def keys(self) -> dict[str, str]:
        """Return path -> key of the collections that are here."""
        return {path: key for key, path in tree_paths(self.tree).items()}

    def paths(self, sections: Sequence[str]) -> list[str]:
        """Return the paths for a reference that stands below these: a document's title, then headings."""
        title, *headings = sections
        return [self._below(path, headings) for path in self.into or (self._named(title),)]

    def _below(self, path: str, headings: Sequence[str]) -> str:
        for heading in headings:
            key = self.keys.get(path)
            found = self._find(heading, key) if key else ""
            path = found or f"{path}/{join_path((heading,))}"
        return path

    def _named(self, title: str) -> str:
        """Return the collection of that name: the one at the root, else the only one there is."""
        return self._find(title, None) or self._anywhere(title) or join_path((title,))

    def _find(self, name: str, parent: str | None) -> str:
        found = (path for path in self._called(name) if self._parent(path) == parent)
        return next(found, "")

    def _anywhere(self, name: str) -> str:
        found = self._called(name)
        return found[0] if len(found) == 1 else ""

    def _called(self, name: str) -> list[str]:
        """Return the paths of collections with a name that differs in capitals, accents or signs at most."""
        return sorted(self._names.get(folded(name), ()))

    def _parent(self, path: str) -> str | None:
        return self.tree[self.keys[path]][1]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, key in self.keys.items():
            if said := folded(self.tree[key][0]):
                found.setdefault(said, []).append(path)
        return found
