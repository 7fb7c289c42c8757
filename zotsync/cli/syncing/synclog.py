"""The log of a workspace's syncs, for people: what each did, what waits, and how it failed.

`.zotsync/sync.log` is plain text, the newest entry last. A sync that finds nothing new writes nothing, and
neither does one that ends exactly as the one before: a schedule that meets the same closed door all night
fills no disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

import click

from zotsync.bibliography import files
from zotsync.cli.frame import wording
from zotsync.cli.frame.failure import BUG, INTERRUPTED, redact, tell
from zotsync.cli.frame.session import Session
from zotsync.cli.syncing.amounts import at_rest, count_line
from zotsync.cli.syncing.hooks import Ran
from zotsync.errors import FileError, ZotsyncError
from zotsync.figures import when
from zotsync.i18n import _
from zotsync.model import Schema
from zotsync.sync.engine import Outcome
from zotsync.sync.remembering.journal import utc_now

NAME = "sync.log"
_LARGEST = 512 * 1024
"""Bytes after which a new log is begun."""
_KEPT = 3
"""How many old logs stay: sync-1.log is the newest of them."""
_NAMED = 50
"""How many objects an entry names; `zotsync log` names all."""
_INDENT = "    "


@dataclass
class SyncLog(AbstractContextManager["SyncLog"]):
    """Writes one entry for a sync when it ends, however it ends."""

    session: Session
    folder: Path
    _summary: str = ""
    _lines: list[str] = field(default_factory=list)
    _code: int = 0
    _idle: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if exc is not None:
            self._failed(exc)
        if self._summary and self.folder.is_dir():
            self._write()

    def done(self, schema: Schema, outcome: Outcome, ran: Sequence[Ran], code: int) -> None:
        """Note what a sync did, and what was run after it."""
        counts = count_line(outcome.steps, outcome.conflicts)
        self._summary, self._code = counts or at_rest(outcome.problems), code
        self._idle = not outcome.run
        self._lines = [*_told(schema, outcome), *(_hook_line(one) for one in ran if one.exit_code)]

    def _failed(self, exc: BaseException) -> None:
        self._idle = True
        if isinstance(exc, ZotsyncError):
            self._summary, self._code = _("failed"), exc.exit_code
            self._lines = str(exc.problem).splitlines()
        elif isinstance(exc, KeyboardInterrupt | click.Abort):
            self._summary, self._code, self._lines = _("interrupted"), INTERRUPTED, []
        else:
            self._summary, self._code = _("a bug in zotsync"), BUG
            self._lines = [type(exc).__name__]

    def _write(self) -> None:
        """Put the entry at the end of the log. A log that cannot be written stops no sync."""
        file = self.folder / NAME
        ended = _("exit code {code}").format(code=self._code)
        summary = f"{self._summary} · {ended}"
        entry = redact("\n".join([summary, *(_INDENT + line for line in self._lines)]))
        try:
            with files.told(file):
                last = _last(file)
                if self._idle and (last == entry if self._code else not _is_bad(last)):
                    return
                _rotate(file)
                with file.open("a", encoding="utf-8", newline="\n") as log:
                    log.write(f"{when(utc_now())} · {entry}\n")
        except FileError as error:
            tell(_("Note"), error.problem, "yellow", plain=self.session.plain)


def _told(schema: Schema, outcome: Outcome) -> Iterable[str]:
    steps = wording.seen(outcome.steps)
    for step in steps[:_NAMED]:
        title = wording.title_of(step.kind, step.key, step.title)
        how = wording.what_happens(schema, step)
        yield f"{wording.direction(step)} {title} ({step.key}) · {how}"
    if len(steps) > _NAMED:
        text = _("All of it: zotsync log {run}")
        yield text.format(run=outcome.run)
    for conflict in outcome.conflicts:
        title = wording.title_of(conflict.kind, conflict.key, conflict.title)
        yield _("Conflict: {title}, {field}").format(
            title=title, field=wording.field_word(schema, conflict.field)
        )
    yield from (wording.notice_line(schema, notice) for notice in outcome.notices)
    for problem in outcome.problems:
        yield from str(problem).splitlines()


def _hook_line(ran: Ran) -> str:
    text = _("After the sync: {command} ended with exit code {code}.")
    return text.format(command=ran.command, code=ran.exit_code)


def _last(file: Path) -> str:
    """Return the last entry of a log, without its moment; "" where there is none."""
    if not file.exists():
        return ""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    start = next((n for n, line in reversed(list(enumerate(lines))) if not line[:1].isspace()), 0)
    if not lines:
        return ""
    return "\n".join([lines[start].partition(" · ")[2], *lines[start + 1 :]])


def _is_bad(entry: str) -> bool:
    return bool(entry) and not re.search(r"(?<!\d)0$", entry.splitlines()[0])


def _rotate(file: Path) -> None:
    if not file.exists() or file.stat().st_size < _LARGEST:
        return
    names = [file, *(file.with_name(f"{file.stem}-{n}.log") for n in range(1, _KEPT + 1))]
    for newer, older in reversed(list(pairwise(names))):
        if newer.exists():
            newer.replace(older)
