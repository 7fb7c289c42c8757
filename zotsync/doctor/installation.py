"""Whether zotsync is installed whole: its version, Python's, and the packages that it stands on."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from zotsync import __version__
from zotsync.doctor.finding import Area, Finding, Mark, note, well, wrong
from zotsync.errors import ThemeError
from zotsync.handout import libreoffice
from zotsync.handout.theming.themes import list_themes
from zotsync.i18n import _, ngettext

_OLDEST = (3, 11)
PACKAGES = (
    *(
        "click",
        "docx",
        "filelock",
        "httpx2",
        "jinja2",
        "keyring",
        "lxml",
        "pdfminer",
        "platformdirs",
    ),
    *("pybtex", "pypdf", "pyzotero", "rich", "tomlkit", "truststore", "waitress", "werkzeug"),
)
"""The modules of what zotsync needs."""
_PANDOC = "pypandoc"


def installation(has: Callable[[str], bool] | None = None) -> Iterator[Finding]:
    """Yield how the installation is. `has`: whether a module is there."""
    has = has or (lambda name: find_spec(name) is not None)
    area = Area.INSTALLATION
    version = platform.python_version()
    told = _("zotsync {version}, Python {python}, {system}").format(
        version=__version__, python=version, system=platform.platform(terse=True)
    )
    if sys.version_info < _OLDEST:
        yield wrong(area, told, _("zotsync needs Python 3.11 or newer."))
    else:
        yield well(area, told)
    if missing := [name for name in PACKAGES if not has(name)]:
        n = len(missing)
        text = ngettext("A package is missing: {names}", "Packages are missing: {names}", n)
        hint = _(
            "Install zotsync again: uv tool install --reinstall zotsync (or pipx reinstall zotsync)"
        )
        yield wrong(area, text.format(names=", ".join(missing)), hint)
    yield from _themes(area)


def _themes(area: Area) -> Iterator[Finding]:
    try:
        names = [theme.name for theme in list_themes()]
    except ThemeError as error:
        yield wrong(area, error.problem.message, error.problem.hint)
    else:
        yield well(area, _("Themes that come with it: {names}").format(names=", ".join(names)))


def programs(*, styles: bool, has: Callable[[str], bool] | None = None) -> Iterator[Finding]:
    """Yield which programs are there that only some formats need; `styles`: a citation style is used."""
    has = has or (lambda name: find_spec(name) is not None)
    area = Area.PROGRAMS
    if found := libreoffice.find():
        yield well(area, _("LibreOffice: {file}").format(file=found))
    else:
        hint = _("Only PDF needs it: install it from https://www.libreoffice.org if you want PDF.")
        yield note(area, _("LibreOffice is not installed."), hint)
    if has(_PANDOC):
        yield well(area, _("pandoc, for citation styles: installed"))
    elif styles:
        hint = _(
            "Install it: uv tool install 'zotsync[csl]' (or pipx inject zotsync pypandoc_binary)"
        )
        yield wrong(area, _("pandoc is not installed, and a handout uses a citation style."), hint)
    else:
        yield Finding(
            area, Mark.SKIPPED, _("pandoc is not installed; no handout uses a citation style.")
        )
