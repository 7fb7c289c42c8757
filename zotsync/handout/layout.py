"""One item as an entry: which lines, with which roles, in which words. Pure.

A theme says which lines there are, in which order, and in patterns what stands in them; `lines.py` has
the default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zotsync.handout import links, parts
from zotsync.handout.access import AccessLabels, OpenAccess
from zotsync.handout.choices import Choices
from zotsync.handout.entry import NO_FACES, Entry, Face, Line, Mark, entry_of, line_of, run_of
from zotsync.handout.lines import BEHIND, DEFAULT_LINES, LineRule, Pattern
from zotsync.handout.parts import Draft, Item, Part, item_of
from zotsync.handout.proxies import Proxies
from zotsync.handout.text import typography
from zotsync.handout.values import Values, Wording
from zotsync.model import Fields, ItemType


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


class Layout:
    """Lays items out by some rules: what these decide for all items is decided once."""

    def __init__(self, rules: Rules) -> None:
        """Take the rules."""
        self._rules = rules
        online = rules.labels.get("online", "")
        self._wording = Wording(rules.creator_labels, online, capitals=rules.capitals)
        self._usual: list[Part] = []
        self._cited: list[Part] = []
        behind, reference = self._behind(), parts.ready(rules.references)
        for rule in rules.lines:
            if part := behind.get(rule.part):
                self._usual.append(part)
                self._cited.append(part)
            elif rule.part not in BEHIND:
                self._usual.append(self._patterned(rule))
                # once, where the first of the lines stands that it takes the place of
                self._cited += [reference] if reference not in self._cited else []

    def entry(self, key: str, fields: Fields, number: int) -> Entry:
        """Return the entry of one item; see `lay_out`."""
        item = self._item(key, fields)
        drafts: list[Draft] = []
        for part in self._cited if key in self._rules.references else self._usual:
            drafts += part(item)
        lines = [self._line(draft, item) for draft in drafts]
        if number and lines:
            role, shown = lines[0]
            lines[0] = line_of((role, (run_of(_numbered(number)), *shown)))
        return entry_of((key, tuple(lines), number))

    def _line(self, draft: Draft, item: Item) -> Line:
        """Return the line of a draft, its typography right."""
        role, text, finish = draft
        if not callable(finish):
            return line_of((role, finish))
        text = links.unwrap_text(text)
        if item.is_french:
            text = typography.french(text, self._rules.narrow)
        return line_of((role, finish(text)))

    def _behind(self) -> Mapping[str, Part]:
        """Return the parts without patterns that are chosen."""
        rules = self._rules
        choices, labels = rules.choices, rules.labels
        found: Mapping[str, tuple[Part, object]] = {
            "abstract": (parts.abstract(choices.abstracts), choices.abstracts),
            "keywords": (parts.keywords(labels.get("keywords", "")), choices.keywords),
            "shelfmark": (parts.shelfmark(labels.get("shelfmark", "")), choices.shelfmarks),
            "notes": (parts.ready(rules.notes), rules.notes),
            "access": (
                parts.Access(labels, rules.access, rules.open_access, choices),
                choices.links,
            ),
        }
        return {name: part for name, (part, chosen) in found.items() if chosen}

    def _item(self, key: str, fields: Fields) -> Item:
        rules = self._rules
        publisher, url = rules.proxies.ways(effective_url(fields))
        if not rules.choices.proxy:
            url = publisher
        link = "" if is_linkless(fields, rules.choices) else url
        kind = rules.types.get(str(fields.get("itemType", "")))
        values = Values(fields, kind, self._wording, url, link)
        is_french = typography.is_french(str(fields.get("language", "")))
        return item_of((key, fields, values, publisher, url, is_french))

    def _patterned(self, rule: LineRule) -> Part:
        """Return what drafts the line of a rule."""
        role, patterns = rule.role, rule.patterns or self._rules.patterns
        usual = patterns["default"]

        def draft(item: Item) -> Sequence[Draft]:
            values = item.values
            pattern = patterns.get(values.kind.name, usual) if values.kind else usual
            text = pattern(values)
            if rule.has_link and values.link:
                return parts.drafts(role, text, parts.linked(values.link))
            return parts.drafts(role, text)

        return draft


def _numbered(number: int) -> tuple[str, Mark, frozenset[Face], str, str]:
    """Return the run that tells an entry's number, as its parts."""
    return f"{number}.\u00a0", Mark.NUMBER, NO_FACES, "", ""


def is_linkless(fields: Fields, choices: Choices) -> bool:
    """Return whether an item is printed without access lines: its type or a tag of it says so."""
    if not choices.links or not choices.no_links:
        return not choices.links
    words = choices.no_links
    if fields.get("itemType") in words:
        return True
    for tag in fields.get("tags", ()):  # noqa: SIM110 - `any` takes three times as long
        if tag.get("tag") in words:
            return True
    return False


def effective_url(fields: Fields) -> str:
    """Return the address that is printed: the item's own, unwrapped, else its DOI's; "" for none."""
    if url := str(fields.get("url", "")):
        return links.unwrap(url)
    return links.doi_url(str(fields.get("DOI", "")))
