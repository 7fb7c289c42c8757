"""What is to be told of the fonts of a theme's base.docx."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from zotsync.errors import Place
from zotsync.handout.text.typography import NARROW
from zotsync.handout.theming.findings import Finding, note, wrong
from zotsync.handout.theming.fonts import having
from zotsync.handout.writers.looks import looks_of
from zotsync.i18n import _

USUAL = frozenset(
    {
        "Aptos", "Arial", "Arial Narrow", "Book Antiqua", "Caladea", "Calibri", "Calibri Light",
        "Cambria", "Candara", "Carlito", "Century Gothic", "Comic Sans MS", "Consolas",
        "Constantia", "Corbel", "Courier New", "DejaVu Sans", "DejaVu Serif", "Franklin Gothic Book",
        "Garamond", "Georgia", "Gill Sans MT", "Helvetica", "Liberation Sans", "Liberation Serif",
        "Palatino Linotype", "Segoe UI", "Tahoma", "Times New Roman", "Trebuchet MS", "Verdana",
    }
)  # fmt: skip
"""Fonts that come with Word, LibreOffice or a system: most readers have them, or one of the same width."""
_EMBEDDED = re.compile(r'<w:font w:name="([^"]+)">(?:(?!</w:font>).)*<w:embed', re.DOTALL)


def check_fonts(base: Path, folders: Iterable[Path], *, thin: bool) -> Iterator[Finding]:
    """Yield what is to be told of the fonts of `base`, looked up in `folders`.

    `thin`: the theme prints no-break thin spaces. Raises ThemeError where `base` cannot be used.
    """
    styles = _styles_by_font(base)
    here = having(NARROW, styles, folders)
    place = Place(str(base))
    for font, names in styles.items():
        told = {"font": font, "styles": ", ".join(names)}
        if thin and here.get(font) is False:
            message = _("The font {font} has no thin no-break space (U+202F): {styles}.")
            hint = _("Take another font, or write in theme.toml: thin_space = false")
            yield wrong(message.format(**told), place, hint)
        if font not in USUAL and font not in _embedded(base):
            message = _("The font {font} is not on every computer: {styles}.")
            hint = _("Take a usual one, or let Word embed it: File, Options, Save, Embed fonts.")
            yield note(message.format(**told), place, hint)
    if thin and (unknown := [font for font in styles if font not in here]):
        message = _(
            "These fonts are not on this computer, so nobody knows here whether they have the thin "
            "no-break space (U+202F): {fonts}."
        )
        hint = _("Type this command on the computer where the handouts are printed.")
        yield note(message.format(fonts=", ".join(unknown)), place, hint)


def _styles_by_font(base: Path) -> dict[str, list[str]]:
    looks = looks_of(base)
    found: dict[str, list[str]] = {}
    fonts = {role.value: look.letters.font for role, look in looks.roles.items()}
    fonts |= {mark.value: letters.font for mark, letters in looks.marks.items()}
    for name, font in fonts.items():
        if font:
            found.setdefault(font, []).append(name)
    return found


def _embedded(base: Path) -> frozenset[str]:
    """Return the fonts that the document carries with it."""
    with zipfile.ZipFile(base) as bundle:
        if "word/fontTable.xml" not in bundle.namelist():
            return frozenset()
        return frozenset(_EMBEDDED.findall(bundle.read("word/fontTable.xml").decode("utf-8")))
