"""`zotsync log`: what the last runs did."""

from __future__ import annotations

from typing import Any

import click

from zotsync.cli.group import command, option
from zotsync.cli.opening import open_workspace
from zotsync.cli.output import Cell
from zotsync.cli.session import Session, pass_session
from zotsync.cli.wording import when
from zotsync.i18n import N_, _
from zotsync.sync.engine import Run

_COUNTS = ("pushed", "pulled", "merged", "conflicts", "trashed")


@command("log", N_("List the last runs, and what each of them did."))
@option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar=N_("N"),
    help=N_("How many runs."),
)
@pass_session
def log(session: Session, limit: int) -> int:
    """List runs, the newest first."""
    with open_workspace(session, online=False) as opened:
        runs = opened.engine.runs(limit)
    output = session.output

    def text() -> None:
        headings = (
            _("Run"),
            _("When"),
            _("Command"),
            _("To Zotero"),
            _("To files"),
            _("Merged"),
            _("Conflicts"),
            _("Trashed"),
        )
        if runs:
            cut_short = any(not run.finished for run in runs)
            output.table((*headings, "") if cut_short else headings, [_row(run) for run in runs])
        else:
            output.say(_("No run yet."))

    output.emit({"runs": [_document(run) for run in runs]}, text)
    return 0


def _row(run: Run) -> tuple[str | Cell, ...]:
    counts = (str(getattr(run, name) or "") for name in _COUNTS)
    end = () if run.finished else (Cell(_("interrupted"), "yellow"),)
    return (str(run.id), when(run.started), run.command, *counts, *end)


def _document(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "started": run.started.isoformat(),
        "command": run.command,
        **{name: getattr(run, name) for name in _COUNTS},
        "finished": run.finished,
    }
