"""A workspace that was just connected: the first sync, the first handout, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zotsync.cli.account.firsthandout import first_handout
from zotsync.cli.account.joining import Member
from zotsync.cli.account.meeting import Take, meet
from zotsync.cli.frame.opening import open_workspace
from zotsync.cli.frame.output import as_typed
from zotsync.cli.frame.session import Session
from zotsync.config import Workspace
from zotsync.i18n import _
from zotsync.sync.applying.barrier import Barrier
from zotsync.zotero import schema

_IMPORTABLE = frozenset({".bib", ".ris", ".nbib", ".csv"})
"""Endings of files that `zotsync import` takes."""


def take_up(
    session: Session,
    workspace: Workspace,
    member: Member,
    *,
    take: Take | None,
    handout: str | None,
) -> int:
    """Sync for the first time, make the first handout, say what is next; return the exit code."""
    started = session.directory.absolute()
    session.directory = workspace.root
    with open_workspace(session, online=True, command="init") as opened:
        if opened.engine.library is not None:
            schema.refresh(opened.engine.library, workspace.private)
        Barrier(opened.engine.state, opened.config.group).note(member.rights)
        code = meet(session, opened, take, can_write=member.rights.can_write)
        made = None if code is None else first_handout(session, opened, handout)
    document = {
        "workspace": str(workspace.root),
        "group": member.account.group,
        "group_name": member.rights.group_name,
        "synced": code is not None,
        "handout": str(made) if made else None,
    }
    session.output.emit(document, lambda: None)
    _tell_next(session, workspace, _next(workspace, started, made, synced=code is not None))
    return code or 0


def _tell_next(session: Session, workspace: Workspace, lines: Sequence[str]) -> None:
    say = session.output.say
    say(_("The workspace is ready: {folder}").format(folder=workspace.root), style="bold")
    for line in lines:
        say(f"  {line}")


def _next(workspace: Workspace, started: Path, made: Path | None, *, synced: bool) -> Sequence[str]:
    """Return what to do next, a command a line."""
    lines = []
    if started != workspace.root:
        lines.append((f"cd {as_typed(workspace.root)}", _("go to its folder")))
    if made is not None:
        lines.append((f"zotsync render {made.stem}", _("print the handout, as a Word document")))
    others = sorted(f.name for f in workspace.root.iterdir() if f.suffix.lower() in _IMPORTABLE)
    if others:
        lines.append(
            (f"zotsync import {as_typed(Path(others[0]))}", _("bring these references in"))
        )
    after = _("whenever files or library have changed") if synced else _("bring both together")
    lines.append(("zotsync sync", after))
    width = max(len(command) for command, _why in lines)
    return [f"{command:{width}}  {why}" for command, why in lines]
