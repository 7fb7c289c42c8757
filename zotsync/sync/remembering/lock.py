"""The lock of a workspace: one writing command at a time, and who holds it.

The operating system's lock (filelock) dies with its process: whoever holds it lives. On a share it may not
reach the other computer, so the holder's name stands beside it, with a sign of life every few seconds: a lock
of another host is refused by that name, and whether it still lives is told.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from zotsync.bibliography import files
from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.figures import ago, when
from zotsync.i18n import _
from zotsync.reasons import reason_of
from zotsync.workspace import make_private_folder

PULSE = 20.0
"""Seconds between two signs of life."""
_SILENT = 6 * PULSE
"""Seconds without one after which a holder on another computer is taken for dead."""


@contextmanager
def locked(path: Path, command: str, now: datetime) -> Iterator[None]:
    """Hold the lock of a workspace.

    Args:
        path: the lock file; the holder's name goes beside it, as `<path>.json`.
        command: what the others are told this is.
        now: since when.

    Raises:
        ZotsyncError: somebody else holds it.

    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only who writes needs it

    owner = path.with_name(path.name + ".json")
    lock = FileLock(path, blocking=False)
    try:
        make_private_folder(path.parent)
        lock.acquire()
    except Timeout as exc:
        raise _held_here(_read(owner)) from exc
    except OSError as exc:
        reason = reason_of(exc)
        message = _("The workspace cannot be locked: {reason}").format(reason=reason)
        raise FileError(message, place=Place(str(path))) from exc
    try:
        other = _read(owner)
        if other and other.get("host") != socket.gethostname():
            raise _held_elsewhere(other, owner, _silence(path, owner))
        _write(owner, command, now)
        try:
            with _alive(owner):
                yield
        finally:
            with files.told(owner):
                owner.unlink(missing_ok=True)
    finally:
        lock.release()


def _read(owner: Path) -> dict[str, Any]:
    try:
        told = json.loads(owner.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # nobody, or a holder that was stopped while it wrote its name
        return {}
    return told if isinstance(told, dict) else {}


def _write(owner: Path, command: str, now: datetime) -> None:
    holder = {"host": socket.gethostname(), "pid": os.getpid(), "command": command}
    text = json.dumps({**holder, "since": now.isoformat(timespec="seconds")})
    with files.told(owner):
        owner.write_text(text, encoding="utf-8")


@contextmanager
def _alive(owner: Path) -> Iterator[None]:
    """Give a sign of life now and then: the date of the file with the holder's name."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(PULSE):
            with suppress(OSError):  # the share is away for a moment
                os.utime(owner)

    pulse = threading.Thread(target=beat, daemon=True)
    pulse.start()
    try:
        yield
    finally:
        done.set()
        pulse.join()


def _silence(path: Path, owner: Path) -> float:
    """Return the seconds since the holder's last sign of life, by the clock that dates the files there."""
    with files.told(owner):
        path.touch()
        return path.stat().st_mtime - owner.stat().st_mtime


def _held_here(told: Mapping[str, Any]) -> ZotsyncError:
    return ZotsyncError(_held(told), hint=_("It is still at work: wait until it is done."))


def _held_elsewhere(told: Mapping[str, Any], owner: Path, silence: float) -> ZotsyncError:
    last = ago(silence)
    if silence < _SILENT:
        alive = _("It is still at work (last sign of life: {ago}): wait until it is done.")
        return ZotsyncError(_held(told), hint=alive.format(ago=last))
    dead = _(
        "It seems to be dead (last sign of life: {ago}). If nothing runs there any more, or if {host} is an "
        "earlier name of this computer ({here}), delete {file}."
    )
    host, here = told.get("host", "?"), socket.gethostname()
    return ZotsyncError(_held(told), hint=dead.format(ago=last, host=host, here=here, file=owner))


def _held(told: Mapping[str, Any]) -> str:
    text = _("The workspace is in use: {command} on {host} (process {pid}), since {since}.")
    return text.format(
        command=told.get("command", "zotsync"),
        host=told.get("host", "?"),
        pid=told.get("pid", "?"),
        since=_moment(told.get("since")),
    )


def _moment(text: object) -> str:
    try:
        return when(datetime.fromisoformat(str(text)))
    except ValueError:  # its name was not written to the end
        return "?"
