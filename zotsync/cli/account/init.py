"""`zotsync init`: make a workspace, connect it to a group, and take over what is there.

Each answer is kept as soon as it is given, each step leaves something whole: whoever stops, or is
stopped, goes on from there with the same command.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from zotsync.cli.account.beginning import Begun, ask_group, begin
from zotsync.cli.account.making import make
from zotsync.cli.account.meeting import Take
from zotsync.cli.account.settled import tell_settled
from zotsync.cli.frame import ask
from zotsync.cli.frame.failure import notes_of
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.output import as_typed
from zotsync.cli.frame.session import Session, pass_session
from zotsync.config import (
    DEFAULT_API_URL,
    Centre,
    Config,
    Workspace,
    load_config,
    parse_api_url,
    parse_group,
)
from zotsync.errors import ConfigError, Place
from zotsync.handout.theming.themes import DEFAULT_THEME, theme_folder
from zotsync.i18n import N_, _


@dataclass(frozen=True)
class Wishes:
    """What the options answer; None: to be asked, or the default."""

    group: str | None
    api_url: str | None
    institution: str | None
    take: Take | None
    handout: str | None
    browser: bool | None
    theme: str


@command("init", N_("Make a workspace in DIR, connect it to a group, and take over what is there."))
@argument("folder", metavar=N_("[DIR]"), required=False, type=click.Path(path_type=Path))
@option("--group", metavar=N_("ID"), help=N_("The Zotero group's number or address."))
@option("--institution", metavar=N_("NAME"), help=N_("Your centre's name, as handouts print it."))
@option(
    "--take",
    type=click.Choice([take.value for take in Take]),
    help=N_("What to begin with: both sides (the default), one of them, or nothing yet."),
)
@option(
    "--handout",
    metavar=N_("COLLECTION"),
    help=N_("Make a first handout of COLLECTION; by default, of the one with the most items."),
)
@option(
    "--theme",
    default=DEFAULT_THEME,
    metavar=N_("THEME"),
    show_default=True,
    help=N_("The look of handouts: zotsync themes lists them."),
)
@option("--no-handout", is_flag=True, help=N_("Make no handout."))
@option(
    "--browser/--no-browser",
    default=None,
    help=N_("Open the page that makes an API key, or print its address only."),
)
@option("--in-cloud", is_flag=True, help=N_("Also where another program copies the folder."))
@option("--afresh", is_flag=True, help=N_("Forget the answers of an init that was left."))
@option("--api-url", metavar=N_("URL"), help=N_("Another server than Zotero's own."))
@option("--no-sync", is_flag=True, help=N_("Make the files only: no key, no network."))
@pass_session
def init(session: Session, /, folder: Path | None, **said: Any) -> int:
    """Ask what was not said, make the workspace, connect it, sync for the first time."""
    wishes = Wishes(
        said["group"],
        said["api_url"],
        said["institution"],
        Take(said["take"]) if said["take"] else None,
        "" if said["no_handout"] else said["handout"],
        said["browser"],
        _known_theme(session, said["theme"]),
    )
    begun = begin(session, folder, in_cloud=said["in_cloud"], afresh=said["afresh"])
    with _left(session, begun):
        tell_settled(session, begun)
        return (
            _files_only(session, begun, wishes)
            if said["no_sync"]
            else _whole(session, begun, wishes)
        )


def _known_theme(session: Session, name: str) -> str:
    """Return the name of a theme. Raises ThemeError with the known ones where there is none."""
    if name != DEFAULT_THEME:
        from zotsync.cli.frame.packaged import packaged_themes  # noqa: PLC0415 - looks for packages

        theme_folder(name, packaged=packaged_themes(notes_of(session)))
    return name


@contextmanager
def _left(session: Session, begun: Begun) -> Iterator[None]:
    """Say how to go on where somebody stops."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        line = _("What you have answered is kept. To go on: zotsync init {folder}")
        session.output.say(line.format(folder=as_typed(begun.workspace.root)))
        raise


def _files_only(session: Session, begun: Begun, wishes: Wishes) -> int:
    workspace = begun.workspace
    if begun.goes_on:
        raise ConfigError(
            _("There is a workspace here already."),
            place=Place(str(workspace.config_file)),
            hint=_("To connect it: zotsync init {folder}").format(folder=as_typed(workspace.root)),
        )
    config = Config(
        _group(session, begun, wishes),
        _api_url(begun, wishes),
        centre=_centre(session, begun, wishes),
        theme=wishes.theme,
    )
    make(workspace, config, "")
    begun.forget()
    output = session.output
    output.emit(
        {"workspace": str(workspace.root), "synced": False},
        lambda: output.say(_("The workspace is ready: {folder}").format(folder=workspace.root)),
    )
    output.say(_("To connect it: zotsync init {folder}").format(folder=as_typed(workspace.root)))
    return 0


def _whole(session: Session, begun: Begun, wishes: Wishes) -> int:
    from zotsync.cli.account.joining import join, joined  # noqa: PLC0415 - it brings the network along
    from zotsync.cli.account.takingup import take_up  # noqa: PLC0415

    workspace = begun.workspace
    if begun.goes_on:
        config = load_config(workspace)
        _refuse_another(workspace, config, wishes)
        member = joined(
            session, begun.answers, config.group, config.api_url, browser=wishes.browser
        )
    else:
        api_url, group = _api_url(begun, wishes), _group(session, begun, wishes)
        member = join(session, begun.answers, group, api_url, browser=wishes.browser)
        centre = _centre(session, begun, wishes)
        config = Config(member.account.group, api_url, centre=centre, theme=wishes.theme)
        make(workspace, config, member.rights.group_name)
        begun.answers.keep(made="yes")
    code = take_up(session, workspace, member, take=wishes.take, handout=wishes.handout)
    begun.forget()
    return code


def _refuse_another(workspace: Workspace, config: Config, wishes: Wishes) -> None:
    """Refuse options that speak of another group than the workspace that is there."""
    group = parse_group(wishes.group) if wishes.group is not None else config.group
    api_url = parse_api_url(wishes.api_url) if wishes.api_url is not None else config.api_url
    if (group, api_url) != (config.group, config.api_url):
        raise ConfigError(
            _("There is a workspace of the group {group} here already.").format(group=config.group),
            place=Place(str(workspace.config_file)),
            hint=_("Choose another folder, or leave out --group and --api-url to go on with it."),
        )


def _api_url(begun: Begun, wishes: Wishes) -> str:
    return parse_api_url(wishes.api_url or begun.answers.answers.get("api_url") or DEFAULT_API_URL)


def _group(session: Session, begun: Begun, wishes: Wishes) -> int:
    known = begun.answers.answers.get("group")
    if wishes.group is not None:
        group = parse_group(wishes.group)
    elif known is not None:
        group = parse_group(known)
    else:
        if ask.interactive():
            session.output.explain(
                _("Open the group's page in the browser, and copy its address from there.")
            )
        group = ask_group(session)
    begun.answers.keep(group=str(group), api_url=_api_url(begun, wishes))
    return group


def _centre(session: Session, begun: Begun, wishes: Wishes) -> Centre:
    name = wishes.institution
    if name is None:
        name = begun.answers.answers.get("institution")
    if name is None:
        question = _("Institution, as handouts print it (may stay empty)")
        name = ask.text(question, default="", instead="", yes=session.yes)
    begun.answers.keep(institution=name)
    return Centre(institution=name)
