"""`zotsync themes`: the themes there are to choose from; `themes new` and `themes check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from zotsync.bibliography.slugs import folded, is_file_name
from zotsync.cli.frame import completing
from zotsync.cli.frame.failure import notes_of, problem_document, tell
from zotsync.cli.frame.group import Entry, Group, argument, command, option
from zotsync.cli.frame.output import as_typed
from zotsync.cli.frame.session import Session, pass_session
from zotsync.config import CONFIG_NAME, Workspace, find_workspace
from zotsync.errors import Place, Problem, ThemeError, UsageError
from zotsync.figures import number
from zotsync.handout.theming.themes import (
    BASE,
    BUNDLED,
    DEFAULT_THEME,
    Packaged,
    ThemeInfo,
    list_themes,
    templates_folder,
    theme_folder,
)
from zotsync.i18n import N_, _, ngettext

ENTRIES = (
    Entry(
        "new", "handouts.themes:new", N_("Copy a theme into this workspace, to be restyled in Word")
    ),
    Entry("check", "handouts.themes:check", N_("What is missing or wrong in a theme")),
)


@click.group(
    "themes",
    cls=Group,
    entries=ENTRIES,
    invoke_without_command=True,
    help=N_("List the themes there are: in templates/ here, of other packages, and zotsync's own."),
)
@pass_session
@click.pass_context
def themes(context: click.Context, session: Session) -> int:
    """List themes; outside a workspace, zotsync's own and those of packages."""
    if context.invoked_subcommand is not None:
        return 0
    output, tell = session.output, notes_of(session)
    packaged = _packaged(tell, listing=True)
    found = list_themes(_templates_here(session), packaged)
    document = {
        "themes": [
            {
                "name": t.name,
                "title": t.title,
                "description": t.description,
                "folder": str(t.folder),
                "package": t.package,
            }
            for t in found
        ]
    }
    headings = (_("Name"), _("Title"), _("Description"), _("From"))
    rows = [(t.name, t.title, t.description, t.package or "templates/") for t in found]
    output.emit(document, lambda: output.table(headings, rows))
    for theme in found:
        _tell_hidden(tell, theme, packaged)
    return 0


def _tell_hidden(tell: Callable[[Problem], None], used: ThemeInfo, others: list[Packaged]) -> None:
    """Say which themes of packages, or of zotsync, are not used because another has their name."""
    is_here = not used.package  # of zotsync's own, that was meant
    for one in others:
        hidden = one.name == used.name and one.package != used.package
        if hidden and not (is_here and one.package == BUNDLED):
            message = _("{package} has a theme named {name} too. The one of {used} is used.")
            where = used.package or "templates/"
            tell(Problem(message.format(package=one.package, name=one.name, used=where)))


def _packaged(tell: Callable[[Problem], None], *, listing: bool = False) -> list[Packaged]:
    from zotsync.cli.frame.packaged import packaged_themes  # noqa: PLC0415 - looks for packages

    return packaged_themes(tell, listing=listing)


@command("new", N_("Copy a theme to templates/NAME of this workspace, to be restyled in Word."))
@argument("name", metavar=N_("NAME"))
@option(
    "--from",
    "source",
    metavar=N_("THEME"),
    default=DEFAULT_THEME,
    show_default=True,
    help=N_("The theme to begin with."),
)
@pass_session
def new(session: Session, name: str, source: str) -> int:
    """Make a theme of the workspace's own, and say what to do with it."""
    from zotsync.handout.theming.themenew import new_theme  # noqa: PLC0415 - loads tomlkit

    if not is_file_name(name) or name.startswith("."):
        hint = _("Letters, digits, hyphens and blanks are safe on every computer.")
        raise UsageError(_("{name} is no name for a folder.").format(name=name or '""'), hint=hint)
    templates = own_themes(find_workspace(session.directory))
    packaged = _packaged(notes_of(session))
    roots = [root for root in (templates_folder(), templates) if root.is_dir()]
    known = {folded(one.name): one.package for one in packaged}
    known |= {folded(folder.name): str(folder) for root in roots for folder in root.iterdir()}
    if folded(name) in known:
        message = _("There is a theme named {name} already.").format(name=name)
        place = Place(known[folded(name)])
        raise ThemeError(message, place=place, hint=_("Choose another name."))
    folder = new_theme(name, theme_folder(source, templates, packaged=packaged), templates)
    output = session.output
    output.emit({"name": name, "folder": str(folder)}, lambda: output.line(str(folder)))
    steps = (
        _("1. Open {file} in Word.").format(file=folder / BASE),
        _("2. Change the styles (fonts, colours, spaces), the logo, header and footer; save."),
        _("3. See that nothing is missing: zotsync themes check {name}").format(
            name=as_typed(name)
        ),
        _("4. Name it in a handout's file, or in zotsync.toml: {line}").format(
            line=f'theme = "{name}"'
        ),
    )
    for step in steps:
        output.say(step)
    return 0


@command(
    "check", N_("Say what is missing or wrong in the theme NAME; in all of one's own without it.")
)
@argument("name", metavar=N_("[NAME]"), required=False, shell_complete=completing.themes)
@pass_session
def check(session: Session, name: str | None) -> int:
    """List everything wrong with themes; exit 1 if anything is."""
    from zotsync.handout.theming.fonts import font_folders  # noqa: PLC0415
    from zotsync.handout.theming.themecheck import check_theme  # noqa: PLC0415 - loads lxml and Jinja2
    from zotsync.zotero.schema import bundled  # noqa: PLC0415

    folders = _folders(session, name)
    found = {folder: check_theme(folder, bundled(), font_folders()) for folder in folders}
    output = session.output
    document = {
        "themes": [
            {
                "name": folder.name,
                "folder": str(folder),
                "problems": [problem_document(f.problem) for f in findings if f.is_wrong],
                "remarks": [problem_document(f.problem) for f in findings if not f.is_wrong],
            }
            for folder, findings in found.items()
        ]
    }
    problems = [f.problem for findings in found.values() for f in findings if f.is_wrong]

    def text() -> None:
        for problem in problems:
            output.line(str(problem))

    output.emit(document, text)
    for findings in found.values():
        for finding in findings:
            if not finding.is_wrong:
                tell(_("Note"), finding.problem, "yellow", plain=not output.color)
    _sum_up(session, folders, len(problems))
    return 1 if problems else 0


def _sum_up(session: Session, folders: Sequence[Path], wrong: int) -> None:
    output = session.output
    if wrong:
        line = ngettext("{n} problem found.", "{n} problems found.", wrong).format(n=number(wrong))
        output.say(line, style="red")
    elif folders:
        names = ", ".join(folder.name for folder in folders)
        output.say(_("Nothing wrong: {names}.").format(names=names), style="green")
    else:
        output.say(_("There is no theme of your own here. To make one: zotsync themes new NAME"))


def _folders(session: Session, name: str | None) -> list[Path]:
    """Return the folder of the theme NAME, else those of the workspace's own."""
    templates = _templates_here(session)
    if name:
        own = templates / name if templates and is_file_name(name) else None
        if own and own.is_dir():
            return [own]
        return [theme_folder(name, templates, packaged=_packaged(notes_of(session)))]
    if templates is None or not templates.is_dir():
        return []
    return sorted(f for f in templates.iterdir() if f.is_dir() and not f.name.startswith("."))


def _templates_here(session: Session) -> Path | None:
    """Return where the workspace keeps themes of its own; None outside a workspace."""
    here = session.directory.absolute()
    inside = any((folder / CONFIG_NAME).is_file() for folder in (here, *here.parents))
    return own_themes(find_workspace(here)) if inside else None


def own_themes(workspace: Workspace) -> Path:
    """Return where a workspace keeps themes of its own."""
    return workspace.root / "templates"
