"""What is known of reading: pages, filters, 304, the trash, what was erased."""

from __future__ import annotations

import re
from typing import Any

import pytest

OFF_THE_ALPHABET = "ABCD0O1L"


def lmv(answer: Any) -> int:
    return int(answer.headers["Last-Modified-Version"])


def keys(answer: Any) -> list[str]:
    return [one["key"] for one in answer.json()]


def many(api: Any, count: int) -> list[str]:
    made: list[str] = []
    for start in range(0, count, 50):
        size = min(50, count - start)
        report = api.send(
            "items", *({"itemType": "book", "title": f"{start + i:03}"} for i in range(size))
        )
        made += [report["success"][str(i)] for i in range(size)]
    return made


def test_a_page_holds_25_and_at_most_100(api: Any) -> None:
    many(api, 120)
    assert len(api.get("items").json()) == 25
    assert len(api.get("items", limit=500).json()) == 100
    assert len(api.get("items", limit=0).json()) == 25
    assert api.get("items").headers["Total-Results"] == "120"


def test_keys_and_versions_come_in_one_answer(api: Any) -> None:
    made = many(api, 120)
    assert sorted(api.get("items", format="keys").text.split()) == sorted(made)
    assert api.get("items", format="versions").json() == {k: i + 1 for i, k in enumerate(made)}
    assert api.get("collections", format="versions").json() == {}


def test_links_lead_through_all_pages_and_drop_since(api: Any) -> None:
    made = many(api, 60)
    seen: list[str] = []
    url = "items?limit=25&sort=title&since=0"
    while url:
        answer = api.client.get(url if url.startswith("http") else f"/groups/10/{url}")
        seen += keys(answer)
        links = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["Link"])
        targets = {rel: address for address, rel in links}
        assert "since" not in answer.headers["Link"]
        url = targets.get("next", "")
    assert seen == made
    assert set(targets) == {"first", "prev", "alternate"}


def test_item_keys_filter_up_to_100(api: Any) -> None:
    made = many(api, 120)
    assert sorted(keys(api.get("items", itemKey=",".join(made[:100])))) == sorted(made[:100])
    assert len(api.get("items", itemKey=",".join(made)).json()) == 100


def test_an_unknown_key_filters_everything_out(api: Any) -> None:
    many(api, 3)
    assert keys(api.get("items", itemKey="ABCD2345")) == []


@pytest.mark.parametrize(
    "path",
    [
        *("items", "items/top", "items/trash", "collections", "collections/top"),
        *("searches", "tags", "settings"),
    ],
)
def test_lists_answer_304_when_nothing_is_newer(api: Any, path: str) -> None:
    api.item(tags=[{"tag": "a"}])
    for known, status in ((0, 200), (1, 304), (99, 304)):
        answer = api.ask("GET", path, headers={"If-Modified-Since-Version": str(known)})
        assert answer.status_code == status
        assert ("Last-Modified-Version" in answer.headers) == (status == 200)


def test_deleted_needs_since_and_lists_every_kind(api: Any) -> None:
    assert api.get("deleted").status_code == 400
    assert api.get("deleted", since=0).json() == {
        kind: [] for kind in ("collections", "items", "searches", "tags", "settings")
    }


def test_top_and_children_split_the_items(api: Any) -> None:
    parent = api.item()
    child = api.item(itemType="note", note="x", parentItem=parent["key"])
    assert keys(api.get("items/top")) == [parent["key"]]
    assert keys(api.get(f"items/{parent['key']}/children")) == [child["key"]]
    assert api.get(f"items/{child['key']}").json()["links"]["up"]["href"].endswith(parent["key"])
    assert api.get("items/ABCD2345/children").status_code == 404


def test_top_shows_the_parents_of_what_is_sought(api: Any) -> None:
    parent, other = api.item(title="A"), api.item(title="B", tags=[{"tag": "a"}])
    child = api.item(itemType="note", note="x", parentItem=parent["key"], tags=[{"tag": "a"}])
    assert keys(api.get("items/top", itemKey=child["key"])) == [parent["key"]]
    # ● Not so with tags: it is the top-level item that must have them.
    assert keys(api.get("items/top", tag="a")) == [other["key"]]
    assert keys(api.get("items/top", itemType="note")) == [parent["key"]]
    assert keys(api.get("items/top", itemKey=other["key"])) == [other["key"]]


def test_collections_list_their_items_and_the_children_of_these(api: Any) -> None:
    top = api.collection("A")
    below = api.collection("B", parent=top)
    item = api.item(collections=[top])
    note = api.item(itemType="note", note="x", parentItem=item["key"])
    assert keys(api.get("collections/top")) == [top]
    assert keys(api.get(f"collections/{top}/collections")) == [below]
    assert sorted(keys(api.get(f"collections/{top}/items"))) == sorted([item["key"], note["key"]])
    assert keys(api.get(f"collections/{top}/items/top")) == [item["key"]]
    assert keys(api.get(f"collections/{below}/items")) == []


def test_sorting_by_title_date_and_creator(api: Any) -> None:
    def add(title: str, date: str, name: str) -> str:
        creators = [{"creatorType": "author", "name": name}] if name else []
        return str(api.item(title=title, date=date, creators=creators)["key"])

    a, b, c = add("beta", "2001", "Zoé"), add("Alpha", "mars 1999", ""), add("gamma", "", "Anne")
    assert keys(api.get("items", sort="title")) == [b, a, c]
    assert keys(api.get("items", sort="title", direction="desc")) == [c, a, b]
    assert keys(api.get("items", sort="date", direction="asc")) == [c, b, a]
    assert keys(api.get("items", sort="creator")) == [c, a, b]
    assert keys(api.get("items", sort="itemKeyList", itemKey=f"{c},{a}")) == [c, a]
    assert api.get("items", sort="nonsense").status_code == 400


def test_filters_by_tag_type_and_words(api: Any) -> None:
    book = api.item(title="Pair-aidance", tags=[{"tag": "a"}, {"tag": "b"}])["key"]
    note = api.item(itemType="note", note="<p>autre</p>", tags=[{"tag": "b"}])["key"]
    assert keys(api.get("items", tag="a")) == [book]
    assert sorted(keys(api.get("items", tag="a || b"))) == sorted([book, note])
    assert keys(api.get("items", tag="-a")) == [note]
    assert keys(api.get("items", tag=["a", "b"])) == [book]
    assert keys(api.get("items", itemType="-note")) == [book]
    assert keys(api.get("items", q="pair")) == [book]
    assert keys(api.get("items", q="%")) == []


def test_tags_are_listed_with_how_many_items_carry_them(api: Any) -> None:
    one = api.item(tags=[{"tag": "b"}, {"tag": "a", "type": 1}])
    api.item(tags=[{"tag": "b"}])
    found = [(t["tag"], t["meta"]["type"], t["meta"]["numItems"]) for t in api.get("tags").json()]
    assert found == [("a", 1, 1), ("b", 0, 2)]
    assert [t["tag"] for t in api.get(f"items/{one['key']}/tags").json()] == ["a", "b"]
    assert [t["tag"] for t in api.get("tags/b").json()] == ["b"]


def test_meta_tells_who_wrote_and_what_can_be_read_in_the_fields(api: Any, bob: Any) -> None:
    creators = [{"creatorType": "author", "firstName": "V", "lastName": n} for n in ("A", "B")]
    item = api.item(creators=creators, date="31 janvier 2020")
    assert item["meta"]["creatorSummary"] == "A and B"
    assert item["meta"]["parsedDate"] == "2020-01-31"
    assert "lastModifiedByUser" not in item["meta"]
    bob.change(item["key"], title="x", creators=creators + creators[:1])
    meta = api.get(f"items/{item['key']}").json()["meta"]
    assert meta["createdByUser"]["username"] == "alice"
    assert meta["lastModifiedByUser"]["username"] == "bob"
    assert meta["creatorSummary"] == "A et al."
    assert item["library"]["name"] == "Centre"
    assert item["library"]["type"] == "group"


def test_a_malformed_item_key_is_not_found(api: Any) -> None:
    for key in ("nope", OFF_THE_ALPHABET, "ABCD2345"):
        assert api.get(f"items/{key}").status_code == 404


def test_head_answers_headers_alone(api: Any) -> None:
    api.item()
    answer = api.ask("HEAD", "items")
    assert (answer.status_code, answer.content, lmv(answer)) == (200, b"", 1)
