"""What is kept from clients that know an older schema, and what Zotero itself may set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zotsync.sandbox.rules.clients import Client
from zotsync.sandbox.rules.texts import dumps
from zotsync.zotero.schema import bundled

DESKTOP = "Mozilla/5.0 (Macintosh; rv:140.0) Gecko/20100101 Zotero/{}"
ANDROID = "Mozilla/5.0 (Linux; Android 14) Zotero/1.0"


def seen(api: Any, path: str, schema: Any = None, agent: str | None = None) -> Any:
    headers = {"Zotero-Schema-Version": str(schema)} if schema is not None else {}
    headers |= {"User-Agent": agent} if agent else {}
    return api.ask("GET", path, headers=headers).json()["data"]


@pytest.mark.parametrize("schema", [None, 39, 40, 41, 3000, "nonsense"])
def test_a_field_is_shown_to_who_knows_it(api: Any, schema: Any) -> None:
    made = api.item()
    assert seen(api, f"items/{made['key']}", schema) == made["data"]


def test_an_empty_field_is_kept_from_who_does_not_know_it(api: Any) -> None:
    made = api.item(originalDate="")
    path = f"items/{made['key']}"
    for schema in (1, 29, 33):
        hidden = made["data"].keys() - seen(api, path, schema).keys()
        assert {"originalDate", "citationKey", "DOI", "ISSN"} <= hidden
        assert "title" not in hidden
    api.change(made["key"], originalDate="1883")
    assert seen(api, path, 29)["originalDate"] == "1883"
    lists = api.ask("GET", "items", headers={"Zotero-Schema-Version": "29"}).json()
    assert "citationKey" not in lists[0]["data"]


def test_fields_came_with_a_version_for_some_types(api: Any) -> None:
    podcast = f"items/{api.item(itemType='podcast')['key']}"
    # What lies between two versions that the server keeps counts as the newer one.
    known = {v: "date" in seen(api, podcast, v) for v in (31, 32, 33, 34)}
    assert known == {31: False, 32: False, 33: True, 34: True}
    article = f"items/{api.item(itemType='journalArticle')['key']}"
    assert {"DOI", "PMID"} & seen(api, article, 33).keys() == {"DOI"}


@pytest.mark.parametrize(("known", "fields"), [(32, 648), (33, 649), (39, 762), (40, 770)])
def test_each_version_of_the_schema_has_as_many_fields_as_it_had(known: int, fields: int) -> None:
    client = Client(schema_version=known)
    seen = 0
    for item_type in bundled().item_types.values():
        data = {"itemType": item_type.name} | dict.fromkeys(item_type.fields, "")
        shown = json.loads(client.shown_item(item_type.name, dumps(data), lambda: ""))
        seen += len(shown) - 1
    assert seen == fields


def mark(api: Any, content_type: str, sort_index: str, kind: str = "highlight") -> str:
    file = api.item(itemType="attachment", linkMode="imported_url", contentType=content_type)
    own = {"annotationType": kind, "annotationSortIndex": sort_index, "parentItem": file["key"]}
    return str(api.item(itemType="annotation", **own)["key"])


def test_annotations_that_are_new_to_a_client_are_marked(api: Any) -> None:
    old = mark(api, "application/pdf", "00015|002431|00000")
    new = [
        mark(api, "application/pdf", "00015|002431|00000", "underline"),
        mark(api, "application/epub+zip", "00050|00013029"),
    ]
    assert "invalidProp" not in seen(api, f"items/{old}", 28)
    for key in new:
        assert seen(api, f"items/{key}", 28)["invalidProp"] == 1
        for schema in (None, 29):
            assert "invalidProp" not in seen(api, f"items/{key}", schema)


@pytest.mark.parametrize("name", ["groupStart", "resultLevel", "titleCreatorYear/x"])
def test_searches_that_are_new_to_a_client_are_marked(api: Any, name: str) -> None:
    plain = {"condition": "title", "operator": "contains", "value": "x"}
    new = api.new("searches", name="A", conditions=[plain, plain | {"condition": name}])["key"]
    old = api.new("searches", name="B", conditions=[plain])["key"]
    assert seen(api, f"searches/{new}", 42)["invalidProp"] == 1
    for path, schema in (
        (f"searches/{new}", 43),
        (f"searches/{new}", None),
        (f"searches/{old}", 42),
    ):
        assert "invalidProp" not in seen(api, path, schema)


@pytest.mark.parametrize(
    ("schema", "agent", "shown"),
    [
        (None, None, True),
        (41, None, False),
        (42, None, True),
        (None, ANDROID, False),
        (43, ANDROID, False),
        (44, ANDROID, True),
        (42, DESKTOP.format("7.0.15"), False),
        (42, DESKTOP.format("8.0.2"), False),
        (42, DESKTOP.format("9.0.1"), True),
    ],
)
def test_who_is_told_when_a_file_was_read(own: Any, schema: Any, agent: Any, shown: bool) -> None:  # noqa: FBT001 - of the table
    fields = {"itemType": "attachment", "linkMode": "imported_file", "lastRead": 5}
    key = own.item(**fields)["key"]
    assert ("lastRead" in seen(own, f"items/{key}", schema, agent)) is shown


def test_a_report_of_writes_is_for_the_client_too(own: Any) -> None:
    fields = {"itemType": "attachment", "linkMode": "imported_file", "lastRead": 5}
    headers = {"Zotero-Schema-Version": "41"}
    report = own.ask("POST", "items", json=[fields], headers=headers).json()
    assert "lastRead" not in report["successful"]["0"]["data"]


@pytest.mark.parametrize(
    ("agent", "is_zotero"),
    [(DESKTOP.format("9.0"), True), ("Mozilla/5.0 Firefox/140.0", True), ("zotsync/1.0", False)],
)
def test_zotero_alone_may_keep_the_date_of_an_item_it_changes(
    api: Any,
    agent: str,
    is_zotero: bool,  # noqa: FBT001 - of the table
) -> None:
    assert Client(agent).is_zotero == is_zotero
    dates = {"dateAdded": "2020-01-01T00:00:00Z", "dateModified": "2020-01-01T00:00:00Z"}
    made = api.item(**dates)
    sent = {"key": made["key"], "version": made["version"], "title": "A"}
    sent["dateModified"] = "2020-01-01 00:00:00"
    report = api.ask("POST", "items", json=[sent], headers={"User-Agent": agent}).json()
    data = report["successful"]["0"]["data"]
    assert (data["dateModified"] == dates["dateModified"]) is is_zotero
