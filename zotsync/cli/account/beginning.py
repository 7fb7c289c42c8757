"""Where a new workspace is made, and for which group: asked until the answer is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zotsync.cli.account.unfinished import Unfinished, unfinished
from zotsync.cli.frame import ask
from zotsync.cli.frame.output import as_typed
from zotsync.cli.frame.session import Session
from zotsync.cli.frame.withheld import environment
from zotsync.config import CONFIG_NAME, Workspace, parse_group
from zotsync.doctor.places import Surroundings, look_around, proposed_folder
from zotsync.doctor.statefile import was_synced
from zotsync.errors import (
    ConfigError,
    FileError,
    Place,
    UnsafeError,
    UsageError,
    ZotsyncError,
)
from zotsync.i18n import _

_NAMED = 3
"""Names of what is in a folder already that are told."""


class DeclinedError(UnsafeError):
    """Somebody was asked about a folder, and declined."""


@dataclass(frozen=True)
class Begun:
    """A folder that a workspace is made in, and what was answered for it before."""

    workspace: Workspace
    answers: Unfinished
    place: Unfinished
    """Where the folder is remembered that was chosen from here."""
    goes_on: bool
    """The workspace is there, and was never taken up."""
    is_known: bool
    """Something was answered before, in an init that was left."""

    def forget(self) -> None:
        """Forget the answers: all is done."""
        self.answers.forget()
        self.place.forget()


def begin(session: Session, folder: Path | None, *, in_cloud: bool, afresh: bool) -> Begun:
    """Return the folder for a workspace: the one that was named, else one that is asked for.

    Raises:
        ConfigError: there is a workspace already, or around it.
        UnsafeError: another program copies the folder to other computers, and nobody agreed to that.

    """
    place = unfinished(session.directory.absolute() / "?")
    if afresh:
        place.forget()
    if folder is None and (session.directory / CONFIG_NAME).exists():
        folder = Path()  # whoever stands in a workspace means that one
    while True:
        root = _chosen(session, folder, place)
        around = look_around(root, environment())
        answers = unfinished(around.folder)
        if afresh:
            answers.forget()
        goes_on = _goes_on(Workspace(around.folder), answers)
        try:
            if not goes_on:
                _accept(session, around, in_cloud=in_cloud)
        except ZotsyncError as error:
            place.forget()
            if folder is not None or session.yes or not ask.interactive():
                raise
            if not isinstance(error, DeclinedError):
                _tell(session, error, "red")
            continue
        is_known = bool(goes_on or place.answers or answers.answers)
        if folder is None:
            place.keep(folder=str(around.folder))
        return Begun(Workspace(around.folder), answers, place, goes_on, is_known)


def _chosen(session: Session, folder: Path | None, place: Unfinished) -> Path:
    if folder is not None:
        return session.directory / folder
    if known := place.answers.get("folder"):
        return Path(known)
    here = session.directory.absolute()
    proposed = proposed_folder(here, environment(), _("bibliography"))
    typed = ask.text(
        _("Folder of the workspace"),
        default=str(proposed),
        instead=_("Name the folder: zotsync init DIR"),
        yes=session.yes,
    )
    return here / Path(typed.strip("\"'")).expanduser()


def _goes_on(workspace: Workspace, answers: Unfinished) -> bool:
    """Return whether a workspace is there that was never synced; refuse one that was."""
    if not workspace.config_file.exists():
        return False
    if answers.answers.get("made") or not was_synced(workspace.state):
        return True
    raise ConfigError(
        _("There is a workspace here already."),
        place=Place(str(workspace.config_file)),
        hint=_("To see what waits in it: zotsync -C {folder} status").format(
            folder=as_typed(workspace.root)
        ),
    )


def _accept(session: Session, around: Surroundings, *, in_cloud: bool) -> None:
    """Refuse a folder that is none for a workspace, and say what is to be known of one that is."""
    if around.is_file:
        raise FileError(_("This is a file, not a folder."), place=Place(str(around.folder)))
    if around.inside is not None:
        raise ConfigError(
            _("This folder is inside another workspace."),
            place=Place(str(around.inside / CONFIG_NAME)),
            hint=_("Choose a folder beside it, not in it."),
        )
    if around.cloud and not in_cloud:
        _ask_about_cloud(session, around)
    _tell_contents(session, around)


def _ask_about_cloud(session: Session, around: Surroundings) -> None:
    message = _("{service} copies this folder to other computers.").format(service=around.cloud)
    why = _(
        "Two programs that sync the same files get in each other's way, and Zotero carries them"
        " to your colleagues already. Choose a folder that is not copied."
    )
    if ask.interactive() and not session.yes:
        session.output.explain(message, style="yellow")
        session.output.explain(why)
        if ask.decide(_("Make the workspace there all the same?"), default=False):
            return
        raise DeclinedError(message)
    way_out = _("To make it there all the same: --in-cloud")
    raise UnsafeError(message, place=Place(str(around.folder)), hint=f"{why}\n{way_out}")


def _tell_contents(session: Session, around: Surroundings) -> None:
    say = session.output.explain
    if around.repository is not None:
        say(
            _(
                "The folder is under git. The files are good to commit; .zotsync stays out by itself."
            )
        )
    if around.has_items:
        say(_("The references that are in the folder already are taken over."))
    elif around.names:
        names = ", ".join(around.names[:_NAMED]) + ("…" if len(around.names) > _NAMED else "")
        line = _("The folder is not empty ({names}). What is in it stays as it is.")
        say(line.format(names=names))


def ask_group(session: Session) -> int:
    """Ask for a group until the answer is one."""
    while True:
        typed = ask.text(
            _("Address or number of the Zotero group"),
            instead=_("Name the group: zotsync init --group ID"),
        )
        try:
            return parse_group(typed)
        except UsageError as error:
            _tell(session, error, "red")


def _tell(session: Session, error: ZotsyncError, style: str) -> None:
    """Say what is wrong with an answer; the question comes again."""
    session.output.explain(error.problem.message, style=style, urgent=True)
    session.output.explain(error.problem.hint, urgent=True)
