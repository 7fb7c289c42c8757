"""Which characters the fonts of this machine have: read from the font files themselves."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_SINGLE = frozenset({b"\x00\x01\x00\x00", b"OTTO", b"true"})
_FAMILIES = frozenset({1, 16})
"""Name ids: the family as Word lists it, and the typographic family."""
_BROKEN = (OSError, struct.error, UnicodeError)
_MAX_GROUPS = 100_000


def font_folders(
    platform: str = sys.platform, environ: Mapping[str, str] = os.environ
) -> list[Path]:
    """Return the folders where a system of that kind keeps fonts."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "/")
    if platform == "win32":
        windows = Path(environ.get("WINDIR") or "C:/Windows")
        local = Path(environ.get("LOCALAPPDATA") or home)
        return [windows / "Fonts", local / "Microsoft" / "Windows" / "Fonts"]
    if platform == "darwin":
        office = Path("/Applications/Microsoft Word.app/Contents/Resources/DFonts")
        system = [Path("/System/Library/Fonts"), Path("/Library/Fonts")]
        return [*system, home / "Library" / "Fonts", office]
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [*shared, home / ".local" / "share" / "fonts", home / ".fonts"]


def having(sign: str, fonts: Iterable[str], folders: Iterable[Path]) -> dict[str, bool]:
    """Return font name -> whether it has `sign`, for those of `fonts` that stand in `folders`.

    A font of several faces has the sign where one of them has it.
    """
    wanted = {font.casefold(): font for font in fonts}
    found: dict[str, bool] = {}
    for file in _files(folders):
        for name, has in _told(file, wanted, sign):
            found[wanted[name]] = found.get(wanted[name], False) or has
    return found


@dataclass(frozen=True, slots=True)
class _Face:
    """One face of an open font file."""

    stream: BinaryIO
    tables: Mapping[bytes, int]
    """Table name -> where it begins."""

    @property
    def families(self) -> frozenset[str]:
        """Return the family's names, in lower case."""
        start = self.tables[b"name"]
        _version, count, strings = _unpack(self.stream, start, ">HHH")
        found = set()
        for index in range(count):
            row = _unpack(self.stream, start + 6 + 12 * index, ">HHHHHH")
            platform, _encoding, _language, name, length, offset = row
            if name in _FAMILIES:
                raw = _read(self.stream, start + strings + offset, length)
                coding = "mac_roman" if platform == 1 else "utf-16-be"
                found.add(raw.decode(coding).casefold())
        return frozenset(found)

    def has(self, sign: int) -> bool:
        """Return whether a character map of the face has the character."""
        start = self.tables[b"cmap"]
        _version, count = _unpack(self.stream, start, ">HH")
        for index in range(count):
            platform, _encoding, offset = _unpack(self.stream, start + 4 + 8 * index, ">HHI")
            if platform in {0, 3} and _mapped(self.stream, start + offset, sign):
                return True
        return False


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, _folders, names in os.walk(folder):
            yield from (Path(place, n) for n in names if Path(n).suffix.lower() in _ENDINGS)


def _told(file: Path, wanted: Container[str], sign: str) -> list[tuple[str, bool]]:
    """Return the wanted families in a font file, and whether they have `sign`; none if it is damaged."""
    found = []
    try:
        with file.open("rb") as stream:
            for start in _starts(stream):
                face = _Face(stream, _tables(stream, start))
                found += [(n, face.has(ord(sign))) for n in face.families if n in wanted]
    except _BROKEN:
        return []
    return found


def _starts(stream: BinaryIO) -> tuple[int, ...]:
    head = stream.read(4)
    if head == b"ttcf":
        (count,) = _unpack(stream, 8, ">I")
        return _unpack(stream, 12, f">{min(count, 256)}I")
    return (0,) if head in _SINGLE else ()


def _tables(stream: BinaryIO, start: int) -> dict[bytes, int]:
    (count,) = _unpack(stream, start + 4, ">H")
    rows = (_read(stream, start + 12 + 16 * index, 16) for index in range(count))
    found = {row[:4]: int.from_bytes(row[8:12]) for row in rows}
    if not {b"name", b"cmap"} <= found.keys():
        raise struct.error
    return found


def _mapped(stream: BinaryIO, start: int, sign: int) -> bool:
    """Return whether a character map (of form 4 or 12: the others hold no text fonts) has `sign`."""
    (form,) = _unpack(stream, start, ">H")
    if form == 12:  # noqa: PLR2004 - the number of the form
        (count,) = _unpack(stream, start + 12, ">I")
        groups = _read(stream, start + 16, 12 * min(count, _MAX_GROUPS))
        return any(a <= sign <= z for a, z, _glyph in struct.iter_unpack(">III", groups))
    if form == 4 and sign <= 0xFFFF:  # noqa: PLR2004
        return _in_segments(stream, start, sign)
    return False


def _in_segments(stream: BinaryIO, start: int, sign: int) -> bool:
    (double,) = _unpack(stream, start + 6, ">H")
    words = f">{double // 2}H"
    ends = _unpack(stream, start + 14, words)
    place = start + 16 + double
    starts, deltas = (_unpack(stream, place + n * double, words) for n in (0, 1))
    offsets = _unpack(stream, place + 2 * double, words)
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if first <= sign <= last:
            if not offsets[index]:
                return (sign + deltas[index]) % 0x10000 != 0
            glyph = place + 2 * (double + index) + offsets[index] + 2 * (sign - first)
            return _unpack(stream, glyph, ">H") != (0,)
    return False


def _unpack(stream: BinaryIO, start: int, form: str) -> tuple[int, ...]:
    return struct.unpack(form, _read(stream, start, struct.calcsize(form)))


def _read(stream: BinaryIO, start: int, length: int) -> bytes:
    stream.seek(start)
    return stream.read(length)
