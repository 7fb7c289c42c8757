"""`zotsync render`: make the Word document of a handout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from zotsync.cli.failure import problem_document
from zotsync.cli.group import argument, command, option
from zotsync.cli.opening import open_workspace
from zotsync.cli.rendering import (
    Made,
    handout_names,
    only_handout,
    render_handout,
    tell_unread,
)
from zotsync.cli.session import Session, pass_session
from zotsync.errors import Problem, UsageError
from zotsync.handout.formats import FORMATS
from zotsync.i18n import N_, _, ngettext


@command("render", N_("Make the Word document of HANDOUT; without one, of the only one there is."))
@argument("handouts", nargs=-1, metavar=N_("[HANDOUT]..."))
@option("--all", "everything", is_flag=True, help=N_("Make the documents of all handouts."))
@option("--theme", metavar=N_("T"), help=N_("Another theme than the handout's."))
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="docx",
    show_default=True,
    help=N_("The document's format."),
)
@option(
    "-o",
    "--output",
    "to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=N_("FILE"),
    help=N_("Where the document goes; by default beside the handout's file."),
)
@pass_session
def render(  # noqa: PLR0913 - what a person can ask for
    session: Session,
    /,
    handouts: tuple[str, ...],
    *,
    everything: bool,
    theme: str | None,
    to: Path | None,
    form: str,
) -> int:
    """Render handouts from the files as they are."""
    if everything and handouts:
        raise UsageError(_("--all and names of handouts exclude each other."))
    with open_workspace(session, online=False, command="render") as opened:
        names = list(handouts)
        if everything:
            names = handout_names(opened.workspace)
        elif not names:
            names = [only_handout(opened.workspace)]
        if to is not None and len(names) != 1:
            raise UsageError(_("-o goes with one handout."))
        made = [
            render_handout(session, opened, name, theme=theme, to=to, form=form) for name in names
        ]
        unread = opened.engine.unread()
    _tell(session, made, unread)
    return 1 if unread else 0


def _tell(session: Session, made: list[Made], unread: Sequence[Problem]) -> None:
    output = session.output
    documents = [
        {
            "handout": one.handout,
            "file": str(one.file),
            "entries": one.entries,
            "remarks": list(one.remarks),
        }
        for one in made
    ]

    def text() -> None:
        for one in made:
            output.line(str(one.file))
            output.say(ngettext("{n} entry", "{n} entries", one.entries).format(n=one.entries))

    problems = [problem_document(problem) for problem in unread]
    output.emit({"documents": documents, "problems": problems}, text)
    for one in made:
        for remark in one.remarks:
            output.say(remark, style="yellow")
    tell_unread(output, unread)
