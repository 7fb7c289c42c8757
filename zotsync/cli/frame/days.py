"""Days as people type them: 2026-11-22, 22/11/2026, 22 novembre 2026; or a month, or a year."""

from __future__ import annotations

import re
from datetime import datetime

import click

from zotsync.handout.text import dates
from zotsync.i18n import _

_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def beginning_of(day: str) -> datetime | None:
    """Return when a day, month or year begins here; None where it is none."""
    year, month, day_of_month = dates.parse_iso(_iso(day)) or (0, 0, 0)
    try:
        return datetime(year, month or 1, day_of_month or 1).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def day_typed(
    _context: click.Context, _param: click.Parameter, typed: str | None
) -> datetime | None:
    """Return when the day begins that was given to an option; its callback."""
    found = beginning_of(typed) if typed else None
    if typed and found is None:
        example = _("For example 2026-11-22 or 22/11/2026.")
        raise click.BadParameter(_("{text} is no day.").format(text=typed) + " " + example)
    return found


def _iso(day: str) -> str:
    """Return the ISO form of `12/09/2026` and `12 septembre 2026`; anything else as it is."""
    if found := _DAY_FIRST.fullmatch(day):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return dates.from_words(day) or day
