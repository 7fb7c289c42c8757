"""A TOML text with its lines, so that whatever is wrong in it is told with file and line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.i18n import _

_SPOT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_UNQUOTED = re.compile(r"\s*[^=#\"']+=\s*([^\s\"'\[{#][^\"#]*)")
_QUOTE_INSIDE = re.compile(r"\s*[^=#\"']+=\s*([\"'])[^\"']*\1?[^\s#].*\1")
_HEADER = re.compile(r"\s*\[+\s*[\"']?(.*?)[\"']?\s*\]+\s*(?:#.*)?$")


def read_text(raw: bytes, file: str, error: type[ZotsyncError] = FileError) -> str:
    """Return a file's UTF-8 text without BOM and with LF alone; raises `error` with the line."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        hint = _("Save the file with the encoding UTF-8.")
        raise error(_("This is not UTF-8."), place=Place(file, line), hint=hint) from exc


@dataclass(frozen=True, slots=True)
class TomlSource:
    """The text of a TOML file (LF alone) and the name by which errors call the file."""

    text: str
    file: str
    error_type: type[ZotsyncError] = FileError

    def parsed(self) -> dict[str, Any]:
        """Return the data; a syntax error is raised with its line."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as exc:
            line, message, hint = explained(exc, self.text)
            raise self.error_type(message, place=Place(self.file, line), hint=hint) from exc

    def error(self, message: str, name: str, table: str = "", hint: str = "") -> ZotsyncError:
        """Return an error on the setting `name` of `table` ("": top level)."""
        spot = f"{table}.{name}" if table else name
        place = Place(self.file, self.line(name, table), spot)
        return self.error_type(message, place=place, hint=hint)

    def line(self, name: str, table: str = "") -> int | None:
        """Return the line on which `name` is set in `table`; None where it cannot be told."""
        quoted = rf"[\"']?{re.escape(name)}[\"']?"
        plain = re.compile(rf"\s*{quoted}\s*[=.]")
        dotted = re.compile(rf"\s*{re.escape(table)}\s*\.\s*{quoted}\s*=")
        here = ""
        for number, line in enumerate(self.text.split("\n"), 1):
            if found := _HEADER.match(line):
                here = found[1]
                if not table and here.partition(".")[0] == name:
                    return number
            elif (here == table and plain.match(line)) or (not here and dotted.match(line)):
                return number
        return None


def explained(exc: tomllib.TOMLDecodeError, text: str) -> tuple[int, str, str]:
    """Return the line of a syntax error in `text` (LF alone), what is wrong, and what to do."""
    spot = _SPOT.search(str(exc))
    lines = text.split("\n")
    number = int(spot[1]) if spot and spot[1] else len(text.rstrip().split("\n"))
    return number, *_meaning(_SPOT.sub("", str(exc)), lines[number - 1])


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
    if reason.startswith("Expected '=' after a key"):
        return _("An equals sign is missing."), _('Write it as: name = "value"')
    if reason.startswith("Invalid statement"):
        return _("This line is neither a setting nor the title of a table."), _(
            'Write it as name = "value", or put # before it. Is a text on several lines not closed?'
        )
    if reason.startswith("Expected ']"):
        return _("A square bracket is not closed."), _("The title of a table is written [so].")
    return _("This is not valid TOML: {reason}").format(reason=reason), ""


def _unreadable_value(line: str) -> tuple[str, str]:
    if found := _UNQUOTED.match(line):
        hint = _('Put quotes around it: "{value}"').format(value=found[1].strip())
        return _("This value cannot be read."), hint
    if _QUOTE_INSIDE.match(line):
        hint = _('Between double quotes, write a double quote as \\" and an apostrophe as it is.')
        return _("There is a quote inside the quotes."), hint
    return _("This value cannot be read."), _("Put quotes around it.")
