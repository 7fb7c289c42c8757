"""A corrected document, what had been printed, and the bibliography now: what is proposed. Pure.

Three ways, as in a merge: a line that is as it was printed was not corrected, whatever the bibliography
says by now; where both changed, the two are joined if they touch different words, else it is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote

from zotsync.handout import links
from zotsync.handout.compose import Library
from zotsync.handout.entry import Role, Run
from zotsync.handout.handoutfile import Handout
from zotsync.handout.keeping.printed import Printed, PrintedEntry
from zotsync.handout.layout import Rules
from zotsync.handout.readback.correcting import (
    PARTS,
    EntryReader,
    Lines,
    is_same,
    lines_of,
    looks_same,
    text_of,
)
from zotsync.handout.readback.folding import fold, same
from zotsync.handout.readback.matching import Matched, Returned, Spot, matched
from zotsync.handout.readback.paragraphs import Corrected, Paragraph, without_number
from zotsync.handout.readback.structure import Structure
from zotsync.handout.readback.together import is_shifted, joined, united
from zotsync.handout.text.markup import plain_text
from zotsync.handout.text.titles import one_line, title_of
from zotsync.model import Fields
from zotsync.proposal import Correction, Doubt, Proposal, Said, Unplaced, Why

_MANY = frozenset({Role.ABSTRACT, Role.NOTE})
_HEAD = frozenset({Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE, Role.REFERENCE, Role.SOURCE})


@dataclass(frozen=True)
class Readback:
    """Everything that a proposal depends on."""

    document: Corrected
    was: Printed
    """As the document was printed; where that is not known, as it would be printed now."""
    now: Printed
    """As it would be printed now."""
    handout: Handout
    library: Library
    rules: Rules
    from_record: bool = True

    def proposal(self) -> Proposal:
        """Return what was corrected, and what could not be placed."""
        read: dict[str, Fields] = {}
        found = [part for returned in self._returned() for part in self._entry(returned, read)]
        structure = Structure(
            self._matched,
            self.was,
            self.now,
            self.handout,
            self.library,
            self._texts,
            [p.role for p in self._paragraphs],
            self._title,
        )
        parts = [*united(found), *structure.parts()]
        return Proposal(
            tuple(p for p in parts if isinstance(p, Correction)),
            tuple(p for p in parts if isinstance(p, Unplaced)),
            tuple(self._said()),
            self.handout.file,
            self.from_record,
        )

    @cached_property
    def _matched(self) -> Matched:
        return matched(self.was, self._paragraphs)

    @cached_property
    def _paragraphs(self) -> Sequence[Paragraph]:
        """Return the document's paragraphs, without the numbers that the handout gave its entries."""
        if not self.was.is_numbered:
            return self.document.paragraphs
        return [without_number(p) if p.role in _HEAD else p for p in self.document.paragraphs]

    @cached_property
    def _texts(self) -> Sequence[str]:
        return [one_line(p.text) for p in self._paragraphs]

    def _returned(self) -> Iterator[Returned]:
        for _heading, entries in self._matched.sections:
            yield from entries

    def _title(self, key: str) -> str:
        fields = self.library.items.get(key, {})
        kind = self.rules.types.get(str(fields.get("itemType", "")))
        return plain_text(one_line(title_of(fields, kind)))

    def _printed_entry(self, spot: Spot) -> PrintedEntry:
        return self.was.sections[spot[0]].entries[spot[1]]

    def _said(self) -> Iterator[Said]:
        """Yield comments and footnotes with the entry that they are about."""
        owners = {
            index: self._printed_entry(r.spot).key
            for r in self._returned()
            if r.spot
            for index in r.paragraphs
        }
        for one in self.document.comments:
            key = owners.get(one.paragraph, "")
            yield Said(one.text, one.author, key, self._title(key), one.footnote)

    # One entry

    def _entry(
        self, returned: Returned, read: dict[str, Fields]
    ) -> Iterator[Correction | Unplaced]:
        """Yield what becomes of an entry. `read`: the items as far as they have been corrected."""
        paragraphs = [self._paragraphs[i] for i in returned.paragraphs]
        if returned.spot is None:
            text = "\n".join(one_line(p.text) for p in paragraphs)
            keys = (key for p in paragraphs for key in p.keys if key in self.library.items)
            key = next(keys, "")
            yield Unplaced(
                Why.ELSEWHERE if key else Why.NEW_ENTRY, key, self._title(key), "", "", text
            )
            return
        entry = self._printed_entry(returned.spot)
        first = next((line.text for line in entry.lines if line.text.strip()), "")
        if entry.number and first and not same(paragraphs[0].text, first):
            paragraphs[0] = without_number(paragraphs[0], " \u00a0\u202f")
        was = lines_of([(line.role, line.runs) for line in entry.lines])
        now, strays = _by_role(paragraphs, was)
        title = self._title(entry.key)
        for stray in strays:
            yield Unplaced(Why.UNREADABLE, entry.key, title, "", "", stray)
        for text, url in _misleading(was, now):
            yield Unplaced(Why.LINK, entry.key, title, Role.ACCESS.value, text, url)
        for part in PARTS:
            if not (is_same(was, now, *part) and looks_same(was, now, *part)):
                one = self._part(entry.key, title, part, (was, now), read)
                if isinstance(one, Correction):
                    read[entry.key] = {**read.get(entry.key, {}), **one.fields}
                    if one.doubt is None and is_shifted(part, was, now, self._around(returned)):
                        one = replace(one, doubt=Doubt.GUESSED)
                if one is not None:
                    yield one

    def _around(self, returned: Returned) -> Sequence[str]:
        """Return the texts of an entry's paragraphs, and of those before and behind it."""
        first, last = min(returned.paragraphs), max(returned.paragraphs)
        return [fold(text) for text in self._texts[max(0, first - 1) : last + 2]]

    def _part(
        self,
        key: str,
        title: str,
        part: tuple[Role, ...],
        lines: tuple[Lines, Lines],
        read: Mapping[str, Fields],
    ) -> Correction | Unplaced | None:
        """Return what becomes of a part that reads otherwise (`lines[1]`) than it was printed."""
        was, now = lines
        told = (part[0].value, text_of(was, *part), text_of(now, *part))
        stored = self.library.items.get(key)
        if stored is None:
            return Unplaced(Why.GONE, key, title, *told)
        fields = {n: v for n, v in {**stored, **read.get(key, {})}.items() if v is not None}
        reader = EntryReader(key, fields, self.rules)
        ours = reader.printed(fields)
        if is_same(ours, now, *part) and looks_same(ours, now, *part):
            return None  # it has been corrected here as well
        wanted, doubt = now, None
        if not (is_same(ours, was, *part) and looks_same(ours, was, *part)):
            both = joined(ours, was, now, part)
            wanted, doubt = (now, Doubt.CHANGED_SINCE) if both is None else (both, None)
        untitled = part[0] is Role.ENTRY_TITLE and not told[2].strip()
        found = None if untitled else reader.read(part, wanted)
        if found is None or not found.fields:
            looks = is_same(was, now, *part)
            return Unplaced(Why.FORMATTING if looks else Why.UNREADABLE, key, title, *told)
        if doubt is None and (found.doubtful or _has_more_lines(was, now, part)):
            doubt = Doubt.GUESSED
        if doubt is None and key in self.library.conflicts:
            doubt = Doubt.IN_CONFLICT
        before = {name: stored.get(name) for name in found.fields}
        return Correction(key, title, *told, before, dict(found.fields), doubt)


def _by_role(paragraphs: Sequence[Paragraph], was: Lines) -> tuple[Lines, list[str]]:
    """Return an entry's paragraphs by role; what has no style of ours goes with what it stands behind."""
    found: list[tuple[Role, tuple[Run, ...]]] = []
    strays: list[str] = []
    texts = {text_of({role: (runs,)}, role): role for role, of in was.items() for runs in of}
    for paragraph in paragraphs:
        role = paragraph.role or texts.get(paragraph.text)
        if role is Role.ENTRY_TITLE and found and found[-1][0] is role:
            role = Role.ENTRY_SUBTITLE  # Enter was pressed behind the title
        if role is None and found and found[-1][0] in _MANY:
            role = found[-1][0]
        if role is None:
            strays.append(one_line(paragraph.text))
        elif role in _MANY or role is Role.ACCESS:
            found += [(role, runs) for runs in _broken(paragraph.runs)]
        else:
            found.append(
                (role, tuple(r._replace(text=r.text.replace("\n", " ")) for r in paragraph.runs))
            )
    return lines_of(found), strays


def _has_more_lines(was: Lines, now: Lines, part: tuple[Role, ...]) -> bool:
    """Return whether a line that was one is several: what was typed below it may be no part of it."""
    once = (role for role in part if role not in _MANY and role is not Role.ACCESS)
    return any(len(now.get(role, ())) > max(len(was.get(role, ())), 1) for role in once)


def _misleading(was: Lines, now: Lines) -> Iterator[tuple[str, str]]:
    """Yield the addresses that lead elsewhere than they say: a link that was changed, its text was not."""
    printed = set(text_of(was, Role.ACCESS).split("\n"))
    for runs in now.get(Role.ACCESS, ()):
        text = "".join(run.text for run in runs).strip()
        if text not in printed:
            continue
        targets = {run.url for run in runs if run.url}
        goal = links.target(text)
        for url in targets if goal else ():
            if _bare(url) not in {_bare(goal or ""), _bare(text)}:
                yield text, url


def _bare(url: str) -> str:
    """Return what counts of an address, however a word processor has escaped it."""
    return unquote(links.unwrap(url)).rstrip("/").casefold()


def _broken(runs: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    """Yield the lines of a paragraph with line breaks in it."""
    line: list[Run] = []
    for run in runs:
        first, *more = run.text.split("\n")
        line.append(run._replace(text=first))
        for text in more:
            yield tuple(line)
            line = [run._replace(text=text)]
    if any(run.text.strip() for run in line):
        yield tuple(line)
