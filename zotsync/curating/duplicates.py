"""Items that are the same work: by DOI, ISBN, address, or title, year and author. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from zotsync.curating.addresses import clean
from zotsync.curating.finding import Facts, Finding
from zotsync.curating.identifiers import is_doi, isbn13, isbns, plain_doi
from zotsync.handout.proxies import Proxies
from zotsync.handout.text.dates import date_of, sort_key
from zotsync.model import UNSYNCED_TYPES, Fields, Schema

_WORDS = re.compile(r"[^\W_]+")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_WHOLE = frozenset(
    {"book", "report", "thesis", "videoRecording", "film", "audioRecording", "document"}
)
"""Types that an ISBN is of; chapters bear the one of their book."""
_SHORTEST = 8
"""Letters from which on a title tells one work from another."""


def folded(text: str) -> str:
    """Return the words of a text alone, without accents, in small letters."""
    plain = unicodedata.normalize("NFKD", _TAG.sub("", text).casefold())
    return " ".join(_WORDS.findall("".join(c for c in plain if not unicodedata.combining(c))))


def marks_of(fields: Fields, schema: Schema, proxies: Proxies) -> Iterator[str]:
    """Yield what identifies an item: `doi:…`, `isbn:…`, `url:…`, `title:…`."""
    doi = plain_doi(str(fields.get("DOI", ""))).lower()
    if is_doi(doi):
        yield f"doi:{doi}"
    if fields.get("itemType") in _WHOLE:
        for typed, _right in isbns(str(fields.get("ISBN", ""))):
            if number := isbn13(typed):
                yield f"isbn:{number}"
    if address := _same_address(str(fields.get("url", "")), proxies):
        yield f"url:{address}"
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    title = folded(kind.value(fields, "title") if kind else str(fields.get("title", "")))
    if len(title) >= _SHORTEST:
        found = sort_key(date_of(fields, kind))
        yield f"title:{title}|{found[0] if found else ''}|{_first_author(fields)}"


def _first_author(fields: Fields) -> str:
    first: Fields = next(iter(fields.get("creators", ())), {})
    return folded(str(first.get("lastName") or first.get("name") or ""))


def _same_address(url: str, proxies: Proxies) -> str:
    """Return an address without what does not tell pages apart; "" for the first page of a site."""
    if not url:
        return ""
    try:
        parts = urlsplit(clean(url, proxies))
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{path}?{parts.query}#{parts.fragment}" if path or parts.query else ""


def twins(
    items: Mapping[str, Fields], schema: Schema, proxies: Proxies
) -> Mapping[str, tuple[str, ...]]:
    """Return what several items share -> their keys."""
    found: dict[str, list[str]] = {}
    left_out = UNSYNCED_TYPES | {"note"}
    for key, fields in items.items():
        if fields.get("itemType") not in left_out:
            for mark in dict.fromkeys(marks_of(fields, schema, proxies)):
                found.setdefault(mark, []).append(key)
    return {mark: tuple(keys) for mark, keys in found.items() if len(keys) > 1}


def _shared(fields: Fields, facts: Facts, kind: str, field: str) -> Iterator[Finding]:
    if not facts.twins:
        return
    for mark in marks_of(fields, facts.schema, facts.proxies):
        if mark.startswith(kind) and mark in facts.twins:
            value = fields.get(field) or facts.value(fields, field)
            yield Finding(field, {"value": value, "keys": facts.twins[mark]})


def same_doi(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items with the DOI of another."""
    return _shared(fields, facts, "doi:", "DOI")


def same_isbn(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find books with the ISBN of another, of 10 or of 13."""
    return _shared(fields, facts, "isbn:", "ISBN")


def same_address(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items with the address of another, tracking and proxies aside."""
    return _shared(fields, facts, "url:", "url")


def same_title(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items with the title, year and first author of another."""
    return _shared(fields, facts, "title:", "title")
