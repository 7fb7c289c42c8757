"""What is known of writing: the report, preconditions, every code an object can fail with."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

KEY = "ABCD2345"


def lmv(answer: Any) -> int:
    return int(answer.headers["Last-Modified-Version"])


def expected(version: int) -> dict[str, str]:
    return {"If-Unmodified-Since-Version": str(version)}


def test_the_report_accounts_for_every_index(api: Any) -> None:
    item = api.item(title="A")
    report = api.send(
        "items",
        {"itemType": "book", "title": "new"},
        {"key": item["key"], "version": item["version"], "title": "A"},
        {"itemType": "nonsense"},
        "not an object",
    )
    assert set(report) == {"successful", "success", "unchanged", "failed"}
    new = report["successful"]["0"]
    assert report["success"] == {"0": new["key"]}
    assert new["data"]["title"] == "new"
    assert new == api.get(f"items/{new['key']}").json()
    assert report["unchanged"] == {"1": item["key"]}
    assert report["failed"]["2"] == {"code": 400, "message": "'nonsense' is not a valid itemType"}
    assert report["failed"]["3"]["code"] == 400


def test_at_most_50_objects_at_a_time(api: Any) -> None:
    items = [{"itemType": "book"}] * 51
    assert api.ask("POST", "items", json=items).status_code == 413
    assert api.version() == 0
    assert len(api.send("items", *items[:50])["success"]) == 50


def test_a_key_without_any_version_is_428(api: Any) -> None:
    item = api.item()
    assert api.failure("items", key=item["key"], title="A")["code"] == 428
    # The library's version in the header is enough.
    assert not api.send("items", {"key": item["key"], "title": "A"}, expected=1)["failed"]


def test_an_object_that_is_gone_is_404(api: Any) -> None:
    failure = api.failure("items", key=KEY, version=7, title="A")
    assert failure["code"] == 404
    assert "use 0 instead" in failure["message"]


def test_a_version_without_a_key_is_refused(api: Any) -> None:
    assert api.failure("items", itemType="book", version=0)["code"] == 400
    assert api.failure("items", itemType="book", key=KEY, version="x")["code"] == 400


def test_unknown_collections_and_parents_are_409_and_named(api: Any) -> None:
    failure = api.failure("items", itemType="book", collections=[KEY])
    assert (failure["code"], failure["data"]) == (409, {"collection": KEY})
    failure = api.failure("items", itemType="note", note="x", parentItem=KEY)
    assert (failure["code"], failure["data"]) == (409, {"parentItem": KEY})
    failure = api.failure("collections", name="A", parentCollection=KEY)
    assert (failure["code"], failure["data"]) == (409, {"collection": KEY})


def test_children_before_their_parent_fail(api: Any) -> None:
    note = {"itemType": "note", "note": "x", "parentItem": KEY}
    parent = {"itemType": "book", "key": KEY, "version": 0}
    assert api.send("items", note, parent)["failed"]["0"]["code"] == 409
    report = api.send("items", note)
    assert not report["failed"]


def test_a_note_cannot_be_a_parent(api: Any) -> None:
    note = api.item(itemType="note", note="x")
    failure = api.failure("items", itemType="note", note="y", parentItem=note["key"])
    assert failure["code"] == 409


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "A"},
        {"itemType": "book", "nonsense": "x"},
        {"itemType": "book", "caseName": "x"},
        {"itemType": "book", "title": ["x"]},
        {"itemType": "book", "note": "x"},
        {"itemType": "book", "parentItem": KEY},
        {"itemType": "note", "parentItem": ""},
        {"itemType": "note", "parentItem": "nope"},
        {"itemType": "note", "parentItem": KEY, "collections": [KEY]},
        {"itemType": "book", "collections": ["nope"]},
        {"itemType": "book", "collections": KEY},
        {"itemType": "book", "tags": ["x"]},
        {"itemType": "book", "tags": [{}]},
        {"itemType": "book", "tags": [{"tag": "x", "colour": "red"}]},
        {"itemType": "book", "tags": [{"tag": "x", "type": 10**30}]},
        {"itemType": "book", "tags": [{"tag": "x", "type": "²"}]},
        {"itemType": "book", "tags": [{"type": 1}]},
        {"itemType": "book", "creators": [{"creatorType": "podcaster", "name": "x"}]},
        {"itemType": "book", "creators": [{"creatorType": "nonsense", "name": "x"}]},
        {"itemType": "book", "creators": [{"creatorType": "author", "lastName": "x"}]},
        {
            "itemType": "book",
            "creators": [{"creatorType": "author", "name": "x", "firstName": "", "lastName": ""}],
        },
        {
            "itemType": "book",
            "relations": {"dc:relation": "https://zotero.org/groups/10/items/ABCD2345"},
        },
        {
            "itemType": "book",
            "relations": {"foo:bar": "http://zotero.org/groups/10/items/ABCD2345"},
        },
        {"itemType": "book", "accessDate": "hier"},
        {"itemType": "book", "dateAdded": "hier"},
        {"itemType": "book", "deleted": 2},
        {"itemType": "book", "key": "nope", "version": 0},
        {"itemType": "book", "itemKey": KEY},
    ],
)
def test_bad_input_is_400(api: Any, fields: dict[str, Any]) -> None:
    assert api.failure("items", **fields)["code"] == 400


def test_an_empty_field_of_another_type_is_let_pass(api: Any) -> None:
    assert "caseName" not in api.item(caseName="")["data"]


def test_a_post_merges_and_an_empty_text_clears(api: Any) -> None:
    item = api.item(title="A", publisher="P")
    api.send("items", {"key": item["key"], "version": 1, "title": ""})
    data = api.data(item["key"])
    assert (data["title"], data["publisher"]) == ("", "P")


def test_a_whole_answer_can_be_sent_back(api: Any) -> None:
    item = api.item(title="A")
    item["data"]["title"] = "B"
    assert api.send("items", item)["success"] == {"0": item["key"]}


def test_put_makes_an_object_that_is_not_there(api: Any) -> None:
    assert api.ask("PUT", f"items/{KEY}", json={"itemType": "book"}).status_code == 204
    assert api.data(KEY)["itemType"] == "book"
    assert api.ask("PATCH", "items/ABCD2346", json={"itemType": "book"}).status_code == 404
    answer = api.ask("PATCH", "items/ABCD2346", json={"itemType": "book"}, headers=expected(0))
    assert answer.status_code == 204
    answer = api.ask("PATCH", "items/ABCD2347", json={"itemType": "book"}, headers=expected(3))
    assert answer.status_code == 412


def test_single_writes_need_a_version_and_it_must_be_the_last(api: Any) -> None:
    item = api.item(title="A")
    path = f"items/{item['key']}"
    assert api.ask("PATCH", path, json={"title": "B"}).status_code == 428
    stale = api.ask("PATCH", path, json={"title": "B"}, headers=expected(0))
    assert (stale.status_code, lmv(stale)) == (412, 1)
    twice = api.ask("PATCH", path, json={"title": "B", "version": 1}, headers=expected(0))
    assert twice.status_code == 400
    assert api.ask("PATCH", path, json={"title": "B", "version": 1}).status_code == 204
    assert api.ask("PATCH", path, json={"key": KEY}, headers=expected(2)).status_code == 409


def test_trash_and_restore(api: Any) -> None:
    item = api.item(title="A")
    assert api.change(item["key"], deleted=1)["deleted"] == 1
    # An edit leaves it in the trash.
    assert api.change(item["key"], title="B")["deleted"] == 1
    assert "deleted" not in api.change(item["key"], deleted=0)
    api.change(item["key"], deleted=True)
    assert "deleted" not in api.change(item["key"], deleted=False)


def test_delete_needs_the_version_of_the_object(api: Any) -> None:
    item = api.item()
    assert api.ask("DELETE", f"items/{item['key']}").status_code == 428
    api.change(item["key"], title="B")
    assert api.delete(f"items/{item['key']}", 1).status_code == 412
    gone = api.delete(f"items/{item['key']}", 2)
    assert (gone.status_code, lmv(gone)) == (204, 3)
    assert api.get(f"items/{item['key']}").status_code == 404


def test_many_are_deleted_at_one_version(api: Any) -> None:
    made = [api.item()["key"] for _index in range(3)]
    path = f"items?itemKey={','.join(made[:2])}"
    assert api.delete(path, 1).status_code == 412
    assert lmv(api.delete(path, 3)) == 4
    assert sorted(api.get("deleted", since=3).json()["items"]) == sorted(made[:2])
    assert list(api.get("items", format="versions").json()) == made[2:]


def test_a_child_becomes_standalone_with_parent_item_false(api: Any) -> None:
    parent = api.item()
    note = api.item(itemType="note", note="x", parentItem=parent["key"])
    assert "collections" not in note["data"]
    refused = api.patch(note["key"], note["version"], parentItem="")
    assert refused.status_code == 400
    data = api.change(note["key"], parentItem=False)
    assert "parentItem" not in data
    assert data["collections"] == []


def test_attachments_and_annotations_can_exist(api: Any) -> None:
    parent = api.item()
    pdf = api.item(
        itemType="attachment",
        linkMode="imported_file",
        title="PDF",
        contentType="application/pdf",
        filename="a.pdf",
        parentItem=parent["key"],
    )
    mark = api.item(
        itemType="annotation",
        annotationType="highlight",
        annotationText="x",
        parentItem=pdf["key"],
    )
    assert pdf["data"]["filename"] == "a.pdf"
    assert pdf["data"]["md5"] is None
    assert pdf["meta"]["numChildren"] == 0
    assert "numChildren" not in mark["meta"]
    assert mark["data"]["annotationText"] == "x"
    assert api.failure("items", itemType="attachment")["code"] == 400
    assert api.patch(pdf["key"], pdf["version"], linkMode="linked_url").status_code == 400


def test_a_write_token_works_once(api: Any, bob: Any) -> None:
    def post(who: Any, token: str) -> Any:
        headers = {"Zotero-Write-Token": token}
        return who.ask("POST", "items", json=[{"itemType": "book"}], headers=headers)

    assert post(api, "a" * 32).status_code == 200
    again = post(api, "a" * 32)
    assert (again.status_code, again.text) == (412, "Write token already used")
    assert post(bob, "a" * 32).status_code == 200
    assert {post(api, t).status_code for t in ("a" * 4, "a" * 33)} == {400}
    assert api.version() == 2


def test_a_refused_request_does_not_use_its_token_up(api: Any) -> None:
    headers = {"Zotero-Write-Token": "a" * 32}
    assert api.ask("POST", "items", content=b"{", headers=headers).status_code == 400
    answer = api.ask("POST", "items", json=[{"itemType": "book"}], headers=headers)
    assert answer.status_code == 200


def test_bodies_may_be_gzipped(api: Any) -> None:
    body = gzip.compress(json.dumps([{"itemType": "book", "title": "é"}]).encode())
    headers = {"Content-Encoding": "gzip"}
    report = api.ask("POST", "items", content=body, headers=headers).json()
    assert report["successful"]["0"]["data"]["title"] == "é"
    assert api.ask("POST", "items", content=b"plain", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{}", b'"x"', b"[NaN]", b'["\\ud800"]', b"\xff", b"[" * 100_000]
)
def test_a_body_that_is_no_array_of_objects_is_400(api: Any, body: bytes) -> None:
    assert api.ask("POST", "items", content=body).status_code == 400


def test_a_bad_library_version_is_400(api: Any) -> None:
    for text in ("x", "-1", "1.5", "9" * 30):
        headers = {"If-Unmodified-Since-Version": text}
        assert api.ask("POST", "items", json=[], headers=headers).status_code == 400


def test_messages_are_escaped_as_html(api: Any) -> None:
    assert api.failure("items", itemType='<"&')["message"].startswith("'&lt;&quot;&amp;'")


def test_tags_are_taken_off_all_items(api: Any) -> None:
    one = api.item(tags=[{"tag": "a"}, {"tag": "b"}])
    two = api.item(tags=[{"tag": "c"}])
    assert api.ask("DELETE", "tags?tag=a").status_code == 428
    answer = api.ask("DELETE", "tags", params={"tag": "a || c"}, headers=expected(2))
    assert answer.status_code == 204
    assert api.data(one["key"])["tags"] == [{"tag": "b"}]
    assert api.data(two["key"])["tags"] == []
    assert api.data(one["key"])["version"] == lmv(answer)
    assert sorted(api.get("deleted", since=2).json()["tags"]) == ["a", "c"]


def test_searches_and_settings_live_like_the_rest(api: Any) -> None:
    conditions = [{"condition": "title", "operator": "contains", "value": "x"}]
    search = api.new("searches", name="S", conditions=conditions)
    assert search["data"]["conditions"] == conditions
    assert api.failure("searches", name="S")["code"] == 400
    assert api.get("searches", format="versions").json() == {search["key"]: 1}

    colours = {"tagColors": {"value": [{"name": "a", "color": "#990000"}]}}
    written = api.ask("POST", "settings", json=colours, headers=expected(1))
    assert (written.status_code, lmv(written)) == (204, 2)
    assert api.get("settings").json()["tagColors"]["version"] == 2
    assert api.get("settings", since=2).json() == {}
    assert api.ask("POST", "settings", json={"nonsense": {"value": 1}}).status_code == 400
    again = {"tagColors": colours["tagColors"] | {"version": 1}}
    assert api.ask("POST", "settings", json=again).status_code == 412
    assert api.get("settings/tagColors").json()["version"] == 2
    gone = api.delete("settings?settingKey=tagColors", 2)
    assert gone.status_code == 204
    assert api.get("deleted", since=2).json()["settings"] == ["tagColors"]
    assert api.get("settings/tagColors").status_code == 404
