"""Answers in Atom, which older clients read."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from lxml import etree

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "zapi": "http://zotero.org/ns/api",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def found(answer: Any, path: str) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/atom+xml"
    result = etree.fromstring(answer.content).xpath(path, namespaces=NAMES)
    return cast("list[Any]", result)


def test_an_item_is_an_entry_with_its_json(api: Any) -> None:
    item = api.item(title="Œuvre & vie", date="mars 2012")
    answer = api.get(f"items/{item['key']}", content="json")
    assert json.loads(found(answer, "//atom:content/text()")[0]) == item["data"]
    assert found(answer, "/atom:entry/atom:title/text()") == ["Œuvre & vie"]
    facts = [found(answer, f"//zapi:{name}/text()")[0] for name in ("key", "itemType")]
    assert facts == [item["key"], "book"]
    assert found(answer, "//zapi:parsedDate/text()") == ["2012-03"]
    assert answer.headers["Last-Modified-Version"] == str(item["version"])


def test_a_list_is_a_feed_with_the_addresses_of_its_pages(api: Any) -> None:
    keys = [api.item(title=str(n))["key"] for n in range(3)]
    answer = api.get("items", format="atom", limit=2)
    assert found(answer, "//zapi:key/text()") == keys[:0:-1]
    assert answer.headers["Total-Results"] == "3"
    after = found(answer, "/atom:feed/atom:link[@rel='next']/@href")[0]
    assert found(api.client.get(after), "//zapi:key/text()") == keys[:1]


def test_fields_are_shown_as_html_unless_told_otherwise(api: Any) -> None:
    key = api.item(title="<i>Thèse</i>")["key"]
    answer = api.get(f"items/{key}", format="atom")
    cells = found(answer, "//xhtml:tr[@class='title']/xhtml:td/text()")
    assert cells == ["<i>Thèse</i>"]
    assert not found(api.get(f"items/{key}", content="none"), "//atom:content")


def test_collections_searches_tags_and_groups_come_so_too(api: Any) -> None:
    api.collection("Décès")
    api.item(tags=[{"tag": "deuil"}])
    api.new(
        "searches",
        name="À lire",
        conditions=[{"condition": "title", "operator": "contains", "value": "x"}],
    )
    titles = {"collections": "Décès", "tags": "deuil", "searches": "À lire"}
    for path, title in titles.items():
        assert found(api.get(path, format="atom"), "//atom:entry/atom:title/text()") == [title]
    group = api.get("/groups/10", content="json")
    assert json.loads(found(group, "//atom:content/text()")[0])["name"] == "Centre"
    assert found(api.get("/users/1/groups", content="json"), "//zapi:groupID/text()") == ["10"]


@pytest.mark.parametrize("query", ["format=json&content=json", "content=bib", "content=bibtex"])
def test_what_is_not_served_is_refused(api: Any, query: str) -> None:
    assert api.ask("GET", f"items?{query}").status_code == 400
