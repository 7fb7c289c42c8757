"""CSV, as Excel, LibreOffice, library catalogues and Zotero write it. Pure.

Semicolons, commas or tabs; UTF-8, UTF-16 or cp1252. The first line names the columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from zotsync.i18n import N_, _
from zotsync.importers.csl import too_many
from zotsync.importers.draft import Draft, person
from zotsync.importers.headings import columns, folded, item_type, type_words
from zotsync.importers.texts import MOST_REFERENCES, decoded, one_line
from zotsync.model import Schema, is_key
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

_DELIMITERS = ";\t,"
_BETWEEN = re.compile(r"\s*(?:;|\n|\s/\s|\|)\s*")
_FORMULA = re.compile(r"'(?=\s*'*[=+\-@＝＋－＠\t\r])")
_LISTS = frozenset({"tags", "automatic tags", "collections"})
_BESIDE = _LISTS | {"itemType", "key", "note", "subtitle", "title", "date"}


def read_csv(source: Source) -> Iterator[Reference | Unread]:
    """Yield the references of a table, a row each."""
    text = decoded(source.data)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter_of(text), strict=False)
    named = {folded(heading): meaning for heading, meaning in source.columns.items()}
    try:
        headings = next((row for row in rows if any(cell.strip() for cell in row)), [])
        table = _Table(source.schema, headings, columns(headings, source.schema, named))
        for count, row in enumerate(rows):
            if count >= MOST_REFERENCES:
                raise too_many()
            if any(cell.strip() for cell in row):
                yield table.reference(row, _("line {line}").format(line=rows.line_num))
    except csv.Error as exc:
        reason = _("Line {line} cannot be read: {reason}.")
        raise UnreadableError(reason.format(line=rows.line_num, reason=exc)) from exc


def delimiter_of(text: str) -> str:
    """Return what stands between the columns: what the first line has most of, outside quotes."""
    first = next((line for line in text.lstrip("\ufeff").split("\n") if line.strip()), "")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # noqa: PLR2004 - `sep=;`
        return first.strip()[4]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=bare.count)


class _Table:
    """What the columns of a table mean."""

    def __init__(self, schema: Schema, headings: Sequence[str], meant: Mapping[int, str]) -> None:
        self._schema, self._headings, self._meant = schema, headings, meant
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
        if "title" not in self._meant.values():
            text = _("No column is the title. The columns are: {names}.")
            raise UnreadableError(text.format(names=", ".join(self._headings)[:500]))

    def reference(self, row: Sequence[str], place: str) -> Reference:
        """Return the reference of a row."""
        cells = [(at, _FORMULA.sub("", cell, count=1)) for at, cell in enumerate(row)]
        cells = [(at, cell) for at, cell in cells if cell.strip()]
        said: dict[str, str] = {}
        for at, cell in cells:
            said.setdefault(self._meant.get(at, ""), cell)
        draft = Draft(self._schema, self._type(said), place)
        if is_key(said.get("key", "").strip()):
            draft.key = said["key"].strip()
        if "title" in said:
            draft.put("title", _whole_title(said["title"], said.get("subtitle", "")))
        _dates(draft, [cell for at, cell in cells if self._meant.get(at) == "date"])
        for at, cell in cells:
            label = self._headings[at].strip() if at < len(self._headings) else ""
            self._cell(draft, self._meant.get(at, ""), cell, label or str(at + 1))
        return draft.finished()

    def _cell(self, draft: Draft, meaning: str, cell: str, label: str) -> None:
        if meaning in self._roles:
            _people(draft, meaning, cell)
        elif meaning in _LISTS:
            _list(draft, meaning, cell)
        elif meaning == "note":
            draft.note(cell)
        elif not meaning or (meaning == "itemType" and not item_type(cell, self._types)):
            draft.keep(label, cell)
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
    for date in sorted(dates, key=len, reverse=True):
        if not draft.get("date"):
            draft.put("date", date, "Date")
        elif date.strip() not in draft.get("date"):
            draft.keep("Date", date)


def _whole_title(title: str, subtitle: str) -> str:
    title, subtitle = one_line(title), one_line(subtitle)
    between = " " if title[-1:] in "?!.…:" else ": "
    return f"{title}{between}{subtitle}" if subtitle else title


def _people(draft: Draft, role: str, cell: str) -> None:
    primary = draft.kind.creator_types[:1]
    for text in _BETWEEN.split(cell):
        last, _comma, first = text.partition(",")
        own = primary[0] if role == "author" and primary else role
        draft.creator(own, person(last, first))


def _list(draft: Draft, meaning: str, cell: str) -> None:
    parts = re.split(r"\s*[;\n|]\s*", cell) if re.search(r"[;\n|]", cell) else [cell]
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
    text = decoded(head)
    first = next((line for line in text.lstrip("\ufeff").split("\n") if line.strip()), "")
    return any(sign in first for sign in _DELIMITERS)


CSV = Importer(
    N_("Table of Excel, LibreOffice or a catalogue"), ("csv", "tsv"), _looks_like, read_csv
)
