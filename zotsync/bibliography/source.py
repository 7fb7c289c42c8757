"""Where things stand in a TOML text: what tomllib does not tell.

Pure. Used on texts that tomllib has accepted: for the line of a key, and for values as they were typed
(`volume = 1.10`, `date = 2020-01-31`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# No possessive quantifiers: Python before 3.11.5 gets them wrong. Alternatives exclude each other.
_BARE = r"[A-Za-z0-9_-]+"
_STRING = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*""""{0,2}'
    r"|'''[^']*(?:'(?!'')[^']*)*''''{0,2}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'"
)
_BLANK = re.compile(r"[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*")
_KEYS = re.compile(
    rf"(?:{_BARE}|{_STRING})(?:[ \t]*\.[ \t]*(?:{_BARE}|{_STRING}))*[ \t]*=[ \t]*", re.DOTALL
)
_FIRST = re.compile(rf"({_BARE})|{_STRING}", re.DOTALL)
TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<comment>#[^\n]*)|(?P<mark>[\[\]{{}},=\n])"
    r"|(?P<blank>[ \t\r]+)|(?P<bare>[^\s\[\]{},=#\"']+)",
    re.DOTALL,
)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A `name = value` at the top level."""

    name: str
    """The first part of the key."""
    line: int
    value: str
    """The value as typed."""


def statements(text: str) -> list[Statement]:
    """Return the assignments at the top level, up to the first table header, in order."""
    found: list[Statement] = []
    position, line = 0, 1
    while True:
        start = _skip(text, position)
        line += text.count("\n", position, start)
        keys = _KEYS.match(text, start)
        if keys is None:
            return found
        end = _value_end(text, keys.end())
        found.append(Statement(_first_key(text, start), line, text[keys.end() : end].rstrip(" \t")))
        line += text.count("\n", start, end)
        position = end


def _skip(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position


def _first_key(text: str, start: int) -> str:
    first = _FIRST.match(text, start)
    if first is None:
        return ""
    if first[1]:
        return first[1]
    quoted = first[0]
    return quoted[1:-1] if quoted[0] == "'" else _ESCAPE.sub(_unescape, quoted[1:-1])


def _unescape(escape: re.Match[str]) -> str:
    if code := escape[1] or escape[2]:
        return chr(int(code, 16))
    return _SHORT.get(escape[3], escape[3])


def _value_end(text: str, start: int) -> int:
    """Return where the value that starts at `start` ends: before its comment or line end."""
    depth = 0
    for token in TOKEN.finditer(text, start):
        mark = token["mark"]
        if mark and mark in "[{":
            depth += 1
        elif mark and mark in "]}":
            depth -= 1
        elif not depth and (mark == "\n" or token["comment"]):
            return token.start()
    return len(text)


def typed_scalars(value: str) -> Iterator[str]:
    """Yield the scalars in the value as typed, in order; for texts in quotes, their source."""
    pending = ""
    for token in TOKEN.finditer(value):
        if bare := token["bare"]:
            # A date and its time may have a blank between them.
            pending = f"{pending} {bare}" if pending else bare
        elif token["string"]:
            pending = token["string"]
        elif mark := token["mark"]:
            if mark == "=":  # what stood before was a key of an inline table
                pending = ""
            elif pending and mark != "\n":
                yield pending
                pending = ""
    if pending:
        yield pending


def as_typed(value: Any, source: str) -> Any:
    """Return `value` with numbers, dates and times as the texts typed in `source`.

    Booleans stay. `source` is the value's own text; "" where it is not known: then numbers and dates
    become what Python writes for them.
    """
    scalars = typed_scalars(source)

    def typed(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: typed(inner) for name, inner in part.items()}
        if isinstance(part, list):
            return [typed(inner) for inner in part]
        text = next(scalars, "")
        if isinstance(part, (str, bool)):
            return part
        return text if text and text[0] not in "\"'" else str(part)

    return typed(value)


def all_text(value: Any) -> bool:
    """Return whether there is nothing but texts in `value`: then it needs no `as_typed`."""
    if isinstance(value, list):
        return all(all_text(part) for part in value)
    if isinstance(value, dict):
        return all(all_text(part) for part in value.values())
    return isinstance(value, str)
