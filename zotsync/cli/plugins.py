"""`zotsync plugins`: what is installed, from which package, and what of it cannot be used."""

from __future__ import annotations

from typing import Any

from zotsync.cli.failure import problem_document, tell
from zotsync.cli.group import command
from zotsync.cli.output import Cell
from zotsync.cli.session import Session, pass_session
from zotsync.errors import PluginError, Problem
from zotsync.i18n import N_, _
from zotsync.plugins.registry import GROUPS, KINDS, Plugin, installed


@command("plugins", N_("List the formats that are installed: zotsync's own and other packages'."))
@pass_session
def plugins(session: Session) -> int:
    """List plugins; exit 1 if one of them cannot be used."""
    output = session.output
    found = [_Look(plugin, after) for kind in GROUPS for plugin, after in _in_turn(kind)]
    document = {"plugins": [look.document() for look in found]}
    headings = (_("Kind"), _("Name"), _("File"), _("Package"), _("What it is"))
    output.emit(document, lambda: output.table(headings, [look.row() for look in found]))
    broken = [look.problem for look in found if look.problem]
    for problem in broken:
        tell(_("Note"), problem, "yellow", plain=not output.color)
    return 1 if broken else 0


def _in_turn(kind: str) -> list[tuple[Plugin, Plugin | None]]:
    """Return each plugin, and the one of its name that is used in its place."""
    first: dict[str, Plugin] = {}
    found: list[tuple[Plugin, Plugin | None]] = []
    for plugin in installed(kind):
        used = first.setdefault(plugin.name, plugin)
        found.append((plugin, None if used is plugin else used))
    return found


class _Look:
    """A plugin as it is listed: loaded, and what is wrong with it."""

    def __init__(self, plugin: Plugin, used: Plugin | None) -> None:
        self.plugin = plugin
        self.title, self.ending = "", ""
        self.problem: Problem | None = None
        try:
            if used:
                message = _("{package} has a format of that name, which is used")
                raise plugin.failure(message.format(package=used.package))
            if plugin.kind == "exporter":
                exporter = plugin.exporter()
                title, ending = exporter.title, exporter.ending
            else:
                importer = plugin.importer()
                title, ending = importer.title, importer.endings[0]
        except PluginError as exc:
            self.problem = exc.problem
        else:
            self.title, self.ending = _(title), ending

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
        package = f"{plugin.package} {plugin.version}".strip()
        return _(KINDS[plugin.kind]), plugin.name, ending, package, title
