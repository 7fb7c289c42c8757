"""`zotsync add`: a new item, asked for, told by options, or read from what was pasted."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from zotsync.cli.frame import ask
from zotsync.cli.frame.completing import collections, plugins, tags, types
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.imports.references import Asked, Gathered, import_references, pasted, take_in
from zotsync.cli.items.asking_item import NewItem, Told
from zotsync.errors import UsageError
from zotsync.i18n import N_, _
from zotsync.model import normal_tags
from zotsync.plugins.incoming import Reference
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.trees import Kind, shown_file

STDIN = Path("-")


@command(
    "add",
    N_(
        "Add an item: asked for in a terminal, or told by the options; or references as BibTeX, RIS or "
        "CSL-JSON, from FILE or pasted. What is here already is told first."
    ),
)
@option(
    "--type",
    "item_type",
    metavar=N_("TYPE"),
    shell_complete=types,
    help=N_("The item type, in Zotero's word for it."),
)
@option(
    "--set",
    "fields",
    multiple=True,
    metavar=N_("FIELD=VALUE"),
    help=N_("A field of the new item, as --set date=2020. Can be repeated."),
)
@option(
    "--creator",
    "creators",
    multiple=True,
    metavar=N_("NAME"),
    help=N_('"Name, First name", an institution without a comma; a role in brackets behind it.'),
)
@option(
    "--collection",
    "into",
    multiple=True,
    metavar=N_("COLLECTION"),
    shell_complete=collections,
    help=N_("Put it into COLLECTION. Can be repeated."),
)
@option(
    "--tag",
    "with_tags",
    multiple=True,
    metavar=N_("TAG"),
    shell_complete=tags,
    help=N_("Give it TAG. Can be repeated."),
)
@option(
    "--from",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar=N_("FILE"),
    help=N_("Add the references of FILE; - for what is pasted."),
)
@option(
    "--format",
    "form",
    metavar=N_("FORMAT"),
    shell_complete=plugins("importer"),
    help=N_("The format of FILE; else FILE itself says it."),
)
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@pass_session
def add(  # noqa: PLR0913 - its options
    session: Session,
    *,
    item_type: str | None,
    fields: tuple[str, ...],
    creators: tuple[str, ...],
    into: tuple[str, ...],
    with_tags: tuple[str, ...],
    file: Path | None,
    form: str | None,
    dry_run: bool,
) -> int:
    """Add an item, or several."""
    told = Told(item_type, fields, creators, into, with_tags)
    by_options = bool(item_type or fields or creators)
    if file and by_options:
        raise UsageError(_("--from goes without --type, --set and --creator."))
    asked = Asked(form, into, (), dry_run, "add")
    with open_workspace(session, online=False, command="add") as opened:
        if file and file != STDIN:
            document = import_references(session, opened, [session.directory / file], asked)
        elif file or form or not (by_options or ask.interactive()):
            gathered = _tagged(_pasted(session, opened, form), with_tags)
            document = take_in(_agreed(session), opened, gathered, asked)
        else:
            made = NewItem(session, opened, told).made()
            gathered = Gathered([Reference(made)])
            document = take_in(_agreed(session), opened, gathered, replace(asked, collections=()))
        document["added_files"] = _files(opened, document["run"])
    _tell(session, document)
    return int(bool(document["waits"]))


def _agreed(session: Session) -> Session:
    """Return a session that need not ask where nobody is there: the command itself says what is wanted."""
    return session if ask.interactive() else replace(session, yes=True)


def _pasted(session: Session, opened: Opened, form: str | None) -> Gathered:
    if sys.stdin.isatty():
        end = _("Ctrl-Z and Enter") if sys.platform == "win32" else _("Ctrl-D")
        session.output.say(_("Paste here, then type {key} on a line of its own:").format(key=end))
    data = sys.stdin.buffer.read()
    if not data.strip():
        hint = _("In a terminal: zotsync add. From a file: zotsync add --from FILE")
        raise UsageError(_("Nothing was pasted."), hint=hint)
    return pasted(opened, data, form)


def _tagged(gathered: Gathered, with_tags: tuple[str, ...]) -> Gathered:
    def tagged(one: Reference) -> Reference:
        together = normal_tags([*one.fields.get("tags", ()), *with_tags])
        return replace(one, fields={**one.fields, "tags": together})

    return replace(gathered, references=list(map(tagged, gathered.references)))


def _files(opened: Opened, run: int) -> list[str]:
    """Return the files that a run has made."""
    entries = Journal(opened.engine.state).entries(run=run) if run else []
    return [
        shown_file(entry.kind, entry.file)
        for _run, entry in entries
        if entry.kind is Kind.ITEM and entry.before is None and entry.file
    ]


def _tell(session: Session, document: dict[str, Any]) -> None:
    output = session.output

    def text() -> None:
        for file in document["added_files"]:
            output.line(file)

    output.emit(document, text)
