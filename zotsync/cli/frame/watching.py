"""Looking at files until they change, without help from the system: once a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from zotsync.config import Workspace

PAUSE = 1.0
_SETTLING = 0.3
"""Seconds of quiet before a file that changes counts as written."""

Stamps = Mapping[str, tuple[int, int]]
"""File -> time of its last change and size."""


def watch(
    look: Callable[[], Stamps], act: Callable[[], None], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Call `act` now, and again whenever `look` sees something else; Ctrl-C ends it."""
    seen: Stamps | None = None
    try:
        while True:
            now = look()
            if now != seen:
                while (later := _later(look, sleep)) != now:
                    now = later
                seen = now
                act()
            sleep(PAUSE)
    except KeyboardInterrupt:
        return


def _later(look: Callable[[], Stamps], sleep: Callable[[float], None]) -> Stamps:
    sleep(_SETTLING)
    return look()


def sources_of(workspace: Workspace, others: Iterable[Path] = ()) -> dict[str, tuple[int, int]]:
    """Return the files that handouts depend on: configuration, logo, items, handouts, themes, styles."""
    root = workspace.root
    folders = (root, workspace.items, workspace.collections.parent, root / "styles")
    found = [file for folder in folders for file in _files(folder)]
    found += [file for file in _files(workspace.handouts) if file.suffix == ".toml"]
    found += [file for theme in _folders(root / "templates") for file in _files(theme)]
    return dict(_stamps((*found, *others)))


def _stamps(files: Iterable[Path]) -> Iterator[tuple[str, tuple[int, int]]]:
    for file in files:
        try:
            stat = file.stat()
        except OSError:  # gone meanwhile, or in the midst of being replaced
            continue
        yield str(file), (stat.st_mtime_ns, stat.st_size)


def _files(folder: Path) -> list[Path]:
    return [Path(entry.path) for entry in _entries(folder) if entry.is_file()]


def _folders(folder: Path) -> list[Path]:
    return [Path(entry.path) for entry in _entries(folder) if entry.is_dir()]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what stands in a folder, what programs put beside an open document aside."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.name[0] not in ".~"]
    except OSError:
        return []
