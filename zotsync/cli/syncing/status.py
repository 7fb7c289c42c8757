"""`zotsync status`: what a sync would do, and open conflicts."""

from __future__ import annotations

import sys
from datetime import datetime

from zotsync.cli.frame.failure import problem_document
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.syncing.amounts import at_rest, count_line
from zotsync.cli.syncing.plan_view import (
    run_document,
    show_steps,
    tell_conflicts,
    tell_notices,
    tell_problems,
)
from zotsync.errors import UnsafeError
from zotsync.figures import ago, when
from zotsync.i18n import N_, _
from zotsync.sync.engine import Options
from zotsync.sync.remembering.journal import utc_now
from zotsync.sync.remembering.lastsync import last_sync
from zotsync.sync.trees import Plan


@command("status", N_("Say what a sync would do, and list open conflicts. Nothing is written."))
@option("--offline", is_flag=True, help=N_("Compare with what Zotero held at the last sync."))
@pass_session
def status(session: Session, *, offline: bool) -> int:
    """Show the plan of a sync."""
    with open_workspace(session, online=not offline) as opened:
        plan = opened.engine.preview(Options(dry_run=True), offline=offline)
        opened.bars.stop()
        show_plan(session, opened, plan)
    return exit_code(plan)


def show_plan(session: Session, opened: Opened, plan: Plan) -> None:
    """Print a plan, for people or as JSON: what needs somebody first, then what would be done."""
    output, schema = session.output, opened.schema
    last = _last(opened)
    document = {
        "last_sync": last.isoformat(timespec="seconds") if last else None,
        "exit_code": exit_code(plan),
        "refused": problem_document(plan.stop.problem) if plan.stop else None,
        **run_document(
            schema,
            steps=plan.steps,
            conflicts=plan.conflicts,
            notices=plan.notices,
            problems=plan.problems,
        ),
    }
    refused = [plan.stop.problem] if plan.stop else []
    tell_problems(output, refused, plan.stop)
    tell_conflicts(output, schema, plan.conflicts)
    tell_problems(output, [problem for problem in plan.problems if problem not in refused])

    def text() -> None:
        if isinstance(plan.stop, UnsafeError) and sys.stdout.isatty() and not output.verbose:
            output.say(_("All of it: -v"))  # what looks wrong was told; nothing of all this is done
            return
        show_steps(output, schema, plan.steps)
        counts = count_line(plan.steps, plan.conflicts)
        output.say(counts or at_rest(plan.problems))

    output.emit(document, text)
    tell_notices(output, schema, plan.notices)
    output.explain(last_in_words(opened))


def _last(opened: Opened) -> datetime | None:
    """Return when the last sync ended; where none left its moment, when the last in the log began."""
    if noted := last_sync(opened.workspace):
        return noted
    return next((run.started for run in opened.engine.runs(-1) if run.command == "sync"), None)


def last_in_words(opened: Opened) -> str:
    """Return when the last sync was."""
    last = _last(opened)
    if last is None:
        return _("Never synced.")
    told = ago((utc_now() - last).total_seconds())
    return _("Last sync: {when} ({ago})").format(when=when(last), ago=told)


def exit_code(plan: Plan) -> int:
    """Return what a sync would end with: 4 or 5 where it is refused, 3 with conflicts, 1, or 0."""
    if plan.stop:
        return plan.stop.exit_code
    if plan.conflicts:
        return 3
    return 1 if plan.problems else 0
