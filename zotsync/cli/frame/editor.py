"""The editor that somebody has chosen, else the one that the system has. Never through a shell."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from zotsync.bibliography.files import told
from zotsync.cli.frame import ask
from zotsync.errors import ZotsyncError
from zotsync.i18n import _
from zotsync.toml_source import read_text

_VARIABLES = ("VISUAL", "EDITOR")
_USUAL = ("sensible-editor", "editor", "nano", "vim", "vi")
_AT_ONCE = 1.5
"""Seconds within which an editor that comes back has only handed the file to a window of its own."""
Which = Callable[[str], str | None]


def chosen_editor(
    environ: Mapping[str, str],
    platform: str,
    git: Callable[[], str],
    which: Which = shutil.which,
) -> list[str]:
    """Return the editor's command, to be followed by a file; [] where there is none.

    What the environment names comes first, then git's own setting, then what the system has.
    """
    for typed in (*(environ.get(name, "") for name in _VARIABLES), git()):
        if typed.strip():
            return words_of(typed, platform)
    if platform == "win32":
        return ["notepad.exe"]
    if platform == "darwin":
        return ["open", "-W", "-n", "-t"]
    return [name for name in _USUAL if which(name)][:1]


def words_of(command: str, platform: str) -> list[str]:
    """Return the words of a command as typed; a path with blanks need not be in quotes on Windows."""
    if platform == "win32":
        plain = command.strip().strip('"')
        if Path(plain).is_file():
            return [plain]
        return [word.strip('"') for word in shlex.split(command, posix=False)]
    try:
        return shlex.split(command)
    except ValueError:  # a quote that is not closed
        return command.split()


def git_editor() -> str:
    """Return the editor that git is set to use; "" where there is no git, or none is set."""
    program = shutil.which("git")
    if program is None:
        return ""
    try:
        told = subprocess.run(  # noqa: S603 - one question to git, found in the path
            [program, "config", "--get", "core.editor"],
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def edited_text(text: str, extension: str) -> str | None:
    """Return what somebody made of a text in the editor; None where nothing was saved.

    Raises:
        ZotsyncError: there is no editor, it failed, or what it saved is no text.

    """
    with TemporaryDirectory(prefix="zotsync-") as folder:
        file = Path(folder) / f"zotsync{extension}"
        with told(file):
            file.write_text(text, encoding="utf-8")
        before = _looks(file)
        run_editor(file)
        if _looks(file) == before:
            return None
        with told(file):
            return read_text(file.read_bytes(), str(file))


def run_editor(file: Path) -> None:
    """Let somebody edit a file; wait where the editor comes back at once with nothing saved.

    Raises:
        ZotsyncError: there is no editor, or it failed.

    """
    which = shutil.which if ask.interactive() else _nowhere
    command = chosen_editor(os.environ, sys.platform, git_editor, which)
    if not command:
        hint = _("Name one: the environment variable EDITOR holds its name.")
        raise ZotsyncError(_("No editor was found."), hint=hint)
    before, began = _looks(file), time.monotonic()
    _run([*command, str(file)])
    if time.monotonic() - began < _AT_ONCE and _looks(file) == before and ask.interactive():
        click.echo(_("Press Enter when you have saved and closed the file."), err=True)
        click.getchar()


def _nowhere(_name: str) -> None:
    """Find nothing: an editor that wants a terminal is of no use where there is none."""


def _looks(file: Path) -> tuple[int, int]:
    try:
        info = file.stat()
    except OSError:  # removed in the editor
        return 0, 0
    return info.st_size, info.st_mtime_ns


def _run(command: Sequence[str]) -> None:
    program = shutil.which(command[0]) or command[0]
    try:
        code = subprocess.call([program, *command[1:]])  # noqa: S603 - what the user has chosen
    except OSError as exc:
        message = _("The editor {name} cannot be started.").format(name=command[0])
        raise ZotsyncError(
            message, hint=_("Name another one: the environment variable EDITOR holds its name.")
        ) from exc
    if code:
        message = _("The editor {name} ended with an error ({code}).")
        hint = _("What was saved stays as it is. To take another: the environment variable EDITOR.")
        raise ZotsyncError(message.format(name=command[0], code=code), hint=hint)
