"""The references of a handout in a citation style: its style found, and put to work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zotsync.handout.choices import STYLE, Choices
from zotsync.handout.handoutfile import Handout
from zotsync.handout.theming.themes import Theme
from zotsync.model import Fields, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zotsync.handout.csl.references import References


def is_by_style(handout: Handout, choices: Choices) -> bool:
    """Return whether the order of some section is the citation style's."""
    return bool(choices.citation_style) and handout.is_sorted_by(STYLE, choices)


def cited(  # noqa: PLR0913, PLR0917 - the whole of what references depend on
    keys: Sequence[str],
    items: Mapping[str, Fields],
    style: str,
    handout: Handout,
    theme: Theme,
    folders: Sequence[Path],
    schema: Schema,
) -> References:
    """Return the references of `keys` in the style of that name, and the order it puts them in.

    It is sought in the theme's folder, then in `folders`. Raises StyleError where it is not there or
    cannot be put to work.
    """
    from zotsync.handout.csl.finding import find_style  # noqa: PLC0415 - few handouts need it
    from zotsync.handout.csl.references import references  # noqa: PLC0415

    place = handout.place("citation_style") if "citation_style" in handout.choices else None
    found = find_style(style, [theme.folder, *folders], place)
    return references(items, keys, found, theme.language[:2], schema)
