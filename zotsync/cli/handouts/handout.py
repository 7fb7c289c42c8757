"""`zotsync handout new` and `handout show`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

import click

from zotsync.bibliography.files import told, write_new
from zotsync.bibliography.paths import split_path, tree_paths
from zotsync.bibliography.slugs import is_file_name
from zotsync.cli.frame import completing
from zotsync.cli.frame.failure import problem_document
from zotsync.cli.frame.group import Entry, Group, argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.output import as_typed
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.handouts.choice_options import commented
from zotsync.cli.handouts.rendering import (
    Holdings,
    find_handout,
    house_of,
    library_from,
    remark_lines,
    shown,
    tell_unread,
    theme_of,
)
from zotsync.cli.items.naming import collection_named
from zotsync.errors import HandoutError, Place, UsageError
from zotsync.figures import number
from zotsync.handout.choices import Choices
from zotsync.handout.handoutfile import parse_handout, read_handout
from zotsync.handout.handoutwriting import NewSection, new_handout_text
from zotsync.handout.render import Outline, choices_of, outline
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.reading.planning import Here

ENTRIES = (
    Entry("new", "handouts.handout:new", N_("Make a handout file from a collection")),
    Entry("show", "handouts.handout:show", N_("What a handout would print, and in which order")),
)


@click.group("handout", cls=Group, entries=ENTRIES, help=N_("Make or show a handout file."))
def handout() -> None:
    """Group the handout commands."""


@command("new", N_("Make the handout file NAME, with the sections and the order there are now."))
@argument("name", metavar=N_("NAME"))
@option(
    "--collection",
    metavar=N_("C"),
    shell_complete=completing.collections,
    help=N_("A collection's path or key; all, if none is named."),
)
@pass_session
def new(session: Session, name: str, collection: str | None) -> int:
    """Write a handout file that prints what it says, ready to be put in order."""
    name = name.removesuffix(".toml")
    if not is_file_name(name):
        raise UsageError(_("{name} is no name for a file.").format(name=name or '""'))
    with open_workspace(session, online=False, command="handout") as opened:
        file = opened.workspace.handouts / f"{name}.toml"
        if file.exists():
            raise HandoutError(
                _("There is such a handout already."),
                place=Place(shown(opened.workspace, file)),
                hint=_("Choose another name, or edit that file."),
            )
        text = handout_text(opened, name, collection)
    with told(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_new(file, text)
    session.output.emit({"file": str(file)}, lambda: session.output.line(str(file)))
    session.output.say(_("To print it: zotsync render {name}").format(name=as_typed(name)))
    return 0


def handout_text(opened: Opened, name: str, collection: str | None) -> str:
    """Return the file's text: the sections that the default would print, written out."""
    path = _path(opened, collection) if collection else ""
    title = split_path(path)[-1] if path else name
    bare = parse_handout(new_handout_text(title, path).encode(), f"{name}.toml")
    here = opened.engine.here()
    library = library_from(here, opened.engine.conflicts())
    found = outline(bare, library, theme_of(opened, bare, None), opened.schema)
    sections = list(_sections(here, path, found))
    if not all(section.collection for section in sections):
        sections = []  # by kind: the default says that better than a list would
    return new_handout_text(title, path, sections, comments=commented())


def _path(opened: Opened, collection: str) -> str:
    """Return the path of a collection given by path or key."""
    tree = opened.engine.collections()  # keys that are not written down yet are others every time
    return tree_paths(tree)[collection_named(tree, collection)]


def _sections(here: Here, path: str, found: Outline) -> Iterator[NewSection]:
    below = {p: p for p in tree_paths(here.collections).values()}
    named = {key: PurePosixPath(here.paths[key]).stem for key in here.new}  # they have no key yet
    for section in found.sections:
        where = below.get(f"{path}/{section.title}" if path else section.title, "")
        items = tuple((named.get(e.key, e.key), e.title) for e in section.entries)
        yield NewSection(section.title, where, items)


@command("show", N_("Print what the handout NAME would print, and in which order."))
@argument("name", metavar=N_("NAME"), shell_complete=completing.handouts)
@pass_session
def show(session: Session, name: str) -> int:
    """List sections and entries, and what there is to say about them."""
    with open_workspace(session, online=False, command="handout") as opened:
        file = find_handout(opened.workspace, name)
        asked = read_handout(file, shown(opened.workspace, file))
        holdings = Holdings(opened)
        library = holdings.library
        theme, house = theme_of(opened, asked, None), house_of(opened)
        found = outline(asked, library, theme, opened.schema, house=house)
        unread = holdings.here.unread
    remarks = remark_lines(found.remarks, asked, library.items)
    output = session.output
    choices = asdict(choices_of(asked, theme))
    document = {
        "handout": file.stem,
        "theme": theme.name,
        "choices": choices,
        "sections": [
            {"title": s.title, "entries": [{"key": e.key, "title": e.title} for e in s.entries]}
            for s in found.sections
        ],
        "remarks": remarks,
        "problems": [problem_document(problem) for problem in unread],
    }

    def text() -> None:
        for section in found.sections:
            count = len(section.entries)
            entries = ngettext("{n} entry", "{n} entries", count).format(n=number(count))
            output.line(f"{section.title} ({entries})", style="bold")
            output.table(("", ""), [(f"  {entry.key}", entry.title) for entry in section.entries])

    output.emit(document, text)
    usual = asdict(Choices())
    if told := [f"{name} = {_as_toml(v)}" for name, v in choices.items() if v != usual[name]]:
        output.say(_("Chosen: {choices}").format(choices=" · ".join(told)))
    for remark in remarks:
        output.explain(remark, style="yellow")
    tell_unread(output, unread)
    return 1 if unread else 0


def _as_toml(value: Any) -> str:
    """Return a value as a handout's file has it."""
    return json.dumps(value, ensure_ascii=False)
