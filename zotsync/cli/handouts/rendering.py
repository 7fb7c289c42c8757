"""From a handout's name to its document: what `render`, `handout show` and `demo` have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from zotsync.bibliography.files import told
from zotsync.bibliography.paths import find_path
from zotsync.cli.frame.failure import tell
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.output import Output
from zotsync.cli.handouts.themes import own_themes
from zotsync.config import Workspace
from zotsync.errors import HandoutError, Place, Problem, UsageError
from zotsync.handout import render as printing
from zotsync.handout.compose import Library
from zotsync.handout.handoutfile import Handout
from zotsync.handout.select import Remark, What
from zotsync.handout.text.markup import plain_text
from zotsync.handout.text.titles import one_line
from zotsync.handout.theming.themes import Theme, load_theme
from zotsync.i18n import N_, _, ngettext
from zotsync.model import is_key
from zotsync.sync.deciding.steps import title_of
from zotsync.sync.reading.planning import Here
from zotsync.sync.trees import Conflict

_SHOWN = 80
"""Letters of a title that a remark has."""
_MOST = 10
"""Titles that a remark names."""
_REMARKS = {
    What.NOT_FOUND: N_("named in `order`, but nowhere in the bibliography: {names}"),
    What.ELSEWHERE: N_("named in `order`, but not in this section: {names}"),
    What.EXCLUDE_NOT_FOUND: N_("named in `exclude`, but nowhere in the bibliography: {names}"),
    What.UNORDERED: N_("in the section, but not in its `order`; printed after it: {names}"),
    What.IN_REST: N_("in no section; printed in the last one: {names}"),
    What.LEFT_OUT: N_("in no section; not printed: {names}"),
    What.EMPTY: N_("the section is empty"),
    What.OPEN_CONFLICT: N_(
        "printed as the file has it, with an open conflict (zotsync resolve settles it): {names}"
    ),
    What.NO_LINKS_UNUSED: N_("in `no_links`, but neither an item type nor a tag: {names}"),
    What.NO_STYLE: N_("sorted by author: no citation style is chosen whose order it could take"),
    What.NOTES_UNUSED: N_("in `notes`, but no note with an item has this tag: {names}"),
    What.INTRODUCTION_UNUSED: N_(
        "in `introduction_note`, but no note has this key, and none of the collection this tag: {names}"
    ),
    What.THEME_TYPES_UNKNOWN: N_(
        "in a section of the theme, but no item type of Zotero's: {names}. zotsync themes check says more"
    ),
}
_WRONG = frozenset(
    {
        What.NOT_FOUND,
        What.ELSEWHERE,
        What.EXCLUDE_NOT_FOUND,
        What.NO_LINKS_UNUSED,
        What.NOTES_UNUSED,
        What.INTRODUCTION_UNUSED,
    }
)
"""Remarks on a word in the handout file, not merely on what is worth knowing."""


def handout_names(workspace: Workspace) -> list[str]:
    """Return the names of the workspace's handouts. Raises FileError where the folder cannot be read."""
    folder = workspace.handouts
    if not folder.exists():
        return []
    with told(folder):
        names = [PurePosixPath(file.name) for file in folder.iterdir()]
    return sorted(n.stem for n in names if n.suffix == ".toml" and n.name[0] not in ".~#")


def find_handout(workspace: Workspace, name: str) -> Path:
    """Return the file of a handout given by name or by path. HandoutError if there is none."""
    plain = PurePosixPath(name).name == name and "\\" not in name
    file = workspace.handouts / f"{name.removesuffix('.toml')}.toml"
    if plain and file.is_file():
        return file
    if name.endswith(".toml") and Path(name).is_file():
        return Path(name).absolute()
    known = handout_names(workspace)
    hint = (
        _("There are: {names}.").format(names=", ".join(known))
        if known
        else _("To make one: zotsync handout new NAME")
    )
    raise HandoutError(_("There is no handout named {name}.").format(name=name), hint=hint)


def only_handout(workspace: Workspace) -> str:
    """Return the name of the only handout; where there are several, UsageError lists them."""
    names = handout_names(workspace)
    if not names:
        raise HandoutError(
            _("There is no handout yet."),
            place=Place(str(workspace.handouts)),
            hint=_("To make one: zotsync handout new NAME"),
        )
    if len(names) > 1:
        message = _("There are several handouts: {names}.").format(names=", ".join(names))
        raise UsageError(message, hint=_("Name one, or type: zotsync render --all"))
    return names[0]


@dataclass(frozen=True)
class Holdings:
    """What there is to print: read once, where the first handout asks for it."""

    opened: Opened

    @cached_property
    def here(self) -> Here:
        """Return all items here, with their files."""
        return self.opened.engine.here()

    @cached_property
    def library(self) -> Library:
        """Return them as handouts see them."""
        return library_from(self.here, self.opened.engine.conflicts())


def library_from(here: Here, conflicts: Iterable[Conflict]) -> Library:
    """Return what there is to print of what was read already."""
    collections = here.collections
    stems = {PurePosixPath(file).stem: key for key, file in here.paths.items()}

    def find(path: str) -> str | None:
        return path if is_key(path) and path in collections else find_path(collections, path)

    clashing = {conflict.key for conflict in conflicts}
    return Library(here.items, collections, find, stems, clashing)


def tell_unread(output: Output, problems: Iterable[Problem]) -> None:
    """Name the files whose items are in no handout until they are mended."""
    for problem in problems:
        tell(_("Not printed"), problem, "yellow", plain=not output.color)


def theme_of(opened: Opened, handout: Handout, asked: str | None) -> Theme:
    """Return the theme that was asked for, else the handout's, else the configured one."""
    if asked:
        name, place = asked, None
    elif handout.theme:
        name, place = handout.theme, handout.place("theme")
    else:
        name, place = opened.config.theme, Place(opened.workspace.config_file.name, field="theme")
    from zotsync.cli.frame.packaged import packaged_themes  # noqa: PLC0415 - looks for packages

    return load_theme(name, own_themes(opened.workspace), place, packaged_themes(opened.tell))


def house_of(opened: Opened) -> printing.House:
    """Return what the configuration says for all handouts."""
    config, root = opened.config, opened.workspace.root
    centre = config.centre
    if centre.logo:
        centre = replace(centre, logo=str(root / centre.logo))

    def styles() -> tuple[Path, ...]:
        from zotsync.handout.csl.finding import zotero_folders  # noqa: PLC0415

        return (root / "styles", *zotero_folders(Path.home()))

    return printing.House(centre, config.access, config.open_access, config.proxy, styles)


def shown(workspace: Workspace, file: Path) -> str:
    """Return a file as messages name it: from the workspace's folder on."""
    return (
        file.relative_to(workspace.root).as_posix()
        if file.is_relative_to(workspace.root)
        else str(file)
    )


def remark_lines(
    remarks: Iterable[Remark], handout: Handout, items: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return what there is to say about a handout, a line each."""
    return [str(remark_problem(remark, handout, items)) for remark in remarks]


def remark_problem(
    remark: Remark, handout: Handout, items: Mapping[str, Mapping[str, Any]]
) -> Problem:
    """Return a remark with the place in the handout file that it is about."""
    spot = "" if remark.section is None else f"sections[{remark.section}]"
    place = handout.place(spot, remark.names[0] if _is_typed(remark) else "")
    text = _(_REMARKS[remark.what]).format(names=_names(remark.names, items))
    if remark.title and remark.section is not None:
        text = _("“{title}”: {text}").format(title=remark.title, text=text)
    return Problem(text, remark.place or Place(place.file, place.line))


def is_wrong(remark: Remark) -> bool:
    """Return whether a remark is about something wrong in the file, not merely worth knowing."""
    return remark.what in _WRONG


def _is_typed(remark: Remark) -> bool:
    """Return whether the names of a remark stand in the handout file."""
    return bool(remark.names) and is_wrong(remark)


def _short(title: str) -> str:
    """Return what is told of a title among many: its words, as far as they fit."""
    words = plain_text(one_line(title))
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1].rstrip()}…"


def _names(names: Sequence[str], items: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what items are known by, and how many more there are."""
    told = [_short(title_of(items.get(name, {}))) or name for name in names[:_MOST]]
    if more := len(names) - len(told):
        told.append(ngettext("{n} more", "{n} more", more).format(n=more))
    return _("; ").join(told)
