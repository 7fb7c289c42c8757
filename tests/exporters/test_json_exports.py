"""zotsync's own JSON, and CSL-JSON as a citation tool reads it."""

from __future__ import annotations

import json
from typing import Any

import pypandoc
import pytest
from exporting import KEY, book, export_of, exports, person
from hypothesis import given

from zotsync.csljson.server import server_item
from zotsync.plugins import Export, Exporter
from zotsync.plugins.exporters.csl import CSL_JSON
from zotsync.plugins.exporters.native import JSON
from zotsync.plugins.testing import check_exporter


@pytest.mark.parametrize("exporter", [JSON, CSL_JSON], ids=["json", "csljson"])
def test_the_contract_holds(exporter: Exporter) -> None:
    check_exporter(exporter)


def test_json_says_what_it_is_and_everything_that_is_there() -> None:
    note = {"itemType": "note", "parentItem": KEY, "note": "<p>N</p>"}
    item = book(
        title="T",
        creators=[person("X", "Y")],
        tags=[{"tag": "a", "type": 1}],
        collections=["CLLCTNA2"],
        relations={"dc:relation": "http://zotero.org/groups/1/items/ABCD2346"},
    )
    paths = {"CLLCTNA2": "A/B", "CLLCTNB3": "A"}
    found = json.loads(JSON.write(export_of(item, note, collections=paths, group=7)))
    assert {**found, "items": None, "schema": None} == {
        "format": "zotsync",
        "version": 1,
        "schema": None,
        "group": 7,
        "collections": [{"key": "CLLCTNB3", "path": "A"}, {"key": "CLLCTNA2", "path": "A/B"}],
        "items": None,
    }
    assert found["items"] == [
        {
            "key": KEY,
            "itemType": "book",
            "title": "T",
            "creators": [person("X", "Y")],
            "tags": [{"tag": "a", "type": 1}],
            "collections": ["A/B"],
            "relations": {"dc:relation": ["http://zotero.org/groups/1/items/ABCD2346"]},
        },
        {"key": "ABCD2346", **note},
    ]


@given(exports())
def test_json_loses_nothing(export: Export) -> None:
    found = json.loads(JSON.write(export))
    assert [item["key"] for item in found["items"]] == [*export.items]
    keys = {entry["path"]: entry["key"] for entry in found["collections"]}
    for item in found["items"]:
        before: dict[str, Any] = {**export.items[item.pop("key")]}
        known = [key for key in before.pop("collections", []) if key in export.collections]
        assert [keys[path] for path in item.pop("collections", [])] == known
        assert item == before


def test_csl_json_is_what_the_server_gives() -> None:
    export = export_of(book(title="T", date="2020"), {"itemType": "note", "note": "N"}, group=7)
    found = json.loads(CSL_JSON.write(export))
    assert found == [server_item(KEY, export.items[KEY], export.schema, 7)]


def test_csl_json_is_cited_by_pandoc() -> None:
    item = book(title="Le titre", date="2020-01-31", creators=[person("Adenot", "Vincent")])
    text = CSL_JSON.write(export_of(item)).decode()
    assert "Adenot" in pypandoc.convert_text(text, "plain", "csljson", extra_args=["--citeproc"])
