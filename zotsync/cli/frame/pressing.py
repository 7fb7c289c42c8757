"""Questions that one key answers, without Enter; Enter alone takes the default, which is shown."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Sequence

import click

from zotsync.cli.frame.columns import wrapped
from zotsync.cli.frame.output import Output
from zotsync.i18n import _

_ENTER = frozenset("\r\n")
_TOO_SOON = 0.3
"""Seconds in which nobody has read a question: an Enter that comes so soon ends the answer before."""


def pressed(output: Output, question: str, offered: Sequence[str], default: str) -> str:
    """Ask for a key; return which of `offered` it stands for, `default` (one of them) at Enter.

    Each is a msgid whose French and English begin with the key, a blank behind it. Only where
    `ask.interactive` says so.
    """
    by_key = {_(shown)[0]: shown for shown in offered}
    _show(output, question, offered, default)
    key = _key(by_key)
    return default if key in _ENTER else by_key[key]


def _show(output: Output, question: str, offered: Sequence[str], default: str) -> None:
    """Print a question and the keys that answer it, in lines that fit the terminal."""
    spans = [(f"{question} ", "bold")]
    for shown in offered:
        text = _(shown)
        words = _("{choice} (Enter)").format(choice=text[1:]) if shown == default else text[1:]
        together = words.replace(" ", "\u00a0")
        spans += [(" ", ""), (text[0], "bold cyan"), (together, ""), (" ", "")]
    for line in wrapped(spans, shutil.get_terminal_size().columns - 1):
        output.spans(line, err=True)


def _key(keys: Collection[str], clock: Callable[[], float] = time.monotonic) -> str:
    """Wait for one of `keys`, or Enter, and return it. Ctrl-C and Ctrl-D interrupt.

    A key that means nothing is answered with those that do.
    """
    asked = clock()
    while True:
        try:
            key = click.getchar().casefold()[:1]  # what was typed in one go is read in one
        except EOFError:
            raise click.Abort from None
        if key in keys or (key in _ENTER and clock() - asked > _TOO_SOON):
            return key
        if key not in _ENTER:
            click.echo(_("(one of these: {keys})").format(keys=" ".join(keys)), err=True)
