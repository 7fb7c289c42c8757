"""What `after_sync` in the configuration names: zotsync's own commands, run after a sync.

They run in the workspace's folder and in this process, without a shell: no program is started and no
environment handed on. Nobody is asked, and none of them may sync, so nothing runs in a circle.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager, redirect_stdout
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from zotsync.cli.frame.failure import INTERRUPTED
from zotsync.cli.frame.session import Session
from zotsync.config import CONFIG_NAME, Config, Workspace
from zotsync.errors import ConfigError, Place
from zotsync.i18n import _, language

AFTER = (0, 3)
"""Exit codes of a sync after which they run: all is done, or all but conflicts."""
_SYNCING = frozenset({"sync", "undo", "init", "demo"})
_ENDLESS = frozenset({"sandbox", "--watch"})


@dataclass(frozen=True)
class Hook:
    """A command to run after a sync."""

    command: str
    """As the configuration has it."""
    words: Sequence[str]


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    command: str
    exit_code: int


def hooks_of(config: Config) -> tuple[Hook, ...]:
    """Return the commands of the configuration; ConfigError for one that cannot be run."""
    return tuple(_hook(command) for command in config.after_sync)


def _hook(command: str) -> Hook:
    from zotsync.cli.main import ENTRIES  # noqa: PLC0415 - it imports the commands, this one too

    known = [entry.name for entry in ENTRIES]
    words = _split(command)
    if words[:1] == ["zotsync"]:  # as it is typed elsewhere
        words = words[1:]
    name = next((word for word in words if not word.startswith("-")), "")
    if name not in known:
        close = get_close_matches(name, known, 1)
        hint = _("Did you mean {name}?").format(name=close[0]) if close else ""
        raise _wrong(_("{command}: zotsync has no such command."), command, hint)
    if name in _SYNCING:
        raise _wrong(_("{command}: it would sync again, and again."), command)
    if _ENDLESS.intersection(words):
        raise _wrong(_("{command}: it would never end."), command)
    return Hook(command, words)


def _split(command: str) -> list[str]:
    """Return the words of a command. Quotes keep words together; a backslash is one, as in paths."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        return list(lexer)
    except ValueError as exc:
        raise _wrong(_("{command}: a quotation mark is missing."), command) from exc


def _wrong(message: str, command: str, hint: str = "") -> ConfigError:
    example = _("For example: {example}").format(example='after_sync = ["render --all"]')
    place = Place(CONFIG_NAME, field="after_sync")
    return ConfigError(message.format(command=command), place=place, hint=hint or example)


def run_hooks(session: Session, workspace: Workspace, hooks: Sequence[Hook]) -> tuple[Ran, ...]:
    """Run commands one after the other and say which failed; an interrupt ends them all."""
    ran: list[Ran] = []
    for hook in hooks:
        session.output.detail(_("After the sync: {command}").format(command=hook.command))
        ran.append(Ran(hook.command, _called(session, workspace, hook)))
        if code := ran[-1].exit_code:
            text = _("After the sync: {command} ended with exit code {code}.")
            session.output.warn(text.format(command=hook.command, code=code), style="yellow")
        if code == INTERRUPTED:
            break
    return tuple(ran)


def code_with(code: int, ran: Sequence[Ran]) -> int:
    """Return the exit code of a sync after which commands were run: 1 where all but they went well."""
    codes = {one.exit_code for one in ran} - {0}
    if INTERRUPTED in codes:
        return INTERRUPTED
    return code or (1 if codes else 0)


def _called(session: Session, workspace: Workspace, hook: Hook) -> int:
    from zotsync.cli.main import cli  # noqa: PLC0415 - it imports the commands, this one too

    common = ["--lang", language()]
    common += ["-q"] * session.quiet + ["--no-color"] * session.plain
    with chdir(workspace.root), _nobody_there(data=not (session.json or session.quiet)):
        try:
            cli.main([*common, *hook.words])
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1


@contextmanager
def _nobody_there(*, data: bool) -> Iterator[None]:
    """Leave questions without an answer; `data`: what goes to stdout is wanted there."""
    with ExitStack() as stack:
        nothing = stack.enter_context(Path(os.devnull).open("r+", encoding="utf-8"))
        if not data:
            stack.enter_context(redirect_stdout(nothing))
        asked, sys.stdin = sys.stdin, nothing
        try:
            yield
        finally:
            sys.stdin = asked
