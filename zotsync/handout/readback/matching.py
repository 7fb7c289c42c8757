"""Which paragraph of a corrected document is which line of the handout. Pure.

Hidden bookmarks name the entry of title and source lines; equal texts name the rest; what was changed and
has no bookmark belongs where its style puts it, between neighbours that are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zotsync.handout.entry import Role
from zotsync.handout.keeping.printed import Printed, PrintedEntry, PrintedLine
from zotsync.handout.readback.folding import fold, tokens
from zotsync.handout.readback.paragraphs import Paragraph

Spot = tuple[int, int]
"""A section's index, and an entry's in it."""
_ENTRY_ROLES = frozenset(
    {
        Role.AUTHOR,
        Role.ENTRY_TITLE,
        Role.ENTRY_SUBTITLE,
        Role.SOURCE,
        Role.ABSTRACT,
        Role.KEYWORDS,
        Role.SHELFMARK,
        Role.NOTE,
        Role.ACCESS,
        Role.REFERENCE,
    }
)
_ASIDE = frozenset({Role.CONTENTS_HEADING, Role.CONTENTS, Role.INDEX})
"""Made at printing, and never read."""
_MANY = frozenset({Role.ABSTRACT, Role.NOTE, Role.ACCESS, None})
"""Roles that an entry may have several lines of."""


@dataclass(frozen=True, slots=True)
class Returned:
    """An entry of the corrected document."""

    spot: Spot | None
    """Which printed entry it is; None for one that was typed by hand."""
    paragraphs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """A corrected document, its paragraphs sorted out. Numbers are indexes of paragraphs."""

    front: tuple[int, ...]
    sections: tuple[tuple[int | None, tuple[Returned, ...]], ...]
    """Its heading, and its entries, in the document's order."""
    back: tuple[int, ...]


@dataclass
class _Chunk:
    spot: Spot | None
    paragraphs: list[int] = field(default_factory=list)
    roles: list[Role | None] = field(default_factory=list)


def matched(printed: Printed, paragraphs: Sequence[Paragraph]) -> Matched:
    """Return which paragraph is which line."""
    return _Matching(printed, paragraphs).result()


class _Matching:
    def __init__(self, printed: Printed, paragraphs: Sequence[Paragraph]) -> None:
        self._printed, self._paragraphs = printed, paragraphs
        self._entries: dict[Spot, PrintedEntry] = {
            (i, j): e for i, s in enumerate(printed.sections) for j, e in enumerate(s.entries)
        }
        self._spots: dict[str, list[Spot]] = {}
        for spot, entry in self._entries.items():
            self._spots.setdefault(entry.key, []).append(spot)
        indexes = {fold(line.text) for line in printed.indexes}
        texts = [(p.role, fold(p.text)) for p in paragraphs]
        self._texts = ["" if r in _ASIDE or t in indexes else t for r, t in texts]
        self._flat = [line for line in _flattened(printed) if line[0]]
        self._places = self._placed()

    def result(self) -> Matched:
        front: list[int] = []
        back: list[int] = []
        sections: list[tuple[int | None, list[_Chunk]]] = []
        for index in range(len(self._paragraphs)):
            role = self._role(index)
            if not self._texts[index] or role in _ASIDE:
                continue
            if role is Role.SECTION:
                sections.append((index, []))
            elif role is Role.CONTACT:
                back.append(index)
            elif self._is_entry(index, role, started=bool(sections)):
                if not sections:
                    sections.append((None, []))
                self._put(sections[-1][1], index, role)
            elif not sections:
                front.append(index)
            else:
                back.append(index)
        seen: set[Spot] = set()
        returned = tuple((h, tuple(_returned(chunks, seen))) for h, chunks in sections)
        return Matched(tuple(front), returned, tuple(back))

    def _is_entry(self, index: int, role: Role | None, *, started: bool) -> bool:
        if index in self._places:
            return self._owner(index) is not None
        return role in _ENTRY_ROLES or (role is None and started)

    # Which line is which

    def _placed(self) -> dict[int, int]:
        """Return paragraph -> printed line, as far as bookmarks, texts and neighbours tell."""
        places = self._seeds()
        taken = set(places.values())
        filled = [i for i, text in enumerate(self._texts) if text]
        for step, order in ((1, filled), (-1, filled[::-1])):
            before: int | None = None
            for index in order:
                beside = None if before is None else places.get(before)
                before = index
                if index in places or beside is None:
                    continue
                at = beside + step
                if at not in taken and self._text_at(at) == self._texts[index]:
                    places[index] = at
                    taken.add(at)
        return places

    def _text_at(self, at: int) -> str:
        return self._flat[at][0] if 0 <= at < len(self._flat) else ""

    def _seeds(self) -> dict[int, int]:
        lines: dict[str, list[int]] = {}
        for place, (text, _spot, _role) in enumerate(self._flat):
            lines.setdefault(text, []).append(place)
        often = Counter(self._texts)
        counts: Counter[tuple[str, Role | None]] = Counter()
        seeds: dict[int, int] = {}
        taken: set[int] = set()
        for index, paragraph in enumerate(self._paragraphs):
            text = self._texts[index]
            if not text:
                continue
            alike = lines.get(text, [])
            at: int | None = self._by_bookmark(paragraph, alike, counts)
            if at is None and len(alike) == 1 == often[text]:
                at = alike[0]
            if at is not None and at not in taken:
                seeds[index] = at
                taken.add(at)
        title = next((i for i, p in enumerate(self._paragraphs) if p.role is Role.TITLE), None)
        if title is not None and self._flat and 0 not in taken:
            seeds.setdefault(title, 0)
        return seeds

    def _by_bookmark(
        self, paragraph: Paragraph, alike: Sequence[int], counts: Counter[tuple[str, Role | None]]
    ) -> int | None:
        """Return the line that bookmarks name; where there are two, of the entry that has the text."""
        keys = [key for key in paragraph.keys if key in self._spots]
        if len(keys) > 1:
            spots = [self._flat[at][1] for at in alike]
            here = {self._entries[spot].key for spot in spots if spot}
            keys = [key for key in keys if key in here] or keys[-1:]
        if not keys:
            return None
        nth = counts[keys[0], paragraph.role]
        counts[keys[0], paragraph.role] += 1
        spots_of = self._spots[keys[0]]
        if nth >= len(spots_of):
            return None
        of_entry = self._lines_of[spots_of[nth]]
        same = [at for at in of_entry if at in alike]
        return next(
            iter(same or [at for at in of_entry if self._flat[at][2] is paragraph.role]), None
        )

    @cached_property
    def _lines_of(self) -> dict[Spot | None, list[int]]:
        found: dict[Spot | None, list[int]] = {spot: [] for spot in self._entries}
        for at, (_text, spot, _role) in enumerate(self._flat):
            found.setdefault(spot, []).append(at)
        return found

    def _owner(self, index: int) -> Spot | None:
        at = self._places.get(index)
        return None if at is None else self._flat[at][1]

    def _role(self, index: int) -> Role | None:
        """Return a paragraph's role: its style's, else that of the line it is."""
        at = self._places.get(index)
        return self._paragraphs[index].role or (None if at is None else self._flat[at][2])

    # Entries from paragraphs

    def _put(self, chunks: list[_Chunk], index: int, role: Role | None) -> None:
        """Add a paragraph to the entry that goes on, or begin another one."""
        owner = self._owner(index)
        chunk = chunks[-1] if chunks else None
        if chunk is None or self._begins(chunk, owner, role):
            chunk = _Chunk(owner)
            chunks.append(chunk)
        elif owner is not None and chunk.spot is None:
            chunk.spot = owner
        chunk.paragraphs.append(index)
        chunk.roles.append(role)

    def _begins(self, chunk: _Chunk, owner: Spot | None, role: Role | None) -> bool:
        """Return whether a paragraph begins another entry than `chunk`."""
        if owner is not None and chunk.spot is not None:
            return owner != chunk.spot
        order = self._order(chunk.spot or owner)
        last = next((r for r in reversed(chunk.roles) if r is not None), None)
        if role is None or last is None:
            return False
        return role not in _MANY if role is last else order.get(role, 0) < order.get(last, 0)

    def _order(self, spot: Spot | None) -> Mapping[Role, int]:
        """Return in which order roles follow one another in an entry."""
        order = {role: n for n, role in enumerate(_ENTRY_ORDER)}
        if spot is not None:
            printed = list(dict.fromkeys(line.role for line in self._entries[spot].lines))
            ranks = sorted(order[r] for r in printed if r in order)
            order |= dict(zip((r for r in printed if r in order), ranks, strict=True))
        return order


def _returned(chunks: Sequence[_Chunk], seen: set[Spot]) -> Iterator[Returned]:
    """Yield the entries: one in two pieces is one; a copy of one stands for itself."""
    whole: list[_Chunk] = []
    for chunk in chunks:
        if whole and chunk.spot is not None and whole[-1].spot == chunk.spot:
            whole[-1].paragraphs += chunk.paragraphs
        else:
            whole.append(chunk)
    for chunk in whole:
        spot = None if chunk.spot in seen else chunk.spot
        if spot is not None:
            seen.add(spot)
        yield Returned(spot, tuple(chunk.paragraphs))


_ENTRY_ORDER = (
    Role.AUTHOR,
    Role.ENTRY_TITLE,
    Role.ENTRY_SUBTITLE,
    Role.REFERENCE,
    Role.SOURCE,
    Role.ABSTRACT,
    Role.KEYWORDS,
    Role.SHELFMARK,
    Role.NOTE,
    Role.ACCESS,
)


def _flattened(printed: Printed) -> Iterator[tuple[str, Spot | None, Role]]:
    """Yield (folded text, entry, role) of every line, in the order of the document."""
    for line in printed.front:
        yield fold(line.text), None, line.role
    for i, section in enumerate(printed.sections):
        if section.heading:
            yield fold(section.heading.text), None, section.heading.role
        for j, entry in enumerate(section.entries):
            for line in entry.lines:
                yield fold(line.text), (i, j), line.role
    for line in printed.back:
        yield fold(line.text), None, line.role


def likeness(printed: Printed, paragraphs: Sequence[Paragraph]) -> tuple[int, int]:
    """Return how much of a document a printing explains: lines, then words of the other lines."""
    lines = Counter(fold(line.text) for line in all_lines(printed))
    texts = Counter(fold(p.text) for p in paragraphs)
    same = lines & texts
    words, others = (Counter(w for t in (of - same) for w in tokens(t)) for of in (lines, texts))
    return sum(same.values()), sum((words & others).values())


def all_lines(printed: Printed) -> Iterator[PrintedLine]:
    """Yield every line of a printing."""
    yield from printed.front
    for section in printed.sections:
        if section.heading:
            yield section.heading
        for entry in section.entries:
            yield from entry.lines
    yield from printed.back
