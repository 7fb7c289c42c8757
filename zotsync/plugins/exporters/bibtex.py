"""BibTeX, for LaTeX with BibTeX styles, JabRef and most other tools."""

from __future__ import annotations

import re

from zotsync.csljson.dates import csl_date, is_read_whole
from zotsync.i18n import N_
from zotsync.plugins.contract import Export, Exporter
from zotsync.plugins.exporters import latex
from zotsync.plugins.exporters.bibfile import MONTHS, Reference, bib_file

TYPES = {
    "book": "book",
    "bookSection": "incollection",
    "conferencePaper": "inproceedings",
    "dictionaryEntry": "incollection",
    "encyclopediaArticle": "incollection",
    "journalArticle": "article",
    "magazineArticle": "article",
    "manuscript": "unpublished",
    "newspaperArticle": "article",
    "report": "techreport",
    "thesis": "phdthesis",
}
"""Item type -> entry type; the others are `misc`."""
_BEFORE_A_YEAR = re.compile(r"(.*\S)\s+(\d{4})")
_WITHIN = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
"""Entry type -> what it calls the work that it stands in; others are published by it."""
_HOUSES = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_TEXTS = {
    "shorttitle": "shortTitle",
    "volume": "volume",
    "edition": "edition",
    "address": "place",
    "type": "type",
    "isbn": "ISBN",
    "issn": "ISSN",
    "doi": "DOI",
    "url": "url",
    "language": "language",
    "copyright": "rights",
    "lccn": "callNumber",
    "abstract": "abstractNote",
    "note": "extra",
}


def write_bibtex(export: Export) -> bytes:
    """Return the references, an entry each."""
    return bib_file(export, _type, _told)


def _type(reference: Reference) -> str:
    if reference.item_type == "thesis" and reference.is_lower_thesis:
        return "mastersthesis"
    return TYPES.get(reference.item_type, "misc")


def _told(reference: Reference, kind: str) -> dict[str, str]:
    series = "series" if reference.value("series") else "seriesTitle"
    number = next((n for n in ("issue", "number", "seriesNumber") if reference.value(n)), "number")
    return {
        "author": reference.names(reference.primary()),
        "editor": reference.names(["editor"]),
        "translator": reference.names(["translator"]),
        **reference.texts(
            {"title": "title", _WITHIN.get(kind, "howpublished"): "publicationTitle"}
        ),
        **reference.texts({"series": series, "number": number}),
        **_date(reference.value("date")),
        "pages": reference.pages(),
        **reference.texts({_HOUSES.get(kind, "publisher"): "publisher"}),
        **reference.texts(_TEXTS),
        "urldate": reference.accessed(),
        "keywords": reference.keywords(),
    }


def _date(text: str) -> dict[str, str]:
    """Return `year`, `month` and `day`: a range keeps its years, and the month where it begins.

    What says more (`mars-avril 2019`) is kept as it was typed.
    """
    read = csl_date(text)
    parts = read.get("date-parts")
    if not parts:
        return {"year": latex.escaped(text)}
    if not is_read_whole(text):
        found = _BEFORE_A_YEAR.fullmatch(text)
        if found and int(found[2]) == parts[0][0]:
            return {"year": found[2], "month": latex.escaped(found[1])}
        return {"year": latex.escaped(text)}
    years = list(dict.fromkeys(str(part[0]) for part in parts))
    _year, month, day = (*parts[0], 0, 0)[:3]
    return {
        "year": "--".join(years),
        "month": MONTHS[month - 1] if month else latex.escaped(read.get("season", "")),
        "day": str(day) if day and len(parts) == 1 else "",
    }


BIBTEX = Exporter(N_("BibTeX, for LaTeX with BibTeX styles and for JabRef"), "bib", write_bibtex)
