"""A small package with a plugin, to begin with: it works, and its tests pass."""

from __future__ import annotations

import keyword
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from string import Template

from zotsync.bibliography.slugs import folded, is_file_name
from zotsync.errors import FileError, Place, UsageError
from zotsync.handout.theming.themenew import new_theme
from zotsync.handout.theming.themes import DEFAULT_THEME, templates_folder
from zotsync.i18n import _
from zotsync.plugins.plugin import KINDS
from zotsync.plugins.registry import installed
from zotsync.plugins.scaffold_texts import readme, words
from zotsync.reasons import reason_of

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONGEST = 60
_PREFIX = "zotsync-"
_ATTRIBUTES = {"exporter": "EXPORTER", "importer": "IMPORTER", "check": "CHECK", "theme": "folder"}
"""Kind of plugin -> what its entry point names in the package."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a new package is called: `zotsync-pmb`, `zotsync_pmb`, and `pmb` for its plugin."""

    name: str
    package: str
    plugin: str


def check_name(name: str, kind: str) -> Naming:
    """Return what the package `name` consists of. UsageError where Python, Windows or zotsync mind it."""
    hint = _("Small letters, digits and hyphens, as in {example}.").format(example="zotsync-pmb")
    plugin = name.removeprefix(_PREFIX).replace("_", "-")
    naming = Naming(name, name.replace("-", "_"), plugin)
    if len(name) > _LONGEST or not _NAME.fullmatch(name) or not is_file_name(name):
        message = _("{name} is no name for a package.").format(name=name or '""')
        raise UsageError(message, hint=hint)
    if not is_file_name(plugin) or keyword.iskeyword(naming.package) or _is_module(naming.package):
        message = _("{name} means something else already, to Python or to the computer.")
        raise UsageError(message.format(name=name), hint=hint)
    for one in installed(kind):
        if one.name == plugin or (kind == "check" and plugin in _codes(one.point.value)):
            message = _("There is a {kind} named {name} already, in {package}.")
            told = message.format(kind=_(KINDS[kind]), name=plugin, package=one.package)
            raise UsageError(told, hint=_("Choose another name."))
    return naming


def new_package(naming: Naming, kind: str, where: Path) -> Path:
    """Write a package of a kind to the new folder `naming.name` in `where`; return it.

    It is there whole or not at all. FileError where something of that name is there.
    """
    folder = where / naming.name
    try:
        taken = {folded(one.name) for one in where.iterdir()}
        if folded(naming.name) in taken:
            message = _("There is something of that name already.")
            raise FileError(message, place=Place(str(folder)), hint=_("Choose another name."))
        with tempfile.TemporaryDirectory(dir=where, prefix=".new-") as aside:
            draft = Path(aside) / naming.name
            for name, text in _files(naming, kind).items():
                file = draft / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            if kind == "theme":
                themes = draft / "src" / naming.package / "themes"
                new_theme(naming.plugin, templates_folder() / DEFAULT_THEME, themes)
            draft.rename(folder)
    except OSError as exc:
        message = _("The package cannot be written: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(exc.filename or str(folder))) from exc
    return folder


def _files(naming: Naming, kind: str) -> Mapping[str, str]:
    """Return path -> text of a package's files."""
    known = {
        "name": naming.name,
        "package": naming.package,
        "plugin": naming.plugin,
        "kind": kind,
        "attribute": _ATTRIBUTES[kind],
        **words(kind, naming.plugin),
    }
    return {
        "pyproject.toml": _filled("pyproject", known),
        "README.md": readme(kind, known),
        f"src/{naming.package}/__init__.py": _filled(kind, known),
        f"tests/test_{naming.package}.py": _filled(f"{kind}_test", known),
    }


def _filled(skeleton: str, known: Mapping[str, str]) -> str:
    file = Path(__file__).parent / "skeletons" / f"{skeleton}.txt"
    return Template(file.read_text(encoding="utf-8")).substitute(known)


def _is_module(name: str) -> bool:
    """Return whether Python, or a package that is installed, has a module of that name."""
    return name in sys.stdlib_module_names or find_spec(name) is not None


def _codes(value: str) -> frozenset[str]:
    """Return the names of zotsync's own checks, for the entry point that brings them."""
    from zotsync.curating.table import CHECKS  # noqa: PLC0415

    return frozenset(check.code for check in CHECKS) if value.endswith(":CHECKS") else frozenset()
