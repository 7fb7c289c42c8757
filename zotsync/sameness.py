"""By what two references are the same work: DOI, ISBN, address, or title, year and author. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zotsync.csljson.dates import csl_date
from zotsync.handout.proxies import Proxies
from zotsync.handout.text.markup import plain_text
from zotsync.identifiers import doi_of, host_and_rest, isbn13, isbns
from zotsync.model import Fields, Schema

Mark = tuple[str, str]
"""By what (`DOI`, `ISBN`, `URL`, `title`), and its value."""

PARTS = frozenset(
    {"bookSection", "conferencePaper", "dictionaryEntry", "encyclopediaArticle", "journalArticle",
     "magazineArticle", "newspaperArticle"}
)  # fmt: skip
"""Types of what stands in something that has the ISBN."""
_ARTICLES = frozenset({"journalArticle", "magazineArticle", "newspaperArticle"})
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_DIGITS = re.compile(r"\d+")
_WHERE = ("publicationTitle", "volume", "issue", "pages")
_COUNTED = ("volume", "issue")
_LONG_TITLE = 25
"""Letters from which on a title tells one work from another by itself."""
_MOST_ALIKE = 20
"""Of references with one mark, those that are looked at."""


def folded(text: str) -> str:
    """Return letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", plain_text(text).casefold().translate(_LETTERS))
    return "".join(sign for sign in plain if sign.isalnum())


def year_of(date: str) -> str:
    """Return the year of a date; "" without one."""
    parts = csl_date(date).get("date-parts") if date else None
    return str(parts[0][0]) if parts else ""


def page_mark(url: str, proxies: Proxies) -> str:
    """Return what the addresses of one page have in common; "" for the first page of a site."""
    host, rest = host_and_rest(proxies.clean(url)) if url else ("", "")
    return f"{host}{rest}" if host and rest else ""


def _site_mark(url: str, told: str, proxies: Proxies) -> str:
    """Return what tells a site: where its first page is, with title, year and author."""
    host, _rest = host_and_rest(proxies.clean(url)) if url and told.strip() else ("", "")
    return f"{host} {told}" if host else ""


@dataclass(frozen=True)
class Looks:
    """What of a reference is looked at."""

    item_type: str
    title: str
    year: str
    author: str
    where: str
    """Journal, volume, issue and pages, for a title that says too little by itself."""
    counted: tuple[frozenset[str], ...]
    """The numbers of its volume and its issue."""
    identifiers: tuple[Mark, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return by what it is the same as another: identifiers, then title, year and first author."""
        whole = (self.author or self.where) and self.year
        if self.title and (whole or (self.is_telling and (self.author or self.year))):
            return *self.identifiers, ("title", f"{self.title}|{self.year}|{self._who}")
        return self.identifiers

    @property
    def near(self) -> Mark | None:
        """Return by what it may be the same as another: a title that says enough, or with its author."""
        if self.is_telling:
            return "near", self.title
        return ("near", f"{self.title}|{self._who}") if self.title else None

    @property
    def is_telling(self) -> bool:
        """Return whether its title alone tells it from other works."""
        return len(self.title) >= _LONG_TITLE

    @property
    def _who(self) -> str:
        return self.author or ("" if self.is_telling else self.where)

    def agrees(self, other: Looks) -> bool:
        """Return whether the titles do not speak against it: one may be without its subtitle."""
        return self.title in other.title or other.title in self.title

    def contradicts(self, other: Looks) -> bool:
        """Return whether both have a DOI, ISBNs, a volume or an issue, and none in common."""
        if self.is_another_number(other):
            return True
        for by in ("DOI", "ISBN"):
            mine, its = (
                {value for kind, value in looks.identifiers if kind == by}
                for looks in (self, other)
            )
            if mine and its and not mine & its:
                return True
        return False

    def is_another_number(self, other: Looks) -> bool:
        """Return whether both have a volume, or an issue, and it is not the same."""
        numbers = zip(self.counted, other.counted, strict=True)
        return any(mine and its and mine.isdisjoint(its) for mine, its in numbers)

    def is_another_page(self, other: Looks) -> bool:
        """Return whether both have an address, of one site, and it is not the same page there."""
        mine, its = (
            {value for kind, value in looks.identifiers if kind == "URL"} for looks in (self, other)
        )
        hosts = ({page.partition("/")[0] for page in pages} for pages in (mine, its))
        return not mine & its and bool(set.intersection(*hosts))

    def is_of_kind(self, other: Looks) -> bool:
        """Return whether both stand by themselves, or both in the same kind of whole."""
        return self._kind == other._kind

    @property
    def _kind(self) -> str:
        if self.item_type in _ARTICLES:
            return "article"  # formats do not tell journals from magazines
        return self.item_type if self.item_type in PARTS else ""


def looks_of(fields: Fields, schema: Schema, proxies: Proxies) -> Looks:
    """Return what of an item is looked at."""
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    name = kind.name if kind else ""

    def value(base: str) -> str:
        return kind.value(fields, base) if kind else str(fields.get(base, ""))

    creators = fields.get("creators") or [{}]
    author = folded(str(creators[0].get("lastName") or creators[0].get("name") or ""))
    title, year = folded(value("title")), year_of(value("date"))
    identifiers = _identifiers(
        doi_of(value("DOI"), str(fields.get("extra", "")), value("url")),
        "" if name in PARTS else value("ISBN"),
        page_mark(value("url"), proxies)
        or _site_mark(value("url"), f"{title} {year} {author}", proxies),
    )
    where = "/".join(folded(value(base)) for base in _WHERE).strip("/")
    counted = tuple(frozenset(_DIGITS.findall(value(base))) for base in _COUNTED)
    return Looks(name, title, year, author, where, counted, tuple(identifiers))


def _identifiers(doi: str, isbn: str, page: str) -> Iterator[Mark]:
    if doi:
        yield "DOI", doi
    yield from dict.fromkeys(("ISBN", isbn13(typed)) for typed, right in isbns(isbn) if right)
    if page:
        yield "URL", page


@dataclass(frozen=True, slots=True)
class Match:
    """What a reference is the same as."""

    key: str
    by: str
    """`key`, `DOI`, `ISBN`, `URL` or `title`."""
    sure: bool


@dataclass
class Known:
    """All references that are known by now, to be looked up."""

    schema: Schema
    proxies: Proxies = field(default_factory=lambda: Proxies({}))
    _by_mark: dict[Mark, list[str]] = field(default_factory=dict)
    _looks: dict[str, Looks] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Mapping[str, Fields], schema: Schema, proxies: Proxies) -> Known:
        """Return these items; what has no place in a list of references is to be left out before."""
        known = cls(schema, proxies)
        for key, fields in items.items():
            known.add(key, fields)
        return known

    def add(self, key: str, fields: Fields) -> None:
        """Take note of a reference; one that was known already is what it is now."""
        self._forget(key)
        looks = self._looks[key] = looks_of(fields, self.schema, self.proxies)
        for mark in _all(looks):
            self._by_mark.setdefault(mark, []).append(key)

    def _forget(self, key: str) -> None:
        if before := self._looks.pop(key, None):
            for mark in _all(before):
                self._by_mark[mark].remove(key)

    def sharing(self, fields: Fields) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield by what an item is the same as others, and the keys of all of them, its own too."""
        looks = looks_of(fields, self.schema, self.proxies)
        for mark in looks.marks:
            keys = self._by_mark.get(mark, ())
            if mark[0] == "title":
                keys = [key for key in keys if not looks.contradicts(self._looks[key])]
            if len(keys) > 1:
                yield mark[0], tuple(keys)

    def find(self, key: str, fields: Fields) -> Match | None:
        """Return what this is the same as, or may be."""
        looks = looks_of(fields, self.schema, self.proxies)
        named = self._looks.get(key)
        if named and looks.agrees(named):
            return Match(key, "key", sure=True)
        doubtful = Match(key, "key", sure=False) if named else None
        for mark in _all(looks):
            for other in self._by_mark.get(mark, ())[:_MOST_ALIKE]:
                match = _match(mark, looks, other, self._looks[other])
                if match and match.sure:
                    return match
                doubtful = doubtful or match
        return doubtful


def _all(looks: Looks) -> tuple[Mark, ...]:
    return (*looks.marks, looks.near) if looks.near else looks.marks


def _match(mark: Mark, one: Looks, key: str, other: Looks) -> Match | None:
    """Return what a common mark makes of two references; None where they are certainly two."""
    by, agree = mark[0], one.agrees(other)
    if by == "near":
        strangers = one.author and other.author and one.author != other.author
        is_all_told = one == other and bool(one.is_telling or one.where)  # as little as of this one
        return None if strangers else Match(key, "title", sure=is_all_told)
    if by == "title":
        is_another = one.contradicts(other) or one.is_another_page(other)
        return Match(key, by, sure=one.is_of_kind(other) and not is_another)
    if by == "URL" and not agree:  # an address of many titles
        return None
    return Match(key, by, sure=agree and (by == "DOI" or not one.is_another_number(other)))
