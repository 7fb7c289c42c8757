"""What comes back by exporting and importing again is in the documents, field by field, and it is so."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from exporters.test_what_formats_hold import rows
from exporting import export_of
from reading_references import SCHEMA, one

from zotsync.model import Fields
from zotsync.plugins import Exporter, Importer
from zotsync.plugins.registry import named

TYPES = (
    "book",
    "bookSection",
    "conferencePaper",
    "journalArticle",
    "magazineArticle",
    "newspaperArticle",
    "report",
    "thesis",
    "videoRecording",
    "webpage",
)
"""What documentation centres have."""
IMPORTERS = {
    "json": "json",
    "csv": "csv",
    "csljson": "csljson",
    "biblatex": "bibtex",
    "bibtex": "bibtex",
    "ris": "ris",
}
VALUES = {
    "DOI": "10.1000/abc",
    "ISBN": "978-2-07-036822-8",
    "ISSN": "0317-8471",
    "accessDate": "2021-05-04",
    "citationKey": "cle2020",
    "date": "2020-03-04",
    "edition": "2",
    "issue": "4",
    "language": "fr",
    "number": "5",
    "numPages": "320",
    "originalDate": "1999-01-02",
    "pages": "12-34",
    "seriesNumber": "7",
    "url": "https://example.org/a",
    "volume": "3",
}


@cache
def pair(form: str) -> tuple[Exporter, Importer]:
    """Return what writes a format, and what reads it."""
    return named("exporter", form).exporter(), named("importer", IMPORTERS[form]).importer()


def back(form: str, item: dict[str, Any]) -> Fields:
    """Return an item after a way through a format."""
    exporter, importer = pair(form)
    return one(importer, exporter.write(export_of(item))).fields


@cache
def lost() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Return format -> item types, base fields and creator types that do not come back as they were."""
    found = {}
    for form in IMPORTERS:
        types, fields, roles = set(), set(), set()
        for name in TYPES:
            kind = SCHEMA.item_types[name]
            plain = {"itemType": name, "title": "Un titre"}
            types |= {name} if back(form, plain).get("itemType") != name else set()
            for own in kind.fields:
                base = kind.base_fields.get(own, own)
                item = {**plain, own: VALUES.get(base, "Une valeur")}
                again = back(form, item)
                came = SCHEMA.item_types[again["itemType"]].value(again, base)
                fields |= {base} if came != item[own] else set()
            for role in kind.creator_types:
                person = {"creatorType": role, "lastName": "Gardien", "firstName": "Ève"}
                came = back(form, {**plain, "creators": [person]}).get("creators", [])
                roles |= {role} if came != [person] else set()
        found[form] = (sorted(types), sorted(fields), sorted(roles))
    return found


@pytest.mark.parametrize("name", ["export.md", "export.fr.md"])
def test_what_does_not_come_back_is_listed(name: str) -> None:
    told = {row[0]: row[1:] for row in rows(name) if len(row) == 4 and row[0] in IMPORTERS}
    cells = {form: tuple(_names(cell) for cell in row) for form, row in told.items()}
    assert cells == lost()


def _names(cell: str) -> list[str]:
    return [name for name in cell.split(", ") if name != "–"]


def test_nothing_of_these_is_lost_without_a_word() -> None:
    assert lost()["json"] == lost()["csv"] == ([], [], [])
