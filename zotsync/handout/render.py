"""A handout from its file to its Word document: find, select, lay out, write; and what there is to say."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zotsync.handout import layout
from zotsync.handout.access import AccessLabels, OpenAccess
from zotsync.handout.arranging import arranged, selected
from zotsync.handout.choices import Choices, choose
from zotsync.handout.citing import is_by_style
from zotsync.handout.compose import CentreFacts, Library, compose, front, printed_notes
from zotsync.handout.entry import Document
from zotsync.handout.formats import writer_of
from zotsync.handout.handoutfile import Handout
from zotsync.handout.proxies import Proxies
from zotsync.handout.select import Remark, Selection
from zotsync.handout.text.markup import plain_text
from zotsync.handout.text.titles import one_line, title_of
from zotsync.handout.theming.themes import Theme, all_patterns
from zotsync.handout.values import COMPUTED
from zotsync.model import Phase, Progress, Schema, silent

_FEW = 20_000
"""Entries that are held in memory: 2 kB each, and laid out once for all who read them."""


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
class Composed:
    """A handout as lines with roles, by which rules they were laid out, and what stands where."""

    document: Document
    rules: layout.Rules
    chosen: Selection

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the printed items, in order."""
        return self.chosen.keys

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Return what there is to say about it."""
        return self.chosen.remarks


@dataclass(frozen=True, slots=True)
class Rendered:
    """A handout as a document."""

    data: bytes
    entries: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class House:
    """What the configuration says for all handouts."""

    centre: CentreFacts
    access: Mapping[str, str] = field(default_factory=dict)
    """Adds to the theme's access labels."""
    open_access: Mapping[str, str] = field(default_factory=dict)
    """Adds to what the theme says of who may read where."""
    proxy: Mapping[str, str] = field(default_factory=dict)
    """Publisher's host -> how readers reach it."""
    styles: Callable[[], Sequence[Path]] = tuple
    """Folders with citation styles, the theme's own aside; asked where a handout chooses a style."""


def outline(
    handout: Handout,
    library: Library,
    theme: Theme,
    schema: Schema,
    house: House | None = None,
) -> Outline:
    """Return what the handout would print. Raises HandoutError where a collection is not there.

    The order that a citation style gives is told with `house` only: the style is sought there.
    """
    choices = choices_of(handout, theme)
    if house and is_by_style(handout, choices):
        chosen, _references = arranged(handout, library, theme, schema, house.styles, choices)
    else:
        chosen = selected(handout, library, theme, schema, choices)
    sections = (
        OutlineSection(s.title, tuple(Listed(k, _title(k, library, schema)) for k in s.keys))
        for s in chosen.sections
    )
    return Outline(tuple(sections), chosen.remarks)


def choices_of(
    handout: Handout, theme: Theme, overrides: Mapping[str, Any] | None = None
) -> Choices:
    """Return what is chosen: by the theme, over it the handout file, over it the `overrides`."""
    return choose(theme.choices, handout.choices, overrides or {})


def render_handout(  # noqa: PLR0913 - the whole of what a handout depends on
    handout: Handout,
    library: Library,
    theme: Theme,
    schema: Schema,
    house: House,
    *,
    overrides: Mapping[str, Any] | None = None,
    form: str = "docx",
    progress: Progress = silent,
) -> Rendered:
    """Return the handout as a document of the format `form` (see `formats`).

    Raises HandoutError where a collection is not there, ThemeError where the theme lacks something.
    """
    made = composed(handout, library, theme, schema, house, overrides)
    return Rendered(written(made, theme, form, progress), len(made.keys), made.remarks)


def composed(  # noqa: PLR0913, PLR0917 - the whole of what a handout depends on
    handout: Handout,
    library: Library,
    theme: Theme,
    schema: Schema,
    house: House,
    overrides: Mapping[str, Any] | None = None,
) -> Composed:
    """Return what is printed, before any format. Raises as `render_handout`."""
    choices = choices_of(handout, theme, overrides)
    handout = handout.overridden(overrides or {})
    rules = rules_of(theme, schema, house, choices)
    with _uncollected():
        chosen, references = arranged(handout, library, theme, schema, house.styles, choices)
        rules = replace(rules, notes=printed_notes(library, rules), references=references)
        document = compose(handout, library, chosen, rules, house.centre)
    return Composed(document, rules, chosen)


def dated(made: Composed, handout: Handout, house: House, day: str) -> Composed:
    """Return the same, with the day of its last update. `handout`: as it was composed."""
    rules = replace(made.rules, choices=replace(made.rules.choices, updated=day))
    lines = front(handout, rules, house.centre)
    return replace(made, rules=rules, document=replace(made.document, front=lines))


def held(made: Composed) -> Composed:
    """Return the same with its entries in memory, unless they are many: they are read several times."""
    if len(made.keys) > _FEW:
        return made
    blocks = tuple(replace(block, entries=tuple(block.entries)) for block in made.document.blocks)
    return replace(made, document=replace(made.document, blocks=blocks))


def written(made: Composed, theme: Theme, form: str, progress: Progress = silent) -> bytes:
    """Return the bytes of a document of the format `form`."""
    total = len(made.keys)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(Phase.RENDER, done, total)

    with _uncollected():
        return writer_of(form)(made.document, theme, tick)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector rest while thousands of small values are made, none of them in a cycle.

    It would look through all of them again and again, a tenth of the time.
    """
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


def rules_of(theme: Theme, schema: Schema, house: House, choices: Choices) -> layout.Rules:
    """Return the theme's layout rules. Raises ThemeError where a pattern names what no item has."""
    fields = {name for kind in schema.item_types.values() for name in kind.fields}
    bases = {b for kind in schema.item_types.values() for b in kind.base_fields.values()}
    known = frozenset(fields | bases | {"itemType", *COMPUTED})
    for pattern in all_patterns(theme):
        pattern.check(known)
    language = theme.language[:2]
    creators = {c for kind in schema.item_types.values() for c in kind.creator_types}
    labels = {c: schema.label("creator", c, language).lower() for c in creators}
    return layout.Rules(
        patterns=theme.patterns,
        lines=theme.lines,
        types=schema.item_types,
        access=AccessLabels.of(theme.access, house.access),
        open_access=OpenAccess.of(theme.open_access, house.open_access),
        proxies=Proxies.of(house.proxy),
        labels=theme.labels,
        creator_labels=labels | dict(theme.creators),
        capitals=theme.capitals,
        narrow=theme.narrow,
        choices=choices,
    )


def _title(key: str, library: Library, schema: Schema) -> str:
    fields = library.items[key]
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    return plain_text(one_line(title_of(fields, kind)))
