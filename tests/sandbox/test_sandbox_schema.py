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
    if name == "annotation":
        assert api.get("/items/new", itemType=name).status_code == 400
        return
    template = api.get("/items/new", itemType=name, linkMode="linked_url").json()
    data = api.item(**template)["data"]
    assert {field: data[field] for field in template} | {"creators": []} == template | {
        "creators": []
    }


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
