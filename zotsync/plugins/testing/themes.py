"""Whether a theme keeps to the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zotsync.config import Centre
from zotsync.errors import ThemeError
from zotsync.handout.compose import Library
from zotsync.handout.formats import FORMATS
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, composed, written
from zotsync.handout.theming.themecheck import check_theme as look_through
from zotsync.handout.theming.themes import definition, read_theme
from zotsync.plugins.plugin import THEME_FILES
from zotsync.plugins.testing.samples import samples
from zotsync.plugins.testing.watched import ContractError, called
from zotsync.zotero.schema import bundled

_OUTSIDE = frozenset({"pdf"})
"""Formats that another program makes."""


def check_theme(folder: Callable[[], Path], name: str, *, seconds: float | None = None) -> None:
    """Raise ContractError where a theme does not have what zotsync relies on.

    What `zotsync themes check` would call wrong is wrong here; and it prints an item of each type in every
    format.

    Args:
        folder: the function that the entry point names.
        name: the theme's, which is that of the entry point.
        seconds: how long the function may take.

    """
    if not callable(folder):
        raise ContractError(f"{folder!r} is no function that returns a folder")
    found = called("the function", folder, seconds=seconds)
    if not isinstance(found, Path):
        raise ContractError(f"the function gave {type(found).__name__}, not a pathlib.Path")
    theme = found / name
    for file in THEME_FILES:
        if not (theme / file).is_file():
            raise ContractError(f"there is no {theme / file}")
    wrong = [str(one.problem) for one in look_through(theme, bundled(), ()) if one.is_wrong]
    if wrong:
        raise ContractError("\n".join(("the theme has faults:", *wrong)))
    for form in FORMATS:
        if form not in _OUTSIDE:
            _print(theme, form)


def _print(folder: Path, form: str) -> None:
    schema = bundled()
    source = definition(folder)
    try:
        theme = read_theme(folder, source, source.parsed())
        items = dict(samples()["an item of each type"].items)
        library = Library(items, {}, lambda _name: None)
        asked = Handout(title="Titre", date="2021-10")
        house = House(Centre(institution="Centre"))
        # The pages of a table of contents are counted by another program.
        made = composed(asked, library, theme, schema, house, {"contents": False})
        written(made, theme, form)
    except ThemeError as exc:
        raise ContractError(f"printing as {form}: {exc}") from exc
