"""The handouts of a workspace: whether their files can be read, and the themes they use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zotsync.config import Config, Workspace
from zotsync.doctor.finding import Area, Finding, Mark, failed, note, of_problem, well
from zotsync.errors import HandoutError, Place, ThemeError
from zotsync.handout.handoutfile import Handout, read_handout
from zotsync.handout.theming.fonts import font_folders
from zotsync.handout.theming.themecheck import check_theme
from zotsync.handout.theming.themes import Packaged, theme_folder
from zotsync.i18n import _, ngettext
from zotsync.zotero.schema import load

_AREA = Area.HANDOUTS


@dataclass(frozen=True)
class Read:
    """The handouts that can be read, and what is wrong with the others."""

    handouts: Sequence[Handout]
    faults: Sequence[HandoutError]

    @property
    def styles(self) -> bool:
        """Return whether any of them uses a citation style."""
        return any(handout.choices.get("citation_style") for handout in self.handouts)


def read_all(at: Workspace) -> Read:
    """Return all handouts of a workspace."""
    handouts: list[Handout] = []
    faults: list[HandoutError] = []
    for file in sorted(at.handouts.glob("*.toml")):
        try:
            handouts.append(read_handout(file, f"handouts/{file.name}"))
        except HandoutError as error:
            faults.append(error)
    return Read(handouts, faults)


def handouts(
    at: Workspace, config: Config, read: Read, packaged: Sequence[Packaged]
) -> Iterator[Finding]:
    """Yield how the handouts are, and each theme that one of them uses."""
    yield from (failed(_AREA, error) for error in read.faults)
    if not read.handouts and not read.faults:
        hint = _("To make one: zotsync handout new NAME")
        yield Finding(_AREA, Mark.NOTE, _("There is no handout yet."), hint)
    elif read.handouts:
        n = len(read.handouts)
        text = ngettext("{n} handout can be read.", "{n} handouts can be read.", n)
        yield well(_AREA, text.format(n=n))
    for name, place in _themes(config, read.handouts):
        yield from _theme(at, name, place, packaged)


def _themes(config: Config, read: Iterable[Handout]) -> Iterator[tuple[str, Place]]:
    """Yield each theme once, and where it is named first."""
    named = {config.theme: Place("zotsync.toml", field="theme")}
    for handout in read:
        if handout.theme:
            named.setdefault(handout.theme, handout.place("theme"))
    yield from named.items()


def _theme(
    at: Workspace, name: str, place: Place, packaged: Sequence[Packaged]
) -> Iterator[Finding]:
    own = at.root / "templates"
    try:
        folder = theme_folder(name, own, place, packaged)
    except ThemeError as error:
        yield failed(_AREA, error)
        return
    found = check_theme(folder, load(at.private), font_folders())
    faults = [one.problem for one in found if one.is_wrong]
    remarks = [one.problem for one in found if not one.is_wrong]
    if not faults:
        yield well(_AREA, _("Nothing is wrong with the theme {name}.").format(name=name))
    yield from (of_problem(_AREA, problem) for problem in faults)
    yield from (note(_AREA, problem.message, problem.hint) for problem in remarks)
