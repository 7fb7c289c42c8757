"""`zotsync login`, `logout`, `whoami`: the API key, kept in the system's keyring."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from zotsync.cli.connecting import ask_key, key_of, library
from zotsync.cli.group import command, option
from zotsync.cli.session import Session, pass_session
from zotsync.config import (
    DEFAULT_API_URL,
    Workspace,
    find_workspace,
    load_config,
    parse_api_url,
    parse_group,
)
from zotsync.errors import UsageError
from zotsync.i18n import N_, _
from zotsync.zotero.keys import VARIABLE, ApiKey, KeySource, forget_key, store_key
from zotsync.zotero.rights import Rights, forbidden

_group_option = option(
    "--group", metavar=N_("ID"), help=N_("The group's number or address, outside a workspace.")
)
_url_option = option("--api-url", metavar=N_("URL"), help=N_("Another server than Zotero's own."))


@dataclass(frozen=True)
class Account:
    """A group on a server."""

    group: int
    api_url: str


def _account(session: Session, group: str | None, api_url: str | None) -> Account:
    """Return the group that was named, else the workspace's."""
    if group is not None:
        return Account(parse_group(group), parse_api_url(api_url or DEFAULT_API_URL))
    if api_url is not None:
        raise UsageError(_("--api-url goes with --group."))
    config = load_config(find_workspace(session.directory))
    return Account(config.group, config.api_url)


@command("login", N_("Store the Zotero API key in the system's keyring, after checking it."))
@_group_option
@_url_option
@pass_session
def login(session: Session, group: str | None, api_url: str | None) -> int:
    """Ask for a key, check it against the server, keep it."""
    account = _account(session, group, api_url)
    typed = ask_key()
    if not typed:
        raise UsageError(_("No key was given."))
    key = ApiKey(typed, KeySource.PROMPT)
    rights = _checked(session, account, key)
    store_key(account.api_url, account.group, key.secret)
    output = session.output
    output.emit(
        _document(account, rights, KeySource.KEYRING), lambda: _tell(session, rights, account)
    )
    output.say(_("The key is kept in the system's keyring."))
    if os.environ.get(VARIABLE):
        output.warn(_("{variable} is set, and comes first.").format(variable=VARIABLE))
    return 0


def _checked(session: Session, account: Account, key: ApiKey) -> Rights:
    """Return what the key allows; RightsError where it does not even allow reading."""
    with library(session, account.group, key, account.api_url) as opened:
        rights = opened.rights()
    if not rights.can_read:
        raise forbidden(rights, account.group)
    return rights


def tell_rights(session: Session, rights: Rights, group: int) -> None:
    """Say whose key it is, which group it reaches, and whether it may write there."""
    name = rights.group_name or str(group)
    if rights.can_write:
        line = _("{user} may read and write the group “{group}” ({number}).")
    else:
        line = _("{user} may read the group “{group}” ({number}), but not write to it.")
    session.output.line(line.format(user=rights.username or "?", group=name, number=group))
    if not rights.can_write:
        problem = forbidden(rights, group).problem
        session.output.warn(f"{problem.message} {problem.hint}", style="yellow")


def _tell(session: Session, rights: Rights, account: Account) -> None:
    tell_rights(session, rights, account.group)


def _document(account: Account, rights: Rights, source: KeySource) -> dict[str, Any]:
    return {
        "username": rights.username,
        "group": account.group,
        "group_name": rights.group_name,
        "api_url": account.api_url,
        "can_read": rights.can_read,
        "can_write": rights.can_write,
        "source": source.value,
    }


@command("logout", N_("Remove the Zotero API key from the system's keyring."))
@_group_option
@_url_option
@pass_session
def logout(session: Session, group: str | None, api_url: str | None) -> int:
    """Forget the key."""
    account = _account(session, group, api_url)
    gone = forget_key(account.api_url, account.group)
    said = _("The key is no longer in the keyring.") if gone else _("The keyring holds no key.")
    session.output.emit({"removed": gone}, lambda: session.output.say(said))
    if os.environ.get(VARIABLE):
        session.output.warn(_("{variable} is still set.").format(variable=VARIABLE))
    return 0


@command("whoami", N_("Say whose key this is, which group it reaches, and what it allows there."))
@pass_session
def whoami(session: Session) -> int:
    """Ask the server what the key allows."""
    workspace: Workspace = find_workspace(session.directory)
    config = load_config(workspace)
    account = Account(config.group, config.api_url)
    key = key_of(session, workspace, config)
    rights = _checked(session, account, key)
    document = _document(account, rights, key.source)
    session.output.emit(document, lambda: _tell(session, rights, account))
    return 0
