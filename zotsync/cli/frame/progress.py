"""Progress bars. rich is imported when work turns out to be long, not before."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from zotsync.figures import lasting, number
from zotsync.i18n import N_, _
from zotsync.model import Phase

_PATIENCE = 0.4
"""Seconds after which work counts as long."""

_SHORTEST, _LONGEST = 8, 40
"""Cells of a bar."""
_TEXTS = 56
"""Cells that the words around a bar take at most."""

_NAMES = {
    Phase.PULL: N_("Fetching from Zotero"),
    Phase.SCAN: N_("Reading the files"),
    Phase.FILES: N_("Writing the files"),
    Phase.PUSH: N_("Sending to Zotero"),
    Phase.RENDER: N_("Writing the document"),
    Phase.LINKS: N_("Asking for the links"),
}


def _counted(done: int, total: int | None) -> str:
    return number(done) if total is None else f"{number(done)}/{number(total)}"


class NoBars:
    """Progress where nobody looks."""

    def __call__(self, phase: Phase, done: int, total: int | None) -> None:
        """Show nothing."""

    def stop(self) -> None:
        """Have nothing to take away."""


class Bars:
    """A bar for each phase, drawn once work has taken longer than a moment. Implements `Progress`."""

    def __init__(
        self, console: Callable[[], Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._clock = clock
        self._started = clock()
        self._drawn: Any = None
        self._tasks: dict[Phase, Any] = {}
        self._begun: dict[Phase, tuple[float, int]] = {}
        """When a phase was first told of, and how much of it was done then."""

    def __call__(self, phase: Phase, done: int, total: int | None) -> None:
        """Move the bar of `phase`."""
        if self._drawn is None:
            if self._clock() - self._started < _PATIENCE:
                return
            self._drawn = self._draw()
        if phase not in self._tasks:
            named = {"counted": "", "left": ""}
            self._tasks[phase] = self._drawn.add_task(_(_NAMES[phase]), total=total, **named)
            self._begun[phase] = self._clock(), done
        for other, task in self._tasks.items():  # one at a time: what is done is no news
            self._drawn.update(task, visible=other is phase)
        counted = _counted(done, total)
        self._drawn.update(
            self._tasks[phase],
            completed=done,
            total=total,
            counted=counted,
            left=self._left(phase, done, total),
        )

    def _left(self, phase: Phase, done: int, total: int | None) -> str:
        """Return how long a phase will take at the pace it has had; "" while that cannot be told."""
        began, before = self._begun[phase]
        gone = self._clock() - began
        if total is None or done <= before or done >= total or gone < _PATIENCE:
            return ""
        return _("{time} left").format(time=lasting(gone / (done - before) * (total - done)))

    def _draw(self) -> Any:
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

        console = self._console()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=max(_SHORTEST, min(_LONGEST, console.width - _TEXTS))),
            TextColumn("{task.fields[counted]}"),
            TextColumn("{task.fields[left]}"),
        )
        drawn = Progress(*columns, console=console, transient=True)
        drawn.start()
        return drawn

    def stop(self) -> None:
        """Take the bars away: also before anything else is printed or asked."""
        if self._drawn is not None:
            self._drawn.stop()
        self._drawn = None
        self._tasks.clear()
