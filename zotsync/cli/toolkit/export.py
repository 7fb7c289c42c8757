"""`zotsync export`: the bibliography, or a part of it, in a format of other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zotsync.bibliography.files import told
from zotsync.bibliography.paths import tree_paths
from zotsync.cli.frame import ask
from zotsync.cli.frame.completing import plugins
from zotsync.cli.frame.failure import notes_of, tell
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.selecting import Asked, selecting
from zotsync.config import Workspace
from zotsync.errors import PluginError, UsageError
from zotsync.figures import number
from zotsync.handout.keeping.imprint import digest
from zotsync.handout.keeping.prints import Prints
from zotsync.handout.keeping.record import Copy, Record
from zotsync.handout.keeping.replacing import replace_file
from zotsync.handout.order import Shelf
from zotsync.i18n import N_, _, language, ngettext
from zotsync.plugins.contract import Export
from zotsync.plugins.filtering import filtered
from zotsync.plugins.plugin import Plugin
from zotsync.plugins.registry import installed, named
from zotsync.sync.reading.planning import Here

STDOUT = Path("-")


@command(
    "export",
    N_(
        "Write the bibliography as BibTeX, RIS, CSV and others, to FILE or the screen. "
        "zotsync plugins lists the formats."
    ),
)
@option(
    "--format",
    "form",
    metavar=N_("FORMAT"),
    shell_complete=plugins("exporter"),
    help=N_("The format; else FILE's ending says it."),
)
@selecting
@option(
    "-o",
    "--output",
    "to",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=STDOUT,
    metavar=N_("FILE"),
    help=N_(
        "Where it goes; without it to the screen, or the next program. "
        "What else stands there is asked about."
    ),
)
@pass_session
def export(
    session: Session,
    *,
    form: str | None,
    to: Path,
    asked: Asked,
) -> int:
    """Write what is asked for, as the files are now."""
    if session.json and to == STDOUT:
        raise UsageError(_("--json goes with -o FILE alone."))
    plugin = _plugin(session, form, to)
    with open_workspace(session, online=False, command="export") as opened:
        here = opened.engine.here()
        wanted = asked.wanted(here.items, here.collections, opened.schema)
        chosen = filtered(_whole(opened, here), here.collections, wanted)
        data = plugin.export(chosen)
    file = session.directory / to
    if to != STDOUT and not _may_be_written(session, opened.workspace, file, data):
        return 0
    _deliver(data, STDOUT if to == STDOUT else file)
    if to != STDOUT:
        _note(opened.workspace, file, data, plugin.name)
    for problem in here.unread:
        tell(_("Not exported"), problem, "yellow", plain=not session.output.color)
    _sum_up(session, plugin, chosen, to)
    return 1 if here.unread else 0


def _plugin(session: Session, form: str | None, to: Path) -> Plugin:
    """Return the exporter: the one that is named, else that of the file's ending."""
    ending = to.suffix.lower().removeprefix(".") if to != STDOUT else ""
    if form:
        plugin = named("exporter", form, notes_of(session))
        own = plugin.exporter().ending
        if to != STDOUT and ending != own:
            message = _("The name {file} does not end with .{form}.").format(file=to, form=own)
            raise UsageError(message)
        return plugin
    if ending:
        return _by_ending(session, ending)
    raise UsageError(_("Name a format: --format FORMAT"), hint=_known_formats())


def _by_ending(session: Session, ending: str) -> Plugin:
    fitting: list[Plugin] = []
    note = notes_of(session)
    for plugin in installed("exporter", note):
        if plugin.name == ending:
            return plugin
        try:
            fitting += [plugin] if plugin.exporter().ending == ending else []
        except PluginError as exc:  # the others work all the same
            note(exc.problem)
    if not fitting:
        message = _("No format is known by the ending .{ending}.").format(ending=ending)
        raise UsageError(message, hint=_known_formats())
    if len(fitting) > 1:
        names = ", ".join(plugin.name for plugin in fitting)
        message = _("Several formats end with .{ending}: {names}.")
        hint = _("Name one: --format {name}").format(name=fitting[0].name)
        raise UsageError(message.format(ending=ending, names=names), hint=hint)
    return fitting[0]


def _known_formats() -> str:
    names = dict.fromkeys(plugin.name for plugin in installed("exporter"))
    return _("Known are: {names}.").format(names=", ".join(names))


def _whole(opened: Opened, here: Here) -> Export:
    """Return the whole bibliography, in the order in which people look for references."""
    items = here.items
    order = Shelf(items, opened.schema.item_types).arranged(sorted(items), "author")
    return Export(
        {key: items[key] for key in order},
        opened.schema,
        tree_paths(here.collections),
        group=opened.config.group,
        language=language(),
    )


def _may_be_written(session: Session, workspace: Workspace, file: Path, data: bytes) -> bool:
    """Ask before anything is written over but what `export` itself has written there."""
    if not file.is_file():  # a device, or nothing
        return True
    with told(file):
        there = file.read_bytes()
    known = Prints.of(workspace.private).record(_own_name(workspace, file)).written
    if there == data or (known is not None and known.digest == digest(there)):
        return True
    question = _("{file} is there already, and not as zotsync export wrote it. Write over it?")
    return ask.confirm(
        question.format(file=file.name),
        default=False,
        yes=session.yes,
        instead=_("To write over it: --yes. Else name another file: -o FILE"),
    )


def _note(workspace: Workspace, file: Path, data: bytes, form: str) -> None:
    """Remember what was written, so that the next export takes its place unasked."""
    if file.is_file():
        record = Record(Copy(form, digest(data)))
        Prints.of(workspace.private).remember(_own_name(workspace, file), record)


def _own_name(workspace: Workspace, file: Path) -> str:
    """Return what an exported file goes by among all that was written, handouts apart."""
    here, root = file.resolve(), workspace.root.resolve()
    inside = here.is_relative_to(root)
    return f"export:{(here.relative_to(root) if inside else here).as_posix()}"


def _deliver(data: bytes, to: Path) -> None:
    """Write the bytes to stdout, or to a file in one step."""
    if to == STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with told(to):
        to.parent.stat()  # a folder that was mistyped is not made
        if to.exists() and not to.is_file():
            to.write_bytes(data)  # a device or a pipe is not put away for a file
        else:
            replace_file(to, data)


def _sum_up(session: Session, plugin: Plugin, chosen: Export, to: Path) -> None:
    if to == STDOUT:
        return
    output, n = session.output, plugin.takes(chosen)
    left = len(chosen.entries) - n
    document = {
        "file": str((session.directory / to).absolute()),
        "format": plugin.name,
        "references": n,
        "left_out": left,
    }
    output.emit(document, lambda: output.line(str(to)))
    line = ngettext("Written from {n} reference.", "Written from {n} references.", n)
    output.say(line.format(n=number(n)))
    if left:
        line = ngettext(
            "{n} reference is left out: this format has no place for it.",
            "{n} references are left out: this format has no place for them.",
            left,
        )
        output.say(line.format(n=number(left)))
