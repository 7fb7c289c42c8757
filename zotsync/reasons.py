"""What operating systems say of a failure, in the user's language."""

from __future__ import annotations

import re

from zotsync.i18n import N_, _

_SYSTEMS_WORDS = (
    N_("Permission denied"),
    N_("No such file or directory"),
    N_("File exists"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File name too long"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("Resource busy"),
    N_("Device or resource busy"),
    N_("Too many open files"),
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("Network is unreachable"),
    N_("No route to host"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
    N_("database is locked"),
    N_("database or disk is full"),
    N_("disk I/O error"),
    N_("attempt to write a readonly database"),
    N_("unable to open database file"),
)
"""What operating systems say in English, whatever the user's language: there to be translated."""
_NUMBER = re.compile(r"^\[(?:Errno|WinError) -?\d+\] ")


def reason_of(exc: OSError) -> str:
    """Return why the system refused, in the user's language if its words are known."""
    return in_words(exc.strerror or str(exc))


def in_words(text: str) -> str:
    """Return what a system said of a failure without its number, translated if it is known."""
    plain = _NUMBER.sub("", text)
    return _(plain)
