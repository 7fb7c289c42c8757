"""Answers in CSL-JSON, which citation tools read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree

AUTHOR = {"creatorType": "author", "firstName": "Vincent", "lastName": "Adenot"}
TYPE = "application/vnd.citationstyles.csl+json"


def test_a_single_item_is_in_a_list_all_the_same(api: Any) -> None:
    item = api.item(title="Titre", creators=[AUTHOR], date="31 January 2020")
    answer = api.get(f"items/{item['key']}", format="csljson")
    assert answer.headers["Content-Type"] == TYPE
    assert answer.headers["Last-Modified-Version"] == str(item["version"])
    (found,) = answer.json()["items"]
    assert found.pop("id").endswith(f"/{item['key']}")
    assert found == {
        "type": "book",
        "title": "Titre",
        "author": [{"family": "Adenot", "given": "Vincent"}],
        "issued": {"date-parts": [["2020", 1, 31]]},
    }


def test_a_list_comes_in_pages(api: Any) -> None:
    for number in range(3):
        api.item(title=str(number))
    answer = api.get("items", format="csljson", limit=2)
    assert [item["title"] for item in answer.json()["items"]] == ["2", "1"]
    assert answer.headers["Total-Results"] == "3"
    assert "format=csljson" in answer.headers["Link"]


def test_an_entry_holds_it_too(api: Any) -> None:
    key = api.item(title="Titre")["key"]
    root = etree.fromstring(api.get(f"items/{key}", content="csljson").content)
    content = root.findtext("{http://www.w3.org/2005/Atom}content")
    assert json.loads(content or "")["title"] == "Titre"


def test_of_a_note_its_title_is_told(api: Any) -> None:
    api.new("items", itemType="note", note="<p>Première ligne</p><p>Suite</p>")
    (found,) = api.get("items", format="csljson").json()["items"]
    assert (found["type"], found["title"]) == ("document", "Première ligne")


@pytest.mark.parametrize("kind", ["collections", "searches", "tags"])
def test_only_items_come_so(api: Any, kind: str) -> None:
    assert api.get(kind, format="csljson").status_code == 400
