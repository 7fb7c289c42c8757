"""Which group, and with which key: asked until both are right, and the key kept at once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from zotsync.cli.account.account import rights_line, warn_of_rights
from zotsync.cli.account.beginning import ask_group
from zotsync.cli.account.keyasking import (
    Account,
    checked,
    explain_key,
    obstacle,
    right_key,
    warn_without_keyring,
)
from zotsync.cli.account.unfinished import Unfinished
from zotsync.cli.frame import ask
from zotsync.cli.frame.connecting import keep_key
from zotsync.cli.frame.session import Session
from zotsync.cli.frame.withheld import environment
from zotsync.errors import RightsError
from zotsync.i18n import _
from zotsync.zotero.keys import ApiKey, KeySource, find_key, known_key, require_keyring
from zotsync.zotero.reach import Reach, reach_of
from zotsync.zotero.rights import Obstacle, Rights

_GROUP_PAGES = "https://www.zotero.org/groups"
_WRONG_GROUP = {Obstacle.NO_GROUP, Obstacle.NOT_MEMBER, Obstacle.KEY_SCOPE}


@dataclass(frozen=True)
class Member:
    """A group, and what a key allows there."""

    account: Account
    key: ApiKey
    rights: Rights


def join(
    session: Session, answers: Unfinished, group: int, api_url: str, *, browser: bool | None
) -> Member:
    """Return a group and a key that may read it; in a terminal another of either is asked for."""
    anew = False
    while True:
        try:
            return joined(session, answers, group, api_url, browser=browser, anew=anew)
        except RightsError as error:
            if session.key is None or obstacle(error) not in _WRONG_GROUP:
                raise
            reach = reach_of(session.key.secret, api_url)
            wrong = _wrong_group(error, reach, group)
            if session.yes or not ask.interactive():
                raise wrong from error
            session.output.explain(str(wrong.problem.message), style="red")
            another = _another(session, reach)
            anew = another is None
            group = another or group
            answers.keep(group=str(group))


def _wrong_group(error: RightsError, reach: Reach, group: int) -> RightsError:
    """Return what is wrong with a group, and which ones it could be instead."""
    message = error.problem.message
    if reach.is_own_number(group):
        text = _("{number} is the personal library of {user}, not a group.")
        message = text.format(number=group, user=reach.key.username)
    names = [f"{one.id}  {one.name}" for one, _rights in reach.groups]
    lines = [_("With this key you reach:"), *names] if names else [_reaches_none()]
    ways_out: dict[Obstacle | None, str] = {
        Obstacle.NO_GROUP: _("Copy the address of the group's page from the browser."),
        Obstacle.NOT_MEMBER: _("Ask to join at {page}.").format(page=f"{_GROUP_PAGES}/{group}"),
    }
    way_out = ways_out.get(obstacle(error), error.problem.hint)
    return RightsError(message, hint="\n".join([*lines, way_out]))


def _reaches_none() -> str:
    return _("This key reaches no group: edit it, join a group, or make one.")


def _another(session: Session, reach: Reach) -> int | None:
    """Ask for another group, or another key (None)."""
    groups = [one for one, _rights in reach.groups]
    if not groups:
        session.output.explain(_reaches_none())
    names = [_("the group {name} ({number})").format(name=g.name, number=g.id) for g in groups]
    typed = session.key is not None and session.key.source is not KeySource.ENVIRONMENT
    others = [_("another group"), *([_("another key")] if typed else [])]
    chosen = ask.choose(_("Your choice"), [*names, *others], default=0)
    if chosen < len(groups):
        return groups[chosen].id
    if chosen == len(groups):
        return ask_group(session)
    session.key = None
    return None


def joined(  # noqa: PLR0913 - what init knows
    session: Session,
    answers: Unfinished,
    group: int,
    api_url: str,
    *,
    browser: bool | None,
    anew: bool = False,
) -> Member:
    """Return what a key allows in a group: the one that is known (not `anew`), else one that is asked for.

    Raises RightsError where there is none, or where it is of no use.
    """
    account = Account(group, api_url)
    known = None if anew else _known(session, account)
    if known is None:
        shown = "page" in answers.answers  # and whether to open it was answered
        explain_key(session, browser=False if browser is None and shown else browser)
        answers.keep(page="shown")
    while True:
        key, rights = right_key(session, lambda one: _checked(session, account, one), known)
        session.output.explain(rights_line(rights, group))
        warn_of_rights(session, rights, group)
        if rights.can_write or key.source is KeySource.ENVIRONMENT or _goes_on(session):
            break
        known = None
    with contextlib.suppress(
        RightsError
    ):  # without a keyring, that was said before the key was typed
        require_keyring()
        keep_key(session.output, api_url, group, key)
    session.key = key
    return Member(account, key, rights)


def _known(session: Session, account: Account) -> ApiKey | None:
    """Return the key that is known; None where one is to be typed, after a warning if it cannot be kept."""
    if session.key is not None:  # typed a moment ago, for another group
        return session.key
    if not ask.interactive():
        return find_key(account.api_url, account.group, environment())
    with contextlib.suppress(RightsError):  # no keyring: said in the next line, with what to do
        if known := known_key(account.api_url, account.group, environment()):
            return known
    warn_without_keyring(session)
    return None


def _checked(session: Session, account: Account, key: ApiKey) -> Rights:
    """Return what the key allows; remember it where it is the group that is wrong."""
    try:
        return checked(session, account, key)
    except RightsError as error:
        if obstacle(error) in _WRONG_GROUP:
            session.key = key
        raise


def _goes_on(session: Session) -> bool:
    """Return whether somebody goes on with a key that may only read."""
    session.output.explain(_("What is written here waits until the key may write."))
    return ask.decide(_("Go on all the same?"), default=True, yes=session.yes)
