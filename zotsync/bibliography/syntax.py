"""TOML as people type it: decoding and parsing, with errors that say what to do."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.toml_source import explained, read_text

_MARKER = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def decode(raw: bytes, file: str) -> str:
    """Return a file's text without BOM and with LF alone; FileError unless it is UTF-8."""
    if raw.startswith(_UTF16):
        hint = _("Save the file with the encoding UTF-8.")
        raise FileError(_("This is UTF-16, not UTF-8."), place=Place(file, 1), hint=hint)
    return read_text(raw, file)


def load(text: str, file: str) -> dict[str, Any]:
    """Return the data in a TOML text (LF alone), decimals as typed.

    Raise FileError with the line, and a hint, for text that is not TOML and for the marks that git
    leaves where it could not merge (also inside a long text, where TOML would accept them).
    """
    if marker := _MARKER.search(text):
        place = Place(file, text.count("\n", 0, marker.start()) + 1)
        hint = _("Keep one of the two versions, and remove the lines <<<<<<<, ======= and >>>>>>>.")
        raise FileError(_("Git could not merge this file."), place=place, hint=hint)
    try:
        return tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as exc:
        number, message, hint = explained(exc, text)
        raise FileError(message, place=Place(file, number), hint=hint) from exc
    except RecursionError as exc:
        raise FileError(_("Brackets are nested too deeply."), place=Place(file)) from exc
    except ValueError as exc:  # a whole number of thousands of digits
        hint = _("Put quotes around it.")
        raise FileError(_("A number is too long."), place=Place(file), hint=hint) from exc
