"""Whether a document is open in Word or LibreOffice, and whose: both leave a file beside it that says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_WIDE = 54
"""Where the name of Word's user stands once more, two bytes a letter, behind two that count them."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a document open. Names that cannot be read are empty."""

    program: str
    name: str
    file: Path
    """The file that says so."""


def holder_of(document: Path) -> Holder | None:
    """Return who has the document open; None where nobody has, as far as files tell."""
    name = document.name
    libre = document.with_name(f".~lock.{name}#")
    # Word drops up to two letters of the name, so that its own is no longer.
    for word in dict.fromkeys(document.with_name(f"~${name[skipped:]}") for skipped in (0, 1, 2)):
        if word.is_file():
            return Holder("Word", _word_user(_bytes(word)), word)
    if libre.is_file():
        return Holder("LibreOffice", _libre_user(_bytes(libre)), libre)
    return None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # Word lets nobody read it
        return b""


def _word_user(raw: bytes) -> str:
    """Return the user's name: counted letters, in one byte each, and then in two."""
    count = raw[_WIDE] if len(raw) > _WIDE else 0
    wide = raw[_WIDE + 2 : _WIDE + 2 + 2 * count]
    if count and len(wide) == 2 * count:
        return _printable(wide.decode("utf-16-le", "replace"))
    count = raw[0] if raw else 0
    return _printable(raw[1 : 1 + count].decode("cp1252", "replace"))


def _libre_user(raw: bytes) -> str:
    """Return the full name of LibreOffice's user, else the login."""
    fields = raw.decode("utf-8", "replace").split(",")
    return next((_printable(f) for f in fields[:2] if f.strip()), "")


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()
