"""What a look at the folder of item files found.

Pure values. Paths are below `items/`, with `/` on every system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.errors import Problem


@dataclass(frozen=True, slots=True)
class ItemText:
    """What an item file says."""

    key: str | None
    """None: a file made by hand, zotsync writes a key into it."""
    fields: Mapping[str, Any]
    """In normal form, but `collections` is the list of paths as typed."""
    conflicts: frozenset[str] = frozenset()
    """Names of the `[conflict.<field>]` tables."""
    held: Mapping[str, Problem] = field(default_factory=dict)
    """Fields that cannot be used, with the reason: they wait, the rest goes."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """How a file was when it was last read or written."""

    size: int
    mtime_ns: int
    inode: int
    """0 on Windows, where the folder does not tell."""
    digest: str
    """Of the bytes."""


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """One item file."""

    path: str
    stamp: FileStamp | None
    """None: it could not be read."""
    text: ItemText | None = None
    """None: unchanged, or there is a problem."""
    problem: Problem | None = None
    """Why it cannot be read or parsed."""
    unchanged: bool = False
    """As `known` had it; it was not read."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything found in the folder."""

    files: tuple[ScannedFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Of files and folders that cannot be read, parsed, or are links."""
    unreadable: tuple[str, ...] = ()
    """Folders that could not be looked into ("" for `items/` itself)."""
    missing: bool = False
    """There is no folder at all."""
    leftovers: tuple[str, ...] = ()
    """Temporary files of a run that was stopped; `folder.sweep` removes them."""
    began: int = 0
    """When the look began, in ns."""
