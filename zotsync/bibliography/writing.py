"""Item files: from fields to the text of a new file, and values as TOML.

What is written reads back the same. This is our own writer: thousands of files are made by a first pull.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zotsync.bibliography.field_order import rank
from zotsync.errors import FileError, Place
from zotsync.i18n import _

WIDTH = 100
_SURROGATES = ("\ud800", "\udfff")
# Control characters must be escaped; the line ends that some editors see in U+0085, U+2028 and
# U+2029, and a BOM, would be changed by those editors without a word.
_HIDDEN = "\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff\ud800-\udfff"
_CARE = re.compile(rf'[{_HIDDEN}\n"\\]')
_LITERAL = re.compile(rf"[^{_HIDDEN}\n']*")
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_LONG_CARE = re.compile(rf'[{_HIDDEN}\\]|""(?=")|"\Z|^[<>|](?=[<>|]{{6}})', re.MULTILINE)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def new_item_text(key: str | None, fields: Mapping[str, Any]) -> str:
    """Return the text of a new item file.

    `fields` are in normal form but for `collections`, which holds paths. Empty fields are left out.
    Values that a file cannot hold (numbers and booleans of a newer schema) are left out too: such
    fields stay as they are in Zotero. Raise FileError for a text that no file can hold.
    """
    lines = [f'key = "{key}"\n'] if key else []
    for name in _in_order(tuple(fields)):
        value = fields[name]
        if isinstance(value, str):
            if value:
                lines.append(f"{toml_key(name)} = {toml_text(value)}\n")
        elif in_file(value):
            lines.append(f"{toml_key(name)} = {field_value(name, value)}\n")
    return "".join(lines)


@lru_cache(maxsize=512)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted((name for name in names if name != "key"), key=rank))


def in_file(value: Any) -> bool:
    """Return whether a field's value is written: not empty, and something a file can hold."""
    if isinstance(value, str):
        return bool(value)
    return isinstance(value, (list, tuple, dict)) and bool(value) and _holdable(value)


def _holdable(value: Any) -> bool:
    if isinstance(value, (str, int)):
        return True
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return False
    return all([_holdable(part) for part in value])  # noqa: C419 - faster, and the lists are short


@lru_cache(maxsize=512)
def toml_key(name: str) -> str:
    """Return a key as TOML, with quotes where it needs them."""
    return name if _BARE_KEY.fullmatch(name) else line_text(name)


def field_value(name: str, value: Any) -> str:
    """Return a field's value as TOML, laid out as the field usually is."""
    if name == "creators":
        return _tall(value)
    if name == "tags":
        return _list([tag_value(entry) for entry in value], len(name))
    if isinstance(value, (list, tuple)):
        return _list([toml_value(part) for part in value], len(name))
    return toml_value(value)


def tag_value(entry: Any) -> str:
    """Return a tag as TOML: a text, or a table for an automatic one."""
    if isinstance(entry, str):
        return toml_text(entry)
    return toml_value(entry) if entry.get("type") else toml_text(entry["tag"])


def _list(parts: list[str], indent: int) -> str:
    line = f"[{', '.join(parts)}]"
    if len(line) + indent + 3 <= WIDTH:
        return line
    return "[\n" + "".join(f"    {part},\n" for part in parts) + "]"


def _tall(values: Any) -> str:
    if not isinstance(values, (list, tuple)):
        return toml_value(values)
    return "[\n" + "".join(f"    {toml_value(value)},\n" for value in values) + "]"


def toml_value(value: Any) -> str:
    """Return any value as TOML, on one line but for texts with line breaks at the top."""
    if isinstance(value, str):
        return toml_text(value)
    return _inline(value)


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return line_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        pairs = ", ".join([f"{toml_key(n)} = {_inline(v)}" for n, v in value.items()])
        return f"{{ {pairs} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_inline(part) for part in value)}]"
    return str(value)


def toml_text(text: str) -> str:
    """Return a text as TOML: with line breaks between three quotes, else on one line."""
    if not _CARE.search(text):
        return f'"{text}"'
    if "\n" in text:
        return f'"""\n{_LONG_CARE.sub(_escape, text)}"""'
    return line_text(text)


def line_text(text: str) -> str:
    """Return a text as TOML on one line, also as a key."""
    if not _CARE.search(text):
        return f'"{text}"'
    if _LITERAL.fullmatch(text):  # quotes or backslashes, and no apostrophe
        return f"'{text}'"
    return f'"{_CARE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    first = found[0]
    if first == '""':
        return '"\\"'
    if first in _SHORT:
        return _SHORT[first]
    code = ord(first)
    if _SURROGATES[0] <= first <= _SURROGATES[1]:
        message = _("A text holds half a character (U+{code:04X}), which no file can hold.")
        raise FileError(message.format(code=code), place=Place())
    return f"\\u{code:04X}"
