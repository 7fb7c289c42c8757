"""By what two references are told to be the same: key, DOI, ISBN, address, or title, year, author. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from zotsync.csljson.dates import csl_date
from zotsync.handout.text.markup import plain_text
from zotsync.model import Fields, Schema

Mark = tuple[str, str]
"""By what, and its value."""

_PARTS = frozenset(
    {"bookSection", "conferencePaper", "dictionaryEntry", "encyclopediaArticle", "journalArticle",
     "magazineArticle", "newspaperArticle"}
)  # fmt: skip
"""Types of what stands in something that has the ISBN."""
_ISBN = re.compile(r"(?<![\dXx])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\dXx])")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|"
    r"mc_cid|mc_eid|igshid|_ga|_gl|mkt_tok|at_(?:medium|campaign|custom\d|format)|xtor|ref_src|srsltid|"
    r"wt_mc|pk_.*|mtm_.*|hsa_.*|s_cid|cmpid",
    re.IGNORECASE,
)
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_LONG_TITLE = 25
_TEN = 10
_MOST_ALIKE = 20
"""Of references with one mark, those that are looked at."""


def clean_url(url: str) -> str:
    """Return an address without what only says where a click came from."""
    if "?" not in url:
        return url
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    if len(kept) == len(pairs):
        return url
    return parts._replace(query=urlencode(kept)).geturl()


def _url_mark(url: str) -> str:
    """Return what two addresses have in common that lead to one place."""
    try:
        parts = urlsplit(clean_url(url.strip()))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    fragment = f"#{parts.fragment}" if parts.fragment[:1] in {"!", "/"} else ""
    query = f"?{parts.query}" if parts.query else ""
    path = parts.path.rstrip("/")
    return f"{host}{path}{query}{fragment}" if host and (path or query) else ""


def isbns(text: str) -> Iterator[str]:
    """Yield the ISBNs of a text, each with 13 digits."""
    for found in _ISBN.findall(text):
        digits = found.replace("-", "").replace(" ", "").upper()
        yield thirteen(digits) if len(digits) == _TEN else digits


def thirteen(isbn: str) -> str:
    """Return the 13 digits of an ISBN of 10."""
    body = f"978{isbn[:9]}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
    return f"{body}{-total % 10}"


def folded(text: str) -> str:
    """Return letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", plain_text(text).casefold().translate(_LETTERS))
    return "".join(sign for sign in plain if sign.isalnum())


def year_of(date: str) -> str:
    """Return the year of a date; "" without one."""
    parts = csl_date(date).get("date-parts") if date else None
    return str(parts[0][0]) if parts else ""


@dataclass(frozen=True)
class Looks:
    """What of a reference is looked at."""

    item_type: str
    title: str
    year: str
    author: str
    marks: tuple[Mark, ...]

    @property
    def whole(self) -> Mark | None:
        """Return title, year and first author; a long title does without a year on both sides."""
        if self.title and self.author and (self.year or len(self.title) >= _LONG_TITLE):
            return "title", f"{self.title}|{self.year}|{self.author}"
        return None

    @property
    def near(self) -> Mark | None:
        """Return a title that is long enough, or has an author, to wonder about."""
        if len(self.title) >= _LONG_TITLE:
            return "near", self.title
        return ("near", f"{self.title}|{self.author}") if self.title and self.author else None


def looks_of(fields: Fields, schema: Schema) -> Looks:
    """Return what of an item is looked at."""
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    name = kind.name if kind else ""

    def value(base: str) -> str:
        return kind.value(fields, base) if kind else str(fields.get(base, ""))

    creators = fields.get("creators") or [{}]
    first = folded(str(creators[0].get("lastName") or creators[0].get("name") or ""))
    extra = str(fields.get("extra", ""))
    marks: list[Mark] = []
    doi = value("DOI") or next((f[0] for f in [re.search(r"(?im)^DOI:\s*(\S+)", extra)] if f), "")
    if found := _DOI.search(doi):
        marks.append(("DOI", found[0].casefold().rstrip(".,;")))
    if name not in _PARTS:
        marks += [("ISBN", isbn) for isbn in isbns(value("ISBN"))]
    if url := _url_mark(value("url")):
        marks.append(("URL", url))
    return Looks(name, folded(value("title")), year_of(value("date")), first, tuple(marks))


@dataclass
class Known:
    """All references that are known by now, to be looked up."""

    schema: Schema
    _by_mark: dict[Mark, list[str]] = field(default_factory=dict)
    _looks: dict[str, Looks] = field(default_factory=dict)

    def add(self, key: str, fields: Fields) -> None:
        """Take note of a reference."""
        looks = self._looks[key] = looks_of(fields, self.schema)
        for mark in (*looks.marks, looks.whole, looks.near):
            if mark:
                self._by_mark.setdefault(mark, []).append(key)

    def find(self, key: str, fields: Fields) -> Match | None:
        """Return what this is the same as, or may be."""
        looks = looks_of(fields, self.schema)
        if key in self._looks:
            if _agree(looks, self._looks[key]):
                return Match(key, "key", sure=True)
            return Match(key, "key", sure=False)
        doubtful: Match | None = None
        for mark in filter(None, (*looks.marks, looks.whole, looks.near)):
            for other in self._by_mark.get(mark, ())[:_MOST_ALIKE]:
                sure = mark != looks.near and self._is_sure(mark, looks, self._looks[other])
                match = Match(other, _WORDS.get(mark[0], mark[0]), sure=sure)
                if sure:
                    return match
                if doubtful is None and not self._is_other(mark, looks, self._looks[other]):
                    doubtful = match
        return doubtful

    def _is_sure(self, mark: Mark, one: Looks, other: Looks) -> bool:
        if mark[0] == "title":
            return _same_kind(one, other) and not _contradict(one, other)
        return _agree(one, other)

    def _is_other(self, mark: Mark, one: Looks, other: Looks) -> bool:
        """Return whether what looks alike is certainly another one: an address of many titles."""
        if mark[0] == "URL":
            return not _agree(one, other)
        return mark[0] == "near" and bool(
            one.author and other.author and one.author != other.author
        )


_WORDS = {"near": "title"}


@dataclass(frozen=True, slots=True)
class Match:
    """What a reference is the same as."""

    key: str
    by: str
    """`key`, `DOI`, `ISBN`, `URL` or `title`."""
    sure: bool


def _agree(one: Looks, other: Looks) -> bool:
    """Return whether the titles do not speak against it: one may be without its subtitle."""
    if not (one.title and other.title):
        return True
    short, long = sorted((one.title, other.title), key=len)
    return long.startswith(short) or short in long


def _same_kind(one: Looks, other: Looks) -> bool:
    return one.item_type == other.item_type or not _PARTS & {one.item_type, other.item_type}


def _contradict(one: Looks, other: Looks) -> bool:
    """Return whether both have a DOI, or ISBNs, and none in common."""
    for by in ("DOI", "ISBN"):
        mine, its = ({value for kind, value in looks.marks if kind == by} for looks in (one, other))
        if mine and its and not mine & its:
            return True
    return False


def same_value(name: str, one: Any, other: Any) -> bool:
    """Return whether two values of a field say the same, whatever their signs."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        if name == "url":
            return _url_mark(one) == _url_mark(other) and bool(_url_mark(one))
        if name == "ISBN":
            return bool(set(isbns(one)) & set(isbns(other)))
        if name == "date":
            return csl_date(one) == csl_date(other)
        return folded(one) == folded(other)
    if name == "creators":
        return _names(one) == _names(other)
    return False


def _names(creators: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return who they are; in which part of a name its particle stands does not matter."""
    listed: list[Mapping[str, str]] = list(creators or ())
    parts = ("name", "lastName", "firstName")
    texts = (" ".join(creator.get(part, "") for part in parts) for creator in listed)
    words = (tuple(sorted(map(folded, text.split()))) for text in texts)
    return list(zip((c.get("creatorType", "") for c in listed), words, strict=True))
