"""What is known of versions: which write raises which, and what changes without anybody telling."""

from __future__ import annotations

from typing import Any

import pytest


def lmv(answer: Any) -> int:
    return int(answer.headers["Last-Modified-Version"])


def test_each_object_of_a_post_has_a_version_of_its_own(api: Any) -> None:
    answer = api.ask("POST", "items", json=[{"itemType": "book"}] * 3)
    made = answer.json()["successful"]
    assert [made[i]["version"] for i in "012"] == [1, 2, 3]
    assert lmv(answer) == 3


def test_lists_carry_the_version_of_the_library_and_objects_their_own(api: Any) -> None:
    first, second = api.item(), api.item()
    assert lmv(api.get("items")) == second["version"]
    assert lmv(api.get(f"items/{first['key']}")) == first["version"]
    key = api.collection("A")
    api.item()
    assert lmv(api.get("collections")) == 4
    assert lmv(api.get(f"collections/{key}")) == 3


def test_an_unchanged_object_raises_the_library_alone(api: Any) -> None:
    item = api.item(title="A")
    report = api.send("items", {"key": item["key"], "version": 1, "title": "A"})
    assert report["unchanged"] == {"0": item["key"]}
    assert report["successful"] == report["success"] == {}
    assert api.version() == 2
    assert api.data(item["key"])["version"] == 1


def test_a_failed_object_raises_nothing(api: Any) -> None:
    api.item()
    api.failure("items", itemType="nonsense")
    assert api.version() == 1


def test_a_single_write_that_changes_nothing_answers_the_old_version(api: Any) -> None:
    item = api.item(title="A")
    assert lmv(api.patch(item["key"], 1, title="A")) == 1
    assert lmv(api.patch(item["key"], 1, title="B")) == api.version()


def test_a_parent_keeps_its_version_when_a_child_comes(api: Any) -> None:
    parent = api.item()
    api.item(itemType="note", note="x", parentItem=parent["key"])
    assert api.data(parent["key"])["version"] == 1
    assert api.get(f"items/{parent['key']}").json()["meta"]["numChildren"] == 1


def test_a_collection_keeps_its_version_when_items_join(api: Any) -> None:
    key = api.collection("A")
    api.item(collections=[key])
    assert api.get("collections", format="versions").json() == {key: 1}
    assert api.get(f"collections/{key}").json()["meta"] == {"numCollections": 0, "numItems": 1}


def test_erasing_a_collection_takes_its_key_from_items_silently(api: Any) -> None:
    key, other = api.collection("A"), api.collection("B")
    item = api.item(collections=[key, other])
    before = api.version()
    assert api.delete(f"collections/{key}").status_code == 204
    assert api.data(item["key"])["collections"] == [other]
    assert api.data(item["key"])["version"] == item["version"]
    assert api.get("items", format="versions", since=before).json() == {}
    assert api.get(f"collections/{key}/items").status_code == 404


def test_erasing_a_collection_erases_those_below_without_tombstones(api: Any) -> None:
    key = api.collection("A")
    below = api.collection("B", parent=key)
    deepest = api.collection("C", parent=below)
    item = api.item(collections=[deepest])
    before = api.version()
    api.delete(f"collections/{key}")
    assert api.get("collections", format="versions").json() == {}
    assert api.get("deleted", since=before).json()["collections"] == [key]
    assert api.data(item["key"])["collections"] == []
    assert api.data(item["key"])["version"] == item["version"]


def test_a_relation_shows_on_both_items_at_the_same_version(api: Any) -> None:
    one, two = api.item(), api.item()
    uri = "http://zotero.org/groups/10/items/{}"
    data = api.change(one["key"], relations={"dc:relation": uri.format(two["key"])})
    other = api.data(two["key"])
    assert other["relations"] == {"dc:relation": uri.format(one["key"])}
    assert other["version"] == data["version"] > two["version"]
    # Sent back, the reverse is nothing new.
    assert api.patch(two["key"], other["version"], relations=other["relations"]).status_code == 204
    assert api.data(two["key"])["version"] == other["version"]


def test_two_items_may_name_each_other_in_one_request(api: Any) -> None:
    one, two = api.item(), api.item()
    uri = "http://zotero.org/groups/10/items/{}"
    report = api.send(
        "items",
        {"key": one["key"], "version": 1, "relations": {"dc:relation": uri.format(two["key"])}},
        {"key": two["key"], "version": 2, "relations": {"dc:relation": uri.format(one["key"])}},
    )
    # The second one's version was raised by the first, which does not count against it.
    assert report["success"] == {"0": one["key"]}
    assert report["unchanged"] == {"1": two["key"]}


def test_a_dropped_relation_leaves_the_other_end_silently(api: Any) -> None:
    one, two = api.item(), api.item()
    api.change(
        one["key"], relations={"dc:relation": f"http://zotero.org/groups/10/items/{two['key']}"}
    )
    version = api.data(two["key"])["version"]
    api.change(one["key"], relations={})
    assert api.data(two["key"])["relations"] == {}
    assert api.data(two["key"])["version"] == version


def test_erasing_an_item_removes_relations_to_it_silently(api: Any) -> None:
    one, two = api.item(), api.item()
    api.change(
        one["key"], relations={"dc:relation": f"http://zotero.org/groups/10/items/{two['key']}"}
    )
    before = api.data(one["key"])["version"]
    api.delete(f"items/{two['key']}", api.data(two["key"])["version"])
    assert api.data(one["key"])["relations"] == {}
    assert api.data(one["key"])["version"] == before


def test_an_item_made_later_shows_the_relation_that_waited_for_it(api: Any) -> None:
    uri = "http://zotero.org/groups/10/items/"
    one = api.item(relations={"dc:relation": f"{uri}ABCD2345"})
    two = api.new("items", key="ABCD2345", version=0, itemType="book")
    assert two["data"]["relations"] == {"dc:relation": uri + one["key"]}


def test_tags_that_are_sent_are_always_a_change(api: Any) -> None:
    item = api.item(tags=[{"tag": "a"}])
    data = api.change(item["key"], tags=[{"tag": "a"}])
    assert data["version"] == 2
    bare = api.item()
    assert api.change(bare["key"], tags=[])["version"] == bare["version"]


def test_erasing_a_parent_erases_its_children_with_tombstones(api: Any) -> None:
    parent = api.item()
    child = api.item(itemType="note", note="x", parentItem=parent["key"])
    api.delete(f"items/{parent['key']}", parent["version"])
    gone = api.get("deleted", since=2).json()["items"]
    assert sorted(gone) == sorted([parent["key"], child["key"]])
    assert api.get("items", format="versions", includeTrashed=1).json() == {}


@pytest.mark.parametrize("kind", ["items", "collections", "searches"])
def test_a_key_made_again_leaves_the_list_of_the_erased(api: Any, kind: str) -> None:
    all_fields: dict[str, dict[str, Any]] = {
        "items": {"itemType": "book"},
        "collections": {"name": "A"},
        "searches": {
            "name": "A",
            "conditions": [{"condition": "title", "operator": "is", "value": "x"}],
        },
    }
    fields = all_fields[kind]
    made = api.new(kind, **fields)
    api.delete(f"{kind}/{made['key']}", made["version"])
    assert api.get("deleted", since=0).json()[kind] == [made["key"]]
    api.new(kind, key=made["key"], version=0, **fields)
    assert api.get("deleted", since=0).json()[kind] == []


def test_an_item_made_again_by_another_keeps_its_first_author(api: Any, bob: Any) -> None:
    item = api.item()
    api.delete(f"items/{item['key']}", item["version"])
    again = bob.new("items", key=item["key"], version=0, itemType="book")
    assert again["meta"]["createdByUser"]["username"] == "alice"
    assert again["meta"]["lastModifiedByUser"]["username"] == "bob"
