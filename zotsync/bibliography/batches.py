"""Many files at once: all of them wait for the disk together.

Paths are below `items/`, with `/` on every system. Each file is whole or not there, whenever it stops.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from zotsync.bibliography import files
from zotsync.bibliography.folder import FileStamp, inside, put_over, write_beside
from zotsync.bibliography.scanning import stamp_of
from zotsync.errors import FileError

BATCH = 500
"""New files between two syncs to the disk."""
_FEW = 8
"""Files that are sooner sent to the disk one by one than with all that any program has written."""
_PLAIN_NAME = re.compile(r"[a-z0-9-]+\.toml")
"""What zotsync names files itself: it stands in `items/`, on every system."""


@dataclass(frozen=True, slots=True)
class NewFiles:
    """What came of a batch of new files."""

    stamps: dict[str, FileStamp] = field(default_factory=dict)
    """Path -> stamp of the files that were written."""
    taken: tuple[str, ...] = ()
    """Paths at which something stood already: left as it is."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text for a file, which is put there only while the file is as expected."""

    path: str
    text: str
    expected: FileStamp


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of a batch of edits."""

    stamps: dict[str, FileStamp] = field(default_factory=dict)
    """Path -> new stamp of the files that were written."""
    failed: dict[str, FileError] = field(default_factory=dict)
    """Path -> why a file was left as it is: ChangedError if somebody edited it meanwhile."""


def write_new_files(items: Path, texts: Iterable[tuple[str, str]]) -> Iterator[NewFiles]:
    """Write new files (path, text), and yield what came of each batch of at most 500.

    A file that is there already is never overwritten. When a batch is yielded it is on the disk.
    """
    remaining = iter(texts)
    while batch := list(islice(remaining, BATCH)):
        yield _write_batch(items, batch)


def replace_files(items: Path, edits: Sequence[Edit]) -> Replaced:
    """Do as `folder.replace_file` does, for many files; when this returns they are on the disk."""
    done = Replaced()
    ready: list[tuple[Edit, Path, str, FileStamp]] = []
    try:
        for edit in edits:
            try:
                target = inside(items, edit.path)
                with files.told(target):
                    made = write_beside(target, edit.text, edit.expected, sync=False)
            except FileError as exc:
                done.failed[edit.path] = exc
            else:
                ready.append((edit, target, *made))
        temps = [temp for _edit, _target, temp, _stamp in ready]
        _to_disk(items, temps, together=len(temps) >= _FEW)
        for edit, target, temp, stamp in ready:
            try:
                with files.told(target):
                    put_over(temp, target, edit.expected)
            except FileError as exc:
                done.failed[edit.path] = exc
            else:
                done.stamps[edit.path] = stamp
    except BaseException:
        for _edit, _target, temp, _stamp in ready:
            files.remove(temp)
        raise
    _sync_folders(target.parent for _edit, target, _temp, _stamp in ready)
    return done


def _to_disk(items: Path, temps: Sequence[str], *, together: bool = True) -> None:
    with files.told(items):
        if not (together and files.sync_all()):
            for temp in temps:
                files.sync_file(temp)


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in set(folders):
        with files.told(folder):
            files.sync_folder(folder)


@dataclass(frozen=True, slots=True)
class _Pending:
    path: str
    temp: str
    target: str  # thousands of them: Path is slow
    stamp: FileStamp


def _write_batch(items: Path, batch: list[tuple[str, str]]) -> NewFiles:
    pending: list[_Pending] = []
    try:
        for path, text in batch:
            plain = _PLAIN_NAME.fullmatch(path)
            target = f"{items}{os.sep}{path}" if plain else str(inside(items, path))
            pending.append(_prepared(target, path, text))
        _to_disk(items, [new.temp for new in pending])
        return _put_in_place(pending)
    except BaseException:
        for new in pending:
            files.remove(new.temp)
        raise


def _prepared(target: str, path: str, text: str) -> _Pending:
    """Write the text next to where it will stand."""
    data = text.encode()
    folder = _folder_of(target)
    with files.told(target):
        try:
            temp, made = files.write_temp(folder, data, sync=False)
        except FileNotFoundError:
            files.make_folder(Path(folder))
            temp, made = files.write_temp(folder, data, sync=False)
    return _Pending(path, temp, target, stamp_of(made, data))


def _put_in_place(pending: list[_Pending]) -> NewFiles:
    stamps: dict[str, FileStamp] = {}
    taken: list[str] = []
    for new in pending:
        with files.told(new.target):
            try:
                files.put_new(new.temp, new.target)
            except FileExistsError:
                files.remove(new.temp)
                taken.append(new.path)
            else:
                stamps[new.path] = new.stamp
    _sync_folders(Path(folder) for folder in {_folder_of(new.target) for new in pending})
    return NewFiles(stamps, tuple(taken))


def _folder_of(target: str) -> str:
    return target.rpartition(os.sep)[0]
