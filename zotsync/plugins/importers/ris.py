"""RIS, as EndNote, Mendeley, Zotero, Cairn.info, HAL and library catalogues write it. Pure.

The lines are read here, and leniently: one blank before the hyphen or two, a record that never ends, lines
that go on without a tag. Packages that read RIS drop such records without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zotsync.csljson.dates import csl_date
from zotsync.i18n import N_, _
from zotsync.identifiers import is_doi, kind_of_number, plain_doi
from zotsync.model import Schema
from zotsync.plugins.importers.catalogues import day as day_of
from zotsync.plugins.importers.csl import date_text
from zotsync.plugins.importers.draft import Draft, person
from zotsync.plugins.importers.ris_tables import FIRST, OWN, ROLES, TEXTS, TYPES
from zotsync.plugins.importers.texts import MOST_REFERENCES, as_note, decoded, formatted, too_many
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

_LINE = re.compile(r"[ \t]{0,3}([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t](.*)|)$")
_SLASHED = re.compile(r"(\d{4})/(\d{0,2})(?:/(\d{0,2}))?(?:/(.*))?")
_DAY_FIRST = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_TIME = re.compile(r"\d\d:\d\d:\d\d")
_YEAR = re.compile(r"\d{4}")
_ONE_MONTH = re.compile(r"(?:\d{1,2} )?[^\W\d_]+\.?(?: \d{1,2})?")
_NUMBER_OF_PAGES = frozenset({"book", "thesis", "manuscript"})
_DATES = frozenset({"DA", "PY", "Y1"})
_MEANINGLESS = frozenset({"TY", "ER", "RD", "SP", "EP", "KW", "SN", "N1", "BT", "Y2", "RN"})
_PATH = re.compile(r"(?:internal-pdf|file):|[A-Za-z]:\\|files/\d")


@dataclass
class _Record:
    """The lines of one record, in order."""

    line: int
    lines: list[tuple[str, list[str]]] = field(default_factory=list)

    @cached_property
    def said(self) -> list[tuple[str, str]]:
        """Return tags and their values, once the record is whole."""
        return [(tag, "\n".join(lines).strip()) for tag, lines in self.lines]

    def take(self, found: re.Match[str] | None, line: str) -> None:
        """Take a line; one without a tag belongs to the one before."""
        if found:
            self.lines.append((found[1], [(found[2] or "").strip()]))
        else:
            self.lines[-1][1].append(line.strip())

    def all(self, *tags: str) -> list[str]:
        """Return the values of these tags, in their order in the file."""
        return [value for tag, value in self.said if tag in tags and value]

    def first(self, *tags: str) -> str:
        """Return the first value of the first of these tags that is there."""
        return next((value for tag in tags for value in self.all(tag)), "")


def read_ris(source: Source) -> Iterator[Reference | Unread]:
    """Yield the references of an RIS file."""
    count = 0
    for record in _records(decoded(source.data)):
        if isinstance(record, Unread):
            yield record
            continue
        count += 1
        if count > MOST_REFERENCES:
            raise too_many()
        if any(value for _tag, value in record.said[1:]):
            yield _reference(source.schema, record)
        else:
            yield Unread(str(record.line), _("a line that belongs to no reference"))
    if not count:
        raise UnreadableError(_("It has no line “TY  - ”: this is no RIS."))


def _records(text: str) -> Iterator[_Record | Unread]:
    record: _Record | None = None
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        found = _LINE.match(line)
        if found and found[1] == "TY":
            if record:
                yield record
            record = _Record(number, [("TY", [(found[2] or "").strip()])])
        elif found and found[1] == "ER":
            if record:
                yield record
            record = None
        elif record:
            record.take(found, line)
        elif found:
            yield Unread(str(number), _("a line that belongs to no reference"))
    if record:
        yield record


def _reference(schema: Schema, record: _Record) -> Reference:
    kind = TYPES.get(record.first("TY").upper(), "document")
    draft = Draft(schema, kind, _("line {line}").format(line=record.line))
    if record.first("TY").upper() not in TYPES:
        draft.keep("RIS", record.first("TY"))
    _titles(draft, record)
    for tag, value in _with_editors(draft, record):
        if value:
            _tag(draft, tag, value)
    _dates(draft, record)
    _pages(draft, record)
    for accessed in record.all("Y2", "RD"):
        draft.put("accessDate", _date(accessed), "Y2")
    return draft.finished()


def _with_editors(draft: Draft, record: _Record) -> list[tuple[str, str]]:
    """Return tags and values; who edited a book stands in `A2` where nobody stands in `A3`."""
    if draft.item_type != "book" or record.all("A3"):
        return record.said
    return [("A3" if tag == "A2" else tag, value) for tag, value in record.said]


def _titles(draft: Draft, record: _Record) -> None:
    """Put the titles that take each other's place: `BT` is a book's own, or that of the whole."""
    journal = record.first("JF", "T2", "JO")
    proceedings = record.first("C3") if draft.item_type == "conferencePaper" else ""
    if proceedings and journal:  # the conference is told beside its proceedings
        draft.put("conferenceName", journal, "T2")
        journal = proceedings
    for value in record.all("BT"):
        whole = draft.item_type not in {"book", "manuscript"}
        draft.put("publicationTitle" if whole else "title", value, "BT")
    if draft.has("publicationTitle") and journal:
        draft.put("publicationTitle", journal)
    short = record.first("JA", "J2", "J1")
    full_words = "." in record.first("JO")
    if full_words and record.first("JO") != journal and not short:
        draft.put("journalAbbreviation", record.first("JO"), "JO")


def _tag(draft: Draft, tag: str, value: str) -> None:
    if tag in FIRST:
        roles = draft.kind.creator_types
        _people(draft, roles[0] if roles else "author", value)
    elif tag in ROLES:
        _people(draft, ROLES[tag].get(draft.item_type, ROLES[tag][""]), value)
    elif tag in _OWN_WAY:
        _OWN_WAY[tag](draft, value)
    elif tag == "M3" and is_doi(plain_doi(value)):
        draft.put("DOI", value, tag)
    elif tag in OWN:
        bases = [base for base in OWN[tag] if draft.has(base)] or [""]
        draft.put(next((base for base in bases if not draft.get(base)), bases[0]), value, tag)
    elif tag in TEXTS:
        draft.put_first(TEXTS[tag], value, tag)
    elif tag not in _MEANINGLESS | _DATES and not _PATH.match(value):
        draft.keep(tag, value)


def _keywords(draft: Draft, value: str) -> None:
    for word in re.split(r"\s*[;\n]\s*", formatted(value)):
        draft.tag(word)


def _note(draft: Draft, value: str) -> None:
    """Take a note; EndNote writes the title there too."""
    if formatted(value) != draft.get("title"):
        draft.notes.append(as_note(formatted(value)))


def _whole(draft: Draft, value: str) -> None:
    if value != draft.get("conferenceName"):
        draft.put_first(TEXTS["T2"], value, "T2")


def _custom(draft: Draft, value: str) -> None:
    """Take the first field of one's own: a map's scale, a paper's place; elsewhere it is anything."""
    if draft.item_type == "conferencePaper" and not draft.get("place"):
        draft.put("place", value, "C1")
    else:
        draft.put("scale", value, "C1")


def _journal(draft: Draft, value: str) -> None:
    if value not in {draft.get("publicationTitle"), draft.get("journalAbbreviation")}:
        draft.put_first(TEXTS["JO"], value, "JO")


def _people(draft: Draft, role: str, value: str) -> None:
    """Add who stands in a line: one, as it should be, or all with semicolons between them."""
    for name in re.split(r"\s*;\s+", formatted(value).rstrip("; ")):
        draft.creator(role, _name(name))


def _name(value: str) -> dict[str, str]:
    last, _comma, rest = value.partition(",")
    first, _comma, suffix = rest.partition(",")
    if suffix.strip():
        first = f"{first.strip()}, {suffix.strip()}"
    return person(last, first)


def _addresses(draft: Draft, value: str) -> None:
    """Put the first address into the field, others where they are seen."""
    for address in re.split(r"\s*;\s*(?=https?://)|\n", value):
        draft.put("url", address, "URL")


def _number(draft: Draft, value: str) -> None:
    """Put an ISBN or an ISSN, whatever the type: what the value looks like decides."""
    for part in re.split(r"\s*[;\n]\s*", value):
        kind = kind_of_number(part)
        if kind:
            draft.put(kind, part, kind)
        else:
            is_own = draft.item_type in {"report", "patent"}
            draft.put("number" if is_own else "SN", part, "SN")


_OWN_WAY: Mapping[str, Callable[[Draft, str], None]] = {
    "KW": _keywords,
    "SN": _number,
    "UR": _addresses,
    "N1": _note,
    "RN": _note,
    "JO": _journal,
    "T2": _whole,
    "C1": _custom,
}
"""Tag -> what is done with its value."""


def _dates(draft: Draft, record: _Record) -> None:
    """Put the fullest date: `PY` often holds the year of what `DA` tells to the day."""
    dates = [date for value in record.all("DA", "Y1", "PY") if (date := _date(value))]
    told = sorted(_with_year(dates), key=lambda d: (bool(_YEAR.search(d)), len(d)), reverse=True)
    for date in told[:1]:
        draft.put("date", date)
    for date in told[1:]:
        if date not in told[0]:
            draft.keep("Date", date)


def _with_year(dates: list[str]) -> list[str]:
    """Return dates; to `JUN 13`, as EndNote has it, comes the year that stands alone beside it."""
    years = [date for date in dates if _YEAR.fullmatch(date)]
    days = [date for date in dates if not _YEAR.search(date) and any(map(str.isalpha, date))]
    if not (years and days) or len(set(dates)) > len({years[0], days[0]}):
        return dates
    date = f"{days[0]} {years[0]}"
    return [_iso(date) if _ONE_MONTH.fullmatch(days[0]) else date]


def _iso(date: str) -> str:
    """Return a day or a month as ISO, other dates as they are."""
    parts = csl_date(date).get("date-parts", [])
    return date_text({"date-parts": parts}) if len(parts) == 1 and len(parts[0]) > 1 else date


def _date(value: str) -> str:
    """Return `2020/01/31/` as ISO; behind the last slash words say more; other dates as they are."""
    value = value.strip()
    if value.startswith("///"):
        return value[3:].strip()
    found = _SLASHED.fullmatch(value)
    if not found or _DAY_FIRST.fullmatch(value):
        return day_of(value.strip("/ "))
    year, month, day, rest = (part or "" for part in found.groups())
    if rest and (rest[:4] == year.zfill(4) or csl_date(rest).get("date-parts")):
        return rest.strip()
    date = date_text({"date-parts": [[year, month.lstrip("0"), day.lstrip("0")]]})
    if _TIME.fullmatch(rest):
        return f"{date}T{rest}Z"
    return f"{rest.strip()} {date}".strip()


def _pages(draft: Draft, record: _Record) -> None:
    first, last = record.first("SP"), record.first("EP")
    if last and first not in {"", last} and "-" not in first:
        first = f"{first}-{last}"
    if last not in first:
        draft.keep("EP", last)
    text = re.sub(r"\s*[-–—]+\s*", "-", first or last)
    if draft.item_type in _NUMBER_OF_PAGES:
        draft.put("numPages", text, "Pages")
    else:
        draft.put("pages", text, "Pages")


def _looks_like(head: bytes) -> bool:
    lines = decoded(head).lstrip("\ufeff").split("\n")
    return any((found := _LINE.match(line)) and found[1] == "TY" for line in lines[:20])


RIS = Importer(N_("RIS, of EndNote, Mendeley and catalogues"), ("ris",), _looks_like, read_ris)
