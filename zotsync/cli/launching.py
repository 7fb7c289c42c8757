"""Files opened in the programs that the system has for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_PROGRAMS = {"darwin": "open"}
_SECONDS = 2.0
"""A program that still runs then has not refused."""


def launch(file: Path) -> bool:
    """Open a file in the system's program for it; return whether there is one."""
    if sys.platform == "win32":
        try:
            os.startfile(file)  # noqa: S606
        except OSError:  # nothing is tied to this kind of file
            return False
        return True
    program = _PROGRAMS.get(sys.platform, "xdg-open")
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.Popen(  # noqa: S603 - the system's own way of opening a file
            [program, str(file)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        return done.wait(_SECONDS) == 0
    except OSError:
        return False
    except subprocess.TimeoutExpired:
        return True
