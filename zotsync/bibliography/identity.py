"""Who is who among the item files: which file is which item.

Pure. A file's key says which item it is, wherever the file stands; state.db remembers where each item's
file was. What cannot be told is left alone, and while anything is, nothing counts as deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from zotsync.bibliography.scanned import Scan


class Why(Enum):
    """Why a file is not taken for an item."""

    COPY = "copy"
    """The item's own file is where it was; this one has the same key."""
    TWINS = "twins"
    """Several new files have this key, and the item's own is gone."""
    CHANGED_KEY = "changed key"
    """This file was another item, which stands nowhere else now."""
    LOST_KEY = "lost key"
    """This file has no key any more, and several new files have the key it had."""


@dataclass(frozen=True, slots=True)
class Untied:
    """A file that waits, because it cannot be told which item it is."""

    path: str
    why: Why
    key: str
    """The key in the file; for `LOST_KEY` the one it had."""
    others: tuple[str, ...] = ()
    """The files that have the same key."""
    was: str = ""
    """For `CHANGED_KEY`: the key of the item that this file was."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Which file is which item."""

    items: Mapping[str, str] = field(default_factory=dict)
    """Key -> path. Includes `regained`."""
    keyless: tuple[str, ...] = ()
    """New files: a key is to be made."""
    regained: Mapping[str, str] = field(default_factory=dict)
    """Path -> the key that the file has lost and gets back."""
    untied: tuple[Untied, ...] = ()
    waiting: frozenset[str] = frozenset()
    """Keys of items that may be there, in a file that waits or cannot be read: left alone."""
    blocked: bool = False
    """Something could not be read or told: no item may be deleted."""


def identify(scan: Scan, remembered: Mapping[str, str]) -> Identified:
    """Return who is who. `remembered`: path -> key, as the files stood after the last run.

    A file that `scan` calls unchanged is the item that is remembered at its path.
    """
    return _Files(scan, remembered).identified()


class _Files:
    def __init__(self, scan: Scan, remembered: Mapping[str, str]) -> None:
        self._scan = scan
        self._remembered = remembered
        self._home = {key: path for path, key in remembered.items()}
        self._broken = [f.path for f in scan.files if f.problem]
        self._holders: dict[str, list[str]] = {}
        self._without_key: list[str] = []
        for file in scan.files:
            if file.problem:
                continue
            key = file.text.key if file.text else remembered[file.path]
            if key is None:
                self._without_key.append(file.path)
            else:
                self._holders.setdefault(key, []).append(file.path)

    def identified(self) -> Identified:
        """Return the whole."""
        items: dict[str, str] = {}
        untied: list[Untied] = []
        for key in self._holders:
            owner, refused = self._settled(key)
            untied += refused
            if owner is not None:
                items[key] = owner
        keyless, regained, lost = self._keyless()
        untied += lost
        items |= {key: path for path, key in regained.items()}
        waiting = (self._unseen() | self._of(untied)) - items.keys()
        blocked = bool(untied or self._scan.problems or self._broken or self._scan.unreadable)
        ordered = tuple(sorted(untied, key=lambda file: file.path))
        return Identified(items, tuple(keyless), regained, ordered, frozenset(waiting), blocked)

    def _settled(self, key: str) -> tuple[str | None, list[Untied]]:
        """Return the file that is the item `key`, if it can be told, and the files that wait."""
        paths = self._holders[key]
        home = self._home.get(key)
        changed = [p for p in paths if self._was_another(p, key)]
        refused = [
            Untied(p, Why.CHANGED_KEY, key, self._rest(paths, p), self._remembered[p])
            for p in changed
        ]
        fit = [p for p in paths if p not in changed]
        if home in paths or home in self._broken:
            copies = [p for p in fit if p != home]
            refused += [Untied(p, Why.COPY, key, (str(home),)) for p in copies]
            return (home if home in paths else None), refused
        if len(fit) == 1:  # new, renamed, or moved
            return fit[0], refused
        return None, refused + [Untied(p, Why.TWINS, key, self._rest(fit, p)) for p in fit]

    def _was_another(self, path: str, key: str) -> bool:
        """Return whether the file was another item, which is in no other file now."""
        was = self._remembered.get(path)
        return was is not None and was != key and was not in self._holders

    @staticmethod
    def _rest(paths: list[str], path: str) -> tuple[str, ...]:
        return tuple(p for p in paths if p != path)

    def _keyless(self) -> tuple[list[str], dict[str, str], list[Untied]]:
        """Return new files, those that get their key back (path -> key), and those that wait."""
        new: list[str] = []
        regained: dict[str, str] = {}
        waiting: list[Untied] = []
        for path in self._without_key:
            had = self._remembered.get(path)
            if had is None:
                new.append(path)
                continue
            rivals = [p for p in self._holders.get(had, []) if not self._was_another(p, had)]
            if len(rivals) == 1:  # the item has moved there; this is another one
                new.append(path)
            elif rivals:
                waiting.append(Untied(path, Why.LOST_KEY, had, tuple(rivals)))
            else:
                regained[path] = had
        return new, regained, waiting

    def _unseen(self) -> set[str]:
        """Return the keys remembered at what cannot be read."""
        broken = set(self._broken)
        return {
            key
            for path, key in self._remembered.items()
            if path in broken or any(_is_below(path, folder) for folder in self._scan.unreadable)
        }

    @staticmethod
    def _of(untied: list[Untied]) -> set[str]:
        return {key for file in untied for key in (file.key, file.was) if key}


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")
