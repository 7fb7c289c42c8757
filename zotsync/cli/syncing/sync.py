"""`zotsync sync`: make the files and the Zotero group the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zotsync.cli.frame import ask
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.syncing.amounts import at_rest, count_line
from zotsync.cli.syncing.hooks import AFTER, Ran, code_with, hooks_of, run_hooks
from zotsync.cli.syncing.plan_view import (
    run_document,
    show_steps,
    tell_conflicts,
    tell_notices,
    tell_problems,
)
from zotsync.cli.syncing.settling import settle_one_by_one
from zotsync.cli.syncing.status import exit_code, show_plan
from zotsync.cli.syncing.synclog import SyncLog
from zotsync.config import find_workspace
from zotsync.errors import UsageError
from zotsync.figures import number
from zotsync.i18n import N_, _, ngettext
from zotsync.model import Schema
from zotsync.sync.engine import Options, Outcome
from zotsync.sync.remembering.lastsync import note_sync


@command("sync", N_("Make the files and the Zotero group the same, in both directions."))
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@option("--pull-only", is_flag=True, help=N_("Take from Zotero, send nothing."))
@option("--push-only", is_flag=True, help=N_("Send to Zotero, change no file."))
@option("--allow-mass-delete", is_flag=True, help=N_("Go on although much would be removed."))
@option(
    "--allow-mass-change",
    is_flag=True,
    help=N_("Go on although much would go back to older values."),
)
@option("--rebase", is_flag=True, help=N_("Start afresh where one side was lost, or set back."))
@pass_session
def sync(session: Session, /, **flags: bool) -> int:
    """Sync, or show what it would do."""
    if flags["pull_only"] and flags["push_only"]:
        raise UsageError(_("--pull-only and --push-only exclude each other."))
    if flags["dry_run"]:
        with open_workspace(session, online=True, command="sync") as opened:
            plan = opened.engine.preview(_options(opened, flags))
            show_plan(session, opened, plan)
            return exit_code(plan)
    workspace = find_workspace(session.directory)
    with SyncLog(session, workspace.private) as log:
        with open_workspace(session, online=True, command="sync") as opened:
            hooks = hooks_of(opened.config)  # a wrong one is told before anything is done
            outcome = _synced(session, opened, _options(opened, flags))
        ran = run_hooks(session, workspace, hooks) if outcome.exit_code in AFTER else ()
        code = code_with(outcome.exit_code, ran)
        log.done(opened.schema, outcome, ran, code)
    if session.json:
        session.output.document(outcome_document(opened.schema, outcome, ran, code))
    return code


def _options(opened: Opened, flags: Mapping[str, bool]) -> Options:
    return Options(on_conflict=_at_conflicts(opened), **flags)


def _synced(session: Session, opened: Opened, options: Options) -> Outcome:
    """Sync, tell what came of it, and ask about conflicts where somebody is there."""
    outcome = run(session, opened, options)
    show_outcome(session, opened, outcome)
    if outcome.conflicts and _asks(session, opened):
        outcome = _settle_and_sync_again(session, opened, options, outcome)
    return outcome


def _at_conflicts(opened: Opened) -> str:
    """Return what the engine does at a conflict; asking comes afterwards."""
    return "keep" if opened.config.on_conflict == "ask" else opened.config.on_conflict


def _asks(session: Session, opened: Opened) -> bool:
    wanted = opened.config.on_conflict == "ask" and not (session.json or session.quiet)
    return wanted and not session.yes and ask.interactive()


def run(session: Session, opened: Opened, options: Options) -> Outcome:
    """Sync once; the bars are gone when this returns."""
    outcome = opened.engine.sync(options)
    opened.bars.stop()
    note_sync(opened.workspace)
    session.output.detail(_("Requests to Zotero: {n}").format(n=number(outcome.requests)))
    return outcome


def first_sync(session: Session, opened: Opened, **flags: bool) -> int:
    """Sync a new workspace and say in a line what came of it; return the exit code."""
    output, schema = session.output, opened.schema
    outcome = run(session, opened, _options(opened, flags))
    counts = count_line(outcome.steps, outcome.conflicts)
    output.say(counts or _("The group's library is empty, and so is the workspace."))
    tell_notices(output, schema, outcome.notices)
    tell_problems(output, outcome.problems)
    tell_conflicts(output, schema, outcome.conflicts)
    return outcome.exit_code


def _settle_and_sync_again(
    session: Session, opened: Opened, options: Options, outcome: Outcome
) -> Outcome:
    """Ask about each conflict; what was settled is sent at once."""
    count = settle_one_by_one(session, opened, outcome.conflicts)
    if not count:
        return outcome
    line = ngettext("{n} conflict settled.", "{n} conflicts settled.", count)
    session.output.say(line.format(n=number(count)))
    again = run(session, opened, options)
    show_outcome(session, opened, again)
    return again


def show_outcome(session: Session, opened: Opened, outcome: Outcome) -> None:
    """Print what a sync did, for people: what needs somebody stands last, where it is seen."""
    output, schema = session.output, opened.schema
    if not session.json:
        if not output.quiet:
            more = _("All of it: zotsync log {run}").format(run=outcome.run)
            show_steps(output, schema, outcome.steps, more)
        counts = count_line(outcome.steps, outcome.conflicts)
        output.say(counts or at_rest(outcome.problems))
    tell_notices(output, schema, outcome.notices)
    tell_problems(output, outcome.problems, outcome.refused)
    tell_conflicts(output, schema, outcome.conflicts)


def outcome_document(
    schema: Schema, outcome: Outcome, ran: Sequence[Ran], code: int
) -> Mapping[str, Any]:
    """Return what a sync did as JSON data."""
    return {
        "run": outcome.run,
        "changed": outcome.changed,
        "requests": outcome.requests,
        "exit_code": code,
        "after_sync": [{"command": one.command, "exit_code": one.exit_code} for one in ran],
        **run_document(
            schema,
            steps=outcome.steps,
            conflicts=outcome.conflicts,
            notices=outcome.notices,
            problems=outcome.problems,
        ),
    }
