"""No tidier than Zotero: what the real server does, and whoever writes to it must know.

Much of it nobody would expect: what changes without a new version, what goes without a trace, what is
taken though it makes no sense. Each test states one such fact.
"""

from __future__ import annotations

from typing import Any

import pytest

KEY = "ABCD2345"
OFF_THE_ALPHABET = "ABCD0O1L"


def lmv(answer: Any) -> int:
    return int(answer.headers["Last-Modified-Version"])


def keys(answer: Any) -> list[str]:
    return [one["key"] for one in answer.json()]


def expected(version: int) -> dict[str, str]:
    return {"If-Unmodified-Since-Version": str(version)}


def many(api: Any, count: int) -> list[str]:
    report = api.send("items", *[{"itemType": "book"}] * count)
    return [report["success"][str(index)] for index in range(count)]


# Versions


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
    assert api.version() == 2  # and yet the library has a new one
    assert lmv(api.patch(item["key"], 1, title="B")) == api.version()


def test_tags_that_are_sent_are_always_a_change(api: Any) -> None:
    item = api.item(tags=[{"tag": "a"}])
    data = api.change(item["key"], tags=[{"tag": "a"}])
    assert data["version"] == 2
    bare = api.item()
    assert api.change(bare["key"], tags=[])["version"] == bare["version"]


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


def test_single_objects_and_deleted_ignore_if_modified_since_version(api: Any) -> None:
    item = api.item()
    headers = {"If-Modified-Since-Version": "99"}
    assert api.ask("GET", f"items/{item['key']}", headers=headers).status_code == 200
    assert api.ask("GET", "deleted?since=0", headers=headers).status_code == 200


# What a batch is: objects one after the other


def test_in_one_batch_some_land_and_some_fail_each_for_itself(api: Any) -> None:
    one, two = api.item(), api.item()
    api.change(one["key"], title="newer")
    report = api.send(
        "items",
        {"itemType": "book", "title": "A"},
        {"key": one["key"], "version": one["version"], "title": "late"},
        {"itemType": "book", "nonsense": "x"},
        {"itemType": "book", "collections": [KEY]},
        {"key": two["key"], "version": two["version"], "title": "B"},
    )
    assert {i: f["code"] for i, f in report["failed"].items()} == {"1": 412, "2": 400, "3": 409}
    # What fails takes no version: the two that land follow each other.
    assert [report["successful"][i]["version"] for i in "04"] == [4, 5]
    assert api.version() == 5


def test_a_stale_version_is_412_for_that_object_alone(api: Any) -> None:
    one, two = api.item(), api.item()
    api.change(one["key"], title="newer")
    report = api.send(
        "items",
        {"key": one["key"], "version": 1, "title": "late"},
        {"key": two["key"], "version": 2, "title": "fine"},
    )
    assert report["failed"]["0"]["code"] == 412
    assert report["success"] == {"1": two["key"]}
    assert api.data(one["key"])["title"] == "newer"


def test_a_stale_library_header_fails_the_whole_post(api: Any) -> None:
    api.item()
    answer = api.ask("POST", "items", json=[{"itemType": "book"}], headers=expected(0))
    assert (answer.status_code, lmv(answer)) == (412, 1)
    assert api.version() == 1


def test_the_library_header_guards_the_first_object_alone(api: Any) -> None:
    item = api.item()
    items = [{"itemType": "book"}, {"key": item["key"], "title": "A"}]
    # The first object raises the library; the second is not held up by it.
    assert set(api.send("items", *items, expected=1)["success"]) == {"0", "1"}


def test_a_client_made_key_with_version_0_can_be_repeated(api: Any) -> None:
    new = {"key": KEY, "version": 0, "itemType": "book", "title": "A"}
    assert api.send("items", new)["success"] == {"0": KEY}
    assert api.failure("items", **new)["code"] == 412
    assert len(api.get("items").json()) == 1


def test_a_collection_that_is_gone_makes_the_whole_item_fail(api: Any) -> None:
    item = api.item(title="A")
    failure = api.failure("items", key=item["key"], version=1, title="B", collections=[KEY])
    assert (failure["code"], failure["data"]) == (409, {"collection": KEY})
    assert api.data(item["key"])["title"] == "A"


# Collections


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


def test_collections_of_one_name_stand_side_by_side(api: Any) -> None:
    one, two = api.collection("A"), api.collection("A")
    assert one != two
    assert {api.data(key, "collections")["name"] for key in (one, two)} == {"A"}


def test_a_collection_put_under_one_below_it_sends_that_one_to_the_root(api: Any) -> None:
    top = api.collection("A")
    middle = api.collection("B", parent=top)
    bottom = api.collection("C", parent=middle)
    api.send("collections", {"key": top, "version": 1, "parentCollection": bottom})
    data = {key: api.data(key, "collections") for key in (top, middle, bottom)}
    assert [data[k]["parentCollection"] for k in (top, middle, bottom)] == [bottom, top, False]
    # Nobody asked for it, yet it has the version of the write.
    assert [data[k]["version"] for k in (top, middle, bottom)] == [4, 2, 4]
    assert api.get("collections/top", format="keys").text.split() == [bottom]


def test_a_collection_under_itself_is_an_error_of_the_server(api: Any) -> None:
    key = api.collection("A")
    failure = api.failure("collections", key=key, version=1, parentCollection=key)
    assert failure["code"] == 500
    assert api.version() == 1


def test_a_child_that_is_given_collections_loses_its_parent(api: Any) -> None:
    collection = api.collection("A")
    parent = api.item()
    note = api.item(itemType="note", note="x", parentItem=parent["key"])
    data = api.change(note["key"], collections=[collection])
    assert "parentItem" not in data
    assert data["collections"] == [collection]


# Relations


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


def test_a_relation_taken_out_at_the_other_end_alone_comes_back(api: Any) -> None:
    one, two = api.item(), api.item()
    uri = "http://zotero.org/groups/10/items/"
    api.change(one["key"], relations={"dc:relation": uri + two["key"]})
    assert api.change(two["key"], relations={})["relations"] == {"dc:relation": uri + one["key"]}
    assert api.change(one["key"], relations={})["relations"] == {}
    assert api.data(two["key"])["relations"] == {}


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


# The trash, and what was erased


def test_trashed_items_vanish_from_every_list(api: Any) -> None:
    collection = api.collection("A")
    item = api.item(collections=[collection])
    before = api.version()
    api.change(item["key"], deleted=1)
    empty = [
        api.get("items"),
        api.get("items/top"),
        api.get("items", itemKey=item["key"]),
        api.get(f"collections/{collection}/items"),
    ]
    assert [keys(answer) for answer in empty] == [[]] * 4
    assert api.get("items", format="versions", since=before).json() == {}
    assert api.get("deleted", since=before).json()["items"] == []
    # With includeTrashed they are there.
    for path in ("items", "items/top", f"collections/{collection}/items"):
        assert keys(api.get(path, includeTrashed=1)) == [item["key"]]
    found = api.get("items", format="versions", since=before, includeTrashed=1).json()
    assert found == {item["key"]: api.version()}
    assert keys(api.get("items", itemKey=item["key"], includeTrashed=1)) == [item["key"]]
    assert keys(api.get("items/trash")) == [item["key"]]
    assert api.data(item["key"])["deleted"] == 1


def test_children_of_a_trashed_parent_are_not_flagged(api: Any) -> None:
    parent = api.item()
    child = api.item(itemType="note", note="x", parentItem=parent["key"])
    api.change(parent["key"], deleted=True)
    assert keys(api.get("items")) == [child["key"]]
    assert "deleted" not in api.data(child["key"])


def test_trashed_collections_stay_listed(api: Any) -> None:
    key = api.collection("A")
    api.ask(
        "PATCH",
        f"collections/{key}",
        json={"deleted": True},
        headers={"If-Unmodified-Since-Version": "1"},
    )
    assert keys(api.get("collections")) == [key]
    assert api.data(key, "collections")["deleted"] is True


def test_what_is_in_a_trashed_collection_is_not_flagged(api: Any) -> None:
    top = api.collection("A")
    below = api.collection("B", parent=top)
    item = api.item(collections=[top, below])
    api.send("collections", {"key": top, "version": 1, "deleted": True})
    assert "deleted" not in api.data(below, "collections")
    assert sorted(api.data(item["key"])["collections"]) == sorted([top, below])
    assert api.data(item["key"])["version"] == item["version"]
    assert keys(api.get(f"collections/{top}/items")) == [item["key"]]


def test_an_edit_leaves_an_item_in_the_trash(api: Any) -> None:
    item = api.item(title="A", deleted=1)
    assert api.change(item["key"], title="B")["deleted"] == 1
    assert "deleted" not in api.change(item["key"], deleted=0)


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


def test_an_item_made_again_has_the_date_it_is_given(api: Any) -> None:
    item = api.item()
    api.delete(f"items/{item['key']}", item["version"])
    again = {"key": item["key"], "version": 0, "itemType": "book"}
    data = api.new("items", **again, dateAdded="2001-02-03T04:05:06Z")["data"]
    assert data["dateAdded"] == "2001-02-03T04:05:06Z"


def test_an_item_made_again_by_another_keeps_its_first_author(api: Any, bob: Any) -> None:
    item = api.item()
    api.delete(f"items/{item['key']}", item["version"])
    again = bob.new("items", key=item["key"], version=0, itemType="book")
    assert again["meta"]["createdByUser"]["username"] == "alice"
    assert again["meta"]["lastModifiedByUser"]["username"] == "bob"


# What is asked and what is sent


@pytest.mark.parametrize("wrong", ["nope", OFF_THE_ALPHABET, "", ",,"])
def test_a_malformed_key_makes_the_filter_vanish(api: Any, wrong: str) -> None:
    made = many(api, 30)
    assert sorted(keys(api.get("items", itemKey=wrong))) == sorted(made)
    collections = sorted(api.collection(name) for name in "AB")
    assert sorted(keys(api.get("collections", collectionKey=wrong))) == collections


def test_put_keeps_omitted_fields_but_not_the_trash(api: Any) -> None:
    item = api.item(title="A", publisher="P")
    trashed = api.change(item["key"], deleted=1)
    body = {"itemType": "book", "title": "B", "tags": [], "collections": [], "relations": {}}
    path = f"items/{item['key']}"
    answer = api.ask("PUT", path, json=body, headers=expected(trashed["version"]))
    assert answer.status_code == 204
    data = api.data(item["key"])
    assert (data["title"], data["publisher"]) == ("B", "P")
    assert "deleted" not in data


def test_a_change_of_type_drops_what_does_not_fit(api: Any) -> None:
    creators = [
        {"creatorType": "author", "name": "A"},
        {"creatorType": "seriesEditor", "name": "B"},
    ]
    item = api.item(title="T", publisher="P", numPages="3", creators=creators)
    data = api.change(item["key"], itemType="thesis")
    assert data["title"] == "T"
    assert data["university"] == "P"  # both stand for the base field `publisher`
    assert "publisher" not in data
    assert [c["creatorType"] for c in data["creators"]] == ["author", "contributor"]


def test_a_date_of_change_that_is_sent_is_believed(api: Any) -> None:
    item = api.item(title="A")
    data = api.change(item["key"], title="B", dateModified="2001-02-03T04:05:06Z")
    assert data["dateModified"] == "2001-02-03T04:05:06Z"
