"""Which items stand in which sections of a handout, in which order. Pure.

Nothing vanishes silently: what could not be found, placed or ordered is told as remarks.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import Enum

from zotsync.errors import Place
from zotsync.handout.sections import Pool, Section, Source


@dataclass(frozen=True, slots=True)
class Request:
    """What a handout asks for, its collections found."""

    sections: tuple[Section, ...] = ()
    """Empty: those that `by` asks for."""
    collection: str | None = None
    """None: the whole bibliography."""
    exclude: tuple[str, ...] = ()
    rest: str | None = None
    """Title of the last section; None leaves it out."""
    by: str = ""
    """Of what there is a section each: "collection", "kind", "tag", "year"; "" takes the subcollections,
    else the kinds."""
    sort: str = "author"
    """Order in the last section, and in those that `by` asks for."""
    repeat: bool = False
    """Print an item in every section that `by` asks for and that has it, not in the first alone."""


class What(Enum):
    """What a remark is about."""

    NOT_FOUND = "named in `order`, and nowhere"
    ELSEWHERE = "named in `order`, but not in this section"
    EXCLUDE_NOT_FOUND = "named in `exclude`, and nowhere"
    UNORDERED = "in the section, but not in its `order`"
    IN_REST = "in no section: printed in the last one"
    LEFT_OUT = "in no section: not printed"
    EMPTY = "a section without any item"
    OPEN_CONFLICT = "printed as the file has it, with an open conflict"
    NO_LINKS_UNUSED = "named in `no_links`, and neither an item type nor anybody's tag"
    NO_STYLE = "asks for a citation style's order, and none is chosen"
    NOTES_UNUSED = "named in `notes`, and no note's tag"
    INTRODUCTION_UNUSED = (
        "named in `introduction_note`, and no note's key, nor a tag of the collection's"
    )
    THEME_TYPES_UNKNOWN = "named in `itemTypes` of a section of the theme, and no item type"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth telling about a handout: what, in which section, which names or keys."""

    what: What
    names: tuple[str, ...] = ()
    section: int | None = None
    """Index of the section asked for; None for the handout as a whole."""
    title: str = ""
    place: Place | None = None
    """Where it stands, if not in the handout's file."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A section as it is printed: its title and the keys of its items, in order."""

    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Sections with their items, and what there is to say about them. Empty sections are left out."""

    sections: tuple[Chosen, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every printed key, in order."""
        return tuple(key for section in self.sections for key in section.keys)


def select(request: Request, source: Source, kinds: Sequence[Section] = ()) -> Selection:
    """Return what is printed where. `kinds` are the sections where the handout names none."""
    excluded, remarks = _excluded(request, source)
    pool = Pool(source, request.collection, excluded)
    asked = request.sections or pool.sections(
        request.by, kinds, sort=request.sort, repeat=request.repeat
    )
    chosen: list[Chosen] = []
    taken: set[str] = set()
    for index, section in enumerate(asked):
        found = pool.candidates(section)
        keys, told = _ordered(section, index, found, taken, source)
        taken.update(keys)
        quiet = not request.sections
        remarks += () if quiet else told
        if keys:
            chosen.append(Chosen(section.title, keys))
        elif not quiet:
            remarks.append(Remark(What.EMPTY, (), index, section.title))
    shelf = source.shelf()
    left = tuple(shelf.arranged((k for k in pool.keys if k not in taken), request.sort))
    if left and request.rest is not None:
        chosen.append(Chosen(request.rest, left))
    if left and (request.sections or request.rest is None):
        what = What.LEFT_OUT if request.rest is None else What.IN_REST
        remarks.append(Remark(what, left, None, request.rest or ""))
    return Selection(tuple(chosen), tuple(remarks))


def _excluded(request: Request, source: Source) -> tuple[set[str], list[Remark]]:
    found = {name: source.resolve(name) for name in request.exclude}
    missing = tuple(name for name, key in found.items() if key is None)
    remarks = [Remark(What.EXCLUDE_NOT_FOUND, missing)] if missing else []
    return {key for key in found.values() if key}, remarks


def _ordered(
    section: Section, index: int, found: Sequence[str], taken: Container[str], source: Source
) -> tuple[tuple[str, ...], list[Remark]]:
    """Return the section's items in order: the named ones first, the others sorted behind them."""
    free = {k: None for k in found if section.repeat or k not in taken}
    everything = set(found)
    named: dict[str, None] = {}
    missing, elsewhere = [], []
    for name in section.order:
        key = source.resolve(name)
        if key is None:
            missing.append(name)
        elif key in free:
            named[key] = None
        elif key not in everything:
            elsewhere.append(name)
    others = source.shelf().arranged((k for k in free if k not in named), section.sort)
    told = [(What.NOT_FOUND, missing), (What.ELSEWHERE, elsewhere)]
    if section.order or section.sort == "manual":
        told.append((What.UNORDERED, others))
    remarks = [Remark(what, tuple(names), index, section.title) for what, names in told if names]
    return (*named, *others), remarks
