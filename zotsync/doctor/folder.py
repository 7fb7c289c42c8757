"""A workspace as it stands on the disk: where it is, rights to its files, state, lock, names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from zotsync.bibliography.slugs import folded, is_file_name
from zotsync.config import Config, Workspace
from zotsync.doctor.finding import Area, Finding, failed, note, well, wrong
from zotsync.doctor.places import look_around
from zotsync.doctor.statefile import damage_of, was_synced
from zotsync.errors import ZotsyncError
from zotsync.i18n import _, ngettext
from zotsync.sync.remembering.lastsync import last_sync
from zotsync.sync.remembering.lock import locked

_AREA = Area.WORKSPACE
_LITTLE = 200_000_000
"""Bytes of free space below which a sync may not end."""
_NAMED = 5
_OTHERS = 0o077
_LONGEST = 240
"""Characters of a path that every program on Windows opens."""


def workspace(at: Workspace, config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield how a workspace is whose configuration can be read."""
    told = _("{folder}, of the group {group}").format(folder=at.root, group=config.group)
    yield well(_AREA, told)
    yield from _place(at, environ)
    yield from _folders(at)
    yield from _state(at)
    yield from _lock(at)
    yield from _names(at)


def _place(at: Workspace, environ: Mapping[str, str]) -> Iterator[Finding]:
    around = look_around(at.root, environ)
    if around.cloud:
        hint = _(
            "Two programs that sync the same files get in each other's way. Pause the other while"
            " zotsync runs, or move the folder, and sync again."
        )
        yield note(
            _AREA,
            _("{service} copies this folder to other computers.").format(service=around.cloud),
            hint,
        )
    if around.inside is not None:
        text = _("This workspace is inside another one: {folder}").format(folder=around.inside)
        yield wrong(_AREA, text, _("Move it beside the other one."))
    free = shutil.disk_usage(at.root).free
    if free < _LITTLE:
        text = _("The disk is nearly full: {n} MB are free.").format(n=free // 1_000_000)
        yield wrong(_AREA, text, _("Make room: a sync writes before it removes."))


def _folders(at: Workspace) -> Iterator[Finding]:
    for folder in (at.items, at.handouts):
        if not folder.is_dir():
            text = _("The folder {folder} is not there.").format(folder=folder)
            hint = _("Bring it back: connect the drive, or take it from a backup, before a sync.")
            yield wrong(_AREA, text, hint)
    for folder in (at.root, at.items, at.handouts, at.private):
        if folder.is_dir() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            text = _("The folder {folder} may not be written.").format(folder=folder)
            yield wrong(_AREA, text, _("Give yourself the right to read and write it."))
    shut = [f.name for f in _files(at.items) if not os.access(f, os.R_OK | os.W_OK)]
    if shut:
        text = ngettext(
            "{n} item file may not be written: {names}",
            "{n} item files may not be written: {names}",
            len(shut),
        )
        hint = _("Give yourself the right to read and write it.")
        yield wrong(_AREA, text.format(n=len(shut), names=_some(shut)), hint)
    if os.name == "posix" and at.private.is_dir() and at.private.stat().st_mode & _OTHERS:
        text = _("Others on this computer may read {folder}.").format(folder=at.private)
        yield note(_AREA, text, f"chmod 700 {at.private}")


def _state(at: Workspace) -> Iterator[Finding]:
    if not at.state.exists():
        yield note(_AREA, _("Never synced."), _("To begin: zotsync init, or zotsync sync"))
    elif damage := damage_of(at.state):
        text = _("The state of the workspace is damaged: {reason}").format(reason=damage)
        hint = _(
            "Nothing is lost: the next sync keeps it aside, makes it anew, and compares every item with"
            " Zotero."
        )
        yield wrong(_AREA, text, hint)
    elif last_sync(at) or was_synced(at.state):
        yield well(_AREA, _("The state of the workspace is sound."))
    else:
        yield note(_AREA, _("Never synced."), _("To begin: zotsync init, or zotsync sync"))


def _lock(at: Workspace) -> Iterator[Finding]:
    if not at.private.is_dir():
        return
    try:
        with locked(at.lock, "doctor", datetime.now(UTC)):
            yield well(_AREA, _("No other command is at work in it."))
    except ZotsyncError as error:
        yield failed(_AREA, error)


def _names(at: Workspace) -> Iterator[Finding]:
    files = [f for folder in (at.items, at.handouts) for f in _files(folder)]
    if odd := [f for f in files if not is_file_name(f.name)]:
        text = ngettext(
            "{n} file has a name that Windows does not take: {names}",
            "{n} files have names that Windows does not take: {names}",
            len(odd),
        )
        hint = _("Rename it: an item is known by its key, not by its file's name.")
        yield wrong(_AREA, text.format(n=len(odd), names=_some([f.name for f in odd])), hint)
    seen: dict[tuple[Path, str], str] = {}
    twins = [f.name for f in files if seen.setdefault((f.parent, folded(f.name)), f.name) != f.name]
    if twins:
        text = _("Names that are one name on Windows and macOS: {names}").format(names=_some(twins))
        yield wrong(_AREA, text, _("Rename one of the two."))
    longest = max((str(f) for f in files), key=len, default="")
    if len(longest) > _LONGEST:
        text = _("A path is longer than many programs on Windows open: {file}")
        hint = _("Move the workspace to a folder with a shorter path.")
        yield note(_AREA, text.format(file=longest), hint)


def _files(folder: Path) -> list[Path]:
    return [f for f in folder.rglob("*") if f.is_file() and not f.name.startswith((".", "~", "#"))]


def _some(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
