"""Checks of the signs that texts are made of: lost ones, and those of a wrong encoding. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zotsync.curating.finding import Facts, Finding
from zotsync.curating.texts import TEXTS, mended, mended_names, texts_of
from zotsync.model import Fields

_LOST = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff]")
"""The sign for what could not be read, what is no character, what one font alone has."""
_BYTES = {
    bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)
}
"""Sign -> the byte that it is in Windows' Western encoding, whose gaps are filled as programs do."""
_SIGNS = {byte: sign for sign, byte in _BYTES.items()}
_BEHIND = "".join(re.escape(_SIGNS[byte]) for byte in range(0x80, 0xC0))
_MISREAD = re.compile(f"[ÂÃÅ][{_BEHIND}]|â[€‚„][{_BEHIND}]")
"""What French letters and marks in UTF-8 look like there: `Ã©` for é, `â€™` for ’, `Å“` for œ."""
_LOST_BLANK = re.compile("Ã  ?")
"""What is left of à where no-break spaces were made plain: `Ã ` alone may well be right."""
_TIMES = 2
"""Some texts were misread twice."""


def lost(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find signs that nobody can read."""
    for name, text in texts_of(fields, TEXTS):
        if _LOST.search(text):
            yield Finding(name, {"value": text})


def misread(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find texts and names in UTF-8 that a program took for another encoding (`Ã©` for é)."""
    yield from mended(fields, TEXTS, _read_again, safe=False)
    yield from mended_names(fields, _read_again, safe=False)


def _read_again(text: str) -> str:
    """Return a text as it was meant."""
    new = text
    for _ in range(_TIMES):
        new = _MISREAD.sub(_meant, new)
    return new if new == text else _LOST_BLANK.sub("à ", new)


def _meant(found: re.Match[str]) -> str:
    """Return what misread signs mean; they themselves where they mean nothing."""
    try:
        return bytes(_BYTES[sign] for sign in found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
