"""Run zotsync in a pseudo-terminal, as somebody who reads and types."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

pseudo_terminal = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")
"""For tests that run a command in one: Windows has others."""
PATIENCE = 30
"""Seconds without a word after which a command hangs."""
_PAUSE = 0.2
"""Seconds of silence after which it waits for an answer."""
CTRL_C = "\x03"
CTRL_D = "\x04"


def in_terminal(
    *words: object,
    answers: Sequence[tuple[str, str]] = (),
    width: int = 100,
    term: str = "xterm",
) -> tuple[int, str]:
    """Run zotsync; type each answer once its question stands there, one after the other.

    Return the exit code and all that was shown.
    """
    with started(words, width, term) as (process, main):
        shown = _Reader(main, list(answers)).read()
        return process.wait(timeout=30), shown


def hang_up(main: int) -> None:
    """Close the terminal of a command; its number stays taken."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, main)
    os.close(nowhere)


@contextmanager
def started(
    words: Sequence[object], width: int, term: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start zotsync in a terminal; give the process, and the terminal's other side."""
    import fcntl  # noqa: PLC0415 - not on Windows
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    main, side = pty.openpty()
    settings = termios.tcgetattr(side)
    settings[1] &= ~termios.ONLCR
    termios.tcsetattr(side, termios.TCSANOW, settings)
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))

    def take_terminal() -> None:
        """Give the command a terminal of its own, in which a typed Ctrl-C interrupts it."""
        fcntl.ioctl(side, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where tests run in the background

    process = subprocess.Popen(
        [sys.executable, "-m", "zotsync", *map(str, words)],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**os.environ, "TERM": term, "COLUMNS": str(width)},
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509 - two calls, no lock
    )
    os.close(side)
    try:
        yield process, main
    finally:
        process.kill()
        process.wait()
        os.close(main)


class _Reader:
    """Reads what is shown to its end, and answers what is asked on the way."""

    def __init__(self, main: int, answers: list[tuple[str, str]]) -> None:
        self._main = main
        self._answers = answers
        self._raw = b""
        self._answered = 0
        """Characters shown when the last answer was typed."""
        self._last = ""

    def read(self) -> str:
        quiet = 0.0
        while quiet < PATIENCE:
            if not select.select([self._main], [], [], _PAUSE)[0]:
                quiet += _PAUSE
                self._answer()
                continue
            quiet = 0.0
            try:
                piece = os.read(self._main, 4096)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            self._raw += piece
        assert not self._answers, f"never asked: {self._answers}\n{self._shown()}"
        return self._shown()

    def _shown(self) -> str:
        return self._raw.decode("utf-8", "replace")

    def _answer(self) -> None:
        shown = self._shown()
        if self._answers and self._answers[0][0] in shown[self._answered :]:
            self._answered = len(shown)
            self._last = self._answers.pop(0)[1]
            os.write(self._main, self._last.encode())
        else:
            self._insist()

    def _insist(self) -> None:
        """Press a key once more: one that comes just before it is waited for is lost."""
        news = self._shown()[self._answered :].replace("^C", "").strip()
        if len(self._last) == 1 and news in ("", self._last):
            os.write(self._main, self._last.encode())
