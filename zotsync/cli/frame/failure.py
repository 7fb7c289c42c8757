"""How failures are told: expected ones in a line or two, bugs with a log and one line that says where."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from zotsync import __version__
from zotsync.cli.frame.output import Output, colours_wanted, readable, sign
from zotsync.cli.frame.session import Session
from zotsync.cli.frame.withheld import VARIABLE, environment
from zotsync.errors import Problem, ZotsyncError
from zotsync.i18n import _

BUG = 70
INTERRUPTED = 130

_KEY_LIKE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{24}(?![A-Za-z0-9])")
"""Zotero API keys are 24 letters and digits; a log does without any word of that form."""


def redact(text: str) -> str:
    """Return `text` without anything that is, or looks like, an API key."""
    secret = environment().get(VARIABLE, "").strip()
    if secret:
        text = text.replace(secret, "<API key>")
    return _KEY_LIKE.sub("<API key>", text)


def report(error: ZotsyncError, session: Session, *, as_json: bool) -> int:
    """Tell an expected failure, on stderr and with `--json` on stdout too; return its exit code."""
    if as_json:
        _document(error.problem, error.exit_code, session)
    tell(_("Error"), error.problem, "red", plain=session.plain)
    return error.exit_code


def _document(problem: Problem, code: int, session: Session) -> None:
    """Print a failure as the one JSON document of a command, if it has not printed another."""
    if "output" in vars(session) and session.output.documented:
        return
    document = {"error": problem_document(problem), "exit_code": code}
    Output(command=session.command, directory=session.directory, json=True).document(document)


def tell(word: str, problem: Problem, colour: str, *, plain: bool = False) -> None:
    """Print a problem on stderr: the place and what is wrong, then what to do."""
    place = f"{problem.place}: " if str(problem.place) else ""
    hint = f"\n{problem.hint}" if problem.hint else ""
    text = sign(redact(f"{place}{problem.message}{hint}"), sys.stderr)
    whole = _("{heading}:").format(heading=word) + f" {text}"
    lines = "\n".join(readable(whole, sys.stderr)).removeprefix(word)
    ansi = None if colours_wanted(plain=plain) else False
    click.echo(click.style(word, fg=colour, bold=True) + lines, err=True, color=ansi)


def notes_of(session: Session) -> Callable[[Problem], None]:
    """Return what tells what is worth knowing and stops nothing, each thing once."""
    told: set[Problem] = set()

    def note(problem: Problem) -> None:
        if problem not in told:
            told.add(problem)
            tell(_("Note"), problem, "yellow", plain=not session.output.color)

    return note


def problem_document(problem: Problem) -> dict[str, object]:
    """Return a problem as JSON data."""
    place = problem.place
    return {
        "message": redact(problem.message),
        "hint": redact(problem.hint),
        "file": place.file,
        "line": place.line,
        "field": place.field,
        "item": place.item,
    }


def report_usage(error: click.ClickException, session: Session, *, as_json: bool) -> int:
    """Tell how the command is called; return Click's exit code (2 for usage)."""
    if as_json:
        context = getattr(error, "ctx", None)
        usage = context.get_usage() if context else ""
        _document(Problem(error.format_message(), hint=usage), error.exit_code, session)
    error.show()
    return error.exit_code


def report_interrupt(session: Session, *, as_json: bool) -> int:
    """Say in a line that somebody has stopped the command; return its exit code."""
    if as_json:
        _document(Problem(_("Interrupted.")), INTERRUPTED, session)
    click.echo(_("Interrupted."), err=True)
    return INTERRUPTED


def report_bug(
    error: BaseException, words: Sequence[str], session: Session, *, as_json: bool
) -> int:
    """Write what a developer needs into a log file, and say in one line where it is."""
    text = redact(_bug_report(error, words))
    try:
        path = _write_log(text)
    except OSError as failure:
        where = _("The report could not be written: {reason}").format(reason=failure)
    else:
        where = _("What a developer needs to know is in {path}").format(path=path)
    message = _("This is a bug in zotsync: {kind}.").format(kind=type(error).__name__)
    if as_json:
        _document(Problem(message, hint=where), BUG, session)
    click.echo(f"{message} {where}", err=True)
    return BUG


def _bug_report(error: BaseException, words: Sequence[str]) -> str:
    import platform  # noqa: PLC0415 - rarely needed, and not cheap
    import traceback  # noqa: PLC0415

    lines = [
        f"zotsync {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {list(words)}",
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(lines)


def _write_log(text: str) -> Path:
    from datetime import datetime  # noqa: PLC0415

    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    path = _log_folder() / f"zotsync-{stamp}-{os.getpid()}.log"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def _log_folder() -> Path:
    """Return a folder that logs can be written to, even in a broken installation."""
    import tempfile  # noqa: PLC0415

    try:
        from platformdirs import user_log_path  # noqa: PLC0415

        folder = user_log_path("zotsync", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
    except (ImportError, OSError):  # dependencies are missing, or the home folder cannot be written
        return Path(tempfile.gettempdir())
    return folder
