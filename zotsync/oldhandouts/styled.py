"""What paragraph styles say, each over the one it is based on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says; None for what it leaves to the one it is based on.

    Sizes and indents in points, spaces in twentieths of a point, as Word has them.
    """

    name: str = ""
    based: str = ""
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    caps: bool | None = None
    indent: int | None = None
    before: float | None = None
    after: float | None = None
    level: int | None = None
    listed: bool | None = None
    """A bullet or a number stands before it."""


def resolved(key: str, own: Mapping[str, Style], base: Style) -> Style:
    """Return what a style says with all it inherits, down to what the document says for every one."""
    chain: list[Style] = []
    seen: set[str] = set()
    while key in own and key not in seen and len(seen) < _DEEPEST:
        seen.add(key)
        chain.append(own[key])
        key = own[key].based
    made = base
    for style in reversed(chain):
        made = over(made, style)
    return made


def over(below: Style, above: Style) -> Style:
    """Return a style with what another one says on top of it."""
    names = ("size", "bold", "italic", "caps", "indent", "before", "after", "level", "listed")
    said = {n: v for n in names if (v := getattr(above, n)) is not None}
    return replace(below, name=above.name or below.name, **said)
