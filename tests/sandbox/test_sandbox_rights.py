"""What is known of keys, groups and roles: who may do what, and how a refusal reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zotsync.sandbox.server import Access, Sandbox

GROUP, ALICE, BOB, CAROL = 10, 1, 2, 3
BOBS_KEY, CAROLS_KEY = "bobKeyOfTheTests0000000", "carolKeyOfTheTests00000"
BOOK = [{"itemType": "book"}]


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.text


def test_the_key_tells_whose_it_is_and_what_it_allows(api: Any, carol: Any) -> None:
    mine = api.get("/keys/current").json()
    assert (mine["userID"], mine["username"]) == (ALICE, "alice")
    assert mine["access"] == {"groups": {"10": {"library": True, "write": True}}}
    assert carol.get("/keys/current").json()["access"]["groups"]["all"]["write"] is True
    assert api.get(f"/keys/{BOBS_KEY}").json()["username"] == "bob"
    assert api.get("/keys/unknown").status_code == 404


def test_without_a_key_nothing_private_is_read_or_written(nobody: Any) -> None:
    for path in ("items", "collections", "deleted?since=0", "settings", "tags", "/keys/current"):
        assert refusal(nobody.ask("GET", path)) == (403, "Forbidden")
    assert nobody.get("/groups/10").status_code == 404
    answer = nobody.ask("POST", "items", json=BOOK)
    assert refusal(answer) == (403, "An API key is required for write requests.")


def test_a_bogus_key_is_invalid_everywhere(nobody: Any) -> None:
    headers = {"Zotero-API-Key": "bogus"}
    for path in ("items", "/keys/current", "/itemTypes"):
        assert refusal(nobody.ask("GET", path, headers=headers)) == (403, "Invalid key")


@pytest.mark.parametrize("way", ["header", "query", "bearer"])
def test_a_key_may_come_three_ways(nobody: Any, way: str) -> None:
    headers = {
        "header": {"Zotero-API-Key": BOBS_KEY},
        "bearer": {"Authorization": f"Bearer {BOBS_KEY}"},
        "query": {},
    }[way]
    path = f"items?key={BOBS_KEY}" if way == "query" else "items"
    assert nobody.ask("GET", path, headers=headers).status_code == 200


def test_all_groups_means_those_one_is_in(carol: Any, sandbox: Sandbox) -> None:
    assert carol.get("items").status_code == 403
    assert carol.get("/users/3/groups", format="versions").json() == {}
    sandbox.change_group(GROUP, members=(BOB, CAROL))
    assert carol.get("items").status_code == 200
    assert carol.ask("POST", "items", json=BOOK).status_code == 200
    assert carol.get("/users/3/groups", format="versions").json() == {"10": 2}


def test_no_right_to_write_is_said_before_any_look_at_versions(bob: Any, sandbox: Sandbox) -> None:
    sandbox.add_key(BOBS_KEY, BOB, groups={GROUP: Access(write=False)})
    stale = {"If-Unmodified-Since-Version": "0"}
    denied = (403, "Write access denied")
    assert refusal(bob.ask("POST", "items", json=BOOK, headers=stale)) == denied
    assert refusal(bob.ask("PATCH", "items/ABCD2345", json={}, headers=stale)) == denied
    assert refusal(bob.ask("DELETE", "collections?collectionKey=ABCD2345")) == denied
    assert bob.get("items").status_code == 200


def test_where_admins_edit_members_only_read(api: Any, bob: Any, sandbox: Sandbox) -> None:
    sandbox.change_group(GROUP, library_editing="admins")
    assert refusal(bob.ask("POST", "items", json=BOOK)) == (403, "Write access denied")
    assert bob.get("items").status_code == 200
    assert api.ask("POST", "items", json=BOOK).status_code == 200
    sandbox.change_group(GROUP, admins=(BOB,))
    assert bob.ask("POST", "items", json=BOOK).status_code == 200


def test_rights_end_at_once(bob: Any, sandbox: Sandbox) -> None:
    sandbox.remove_key(BOBS_KEY)
    assert refusal(bob.get("items")) == (403, "Invalid key")
    sandbox.add_key(BOBS_KEY, BOB, groups={GROUP: Access()})
    sandbox.change_group(GROUP, members=())
    assert bob.get("items").status_code == 403
    sandbox.remove_group(GROUP)
    assert bob.get("items").status_code == 404
    assert bob.get("/groups/10").status_code == 404


def test_a_group_that_is_not_there_is_404(api: Any) -> None:
    assert api.get("/groups/11/items").status_code == 404
    assert api.get("/groups/11").status_code == 404
    assert api.ask("POST", "/groups/11/items", json=BOOK).status_code == 404


def test_a_group_tells_its_people_and_rules(api: Any) -> None:
    api.item()
    answer = api.get("/groups/10").json()
    data = answer["data"]
    assert (data["name"], data["owner"], data["members"]) == ("Centre", ALICE, [BOB])
    assert (data["libraryEditing"], data["type"]) == ("members", "Private")
    assert "admins" not in data
    assert answer["meta"]["numItems"] == 1
    assert [g["id"] for g in api.get("/users/1/groups").json()] == [10]


def test_a_group_open_to_readers_needs_no_key_to_read(nobody: Any, sandbox: Sandbox) -> None:
    sandbox.add_group(11, "Open", owner=ALICE, library_reading="all")
    assert nobody.get("/groups/11/items").status_code == 200
    assert nobody.ask("POST", "/groups/11/items", json=BOOK).status_code == 403


def test_a_group_changes_its_version_only_when_it_changes(sandbox: Sandbox, api: Any) -> None:
    sandbox.add_group(GROUP, "Centre", owner=ALICE, members=[BOB])
    assert api.get("/users/1/groups", format="versions").json() == {"10": 1}
    sandbox.add_group(GROUP, "Centre doc", owner=ALICE, members=[BOB])
    assert api.get("/users/1/groups", format="versions").json() == {"10": 2}
    assert api.item()["library"]["name"] == "Centre doc"


def test_a_users_own_library_is_hers_alone(bob: Any, sandbox: Sandbox) -> None:
    sandbox.add_key(BOBS_KEY, BOB, user=Access())
    report = bob.ask("POST", "/users/2/items", json=BOOK).json()
    assert "createdByUser" not in report["successful"]["0"]["meta"]
    assert report["successful"]["0"]["library"] == {
        "type": "user",
        "id": 2,
        "name": "bob",
        "links": {"alternate": {"href": "https://www.zotero.org/bob", "type": "text/html"}},
    }
    assert bob.get("/users/1/items").status_code == 403
    assert bob.get("items").status_code == 403


def test_groups_do_not_see_each_other(api: Any, sandbox: Sandbox) -> None:
    item = api.item()
    sandbox.add_group(12, "Other", owner=ALICE)
    sandbox.add_key("aliceKeyOfTheTests00000", ALICE, groups={"all": Access()})
    assert api.get("/groups/12/items").json() == []
    assert api.get(f"/groups/12/items/{item['key']}").status_code == 404


def test_the_data_outlive_the_server(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    for run in range(2):
        sandbox = Sandbox(file)
        sandbox.add_user(ALICE, "alice")
        sandbox.add_group(GROUP, "Centre", owner=ALICE)
        sandbox.add_key("key", ALICE, groups={GROUP: Access()})
        assert sandbox.version(GROUP) == run
        sandbox.load_items(GROUP, [{"itemType": "book"}])
        sandbox.close()


def test_many_items_are_loaded_at_once(api: Any, sandbox: Sandbox) -> None:
    keys = sandbox.load_items(GROUP, ({"itemType": "book", "title": str(i)} for i in range(120)))
    assert sandbox.version(GROUP) == 120
    assert api.get("items", format="versions").json() == {k: i + 1 for i, k in enumerate(keys)}
    assert api.data(keys[7])["title"] == "7"
