"""One item as an entry: which lines, with which roles, in which words. Pure.

The source line of each item type is a pattern of the theme, handed in as a callable; everything else
is the default layout of the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.handout import dates, links, people, titles, typography
from zotsync.handout.access import AccessLabels
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Entry, Line, Mark, Role, Run
from zotsync.handout.markup import runs
from zotsync.handout.shortening import ORIGIN, shorten
from zotsync.model import Fields, ItemType

Pattern = Callable[[Mapping[str, Any]], str]
"""Values of an item -> its source line, blanks not yet tidied."""

COMPUTED = ("date", "year", "full_date", "people", "online")
"""Values that patterns get beside Zotero's fields."""
_WORDY = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Rules:
    """What a theme, the schema and the configuration say about the layout of an entry."""

    patterns: Mapping[str, Pattern]
    """Item type -> source line; `default` serves the types without one."""
    types: Mapping[str, ItemType]
    access: AccessLabels
    labels: Mapping[str, str]
    """access, online, keywords, shelfmark: words around what is printed."""
    creator_labels: Mapping[str, str]
    """Creator type -> what stands in brackets behind a name."""
    capitals: bool = True
    narrow: str = typography.NARROW
    """The blank before `;` `!` `?`: the thin one, or what the theme's font has for it."""
    choices: Choices = field(default_factory=Choices)
    references: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """Item key -> the reference in a citation style, in place of author, title and source lines."""
    notes: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """Item key -> the notes that are printed with it."""


def lay_out(key: str, fields: Fields, rules: Rules, number: int = 0) -> Entry:
    """Return the entry of one item: author, title, source, abstract, access, what is empty left out.

    A `number` above 0 is printed before its first line.
    """
    pen = _Pen(rules, french=typography.is_french(str(fields.get("language", ""))))
    url = effective_url(fields)
    lines = [*(rules.references.get(key) or _head(fields, rules, pen, url))]
    if rules.choices.abstracts:
        lines += _abstract(str(fields.get("abstractNote", "")), pen)
    lines += _extras(fields, pen)
    lines += rules.notes.get(key, ())
    if not is_linkless(fields, rules.choices):
        lines += _access(url, str(fields.get("libraryCatalog", "")), pen)
    if number and lines:
        first = lines[0]
        lines[0] = Line(first.role, (Run(f"{number}.\u00a0", Mark.NUMBER), *first.runs))
    return Entry(key, tuple(lines), number)


def is_linkless(fields: Fields, choices: Choices) -> bool:
    """Return whether an item is printed without access lines: its type or a tag of it says so."""
    if not choices.links:
        return True
    left_out = choices.no_links
    return bool(left_out) and (
        fields.get("itemType") in left_out
        or any(tag.get("tag") in left_out for tag in fields.get("tags", ()))
    )


def _head(fields: Fields, rules: Rules, pen: _Pen, url: str) -> list[Line]:
    """Return the lines of the reference itself: author, title, subtitle, source."""
    kind = rules.types.get(str(fields.get("itemType", "")))
    primary = kind.creator_types[0] if kind and kind.creator_types else "author"
    credit = people.tell_apart(fields.get("creators", ()), primary)
    author = people.author_line(credit, rules.creator_labels, capitals=rules.capitals)
    return [
        *pen.lines(Role.AUTHOR, author),
        *_title_lines(fields, kind, pen),
        *pen.lines(Role.SOURCE, _source(fields, kind, credit, rules, url)),
    ]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The entries of some items, laid out while they are read: ten thousand never stand in memory."""

    keys: tuple[str, ...]
    items: Mapping[str, Fields]
    rules: Rules
    first: int = 0
    """The number of the first entry; 0 where entries have none."""

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries in order, as often as is asked for."""
        for index, key in enumerate(self.keys):
            number = self.first + index if self.first else 0
            yield lay_out(key, self.items[key], self.rules, number)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes text as lines: typography for this item, formatting for this text."""

    rules: Rules
    french: bool

    def text(self, text: str) -> str:
        unwrapped = links.unwrap_text(text)
        return typography.french(unwrapped, self.rules.narrow) if self.french else unwrapped

    def lines(self, role: Role, text: str) -> list[Line]:
        """Return the one line of `text`; none where it is empty."""
        tidy = titles.one_line(text)
        return [Line(role, runs(self.text(tidy)))] if tidy else []


def _title_lines(fields: Fields, kind: ItemType | None, pen: _Pen) -> list[Line]:
    title = titles.one_line(titles.title_of(fields, kind))
    short = titles.one_line(str(fields.get("shortTitle", "")))
    head, rest = titles.split(title, short)
    return [*pen.lines(Role.ENTRY_TITLE, head), *pen.lines(Role.ENTRY_SUBTITLE, rest)]


def effective_url(fields: Fields) -> str:
    """Return the address that is printed: the item's own, unwrapped, else its DOI's; "" for none."""
    if url := str(fields.get("url", "")):
        return links.unwrap(url)
    return links.doi_url(str(fields.get("DOI", "")))


def source_values(
    fields: Fields, kind: ItemType | None, credit: people.Credits, rules: Rules, url: str
) -> dict[str, Any]:
    """Return what a source pattern sees: Zotero's fields, also under their base names, and `COMPUTED`."""
    values = {name: value for name, value in fields.items() if isinstance(value, str)}
    if kind:
        for own, base in kind.base_fields.items():
            if own in values:
                values.setdefault(base, values[own])
    date = values.get("date", "")
    values["date"] = dates.words(date)
    values["year"] = dates.year(date)
    values["full_date"] = values["date"] if dates.is_full(date) else ""
    values["people"] = people.others_line(credit, rules.creator_labels, capitals=rules.capitals)
    online = url and not values.get("pages")
    values["online"] = rules.labels.get("online", "") if online else ""
    return values


def _source(
    fields: Fields, kind: ItemType | None, credit: people.Credits, rules: Rules, url: str
) -> str:
    pattern = rules.patterns.get(kind.name if kind else "") or rules.patterns["default"]
    text = pattern(source_values(fields, kind, credit, rules, url))
    return text if _WORDY.search(text) else ""


def _abstract(text: str, pen: _Pen) -> list[Line]:
    words = pen.rules.choices.abstracts
    if text and words is not True:
        text = shorten(text, words)
    paragraphs = [p for p in map(titles.one_line, text.split("\n")) if p]
    lines = [Line(Role.ABSTRACT, runs(pen.text(p))) for p in paragraphs[:-1]]
    if paragraphs:
        lines.append(Line(Role.ABSTRACT, _with_origin(pen.text(paragraphs[-1]))))
    return lines


def _with_origin(text: str) -> tuple[Run, ...]:
    """Return the runs of an abstract's last paragraph, the mark of its origin apart."""
    found = ORIGIN.search(text)
    if not found:
        return runs(text)
    before = runs(text[: found.start()]) if found.start() else ()
    return (*before, *runs(found[0], Mark.ORIGIN))


def _extras(fields: Fields, pen: _Pen) -> list[Line]:
    rules, lines = pen.rules, []
    if rules.choices.keywords and (words := keywords(fields)):
        lines += pen.lines(Role.KEYWORDS, rules.labels.get("keywords", "") + ", ".join(words))
    if rules.choices.shelfmarks and (mark := fields.get("callNumber")):
        lines += pen.lines(Role.SHELFMARK, rules.labels.get("shelfmark", "") + str(mark))
    return lines


def keywords(fields: Fields) -> list[str]:
    """Return the tags that people gave an item, in order; automatic ones are not printed."""
    return [str(tag["tag"]) for tag in fields.get("tags", ()) if not tag.get("type")]


def _access(url: str, catalogue: str, pen: _Pen) -> list[Line]:
    if not url:
        return []
    label = pen.rules.access.label(url, catalogue)
    above = f"{pen.rules.labels.get('access', '')}{label}" if label else ""
    goal = links.target(url)
    run = Run(url, Mark.LINK, url=goal) if goal else Run(titles.one_line(url))
    code = (Run(goal, code=goal),) if goal and pen.rules.choices.qr else ()
    return [*pen.lines(Role.ACCESS, above), Line(Role.ACCESS, (*code, run))]
