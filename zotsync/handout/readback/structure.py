"""What was corrected of the handout itself: its texts and headings, which entries, in which order. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from zotsync.handout.compose import Library
from zotsync.handout.entry import Role
from zotsync.handout.handoutfile import Handout
from zotsync.handout.keeping.printed import Printed, PrintedLine, PrintedSection
from zotsync.handout.readback.folding import fold, same
from zotsync.handout.readback.matching import Matched, Returned, Spot
from zotsync.handout.readback.transfer import transferred, typed
from zotsync.handout.text import dates
from zotsync.proposal import Correction, Doubt, Unplaced, Why

_SETTINGS = {
    Role.TITLE: "title",
    Role.SUBTITLE: "subtitle",
    Role.DATE: "date",
    Role.INTRO: "introduction",
    Role.INSTITUTION: "",
    Role.CONTACT: "",
}
"""Role -> the setting of the handout file that it comes from; "" for the configuration."""
_NUMBER = re.compile(r"\d+\. ")
EXCLUDE, ORDER = "exclude", "order"
_FEW = 3
"""Entries that may be all that a handout had, and be taken out."""


@dataclass(frozen=True)
class Structure:
    """A handout and what a corrected document makes of it."""

    matched: Matched
    was: Printed
    now: Printed
    handout: Handout
    library: Library
    texts: Sequence[str]
    """Of the document's paragraphs."""
    roles: Sequence[Role | None]
    title: Callable[[str], str]
    """Item key -> its title."""

    def parts(self) -> Iterator[Correction | Unplaced]:
        """Yield what was corrected, and what could not be placed."""
        yield from self._band()
        for index, (heading, entries) in enumerate(self.matched.sections):
            section = self._sections[index]
            if heading is not None:
                yield from self._heading(heading, section)
            if section is not None:
                yield from self._order(section, entries)
        yield from self._sequence()
        yield from self._gone()

    # Its own texts

    def _band(self) -> Iterator[Correction | Unplaced]:
        was = _by_role((*self.was.front, *self.was.back))
        ours = _by_role((*self.now.front, *self.now.back))
        now: dict[Role, list[str]] = {}
        known = {fold(t): role for role, texts in was.items() for t in texts}
        for index in (*self.matched.front, *self.matched.back):
            role = self.roles[index] or known.get(fold(self.texts[index]))
            if role is not None:
                now.setdefault(role, []).append(self.texts[index])
            else:
                yield self._left(Why.UNREADABLE, "", "", self.texts[index])
        for role, setting in _SETTINGS.items():
            texts = ("\n".join(lines.get(role, ())) for lines in (was, ours, now))
            yield from self._setting(role, setting, *texts)

    def _setting(
        self, role: Role, setting: str, was: str, ours: str, now: str
    ) -> Iterator[Correction | Unplaced]:
        if same(was, now) or same(ours, now):
            return
        stored = str(getattr(self.handout, setting)) if setting else ""
        from_elsewhere = not stored and was and role is not Role.TITLE
        if not setting or from_elsewhere or (role is Role.TITLE and not now):
            yield self._left(Why.NOT_HERE, role.value, was, now)
            return
        new = self._told(role, stored, ours, now)
        if new is None:
            yield self._left(Why.UNREADABLE, role.value, was, now)
        else:
            doubt = None if same(was, ours) else Doubt.CHANGED_SINCE
            yield self._set(setting, stored, new, (was, now), doubt)

    def _told(self, role: Role, stored: str, ours: str, now: str) -> str | None:
        """Return what a setting is to say; None where the line has something else in it."""
        if role is Role.DATE:
            lines = now.split("\n")
            kept = ours.split("\n")[1:]
            if list(map(fold, lines[1:])) != list(map(fold, kept)):
                return None
            return dates.from_words(lines[0]) or typed(lines[0], stored)
        return transferred(stored, ours, now) or typed(now, stored)

    def _set(
        self,
        setting: str,
        before: object,
        value: object,
        told: tuple[str, str],
        doubt: Doubt | None = None,
    ) -> Correction:
        name = self.handout.title or self.handout.file
        change = {setting: before or None}, {setting: value or None}
        if doubt is None and self._is_partial:
            doubt = Doubt.NO_RECORD
        return Correction("", name, setting, *told, *change, doubt)

    def _left(self, why: Why, part: str, was: str, now: str, key: str = "") -> Unplaced:
        return Unplaced(why, key, self.title(key) if key else "", part, was, now)

    # Its sections

    @cached_property
    def _sections(self) -> list[int | None]:
        """Return for each section of the document which printed one it is."""
        found: list[int | None] = []
        for heading, entries in self.matched.sections:
            votes = Counter(e.spot[0] for e in entries if e.spot)
            best = votes.most_common(1)[0][0] if votes else None
            if best is None and heading is not None:
                text = fold(self.texts[heading])
                printed = enumerate(self.was.sections)
                best = next((i for i, s in printed if fold(_heading(s.heading)) == text), None)
            found.append(best if best not in found else None)
        return found

    @cached_property
    def _specs(self) -> Mapping[int, int]:
        """Return printed section -> the table of the handout file that it comes from."""
        tables = self._tables
        ours = {e.key: i for i, s in enumerate(self.now.sections) for e in s.entries}
        found: dict[int, int] = {}
        for index, section in enumerate(self.was.sections):
            votes = Counter(ours[e.key] for e in section.entries if e.key in ours)
            same_now = votes.most_common(1)[0][0] if votes else None
            if same_now in tables and tables[same_now] not in found.values():
                found[index] = tables[same_now]
        return found

    @cached_property
    def _tables(self) -> Mapping[int | None, int]:
        """Return section as it would be printed now -> its table, by title and order."""
        found: dict[int | None, int] = {}
        at = 0
        for index, section in enumerate(self.now.sections):
            texts = _titles(section.heading)
            rest = range(at, len(self.handout.sections))
            spec = next((n for n in rest if fold(self.handout.sections[n].title) in texts), None)
            if spec is not None:
                found[index] = spec
                at = spec + 1
        return found

    def _heading(self, index: int, section: int | None) -> Iterator[Correction | Unplaced]:
        now = self.texts[index]
        was = _heading(self.was.sections[section].heading) if section is not None else ""
        if same(was, now):
            return
        spec = self._specs.get(section) if section is not None else None
        if spec is None:
            yield self._left(Why.NOT_HERE, Role.SECTION.value, was, now)
            return
        ours = _heading(self._now(spec).heading)
        if same(ours, now):
            return
        stored = self.handout.sections[spec].title
        new = transferred(stored, ours, now) or typed(_NUMBER.sub("", now, count=1), stored)
        doubt = None if same(was, ours) else Doubt.CHANGED_SINCE
        yield self._set(f"sections[{spec}].title", stored, new, (was, now), doubt)

    def _sequence(self) -> Iterator[Unplaced]:
        """Yield that sections stand in another order: that is left to people."""
        here = [section for section in self._sections if section is not None]
        if here != sorted(here):
            orders = (sorted(here), here)
            told = ("\n".join(_heading(self.was.sections[n].heading) for n in of) for of in orders)
            yield self._left(Why.SECTIONS, Role.SECTION.value, *told)

    def _order(self, section: int, entries: Sequence[Returned]) -> Iterator[Correction | Unplaced]:
        """Yield the order of a section, and what was moved into it."""
        here = [e.spot for e in entries if e.spot]
        moved = [spot for spot in here if spot[0] != section]
        for spot in moved:
            yield self._moved(spot, section)
        stayed = [self._key(spot) for spot in here if spot not in moved]
        printed = [entry.key for entry in self.was.sections[section].entries]
        was = [key for key in printed if key in stayed]
        if stayed == was or len(set(stayed)) < len(stayed):
            return
        told = ("\n".join(map(self.title, keys)) for keys in (was, stayed))
        spec = self._specs.get(section)
        if spec is None:
            yield self._left(Why.ORDER, Role.SECTION.value, *told)
            return
        shown = [entry.key for entry in self._now(spec).entries]
        ours = [key for key in shown if key in stayed or key not in printed]
        if [key for key in ours if key in stayed] == stayed:
            return
        new = [*(k for k in stayed if k in ours), *(k for k in ours if k not in stayed)]
        doubt = None if [key for key in ours if key in was] == was else Doubt.CHANGED_SINCE
        before = list(self.handout.sections[spec].order)
        was_told, now_told = told
        yield self._set(f"sections[{spec}].{ORDER}", before, new, (was_told, now_told), doubt)

    def _now(self, spec: int) -> PrintedSection:
        """Return a section of the handout file as it would be printed now."""
        return self.now.sections[
            next(i for i, n in self._tables.items() if n == spec and i is not None)
        ]

    def _moved(self, spot: Spot, section: int) -> Correction | Unplaced:
        """Return the move of an item between two sections that stand for collections."""
        key = self._key(spot)
        was, now = (_heading(self.was.sections[n].heading) for n in (spot[0], section))
        old, new = (self._collection(n) for n in (spot[0], section))
        before = list(self.library.items.get(key, {}).get("collections", ()))
        if not (old and new) or old not in before or new in before:
            return self._left(Why.MOVED, Role.SECTION.value, was, now, key)
        after = sorted([*(c for c in before if c != old), new])
        change = {"collections": before}, {"collections": after}
        # Where its heading is gone, the heading may have been deleted, and nothing moved.
        doubt = None if spot[0] in self._sections else Doubt.GUESSED
        return Correction(key, self.title(key), Role.SECTION.value, was, now, *change, doubt)

    def _collection(self, section: int) -> str | None:
        spec = self._specs.get(section)
        path = self.handout.sections[spec].collection if spec is not None else ""
        try:
            return self.library.find(path) if path else None
        except ValueError:  # a path that is malformed, or that twins share
            return None

    def _key(self, spot: Spot) -> str:
        return self.was.sections[spot[0]].entries[spot[1]].key

    # What was taken out

    def _gone(self) -> Iterator[Correction | Unplaced]:
        """Yield the entries that somebody took out: of the handout, never of the bibliography."""
        for setting, key in self._taken_out():
            yield self._set(setting, None, [key], (self.title(key), ""))

    @cached_property
    def _is_partial(self) -> bool:
        """Return whether most entries are missing: it may be another document, or a part of one."""
        shown = sum(len(section.entries) for section in self.was.sections)
        return sum(1 for _gone in self._taken_out()) > max(_FEW, shown // 2)

    def _taken_out(self) -> Iterator[tuple[str, str]]:
        """Yield the setting that leaves an entry out, and the entry's key."""
        here = {e.spot for _heading, entries in self.matched.sections for e in entries if e.spot}
        kept = {self._key(spot) for spot in here}
        printed_now = {e.key for s in self.now.sections for e in s.entries}
        for index, section in enumerate(self.was.sections):
            for place, entry in enumerate(section.entries):
                unseen = not any(fold(line.text) for line in entry.lines)
                if (index, place) in here or entry.key not in printed_now or unseen:
                    continue
                spec = self._specs.get(index)
                if entry.key not in kept:
                    kept.add(entry.key)
                    yield EXCLUDE, entry.key
                elif spec is not None:
                    yield f"sections[{spec}].{EXCLUDE}", entry.key


def _by_role(lines: Iterable[PrintedLine]) -> dict[Role, list[str]]:
    found: dict[Role, list[str]] = {}
    for line in lines:
        found.setdefault(line.role, []).append(line.text)
    return found


def _titles(heading: PrintedLine | None) -> set[str]:
    """Return what a section may be called in the file: its heading, with and without its number."""
    text = _heading(heading)
    return {fold(text), fold(_NUMBER.sub("", text, count=1))}


def _heading(line: PrintedLine | None) -> str:
    return line.text if line else ""
