"""Look at the folder of item files, reading only what may have changed."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from zotsync.bibliography import files
from zotsync.bibliography.reading import parse_item
from zotsync.bibliography.scanned import FileStamp, Scan, ScannedFile
from zotsync.errors import FileError, Place, Problem
from zotsync.i18n import _
from zotsync.model import Phase, Progress, silent
from zotsync.reasons import reason_of

_LEFT_OUT = (".", "~", "#")
_NOW_AND_THEN = 50
"""Files after which progress is told."""
CLOCK_STEP = 2_000_000_000
"""The coarsest clock of a file system in use (FAT): 2 s."""


def scan(
    items: Path,
    known: Mapping[str, FileStamp],
    *,
    racy_after: int = 0,
    before: Scan | None = None,
    progress: Progress = silent,
) -> Scan:
    """Return all item files below `items`, subfolders included, sorted by path.

    A file whose size, mtime and inode are as in `known` is not read, unless it may have been changed in
    the same tick of the clock as it was stamped: `racy_after` is when `known` was written (in ns, by
    the file system's clock). With the default every file is read. `known` holds only files whose key
    is remembered and that had nothing held back. `before` is an earlier look of this command: what was
    read then, and is by the same measure as it was, is taken over. Nothing that is wrong with a file or
    folder is raised: it is a problem of the scan.
    """
    began = time.time_ns()
    if not os.path.lexists(items):
        return Scan(missing=True)
    looking = _Look(items, _Known(known, racy_after), before or Scan(), progress)
    looking.into("")
    found = tuple(sorted(looking.found, key=lambda file: file.path))
    return Scan(
        found,
        tuple(looking.problems),
        tuple(looking.unreadable),
        leftovers=tuple(looking.leftovers),
        began=began,
    )


def shown_path(items: Path, path: str = "") -> str:
    """Return an item file's path as users know it: `bibliography/items/…`."""
    return "/".join([*items.parts[-2:], path] if path else items.parts[-2:])


def fingerprint(info: os.stat_result) -> tuple[int, int, int]:
    """Return a file's size, mtime and inode, as a stamp has them."""
    return info.st_size, info.st_mtime_ns, 0 if os.name == "nt" else info.st_ino


def stamp_of(info: os.stat_result, raw: bytes) -> FileStamp:
    """Return the stamp of a file with these bytes."""
    return FileStamp(*fingerprint(info), digest_of(raw))


def digest_of(raw: bytes) -> str:
    """Return the fingerprint of a file's bytes, as a stamp has it."""
    return blake2b(raw, digest_size=16).hexdigest()


@dataclass(frozen=True)
class _Known:
    """Stamps of files, and when they were taken."""

    stamps: Mapping[str, FileStamp]
    when: int

    def still(self, path: str, info: os.stat_result) -> FileStamp | None:
        """Return the stamp of a file that is as it was then; None where that is not sure."""
        stamp, seen = self.stamps.get(path), fingerprint(info)
        if stamp is None or seen != (stamp.size, stamp.mtime_ns, stamp.inode):
            return None
        return stamp if seen[1] < self.when - CLOCK_STEP else None


class _Look:
    """One walk through the folder."""

    def __init__(self, items: Path, known: _Known, before: Scan, progress: Progress) -> None:
        self._items = items
        self._known = known
        self._read_before = {file.path: file for file in before.files if not file.unchanged}
        stamps = {path: file.stamp for path, file in self._read_before.items() if file.stamp}
        self._before = _Known(stamps, before.began)
        self._progress = progress
        self.found: list[ScannedFile] = []
        self.problems: list[Problem] = []
        self.unreadable: list[str] = []
        self.leftovers: list[str] = []

    def into(self, folder: str) -> None:
        """Look into a folder ("" is `items/` itself)."""
        try:
            with os.scandir(self._items / folder) as entries:
                for entry in entries:
                    self._entry(entry, f"{folder}/{entry.name}" if folder else entry.name)
        except FileNotFoundError:
            return  # removed while we look; the folder is looked at again before anything is deleted
        except OSError as exc:
            message = _("This folder cannot be read: {reason}").format(reason=reason_of(exc))
            self._problem(folder, message)
            self.unreadable.append(folder)

    def _entry(self, entry: os.DirEntry[str], path: str) -> None:
        if entry.name.startswith(_LEFT_OUT):
            if files.is_temp(entry.name):
                self.leftovers.append(path)
            return
        is_item = entry.name.lower().endswith(".toml")
        if entry.is_symlink():
            if is_item or entry.is_dir():
                self._link(path, is_item=is_item)
        elif entry.is_dir(follow_symlinks=False):
            self.into(path)
        elif is_item:
            self._file(entry, path)

    def _problem(self, path: str, message: str, hint: str = "") -> Problem:
        name = shown_path(self._items, path).encode("utf-8", "backslashreplace").decode()
        problem = Problem(message, Place(name), hint)
        self.problems.append(problem)
        return problem

    def _link(self, path: str, *, is_item: bool) -> None:
        hint = _("Put the file itself here, or take the link away.")
        problem = self._problem(
            path, _("This is a link to somewhere else; it is not followed."), hint
        )
        if is_item:
            self.found.append(ScannedFile(path, None, problem=problem))
        else:
            self.unreadable.append(path)

    def _file(self, entry: os.DirEntry[str], path: str) -> None:
        try:
            path.encode()
        except UnicodeEncodeError:
            message = _("The name of this file is not in UTF-8.")
            self._problem(path, message, _("Give it another name."))
            return
        try:
            self.found.append(self._looked_at(path, entry.stat(follow_symlinks=False)))
        except FileNotFoundError:
            return
        except OSError as exc:
            message = _("This file cannot be read: {reason}").format(reason=reason_of(exc))
            self.found.append(ScannedFile(path, None, problem=self._problem(path, message)))
        if len(self.found) % _NOW_AND_THEN == 0:
            self._progress(Phase.SCAN, len(self.found), None)

    def _looked_at(self, path: str, info: os.stat_result) -> ScannedFile:
        """Return a file, read only where it may be another than it was."""
        if known := self._known.still(path, info):
            return ScannedFile(path, known, unchanged=True)
        found = self._read_before[path] if self._before.still(path, info) else self._read(path)
        if found.problem:
            self.problems.append(found.problem)
        return found

    def _read(self, path: str) -> ScannedFile:
        target = self._items / path
        before = target.stat()  # an edit while we read leaves a stamp that does not fit
        raw = files.read(target)
        stamp = stamp_of(before, raw)
        try:
            return ScannedFile(path, stamp, parse_item(raw, shown_path(self._items, path)))
        except FileError as exc:
            return ScannedFile(path, stamp, problem=exc.problem)
