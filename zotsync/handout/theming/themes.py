"""Themes: folders with a theme.toml and a base.docx.

The first of a name is taken: the workspace's own, then those of other packages, then the bundled ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zotsync
from zotsync.errors import Place, ThemeError
from zotsync.handout.access import OPEN_ACCESS
from zotsync.handout.choices import NAMES
from zotsync.handout.choosing import checked_choices
from zotsync.handout.lines import DEFAULT_LINES, LineRule
from zotsync.handout.sections import Section
from zotsync.handout.spots import lines_of
from zotsync.handout.text.typography import NARROW, NO_BREAK
from zotsync.handout.theming.settings import Check
from zotsync.i18n import _
from zotsync.reasons import reason_of
from zotsync.toml_source import TomlSource, read_text

if TYPE_CHECKING:
    from zotsync.handout.theming.patterns import Compiled

DEFINITION, BASE = "theme.toml", "base.docx"
BUNDLED = "zotsync"
"""The package that the bundled themes come with."""
DEFAULT_THEME = "classique"
"""The theme that has everything: what others lack is copied from it."""
_TABLES = ("labels", "creators", "source", "access", "open_access")
_TOP = (
    "title",
    "description",
    "from",
    "language",
    "capitals",
    "thin_space",
    "choices",
    "sections",
    "lines",
    *_TABLES,
)


@dataclass(frozen=True, slots=True)
class ThemeInfo:
    """A theme there is to choose from."""

    name: str
    title: str
    description: str
    folder: Path
    package: str = ""
    """The package that it comes with; "" for one of the workspace."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A theme that comes with a package."""

    name: str
    package: str
    folder: Callable[[], Path | None]
    """Return its folder; None where it cannot be used, and the next of that name is to be taken."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme, read and compiled. Its styles are in `base`."""

    name: str
    folder: Path
    title: str
    description: str
    language: str
    capitals: bool
    narrow: str
    choices: Mapping[str, Any]
    """What its handouts choose unless they say otherwise."""
    labels: Mapping[str, str]
    creators: Mapping[str, str]
    """Creator type -> its label in brackets behind a name."""
    access: Mapping[str, str]
    open_access: Mapping[str, str]
    """Host, catalogue or `tag:…` -> "free", "sign-in" or ""."""
    patterns: Mapping[str, Compiled]
    """Item type -> its source line."""
    lines: tuple[LineRule, ...]
    """What an entry consists of, in order."""
    kinds: tuple[Section, ...]
    """The sections of a handout that names none and has no subcollections."""

    @property
    def base(self) -> Path:
        """Return the Word document that every style comes from."""
        return self.folder / BASE


def templates_folder() -> Path:
    """Return the folder of the bundled themes: in the package (a wheel), else in the checkout."""
    package = Path(zotsync.__file__).parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise ThemeError(
        _("The bundled themes are missing."),
        place=Place(str(package / "templates")),
        hint=_("Install zotsync again."),
    )


def list_themes(own: Path | None = None, packaged: Sequence[Packaged] = ()) -> list[ThemeInfo]:
    """Return the themes there are, by name; `own` is the folder of the workspace's."""
    found: dict[str, ThemeInfo] = {}
    for folder in _folders(own):
        found.setdefault(folder.name, _info(folder, ""))
    for one in packaged:
        if one.name not in found and (there := one.folder()):
            found[one.name] = _info(there, one.package)
    for folder in _folders(templates_folder()):
        found.setdefault(folder.name, _info(folder, BUNDLED))
    return sorted(found.values(), key=lambda info: info.name)


def _info(folder: Path, package: str) -> ThemeInfo:
    """Return what a theme says of itself; what is wrong with it where it cannot be read."""
    try:
        data = definition(folder).parsed()
    except ThemeError as exc:
        data = {"description": str(exc.problem)}
    title, description = (str(data.get(name, "")) for name in ("title", "description"))
    return ThemeInfo(folder.name, title, description, folder, package)


def _folders(root: Path | None) -> Iterator[Path]:
    if root is not None and root.is_dir():
        yield from (f for f in sorted(root.iterdir()) if (f / DEFINITION).is_file())


def load_theme(
    name: str,
    own: Path | None = None,
    place: Place | None = None,
    packaged: Sequence[Packaged] = (),
) -> Theme:
    """Return the theme that is named at `place`. Raises ThemeError with what is missing, and where."""
    folder = theme_folder(name, own, place, packaged)
    if not (folder / BASE).is_file():
        message = _("The theme {name} has no {file}.").format(name=name, file=BASE)
        raise ThemeError(message, place=Place(str(folder / BASE)))
    source = definition(folder)
    return read_theme(folder, source, source.parsed())


def theme_folder(
    name: str,
    own: Path | None = None,
    place: Place | None = None,
    packaged: Sequence[Packaged] = (),
) -> Path:
    """Return the folder of the theme that is named at `place`. Raises ThemeError where there is none."""
    plain = name and name not in {".", ".."} and not set(name) & set('/\\:"')
    for folder in _of_name(name, own, packaged) if plain else ():
        if folder.is_dir():
            if not (folder / DEFINITION).is_file():
                message = _("The theme {name} has no {file}.").format(name=name, file=DEFINITION)
                raise ThemeError(message, place=Place(str(folder / DEFINITION)))
            return folder
    folders = (*_folders(own), *_folders(templates_folder()))
    known = sorted({folder.name for folder in folders} | {one.name for one in packaged})
    raise ThemeError(
        _("There is no theme named {name}.").format(name=name or '""'),
        place=place,
        hint=_("Known are: {names}.").format(names=", ".join(known)),
    )


def _of_name(name: str, own: Path | None, packaged: Sequence[Packaged]) -> Iterator[Path]:
    """Yield where a theme of that name may be; packages are asked only where it comes to them."""
    if own is not None:
        yield own / name
    yield from (folder for one in packaged if one.name == name and (folder := one.folder()))
    yield templates_folder() / name


def definition(folder: Path) -> TomlSource:
    """Return the text of a theme's theme.toml. Raises ThemeError where it cannot be read."""
    path = folder / DEFINITION
    try:
        raw = path.read_bytes()
    except OSError as exc:
        message = _("The theme cannot be read: {reason}").format(reason=reason_of(exc))
        raise ThemeError(message, place=Place(str(path))) from exc
    return TomlSource(read_text(raw, str(path), ThemeError), str(path), ThemeError)


def read_theme(folder: Path, source: TomlSource, data: Mapping[str, Any]) -> Theme:
    """Return the theme that `data`, parsed from `source`, describes. Raises ThemeError with the line."""
    from zotsync.handout.theming.patterns import compile_patterns  # noqa: PLC0415 - loads Jinja2
    from zotsync.handout.theming.themelines import read_lines  # noqa: PLC0415 - the same

    check = Check(source.file, lines_of(source.text))
    check.known(data, _TOP, "")
    data = _completed(check, folder, data)
    tables = {table: check.texts(data, table) for table in _TABLES}
    patterns = compile_patterns(tables["source"], lambda kind: check.place(f"source.{kind}"))
    lines = read_lines(check, data, patterns) or DEFAULT_LINES
    if "default" not in patterns and any(line.part == "source" for line in lines):
        raise check.error(
            _("The pattern {name} is missing.").format(name="source.default"), "source"
        )
    return Theme(
        name=folder.name,
        folder=folder,
        title=check.value(data, "title", str, folder.name),
        description=check.value(data, "description", str, ""),
        language=check.value(data, "language", str, "fr"),
        capitals=check.value(data, "capitals", bool, default=True),
        narrow=NARROW if check.value(data, "thin_space", bool, default=True) else NO_BREAK,
        choices=_choices(check, data),
        labels=tables["labels"],
        creators=tables["creators"],
        access=tables["access"],
        open_access=_open_access(check, tables["open_access"]),
        patterns=patterns,
        lines=lines,
        kinds=_kinds(check, data),
    )


def _completed(check: Check, folder: Path, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a theme says, and what it leaves to the bundled theme that it names in `from`."""
    name = check.value(data, "from", str, "")
    if not name:
        return data
    origin = templates_folder() / name
    if Path(name).name != name or origin == folder or not (origin / DEFINITION).is_file():
        known = ", ".join(sorted(one.name for one in _folders(templates_folder()) if one != folder))
        message = _("There is no theme named {name}.").format(name=name)
        raise check.error(message, "from", _("Known are: {names}.").format(names=known))
    source = definition(origin)
    below = _completed(Check(source.file, lines_of(source.text)), origin, source.parsed())
    tables = {table: check.value(data, table, dict, {}) for table in (*_TABLES, "choices")}
    return {**below, **data, **{n: {**below.get(n, {}), **table} for n, table in tables.items()}}


def all_patterns(theme: Theme) -> Iterator[Compiled]:
    """Yield every pattern that the theme itself has."""
    from zotsync.handout.theming.patterns import Compiled  # noqa: PLC0415 - loads Jinja2

    yield from theme.patterns.values()
    for line in theme.lines:
        yield from (p for p in line.patterns.values() if isinstance(p, Compiled))


def _open_access(check: Check, table: Mapping[str, str]) -> Mapping[str, str]:
    for name, kind in table.items():
        if kind not in ("", *OPEN_ACCESS):
            message = _("{value} is not known here.").format(value=kind)
            hint = _("Known are: {names}.").format(names=", ".join(OPEN_ACCESS))
            raise check.error(message, f"open_access.{name}", hint)
    return table


def _choices(check: Check, data: Mapping[str, Any]) -> Mapping[str, Any]:
    table = check.value(data, "choices", dict, {})
    check.known(table, NAMES, "choices")
    return checked_choices(
        table, lambda message, name, hint: check.error(message, f"choices.{name}", hint)
    )


def _kinds(check: Check, data: Mapping[str, Any]) -> tuple[Section, ...]:
    tables = check.value(data, "sections", list, [])
    for index, table in enumerate(tables):
        spot = f"sections[{index}]"
        if not isinstance(table, dict) or not isinstance(table.get("itemTypes"), list):
            raise check.error(_("A section needs a title and a list itemTypes."), spot)
        check.known(table, ("title", "itemTypes"), spot)
    return tuple(
        Section(str(t.get("title", "")), item_types=frozenset(map(str, t["itemTypes"])))
        for t in tables
    )
