"""`zotsync undo`: take a run back on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zotsync.cli.frame import ask, wording
from zotsync.cli.frame.changes import change_spans
from zotsync.cli.frame.failure import problem_document
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.output import Span
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.syncing.difference import names_of
from zotsync.cli.syncing.plan_view import (
    conflicts_document,
    placed,
    show_steps,
    steps_document,
    tell_conflicts,
    tell_notices,
    tell_problems,
)
from zotsync.figures import number
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.engine import Outcome, Undone
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.named_runs import run_named
from zotsync.sync.trees import Kind
from zotsync.sync.undoing.undo import Left, UndoPlan, UndoStep, What, Why

_WHAT = {
    What.REMOVE: N_("goes to the trash, here and in Zotero"),
    What.BRING_BACK: N_("comes back, here and in Zotero"),
}
_WHAT_HERE = {
    What.REMOVE: N_("goes to the trash"),
    What.BRING_BACK: N_("comes back"),
}
_WHY = {
    Why.THEIRS: N_("came from Zotero; to take that back too: --theirs"),
    Why.CHANGED: N_("changed since"),
    Why.CHANGED_HERE: N_("changed here since"),
    Why.WAITS: N_("waits: settle it first (zotsync status)"),
    Why.GONE: N_("in the trash or erased by now"),
    Why.IN_USE: N_("something was put inside since"),
    Why.NO_SHELF: N_("the collection is gone by now"),
    Why.UNKNOWN: N_("the journal does not tell what it was like"),
}


@command(
    "undo",
    N_("Take a run back, here and in Zotero: the last one that did something, or RUN."),
)
@argument("run", required=False, metavar=N_("[RUN]"))
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@option("--theirs", is_flag=True, help=N_("Take back what others changed in Zotero, too."))
@pass_session
def undo(session: Session, run: str | None, *, dry_run: bool, theirs: bool) -> int:
    """Show what an undo does, ask, and do it."""
    with open_workspace(session, online=False, command="undo") as opened:
        here = opened.engine.undoing_here()
        chosen = run_named(Journal(opened.engine.state), run).id if run is not None else None
        if here.is_possible(chosen):
            plan = here.previewed(chosen)
            return _done(
                session, opened, plan, lambda agreed: here.undo(plan.run, agreed), dry_run=dry_run
            )
    with open_workspace(session, online=True, command="undo") as opened:
        engine = opened.engine
        plan = engine.undo_plan(chosen, theirs=theirs)
        opened.bars.stop()
        return _done(
            session,
            opened,
            plan,
            lambda agreed: engine.undo(plan.run, theirs=theirs, agreed=agreed),
            dry_run=dry_run,
        )


def _done(
    session: Session,
    opened: Opened,
    plan: UndoPlan,
    act: Callable[[Callable[[UndoPlan], bool]], Undone],
    *,
    dry_run: bool,
) -> int:
    """Show an undo, ask, and do it; return the exit code."""
    if dry_run:
        session.output.emit(_plan_document(plan), lambda: _show(session, opened, plan))
        return 0
    if not session.json:
        _show(session, opened, plan)
    if not (plan.count or plan.resumes):
        return _tell(session, opened, plan, Undone(plan, plan.left, 0, Outcome()))
    if not _agreed(session, plan.run):
        return 0
    done = act(lambda then: not then.does_more_than(plan) or _agreed_again(session, opened, then))
    opened.bars.stop()
    return _tell(session, opened, plan, done)


def _agreed(session: Session, run: int) -> bool:
    return ask.confirm(
        _("Take run {n} back?").format(n=run),
        default=True,
        yes=session.yes,
        instead=_("Look at it with --dry-run; to do it without being asked: --yes"),
    )


def _agreed_again(session: Session, opened: Opened, plan: UndoPlan) -> bool:
    """Ask once more where the sync that came first has made another undo of it."""
    opened.bars.stop()
    if not session.json:
        session.output.say(_("Things have changed meanwhile."))
        _show(session, opened, plan)
    return _agreed(session, plan.run)


def _show(session: Session, opened: Opened, plan: UndoPlan) -> None:
    """Print what is done and what is left."""
    names = names_of(opened)
    if (plan.count or plan.resumes) and any(wording.seen(plan.first)):
        session.output.line(_("First, what waits is synced:"), style="bold")
        show_steps(session.output, opened.schema, plan.first)
    if plan.count:
        text = _("Taking run {n} back, here alone: no sync has seen it.")
        text = text if plan.here else _("Taking run {n} back:")
        session.output.line(text.format(n=plan.run), style="bold")
    for step in plan.steps:
        _show_step(session, opened, step, names, here=plan.here)
    for back in plan.handouts:
        becomes = _("becomes what it was")
        session.output.line(f"  {wording.TO_FILES} {back.file}  {becomes}")
    _show_left(session, opened, plan.left)
    if plan.count:
        return
    text = _("Nothing to do: of run {n}, nothing is left to undo.")
    if plan.resumes:
        text = _("The files are as they were before run {n}: Zotero is told, that is all.")
    session.output.say(text.format(n=plan.run))


def _show_step(
    session: Session, opened: Opened, step: UndoStep, names: Mapping[str, str], *, here: bool
) -> None:
    output, schema = session.output, opened.schema
    title = wording.title_of(step.kind, step.key, step.title)
    words = _WHAT_HERE if here else _WHAT
    phrase = _(words[step.what]) if step.what in words else ""
    mark = (wording.TO_FILES, "green") if here else (wording.BOTH_WAYS, "magenta")
    spans: list[Span] = [(f"  {mark[0]} ", mark[1]), (title, "bold")]
    output.spans([*spans, (f"  {step.key}", ""), (f"  {phrase}" if phrase else "", "")], indent=6)
    if step.what is not What.EDIT:
        return
    for name, value in step.fields.items():
        label = _("{field}: ").format(field=wording.field_word(schema, name))
        change = change_spans(schema, name, step.before.get(name), value, names)
        output.spans([(f"      {label}", "magenta"), *change], indent=8)


def _show_left(session: Session, opened: Opened, left: Sequence[Left]) -> None:
    if left:
        session.output.line(_("Not undone:"), style="bold")
    for one in left:
        title = wording.title_of(one.kind, one.key, one.title)
        fields = wording.field_words(opened.schema, one.fields)
        where = _("{title} · {fields}").format(title=title, fields=fields) if fields else title
        spans = [("  ✗ ", "yellow"), (where, ""), (f"  {_reason(one)}", "yellow")]
        session.output.spans(spans, indent=6)


def _reason(left: Left) -> str:
    """Return why something is not undone, and who changed it since, as far as is known."""
    reason = _(_WHY[left.why])
    if left.why not in (Why.CHANGED, Why.GONE):
        return reason
    by = wording.with_local_times(left.by)
    parts = [
        _("in run {n}").format(n=left.run) if left.run else "",
        _("last in Zotero: {who}").format(who=by) if by else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"{reason} ({told})" if told else reason


def _tell(session: Session, opened: Opened, plan: UndoPlan, done: Undone) -> int:
    """Say what came of it; return the exit code."""
    output, outcome = session.output, done.outcome
    known = {name for left in plan.left for name in _names(left)}
    news = [left for left in done.left if not _names(left) <= known]

    def text() -> None:
        _show_left(session, opened, news)
        count = done.plan.count - len([left for left in done.left if left not in done.plan.left])
        if done.run:
            line = ngettext("{n} object taken back.", "{n} objects taken back.", count)
            output.say(line.format(n=number(count)))
            output.say(_("To take this back in turn: zotsync undo"))

    document = {
        **_plan_document(replace(done.plan, first=plan.first)),
        "run": done.run,
        "left": _left_document(done.left),
        "conflicts": conflicts_document(outcome.conflicts),
        "problems": [problem_document(problem) for problem in outcome.problems],
    }
    output.emit(document, text)
    tell_notices(output, opened.schema, outcome.notices)
    tell_problems(output, outcome.problems)
    tell_conflicts(output, opened.schema, outcome.conflicts)
    ours = any(left.why is not Why.THEIRS for left in done.left)
    return outcome.exit_code or int(ours)


def _names(left: Left) -> set[tuple[Kind, str, str]]:
    return {(left.kind, left.key, name) for name in left.fields or ("",)}


def _plan_document(plan: UndoPlan) -> dict[str, Any]:
    """Return a plan as JSON data."""
    return {
        "undoes": plan.run,
        "here": plan.here,
        "first": steps_document(wording.seen(plan.first)),
        "steps": [_step_document(step) for step in plan.steps],
        "handouts": [back.file for back in plan.handouts],
        "left": _left_document(plan.left),
    }


def _step_document(step: UndoStep) -> dict[str, Any]:
    return {
        "what": step.what.value,
        "kind": step.kind.value,
        "key": step.key,
        "title": step.title,
        **placed(step.kind, step.file),
        "fields": dict(step.fields),
        "before": dict(step.before),
    }


def _left_document(left: Iterable[Left]) -> list[dict[str, Any]]:
    return [
        {
            "why": one.why.value,
            "kind": one.kind.value,
            "key": one.key,
            "title": one.title,
            "fields": list(one.fields),
            "run": one.run,
            "by": one.by,
        }
        for one in left
    ]
