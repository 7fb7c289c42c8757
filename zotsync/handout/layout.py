"""One item as an entry: which lines, with which roles, in which words. Pure.

A theme says which lines there are, in which order, and in patterns what stands in them; `lines.py` has
the default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

from zotsync.handout import links
from zotsync.handout.access import FREE, SIGN_IN, AccessLabels, OpenAccess
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Entry, Line, Mark, Role, Run, line_of
from zotsync.handout.lines import BEHIND, DEFAULT_LINES, LineRule, Pattern
from zotsync.handout.proxies import Proxies
from zotsync.handout.text import titles, typography
from zotsync.handout.text.markup import runs
from zotsync.handout.text.shortening import ORIGIN, shorten
from zotsync.handout.values import Values, Wording, keywords
from zotsync.model import Fields, ItemType

_OPEN_ACCESS = {FREE: "free", SIGN_IN: "sign_in"}
"""Who may read -> the label that tells it."""


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
    open_access: OpenAccess = field(default_factory=OpenAccess.of)
    """Who may read what, told where it is chosen."""
    proxies: Proxies = field(default_factory=lambda: Proxies.of({}))
    lines: tuple[LineRule, ...] = DEFAULT_LINES
    """What an entry consists of, in order."""
    choices: Choices = field(default_factory=Choices)
    references: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """Item key -> the reference in a citation style, in place of author, title and source lines."""
    notes: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """Item key -> the notes that are printed with it."""

    @cached_property
    def layout(self) -> Layout:
        """Return what lays items out by these rules."""
        return Layout(self)


def lay_out(key: str, fields: Fields, rules: Rules, number: int = 0) -> Entry:
    """Return the entry of one item: its lines in the theme's order, what is empty left out.

    A `number` above 0 is printed before its first line.
    """
    return rules.layout.entry(key, fields, number)


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
        entry = self.rules.layout.entry
        for index, key in enumerate(self.keys):
            yield entry(key, self.items[key], self.first + index if self.first else 0)


class _Item(NamedTuple):
    """One item while it is laid out."""

    key: str
    fields: Fields
    values: Values
    """What patterns see of it."""
    publisher: str
    """The publisher's own address: labels go by it, whatever way readers take."""
    url: str
    """The address that readers take."""
    is_french: bool


_Draft = tuple[Role, str, Callable[[str], tuple[Run, ...]]]
"""A line before typography, and what makes runs of its text then."""
_Part = Callable[[_Item], Iterable[_Draft]]
"""Drafts a part of an entry."""


class Layout:
    """Lays items out by some rules: what these decide for all items is decided once."""

    def __init__(self, rules: Rules) -> None:
        """Take the rules."""
        self._rules = rules
        online = rules.labels.get("online", "")
        self._wording = Wording(rules.creator_labels, online, capitals=rules.capitals)
        self._places: dict[tuple[str, str, bool], str] = {}
        behind = self._behind()
        self._usual: list[_Part] = []
        self._cited: list[_Part] = []
        for rule in rules.lines:
            if part := behind.get(rule.part):
                self._usual.append(part)
                self._cited.append(part)
            elif rule.part not in BEHIND:
                self._usual.append(self._patterned(rule))
                # once, where the first of the lines stands that it takes the place of
                self._cited += [self._reference] if self._reference not in self._cited else []

    def entry(self, key: str, fields: Fields, number: int) -> Entry:
        """Return the entry of one item; see `lay_out`."""
        item = self._item(key, fields)
        drafts: list[_Draft] = []
        for part in self._cited if key in self._rules.references else self._usual:
            drafts += part(item)
        lines = self._finished(drafts, item)
        if number and lines:
            first = lines[0]
            lines[0] = Line(first.role, (Run(f"{number}.\u00a0", Mark.NUMBER), *first.runs))
        return Entry(key, tuple(lines), number)

    def _finished(self, drafts: Sequence[_Draft], item: _Item) -> list[Line]:
        """Return the lines of drafts: typography looks at all their texts at once."""
        texts = [text for _role, text, _finish in drafts]
        if links.SAFELINKS in (whole := "\n".join(texts)):
            texts = [self._french(links.unwrap_text(text), item) for text in texts]
        else:
            texts = self._french(whole, item).split("\n")
        finished = zip(drafts, texts, strict=False)  # without any draft there is one text, ""
        return [line_of((role, finish(text))) for (role, _typed, finish), text in finished]

    def _french(self, text: str, item: _Item) -> str:
        return typography.french(text, self._rules.narrow) if item.is_french else text

    def _behind(self) -> Mapping[str, _Part]:
        """Return the parts without patterns that are chosen."""
        choices = self._rules.choices
        parts: Mapping[str, tuple[_Part, object]] = {
            "abstract": (self._abstract, choices.abstracts),
            "keywords": (self._keywords, choices.keywords),
            "shelfmark": (self._shelfmark, choices.shelfmarks),
            "notes": (self._notes, self._rules.notes),
            "access": (self._access, choices.links),
        }
        return {name: part for name, (part, chosen) in parts.items() if chosen}

    def _item(self, key: str, fields: Fields) -> _Item:
        rules = self._rules
        publisher, url = rules.proxies.ways(effective_url(fields))
        if not rules.choices.proxy:
            url = publisher
        link = "" if is_linkless(fields, rules.choices) else url
        kind = rules.types.get(str(fields.get("itemType", "")))
        values = Values(fields, kind, self._wording, url, link)
        is_french = typography.is_french(str(fields.get("language", "")))
        return _Item(key, fields, values, publisher, url, is_french)

    def _patterned(self, rule: LineRule) -> _Part:
        """Return what writes the line of a rule."""
        patterns = rule.patterns or self._rules.patterns

        def draft(item: _Item) -> Iterable[_Draft]:
            values = item.values
            pattern = patterns.get(values.kind.name if values.kind else "") or patterns["default"]
            finish = partial(_linked, values.link) if rule.has_link and values.link else runs
            return _drafts(rule.role, pattern(values), finish)

        return draft

    def _reference(self, item: _Item) -> Iterable[_Draft]:
        return map(_ready, self._rules.references[item.key])

    def _abstract(self, item: _Item) -> Iterable[_Draft]:
        """Return the abstract's lines, the mark of its origin apart."""
        words, text = self._rules.choices.abstracts, str(item.fields.get("abstractNote", ""))
        if not text:
            return ()
        shown = text if words is True else shorten(text, words)
        paragraphs = [p for p in map(titles.one_line, shown.split("\n")) if p]
        finishes = [runs] * (len(paragraphs) - 1) + [_with_origin]
        return [(Role.ABSTRACT, p, f) for p, f in zip(paragraphs, finishes, strict=False)]

    def _keywords(self, item: _Item) -> Iterable[_Draft]:
        words = keywords(item.fields)
        label = self._rules.labels.get("keywords", "")
        return _drafts(Role.KEYWORDS, label + ", ".join(words)) if words else ()

    def _shelfmark(self, item: _Item) -> Iterable[_Draft]:
        mark = item.fields.get("callNumber")
        label = self._rules.labels.get("shelfmark", "")
        return _drafts(Role.SHELFMARK, f"{label}{mark}") if mark else ()

    def _notes(self, item: _Item) -> Iterable[_Draft]:
        return map(_ready, self._rules.notes.get(item.key, ()))

    def _access(self, item: _Item) -> Iterable[_Draft]:
        """Return where the text can be had: a label, and the address below it."""
        if not (url := item.values.link):
            return ()
        rules = self._rules
        goal = links.target(url) or ""
        run = Run(url, Mark.LINK, url=goal) if goal else Run(titles.one_line(url))
        coded = goal and rules.choices.qr
        code = (Run(rules.labels.get("code", goal), code=goal),) if coded else ()
        where = _drafts(Role.ACCESS, self._where(item))
        return [*where, _ready(Line(Role.ACCESS, (*code, run)))]

    def _where(self, item: _Item) -> str:
        """Return what stands above the address: where it leads, and who may read there."""
        catalogue = str(item.fields.get("libraryCatalog", ""))
        if self._rules.open_access.tags:  # a tag of the item's own has a say
            return self._told(item, catalogue)
        place = links.host_of(item.publisher), catalogue, item.url != item.publisher
        if (told := self._places.get(place)) is None:
            told = self._places[place] = self._told(item, catalogue)
        return told

    def _told(self, item: _Item, catalogue: str) -> str:
        rules = self._rules
        label = rules.access.label(item.publisher, catalogue)
        where = f"{rules.labels.get('access', '')}{label}" if label else ""
        if not rules.choices.open_access:
            return where
        proxied = item.url != item.publisher
        tags = (str(tag["tag"]) for tag in item.fields.get("tags", ()))
        kind = rules.open_access.kind(item.publisher, catalogue, tags, proxied=proxied)
        told = rules.labels.get(_OPEN_ACCESS[kind], "") if kind else ""
        if not told:
            return where
        return f"{where} ({told})" if where else told[:1].upper() + told[1:]


def _drafts(
    role: Role, text: str, finish: Callable[[str], tuple[Run, ...]] = runs
) -> Iterable[_Draft]:
    """Return the one line of `text`; none where it is empty."""
    tidy = titles.one_line(text)
    return ((role, tidy, finish),) if tidy else ()


def _ready(line: Line) -> _Draft:
    """Return a line that typography has nothing to do with."""
    return line.role, "", lambda _nothing: line.runs


def is_linkless(fields: Fields, choices: Choices) -> bool:
    """Return whether an item is printed without access lines: its type or a tag of it says so."""
    if not choices.links or not choices.no_links:
        return not choices.links
    words = [fields.get("itemType"), *[tag.get("tag") for tag in fields.get("tags", ())]]
    return any(word in words for word in choices.no_links)


def effective_url(fields: Fields) -> str:
    """Return the address that is printed: the item's own, unwrapped, else its DOI's; "" for none."""
    if url := str(fields.get("url", "")):
        return links.unwrap(url)
    return links.doi_url(str(fields.get("DOI", "")))


def _with_origin(text: str) -> tuple[Run, ...]:
    """Return the runs of an abstract's last paragraph, the mark of its origin apart."""
    found = ORIGIN.match(text, text.rfind("[")) if text.endswith("]") else None
    if not found:
        return runs(text)
    before = runs(text[: found.start()]) if found.start() else ()
    return (*before, *runs(found[0], Mark.ORIGIN))


def _linked(url: str, text: str) -> tuple[Run, ...]:
    """Return the runs of a text in which the address is a true link, where it is one."""
    goal = links.target(url)
    return tuple(_split(runs(text), url, goal)) if goal else runs(text)


def _split(whole: tuple[Run, ...], url: str, goal: str) -> Iterator[Run]:
    for run in whole:
        before, found, after = run.text.partition(url)
        link = run._replace(text=found, mark=Mark.LINK, url=goal)
        for part in (run._replace(text=before), link, run._replace(text=after)):
            if part.text:
                yield part
