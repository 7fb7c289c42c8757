"""A TOML text with its lines, so that whatever is wrong in it is told with file and line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.i18n import _

_SPOT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
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
            spot = _SPOT.search(str(exc))
            line = int(spot[1]) if spot and spot[1] else len(self.text.splitlines())
            message = _("This is not valid TOML: {reason}").format(reason=_SPOT.sub("", str(exc)))
            raise self.error_type(message, place=Place(self.file, line)) from exc

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
