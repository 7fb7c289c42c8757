"""My Publications: what a user shows of her own library to anybody."""

from __future__ import annotations

from typing import Any

import pytest

PLACE = "/users/1/publications"
TOP = "Top-level notes and attachments cannot be added to My Publications"


def published(own: Any, **fields: Any) -> str:
    return str(own.item(inPublications=True, **fields)["key"])


def test_anybody_sees_what_is_published_and_no_more(own: Any, nobody: Any) -> None:
    shown = published(own, title="Thèse", tags=[{"tag": "privé"}])
    hidden = own.item(title="Brouillon")["key"]
    note = own.item(itemType="note", note="à moi", parentItem=shown)["key"]
    found = nobody.get(f"{PLACE}/items").json()
    assert [item["key"] for item in found] == [shown]
    assert not {"tags", "collections", "relations"} & set(found[0]["data"])
    assert found[0]["meta"]["numChildren"] == 0
    assert found[0]["links"]["self"]["href"].endswith(f"{PLACE}/items/{shown}")
    for key in (hidden, note):
        assert nobody.get(f"{PLACE}/items/{key}").status_code == 404
    assert nobody.get(f"{PLACE}/items/{shown}/children").json() == []
    assert nobody.get("/users/1/items").status_code == 403


def test_trashed_items_are_not_shown(own: Any, nobody: Any) -> None:
    key = published(own, deleted=1)
    assert nobody.get(f"{PLACE}/items", includeTrashed=1).json() == []
    assert nobody.get(f"{PLACE}/items", format="versions").json() == {}
    assert nobody.get(f"{PLACE}/items/{key}").status_code == 404


def test_it_is_taken_out_by_false_and_by_a_whole_item_without_it(own: Any, nobody: Any) -> None:
    kept, out, whole = (published(own, title=title) for title in "ABC")
    own.change(kept, title="A2")
    own.change(out, inPublications=False)
    data = {k: v for k, v in own.data(whole).items() if k != "inPublications"}
    assert own.ask("PUT", f"items/{whole}", json=data).status_code == 204
    assert [i["key"] for i in nobody.get(f"{PLACE}/items").json()] == [kept]


def test_changing_it_is_no_modification(own: Any) -> None:
    item = own.item(dateModified="2020-01-01T00:00:00Z")
    changed = own.change(item["key"], inPublications=True)
    assert changed["dateModified"] == "2020-01-01T00:00:00Z"
    assert changed["version"] > item["version"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"itemType": "note"}, TOP),
        ({"itemType": "attachment", "linkMode": "imported_file"}, TOP),
    ],
)
def test_what_cannot_be_published(own: Any, fields: Any, message: str) -> None:
    assert own.failure("items", inPublications=True, **fields)["message"] == message


def test_linked_files_and_group_items_cannot_be_published(own: Any, api: Any) -> None:
    parent = own.item()["key"]
    file = {"itemType": "attachment", "linkMode": "linked_file", "parentItem": parent}
    assert "Linked-file" in own.failure("items", inPublications=True, **file)["message"]
    assert "Group items" in api.failure("items", inPublications=True, itemType="book")["message"]


def test_nothing_is_written_there(own: Any, nobody: Any) -> None:
    assert nobody.ask("POST", f"{PLACE}/items", json=[]).status_code == 403
    assert own.ask("POST", f"{PLACE}/items", json=[]).status_code == 405


def test_older_clients_are_told_to_upgrade(own: Any, nobody: Any) -> None:
    assert nobody.get(f"{PLACE}/settings").json() == []
    assert nobody.get(f"{PLACE}/deleted").json() == {}
    published(own)
    assert nobody.get(f"{PLACE}/settings").status_code == 400
    assert nobody.get("/users/99/publications/items").status_code == 404
