"""The table for spreadsheets, read back by the csv module."""

from __future__ import annotations

import csv
import io

import pytest
from exporting import book, export_of, exports, person
from hypothesis import given
from strategies import messy_text

from zotsync.plugins import Export
from zotsync.plugins.exporters.table import CSV, safe
from zotsync.plugins.testing import check_exporter


def rows(export: Export) -> list[list[str]]:
    text = CSV.write(export).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_contract_holds() -> None:
    check_exporter(CSV)


def test_a_french_excel_opens_it_rightly() -> None:
    written = CSV.write(
        export_of(book(title="L’été ; « œuvre »", abstractNote="Un\n\nDeux"), language="fr")
    )
    assert written.startswith(b"\xef\xbb\xbf")
    text = written.decode("utf-8-sig")
    assert text == (
        "Clé;Type de document;Titre;Résumé;Collections;Marqueurs\r\n"
        'ABCD2345;Livre;"L’été ; « œuvre »";"Un\n\nDeux";;\r\n'
    )


def test_fields_of_each_type_stand_in_the_column_of_their_base_field() -> None:
    law = {"itemType": "statute", "nameOfAct": "Loi", "dateEnacted": "2016-01-26"}
    head, first, second = rows(export_of(book(title="T", date="2020"), law))
    assert head == ["Key", "Item Type", "Title", "Date", "Collections", "Tags"]
    assert first[2:4] == ["T", "2020"]
    assert second[1:4] == ["Statute", "Loi", "2016-01-26"]


def test_names_collections_and_tags_share_a_cell() -> None:
    item = book(
        creators=[
            person("Adenot", "Vincent"),
            {"creatorType": "author", "name": "Fédération Y"},
            person("Dir", "Ève", "editor"),
        ],
        collections=["CLLCTNA2", "CLLCTNB3"],
        tags=["b", "a"],
    )
    paths = {"CLLCTNA2": "A/B", "CLLCTNB3": "C"}
    head, row = rows(export_of(item, collections=paths))
    assert dict(zip(head, row, strict=True)) == {
        "Key": "ABCD2345",
        "Item Type": "Book",
        "Author": "Adenot, Vincent; Fédération Y",
        "Editor": "Dir, Ève",
        "Collections": "A/B; C",
        "Tags": "a; b",
    }


def test_no_two_columns_have_one_heading() -> None:
    law = {"itemType": "bill", "creators": [person("X", "Y", "sponsor")]}
    export = export_of(law, book(creators=[person("X", "Y")]), language="fr")
    assert rows(export)[0][2:4] == ["Auteur", "Auteur (sponsor)"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1", "-5", "@x", "=cmd|' /C calc'!A0", "\t=1", " =1", "'=1", "＝1", "\n=1"]
)
def test_formula_is_a_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "L’été", "a=b", "'bonjour", "« = »", "– tiret"])
def test_other_texts_stand_as_they_are(text: str) -> None:
    assert safe(text) == text


@given(messy_text())
def test_a_cell_is_neutral_once_and_comes_back(text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    cell = safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert plain == (cell[1:] if cell.startswith("'") and safe(cell[1:]) == cell else cell)


@given(exports())
def test_whatever_items_hold_is_one_row_each(export: Export) -> None:
    head, *others = rows(export)
    assert [row[0] for row in others] == [*export.entries]
    assert all(len(row) == len(head) for row in others)
