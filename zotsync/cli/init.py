"""`zotsync init`: make a workspace and connect it to a group."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zotsync.bibliography.collections import amend_collections
from zotsync.cli import ask
from zotsync.cli.group import argument, command, option
from zotsync.cli.session import Session, pass_session
from zotsync.config import (
    DEFAULT_API_URL,
    Centre,
    Workspace,
    make_private,
    new_config_text,
    parse_api_url,
    parse_group,
)
from zotsync.errors import ConfigError, FileError, Place, UsageError
from zotsync.i18n import N_, _
from zotsync.reasons import reason_of

if TYPE_CHECKING:  # it brings the network along
    from zotsync.zotero.rights import Rights


@dataclass(frozen=True)
class Wanted:
    """What the new workspace is to be."""

    workspace: Workspace
    group: int
    api_url: str
    centre: Centre = field(default_factory=Centre)


@command("init", N_("Make a workspace in DIR (here, if none is named) and connect it to a group."))
@argument("folder", metavar=N_("[DIR]"), default=".", type=click.Path(path_type=Path))
@option("--group", metavar=N_("ID"), help=N_("The Zotero group's number or address."))
@option("--api-url", metavar=N_("URL"), help=N_("Another server than Zotero's own."))
@option("--no-sync", is_flag=True, help=N_("Make the files only: no key, no network."))
@pass_session
def init(
    session: Session, folder: Path, group: str | None, api_url: str | None, *, no_sync: bool
) -> int:
    """Make a workspace; unless told otherwise, check the key and sync for the first time."""
    workspace = Workspace((session.directory / folder).absolute())
    _refuse_existing(workspace)
    wanted = _asked(workspace, group, parse_api_url(api_url or DEFAULT_API_URL))
    if no_sync:
        make(wanted, "")
        _tell_made(session, workspace, synced=False)
        return 0
    code = _connect_and_sync(session, wanted)
    _tell_made(session, workspace, synced=True)
    return code


def _refuse_existing(workspace: Workspace) -> None:
    if workspace.config_file.exists():
        raise ConfigError(
            _("There is a workspace here already."),
            place=Place(str(workspace.config_file)),
            hint=_("To see what waits in it: zotsync -C {folder} status").format(
                folder=workspace.root
            ),
        )
    if workspace.root.exists() and not workspace.root.is_dir():
        raise FileError(_("This is a file, not a folder."), place=Place(str(workspace.root)))


def _asked(workspace: Workspace, group: str | None, api_url: str) -> Wanted:
    """Return what was asked for; without `--group`, questions are asked."""
    if group is not None:
        return Wanted(workspace, parse_group(group), api_url)
    instead = _("Name the group: zotsync init --group ID")
    click.echo(_("The new workspace: {folder}").format(folder=workspace.root), err=True)
    while True:
        typed = ask.text(_("Zotero group (its number, or its page's address)"), instead=instead)
        try:
            number = parse_group(typed)
        except UsageError as error:
            click.echo(str(error), err=True)
        else:
            break
    institution = ask.text(
        _("Institution, as handouts print it (may stay empty)"), default="", instead=instead
    )
    return Wanted(workspace, number, api_url, Centre(institution=institution))


def make(wanted: Wanted, group_name: str) -> None:
    """Write the folders and files of a new workspace. What is there already stays."""
    workspace = wanted.workspace
    text = new_config_text(
        wanted.group, wanted.api_url, group_name=group_name, centre=wanted.centre
    )
    try:
        for folder in (workspace.items, workspace.handouts):
            folder.mkdir(parents=True, exist_ok=True)
        if not workspace.collections.exists():
            _write_new(workspace.collections, amend_collections("", {}, {}))
        make_private(workspace)
        _write_new(workspace.config_file, text)  # last: a folder without it is no workspace yet
    except OSError as exc:
        message = _("This folder cannot be written: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(str(exc.filename or workspace.root))) from exc


def _write_new(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _connect_and_sync(session: Session, wanted: Wanted) -> int:
    """Check key and rights before anything is written, then make the workspace and sync."""
    from zotsync.cli.account import tell_rights  # noqa: PLC0415
    from zotsync.cli.connecting import ask_key, keep_key, library  # noqa: PLC0415
    from zotsync.zotero import schema  # noqa: PLC0415
    from zotsync.zotero.keys import find_key  # noqa: PLC0415
    from zotsync.zotero.rights import forbidden  # noqa: PLC0415

    prompt = ask_key if ask.interactive() else None
    key = find_key(wanted.api_url, wanted.group, os.environ, prompt)
    with library(session, wanted.group, key, wanted.api_url) as opened:
        rights = opened.rights()
        if not rights.can_read:
            raise forbidden(rights, wanted.group)
        if not session.json:
            tell_rights(session, rights, wanted.group)
        make(wanted, rights.group_name)
        keep_key(session.output, wanted.api_url, wanted.group, key)
        schema.refresh(opened, wanted.workspace.private)
    return _first_sync(session, wanted.workspace, rights)


def _first_sync(session: Session, workspace: Workspace, rights: Rights) -> int:
    from zotsync.cli.opening import open_workspace  # noqa: PLC0415
    from zotsync.cli.sync import first_sync  # noqa: PLC0415
    from zotsync.sync.barrier import Barrier  # noqa: PLC0415

    session.directory = workspace.root
    with open_workspace(session, online=True, command="init") as opened:
        Barrier(opened.engine.state, opened.config.group).note(rights)
        return first_sync(session, opened)


def _tell_made(session: Session, workspace: Workspace, *, synced: bool) -> None:
    output = session.output
    folder = str(workspace.root)
    output.emit(
        {"workspace": folder, "synced": synced},
        lambda: output.say(_("The workspace is ready: {folder}").format(folder=folder)),
    )
    if not synced:
        output.say(_("To connect it: zotsync login, then zotsync sync"))
