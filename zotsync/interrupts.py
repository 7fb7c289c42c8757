"""Ctrl-C, and whatever else asks a command to end, from its first moment to its last."""

from __future__ import annotations

import _thread
import os
import signal
import stat
import sys
import threading
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # this is loaded before anything else: so little as can be
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any, NoReturn

_ENDINGS = ("SIGTERM", "SIGHUP")
"""`kill` or the end of a session, and a closed terminal: as far as the system has them."""
_MOMENT = 0.01
"""Seconds after which a Ctrl-C that was lost is repeated."""

unfinished: set[str] = set()
"""Files that are no use to anybody before they are whole: what an interrupt leaves of them is removed."""
_seen = 0
"""The last signal that asked to end."""
_holding = False
_came = False
"""Something asked to end while that was held."""


def listen() -> None:
    """Take note of whatever asks to end, and raise KeyboardInterrupt for it; what is ignored stays so."""
    sys.unraisablehook = _lost
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    for number in _endings():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _endings() -> list[signal.Signals]:
    return [signal.Signals[name] for name in _ENDINGS if hasattr(signal, name)]


def _stop(number: int, _frame: FrameType | None) -> None:
    global _seen, _came  # a process is interrupted as a whole
    _seen, _came = number, True
    if number == getattr(signal, "SIGHUP", None):
        _leave_terminal()
    if not _holding:
        raise KeyboardInterrupt


def _leave_terminal() -> None:
    """Send what is still said nowhere: whoever writes to a terminal that is closed fails."""
    for number in (1, 2):
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(number).st_mode):
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _lost(found: Any) -> None:
    """Repeat what asked to end where Python drops every exception, as in a finaliser."""
    if found.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(found)
        return
    again = threading.Timer(_MOMENT, _thread.interrupt_main, [_seen or signal.SIGINT])
    again.daemon = True
    again.start()


@contextmanager
def held() -> Iterator[None]:
    """Let what asks to end wait until something has its name, so that it can be ended too."""
    global _holding, _came  # noqa: PLW0603 - a process is interrupted as a whole
    _came, _holding = False, True
    try:
        yield
    finally:
        _holding = False
    if _came:
        raise KeyboardInterrupt


def was_interrupted() -> bool:
    """Return whether there was a Ctrl-C: Python makes other errors of some, while it makes a class."""
    return _seen > 0


def ignore() -> None:
    """Let no further Ctrl-C disturb the end; `kill` ends it at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _endings():
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


def end(code: int) -> NoReturn:
    """End an interrupted process with an exit code, and leave nothing unfinished.

    Python itself would end by a signal, where the interrupt came while a text was run as code: classes are.
    """
    for path in tuple(unfinished):
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108 - pathlib is not loaded here
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads on
            stream.flush()
    os._exit(code)
