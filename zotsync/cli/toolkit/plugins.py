"""`zotsync plugins`: what is installed, from which package, and what of it cannot be used; `plugins new`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from zotsync.cli.frame.failure import notes_of, problem_document
from zotsync.cli.frame.group import Entry, Group, argument, command, option
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.frame.tables import Cell
from zotsync.errors import PluginError, Problem, ThemeError
from zotsync.i18n import N_, _
from zotsync.plugins.environment import installing
from zotsync.plugins.plugin import KINDS, Plugin, in_turn
from zotsync.plugins.registry import GROUPS, LAST, installed

_SHOWN = 5
"""Checks of a package that are listed."""
ENTRIES = (
    Entry("new", "toolkit.plugins:new", N_("Write a small package with a plugin, to begin with")),
)


@click.group(
    "plugins",
    cls=Group,
    entries=ENTRIES,
    invoke_without_command=True,
    help=N_(
        "List what is installed: formats, themes and checks, zotsync's own and other packages'."
    ),
)
@pass_session
@click.pass_context
def plugins(context: click.Context, session: Session) -> int:
    """List plugins; exit 1 if one of them cannot be used."""
    if context.invoked_subcommand is not None:
        return 0
    output, damaged = session.output, list[Problem]()
    found = [
        _Look(plugin, after)
        for kind in GROUPS
        for plugin, after in in_turn(installed(kind, damaged.append))
    ]
    document = {"plugins": [look.document() for look in found]}
    headings = (_("Kind"), _("Name"), _("File"), _("Package"), _("What it is"))
    output.emit(document, lambda: output.table(headings, [look.row() for look in found]))
    note = notes_of(session)
    for problem in (*(look.problem for look in found if look.problem), *damaged):
        note(problem)
    return 1 if damaged or any(look.is_faulty for look in found) else 0


class _Look:
    """A plugin as it is listed: loaded, and what is wrong with it."""

    def __init__(self, plugin: Plugin, used: Plugin | None) -> None:
        self.plugin = plugin
        self.title, self.ending = "", ""
        self.problem: Problem | None = None
        try:
            self.title, self.ending = self._loaded()
            if used:
                message = _("{package} has one of that name, which is used")
                raise plugin.failure(message.format(package=used.package))
        except (PluginError, ThemeError) as exc:
            self.problem = exc.problem
        # That a theme of another package has its name is no fault of zotsync's own.
        self.is_faulty = self.problem is not None and not (used and plugin.kind in LAST)

    def _loaded(self) -> tuple[str, str]:
        """Return what it is called and how its files end. Raises PluginError."""
        plugin = self.plugin
        match plugin.kind:
            case "exporter":
                exporter = plugin.exporter()
                return _(exporter.title), exporter.ending
            case "importer":
                importer = plugin.importer()
                return _(importer.title), importer.endings[0]
            case "theme":
                return _theme_title(plugin), ""
            case _:
                return _codes([check.code for check in plugin.checks(lambda _error: None)]), ""

    def document(self) -> dict[str, Any]:
        """Return what `--json` says of it."""
        plugin = self.plugin
        return {
            "kind": plugin.kind,
            "name": plugin.name,
            "title": self.title,
            "ending": self.ending,
            "package": plugin.package,
            "version": plugin.version,
            "problem": problem_document(self.problem) if self.problem else None,
        }

    def row(self) -> tuple[str | Cell, ...]:
        """Return its line in the table."""
        plugin = self.plugin
        title = Cell(_("cannot be used"), "yellow") if self.problem else self.title
        ending = f".{self.ending}" if self.ending else ""
        return _(KINDS[plugin.kind]), plugin.name, ending, plugin.whole_package, title


def _codes(codes: Sequence[str]) -> str:
    """Return the names of checks, of many the first."""
    more = ", …" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + more


def _theme_title(plugin: Plugin) -> str:
    from zotsync.handout.theming.themes import definition  # noqa: PLC0415

    return str(definition(plugin.theme()).parsed().get("title", ""))


@command(
    "new",
    N_("Write a package with a plugin into the new folder NAME: it works, and its tests pass."),
)
@argument("name", metavar=N_("NAME"))
@option(
    "--kind",
    type=click.Choice(list(KINDS)),
    required=True,
    help=N_("What it brings: a format to write or to read, a theme, or a check."),
)
@pass_session
def new(session: Session, name: str, kind: str) -> int:
    """Write a package to begin with, and say what to do with it."""
    from zotsync.plugins.scaffold import check_name, new_package  # noqa: PLC0415

    naming = check_name(name, kind)
    folder = new_package(naming, kind, session.directory)
    output = session.output
    document = {"name": name, "kind": kind, "plugin": naming.plugin, "folder": str(folder)}
    output.emit(document, lambda: output.line(str(folder)))
    for step in _steps(name):
        output.say(step)
    return 0


def _steps(name: str) -> Sequence[str]:
    return (
        _("1. Go into the folder: cd {folder}").format(folder=name),
        _("2. Install it beside zotsync: {command}").format(command=installing("-e .")),
        _("3. See that its tests pass: {command}").format(command="pytest"),
        _("4. See that zotsync finds it: {command}").format(command="zotsync plugins"),
        _("5. Change it, following its README.md."),
    )
