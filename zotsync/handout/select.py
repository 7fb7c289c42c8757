"""Which items stand in which sections of a handout, in which order. Pure.

Nothing vanishes silently: what could not be found, placed or ordered is told as remarks.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from zotsync.handout.collation import collation_key
from zotsync.handout.order import Shelf
from zotsync.model import UNSYNCED_TYPES, Fields, ItemType

Tree = Mapping[str, tuple[str, str | None]]
"""Collection key -> its name and the key of its parent."""
SORTS = ("author", "date", "title", "manual")
NEVER_PRINTED = UNSYNCED_TYPES | {"note"}


@dataclass(frozen=True, slots=True)
class Section:
    """One section asked for. Criteria that are empty take everything."""

    title: str
    collection: str | None = None
    """Key of a collection; its subcollections belong to it."""
    item_types: frozenset[str] = frozenset()
    tag: str = ""
    sort: str = "author"
    order: tuple[str, ...] = ()
    """Item keys or file stems that come first, in this order."""
    exclude: tuple[str, ...] = ()
    repeat: bool = False
    """Print also what an earlier section has printed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a handout asks for, its collections found."""

    sections: tuple[Section, ...] = ()
    """Empty: one per subcollection, else one per kind."""
    collection: str | None = None
    """None: the whole bibliography."""
    exclude: tuple[str, ...] = ()
    rest: str | None = None
    """Title of the last section; None leaves it out."""


@dataclass(frozen=True, slots=True)
class Source:
    """What there is to choose from."""

    items: Mapping[str, Fields]
    collections: Tree = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    """File stem -> item key."""
    types: Mapping[str, ItemType] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth telling about a handout: what, in which section, which names or keys."""

    what: What
    names: tuple[str, ...] = ()
    section: int | None = None
    """Index of the section asked for; None for the handout as a whole."""
    title: str = ""


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
    members = _members(source)
    pool = [
        key
        for key in _within(request.collection, members, source)
        if _printable(source.items[key]) and key not in excluded
    ]
    asked = request.sections or _default_sections(request.collection, pool, members, source, kinds)
    chosen: list[Chosen] = []
    taken: set[str] = set()
    for index, section in enumerate(asked):
        found = _candidates(section, pool, members, source, excluded)
        keys, told = _ordered(section, index, found, taken, source)
        taken.update(keys)
        quiet = not request.sections
        remarks += () if quiet else told
        if keys:
            chosen.append(Chosen(section.title, keys))
        elif not quiet:
            remarks.append(Remark(What.EMPTY, (), index, section.title))
    left = tuple(
        Shelf(source.items, source.types).arranged((k for k in pool if k not in taken), "author")
    )
    if left and request.rest is not None:
        chosen.append(Chosen(request.rest, left))
    if left and (request.sections or request.rest is None):
        what = What.LEFT_OUT if request.rest is None else What.IN_REST
        remarks.append(Remark(what, left, None, request.rest or ""))
    return Selection(tuple(chosen), tuple(remarks))


def _printable(fields: Fields) -> bool:
    return fields.get("itemType") not in NEVER_PRINTED and not fields.get("parentItem")


def _resolve(name: str, source: Source) -> str | None:
    """Return the key that a key or a file stem stands for."""
    return name if name in source.items else source.stems.get(name)


def _excluded(request: Request, source: Source) -> tuple[set[str], list[Remark]]:
    found = {name: _resolve(name, source) for name in request.exclude}
    missing = tuple(name for name, key in found.items() if key is None)
    remarks = [Remark(What.EXCLUDE_NOT_FOUND, missing)] if missing else []
    return {key for key in found.values() if key}, remarks


def _members(source: Source) -> dict[str, list[str]]:
    """Return collection key -> the items that stand in it or below it, each once."""
    members: dict[str, dict[str, None]] = {}
    lines: dict[str, tuple[str, ...]] = {}
    for key, fields in source.items.items():
        for collection in fields.get("collections", ()):
            if collection not in lines:
                lines[collection] = _ancestry(collection, source.collections)
            for above in lines[collection]:
                members.setdefault(above, {})[key] = None
    return {collection: list(keys) for collection, keys in members.items()}


def _ancestry(collection: str, tree: Tree) -> tuple[str, ...]:
    """Return a collection and those above it; a cycle ends where it closes."""
    line: list[str] = []
    at: str | None = collection
    while at and at not in line:
        line.append(at)
        at = tree[at][1] if at in tree else None
    return tuple(line)


def _within(
    collection: str | None, members: Mapping[str, list[str]], source: Source
) -> Iterable[str]:
    return source.items if collection is None else members.get(collection, ())


def _candidates(
    section: Section,
    pool: Sequence[str],
    members: Mapping[str, list[str]],
    source: Source,
    excluded: Container[str],
) -> list[str]:
    """Return the items that answer a section's criteria, whether or not they are printed before."""
    keys: Iterable[str] = pool
    if section.collection is not None:
        inside = members.get(section.collection, ())
        keys = (k for k in inside if _printable(source.items[k]) and k not in excluded)
    own = {_resolve(name, source) for name in section.exclude}
    return [k for k in keys if k not in own and _matches(section, source.items[k])]


def _matches(section: Section, fields: Fields) -> bool:
    if section.item_types and fields.get("itemType") not in section.item_types:
        return False
    return not section.tag or any(t.get("tag") == section.tag for t in fields.get("tags", ()))


def _ordered(
    section: Section, index: int, found: Sequence[str], taken: Container[str], source: Source
) -> tuple[tuple[str, ...], list[Remark]]:
    """Return the section's items in order: the named ones first, the others sorted behind them."""
    free = {k: None for k in found if section.repeat or k not in taken}
    named: dict[str, None] = {}
    missing, elsewhere = [], []
    for name in section.order:
        key = _resolve(name, source)
        if key is None:
            missing.append(name)
        elif key in free:
            named[key] = None
        elif key not in found:
            elsewhere.append(name)
    others = Shelf(source.items, source.types).arranged(
        (k for k in free if k not in named), section.sort
    )
    told = [(What.NOT_FOUND, missing), (What.ELSEWHERE, elsewhere)]
    if section.order or section.sort == "manual":
        told.append((What.UNORDERED, others))
    remarks = [Remark(what, tuple(names), index, section.title) for what, names in told if names]
    return (*named, *others), remarks


def _default_sections(
    collection: str | None,
    pool: Sequence[str],
    members: Mapping[str, list[str]],
    source: Source,
    kinds: Sequence[Section],
) -> tuple[Section, ...]:
    """Return one section per subcollection that holds something, else one per kind."""
    inside = set(pool)
    below = [
        (collation_key(name), key, name)
        for key, (name, parent) in source.collections.items()
        if parent == collection and inside.intersection(members.get(key, ()))
    ]
    if collection is not None and below:
        return tuple(Section(name, key) for _, key, name in sorted(below))
    return tuple(kinds)
