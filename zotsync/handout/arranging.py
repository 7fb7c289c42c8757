"""What stands where in a handout: its file's sections, its collections found, the style's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from zotsync.errors import HandoutError, Place
from zotsync.handout.choices import Choices, choose
from zotsync.handout.citing import cited, is_by_style
from zotsync.handout.compose import Library
from zotsync.handout.entry import Line
from zotsync.handout.handoutfile import Handout, SectionSpec
from zotsync.handout.sections import Section, Source
from zotsync.handout.select import Remark, Request, Selection, What, select
from zotsync.handout.spots import lines_of
from zotsync.handout.theming.themes import Theme, definition
from zotsync.handout.unmatched import unmatched
from zotsync.i18n import _
from zotsync.model import Schema


def arranged(  # noqa: PLR0913, PLR0917 - as `composed`
    handout: Handout,
    library: Library,
    theme: Theme,
    schema: Schema,
    styles: Callable[[], Sequence[Path]],
    choices: Choices,
) -> tuple[Selection, Mapping[str, tuple[Line, ...]]]:
    """Return what is printed where, and the references in the citation style that is chosen."""
    chosen = selected(handout, library, theme, schema, choices)
    if not (style := choices.citation_style):
        return chosen, {}
    found = cited(chosen.keys, library.items, style, handout, theme, styles(), schema)
    if is_by_style(handout, choices):
        ranks = {key: rank for rank, key in enumerate(found.order)}
        chosen = selected(handout, library, theme, schema, choices, ranks)
    return chosen, found.lines


def selected(  # noqa: PLR0913, PLR0917 - as `composed`
    handout: Handout,
    library: Library,
    theme: Theme,
    schema: Schema,
    choices: Choices,
    ranks: Mapping[str, int] | None = None,
) -> Selection:
    """Return what is printed where. `ranks`: item key -> its place in the citation style's order."""
    stems, types = library.stems, schema.item_types
    source = Source(library.items, library.collections, stems, types, ranks or {})
    word = theme.labels.get("rest", "")
    _check_types(handout, schema)
    chosen = select(_request(handout, library, word, choices), source, theme.kinds)
    clashing = tuple(dict.fromkeys(key for key in chosen.keys if key in library.conflicts))
    conflict = (Remark(What.OPEN_CONFLICT, clashing),) if clashing else ()
    unused = unmatched(handout, library, schema, choices, choose(theme.choices))
    odd = _unknown_kinds(theme, schema)
    return Selection(chosen.sections, (*chosen.remarks, *conflict, *unused, *odd))


def _unknown_kinds(theme: Theme, schema: Schema) -> Iterator[Remark]:
    """Yield what sections of the theme ask for and Zotero does not have: nothing stands in them."""
    for index, kind in enumerate(theme.kinds):
        if unknown := tuple(sorted(kind.item_types - schema.item_types.keys())):
            source = definition(theme.folder)
            lines = lines_of(source.text)
            spot = f"sections[{index}]"
            line = lines.get(f"{spot}.itemTypes") or lines.get(spot)
            yield Remark(What.THEME_TYPES_UNKNOWN, unknown, place=Place(source.file, line))


def _check_types(handout: Handout, schema: Schema) -> None:
    """Raise HandoutError where a section asks for an item type that Zotero does not have."""
    for index, spec in enumerate(handout.sections):
        for name in spec.item_types:
            if name not in schema.item_types:
                meant = _meant(name, schema)
                hint = _("Do you mean {name}?").format(name=meant) if meant else ""
                place = handout.place(f"sections[{index}].itemTypes")
                message = _("Zotero has no item type {name}.").format(name=name)
                raise HandoutError(message, place=place, hint=hint)


def _meant(word: str, schema: Schema) -> str:
    """Return the item type that is called nearly so, in whatever language; "" where none is."""
    names = {
        label.lower(): name.removeprefix("type:")
        for labels in schema.labels.values()
        for name, label in labels.items()
        if name.startswith("type:")
    } | {name.lower(): name for name in schema.item_types}
    return next((names[near] for near in get_close_matches(word.lower(), names, n=1)), "")


def _request(handout: Handout, library: Library, word: str, choices: Choices) -> Request:
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
            sort=spec.sort or choices.sort,
            order=spec.order,
            exclude=spec.exclude,
            repeat=spec.repeat or handout.repeat,
        )

    return Request(
        sections=tuple(section(i, spec) for i, spec in enumerate(handout.sections)),
        collection=found(handout.collection, "collection"),
        exclude=handout.exclude,
        rest=handout.rest if handout.rest is None else handout.rest or word,
        by=choices.by,
        sort=choices.sort,
        repeat=handout.repeat,
    )
