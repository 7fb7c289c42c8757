"""The schema as the server answers it, made of the facts that come with zotsync."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync.zotero.schema import bundled, from_server_json


def test_schema_reads_back_as_the_bundled_facts(api: Any) -> None:
    answer = api.get("/schema")
    assert from_server_json(answer.json()) == bundled()
    assert answer.headers["Zotero-Schema-Version"] == str(bundled().version)
    etag = answer.headers["ETag"]
    assert api.ask("GET", "/schema", headers={"If-None-Match": etag}).status_code == 304


def test_types_and_fields_come_in_french_too(api: Any) -> None:
    french = {t["itemType"]: t["localized"] for t in api.get("/itemTypes", locale="fr-FR").json()}
    assert french["book"] == "Livre"
    assert "annotation" not in french
    fields = api.get("/itemTypeFields", itemType="book", locale="fr-FR").json()
    assert fields[0] == {"field": "title", "localized": "Titre"}
    assert {"field": "title", "localized": "Title"} in api.get("/itemFields").json()
    creators = api.get("/itemTypeCreatorTypes", itemType="book").json()
    assert creators[0] == {"creatorType": "author", "localized": "Author"}
    assert [f["field"] for f in api.get("/creatorFields").json()] == [
        "firstName",
        "lastName",
        "name",
    ]


@pytest.mark.parametrize("name", sorted(bundled().item_types))
def test_the_template_of_a_new_item_can_be_sent(api: Any, name: str) -> None:
    if name == "annotation":  # it is of a kind, and on a file
        return
    template = api.get("/items/new", itemType=name, linkMode="linked_url").json()
    data = api.item(**template)["data"]
    assert {field: data[field] for field in template} | {"creators": []} == template | {
        "creators": []
    }


@pytest.mark.parametrize(
    ("link_mode", "own", "absent"),
    [
        ("linked_url", {"url"}, {"path", "filename", "md5"}),
        ("linked_file", {"path"}, {"url", "filename", "md5"}),
        ("imported_url", {"url", "filename", "md5", "mtime"}, {"path"}),
        ("imported_file", {"filename", "md5", "mtime"}, {"path", "url"}),
        (
            "embedded_image",
            {"parentItem", "contentType", "filename", "md5"},
            {"title", "url", "accessDate", "note", "charset", "tags", "collections", "relations"},
        ),
    ],
)
def test_the_template_of_an_attachment_is_of_its_link_mode(
    api: Any, link_mode: str, own: set[str], absent: set[str]
) -> None:
    template = api.get("/items/new", itemType="attachment", linkMode=link_mode).json()
    assert template["linkMode"] == link_mode
    assert (own - template.keys(), absent & template.keys()) == (set(), set())


def test_the_template_of_an_annotation_is_of_its_kind(api: Any) -> None:
    def template(kind: str) -> Any:
        return api.get("/items/new", itemType="annotation", annotationType=kind).json()

    for kind in ("highlight", "note", "image", "ink", "underline", "text"):
        assert template(kind)["annotationType"] == kind
        assert template(kind)["annotationSortIndex"] == "00000|000000|00000"
        assert ("annotationText" in template(kind)) == (kind in ("highlight", "underline"))
        assert {"collections", "relations"}.isdisjoint(template(kind))
    assert template("note")["annotationPosition"] == {"pageIndex": 0, "rects": []}
    assert template("ink")["annotationPosition"] == {"pageIndex": 0, "paths": [], "width": 2}
    assert template("image")["annotationPosition"]["height"] == 0
    for kind in ("", "nonsense"):
        query = {"itemType": "annotation", "annotationType": kind}
        assert api.get("/items/new", **query).status_code == 400


def test_the_first_field_of_a_type_is_its_title() -> None:
    for item_type in bundled().item_types.values():
        if item_type.fields:
            first = item_type.fields[0]
            assert item_type.base_fields.get(first, first) == "title"


def test_unknown_types_and_a_missing_type_are_400(api: Any) -> None:
    for path in ("/itemTypeFields", "/itemTypeCreatorTypes", "/items/new"):
        assert api.get(path).status_code == 400
        assert api.get(path, itemType="nonsense").status_code == 400
    assert api.get("/items/new", itemType="attachment").status_code == 400
