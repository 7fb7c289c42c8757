"""`zotsync check`: everything a sync or a handout would stumble over, without a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zotsync.bibliography.check import check_bibliography
from zotsync.cli.failure import problem_document, tell
from zotsync.cli.group import command
from zotsync.cli.opening import Opened, open_workspace
from zotsync.cli.plan_view import conflicts_document, tell_conflicts
from zotsync.cli.rendering import (
    find_handout,
    handout_names,
    is_wrong,
    library_of,
    remark_problem,
    shown,
    theme_of,
)
from zotsync.cli.session import Session, pass_session
from zotsync.errors import HandoutError, Problem, ThemeError
from zotsync.handout.compose import Library
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.render import outline
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.trees import Conflict


@command("check", N_("Check item files, collections and handouts, without a network."))
@pass_session
def check(session: Session) -> int:
    """List what is wrong, with file and line; exit 1 if anything is, 3 if conflicts are all there is."""
    with open_workspace(session, online=False, command="check") as opened:
        workspace = opened.workspace
        remembered = {path: key for key, path in opened.engine.files().items()}
        problems = check_bibliography(
            workspace.items, workspace.collections, opened.schema, remembered
        )
        library = library_of(opened)
        found = [
            pair for name in handout_names(workspace) for pair in _handout(opened, name, library)
        ]
        conflicts = opened.engine.conflicts()
        opened.bars.stop()
        tell_conflicts(session.output, opened.schema, conflicts)
    problems += [problem for wrong, problem in found if wrong]
    remarks = [problem for wrong, problem in found if not wrong]
    _tell(session, problems, remarks, conflicts, len(library.items))
    return 1 if problems else 3 if conflicts else 0


def _handout(opened: Opened, name: str, library: Library) -> Iterator[tuple[bool, Problem]]:
    """Yield what is wrong with a handout (True), and what is worth knowing of it (False)."""
    file = find_handout(opened.workspace, name)
    try:
        asked = read_handout(file, shown(opened.workspace, file))
        result = outline(asked, library, theme_of(opened, asked, None), opened.schema)
    except (HandoutError, ThemeError) as exc:
        yield True, exc.problem
        return
    for remark in result.remarks:
        yield is_wrong(remark), remark_problem(remark, asked, library.items)


def _tell(
    session: Session,
    problems: list[Problem],
    remarks: list[Problem],
    conflicts: Sequence[Conflict],
    items: int,
) -> None:
    output = session.output
    document = {
        "items": items,
        "problems": [problem_document(problem) for problem in problems],
        "remarks": [problem_document(remark) for remark in remarks],
        "conflicts": conflicts_document(conflicts),
    }

    def text() -> None:
        for problem in problems:
            output.line(str(problem))

    output.emit(document, text)
    for remark in remarks:
        tell(_("Note"), remark, "yellow", plain=not output.color)
    if problems:
        line = ngettext("{n} problem found.", "{n} problems found.", len(problems))
        output.say(line.format(n=len(problems)), style="red")
    elif not conflicts:
        line = ngettext("{n} item, nothing wrong.", "{n} items, nothing wrong.", items)
        output.say(line.format(n=items), style="green")
