"""What was corrected in one entry, part by part, as fields of its item. Pure.

Every reading is printed again before it is proposed: what does not print as it was corrected is left.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from zotsync.handout import layout, links
from zotsync.handout.entry import Role, Run
from zotsync.handout.readback.folding import (
    Shown,
    fold,
    looks,
    marked_up,
    same,
    shown,
    unraised,
)
from zotsync.handout.readback.names import Names, Speller
from zotsync.handout.readback.slots import Found, Line
from zotsync.handout.readback.titlelines import TitleLines, read_titles
from zotsync.handout.readback.transfer import transferred, typed
from zotsync.handout.text import titles
from zotsync.handout.text.people import leading_line, others_line, tell_apart
from zotsync.model import Fields, ItemType, normal

_LINK = re.compile(r"https?://\S+|www\.\S+|10\.\d{4,}/\S+", re.IGNORECASE)
Lines = Mapping[Role, tuple[tuple[Run, ...], ...]]
"""Role -> the runs of each of an entry's lines."""
PARTS: tuple[tuple[Role, ...], ...] = (
    (Role.AUTHOR,),
    (Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE),
    (Role.REFERENCE,),
    (Role.SOURCE,),
    (Role.ABSTRACT,),
    (Role.KEYWORDS,),
    (Role.SHELFMARK,),
    (Role.NOTE,),
    (Role.ACCESS,),
)
"""What is corrected together."""


def lines_of(lines: Sequence[tuple[Role, tuple[Run, ...]]]) -> Lines:
    """Return lines by role."""
    found: dict[Role, list[tuple[Run, ...]]] = {}
    for role, runs in lines:
        found.setdefault(role, []).append(runs)
    return {role: tuple(of) for role, of in found.items()}


def text_of(lines: Lines, *roles: Role) -> str:
    """Return the text of some roles, a line each."""
    return "\n".join(shown(runs).text for role in roles for runs in lines.get(role, ()))


def marked_text(lines: Lines, *roles: Role) -> str:
    """Return the text of some roles with Zotero's little HTML, a line each."""
    return "\n".join(marked_up(shown(runs)) for role in roles for runs in lines.get(role, ()))


def shown_of(lines: Lines, role: Role) -> Shown:
    """Return the text of a role with its looks, lines joined."""
    of = lines.get(role, ())
    gaps = ((Run(" "),) if n else () for n in range(len(of)))
    return shown(run for gap, runs in zip(gaps, of, strict=True) for run in (*gap, *runs))


def is_same(one: Lines, other: Lines, *roles: Role) -> bool:
    """Return whether the texts of some roles differ in typography at most."""
    return all(same(text_of(one, role), text_of(other, role)) for role in roles)


def looks_same(one: Lines, other: Lines, *roles: Role) -> bool:
    """Return whether letters look the same too."""
    of = [
        run
        for lines in (one, other)
        for role in roles
        for runs in lines.get(role, ())
        for run in runs
    ]
    if not any(run.faces for run in of):
        return True
    return all(looks(shown_of(one, role)) == looks(shown_of(other, role)) for role in roles)


@dataclass(frozen=True)
class EntryReader:
    """One item, whose printed lines are read back."""

    key: str
    fields: Fields
    rules: layout.Rules

    def read(self, part: tuple[Role, ...], now: Lines) -> Found | None:
        """Return the fields that print a part as it was corrected; None where none are found."""
        role = part[0]
        text = text_of(now, *part)
        if role is Role.AUTHOR:
            return self._authors(text) or self._line(role, text)
        if role is Role.ENTRY_TITLE:
            return self._titles(now) or self._line(role, text)
        readers = {Role.ABSTRACT: self._abstract, Role.KEYWORDS: self._keywords}
        if role in readers:
            return readers[role](text)
        if role is Role.ACCESS:
            return self._access(now)
        made_elsewhere = role is Role.NOTE or self.key in self.rules.references
        return None if made_elsewhere else self._line(role, text)

    def printed(self, fields: Fields) -> Lines:
        """Return the lines that fields print."""
        entry = layout.lay_out(self.key, fields, self.rules)
        return lines_of([(line.role, line.runs) for line in entry.lines])

    @cached_property
    def _now(self) -> Lines:
        return self.printed(self.fields)

    def _text(self, fields: Fields, *roles: Role) -> str:
        return text_of(self.printed(fields), *roles)

    @cached_property
    def _kind(self) -> ItemType | None:
        return self.rules.types.get(str(self.fields.get("itemType", "")))

    @property
    def _primary(self) -> str:
        kind = self._kind
        return kind.creator_types[0] if kind and kind.creator_types else "author"

    @property
    def _speller(self) -> Speller:
        allowed = self._kind.creator_types if self._kind else tuple(self.rules.creator_labels)
        labels = {k: v for k, v in self.rules.creator_labels.items() if k in allowed}
        return Speller(labels, self.rules.capitals)

    def _creators(self) -> Sequence[Fields]:
        creators: Sequence[Fields] = self.fields.get("creators", ())
        return creators

    # Part by part

    def _authors(self, text: str) -> Found | None:
        names = self._speller.author_line(text, self._creators(), self._primary)
        if names is None:
            return None
        change = {"creators": list(names.creators) or None}
        fits = same(self._text(self._with(change), Role.AUTHOR), text)
        return Found(change, names.doubtful) if fits else None

    def _titles(self, now: Lines) -> Found | None:
        roles = Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE
        was = TitleLines(*(shown_of(self._now, role) for role in roles))
        new = TitleLines(
            *(unraised(shown_of(now, role), shown_of(self._now, role)) for role in roles)
        )

        def fits(fields: Fields) -> bool:
            lines = self.printed(fields)
            return is_same(lines, now, *roles) and looks_same(lines, now, *roles)

        change = read_titles(self.fields, self._kind, was, new, fits)
        return Found(change) if change else None

    def _abstract(self, text: str) -> Found | None:
        stored = str(self.fields.get("abstractNote", ""))
        paragraphs = [p for p in map(titles.one_line, text.split("\n")) if p]
        text = "\n".join(paragraphs)
        new = transferred(stored, text_of(self._now, Role.ABSTRACT), text)
        whole = self.rules.choices.abstracts is True
        if new is None:
            if not whole:
                return None
            new = typed(text, stored)
        change = {"abstractNote": new or None}
        if whole and not same(self._text(self._with(change), Role.ABSTRACT), text):
            return None
        return Found(change)

    def _keywords(self, text: str) -> Found | None:
        label = self.rules.labels.get("keywords", "")
        at = len(label) if fold(text).startswith(fold(label)) else 0
        stored = self.fields.get("tags", ())
        known = {fold(str(tag["tag"])): tag for tag in stored if not tag.get("type")}
        words = _words(text[at:], known)
        kept = [tag for tag in stored if tag.get("type")]
        new = [known.get(fold(word)) or {"tag": typed(word, "")} for word in words]
        change = {"tags": normal({"tags": [*kept, *new]}).get("tags")}
        old = (
            fold(text).split(", "),
            fold(self._text(self._with(change), Role.KEYWORDS)).split(", "),
        )
        return Found(change) if sorted(old[0]) == sorted(old[1]) else None

    def _access(self, now: Lines) -> Found | None:
        wanted = self._clean(text_of(now, Role.ACCESS))
        for change in self._links(wanted.split("\n")):
            if same(self._clean(self._text(self._with(change), Role.ACCESS)), wanted):
                return Found({n: v for n, v in change.items() if v != self.fields.get(n)})
        return None

    def _clean(self, text: str) -> str:
        """Return access lines with the addresses that mail programs and proxies have wrapped."""
        unwrap = self.rules.proxies.unwrap
        lines = (line.strip() for line in text.split("\n"))
        return "\n".join(unwrap(links.unwrap(li)) if _LINK.fullmatch(li) else li for li in lines)

    def _links(self, lines: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield what address and catalogue may have become."""
        prefix = self.rules.labels.get("access", "").strip()
        urls = [line.strip() for line in lines if _LINK.fullmatch(line.strip())]
        labels = [line.strip() for line in lines if line.strip() and line.strip() not in urls]
        catalogue = labels[0][len(prefix) :].strip() if labels else None
        url = urls[0] if urls else None
        doi = url[len(_DOI) :] if url and url.lower().startswith(_DOI) else None
        places: list[dict[str, Any]] = [{"url": url}]
        if not self.fields.get("url"):
            places = [{"DOI": doi}, {"url": url}] if doi else [{"url": url}, {"DOI": None}]
        for place in places:
            yield place
            yield {**place, "libraryCatalog": catalogue}

    def _line(self, role: Role, text: str) -> Found | None:
        kind = self._kind
        empty = [n for n in (kind.fields if kind else ()) if not self.fields.get(n)]
        credit = tell_apart(self._creators(), self._primary)
        labels, capitals = self.rules.creator_labels, self.rules.capitals
        printed = self._text(self.fields, role)
        leading = leading_line(credit, labels, capitals=capitals)
        others = others_line(credit, labels, capitals=capitals)
        leads = bool(leading) and leading in printed

        def read_people(of: str) -> Names | None:
            reader = self._speller.author_line if leads else self._speller.others
            return reader(of, self._creators(), self._primary)

        line = Line(
            self.fields,
            lambda fields: self._text(normal(fields), role),
            [n for n in empty if n not in _NEVER_FILLED],
            leading if leads else others,
            read_people,
        )
        return line.read(text)

    def _with(self, change: Mapping[str, Any]) -> Fields:
        return {n: v for n, v in {**self.fields, **change}.items() if v}


def _words(text: str, known: Container[str]) -> list[str]:
    """Return the keywords of a line; one that holds commas stays whole where it is known."""
    pieces = re.split("([,;])", text)
    found: list[str] = []
    at = 0
    while at < len(pieces):
        ends = range(len(pieces), at + 1, -2)
        whole = ((end, "".join(pieces[at:end]).strip()) for end in ends)
        end, word = next(
            ((e, w) for e, w in whole if fold(w) in known), (at + 1, pieces[at].strip())
        )
        found += [word] if word else []
        at = end + 1
    return found


_DOI = "https://doi.org/"
_NEVER_FILLED = frozenset(
    {"title", "shortTitle", "abstractNote", "url", "DOI", "language", "libraryCatalog", "extra"}
)
