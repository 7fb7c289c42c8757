"""Every effect on files of a bibliography, one by one: nothing else writes them.

Each function does one thing that can fail on its own, so that a test can let any of them fail. Failures
of the operating system become FileError here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from zotsync import interrupts
from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.reasons import reason_of

TEMP_PREFIX = ".zotsync-"
TEMP_SUFFIX = ".tmp"
_RUN = secrets.token_hex(6)
_NUMBERS = count()
_WINDOWS = os.name == "nt"
# What file systems answer that cannot sync a folder, or cannot make hard links.
_UNABLE = {errno.EINVAL, errno.ENOTSUP, errno.EPERM, errno.ENOSYS, errno.EMLINK, errno.EACCES}
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def told(path: Path | str) -> Iterator[None]:
    """Raise FileError about `path` for whatever the operating system refuses inside."""
    try:
        yield
    except FileExistsError as exc:
        raise FileError(_("This file is there already."), place=Place(str(path))) from exc
    except PermissionError as exc:
        raise _refused(Path(path)) from exc
    except OSError as exc:
        reason = reason_of(exc)
        raise FileError(reason, place=Place(str(path))) from exc


def _refused(path: Path) -> FileError:
    place = Place(str(path))
    if _WINDOWS and path.is_file():
        hint = _("Close it there, and try again.")
        return FileError(_("This file is open in another program."), place=place, hint=hint)
    hint = _("Give yourself the right to read and write it.")
    return FileError(_("No right to this file or folder."), place=place, hint=hint)


def read(path: Path) -> bytes:
    """Return a file's bytes."""
    return path.read_bytes()


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are missing."""
    path.mkdir(parents=True, exist_ok=True)


def temp_name() -> str:
    """Return a file name that no scan takes for an item."""
    return f"{TEMP_PREFIX}{_RUN}-{next(_NUMBERS)}{TEMP_SUFFIX}"


def is_temp(name: str) -> bool:
    """Return whether `name` is one of `temp_name`, left by a run that was stopped."""
    return name.startswith(TEMP_PREFIX) and name.endswith(TEMP_SUFFIX)


def write_temp(folder: str, data: bytes, *, sync: bool) -> tuple[str, os.stat_result]:
    """Write a new temporary file in `folder`; return its path and stat. `sync`: to the disk."""
    path = os.path.join(folder, temp_name())  # noqa: PTH118 - thousands of them: Path is slow
    interrupts.unfinished.add(path)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o666)
    try:
        written = os.write(handle, data)
        while written < len(data):
            written += os.write(handle, data[written:])
        if sync:
            fsync(handle)
        return path, os.fstat(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            remove(path)
        raise
    finally:
        os.close(handle)


def fsync(handle: int) -> None:
    """Send a file to the disk."""
    os.fsync(handle)


def sync_all() -> bool:
    """Send everything to the disk at once; False where the system does not wait for that."""
    if not sys.platform.startswith("linux"):
        return False
    os.sync()
    return True


def sync_file(path: str) -> None:
    """Send a file written before to the disk."""
    handle = os.open(path, os.O_RDWR | _BINARY)
    try:
        fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Send a folder's entries to the disk, where the system can."""
    if _WINDOWS:
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        fsync(handle)
    except OSError as exc:
        if exc.errno not in _UNABLE:
            raise
    finally:
        os.close(handle)


def copy_mode(mode: int, path: str) -> None:
    """Give a file the permissions that another had."""
    if not _WINDOWS:
        os.chmod(path, mode & 0o7777)  # noqa: PTH101


def replace(source: str, target: Path) -> None:
    """Put a file in the place of another, in one step."""
    os.replace(source, target)  # noqa: PTH105
    interrupts.unfinished.discard(source)


def put_new(source: str, target: str) -> None:
    """Move a file to a name where nothing stands; FileExistsError if something does."""
    try:
        _rename_to_free(source, target)
    except OSError as exc:
        if exc.errno != errno.EXDEV:
            raise
        # Another disk: a copy there, then as above.
        temp, _stat = write_temp(os.path.dirname(target), read(Path(source)), sync=True)  # noqa: PTH120
        try:
            _rename_to_free(temp, target)
        finally:
            remove(temp)
        remove(source)
    else:
        interrupts.unfinished.discard(source)


def write_new(file: Path, text: str) -> None:
    """Write a new file in one step: whole, or not at all. FileExistsError if something stands there."""
    temp, _stat = write_temp(str(file.parent), text.encode(), sync=True)
    try:
        put_new(temp, str(file))
    finally:
        remove(temp)


def _rename_to_free(source: str, target: str) -> None:
    if not _WINDOWS:
        try:
            os.link(source, target)
        except OSError as exc:
            if exc.errno not in _UNABLE:
                raise
        else:
            os.unlink(source)  # noqa: PTH108
            return
        if os.path.lexists(target):  # no hard links here: a look and a rename must do
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    os.rename(source, target)  # noqa: PTH104


def remove(path: str) -> None:
    """Remove a file that may be gone already."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108
    interrupts.unfinished.discard(path)
