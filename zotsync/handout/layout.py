"""One item as an entry: which lines, with which roles, in which words. Pure.

A theme says which lines there are, in which order, and in patterns what stands in them; `lines.py` has
the default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zotsync.handout import links
from zotsync.handout.access import FREE, SIGN_IN, AccessLabels, OpenAccess
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Entry, Line, Mark, Role, Run
from zotsync.handout.lines import BEHIND, DEFAULT_LINES, LineRule, Pattern
from zotsync.handout.proxies import Proxies
from zotsync.handout.text import dates, people, titles, typography
from zotsync.handout.text.markup import runs
from zotsync.handout.text.shortening import ORIGIN, shorten
from zotsync.model import Fields, ItemType

COMPUTED = (
    "date",
    "year",
    "full_date",
    "people",
    "online",
    "authors",
    "leading",
    "leading_label",
    "following",
    "heading",
    "subtitle",
    "tags",
    "link",
)
"""Values that patterns get beside Zotero's fields."""

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


def lay_out(key: str, fields: Fields, rules: Rules, number: int = 0) -> Entry:
    """Return the entry of one item: its lines in the theme's order, what is empty left out.

    A `number` above 0 is printed before its first line.
    """
    item = _Item(key, fields, rules)
    reference = rules.references.get(key)
    values = item.values() if reference is None else {}
    lines: list[Line] = []
    for rule in rules.lines:
        if rule.part in BEHIND:
            lines += getattr(item, rule.part)()
        elif reference is None:
            lines += item.line(rule, values)
        else:  # once, where the first of the lines stands that it takes the place of
            lines += reference
            reference = ()
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


class _Item:
    """One item while it is laid out."""

    def __init__(self, key: str, fields: Fields, rules: Rules) -> None:
        self._key = key
        self._fields = fields
        self._rules = rules
        self._kind = rules.types.get(str(fields.get("itemType", "")))
        clean = rules.proxies.unwrap(effective_url(fields))
        self._publisher = clean  # labels go by the publisher, whatever way readers take
        self._url = rules.proxies.wrap(clean) if rules.choices.proxy else clean
        self._link = "" if is_linkless(fields, rules.choices) else self._url
        self._french = typography.is_french(str(fields.get("language", "")))

    def line(self, rule: LineRule, values: Mapping[str, Any]) -> list[Line]:
        """Return the one line that a pattern writes of `values`; none where it writes nothing."""
        patterns = rule.patterns or self._rules.patterns
        pattern = patterns.get(self._kind.name if self._kind else "") or patterns["default"]
        lines = self._lines(rule.role, pattern(values))
        return [_linked(line, self._link) for line in lines] if rule.has_link else lines

    def values(self) -> dict[str, Any]:
        """Return what patterns see of the item."""
        values = values_of(self._fields, self._kind, self._rules)
        online = self._rules.labels.get("online", "")
        values["online"] = online if self._url and not values.get("pages") else ""
        values["link"] = self._link
        return values

    def abstract(self) -> list[Line]:
        """Return the abstract's lines, the mark of its origin apart."""
        words, text = self._rules.choices.abstracts, str(self._fields.get("abstractNote", ""))
        if not words or not text:
            return []
        shown = text if words is True else shorten(text, words)
        paragraphs = [p for p in map(titles.one_line, shown.split("\n")) if p]
        lines = [Line(Role.ABSTRACT, runs(self._text(p))) for p in paragraphs[:-1]]
        if paragraphs:
            lines.append(Line(Role.ABSTRACT, _with_origin(self._text(paragraphs[-1]))))
        return lines

    def keywords(self) -> list[Line]:
        words = keywords(self._fields) if self._rules.choices.keywords else []
        label = self._rules.labels.get("keywords", "")
        return self._lines(Role.KEYWORDS, label + ", ".join(words)) if words else []

    def shelfmark(self) -> list[Line]:
        mark = self._fields.get("callNumber") if self._rules.choices.shelfmarks else ""
        label = self._rules.labels.get("shelfmark", "")
        return self._lines(Role.SHELFMARK, f"{label}{mark}") if mark else []

    def notes(self) -> Sequence[Line]:
        return self._rules.notes.get(self._key, ())

    def access(self) -> list[Line]:
        """Return where the text can be had: a label, and the address below it."""
        if not (url := self._link):
            return []
        rules = self._rules
        goal = links.target(url)
        run = Run(url, Mark.LINK, url=goal) if goal else Run(titles.one_line(url))
        code = (
            (Run(rules.labels.get("code", goal), code=goal),) if goal and rules.choices.qr else ()
        )
        return [*self._lines(Role.ACCESS, self._where()), Line(Role.ACCESS, (*code, run))]

    def _where(self) -> str:
        """Return what stands above the address: where it leads, and who may read there."""
        rules, catalogue = self._rules, str(self._fields.get("libraryCatalog", ""))
        label = rules.access.label(self._publisher, catalogue)
        where = f"{rules.labels.get('access', '')}{label}" if label else ""
        if not rules.choices.open_access:
            return where
        proxied = self._url != self._publisher
        tags = (str(tag["tag"]) for tag in self._fields.get("tags", ()))
        kind = rules.open_access.kind(self._publisher, catalogue, tags, proxied=proxied)
        told = rules.labels.get(_OPEN_ACCESS[kind], "") if kind else ""
        if not told:
            return where
        return f"{where} ({told})" if where else told[:1].upper() + told[1:]

    def _text(self, text: str) -> str:
        unwrapped = links.unwrap_text(text)
        return typography.french(unwrapped, self._rules.narrow) if self._french else unwrapped

    def _lines(self, role: Role, text: str) -> list[Line]:
        """Return the one line of `text`; none where it is empty."""
        tidy = titles.one_line(text)
        return [Line(role, runs(self._text(tidy)))] if tidy else []


def effective_url(fields: Fields) -> str:
    """Return the address that is printed: the item's own, unwrapped, else its DOI's; "" for none."""
    if url := str(fields.get("url", "")):
        return links.unwrap(url)
    return links.doi_url(str(fields.get("DOI", "")))


def keywords(fields: Fields) -> list[str]:
    """Return the tags that people gave an item, in order; automatic ones are not printed."""
    return [str(tag["tag"]) for tag in fields.get("tags", ()) if not tag.get("type")]


def values_of(fields: Fields, kind: ItemType | None, rules: Rules) -> dict[str, Any]:
    """Return Zotero's fields, also under their base names, and most of `COMPUTED`."""
    values: dict[str, Any] = {n: value for n, value in fields.items() if isinstance(value, str)}
    for own, base in kind.base_fields.items() if kind else ():
        if own in values:
            values.setdefault(base, values[own])
    primary = kind.creator_types[0] if kind and kind.creator_types else "author"
    credit = people.tell_apart(fields.get("creators", ()), primary)
    labels, capitals = rules.creator_labels, rules.capitals
    date = values.get("date", "")
    values["date"] = dates.words(date)
    values["year"] = dates.year(date)
    values["full_date"] = values["date"] if dates.is_full(date) else ""
    values["authors"] = people.leading_line(credit, labels, capitals=capitals)
    values["people"] = people.others_line(credit, labels, capitals=capitals)
    values["leading"], values["following"] = credit.line, credit.others
    values["leading_label"] = labels.get(credit.suffix, "") if credit.suffix else ""
    title, short = titles.title_of(fields, kind), values.get("shortTitle", "")
    values["heading"], values["subtitle"] = titles.split(
        titles.one_line(title), titles.one_line(short)
    )
    values["tags"] = keywords(fields)
    return values


def _with_origin(text: str) -> tuple[Run, ...]:
    """Return the runs of an abstract's last paragraph, the mark of its origin apart."""
    found = ORIGIN.match(text, text.rfind("[")) if text.endswith("]") else None
    if not found:
        return runs(text)
    before = runs(text[: found.start()]) if found.start() else ()
    return (*before, *runs(found[0], Mark.ORIGIN))


def _linked(line: Line, url: str) -> Line:
    """Return a line in which the address is a true link, where it is one."""
    goal = links.target(url) if url else None
    return Line(line.role, tuple(_split(line.runs, url, goal))) if goal else line


def _split(whole: tuple[Run, ...], url: str, goal: str) -> Iterator[Run]:
    for run in whole:
        before, found, after = run.text.partition(url)
        link = run._replace(text=found, mark=Mark.LINK, url=goal)
        for part in (run._replace(text=before), link, run._replace(text=after)):
            if part.text:
                yield part
