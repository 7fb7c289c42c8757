"""Handout files follow when a collection is renamed or moved, or an item file is renamed (DESIGN §1).

state.db keeps the names that handouts go by: every collection's path, every item file's stem. What
is called otherwise at the end of a run, by whose hand ever, is renamed in the handouts. What each
handout still has to follow is recorded first, so that a stopped run, or a handout that cannot be
read now, is made good by the next one, and never done twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.bibliography.folder import read_file, replace_file
from zotsync.bibliography.paths import PathError, join_path, split_path
from zotsync.config import Workspace
from zotsync.errors import HandoutError, Place, Problem, ZotsyncError
from zotsync.handout.handoutfile import parse_handout
from zotsync.handout.handoutwriting import rename_in_handout
from zotsync.i18n import _
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.file_index import FileIndex
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.state import State, canonical
from zotsync.sync.trees import Kind
from zotsync.toml_source import TomlSource

BEHIND = "handouts_behind"
"""The fact in state.db that tells of handouts which have something to follow."""
_PATHS, _STEMS = "paths", "stems"

Names = Mapping[tuple[str, str], str]
"""("paths" or "stems", key) -> the name that handouts know it by."""
Renames = dict[str, dict[str, str]]
"""For "paths" and "stems": old -> new."""


def renames(before: Names, now: Names) -> Renames:
    """Return what is called otherwise now. A stem that two items had before says nothing. Pure."""
    found: Renames = {_PATHS: {}, _STEMS: {}}
    counts: dict[tuple[str, str], int] = {}
    for (kind, _key), name in before.items():
        counts[kind, name] = counts.get((kind, name), 0) + 1
    for (kind, key), old in before.items():
        new = now.get((kind, key), old)
        if new != old and counts[kind, old] == 1:
            found[kind][old] = new
    return found


def composed(first: Mapping[str, str], then: Mapping[str, str]) -> dict[str, str]:
    """Return the renames `first` followed by `then`, as one. Pure."""
    return {**then, **{old: then.get(new, new) for old, new in first.items()}}


@dataclass
class HandoutsFollow:
    """Renames in the handouts of one workspace."""

    workspace: Workspace
    state: State
    index: FileIndex

    def waiting(self) -> bool:
        """Return whether a handout has something to follow; records what was renamed."""
        before, now = self._known(), self._present()
        if before != now:
            with self.state.transaction():
                self._put_behind(renames(before, now))
                self._know(before, now)
        return bool(self._behind())

    def rename_keys(self, keys: Mapping[str, str]) -> None:
        """Take note of items that get another key (old -> new), for `follow`."""
        self._put_behind({_PATHS: {}, _STEMS: dict(keys)})

    def follow(self, run: int) -> list[Problem]:
        """Rename in the handouts; return why some could not follow (they will once they are mended)."""
        problems = []
        for name, task in self._behind().items():
            try:
                self._follow(run, name, task)
            except ZotsyncError as exc:
                problems.append(self._problem(name, exc.problem))
                continue
            self._set_behind({k: v for k, v in self._behind().items() if k != name})
        return problems

    def _present(self) -> dict[tuple[str, str], str]:
        names = {(_PATHS, k): line.path for k, line in self.index.collection_lines().items()}
        for path, key in self.index.paths():  # thousands: Path is slow
            names[_STEMS, key] = path.rpartition("/")[2].rpartition(".")[0]
        return names

    def _known(self) -> dict[tuple[str, str], str]:
        rows = self.state.rows("SELECT kind, key, name FROM followed")
        return {(kind, key): name for kind, key, name in rows}

    def _know(self, before: Names, now: Names) -> None:
        gone = before.keys() - now.keys()
        news = [(*k, name) for k, name in now.items() if before.get(k) != name]
        self.state.many("DELETE FROM followed WHERE kind = ? AND key = ?", gone)
        self.state.many("INSERT OR REPLACE INTO followed VALUES (?, ?, ?)", news)

    def _put_behind(self, new: Renames) -> None:
        if not any(new.values()):
            return
        behind = self._behind()
        for name in self._handouts():
            task = behind.get(name, {})
            behind[name] = {kind: composed(task.get(kind, {}), new[kind]) for kind in new}
        self._set_behind(behind)

    def _handouts(self) -> Iterator[str]:
        for file in sorted(self.workspace.handouts.glob("*.toml")):
            if file.is_file() and not file.name.startswith((".", "~", "#")):
                yield file.name

    def _behind(self) -> dict[str, Any]:
        """Return file name -> renames, and (`from`) the text that is being amended."""
        return dict(json.loads(self.state.meta(BEHIND) or "{}"))

    def _set_behind(self, behind: Mapping[str, Any]) -> None:
        self.state.set_meta(BEHIND, canonical(dict(behind)) if behind else "")

    def _follow(self, run: int, name: str, task: Mapping[str, Any]) -> None:
        folder = self.workspace.handouts
        if not (folder / name).exists():
            return
        raw, stamp = read_file(folder, name)
        if task.get("from") not in (None, stamp.digest):
            return  # a run that was stopped had written it, or somebody has amended it since
        text = parse_handout(raw, f"handouts/{name}").text
        new = rename_in_handout(text, _as_typed(text, task[_PATHS]), task[_STEMS])
        if new == text:
            return
        with self.state.transaction():
            self._set_behind({**self._behind(), name: {**task, "from": stamp.digest}})
            entry = Entry(Kind.COLLECTION, "", FILE, "handout", f"handouts/{name}", text=text)
            Journal(self.state).write(run, [entry])
        replace_file(folder, name, new, stamp)

    def _problem(self, name: str, problem: Problem) -> Problem:
        message = _("This handout could not follow what was renamed: {reason}")
        place = Place(f"handouts/{name}", problem.place.line)
        return Problem(message.format(reason=problem.message), place, problem.hint)


def _as_typed(text: str, paths: Mapping[str, str]) -> dict[str, str]:
    """Return old -> new for the spellings of collection paths that stand in a handout."""
    data = TomlSource(text, "", HandoutError).parsed()
    typed = [table.get("collection", "") for table in (data, *data.get("sections", []))]
    return {t: paths[_normal(t)] for t in map(str, typed) if _normal(t) in paths}


def _normal(path: str) -> str:
    try:
        return join_path(split_path(path))
    except PathError:
        return path
