"""Reaching the group library: with which key, and what is said while waiting for the server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from zotsync.cli.frame import ask
from zotsync.cli.frame.output import Output
from zotsync.cli.frame.session import Session
from zotsync.cli.frame.withheld import environment
from zotsync.config import Config, Workspace
from zotsync.errors import RightsError
from zotsync.i18n import _, ngettext
from zotsync.zotero.keys import VARIABLE, ApiKey, KeySource, find_key, store_key
from zotsync.zotero.library import GroupLibrary
from zotsync.zotero.rights import NEW_KEY_PAGE, ForbiddenError, Obstacle

_WORTH_SAYING = 3.0
"""Seconds of waiting that people should know of."""


@contextmanager
def connect(
    session: Session, workspace: Workspace, config: Config, *, hasty: bool = False
) -> Iterator[GroupLibrary]:
    """Open the library of the workspace's group; `hasty`: where one can do without it."""
    key = key_of(session, workspace, config)
    try:
        with library(session, config.group, key, config.api_url, hasty=hasty) as opened:
            yield opened
    except ForbiddenError as exc:
        if exc.rights.reason is Obstacle.BAD_KEY and key.source is KeySource.ENVIRONMENT:
            raise _not_from_the_keyring(exc) from exc
        raise


def _not_from_the_keyring(exc: ForbiddenError) -> ForbiddenError:
    """Return the error with the way out of a wrong key in the environment, which `login` is not."""
    hint = _(
        "It is in the variable {variable}: put one from {new_page} there, or remove the variable."
    )
    told = hint.format(variable=VARIABLE, new_page=NEW_KEY_PAGE)
    return ForbiddenError(exc.problem.message, hint=told, rights=exc.rights)


def library(
    session: Session, group: int, key: ApiKey, api_url: str, *, hasty: bool = False
) -> GroupLibrary:
    """Return the library of a group, which says so when a request has to wait.

    Because the server asked for it, or because it did not answer; with `hasty` nothing waits.
    """
    said = _say_wait(session.output)
    return GroupLibrary(group, key.secret, api_url=api_url, on_wait=said, hasty=hasty)


def _say_wait(output: Output) -> Callable[[float], None]:
    def say(seconds: float) -> None:
        if seconds >= _WORTH_SAYING:
            n = round(seconds)
            line = ngettext(
                "Waiting {n} second before asking Zotero again.",
                "Waiting {n} seconds before asking Zotero again.",
                n,
            )
            output.say(line.format(n=n))

    return say


def key_of(
    session: Session, workspace: Workspace, config: Config, *, asking: bool = True
) -> ApiKey:
    """Return the key for the workspace's group; it may be asked for. RightsError if there is none.

    A demo workspace has the published key of its own server, and is asked for no other.
    """
    if session.key is not None:
        return session.key
    if (workspace.private / "sandbox.json").exists():
        from zotsync.cli.toolkit.sandbox import published_key  # noqa: PLC0415

        published = published_key(workspace, config)
        if published is not None:
            return published
    prompt = ask_key if asking and not session.quiet and ask.interactive() else None
    return find_key(config.api_url, config.group, environment(), prompt)


def ask_key() -> str:
    """Ask for an API key, without echo; where nobody is asked, the first line of stdin is one."""
    if sys.stdin.isatty():
        click.echo(_("To make an API key: {page}").format(page=NEW_KEY_PAGE), err=True)
    return ask.secret(_("Zotero API key (not shown while you type)"))


def keep_key(output: Output, api_url: str, group: int, key: ApiKey) -> None:
    """Put a key that was typed into the keyring, or say why that is not possible."""
    if key.source is not KeySource.PROMPT:
        return
    try:
        store_key(api_url, group, key.secret)
    except RightsError as error:
        output.explain(error.problem.message, style="yellow", urgent=True)
        output.explain(error.problem.hint, urgent=True)
    else:
        output.say(_("The key is kept in the system's keyring."))
