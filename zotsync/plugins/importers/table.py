"""CSV, as Excel, LibreOffice, library catalogues and Zotero write it. Pure.

UTF-8, UTF-16 or cp1252; a line near the top names the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from zotsync.i18n import N_, _
from zotsync.model import Schema, is_key
from zotsync.oldhandouts.people import people
from zotsync.oldhandouts.values import LIKELY
from zotsync.plugins.importers.catalogues import day
from zotsync.plugins.importers.draft import Draft, person
from zotsync.plugins.importers.headings import (
    IGNORED,
    Meanings,
    folded,
    is_own,
    item_type,
    type_words,
)
from zotsync.plugins.importers.rows import DELIMITERS, Row, is_sep, table_of
from zotsync.plugins.importers.texts import MOST_REFERENCES, decoded, one_line, too_many
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

_BETWEEN = re.compile(r"\s*(?:;|\n|\s/\s|\||¤)\s*")
_PAIRS = re.compile(r"(?<=\w) (?:and|et|&) (?=[^,]+,)")
_FORMULA = re.compile(r"'(?=\s*'*[=+\-@＝＋－＠\t\r])")
_LISTS = frozenset({"tags", "automatic tags", "collections"})
_BESIDE = _LISTS | {"itemType", "key", "note", "subtitle", "title", "date", IGNORED}
_NUMBERS = frozenset(
    {"date", "edition", "issue", "number", "numPages", "pages", "seriesNumber", "volume"}
)
_DECIMAL = re.compile(r"(\d{1,6})[.,]0+")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_SERIAL = re.compile(r"[1-6]\d{4}")
_FIRST_DAY = date(1899, 12, 30)
"""From which spreadsheets count days."""


def read_csv(source: Source) -> Iterator[Reference | Unread]:
    """Yield the references of a table, a row each."""
    named = {folded(heading): meaning for heading, meaning in source.columns.items()}
    meanings = Meanings(source.schema, named)

    def known(cells: Sequence[str]) -> int:
        meant = meanings.columns(cells).values()
        return len(meant) if {"title", "key"} & set(meant) else 0

    headings, rows = table_of(decoded(source.data), known)
    cells = headings.cells
    table = _Table(source.schema, cells, meanings.columns(cells))
    for count, row in enumerate(rows):
        if count >= MOST_REFERENCES:
            raise too_many()
        yield _placed(row) if isinstance(row, Unread) else table.row(row)


def _placed(fault: Unread) -> Unread:
    return Unread(_("line {line}").format(line=fault.place), fault.reason)


class _Table:
    """What the columns of a table mean."""

    def __init__(self, schema: Schema, headings: Sequence[str], meant: Mapping[int, str]) -> None:
        self._schema, self._headings, self._meant = schema, headings, meant
        self._is_own = is_own(headings)
        self._types = type_words(schema)
        kinds = schema.item_types.values()
        self._roles = frozenset(role for kind in kinds for role in kind.creator_types)
        self._check(frozenset(base for kind in kinds for base in kind.base_fields.values()))

    def _check(self, bases: frozenset[str]) -> None:
        """Raise UnreadableError where no column is a title, or one is to be what does not exist."""
        for at, meaning in self._meant.items():
            known = meaning in self._roles | bases | _BESIDE or self._schema.knows_field(meaning)
            if not known:
                text = _("The column {heading} cannot be {field}: Zotero has no such field.")
                raise UnreadableError(text.format(heading=self._headings[at], field=meaning))
        if {"title", "key"}.isdisjoint(self._meant.values()):
            text = _("No column is the title. The columns are: {names}.")
            raise UnreadableError(text.format(names=", ".join(self._headings)[:500]))

    def row(self, row: Row) -> Reference | Unread:
        """Return the reference of a row."""
        place = _("line {line}").format(line=row.line)
        if any(cell.strip() for cell in row.cells[len(self._headings) :]):
            return Unread(place, _("it has more cells than the table has columns"))
        return self._reference([_FORMULA.sub("", cell, count=1) for cell in row.cells], place)

    def _reference(self, row: Sequence[str], place: str) -> Reference:
        cells = [(at, self._read(at, cell)) for at, cell in enumerate(row) if cell.strip()]
        said: dict[str, str] = {}
        for at, cell in cells:
            said.setdefault(self._meant.get(at, ""), cell)
        draft = Draft(self._schema, self._type(said), place, as_is=self._is_own)
        if is_key(said.get("key", "").strip()):
            draft.key = said["key"].strip()
        if "title" in said:
            draft.put("title", _whole_title(said["title"], said.get("subtitle", "")))
        _dates(draft, [cell for at, cell in cells if self._meant.get(at) == "date"])
        for at, cell in cells:
            label = one_line(self._headings[at]) if at < len(self._headings) else ""
            self._cell(draft, self._meant.get(at, ""), cell, label or str(at + 1))
        return draft.finished()

    def _read(self, at: int, cell: str) -> str:
        """Return a cell without what a spreadsheet made of it: decimals, the number of a day."""
        meaning = self._meant.get(at, "")
        if self._is_own or meaning not in _NUMBERS:
            return cell
        if whole := _DECIMAL.fullmatch(cell.strip()):
            cell = whole[1]
        if meaning != "date":
            return cell
        if _SERIAL.fullmatch(cell.strip()):
            return (_FIRST_DAY + timedelta(int(cell))).isoformat()
        return day(cell)

    def _cell(self, draft: Draft, meaning: str, cell: str, label: str) -> None:
        if meaning in self._roles:
            _people(draft, meaning, cell)
        elif meaning in _LISTS:
            _list(draft, meaning, cell)
        elif meaning == "note":
            draft.note(cell)
        elif not meaning or (meaning == "itemType" and not item_type(cell, self._types)):
            draft.keep(label, cell)
        elif meaning in {"ISBN", "ISSN"} and _ROUNDED.fullmatch(cell.strip()):
            draft.keep(label, cell)  # a spreadsheet has rounded it: the number is gone
        elif meaning not in _BESIDE:
            _field(draft, meaning, cell, label)

    def _type(self, said: Mapping[str, str]) -> str:
        """Return the item type that a row names; else what its columns make of it."""
        if found := item_type(said.get("itemType", ""), self._types):
            return found
        if "publicationTitle" in said or "ISSN" in said:
            return "bookSection" if "ISBN" in said else "journalArticle"
        if "ISBN" in said or "publisher" in said:
            return "book"
        return "webpage" if "url" in said else "document"


def _dates(draft: Draft, dates: Sequence[str]) -> None:
    """Put the fullest date; a year beside it says nothing more."""
    for date_typed in sorted(dates, key=len, reverse=True):
        if not draft.get("date"):
            draft.put("date", date_typed, "Date")
        elif date_typed.strip() not in draft.get("date"):
            draft.keep("Date", date_typed)


def _whole_title(title: str, subtitle: str) -> str:
    title, subtitle = one_line(title), one_line(subtitle)
    between = " " if title[-1:] in "?!.…:" else ": "
    return f"{title}{between}{subtitle}" if subtitle else title


def _people(draft: Draft, role: str, cell: str) -> None:
    """Put the people of a cell: `Nom, Prénom`, or however else a catalogue writes them."""
    primary = draft.kind.creator_types[:1]
    own = primary[0] if role == "author" and primary else role
    for text in _BETWEEN.split(cell):
        for name in [text] if draft.as_is else _PAIRS.split(text):
            last, comma, first = name.partition(",")
            found = None if comma or draft.as_is else people(name, own)
            if found and found.confidence >= LIKELY:
                for creator in found.creators:
                    draft.creator(creator["creatorType"], _without_role(creator))
            else:
                draft.creator(own, person(last, first))


def _without_role(creator: Mapping[str, str]) -> dict[str, str]:
    return {part: text for part, text in creator.items() if part != "creatorType"}


def _list(draft: Draft, meaning: str, cell: str) -> None:
    parts = re.split(r"\s*[;\n|¤]\s*", cell) if re.search(r"[;\n|¤]", cell) else [cell]
    if meaning == "collections":
        draft.collections += [part for part in parts if part]
        return
    if len(parts) == 1 and cell.count(",") > 1:
        parts = cell.split(",")
    for part in parts:
        draft.tag(part, int(meaning == "automatic tags"))


def _field(draft: Draft, meaning: str, cell: str, label: str) -> None:
    if meaning in {"issue", "number"}:
        draft.put_first(("issue", "number", "seriesNumber"), cell, label)
    elif meaning in {"publicationTitle", "series"}:
        draft.put_first((meaning, "series", "seriesTitle"), cell, label)
    elif meaning == "pages" and not draft.has("pages"):
        draft.put("numPages", cell, label)
    else:
        draft.put(meaning, cell, label)


def _looks_like(head: bytes) -> bool:
    lines = [line for line in decoded(head).lstrip("\ufeff").split("\n") if line.strip()]
    first = next((line for line in lines if not is_sep(line)), "")
    return any(sign in first for sign in DELIMITERS)


CSV = Importer(
    N_("Table of Excel, LibreOffice or a catalogue"), ("csv", "tsv"), _looks_like, read_csv
)
