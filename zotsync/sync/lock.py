"""The lock of a workspace: one writing command at a time, and who holds it.

The operating system's lock (filelock) dies with its process. On a share it may not reach the other
computer, so the holder's name stands beside it: a lock of another host is refused by that name.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from zotsync.bibliography import files
from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.i18n import _
from zotsync.reasons import reason_of


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
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as exc:
        raise _held(_read(owner), owner, elsewhere=False) from exc
    except OSError as exc:
        reason = reason_of(exc)
        message = _("The workspace cannot be locked: {reason}").format(reason=reason)
        raise FileError(message, place=Place(str(path))) from exc
    try:
        other = _read(owner)
        if other and other.get("host") != socket.gethostname():
            raise _held(other, owner, elsewhere=True)
        _write(owner, command, now)
        try:
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


def _held(told: dict[str, Any], owner: Path, *, elsewhere: bool) -> ZotsyncError:
    message = _(
        "The workspace is in use: {command} on {host} (process {pid}), since {since}."
    ).format(
        command=told.get("command", "zotsync"),
        host=told.get("host", "?"),
        pid=told.get("pid", "?"),
        since=told.get("since", "?"),
    )
    if elsewhere:
        hint = _("If nothing runs there any more, delete {file}.").format(file=owner)
    else:
        hint = _("Wait until it is done.")
    return ZotsyncError(message, hint=hint)
