"""Colours that can be read: WCAG's measure of contrast, and the nearest colour that satisfies it. Pure."""

from __future__ import annotations

from itertools import count

NORMAL, LARGE = 4.5, 3.0
"""The least contrast of WCAG AA, for text and for large text."""
BLACK, WHITE = "000000", "FFFFFF"
_STEPS = 20


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (RRGGBB): 1 for the same, 21 for black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(color: str, background: str, least: float = NORMAL) -> str:
    """Return `color`, or the first mixture of it with black or white that stands out enough.

    "" gives black or white, whichever stands out more.
    """
    extreme = max((BLACK, WHITE), key=lambda end: contrast(end, background))
    mixtures = (_mixed(color or extreme, extreme, step / _STEPS) for step in count())
    return next(one for one in mixtures if contrast(one, background) >= least or one == extreme)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "".join(f"{round(a + (b - a) * min(share, 1)):02X}" for a, b in pairs)


def _parts(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color))
