"""Runs by the numbers that people type; where there is none, those that there are."""

from __future__ import annotations

from zotsync.errors import NotThereError, UsageError
from zotsync.figures import when
from zotsync.i18n import _
from zotsync.sync.remembering.journal import Journal, Run

_SHOWN = 5
"""Runs that are named where there is none of a number."""


def run_named(journal: Journal, typed: str) -> Run:
    """Return the run of a number.

    Raises:
        UsageError: it is no number.
        NotThereError: there is no such run. Both name the last runs.

    """
    if not typed.strip("0").isdecimal():
        message = _("{text} is no number of a run.").format(text=typed or '""')
        raise UsageError(message, hint=last_runs(journal))
    found = journal.run(int(typed)) if len(typed) <= len(str(2**32)) else None
    if found is None:
        raise NotThereError(_("There is no run {n}.").format(n=typed), hint=last_runs(journal))
    return found


def last_runs(journal: Journal) -> str:
    """Return a hint that names the last runs."""
    runs = journal.runs(_SHOWN)
    if not runs:
        return _("No run yet.")
    lines = [_("The last runs (zotsync log shows more):")]
    return "\n".join([*lines, *(f"  {shown(run)}" for run in runs)])


def shown(run: Run) -> str:
    """Return a run in a line: its number, when it was, its command."""
    return f"{run.id}  {when(run.started)}  {run.command}"
