"""Questions. Each has a default, and an option that answers it where nobody can be asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from zotsync.errors import UsageError
from zotsync.i18n import _

_YES = frozenset({"y", "yes", "o", "oui"})
_NO = frozenset({"n", "no", "non"})


def interactive() -> bool:
    """Return whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _nobody_there(question: str, instead: str) -> UsageError:
    return UsageError(
        _("Nobody is there to answer “{question}”.").format(question=question), hint=instead
    )


def text(question: str, *, default: str | None = None, instead: str, yes: bool = False) -> str:
    """Ask for a text. `instead` says which option answers this without a terminal.

    Without one, and with `--yes` (`yes`), the default is the answer, and nobody is asked.
    """
    if default is not None and (yes or not interactive()):
        return default
    if not interactive():
        raise _nobody_there(question, instead)
    answer = _prompted(question, default=default, show_default=bool(default))
    return str(answer).strip()


def decide(question: str, *, default: bool, yes: bool = False) -> bool:
    """Ask yes or no; without a terminal, and with `--yes` (`yes`), the default is the answer."""
    if yes or not interactive():
        return default
    return _yes_or_no(question, default=default)


def choose(question: str, options: Sequence[str], *, default: int, yes: bool = False) -> int:
    """Show numbered options and ask for a number; return the index of the chosen one.

    Without a terminal, and with `--yes` (`yes`), it is `default`.
    """
    if yes or not interactive():
        return default
    for number, option in enumerate(options, 1):
        click.echo(f"  {number}  {option}", err=True)
    while True:
        answer = str(_prompted(question, default=str(default + 1))).strip()
        if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(options):
            return int(answer) - 1
        click.echo(_("Please type a number from 1 to {n}.").format(n=len(options)), err=True)


def _prompted(question: str, **settings: Any) -> Any:
    try:
        return click.prompt(question, prompt_suffix=_(": "), err=True, **settings)
    except click.Abort:
        if not settings.get("hide_input"):
            click.echo(err=True)  # the question has no end of line
        raise


def _yes_or_no(question: str, *, default: bool) -> bool:
    """Ask yes or no; both languages' words are understood, in full or by their first letter."""
    shown = _("Y/n") if default else _("y/N")
    while True:
        answer = _prompted(f"{question} [{shown}]", default="", show_default=False)
        if not answer.strip():
            return default
        if answer.strip().casefold() in _YES | _NO:
            return answer.strip().casefold() in _YES
        click.echo(_("Please answer yes or no."), err=True)


def secret(question: str) -> str:
    """Ask without echo; a piped stdin gives its first line instead."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(_prompted(question, hide_input=True)).strip()


def confirm(question: str, *, default: bool, yes: bool, instead: str) -> bool:
    """Ask yes or no. With `--yes` (`yes`) the answer is yes."""
    if yes:
        return True
    try:
        return _yes_or_no(question, default=default)
    except click.Abort:
        if not sys.stdin.isatty():
            raise _nobody_there(question, instead) from None
        raise
