"""What is new in a handout since a day, a run, or its last printing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from zotsync.cli.frame.days import beginning_of
from zotsync.cli.frame.opening import Opened
from zotsync.cli.handouts.rendering import house_of
from zotsync.errors import NotThereError, UsageError
from zotsync.handout.compose import Library
from zotsync.handout.handoutfile import Handout
from zotsync.handout.keeping.prints import Printing
from zotsync.handout.render import outline
from zotsync.handout.text import dates
from zotsync.handout.theming.themes import Theme
from zotsync.i18n import _
from zotsync.sync.remembering.history import arrivals
from zotsync.sync.remembering.item_dates import ItemDates, item_dates, last_run_by, run_end
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.named_runs import last_runs, run_named

LAST = "last"
"""Since the handout was last printed."""


@dataclass(frozen=True)
class News:
    """What has come into a handout since a moment."""

    since: datetime
    new: tuple[str, ...]
    """Keys of what was added."""
    changed: tuple[str, ...]
    """Titles of what was there before and was changed."""


def news_of(  # noqa: PLR0913, PLR0917 - the whole of what a handout depends on
    opened: Opened, handout: Handout, library: Library, theme: Theme, asked: str, before: Printing
) -> tuple[News, Handout, Library]:
    """Return what is new, and the handout and the library that print that alone."""
    since, run = _since(opened, asked, before)
    later = _written_after(opened, run)
    found = outline(handout, library, theme, opened.schema, house=house_of(opened))
    known = _dates(opened)
    listed = {entry.key: entry.title for section in found.sections for entry in section.entries}
    new = tuple(key for key in listed if later.get(key) or _is_from(known[key].added, since))
    changed = tuple(
        title
        for key, title in listed.items()
        if key not in new and (key in later or _is_from(known[key].modified, since))
    )
    day = dates.words(since.astimezone().date().isoformat())
    title = f"{handout.title or Path(handout.file).stem} : {theme.labels.get('news', '')}{day}"
    others = set(listed) - set(new)
    items = {key: fields for key, fields in library.items.items() if key not in others}
    news = News(since, new, changed)
    return news, replace(handout, title=title), replace(library, items=items)


def _since(opened: Opened, asked: str, before: Printing) -> tuple[datetime, int | None]:
    """Return the moment that is meant: a run's end, the last printing, or the beginning of a day.

    With it, but for a day, the last run that belongs to what was before: Zotero's dates tell no more than
    the second.
    """
    if asked == LAST:
        if not before.printed:
            hint = _("Name a day: --changes-since {day}").format(day="2026-11-22")
            raise NotThereError(_("This handout was never printed here."), hint=hint)
        printed = datetime.fromisoformat(before.printed)
        return printed, last_run_by(opened.engine.state, printed)
    if asked.isdecimal():
        run = run_named(Journal(opened.engine.state), asked).id
        return run_end(opened.engine.state, run), run
    if (found := beginning_of(asked)) is not None:
        return found, None
    message = _("{text} is neither a day nor a run.").format(text=asked)
    hint = _("For example 2026-11-22, 22/11/2026, {last}, or the number of a run.").format(
        last=LAST
    )
    raise UsageError(message, hint=f"{hint}\n{last_runs(Journal(opened.engine.state))}")


def _written_after(opened: Opened, run: int | None) -> Mapping[str, bool]:
    """Return key -> whether it came, of what later runs wrote."""
    later = () if run is None else Journal(opened.engine.state).since(run)
    return arrivals(entry for _run, entry in reversed(later))


def _is_from(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment >= since


def _dates(opened: Opened) -> Mapping[str, ItemDates]:
    """Return key -> dates of all items: Zotero's, else those of the file, which nobody has sent yet."""
    found = item_dates(opened.engine.state)
    for key, path in opened.engine.files().items():
        if key not in found:
            stat = (opened.workspace.items / path).stat()
            made = getattr(
                stat, "st_birthtime", stat.st_ctime if os.name == "nt" else stat.st_mtime
            )
            changed = datetime.fromtimestamp(stat.st_mtime, UTC)
            found[key] = ItemDates(datetime.fromtimestamp(made, UTC), changed)
    return found
