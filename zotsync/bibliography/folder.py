"""The folder of item files: look at it, write to it, move files to the trash and back.

Paths are below `items/`, with `/` on every system. Whatever is overwritten is looked at first: a file
that somebody has edited meanwhile is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from zotsync.bibliography import files
from zotsync.bibliography.scanned import FileStamp, Scan, ScannedFile
from zotsync.bibliography.scanning import digest_of, fingerprint, scan, shown_path, stamp_of
from zotsync.errors import FileError, Place
from zotsync.i18n import _

__all__ = [
    "ChangedError",
    "FileStamp",
    "Scan",
    "ScannedFile",
    "inside",
    "left_in",
    "move_to_trash",
    "put_over",
    "read_file",
    "replace_file",
    "restore_from_trash",
    "scan",
    "shown_path",
    "sweep",
    "write_beside",
]

_BOM = b"\xef\xbb\xbf"


class ChangedError(FileError):
    """Somebody edited, made or removed the file meanwhile: look again."""


def read_file(items: Path, path: str) -> tuple[bytes, FileStamp]:
    """Return an item file's bytes and stamp; FileError if it cannot be read."""
    target = inside(items, path)
    with files.told(target):
        raw = files.read(target)
        return raw, stamp_of(target.stat(), raw)


def replace_file(items: Path, path: str, text: str, expected: FileStamp) -> FileStamp:
    """Write `text` over a file, in one step, and return its new stamp.

    Raise ChangedError if the file is not as `expected` any more, FileError if it cannot be written. The file
    keeps its permissions, its kind of line ends and its BOM.
    """
    target = inside(items, path)
    with files.told(target):
        temp, made = write_beside(target, text, expected, sync=True)
        put_over(temp, target, expected)
        files.sync_folder(target.parent)
    return made


def write_beside(
    target: Path, text: str, expected: FileStamp, *, sync: bool
) -> tuple[str, FileStamp]:
    """Write the new text of a file next to it; return the temporary file, and its stamp.

    Raise ChangedError if the file is not as `expected`. `sync`: to the disk.
    """
    data = _encoded(text, _unchanged(target, expected))
    temp, made = files.write_temp(str(target.parent), data, sync=sync)
    return temp, stamp_of(made, data)


def put_over(temp: str, target: Path, expected: FileStamp) -> None:
    """Put a temporary file that is on the disk in the place of `target`, or remove it.

    Raise ChangedError if `target` is not as `expected` any more.
    """
    try:
        mode = target.stat()
        files.copy_mode(mode.st_mode, temp)
        # Once more, for what was saved while the new text went to the disk.
        if fingerprint(mode) != (expected.size, expected.mtime_ns, expected.inode):
            _unchanged(target, expected)
        files.replace(temp, target)
    except FileNotFoundError as exc:
        raise _changed(target) from exc
    finally:
        files.remove(temp)


def move_to_trash(items: Path, path: str, trash: Path, run: str, expected: FileStamp) -> str:
    """Move an item file to the trash and return its name there, which `run` makes unique if need be.

    Raise ChangedError if the file is not as `expected`.
    """
    target = inside(items, path)
    with files.told(target):
        _unchanged(target, expected)
        files.make_folder(trash)
        name = _put_into(trash, target, run)
        files.sync_folder(trash)
        files.sync_folder(target.parent)
        return name


def _put_into(trash: Path, target: Path, run: str) -> str:
    for name in _trash_names(target, run):
        try:
            files.put_new(str(target), str(trash / name))
        except FileExistsError:
            if files.read(trash / name) != files.read(target):
                continue
            files.remove(str(target))  # it is there: a run was stopped between its two names
        return name
    raise AssertionError  # the names never end


def _trash_names(target: Path, run: str) -> Iterator[str]:
    yield target.name
    yield f"{target.stem}.{run}{target.suffix}"
    for number in count(2):
        yield f"{target.stem}.{run}-{number}{target.suffix}"


def restore_from_trash(trash: Path, name: str, items: Path, path: str) -> FileStamp:
    """Move a file from the trash back to `path`; FileError if something stands there."""
    source, target = inside(trash, name), inside(items, path)
    with files.told(source):
        raw = files.read(source)
    with files.told(target):
        files.make_folder(target.parent)
        files.put_new(str(source), str(target))
        files.sync_folder(target.parent)
        return stamp_of(target.stat(), raw)


def sweep(folder: Path, leftovers: Iterable[str]) -> None:
    """Remove the temporary files that a stopped run has left (`Scan.leftovers`, `left_in`)."""
    for path in leftovers:
        target = inside(folder, path)
        if files.is_temp(target.name):
            with files.told(target):
                files.remove(str(target))


def left_in(folder: Path) -> list[str]:
    """Return the temporary files right in a folder, for `sweep`; none where there is no folder."""
    with files.told(folder):
        names = os.listdir(folder) if folder.exists() else []  # noqa: PTH208 - names are wanted
    return [name for name in names if files.is_temp(name)]


def inside(folder: Path, path: str) -> Path:
    """Return the file at `path` below `folder`; FileError for a path that leads out of it."""
    parts = PurePosixPath(path).parts
    safe = parts and not path.startswith("/") and ".." not in parts and "\0" not in path
    if not safe or (os.name == "nt" and any(char in path for char in ':\\<>"|?*')):
        raise FileError(
            _("This is no file name below {folder}.").format(folder=folder), place=Place(path)
        )
    return folder.joinpath(*parts)


def _unchanged(target: Path, expected: FileStamp) -> bytes:
    """Return the file's bytes; raise ChangedError if they are not the expected ones."""
    try:
        raw = files.read(target)
    except FileNotFoundError as exc:
        raise _changed(target) from exc
    if digest_of(raw) != expected.digest:
        raise _changed(target)
    return raw


def _changed(target: Path) -> ChangedError:
    hint = _("It was left as it is. Run the command again.")
    return ChangedError(_("The file was changed meanwhile."), place=Place(str(target)), hint=hint)


def _encoded(text: str, old: bytes) -> bytes:
    data = text.encode()
    if b"\r\n" in old:
        data = data.replace(b"\n", b"\r\n")
    return _BOM + data if old.startswith(_BOM) else data
