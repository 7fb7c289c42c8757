"""`zotsync log`: what the last runs did."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from zotsync.cli.frame import completing
from zotsync.cli.frame.days import day_typed
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.output import Output
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.frame.tables import Cell, Row
from zotsync.cli.items.meant import item_ever_meant
from zotsync.cli.syncing.deeds import deeds_document, show_deeds
from zotsync.figures import number, when
from zotsync.i18n import N_, _, ngettext
from zotsync.model import is_key
from zotsync.sync.engine import Run
from zotsync.sync.remembering.history import Deed, deeds
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.named_runs import last_runs, run_named

_HEADINGS = {
    "pushed": N_("To Zotero"),
    "pulled": N_("To files"),
    "merged": N_("Merged"),
    "conflicts": N_("Conflicts"),
    "trashed": N_("Trashed"),
}
_COUNTS = tuple(_HEADINGS)
_LIMIT = 10
_ALL = -1
Told = list[tuple[Run, Sequence[Deed]]]


@command("log", N_("List the last runs; of one run, or of one item, tell all that was done."))
@argument("what", nargs=-1, metavar=N_("[RUN|ITEM]"), shell_complete=completing.ever_items)
@option(
    "--limit",
    type=click.IntRange(min=1),
    metavar=N_("N"),
    help=N_("How many runs; 10 where nothing else is said."),
)
@option(
    "--since",
    callback=day_typed,
    metavar=N_("DAY"),
    help=N_("The runs since this day: 2026-11-22."),
)
@option("--items", is_flag=True, help=N_("Tell what each run did, item by item."))
@pass_session
def log(
    session: Session,
    what: tuple[str, ...],
    limit: int | None,
    since: datetime | None,
    *,
    items: bool,
) -> int:
    """List runs, the newest first."""
    with open_workspace(session, online=False) as opened:
        runs = opened.engine.runs(_all_or(limit, everything=bool(what or since)))
        if since:
            runs = [run for run in runs if run.started.astimezone() >= since]
        if not what and not items:
            _list(session.output, opened, runs[: limit or None])
        else:
            _tell(session, opened, _told(opened, runs, what)[: limit or None])
    return 0


def _all_or(limit: int | None, *, everything: bool) -> int:
    return _ALL if everything else limit or _LIMIT


def _told(opened: Opened, runs: list[Run], what: tuple[str, ...]) -> Told:
    """Return the runs that are asked for, each with what it did."""
    journal = Journal(opened.engine.state)

    def history(run: int, key: str | None = None) -> Sequence[Deed]:
        return deeds(entry for _run, entry in reversed(journal.entries(run=run, key=key)))

    if not what:
        return [(run, history(run.id)) for run in runs]
    first, *more = what
    if first.isdecimal() and not more and not is_key(first):
        chosen = run_named(journal, first)
        return [(run, history(run.id)) for run in runs if run.id == chosen.id]
    key = item_ever_meant(opened, what)
    touched = {run for run, _entry in journal.entries(key=key)}
    told = [(run, history(run.id, key)) for run in runs if run.id in touched]
    return [(run, done) for run, done in told if done]


def _list(output: Output, opened: Opened, runs: list[Run]) -> None:
    def text() -> None:
        if not runs:
            output.say(last_runs(Journal(opened.engine.state)))
            return
        begin = (_("Run"), _("When"), ngettext("Command", "Commands", 1))
        if sys.stdout.isatty():
            output.table((*begin, _("What was done")), [_row(run) for run in runs])
        else:
            headings = (*begin, *(_(heading) for heading in _HEADINGS.values()), "")
            output.table(headings, [_flat_row(run) for run in runs], headed=True)
        output.say(_("What one of them did: zotsync log {run}").format(run=runs[0].id))

    output.emit({"runs": [_document(run) for run in runs]}, text)


def _row(run: Run) -> Row:
    """Return a run for people: what it did in words."""
    told = Cell(_counts(run)) if run.finished else Cell(_counts(run), "yellow")
    return (str(run.id), when(run.started), _command(run), told)


def _flat_row(run: Run) -> Row:
    """Return a run for programs that read lines: a column a number."""
    counts = (str(run.counts.get(name, 0)) for name in _COUNTS)
    end = "" if run.finished else _("interrupted")
    return (str(run.id), when(run.started), _command(run), *counts, end)


def _command(run: Run) -> str:
    return f"{run.command} {run.undoes}" if run.undoes else run.command


def _counts(run: Run) -> str:
    counts = ((_(heading), run.counts.get(name, 0)) for name, heading in _HEADINGS.items())
    told = [_("{heading}: {n}").format(heading=name, n=number(n)) for name, n in counts if n]
    return " · ".join(told if run.finished else [*told, _("interrupted")])


def _tell(session: Session, opened: Opened, told: Told) -> None:
    output = session.output

    def text() -> None:
        for run, done in told:
            output.spans([(_heading(run), "bold")], indent=4)
            show_deeds(output, opened, done)
            if not done:
                output.line("  " + _("(nothing that is still known)"))
        if not told:
            output.say(_("No run has written over this item."))

    runs = [{**_document(run), "items": deeds_document(opened, done)} for run, done in told]
    output.emit({"runs": runs}, text)


def _heading(run: Run) -> str:
    parts = (_("Run {n}").format(n=run.id), when(run.started), _command(run), _counts(run))
    return " · ".join(part for part in parts if part)


def _document(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "started": run.started.isoformat(),
        "command": run.command,
        "undoes": run.undoes,
        **{name: run.counts.get(name, 0) for name in _COUNTS},
        "finished": run.finished,
    }
