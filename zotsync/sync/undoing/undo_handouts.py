"""Handout files that a run edited on somebody's word, and that an undo brings back whole."""

from __future__ import annotations

from collections.abc import Iterable

from zotsync.bibliography.folder import ChangedError, read_file, replace_file
from zotsync.config import Workspace
from zotsync.errors import FileError
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.trees import Kind
from zotsync.sync.undoing.undo import HandoutBack, Left, Why

_TEXT = "text"


def handout_entry(decision: str, file: str, old: str, new: str) -> Entry:
    """Return what the journal says of an edited handout file: all of it, before and after."""
    return Entry(Kind.COLLECTION, "", FILE, decision, file, {_TEXT: old}, {_TEXT: new}, text=old)


def handouts_back(
    workspace: Workspace, entries: Iterable[Entry]
) -> tuple[tuple[HandoutBack, ...], tuple[Left, ...]]:
    """Return the handouts that can be what they were, and those that somebody has edited since.

    `entries`: of the run, in the order they were written.
    """
    texts: dict[str, tuple[str, str]] = {}
    for entry in entries:
        before, after = entry.before or {}, entry.after or {}
        if not entry.key and _TEXT in before and _TEXT in after:
            first = texts.get(entry.file, (before[_TEXT], ""))[0]
            texts[entry.file] = (first, after[_TEXT])
    back, left = [], []
    for file, (was, made) in texts.items():
        now = _read(workspace, file)
        if now == made:
            back.append(HandoutBack(file, made, was))
        elif now != was:
            left.append(Left(Why.CHANGED_HERE, Kind.COLLECTION, "", file))
    return tuple(back), tuple(left)


def put_back(workspace: Workspace, journal: Journal, run: int, back: HandoutBack) -> bool:
    """Make a handout file what it was; false: somebody edits it meanwhile, and nothing was done."""
    file = workspace.root / back.file
    try:
        raw, stamp = read_file(file.parent, file.name)
        if _plain(raw) != back.now:
            return False
        journal.write(run, [handout_entry("undo", back.file, back.now, back.text)])
        replace_file(file.parent, file.name, back.text, stamp)
    except ChangedError:
        journal.withdraw(run, Kind.COLLECTION, "", FILE)
        return False
    return True


def _read(workspace: Workspace, file: str) -> str | None:
    path = workspace.root / file
    try:
        return _plain(read_file(path.parent, path.name)[0])
    except FileError:
        return None  # somebody has removed it: there is nothing to bring back into it


def _plain(raw: bytes) -> str:
    return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")
