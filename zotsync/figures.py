"""Numbers, moments and spans of time, written as people write them in the language of messages."""

from __future__ import annotations

from datetime import datetime

from zotsync.i18n import _, language, ngettext

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
        *("juill.", "août", "sept.", "oct.", "nov.", "déc."),
    ),
}
_THOUSANDS = {"en": ",", "fr": "\u202f"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def number(n: int) -> str:
    """Return a count with its thousands apart: `1 234` in French, `1,234` in English."""
    return f"{n:,}".replace(",", _THOUSANDS[language()])


def day(moment: datetime) -> str:
    """Return the day of a moment, where we are: `23 nov. 2026`, `1er déc. 2026`, `23 Nov 2026`."""
    here = moment.astimezone()
    first = language() == "fr" and here.day == 1
    month = _MONTHS[language()][here.month - 1]
    return f"{'1er' if first else here.day}\u00a0{month}\u00a0{here.year}"


def clock(moment: datetime) -> str:
    """Return the time of day, where we are: `14 h 05` in French, `14:05` in English."""
    here = moment.astimezone()
    if language() == "fr":
        return f"{here.hour}\u00a0h\u00a0{here.minute:02}"
    return f"{here.hour:02}:{here.minute:02}"


def when(moment: datetime) -> str:
    """Return day and time: `23 nov. 2026, 14 h 05`."""
    return f"{day(moment)}, {clock(moment)}"


def ago(seconds: float) -> str:
    """Return how long ago something was, in its largest unit."""
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        n = int(seconds // _MINUTE)
        return ngettext("{n} minute ago", "{n} minutes ago", n).format(n=n)
    if seconds < _DAY:
        n = int(seconds // _HOUR)
        return ngettext("{n} hour ago", "{n} hours ago", n).format(n=n)
    n = int(seconds // _DAY)
    return ngettext("{n} day ago", "{n} days ago", n).format(n=number(n))


def lasting(seconds: float) -> str:
    """Return a span of time in its two largest units: `45 s`, `3 min 20 s`, `1 h 05`."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole}\u00a0s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}\u00a0min\u00a0{whole % _MINUTE:02}\u00a0s"
    return f"{whole // _HOUR}\u00a0h\u00a0{whole % _HOUR // _MINUTE:02}"
