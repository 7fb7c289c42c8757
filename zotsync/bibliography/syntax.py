"""TOML as people type it: decoding and parsing, with errors that say what to do.

Errors of tomllib are translated here, once.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.toml_source import read_text

_SPOT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_MARKER = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNQUOTED = re.compile(r"\s*[^=#\"']+=\s*([^\s\"'\[{#][^\"#]*)")
_QUOTE_INSIDE = re.compile(r"\s*[^=#\"']+=\s*([\"'])[^\"']*\1?[^\s#].*\1")


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
        raise _explained(exc, text, file) from exc
    except RecursionError as exc:
        raise FileError(_("Brackets are nested too deeply."), place=Place(file)) from exc
    except ValueError as exc:  # a whole number of thousands of digits
        hint = _("Put quotes around it.")
        raise FileError(_("A number is too long."), place=Place(file), hint=hint) from exc


def _explained(exc: tomllib.TOMLDecodeError, text: str, file: str) -> FileError:
    spot = _SPOT.search(str(exc))
    reason = _SPOT.sub("", str(exc))
    lines = text.split("\n")
    number = int(spot[1]) if spot and spot[1] else len(text.rstrip().split("\n"))
    message, hint = _meaning(reason, lines[number - 1])
    return FileError(message, place=Place(file, number), hint=hint)


def _meaning(reason: str, line: str) -> tuple[str, str]:
    """Return what is wrong and what to do, for tomllib's reason and the line it stands on."""
    if reason.startswith("Unescaped '\\'"):
        return _("A backslash between double quotes."), _(
            r"Use single quotes instead: 'Arts\/lettres'"
        )
    if reason == r"Illegal character '\n'":
        return _("A text does not end on its line."), _(
            'Close the quotes. A text with line breaks stands between three quotes: """'
        )
    if reason.startswith(("Unterminated string", "Expected \"'''\"", 'Expected \'"""\'')):
        return _("A text is not closed."), _('Put """ where it ends.')
    if reason.startswith(("Cannot overwrite", "Cannot declare", "Duplicate inline")):
        return _("A name stands here twice."), _("Remove one of the two lines.")
    if reason.startswith(("Expected newline", "Invalid value", "Invalid date")):
        return _unreadable_value(line)
    if reason.startswith("Unclosed array"):
        return _("A list is not closed, or a comma is missing."), _(
            "Put a comma between two entries, and ] after the last."
        )
    return _("This is not valid TOML: {reason}").format(reason=reason), ""


def _unreadable_value(line: str) -> tuple[str, str]:
    if found := _UNQUOTED.match(line):
        hint = _('Put quotes around it: "{value}"').format(value=found[1].strip())
        return _("This value cannot be read."), hint
    if _QUOTE_INSIDE.match(line):
        hint = _('Between double quotes, write a double quote as \\" and an apostrophe as it is.')
        return _("There is a quote inside the quotes."), hint
    return _("This value cannot be read."), _("Put quotes around it.")
