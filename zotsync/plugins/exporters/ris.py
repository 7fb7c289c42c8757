"""RIS, for EndNote, Mendeley and library catalogues.

A line each: a tag of two signs, two blanks, a hyphen, a blank, the value. CRLF, UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zotsync.csljson.dates import csl_date, is_read_whole
from zotsync.i18n import N_
from zotsync.model import Fields
from zotsync.plugins.contract import Export, Exporter, tags_of

TYPES = {
    "artwork": "ART",
    "audioRecording": "SOUND",
    "bill": "BILL",
    "blogPost": "BLOG",
    "book": "BOOK",
    "bookSection": "CHAP",
    "case": "CASE",
    "computerProgram": "COMP",
    "conferencePaper": "CPAPER",
    "dataset": "DATA",
    "dictionaryEntry": "DICT",
    "document": "GEN",
    "email": "ICOMM",
    "encyclopediaArticle": "ENCYC",
    "film": "MPCT",
    "forumPost": "ICOMM",
    "hearing": "HEAR",
    "instantMessage": "ICOMM",
    "interview": "PCOMM",
    "journalArticle": "JOUR",
    "letter": "PCOMM",
    "magazineArticle": "MGZN",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "newspaperArticle": "NEWS",
    "patent": "PAT",
    "podcast": "SOUND",
    "preprint": "UNPB",
    "presentation": "SLIDE",
    "radioBroadcast": "SOUND",
    "report": "RPRT",
    "standard": "STAND",
    "statute": "STAT",
    "thesis": "THES",
    "tvBroadcast": "MPCT",
    "videoRecording": "VIDEO",
    "webpage": "ELEC",
}
FIELDS = {
    "title": "TI",
    "publicationTitle": "T2",
    "series": "T3",
    "seriesTitle": "T3",
    "conferenceName": "C3",
    "meetingName": "C3",
    "journalAbbreviation": "J2",
    "shortTitle": "ST",
    "abstractNote": "AB",
    "volume": "VL",
    "issue": "IS",
    "number": "M1",
    "seriesNumber": "M1",
    "numberOfVolumes": "NV",
    "edition": "ET",
    "publisher": "PB",
    "place": "CY",
    "type": "M3",
    "ISBN": "SN",
    "ISSN": "SN",
    "DOI": "DO",
    "url": "UR",
    "language": "LA",
    "libraryCatalog": "DB",
    "archiveLocation": "AN",
    "callNumber": "CN",
    "rights": "C4",
    "numPages": "SP",
    "extra": "N1",
}
"""Base field -> its tag, in the order in which they are written."""
_WITH_CONFERENCE = {"publicationTitle": "C3", "conferenceName": "T2"}
"""Where both are told, as EndNote and Zotero have them."""
_ROLES = {"editor": "A2", "bookAuthor": "A2", "seriesEditor": "A3", "translator": "A4"}
_OTHERS = "A5"
_PAGES = re.compile(r"\s*([^\s,;–—-]+)\s*(?:[-–—]+\s*([^\s,;–—-]+)\s*)?")
_ENDS = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_TAG = re.compile(r"\s*[A-Z][A-Z0-9]\s+-")


def write_ris(export: Export) -> bytes:
    """Return the references, a record each."""
    lines: list[str] = []
    for fields in export.entries.values():
        lines.append(f"TY  - {TYPES.get(str(fields['itemType']), 'GEN')}")
        lines += [f"{tag}  - {_value(text)}" for tag, text in _told(export, fields)]
        lines += ["ER  - ", ""]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _value(text: str) -> str:
    """Return a value whose further lines nobody takes for tags."""
    lines = [line.strip() for line in _ENDS.split(text)]
    first, *others = [line for line in lines if line] or [""]
    return "\r\n".join([first, *(f"  {line}" if _TAG.match(line) else line for line in others)])


def _told(export: Export, fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield tag and value of all that RIS holds of an item."""
    primary = export.kind(fields).creator_types[:1]
    for creator in fields.get("creators", ()):
        role = creator["creatorType"]
        yield "AU" if role in primary else _ROLES.get(role, _OTHERS), _name(creator)
    tags = FIELDS
    if fields["itemType"] == "conferencePaper" and export.value(fields, "conferenceName"):
        tags = FIELDS | _WITH_CONFERENCE if export.value(fields, "publicationTitle") else FIELDS
    for base, tag in tags.items():
        if text := export.value(fields, base):
            yield tag, text
    yield from _dates(export, fields)
    yield from _pages(export.value(fields, "pages"))
    for tag_text in tags_of(fields):
        yield "KW", tag_text


def _name(creator: Fields) -> str:
    if whole := creator.get("name"):
        return str(whole)
    given, comma, suffix = str(creator.get("firstName", "")).partition(", ")
    parts = (creator.get("lastName", ""), given, suffix if comma else "")
    return ", ".join(part for part in parts if part)


def _dates(export: Export, fields: Fields) -> Iterator[tuple[str, str]]:
    if date := export.value(fields, "date"):
        yield "DA", _day(date)
        if parts := csl_date(date).get("date-parts"):
            yield "PY", f"{parts[0][0]:04}"
    if accessed := export.value(fields, "accessDate"):
        yield "Y2", _day(accessed[:10])


def _day(date: str) -> str:
    """Return `2020/01/31/`, and behind the last slash what cannot be read or goes on."""
    read = csl_date(date)
    ranges = read.get("date-parts") or []
    if not ranges or ranges[0][0] < 0:
        return f"///{date}"
    year, month, day = (*ranges[0], 0, 0)[:3]
    whole = len(ranges) == 1 and not read.get("circa") and is_read_whole(date)
    rest = read.get("season", "") if whole else date
    numbers = (f"{month:02}" if month else "", f"{day:02}" if day else "")
    return "/".join([f"{year:04}", *numbers, rest])


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    """Yield the first and the last page; what is more than that as the first."""
    if found := _PAGES.fullmatch(pages):
        yield "SP", found[1]
        if found[2]:
            yield "EP", found[2]
    elif pages:
        yield "SP", pages


RIS = Exporter(N_("RIS, for EndNote, Mendeley and catalogues"), "ris", write_ris)
