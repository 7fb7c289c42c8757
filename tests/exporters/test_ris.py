"""RIS, read back by rispy."""

from __future__ import annotations

from typing import Any

import pytest
import rispy
from exporting import ADENOT, SCHEMA, book, export_of, exports, person
from hypothesis import given

from zotsync.model import UNSYNCED_TYPES
from zotsync.plugins import Export
from zotsync.plugins.exporters.ris import FIELDS, RIS, TYPES
from zotsync.plugins.testing import check_exporter, samples


def parsed(export: Export) -> list[dict[str, Any]]:
    text = RIS.write(export).decode()
    found: list[dict[str, Any]] = rispy.loads(text.replace("\r\n", "\n"))
    return found


def record(**fields: Any) -> dict[str, Any]:
    (only,) = parsed(export_of(book(**fields)))
    return only


def test_the_contract_holds() -> None:
    check_exporter(RIS)


def test_every_item_type_has_a_type() -> None:
    there = {name for name in SCHEMA.item_types if name not in UNSYNCED_TYPES | {"note"}}
    assert {*TYPES} == there
    for export in samples().values():
        types = [TYPES.get(f["itemType"], "GEN") for f in export.entries.values()]
        assert [one["type_of_reference"] for one in parsed(export)] == types


def test_every_field_named_is_a_base_field_of_some_type() -> None:
    known = {k.base_fields.get(n, n) for k in SCHEMA.item_types.values() for n in k.fields}
    assert {*FIELDS} <= known


def test_article_has_its_fields() -> None:
    found = record(
        **ADENOT,
        accessDate="2021-07-01T23:11:44Z",
        creators=[
            person("Adenot", "Vincent"),
            person("King", "Martin Luther, Jr."),
            {"creatorType": "author", "name": "Fédération Y"},
            person("Dir", "Ève", "editor"),
        ],
        abstractNote="Un.\n\nDeux.",
        tags=["a", "b"],
        url="https://example.org",
        DOI="10.1/x",
        ISSN="0223-5099",
    )
    assert found == {
        "type_of_reference": "JOUR",
        "authors": ["Adenot, Vincent", "King, Martin Luther, Jr.", "Fédération Y"],
        "secondary_authors": ["Dir, Ève"],
        "title": "Le travailleur pair",
        "secondary_title": "Actualités sociales",
        "number": "3145",
        "start_page": "28",
        "end_page": "32",
        "date": "2020/01/31/",
        "year": "2020",
        "access_date": "2021/07/01/",
        "abstract": "Un. Deux.",
        "keywords": ["a", "b"],
        "urls": ["https://example.org"],
        "doi": "10.1/x",
        "issn": "0223-5099",
    }


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("2020", "2020///"),
        ("juin 2021", "2021/06//"),
        ("printemps 2021", "2021///printemps"),
        ("2019/2021", "2019///2019/2021"),
        ("[s. d.]", "///[s. d.]"),
        ("mars-avril 2019", "2019/04//mars-avril 2019"),
        ("1593, 1603", "1593///1593, 1603"),
    ],
)
def test_dates(date: str, told: str) -> None:
    assert record(date=date)["date"] == told


@pytest.mark.parametrize(
    ("pages", "start", "end"),
    [
        ("28-32", "28", "32"),
        ("xii–xiv", "xii", "xiv"),
        ("20", "20", None),
        ("1-3, 7", "1-3, 7", None),
    ],
)
def test_pages(pages: str, start: str, end: str | None) -> None:
    found = record(itemType="bookSection", pages=pages)
    assert (found["start_page"], found.get("end_page")) == (start, end)


def test_a_line_of_a_text_is_no_tag() -> None:
    text = "Un\nER  - \nTY  - BOOK\r\nAU  - Faux"
    found = record(title="T", abstractNote=text, publisher="P")
    assert found["abstract"].split() == text.split()
    assert found["publisher"] == "P"
    assert "authors" not in found


def test_lines_end_as_ris_wants() -> None:
    text = RIS.write(export_of(book(title="T")))
    assert text == b"TY  - BOOK\r\nTI  - T\r\nER  - \r\n\r\n"


@given(exports())
def test_whatever_items_hold_is_read_by_rispy(export: Export) -> None:
    assert len(parsed(export)) == len(export.entries)
