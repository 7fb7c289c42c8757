"""One record: an item of Zotero as the fields of UNIMARC.

UNIMARC is no MARC 21. Its label says nothing of the encoding (position 9 is blank; 100 $a says it), and
pymarc, which is made for MARC 21, is told so: the bytes are UTF-8 whatever the label says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pymarc
from pymarc import Field, Indicators, Leader, Subfield

from zotsync.plugins import Export
from zotsync_unimarc.codes import AUTHOR, BOOKS, FUNCTIONS, KINDS, OTHER, PERIODICALS, language_code
from zotsync_unimarc.texts import (
    LONGEST,
    clean,
    day_of,
    paragraphs,
    pieces,
    shortened,
    split_title,
    with_marks,
    year_of,
)

_LARGEST = 99_999
"""Bytes of a record: ISO 2709 has five digits for its length."""
_ELSEWHERE = frozenset({"itemType", "creators", "tags", "collections", "relations", "shortTitle"})
_LEFT_OUT = frozenset({"journalAbbreviation", "libraryCatalog", "citationKey"})
"""Fields that say nothing to a library."""
_NAMES_SHOWN = 3
_SHORT = 4_000
"""Bytes of a field that is no note and no abstract."""
_EXPENDABLE = ("300", "330", "610", "712", "711", "702", "701", "010")
"""The fields of which a record that is too long loses the last, in this order."""
_OF_OTHERS = frozenset({"2", "4", "9"})
"""Subfields that say nothing by themselves."""
_PERSON, _BODY = "70", "71"


class Record:
    """An item on its way to ISO 2709. What no field of UNIMARC takes goes into notes (300)."""

    def __init__(self, export: Export, key: str, *, non_sorting: bool, pmb: bool) -> None:
        self._export = export
        self._key = key
        self._item = export.entries[key]
        self._kind = str(self._item["itemType"])
        self._non_sorting = non_sorting
        self._pmb = pmb
        self._used: set[str] = set()
        self._fields: list[Field] = []

    def written(self) -> bytes:
        """Return the record's bytes."""
        self._identifiers()
        self._coded()
        self._title()
        self._publication()
        self._abstract()
        self._hosts()
        self._subjects()
        self._creators()
        self._source_and_links()
        self._notes()
        return _bytes(self._label(), self._fields)

    def _label(self) -> str:
        """Return the 24 signs of the label: new, its type, part or whole, its place in the hierarchy."""
        is_part = self._kind in PERIODICALS or self._kind in BOOKS
        level = "a2" if is_part else "m0"
        return f"     n{KINDS.get(self._kind, 'a')}{level} 22     3i 450 "

    def _identifiers(self) -> None:
        self._fields.append(Field("001", data=self._key))
        if self._kind not in BOOKS:
            for isbn in re.split(r"[\s,;]+", self._take("ISBN")):
                self._add("010", "  ", a=isbn)
        self._add("017", "70", a=self._take("DOI"), _2="doi" if self._item.get("DOI") else "")

    def _coded(self) -> None:
        """Add dates, character set (50: Unicode) and language."""
        day = re.sub(r"\D", "", str(self._item.get("accessDate", "")))[:8]
        year = year_of(self._value("date"))
        entered = day if len(day) == len("20200131") else f"{year or '1900'}0101"
        date = f"d{year}" if year else "u    "
        self._add("100", "  ", a=f"{entered}{date}    u  u0frey50      ba")
        if self._language:
            self._take("language")
            self._add("101", "0 ", a=self._language)

    @property
    def _language(self) -> str:
        return language_code(str(self._item.get("language", "")))

    def _title(self) -> None:
        title, rest = split_title(self._take("title"), clean(str(self._item.get("shortTitle", ""))))
        if self._non_sorting:
            title = with_marks(title, self._language or "fre")
        statements = self._statements()
        self._add(
            "200", "1 ", a=title or "[Sans titre]", h=self._volume_of_book(), e=rest, f=statements
        )
        self._add("205", "  ", a=self._take("edition"))

    def _statements(self) -> str:
        """Return who is named on the title page, first names first."""
        main = self._main_role()
        names = [_shown(c) for c in self._persons() if c["creatorType"] == main]
        more = " [et al.]" if len(names) > _NAMES_SHOWN else ""
        return ", ".join(names[:_NAMES_SHOWN]) + more

    def _volume_of_book(self) -> str:
        return "" if self._is_article or self._kind in BOOKS else self._take("volume")

    @property
    def _is_article(self) -> bool:
        return self._kind in PERIODICALS

    def _publication(self) -> None:
        """Add publisher, extent, series and thesis; a part of a book has its book's in 463."""
        if self._kind not in BOOKS and not self._is_article:
            place, publisher = self._take("place"), self._take("publisher")
            thesis = self._take("thesisType")
            if self._kind == "thesis":
                year = year_of(self._value("date"))
                self._add("328", " 0", b=thesis or "Thèse", e=publisher, d=year)
            self._add("210", "  ", a=place, c=publisher, d=self._take("date"))
            series = self._take("series") or self._take("seriesTitle")
            self._add("225", "2 ", a=series, v=self._take("seriesNumber") if series else "")
        self._add("215", "  ", a=self._extent())

    def _extent(self) -> str:
        for name, form in (("pages", "p. {}"), ("numPages", "{} p."), ("runningTime", "{}")):
            if text := self._take(name):
                return form.format(text) if re.fullmatch(r"[\divxlcIVXLC\s,–-]+", text) else text
        return ""

    def _abstract(self) -> None:
        self._used.add("abstractNote")
        for line in paragraphs(str(self._item.get("abstractNote", ""))):
            for piece in pieces(line):
                self._add("330", "  ", a=piece)

    def _hosts(self) -> None:
        """Add what it is a part of: the periodical (461) and its issue (463), or the book (463)."""
        if self._is_article:
            host = self._take(PERIODICALS[self._kind])
            mark = "lnk:perio" if self._pmb and host else ""
            self._add("461", " 1", t=host, x=self._take("ISSN"), _9=mark)
            self._issue()
        elif self._kind in BOOKS:
            host, isbn = self._take(BOOKS[self._kind]), self._take("ISBN")
            place, publisher = self._take("place"), self._take("publisher")
            date, volume = self._take("date"), self._take("volume")
            self._add("463", " 1", t=host, c=place, n=publisher, d=date, v=volume, y=isbn)

    def _issue(self) -> None:
        volume, issue = self._take("volume"), self._take("issue")
        number = ", ".join(
            form.format(n) for form, n in (("vol. {}", volume), ("n° {}", issue)) if n
        )
        date = self._take("date")
        if self._pmb:
            self._add("463", " 1", v=number, d=day_of(date), e=date, _9="lnk:bull")
        else:
            self._add("463", " 1", v=number, d=date)

    def _subjects(self) -> None:
        for tag in self._item.get("tags", ()):
            self._add("610", "0 ", a=clean(tag["tag"]))

    def _persons(self) -> Sequence[Mapping[str, Any]]:
        of_the_book = ("bookAuthor", "seriesEditor") if self._kind in BOOKS else ()
        return [c for c in self._item.get("creators", ()) if c["creatorType"] not in of_the_book]

    def _main_role(self) -> str:
        roles = self._export.kind(self._item).creator_types
        return roles[0] if roles else "author"

    def _creators(self) -> None:
        """Add names: the first author 700 or 710, other authors 701 or 711, everybody else 702 or 712."""
        main, is_first = self._main_role(), True
        for creator in self._persons():
            role = creator["creatorType"]
            code = FUNCTIONS.get(role, AUTHOR if role == main else OTHER)
            tag = "2"
            if role == main:
                tag, is_first = ("0" if is_first else "1"), False
            name, last, first = (
                clean(creator.get(part, "")) for part in ("name", "lastName", "firstName")
            )
            if name:
                self._add(_BODY + tag, "02", a=name, _4=code)
            else:
                self._add(_PERSON + tag, " 1" if last and first else " 0", a=last, b=first, _4=code)
        for creator in self._item.get("creators", ()):
            if creator not in self._persons():
                label = self._export.schema.label("creator", creator["creatorType"], "fr")
                self._add("300", "  ", a=f"{label} : {_shown(creator)}")

    def _source_and_links(self) -> None:
        self._add("801", " 0", a="FR", b="zotsync")
        url = self._take("url")
        doi = clean(str(self._item.get("DOI", "")))
        self._add("856", "4 ", u=url or (f"https://doi.org/{doi}" if doi else ""))

    def _notes(self) -> None:
        """Add whatever no other field has taken, with Zotero's word for it."""
        for name, value in self._item.items():
            if name in self._used or name in _ELSEWHERE or name in _LEFT_OUT:
                continue
            label = self._export.schema.label("field", name, "fr")
            for line in paragraphs(str(value)):
                for piece in pieces(f"{label} : {line}"):
                    self._add("300", "  ", a=piece)

    def _value(self, base: str) -> str:
        return clean(self._export.value(self._item, base))

    def _take(self, base: str) -> str:
        """Return what the item says for a field, which needs no note then."""
        kind = self._export.kind(self._item)
        own = [name for name, known in kind.base_fields.items() if known == base]
        self._used.update((base, *own))
        return self._value(base)

    def _add(self, tag: str, indicators: str, **subfields: str) -> None:
        """Add a field with those of its subfields (`_4` is $4) that say something."""
        longest = LONGEST if tag in _EXPENDABLE else _SHORT // len(subfields)
        said = [
            Subfield(name.lstrip("_"), shortened(text, longest))
            for name, text in subfields.items()
            if text
        ]
        if any(subfield.code not in _OF_OTHERS for subfield in said):
            self._fields.append(Field(tag, indicators=Indicators(*indicators), subfields=said))


def _shown(creator: Mapping[str, Any]) -> str:
    """Return a name as a title page has it."""
    parts = (creator.get("firstName"), creator.get("lastName"), creator.get("name"))
    return clean(" ".join(part for part in parts if part))


def _bytes(label: str, fields: Iterable[Field]) -> bytes:
    """Return a record in ISO 2709; one that is too long is without its last notes and abstracts."""
    kept = sorted(fields, key=lambda field: field.tag)
    room = _LARGEST - len(label) - 2 - sum(map(_size, kept))
    if room < 0:
        kept.append(_ABRIDGED)
        room -= _size(_ABRIDGED)
    for tag in _EXPENDABLE:
        while room < 0 and (of_tag := [field for field in kept if field.tag == tag]):
            kept = [field for field in kept if field is not of_tag[-1]]
            room += _size(of_tag[-1])
    record = pymarc.Record(to_unicode=False, force_utf8=True, fields=kept)
    record.leader = Leader(label)
    data: bytes = record.as_marc()
    return data


def _size(field: Field) -> int:
    """Return the bytes of a field and of its line in the directory."""
    return len(field.as_marc("utf-8")) + 12


_ABRIDGED = Field(
    "830",
    indicators=Indicators(" ", " "),
    subfields=[Subfield("a", "Notice abrégée : tout ne tenait pas dans le format ISO 2709.")],
)
"""830: a note of the cataloguer."""
