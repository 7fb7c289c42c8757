"""Questions. Each has a default, and an option that answers it where nobody can be asked."""

from __future__ import annotations

import sys
from collections.abc import Collection

import click

from zotsync.errors import UsageError
from zotsync.i18n import _


def interactive() -> bool:
    """Return whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _nobody_there(question: str, instead: str) -> UsageError:
    click.echo(err=True)  # the question is there already, without an end of line
    return UsageError(
        _("Nobody is there to answer “{question}”.").format(question=question), hint=instead
    )


def text(question: str, *, default: str | None = None, instead: str) -> str:
    """Ask for a text. `instead` says which option answers this without a terminal."""
    try:
        answer = click.prompt(
            question,
            default=default,
            show_default=bool(default),
            prompt_suffix=_(": "),
            err=True,
        )
    except click.Abort:
        if not sys.stdin.isatty():
            raise _nobody_there(question, instead) from None
        raise
    return str(answer).strip()


def secret(question: str) -> str:
    """Ask without echo; a piped stdin gives its first line instead."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(click.prompt(question, hide_input=True, err=True, prompt_suffix=_(": "))).strip()


def confirm(question: str, *, default: bool, yes: bool, instead: str) -> bool:
    """Ask yes or no. With `--yes` (`yes`) the answer is yes."""
    if yes:
        return True
    try:
        return click.confirm(question, default=default, err=True)
    except click.Abort:
        if not sys.stdin.isatty():
            raise _nobody_there(question, instead) from None
        raise


def key(keys: Collection[str]) -> str:
    """Wait for one of `keys` to be pressed, without Enter; return it. Ctrl-C and Ctrl-D interrupt.

    Only where `interactive` says so. A key that means nothing is answered with those that do.
    """
    while True:
        try:
            pressed = click.getchar().casefold()
        except EOFError:
            raise click.Abort from None
        if pressed in keys:
            return pressed
        click.echo(_("(one of these: {keys})").format(keys=" ".join(keys)), err=True)
