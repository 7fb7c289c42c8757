"""`zotsync check`: what a sync or a handout would stumble over, and what a curator would mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.bibliography.check import check_bibliography
from zotsync.bibliography.scanned import ItemText
from zotsync.cli.checks.check_fix import Fixed, fix
from zotsync.cli.checks.check_view import Findings
from zotsync.cli.checks.checking import checks_for, facts_of
from zotsync.cli.frame.failure import problem_document, tell
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.packaged import packaged_checks
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.handouts.rendering import (
    find_handout,
    handout_names,
    is_wrong,
    library_from,
    remark_problem,
    shown,
    theme_of,
)
from zotsync.cli.syncing.plan_view import conflicts_document, tell_conflicts
from zotsync.curating.finding import Severity
from zotsync.curating.table import look
from zotsync.errors import HandoutError, PluginError, Problem, ThemeError
from zotsync.figures import number
from zotsync.handout.compose import Library
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.render import outline
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.reading.planning import Here
from zotsync.sync.trees import Conflict


@dataclass(frozen=True)
class _Files:
    """What is wrong with the files themselves, and with the handouts."""

    problems: Sequence[Problem] = ()
    remarks: Sequence[Problem] = ()
    conflicts: Sequence[Conflict] = ()


@command("check", N_("Check items, collections and handouts; --fix mends what is safe to mend."))
@option(
    "--links", is_flag=True, help=N_("Ask for the links, too: a few at a time, over the network.")
)
@option(
    "--fix", "fixing", is_flag=True, help=N_("Mend what is safe to mend, once you have seen it.")
)
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@option("--only", multiple=True, metavar=N_("CHECK"), help=N_("This check alone; can be repeated."))
@option("--without", multiple=True, metavar=N_("CHECK"), help=N_("Not this one; can be repeated."))
@pass_session
def check(  # noqa: PLR0913 - the options
    session: Session,
    *,
    links: bool,
    fixing: bool,
    dry_run: bool,
    only: tuple[str, ...],
    without: tuple[str, ...],
) -> int:
    """List what is wrong and what is worth a look; exit 1 if anything is wrong, 3 for conflicts alone."""
    with open_workspace(session, online=False, command="check") as opened:
        failures: list[PluginError] = []
        there = packaged_checks(opened.tell, failures.append)
        checks = checks_for(there, opened.config, only, without, links=links)
        here = opened.engine.here()
        wrong = _Files() if only else _files(opened, here)
        facts = facts_of(opened, here.items, checks)
        found = Findings(opened, here, tuple(look(here.items, checks, facts)))
        opened.bars.stop()
        _tell_failures(opened, failures)
        tell_conflicts(session.output, opened.schema, wrong.conflicts)
        _tell_files(session, wrong)
        fixed = fix(session, opened, found, checks, facts, dry_run=dry_run) if fixing else None
        left = fixed.left if fixed else found
        if session.json:
            session.output.document(_document(wrong, left, fixed, len(here.items)))
        elif not fixed:
            found.show(session.output)
        _sum_up(session, wrong, left, len(here.items), offered=not fixing)
    if failures or wrong.problems or left.count(Severity.WRONG):
        return 1
    return 3 if wrong.conflicts else 0


def _tell_failures(opened: Opened, failures: Sequence[PluginError]) -> None:
    """Say which checks of other packages have failed, each once."""
    for failure in failures:
        opened.tell(failure.problem)


def _files(opened: Opened, here: Here) -> _Files:
    workspace = opened.workspace
    conflicts = opened.engine.conflicts()
    remembered = {
        path: ItemText(key, here.items[key])
        for key, path in here.paths.items()
        if key not in here.new
    }
    problems = check_bibliography(
        workspace.items, workspace.collections, opened.schema, here.look, remembered
    )
    library = library_from(here, conflicts)
    found = [pair for name in handout_names(workspace) for pair in _handout(opened, name, library)]
    problems += [problem for wrong, problem in found if wrong]
    remarks = [problem for wrong, problem in found if not wrong]
    return _Files(problems, remarks, conflicts)


def _handout(opened: Opened, name: str, library: Library) -> Iterator[tuple[bool, Problem]]:
    """Yield what is wrong with a handout (True), and what is worth knowing of it (False)."""
    file = find_handout(opened.workspace, name)
    try:
        asked = read_handout(file, shown(opened.workspace, file))
        result = outline(asked, library, theme_of(opened, asked, None), opened.schema)
    except (HandoutError, ThemeError, PluginError) as exc:
        yield True, exc.problem
        return
    for remark in result.remarks:
        yield is_wrong(remark), remark_problem(remark, asked, library.items)


def _tell_files(session: Session, wrong: _Files) -> None:
    output = session.output
    if not session.json:
        for problem in wrong.problems:
            output.spans([(str(problem), "")], indent=2)
    for remark in wrong.remarks:
        tell(_("Note"), remark, "yellow", plain=not output.color)


def _document(wrong: _Files, found: Findings, fixed: Fixed | None, items: int) -> dict[str, Any]:
    return {
        "items": items,
        "problems": [problem_document(problem) for problem in wrong.problems],
        "remarks": [problem_document(remark) for remark in wrong.remarks],
        "conflicts": conflicts_document(wrong.conflicts),
        "findings": found.document(),
        **({"fix": fixed.document} if fixed else {}),
    }


def _sum_up(session: Session, wrong: _Files, found: Findings, items: int, *, offered: bool) -> None:
    output, count = session.output, len(wrong.problems)
    found.sum_up(output)
    if offered:
        found.offer_fix(output)
    if count:
        line = ngettext("{n} problem found.", "{n} problems found.", count)
        output.say(line.format(n=number(count)), style="red")
    elif not (wrong.conflicts or found.found):
        line = ngettext("{n} item, nothing wrong.", "{n} items, nothing wrong.", items)
        output.say(line.format(n=number(items)), style="green")
