"""Asking for an API key until one is right: where it is made, what it must allow, what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from zotsync.cli.frame import ask
from zotsync.cli.frame.connecting import library
from zotsync.cli.frame.failure import tell
from zotsync.cli.frame.launching import launch_address
from zotsync.cli.frame.session import Session
from zotsync.errors import RightsError, UsageError
from zotsync.i18n import _
from zotsync.zotero.keys import VARIABLE, ApiKey, KeySource, cleaned, require_keyring
from zotsync.zotero.rights import NEW_KEY_PAGE, ForbiddenError, Obstacle, Rights, forbidden

_OF_THE_KEY = {Obstacle.NO_KEY, Obstacle.BAD_KEY}


@dataclass(frozen=True)
class Account:
    """A group on a server."""

    group: int
    api_url: str


def obstacle(error: RightsError) -> Obstacle | None:
    """Return what hinders, as far as that is known."""
    return error.rights.reason if isinstance(error, ForbiddenError) else None


def checked(session: Session, account: Account, key: ApiKey) -> Rights:
    """Return what the key allows; RightsError where it does not even allow reading."""
    with library(session, account.group, key, account.api_url) as opened:
        rights = opened.rights()
    if not rights.can_read:
        raise forbidden(rights, account.group)
    return rights


def explain_key(session: Session, *, browser: bool | None) -> None:
    """Say where a key is made and how, and open that page; `browser`: None asks whether to."""
    explain = session.output.explain
    explain(_("zotsync needs an API key: a password for zotsync alone. This page makes one:"))
    session.output.say(NEW_KEY_PAGE)
    explain(
        _("Log in there; the right boxes are ticked already. Choose “Save Key”, and copy the key.")
    )
    if browser is None:
        browser = ask.decide(_("Open the page in the browser?"), default=True, yes=session.yes)
    if browser and not launch_address(NEW_KEY_PAGE):
        explain(_("No browser could be opened. Copy the address above into one."))


def warn_without_keyring(session: Session) -> None:
    """Say, before anybody types a key, that it cannot be kept, and what to do."""
    try:
        require_keyring()
    except RightsError as error:
        tell(_("Note"), error.problem, "yellow", plain=not session.output.color)
        line = _(
            "A key that is typed now is used this once; with {variable} it is not asked for again."
        )
        session.output.warn(line.format(variable=VARIABLE))


def typed_key() -> ApiKey:
    """Ask for a key, without echo; where nobody is asked, the first line of stdin is one."""
    secret = cleaned(ask.secret(_("Zotero API key (not shown while you type)")))
    if not secret:
        raise UsageError(_("No key was given."))
    return ApiKey(secret, KeySource.PROMPT)


def right_key(
    session: Session, check: Callable[[ApiKey], Rights], first: ApiKey | None = None
) -> tuple[ApiKey, Rights]:
    """Return a key and what it allows, once `check` finds it right; in a terminal another is asked for.

    `first`: one that was found already.
    """
    while True:
        key = first or typed_key()
        try:
            return key, check(key)
        except RightsError as error:
            given = key.source is KeySource.ENVIRONMENT  # it would come first the next time too
            if given or not sys.stdin.isatty() or obstacle(error) not in _OF_THE_KEY:
                raise
            session.output.explain(error.problem.message, style="red")
            again = _("Copy it once more, or make another one on that page.")
            session.output.explain(
                again if key.looks_right else _("A key has 24 letters and digits.")
            )
            first = None
