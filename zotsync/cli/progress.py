"""Progress bars. rich is imported when work turns out to be long, not before."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from zotsync.i18n import N_, _
from zotsync.model import Phase

_PATIENCE = 0.4
"""Seconds after which work counts as long."""

_NAMES = {
    Phase.PULL: N_("Fetching from Zotero"),
    Phase.SCAN: N_("Reading the files"),
    Phase.FILES: N_("Writing the files"),
    Phase.PUSH: N_("Sending to Zotero"),
    Phase.RENDER: N_("Writing the document"),
    Phase.LINKS: N_("Asking for the links"),
}


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

    def __call__(self, phase: Phase, done: int, total: int | None) -> None:
        """Move the bar of `phase`."""
        if self._drawn is None:
            if self._clock() - self._started < _PATIENCE:
                return
            self._drawn = self._draw()
        if phase not in self._tasks:
            self._tasks[phase] = self._drawn.add_task(_(_NAMES[phase]), total=total)
        self._drawn.update(self._tasks[phase], completed=done, total=total)

    def _draw(self) -> Any:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415
        from rich.progress import TimeRemainingColumn as TimeLeftColumn  # noqa: PLC0415

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeLeftColumn(),
        )
        drawn = Progress(*columns, console=self._console(), transient=True)
        drawn.start()
        return drawn

    def stop(self) -> None:
        """Take the bars away: also before anything else is printed or asked."""
        if self._drawn is not None:
            self._drawn.stop()
        self._drawn = None
        self._tasks.clear()
