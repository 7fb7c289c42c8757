"""LibreOffice, where it is installed: a document in, another format of it out. Only this module runs it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from zotsync import interrupts
from zotsync.errors import FileError
from zotsync.i18n import _
from zotsync.reasons import reason_of

TIMEOUT = 600.0
"""Seconds. Ten thousand entries take half a minute of a processor, with QR codes several."""

_COMMANDS = ("soffice", "libreoffice")
_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "win32": (
        "%ProgramFiles%/LibreOffice/program",
        "%ProgramW6432%/LibreOffice/program",
        "%ProgramFiles(x86)%/LibreOffice/program",
        "%LocalAppData%/Programs/LibreOffice/program",
    ),
    "darwin": (
        "/Applications/LibreOffice.app/Contents/MacOS",
        "~/Applications/LibreOffice.app/Contents/MacOS",
        "/opt/homebrew/bin",
        "/usr/local/bin",
    ),
    "linux": (
        "/usr/bin",
        "/usr/local/bin",
        "/usr/lib/libreoffice/program",
        "/usr/lib64/libreoffice/program",
        "/opt/libreoffice*/program",
        "/snap/bin",
    ),
}
"""Where installers put it; the desktop's Windows and macOS ones leave PATH alone."""
_PROGRAMS = ("soffice.com", "soffice.exe") if sys.platform == "win32" else _COMMANDS
_SNAP = "/snap/"

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""No macro runs, nothing is fetched: a base.docx may come from anywhere."""


def find() -> Path | None:
    """Return LibreOffice's program; None where it is not installed."""
    for command in _COMMANDS:
        if found := shutil.which(command):
            return Path(found)
    return next((path for path in _usual() if path.is_file()), None)


def _usual() -> Iterator[Path]:
    for folder in _FOLDERS.get(sys.platform, _FOLDERS["linux"]):
        known = Path(os.path.expandvars(folder)).expanduser()
        for place in sorted(known.parent.parent.glob(f"{known.parent.name}/{known.name}")):
            yield from (place / program for program in _PROGRAMS)


def convert(
    data: bytes, source: str, target: str, *, options: str = "", timeout: float = TIMEOUT
) -> bytes:
    """Return a document of the format `source` ("docx") in the format `target` ("pdf").

    `options` names LibreOffice's filter and what it is told. Raises FileError where LibreOffice is not
    installed, fails, or takes more than `timeout` seconds.
    """
    program = find()
    if program is None:
        raise FileError(_("LibreOffice is needed for this and is not installed."), hint=_wanted())
    shared = Path.home() if str(program).startswith(_SNAP) else None  # a snap sees no /tmp
    try:
        with tempfile.TemporaryDirectory(
            prefix="zotsync-", dir=shared, ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            _prepare(folder, data, source)
            code, told = _run(_command(program, folder, source, f"{target}:{options}"), timeout)
            made = folder / "made" / f"handout.{target}"
            if code == 0 and made.is_file():
                return made.read_bytes()
    except OSError as exc:
        message = _("LibreOffice cannot be run: {reason}").format(reason=reason_of(exc))
        raise FileError(message) from exc
    raise _failure(code, told)


def _wanted() -> str:
    if sys.platform.startswith("linux"):
        return _(
            "Install it from your distribution (Debian, Ubuntu: apt install libreoffice-writer)."
        )
    return _("Install it from https://www.libreoffice.org, or make the PDF in Word from the .docx.")


def _prepare(folder: Path, data: bytes, source: str) -> None:
    """Put the document and a profile of our own into a folder: the user's LibreOffice may be running."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    (folder / f"handout.{source}").write_bytes(data)


def _command(program: Path, folder: Path, source: str, target: str) -> list[str]:
    quiet = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    asked = ("--convert-to", target.rstrip(":"), "--outdir", str(folder / "made"))
    return [str(program), profile, *quiet, *asked, str(folder / f"handout.{source}")]


def _run(command: list[str], timeout: float) -> tuple[int, str]:
    """Run a command; return how it ended and what it said. Whatever stops us stops its children too."""
    process: subprocess.Popen[bytes] | None = None
    try:
        with interrupts.held():  # one that nobody knows goes on
            process = subprocess.Popen(  # noqa: S603 - LibreOffice, by its full path
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=sys.platform != "win32",
            )
        told, _nothing = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as exc:
        message = _("LibreOffice took too long ({n} s) and was stopped.")
        hint = _("Try again; a very long handout prints faster from its .docx in Word.")
        raise FileError(message.format(n=round(timeout)), hint=hint) from exc
    finally:
        if process is not None and process.poll() is None:
            _kill(process)
    return process.returncode, told.decode("utf-8", "replace").strip()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: `soffice` is but the parent of the real program."""
    if sys.platform == "win32":
        system = os.environ.get("SYSTEMROOT", r"C:\Windows")
        tool = str(Path(system) / "System32" / "taskkill.exe")
        ended = [tool, "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(ended, check=False, capture_output=True)  # noqa: S603 - by its full path
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _failure(code: int, told: str) -> FileError:
    last = told.splitlines()[-1] if told else ""
    if code < 0:
        message = _("LibreOffice was killed (signal {n}).").format(n=-code)
        return FileError(message, hint=_("Try again; it may have run out of memory."))
    if last:
        message = _("LibreOffice failed: {reason}").format(reason=last)
    else:
        message = _("LibreOffice failed and did not say why.")
    return FileError(message, hint=_("Does the .docx open in LibreOffice itself?"))
