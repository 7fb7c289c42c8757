"""`zotsync login`, `logout`, `whoami`: the API key, kept in the system's keyring."""

from __future__ import annotations

import sys
from typing import Any

from zotsync.cli.account.keyasking import Account, checked, explain_key, right_key
from zotsync.cli.frame.connecting import key_of
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.frame.withheld import environment
from zotsync.config import (
    DEFAULT_API_URL,
    find_workspace,
    load_config,
    parse_api_url,
    parse_group,
)
from zotsync.errors import UsageError
from zotsync.i18n import N_, _
from zotsync.workspace import is_inside
from zotsync.zotero.keys import (
    VARIABLE,
    KeySource,
    cleaned,
    find_key,
    forget_key,
    require_keyring,
    store_key,
)
from zotsync.zotero.reach import reach_of
from zotsync.zotero.rights import Rights, forbidden

_group_option = option(
    "--group", metavar=N_("ID"), help=N_("The group's number or address, outside a workspace.")
)
_url_option = option("--api-url", metavar=N_("URL"), help=N_("Another server than Zotero's own."))


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
    require_keyring()  # before anybody types what could not be kept
    if sys.stdin.isatty():
        explain_key(session, browser=False)
    key, rights = right_key(session, lambda one: checked(session, account, one))
    store_key(account.api_url, account.group, key.secret)
    output = session.output
    output.emit(
        _document(account, rights, KeySource.KEYRING), lambda: _tell(session, rights, account)
    )
    output.say(_("The key is kept in the system's keyring."))
    if environment().get(VARIABLE):
        output.warn(_("{variable} is set, and comes first.").format(variable=VARIABLE))
    return 0


def rights_line(rights: Rights, group: int) -> str:
    """Return whose key it is, which group it reaches, and whether it may write there."""
    name = rights.group_name or str(group)
    if rights.can_write:
        line = _("{user} may read and write the group “{group}” ({number}).")
    else:
        line = _("{user} may read the group “{group}” ({number}), but not write to it.")
    return line.format(user=rights.username or "?", group=name, number=group)


def warn_of_rights(session: Session, rights: Rights, group: int) -> None:
    """Say why a key may not write, and where that is mended."""
    if not rights.can_write:
        problem = forbidden(rights, group).problem
        session.output.explain(problem.message, style="yellow", urgent=True)
        session.output.explain(problem.hint, urgent=True)


def _tell(session: Session, rights: Rights, account: Account) -> None:
    session.output.spans([(rights_line(rights, account.group), "")], indent=2)
    warn_of_rights(session, rights, account.group)


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
    if environment().get(VARIABLE):
        session.output.warn(_("{variable} is still set.").format(variable=VARIABLE))
    return 0


@command("whoami", N_("Say whose key this is, which group it reaches, and what it allows there."))
@_group_option
@_url_option
@pass_session
def whoami(session: Session, group: str | None, api_url: str | None) -> int:
    """Ask the server what the key allows; outside a workspace, in which groups."""
    if group is None and not is_inside(session.directory):
        return _who_anywhere(session, parse_api_url(api_url or DEFAULT_API_URL))
    account = _account(session, group, api_url)
    if group is None:
        workspace = find_workspace(session.directory)
        key = key_of(session, workspace, load_config(workspace))
    else:
        key = find_key(account.api_url, account.group, environment())
    rights = checked(session, account, key)
    document = _document(account, rights, key.source)
    session.output.emit(document, lambda: _tell(session, rights, account))
    return 0


def _who_anywhere(session: Session, api_url: str) -> int:
    """Say whose key the environment has, and which groups it reaches."""
    secret = cleaned(environment().get(VARIABLE, ""))
    if not secret:
        raise UsageError(
            _("Which group's key? There is no workspace here, and {variable} is not set.").format(
                variable=VARIABLE
            ),
            hint=_("Name the group: zotsync whoami --group ID"),
        )
    reach = reach_of(secret, api_url)
    document = {
        "username": reach.key.username,
        "api_url": api_url,
        "source": KeySource.ENVIRONMENT.value,
        "groups": [
            {"group": group.id, "group_name": group.name, "can_write": rights.can_write}
            for group, rights in reach.groups
        ],
    }

    def text() -> None:
        if not reach.groups:
            line = _("This is a key of {user}; it reaches no group.")
            session.output.line(line.format(user=reach.key.username or "?"))
        for group, rights in reach.groups:
            session.output.spans([(rights_line(rights, group.id), "")], indent=2)

    session.output.emit(document, text)
    return 0
