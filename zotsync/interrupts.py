"""Ctrl-C, from the first moment of a command to its last."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

_MOMENT = 0.01
"""Seconds after which a Ctrl-C that was lost is repeated."""

_seen = False


def listen() -> None:
    """Take note of every Ctrl-C, and raise KeyboardInterrupt for it; where it is ignored, it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
        sys.unraisablehook = _lost


def _stop(_number: int, _frame: FrameType | None) -> None:
    global _seen  # noqa: PLW0603 - a process is interrupted as a whole
    _seen = True
    raise KeyboardInterrupt


def _lost(found: Any) -> None:
    """Repeat a Ctrl-C that came where Python drops every exception, as in a finaliser."""
    if found.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(found)
        return
    again = threading.Timer(_MOMENT, _thread.interrupt_main)
    again.daemon = True
    again.start()


def was_interrupted() -> bool:
    """Return whether there was a Ctrl-C: Python makes other errors of some, while it makes a class."""
    return _seen


def ignore() -> None:
    """Let no further Ctrl-C disturb the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def end(code: int) -> NoReturn:
    """End the process with an exit code.

    Python itself would end by a signal, where the interrupt came while a text was run as code: classes are.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads on
            stream.flush()
    os._exit(code)
