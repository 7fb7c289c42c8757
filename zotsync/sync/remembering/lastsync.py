"""When a workspace was last synced.

It is the date of an empty file: a sync with nothing new writes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime

from zotsync.bibliography import files
from zotsync.workspace import Workspace

_NAME = "synced"


def note_sync(workspace: Workspace) -> None:
    """Remember that a sync came to its end just now."""
    file = workspace.private / _NAME
    with files.told(file):
        file.touch()


def last_sync(workspace: Workspace) -> datetime | None:
    """Return when a sync last came to its end; None where none ever did."""
    try:
        return datetime.fromtimestamp((workspace.private / _NAME).stat().st_mtime, UTC)
    except OSError:
        return None
