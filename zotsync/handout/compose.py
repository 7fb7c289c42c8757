"""A whole handout as lines with roles: title band, introduction, sections, indexes, contact. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from zotsync.handout import layout, links
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Block, Document, Index, Line, Mark, Properties, Role, Run
from zotsync.handout.handoutfile import Handout
from zotsync.handout.indexes import index_rows
from zotsync.handout.sections import Tree
from zotsync.handout.select import Selection
from zotsync.handout.text import dates, typography
from zotsync.handout.text.markup import plain_text, runs
from zotsync.handout.text.notehtml import note_lines
from zotsync.handout.text.titles import one_line
from zotsync.model import Fields

_ADDRESS = re.compile(r"https?://[^\s<>\"»]+|[\w.+-]+@[a-zA-Z0-9][a-zA-Z0-9.-]*\.[a-zA-Z]{2,}")


class CentreFacts(Protocol):
    """Who hands the document out; an empty text is not printed."""

    @property
    def institution(self) -> str: ...  # noqa: D102
    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def contact(self) -> str: ...  # noqa: D102
    @property
    def logo(self) -> str: ...  # noqa: D102
    @property
    def licence(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Library:
    """What there is to print, as the files have it."""

    items: Mapping[str, Fields]
    """Item key -> fields in normal form (`collections` holds keys)."""
    collections: Tree
    """Collection key -> name and parent's key."""
    find: Callable[[str], str | None]
    """A collection's path or key -> its key; None (or ValueError) where there is none."""
    stems: Mapping[str, str] = field(default_factory=dict)
    """File stem -> item key."""
    conflicts: Collection[str] = frozenset()
    """Keys of the items with an open conflict."""


def compose(
    handout: Handout,
    library: Library,
    chosen: Selection,
    rules: layout.Rules,
    centre: CentreFacts,
) -> Document:
    """Return the whole document as lines with roles."""
    pen, choices = _Pen(rules), rules.choices
    said = {name: _said(choices, centre, name) for name in _CENTRE}
    intro = pen.lines(Role.INTRO, handout.introduction) or _introduction(handout, library, pen)
    back = [linked(line) for name in _BACK for line in pen.lines(Role.CONTACT, said[name])]
    properties = Properties(
        title=plain_text(_title(handout)),
        subject=plain_text(handout.subtitle),
        author=said["institution"],
        date=dates.sort_key(handout.date),
    )
    return Document(
        front(handout, rules, centre),
        _blocks(library, chosen, rules, pen),
        tuple(back),
        properties,
        said["logo"],
        cover=choices.cover,
        contents=pen.line(Role.CONTENTS_HEADING, pen.label("contents"))
        if choices.contents
        else None,
        intro=tuple(intro),
        indexes=_indexes(library, chosen, rules, pen),
    )


def front(handout: Handout, rules: layout.Rules, centre: CentreFacts) -> tuple[Line, ...]:
    """Return the title band. A day of update that is not known yet ("auto") is left out."""
    pen, choices = _Pen(rules), rules.choices
    updated = dates.words(choices.updated) if choices.updated != "auto" else ""
    return (
        pen.line(Role.TITLE, one_line(_title(handout))),
        *pen.lines(Role.SUBTITLE, handout.subtitle),
        *pen.lines(Role.INSTITUTION, _said(choices, centre, "institution")),
        *pen.lines(Role.DATE, dates.words(handout.date)),
        *pen.lines(Role.DATE, updated and f"{pen.label('updated')}{updated}"),
    )


def _title(handout: Handout) -> str:
    return handout.title or PurePath(handout.file).stem


def linked(line: Line) -> Line:
    """Return a line in which web and mail addresses are true links."""
    return Line(line.role, tuple(part for run in line.runs for part in _linked(run)))


def _linked(run: Run) -> Iterator[Run]:
    last = 0
    for found in _ADDRESS.finditer(run.text):
        text = found[0].rstrip(".")
        goal = f"mailto:{text}" if "@" in text and "/" not in text else links.target(text)
        if goal:
            if last < found.start():
                yield run._replace(text=run.text[last : found.start()])
            yield run._replace(text=text, mark=Mark.LINK, url=goal)
            last = found.start() + len(text)
    if last < len(run.text):
        yield run._replace(text=run.text[last:])


_CENTRE = ("institution", "address", "contact", "logo", "licence")
_BACK = ("address", "contact", "licence")


def is_numbered(choices: Choices) -> bool:
    """Return whether entries have numbers: asked for, or needed by an index."""
    return choices.numbering or bool(choices.indexes)


def _said(choices: Choices, centre: CentreFacts, name: str) -> str:
    """Return a fact about the centre: the handout's own, else the configured one."""
    own: str | None = getattr(choices, name)
    return str(getattr(centre, name)) if own is None else own


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes the handout's own texts as lines."""

    rules: layout.Rules

    def line(self, role: Role, text: str) -> Line:
        return Line(role, runs(typography.french(text, self.rules.narrow)))

    def lines(self, role: Role, text: str) -> list[Line]:
        return [self.line(role, one_line(p)) for p in text.split("\n") if p.strip()]

    def label(self, name: str) -> str:
        return self.rules.labels.get(name, "")

    def note(self, role: Role, html: str) -> tuple[Line, ...]:
        """Return the lines of a note that somebody wrote in Zotero."""
        narrow = self.rules.narrow
        return tuple(
            Line(
                line.role,
                tuple(
                    run if run.url else run._replace(text=typography.french(run.text, narrow))
                    for run in line.runs
                ),
            )
            for line in note_lines(html, role)
        )


def printed_notes(library: Library, rules: layout.Rules) -> dict[str, tuple[Line, ...]]:
    """Return item key -> the lines of its child notes that are tagged for printing, by note key."""
    tag, pen = rules.choices.notes, _Pen(rules)
    found: dict[str, tuple[Line, ...]] = {}
    for _key, fields in sorted(tagged_notes(library, tag).items()) if tag else ():
        if parent := fields.get("parentItem"):
            lines = pen.note(Role.NOTE, str(fields.get("note", "")))
            found[parent] = (*found.get(parent, ()), *lines)
    return found


def _introduction(handout: Handout, library: Library, pen: _Pen) -> list[Line]:
    """Return the introduction that somebody wrote in Zotero."""
    found = introduction_notes(handout, library, pen.rules.choices.introduction_note)
    return [line for note in found for line in pen.note(Role.INTRO, str(note.get("note", "")))]


def introduction_notes(handout: Handout, library: Library, wanted: str) -> list[Fields]:
    """Return the notes that introduce a handout: one by its key, or those of its collection by a tag."""
    named = library.items.get(wanted)
    if named is not None and named.get("itemType") == "note":
        return [named]
    collection = library.find(handout.collection) if handout.collection else None
    tagged = sorted(tagged_notes(library, wanted).items()) if wanted else ()
    return [fields for _key, fields in tagged if collection in fields.get("collections", ())]


def tagged_notes(library: Library, tag: str) -> dict[str, Fields]:
    """Return the notes that carry a tag."""
    return {
        key: fields
        for key, fields in library.items.items()
        if fields.get("itemType") == "note"
        and any(one.get("tag") == tag for one in fields.get("tags", ()))
    }


def _blocks(
    library: Library, chosen: Selection, rules: layout.Rules, pen: _Pen
) -> tuple[Block, ...]:
    numbered = is_numbered(rules.choices)
    blocks, first = [], 1
    for place, section in enumerate(chosen.sections, 1):
        number = f"{place}. " if rules.choices.section_numbers else ""
        heading = pen.line(Role.SECTION, f"{number}{section.title}") if section.title else None
        entries = layout.LaidOut(section.keys, library.items, rules, first if numbered else 0)
        blocks.append(Block(heading, entries))
        first += len(section.keys)
    return tuple(blocks)


def _indexes(
    library: Library, chosen: Selection, rules: layout.Rules, pen: _Pen
) -> tuple[Index, ...]:
    found = []
    for kind in rules.choices.indexes:
        rows = index_rows(
            "authors" if kind == "authors" else "keywords",
            enumerate(chosen.keys, 1),
            library.items,
            rules.types,
            capitals=rules.capitals,
        )
        if rows:
            found.append(Index(pen.line(Role.SECTION, pen.label(f"index_{kind}")), rows))
    return tuple(found)
