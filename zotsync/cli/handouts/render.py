"""`zotsync render`: make the documents of handouts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from zotsync.cli.frame import completing
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.handouts.choice_options import choice_options, chosen
from zotsync.cli.handouts.printing import STDOUT, Made, Wish, print_handout
from zotsync.cli.handouts.render_view import (
    Failure,
    Printed,
    open_documents,
    tell_printed,
    tell_watched,
)
from zotsync.cli.handouts.rendering import Holdings, find_handout, handout_names, only_handout
from zotsync.config import find_workspace
from zotsync.errors import UsageError, ZotsyncError
from zotsync.handout.formats import FORMATS
from zotsync.i18n import N_, _


@command("render", N_("Make the document of HANDOUT; without one, of the only one there is."))
@argument("handouts", nargs=-1, metavar=N_("[HANDOUT]..."), shell_complete=completing.handouts)
@option("--all", "everything", is_flag=True, help=N_("Make the documents of all handouts."))
@option(
    "--theme",
    metavar=N_("T"),
    shell_complete=completing.themes,
    help=N_("Another theme than the handout's."),
)
@option(
    "--format",
    "forms",
    multiple=True,
    type=click.Choice(FORMATS),
    help=N_("The document's format; docx where neither this nor FILE says so. Can be repeated."),
)
@option(
    "-o",
    "--output",
    "to",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar=N_("FILE"),
    help=N_(
        "Where the document goes; by default beside the handout's file. - for the next program."
    ),
)
@option("--force", is_flag=True, help=N_("Write also what is unchanged, or was edited by hand."))
@option("--open", "opening", is_flag=True, help=N_("Open the document in its program."))
@option("--watch", "watching", is_flag=True, help=N_("Print again whenever a file changes."))
@option(
    "--changes-since",
    "since",
    metavar=N_("DAY|RUN"),
    help=N_(
        "Print only what is new since a day, a run of zotsync log, or last (the last printing)."
    ),
)
@choice_options
@pass_session
def render(  # noqa: PLR0913 - what a person can ask for
    session: Session,
    /,
    handouts: tuple[str, ...],
    *,
    everything: bool,
    theme: str | None,
    forms: tuple[str, ...],
    to: Path | None,
    force: bool,
    opening: bool,
    watching: bool,
    since: str | None,
    **choices: Any,
) -> int:
    """Render handouts from the files as they are."""
    forms = _forms(forms, to)
    wish = Wish(theme, to, forms, chosen(choices), since=since or "", force=force)
    asked = _Asked(session, handouts, everything, wish)
    asked.refuse_nonsense(watching=watching, opening=opening)
    if watching:
        return _watch(asked, opening=opening)
    printed = asked.printed()
    tell_printed(session.output, printed)
    if opening:
        open_documents(session.output, printed)
    return printed.exit_code


def _forms(forms: tuple[str, ...], to: Path | None) -> tuple[str, ...]:
    """Return the formats: those that are named, else the one that FILE ends with, else Word's."""
    ending = to.suffix.lower().removeprefix(".") if to and to != STDOUT else ""
    if ending and forms and ending not in forms:
        message = _("The name {file} does not end with .{form}.")
        raise UsageError(message.format(file=to, form=forms[0]))
    if ending and not forms and ending not in FORMATS:
        message = _("No format is known by the ending .{ending}.").format(ending=ending)
        raise UsageError(message, hint=_("Known are: {names}.").format(names=", ".join(FORMATS)))
    return tuple(dict.fromkeys(forms)) or ((ending or FORMATS[0]),)


@dataclass(frozen=True)
class _Asked:
    """What is to be printed, and how."""

    session: Session
    handouts: tuple[str, ...]
    everything: bool
    wish: Wish

    def refuse_nonsense(self, *, watching: bool, opening: bool) -> None:
        """Refuse options that do not go together."""
        to, json = self.wish.to, self.session.json
        if self.everything and self.handouts:
            raise UsageError(_("--all and names of handouts exclude each other."))
        if to and (self.everything or len(self.handouts) > 1):
            raise UsageError(_("-o goes with one handout."))
        if to and len(self.wish.forms) > 1:
            raise UsageError(_("-o goes with one format."))
        if to == STDOUT and (json or opening or watching):
            raise UsageError(_("-o - goes with none of --json, --open and --watch."))
        if watching and json:
            raise UsageError(_("--watch and --json exclude each other."))

    def names(self) -> list[str]:
        """Return the handouts that are to be printed. Raises HandoutError where there is none."""
        workspace = find_workspace(self.session.directory)
        if self.handouts:
            return list(dict.fromkeys(self.handouts))
        names = handout_names(workspace)
        return names if self.everything and names else [only_handout(workspace)]

    def printed(self) -> Printed:
        """Print. One handout that fails is an error; of several, the others are printed."""
        made: list[Made] = []
        failures: list[Failure] = []
        with open_workspace(self.session, online=False, command="render") as opened:
            names, holdings = self.names(), Holdings(opened)
            for name in names:
                try:
                    made += print_handout(holdings, name, self.wish, self.session.directory)
                except ZotsyncError as exc:
                    opened.bars.stop()
                    if len(names) == 1 and not self.everything:
                        raise
                    failures.append(Failure(name, exc))
            unread = holdings.here.unread
        return Printed(tuple(made), tuple(failures), unread, since=self.wish.since)


def _watch(asked: _Asked, *, opening: bool) -> int:
    """Print whenever a file changes, until somebody presses Ctrl-C."""
    from zotsync.cli.frame.watching import sources_of, watch  # noqa: PLC0415

    output = asked.session.output
    workspace = find_workspace(asked.session.directory)
    others = [find_handout(workspace, name) for name in asked.handouts]
    first = mended = True

    def act() -> None:
        nonlocal first, mended
        try:
            printed = asked.printed()
        except ZotsyncError as exc:
            printed = Printed((), (Failure("", exc),), ())
        tell_watched(output, printed, unchanged=mended)
        if first and opening:
            open_documents(output, printed)
        first, mended = False, bool(printed.failures)

    output.say(_("Waiting for changes; Ctrl-C ends it."))
    watch(lambda: sources_of(workspace, others), act)
    return 0
