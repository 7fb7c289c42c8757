"""Refused input, property by property, and that nothing of it is written."""

from __future__ import annotations

from typing import Any

import pytest

KEY = "ABCD2345"
URI = "http://zotero.org/groups/10/collections/ABCD2345"
CONDITION = {"condition": "title", "operator": "is", "value": "x"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": 1},
        {"name": ""},
        {"name": "A", "parent": KEY},
        {"name": "A", "parentCollection": 5},
        {"name": "A", "nonsense": 1},
        {"name": "A", "deleted": "x"},
        {"name": "A", "relations": [URI]},
        {"name": "A", "relations": {"dc:relation": URI}},
        {"name": "A", "relations": {"owl:sameAs": "http://example.org"}},
    ],
)
def test_collections(api: Any, fields: dict[str, Any]) -> None:
    assert api.failure("collections", **fields)["code"] == 400
    assert api.get("collections").json() == []


def test_relations_and_trash_of_collections_are_kept(api: Any) -> None:
    key = api.new("collections", name="A", relations={"owl:sameAs": [URI]}, deleted=1)["key"]
    data = api.data(key, "collections")
    assert (data["relations"], data["deleted"]) == ({"owl:sameAs": URI}, True)
    mendeley = {"mendeleyDB:remoteFolderUUID": "b95b84b9"}
    body = {"name": "B", "relations": mendeley, "version": data["version"]}
    assert api.ask("PUT", f"collections/{key}", json=body).status_code == 204
    data = api.data(key, "collections")
    assert (data["name"], data["relations"], "deleted" in data) == ("B", mendeley, False)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "A"},
        {"name": "A", "conditions": []},
        {"name": "A", "conditions": CONDITION},
        {"name": "A", "conditions": ["x"]},
        {"name": "A", "conditions": [{"condition": "title", "operator": "is"}]},
        {"name": "A", "conditions": [CONDITION | {"nonsense": "x"}]},
        {"name": "A", "conditions": [CONDITION | {"value": 1}]},
        {"name": "A", "conditions": [CONDITION | {"condition": ""}]},
        {"name": "A", "conditions": [CONDITION | {"operator": ""}]},
        {"name": "A", "conditions": [CONDITION | {"condition": "é" * 26}]},
        {"name": "A", "conditions": [CONDITION | {"operator": "x" * 26}]},
        {"name": "A", "conditions": [CONDITION | {"value": "x" * 256}]},
        {"name": "", "conditions": [CONDITION]},
        {"name": "A", "conditions": [CONDITION], "nonsense": 1},
    ],
)
def test_searches(api: Any, fields: dict[str, Any]) -> None:
    assert api.failure("searches", **fields)["code"] == 400
    assert api.get("searches").json() == []


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {"tagColors": []},
        {"tagColors": {}},
        {"tagColors": {"value": []}},
        {"tagColors": {"value": "x"}},
        {"tagColors": {"value": ["x" * 30_001]}},
        {"tagColors": {"value": ["x"], "nonsense": 1}},
        {"lastPageIndex_g10_nope": {"value": 3}},
    ],
)
def test_settings(api: Any, sent: Any) -> None:
    assert api.ask("POST", "settings", json=sent).status_code == 400
    assert api.get("settings").json() == {}
    assert api.version() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"itemType": 5},
        {"itemType": "book", "key": 5},
        {"itemType": "book", "filename": "x"},
        {"itemType": "book", "linkMode": "linked_url"},
        {"itemType": "book", "annotationText": "x"},
        {"itemType": "book", "inPublications": True},
        {"itemType": "book", "relations": ["x"]},
        {"itemType": "book", "creators": ["x"]},
        {"itemType": "book", "creators": [{"creatorType": "author"}] * 2},
        {"itemType": "book", "creators": [{"creatorType": "author", "name": "x", "age": "5"}]},
        {"itemType": "book", "creators": [{"creatorType": "author", "name": 5}]},
        {"itemType": "note", "note": ["x"]},
        {"itemType": "note", "key": KEY, "version": 0, "parentItem": KEY},
        {"itemType": "attachment", "linkMode": "nonsense"},
        {"itemType": "attachment", "linkMode": "linked_url", "url": "x", "md5": ["x"]},
        {"itemType": "annotation", "annotationType": "note"},
    ],
)
def test_items(api: Any, fields: dict[str, Any]) -> None:
    assert api.failure("items", **fields)["code"] == 400
    assert api.get("items").json() == []


def test_an_annotation_belongs_to_an_attachment(api: Any) -> None:
    parent = api.item()
    fields = {"itemType": "annotation", "annotationType": "note", "parentItem": parent["key"]}
    assert api.failure("items", **fields)["code"] == 400


def test_a_note_stays_a_note(api: Any) -> None:
    note = api.item(itemType="note", note="x")
    assert api.patch(note["key"], note["version"], itemType="book").status_code == 400


def test_a_put_needs_every_set(api: Any) -> None:
    item = api.item()
    body = {"itemType": "book", "tags": [], "relations": {}, "version": item["version"]}
    assert api.ask("PUT", f"items/{item['key']}", json=body).status_code == 400
    complete = body | {"collections": []}
    assert api.ask("PUT", f"items/{item['key']}", json=complete).status_code == 204


@pytest.mark.parametrize(
    "query",
    [
        *("format=bibtex", "since=x", "direction=up", "sort=itemKeyList", "v=2"),
        "key=somebodyElse",
    ],
)
def test_queries(api: Any, query: str) -> None:
    assert api.ask("GET", f"items?{query}").status_code == 400


@pytest.mark.parametrize("path", ["items", "items/ABCD2345"])
def test_methods_that_an_address_does_not_have(api: Any, path: str) -> None:
    method = "PUT" if path == "items" else "POST"
    answer = api.ask(method, path, json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_single_addresses_want_an_object(api: Any) -> None:
    assert api.ask("PUT", f"items/{KEY}", json=[]).status_code == 400
    assert api.ask("PUT", f"items/{KEY}", json={"key": 5}).status_code == 400
    assert api.ask("DELETE", "settings").status_code == 400
