"""The indexes at a document's end: who and what, with the numbers of the entries. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal
from unicodedata import normalize

from zotsync.handout.entry import IndexRow
from zotsync.handout.text.collation import CollationKey, collation_key, name_key
from zotsync.handout.text.markup import plain_text
from zotsync.handout.text.people import credits_of, name_of
from zotsync.handout.values import given_tags
from zotsync.model import Fields, ItemType

_Word = tuple[str, str, str]
"""An institution or keyword, surname, first name, as typed."""
_APOSTROPHES = str.maketrans("'‘ʼ", "’’’")


def index_rows(
    kind: Literal["authors", "keywords"],
    numbered: Iterable[tuple[int, str]],
    items: Mapping[str, Fields],
    types: Mapping[str, ItemType],
    *,
    capitals: bool,
) -> tuple[IndexRow, ...]:
    """Return an index's rows in French order. `numbered`: (number, item key) of what is printed, in order.

    Authors are those of the author lines, and every editor, `NOM Prénom` as there; keywords are the tags
    that people gave. What differs only in capitals, blanks or Unicode form is one row.
    """
    rows: dict[str, _Row] = {}
    known: dict[_Word, _Row] = {}  # as typed: most names come again and again
    for place in numbered:
        fields = items[place[1]]
        words = _authors(fields, types) if kind == "authors" else _keywords(fields)
        for word in words:
            row = known.get(word)
            if row is None:
                row = known[word] = rows.setdefault(_folded(word), _Row())
                row.spellings.append(word)
            row.add(place)
    best = [(row.best(), row) for row in rows.values()]
    return tuple(
        IndexRow(_printed(name, capitals=capitals), tuple(row.entries))
        for name, row in sorted(best, key=_order)
    )


class _Row:
    """A row while it is gathered: its spellings, and the number and key of each of its entries."""

    __slots__ = ("entries", "spellings")

    def __init__(self) -> None:
        self.spellings: list[_Word] = []
        self.entries: list[tuple[int, str]] = []

    def add(self, place: tuple[int, str]) -> None:
        """Add an entry, once."""
        if not self.entries or self.entries[-1] is not place:
            self.entries.append(place)

    def best(self) -> _Word:
        """Return the spelling with the fewest capitals, of equal ones the first."""
        if len(self.spellings) == 1:
            return self.spellings[0]
        return min(self.spellings, key=lambda word: sum(map(str.isupper, "".join(word))))


def _order(told: tuple[_Word, _Row]) -> tuple[CollationKey, CollationKey, _Word]:
    whole, last, first = word = told[0]
    return name_key(whole or last), collation_key(first), word


def _printed(word: _Word, *, capitals: bool) -> str:
    whole, last, first = word
    name = name_of({"name": whole, "lastName": last, "firstName": first}, capitals=capitals)
    return plain_text(name)


def _authors(fields: Fields, types: Mapping[str, ItemType]) -> list[_Word]:
    credit = credits_of(fields, types.get(str(fields.get("itemType", ""))))
    named = credit.line
    if credit.others:
        named += tuple([one for one in credit.others if one.get("creatorType") == "editor"])
    return [
        (one.get("name", ""), one.get("lastName", ""), one.get("firstName", "")) for one in named
    ]


def _keywords(fields: Fields) -> list[_Word]:
    return [(word, "", "") for word in given_tags(fields)]


def _folded(word: _Word) -> str:
    """Return what is the same for two spellings of one name."""
    whole, last, first = word
    text = whole or f"{last}\t{first}"
    if not text.isascii():
        text = normalize("NFC", text)
    if "'" in text or "‘" in text or "ʼ" in text:  # few have one, and translating takes its time
        text = text.translate(_APOSTROPHES)
    return "\t".join([" ".join(part.split()) for part in text.casefold().split("\t")]).strip()
