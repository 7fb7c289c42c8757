"""QR codes of addresses, as small pictures.

zxing-cpp makes one in 0.04 ms. Where it has no wheel there is segno, pure Python, in 1.3 ms.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache, lru_cache

_LEVELS = (("M", 2331), ("L", 2953))
"""Levels of error correction, and how many bytes the largest code holds at each."""
_MASK = 3
"""One of the eight that scanners read: looking for the best takes five times as long as making the
code, and gains a twentieth in the standard's penalties (measured over addresses of articles)."""
_QUIET = 4
"""Light modules around a code."""
_PIXELS = 4
"""Width of a module in pixels: one hexadecimal digit, which makes packing them fast."""
_DARK, _LIGHT = b"\x00", b"\xff"
_DIGITS = bytes.maketrans(_DARK + _LIGHT, b"0f")
_OF_SEGNO = bytes.maketrans(b"\x01\x00", _DARK + _LIGHT)


@lru_cache(maxsize=1024)
def png(text: str) -> bytes:
    """Return the QR code of `text` as a PNG, black on white; b"" where `text` is empty or too long.

    The same text gives the same bytes. Four pixels a module, four light modules around them.
    """
    level = _level(text)
    return _packed(*_modules(text, level)) if level else b""


def fits(text: str) -> bool:
    """Return whether there is a QR code of `text`, without making it."""
    return bool(_level(text))


def _level(text: str) -> str:
    size = len(text) if text.isascii() else len(text.encode())
    return next((level for level, longest in _LEVELS if 0 < size <= longest), "")


def _modules(text: str, level: str) -> tuple[int, bytes]:
    """Return a code's width and its modules, row by row, a byte each."""
    try:
        import zxingcpp  # noqa: PLC0415 - a compiled library, for codes alone
    except ImportError:  # no wheel for this machine
        return _modules_in_python(text, level)
    code = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, data_mask=_MASK
    )
    image = code.to_image()
    return image.shape[0], bytes(image)  # type: ignore[call-overload,unused-ignore]  # a buffer


def _modules_in_python(text: str, level: str) -> tuple[int, bytes]:
    import segno  # noqa: PLC0415 - as above

    code = segno.make_qr(text, error=level, mask=_MASK, encoding="utf-8", boost_error=False)
    rows = [bytes(row).translate(_OF_SEGNO) for row in code.matrix]
    width = len(rows) + 2 * _QUIET
    beside, above = _LIGHT * _QUIET, _LIGHT * (width * _QUIET)
    return width, above + b"".join(beside + row + beside for row in rows) + above


def _packed(width: int, modules: bytes) -> bytes:
    """Return a PNG of one bit a pixel."""
    digits = modules.translate(_DIGITS).decode()
    odd = "0" * (width % 2)  # a row fills its last byte
    starts = range(0, len(digits), width)
    rows = [f"00{digits[at : at + width]}{odd}" * _PIXELS for at in starts]
    small = zlib.compressobj(1, wbits=12, memLevel=4)  # the usual tables take longer to clear
    pixels = small.compress(bytes.fromhex("".join(rows))) + small.flush()
    return _beginning(width * _PIXELS) + _chunk(b"IDAT", pixels) + _END


def _chunk(name: bytes, data: bytes) -> bytes:
    whole = name + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))


@cache
def _beginning(side: int) -> bytes:
    """Return how a square PNG of one bit a pixel begins. There are forty sizes."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(
        b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    )


_END = _chunk(b"IEND", b"")
