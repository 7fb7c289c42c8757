"""Files and addresses opened in the programs that the system has for them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

_PROGRAMS = {"darwin": "open"}
_SECONDS = 2.0
"""A program that still runs then has not refused."""
_ADDRESS = re.compile(r"(?:https?|zotero)://[A-Za-z0-9][!-~]*")
"""What may be handed to the system: no blanks, nothing it could take for an option."""


def launch(file: Path) -> bool:
    """Open a file in the system's program for it; return whether there is one."""
    return _handed_over(str(file))


def launch_address(address: str) -> bool:
    """Open an http(s) or zotero address; return whether there is a program for it.

    Raises:
        ValueError: it is an address of another kind.

    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(address)
    return _handed_over(address)


def _handed_over(target: str) -> bool:
    """Hand a file or an address to the system, never to a shell."""
    if sys.platform == "win32":
        try:
            os.startfile(target)  # noqa: S606
        except OSError:  # nothing is tied to this kind
            return False
        return True
    program = _PROGRAMS.get(sys.platform, "xdg-open")
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.Popen(  # noqa: S603 - the system's own way of opening
            [program, target], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        return done.wait(_SECONDS) == 0
    except OSError:
        return False
    except subprocess.TimeoutExpired:
        return True
