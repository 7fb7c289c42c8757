"""The parts of an entry that are no patterns: abstract, keywords, shelf mark, notes, access. Pure.

What the theme and the choices decide for all items is decided once, where a part is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from zotsync.handout import links
from zotsync.handout.access import FREE, SIGN_IN, AccessLabels, OpenAccess
from zotsync.handout.choices import Choices
from zotsync.handout.entry import NO_FACES, Line, Mark, Role, Run, run_of
from zotsync.handout.text import titles
from zotsync.handout.text.markup import runs
from zotsync.handout.text.shortening import ORIGIN, shorten
from zotsync.handout.values import Values
from zotsync.handout.values import keywords as keywords_of
from zotsync.model import Fields

_OPEN_ACCESS = {FREE: "free", SIGN_IN: "sign_in"}
"""Who may read -> the label that tells it."""


class Item(NamedTuple):
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


item_of: Callable[[tuple[str, Fields, Values, str, str, bool]], Item] = partial(tuple.__new__, Item)
"""`Item` of its parts, in half the time."""
Finish = Callable[[str], tuple[Run, ...]]
"""Makes runs of a text, once its typography is right."""
Draft = tuple[Role, str, Finish | tuple[Run, ...]]
"""A line before typography, and what makes runs of its text; or runs that it has nothing to do with."""
Part = Callable[[Item], Sequence[Draft]]
"""Drafts a part of an entry."""


def drafts(role: Role, text: str, finish: Finish = runs) -> Sequence[Draft]:
    """Return the one line of `text`; none where it is empty."""
    tidy = titles.one_line(text)
    return ((role, tidy, finish),) if tidy else ()


def ready(lines: Mapping[str, Sequence[Line]]) -> Part:
    """Return what takes lines that are written already: item key -> lines."""
    found = {key: [(line.role, "", line.runs) for line in told] for key, told in lines.items()}

    def draft(item: Item) -> Sequence[Draft]:
        return found.get(item.key, ())

    return draft


def abstract(words: bool | int) -> Part:  # noqa: FBT001 - True: all of them
    """Return what drafts the abstract's lines, the mark of its origin apart."""

    def draft(item: Item) -> Sequence[Draft]:
        text = str(item.fields.get("abstractNote", ""))
        if not text:
            return ()
        shown = text if words is True else shorten(text, words)
        if "\n" not in shown:
            return drafts(Role.ABSTRACT, shown, _with_origin)
        paragraphs = [p for p in map(titles.one_line, shown.split("\n")) if p]
        finishes = [runs] * (len(paragraphs) - 1) + [_with_origin]
        return [(Role.ABSTRACT, p, f) for p, f in zip(paragraphs, finishes, strict=False)]

    return draft


def keywords(label: str) -> Part:
    """Return what drafts the line of the tags that people gave."""

    def draft(item: Item) -> Sequence[Draft]:
        words = keywords_of(item.fields)
        return drafts(Role.KEYWORDS, label + ", ".join(words)) if words else ()

    return draft


def shelfmark(label: str) -> Part:
    """Return what drafts the line of the call number."""

    def draft(item: Item) -> Sequence[Draft]:
        mark = item.fields.get("callNumber")
        return drafts(Role.SHELFMARK, f"{label}{mark}") if mark else ()

    return draft


class Access:
    """Drafts where the text can be had: a label, and the address below it."""

    def __init__(
        self,
        labels: Mapping[str, str],
        places: AccessLabels,
        open_access: OpenAccess,
        choices: Choices,
    ) -> None:
        """Take the theme's labels, and what is known of hosts and library catalogues."""
        self._labels = labels
        self._places = places
        self._open_access = open_access
        self._choices = choices
        self._seen: dict[tuple[str, str, bool], Sequence[Draft]] = {}

    def __call__(self, item: Item) -> Sequence[Draft]:
        """Return the lines of one item."""
        if not (url := item.values.link):
            return ()
        goal = links.target(url) or ""
        usual = url, Mark.LINK, NO_FACES, goal, ""
        run = run_of(usual) if goal else Run(titles.one_line(url))
        coded = goal and self._choices.qr
        code = (Run(self._labels.get("code", goal), code=goal),) if coded else ()
        return [*self._where(item), (Role.ACCESS, "", (*code, run))]

    def _where(self, item: Item) -> Sequence[Draft]:
        """Return what stands above the address: where it leads, and who may read there."""
        catalogue = str(item.fields.get("libraryCatalog", ""))
        if self._open_access.tags:  # a tag of the item's own has a say
            return drafts(Role.ACCESS, self._told(item, catalogue))
        place = links.host_of(item.publisher), catalogue, item.url != item.publisher
        if (told := self._seen.get(place)) is None:
            told = self._seen[place] = drafts(Role.ACCESS, self._told(item, catalogue))
        return told

    def _told(self, item: Item, catalogue: str) -> str:
        label = self._places.label(item.publisher, catalogue)
        where = f"{self._labels.get('access', '')}{label}" if label else ""
        if not self._choices.open_access:
            return where
        proxied = item.url != item.publisher
        tags = (str(tag["tag"]) for tag in item.fields.get("tags", ()))
        kind = self._open_access.kind(item.publisher, catalogue, tags, proxied=proxied)
        told = self._labels.get(_OPEN_ACCESS[kind], "") if kind else ""
        if not told:
            return where
        return f"{where} ({told})" if where else told[:1].upper() + told[1:]


def linked(url: str) -> Finish:
    """Return what makes runs of a text in which the address is a true link, where it is one."""
    goal = links.target(url)
    if not goal:
        return runs

    def finish(text: str) -> tuple[Run, ...]:
        return tuple(part for run in runs(text) for part in _split(run, url, goal))

    return finish


def _split(run: Run, url: str, goal: str) -> list[Run]:
    before, found, after = run.text.partition(url)
    link = run._replace(text=found, mark=Mark.LINK, url=goal)
    parts = run._replace(text=before), link, run._replace(text=after)
    return [part for part in parts if part.text]


def _with_origin(text: str) -> tuple[Run, ...]:
    """Return the runs of an abstract's last paragraph, the mark of its origin apart."""
    found = ORIGIN.match(text, text.rfind("[")) if text.endswith("]") else None
    if not found:
        return runs(text)
    mark = runs(found[0], Mark.ORIGIN)
    return (*runs(text[: found.start()]), *mark) if found.start() else mark
