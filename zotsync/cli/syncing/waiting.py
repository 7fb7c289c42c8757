"""`zotsync` alone: what waits, in three lines, and the next command."""

from __future__ import annotations

from typing import Any

from zotsync.cli.frame.session import Session
from zotsync.cli.syncing.amounts import count_line, items_in_words
from zotsync.config import CONFIG_NAME
from zotsync.i18n import N_, _
from zotsync.sync.trees import Plan


def tell_what_waits(session: Session) -> int:
    """Say what waits in this workspace, without asking Zotero; outside of one, how to begin."""
    here = session.directory.absolute()
    if here.is_dir() and not any((f / CONFIG_NAME).is_file() for f in (here, *here.parents)):
        _welcome(session)
    else:
        _tell_workspace(session)
    return 0


def _tell_workspace(session: Session) -> None:
    """Say how many items there are, what waits, and the command that comes next."""
    from zotsync.cli.frame.opening import open_workspace  # noqa: PLC0415
    from zotsync.cli.handouts.rendering import handout_names  # noqa: PLC0415
    from zotsync.cli.syncing.status import last_in_words  # noqa: PLC0415
    from zotsync.sync.engine import Options  # noqa: PLC0415

    with open_workspace(session, online=False) as opened:
        plan = opened.engine.preview(Options(dry_run=True), offline=True)
        opened.bars.stop()
        synced = opened.engine.state.cursor is not None
        count = len(opened.engine.files())
        last = last_in_words(opened)
        handouts = handout_names(opened.workspace)
    conflicts = plan.conflicts
    waits = count_line(plan.steps, conflicts)
    following = _next(plan, synced=synced, waits=bool(waits), printable=bool(handouts))
    document: dict[str, Any] = {
        "workspace": str(opened.workspace.root),
        "group": opened.config.group,
        "items": count,
        "conflicts": len(conflicts),
        "problems": len(plan.problems),
        "next": following,
    }
    items = items_in_words(count)

    def text() -> None:
        output = session.output
        output.line(f"{opened.workspace.root} · {items}")
        if waits or synced:
            output.line(waits or _("Nothing changed here since the last sync."))
        output.line(last if synced else _("Never synced."))
        output.say(_("Next: {command}").format(command=_(following)))

    session.output.emit(document, text)


def _next(plan: Plan, *, synced: bool, waits: bool, printable: bool) -> str:
    """Return the command that comes next."""
    if plan.conflicts:
        return "zotsync resolve"
    if plan.problems:
        return "zotsync status"
    if waits or not synced:
        return "zotsync sync"
    return "zotsync render" if printable else N_("zotsync handout new NAME")


def _welcome(session: Session) -> None:
    output = session.output

    def text() -> None:
        output.line(_("zotsync keeps a bibliography in plain files in sync with a Zotero group."))
        output.line(_("To see it at work on sample data, without an account:  zotsync demo"))
        output.line(_("To begin with your own group:                          zotsync init"))

    output.emit({"workspace": None, "next": "zotsync demo"}, text)
