"""A handout from its file to its Word document: find, select, lay out, write; and what there is to say."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from zotsync.errors import FileError, HandoutError, Place
from zotsync.handout import dates, layout, typography
from zotsync.handout.access import AccessLabels
from zotsync.handout.entry import Block, Document, Line, Properties, Role
from zotsync.handout.handoutfile import Handout, SectionSpec
from zotsync.handout.markup import plain_text, runs
from zotsync.handout.select import Remark, Request, Section, Selection, Source, Tree, What, select
from zotsync.handout.themes import Theme
from zotsync.handout.titles import one_line, title_of
from zotsync.i18n import _
from zotsync.model import Fields, Phase, Progress, Schema, silent
from zotsync.reasons import reason_of


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


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of an outline."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A section of an outline."""

    title: str
    entries: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a handout would print, and what there is to say about it."""

    sections: tuple[OutlineSection, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A handout as a Word document."""

    docx: bytes
    entries: int
    remarks: tuple[Remark, ...]


def outline(handout: Handout, library: Library, theme: Theme, schema: Schema) -> Outline:
    """Return what the handout would print. Raises HandoutError where a collection is not there."""
    chosen = _selected(handout, library, theme, schema)
    sections = (
        OutlineSection(s.title, tuple(Listed(k, _title(k, library, schema)) for k in s.keys))
        for s in chosen.sections
    )
    return Outline(tuple(sections), chosen.remarks)


def render_handout(  # noqa: PLR0913 - the whole of what a handout depends on
    handout: Handout,
    library: Library,
    theme: Theme,
    schema: Schema,
    centre: CentreFacts,
    *,
    access: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Rendered:
    """Return the handout as a Word document. `access` adds to the theme's access labels.

    Raises HandoutError where a collection is not there, ThemeError where the theme lacks something.
    """
    from zotsync.handout.writers.word import to_word  # noqa: PLC0415 - loads python-docx

    chosen = _selected(handout, library, theme, schema)
    rules = rules_of(theme, schema, access or {})
    total = len(chosen.keys)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(Phase.RENDER, done, total)

    document = compose(handout, library, chosen, rules, centre)
    return Rendered(to_word(document, theme.base, tick), total, chosen.remarks)


def rules_of(theme: Theme, schema: Schema, access: Mapping[str, str]) -> layout.Rules:
    """Return the theme's layout rules. Raises ThemeError where a pattern names what no item has."""
    fields = {name for kind in schema.item_types.values() for name in kind.fields}
    bases = {b for kind in schema.item_types.values() for b in kind.base_fields.values()}
    known = frozenset(fields | bases | {"itemType", *layout.COMPUTED})
    for pattern in theme.patterns.values():
        pattern.check(known)
    language = theme.language[:2]
    creators = {c for kind in schema.item_types.values() for c in kind.creator_types}
    labels = {c: schema.label("creator", c, language).lower() for c in creators}
    return layout.Rules(
        patterns=theme.patterns,
        types=schema.item_types,
        access=AccessLabels.of(theme.access, access),
        labels=theme.labels,
        creator_labels=labels | dict(theme.creators),
        capitals=theme.capitals,
        narrow=theme.narrow,
        show=theme.show,
    )


def compose(
    handout: Handout,
    library: Library,
    chosen: Selection,
    rules: layout.Rules,
    centre: CentreFacts,
) -> Document:
    """Return the whole document as lines with roles."""

    def line(role: Role, text: str) -> Line:
        return Line(role, runs(typography.french(text, rules.narrow)))

    def lines(role: Role, text: str) -> list[Line]:
        return [line(role, one_line(p)) for p in text.split("\n") if p.strip()]

    title = handout.title or Path(handout.file).stem
    front = [
        line(Role.TITLE, one_line(title)),
        *lines(Role.SUBTITLE, handout.subtitle),
        *lines(Role.INSTITUTION, centre.institution),
        *lines(Role.DATE, dates.words(handout.date)),
        *lines(Role.INTRO, handout.introduction),
    ]
    back = [*lines(Role.CONTACT, centre.address), *lines(Role.CONTACT, centre.contact)]
    back += lines(Role.CONTACT, centre.licence)
    blocks = (
        Block(
            line(Role.SECTION, section.title) if section.title else None,
            layout.LaidOut(section.keys, library.items, rules),
        )
        for section in chosen.sections
    )
    properties = Properties(
        title=plain_text(title),
        subject=plain_text(handout.subtitle),
        author=centre.institution,
        date=dates.sort_key(handout.date),
    )
    return Document(tuple(front), tuple(blocks), tuple(back), properties, centre.logo)


def _selected(handout: Handout, library: Library, theme: Theme, schema: Schema) -> Selection:
    source = Source(library.items, library.collections, library.stems, schema.item_types)
    word = theme.labels.get("rest", "")
    chosen = select(_request(handout, library, word), source, theme.kinds)
    clashing = tuple(dict.fromkeys(key for key in chosen.keys if key in library.conflicts))
    remarks = (*chosen.remarks, *([Remark(What.OPEN_CONFLICT, clashing)] if clashing else ()))
    return Selection(chosen.sections, remarks)


def _request(handout: Handout, library: Library, word: str) -> Request:
    def found(path: str, spot: str) -> str | None:
        if not path:
            return None
        try:
            key = library.find(path)
        except ValueError:  # a path that is malformed, or that twins share
            key = None
        if key is None:
            message = _("There is no collection {path}.").format(path=path)
            hint = _("`zotsync handout new` and collections.toml show the paths there are.")
            raise HandoutError(message, place=handout.place(spot), hint=hint)
        return key

    def section(index: int, spec: SectionSpec) -> Section:
        return Section(
            title=spec.title,
            collection=found(spec.collection, f"sections[{index}].collection"),
            item_types=frozenset(spec.item_types),
            tag=spec.tag,
            sort=spec.sort,
            order=spec.order,
            exclude=spec.exclude,
            repeat=spec.repeat or handout.repeat,
        )

    return Request(
        sections=tuple(section(i, spec) for i, spec in enumerate(handout.sections)),
        collection=found(handout.collection, "collection"),
        exclude=handout.exclude,
        rest=handout.rest if handout.rest is None else handout.rest or word,
    )


def _title(key: str, library: Library, schema: Schema) -> str:
    fields = library.items[key]
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    return plain_text(one_line(title_of(fields, kind)))


def write_document(path: Path, data: bytes) -> None:
    """Write a document in one step: whoever looks sees the old one or the new one, never half of it.

    Raises FileError where it cannot be written.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp"
        )
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as exc:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        message = _("The document cannot be written: {reason}").format(reason=reason_of(exc))
        hint = _("Is it open in Word? Close it there, or name another file with -o.")
        raise FileError(message, place=Place(str(path)), hint=hint) from exc
