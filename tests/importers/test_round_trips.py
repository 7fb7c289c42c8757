"""What is exported and imported again is the same, but for what a format cannot hold: a stated list."""

from __future__ import annotations

from typing import Any

import pytest
from exporting import export_of, exports
from hypothesis import given, settings
from reading_references import one, references

from zotsync.model import normal
from zotsync.plugins import Export, Exporter, Importer
from zotsync.plugins.exporters.biblatex import BIBLATEX
from zotsync.plugins.exporters.bibtex import BIBTEX as BIBTEX_OUT
from zotsync.plugins.exporters.csl import CSL_JSON as CSL_OUT
from zotsync.plugins.exporters.native import JSON as JSON_OUT
from zotsync.plugins.exporters.ris import RIS as RIS_OUT
from zotsync.plugins.exporters.table import CSV as CSV_OUT
from zotsync.plugins.importers.bibtex import BIBTEX
from zotsync.plugins.importers.csl import CSL_JSON
from zotsync.plugins.importers.native import JSON
from zotsync.plugins.importers.ris import RIS
from zotsync.plugins.importers.table import CSV

ARTICLE: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "L’été : <i>œuvre</i> & 50\u00a0% d'{idées} ?",
    "creators": [
        {"creatorType": "author", "lastName": "Gardien", "firstName": "Ève"},
        {"creatorType": "author", "lastName": "de La Fontaine", "firstName": "Jean"},
        {"creatorType": "author", "name": "Ministère de la Santé and Cie"},
    ],
    "publicationTitle": "Vie sociale & traitements",
    "volume": "20",
    "issue": "3",
    "pages": "12-34",
    "date": "2020-03-01",
    "ISSN": "0042-5605",
    "DOI": "10.3917/vsoc.203.0012",
    "url": "https://www.cairn.info/revue.htm?a=1&b=c_d",
    "abstractNote": "Un résumé : « ça ».",
    "language": "fr",
    "tags": [{"tag": "pair-aidance"}, {"tag": "œuvre"}],
}
BOOK: dict[str, Any] = {
    "itemType": "book",
    "title": "Aller mieux",
    "creators": [{"creatorType": "author", "lastName": "Demailly", "firstName": "Lise"}],
    "publisher": "Presses du Septentrion",
    "place": "Villeneuve-d'Ascq",
    "date": "2016",
    "ISBN": "978-2-7574-1303-6",
    "numPages": "320",
    "edition": "2",
    "series": "Le regard sociologique",
}
FORMATS: dict[str, tuple[Exporter, Importer]] = {
    "bibtex": (BIBTEX_OUT, BIBTEX),
    "biblatex": (BIBLATEX, BIBTEX),
    "csljson": (CSL_OUT, CSL_JSON),
    "csv": (CSV_OUT, CSV),
    "json": (JSON_OUT, JSON),
    "ris": (RIS_OUT, RIS),
}
LOST: dict[str, set[str]] = {
    "bibtex": {"language", "numPages"},
    "biblatex": set(),
    "csljson": {"tags"},
    "csv": set(),
    "json": set(),
    "ris": set(),
}
"""Format -> fields of these two items that it cannot hold."""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("item", [ARTICLE, BOOK], ids=["article", "book"])
def test_an_item_comes_back(name: str, item: dict[str, Any]) -> None:
    exporter, importer = FORMATS[name]
    found = dict(one(importer, exporter.write(export_of(item))).fields)
    for beside in ("citationKey", "extra"):
        found.pop(beside, None)
    expected = {n: v for n, v in normal(item).items() if n not in LOST[name]}
    assert {n: v for n, v in found.items() if n not in LOST[name]} == expected


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "ris"])
@pytest.mark.parametrize(
    "date",
    [
        "1990, 2e édition 1994",
        "1593, 1603",
        "mars-avril 2019",
        "2e trimestre 2020",
        "printemps 2020",
        "hiver 2019-printemps 2020",
        "vers 1850",
        "fin 2019",
        "à paraître",
        "[s. d.]",
    ],
)
def test_a_date_comes_back_with_all_its_words(name: str, date: str) -> None:
    exporter, importer = FORMATS[name]
    found = one(importer, exporter.write(export_of({**BOOK, "date": date})))
    assert found.fields["date"] == date


@given(exports())
def test_zotsync_s_own_json_loses_nothing(export: Export) -> None:
    items = {r.key: r.fields for r in references(JSON, JSON_OUT.write(export))}
    for key, fields in export.items.items():
        paths = export.paths(fields)
        expected = {n: v for n, v in fields.items() if n != "collections"}
        expected |= {"collections": paths} if paths else {}
        assert items[key] == expected


@settings(print_blob=False)
@given(exports())
def test_no_item_is_lost_in_a_table(export: Export) -> None:
    titled = [key for key, fields in export.entries.items() if export.value(fields, "title")]
    found = references(CSV, CSV_OUT.write(export)) if titled else []
    assert [r.key for r in found] == (list(export.entries) if titled else [])
