"""The Zotero client with the sandbox: logging in, and all that a library can hold.

It imports strictly: an unknown field or type in an answer fails the test.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import httpx2
import pytest
from sandbox.client_data import CHILD_TYPES
from sandbox.client_requests import UnexpectedStatusError
from sandbox.client_world import (
    ANNE,
    BEA,
    GROUP,
    REGULAR,
    SCHEMA,
    URL,
    Open,
    agree,
    annotation,
    attachment,
    filled,
    requests_of,
)
from sandbox.zotero_client import comparable

from zotsync.model import Schema
from zotsync.sandbox.server import Sandbox

# Logging in


def test_a_key_says_who_it_is_and_opens_all_libraries(office: Sandbox) -> None:
    requests = requests_of(office, ANNE)
    info = requests.key_info()
    assert (info["userID"], info["username"]) == (ANNE, "anne")
    assert info["access"]["user"]["library"] is True
    # The client syncs no group unless the key allows all of them.
    assert info["access"]["groups"]["all"] == {"library": True, "write": True}
    versions = requests.group_versions(ANNE)
    group = requests.group(GROUP)
    assert versions == {GROUP: group["version"]}
    assert requests.group(99) is False
    assert group["data"]["name"] == "Centre"
    assert group["data"]["owner"] == ANNE
    assert group["data"]["members"] == [BEA]
    assert {"description", "libraryEditing", "fileEditing"} <= group["data"].keys()


def test_older_clients_log_in_with_name_and_password(office: Sandbox) -> None:
    requests = requests_of(office, ANNE)
    made = requests.create_key("bea", "any")
    assert (made["userID"], made["username"]) == (BEA, "bea")
    assert requests.create_key("nobody", "any") is False
    requests.key = made["key"]
    info = requests.key_info()
    assert info["access"]["groups"] == {"all": {"library": True, "write": True}}
    assert info["access"]["user"]["write"] is True


def test_newer_clients_log_in_by_a_page_in_the_browser(office: Sandbox) -> None:
    requests = requests_of(office, ANNE)
    token, page = requests.start_login()
    assert requests.login(token) == {"status": "pending"}
    browser = httpx2.Client(transport=httpx2.WSGITransport(app=office.app), base_url=URL)
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', browser.get(page).text)
    assert [name for _link, name in links] == ["anne", "bea"]
    assert browser.get(unescape(links[1][0])).status_code == 200
    done = requests.login(token)
    assert (done["status"], done["userID"], done["username"]) == ("completed", BEA, "bea")
    requests.key = done["apiKey"]
    info = requests.key_info()
    assert info["userID"] == BEA
    assert info["access"]["groups"] == {"all": {"library": True, "write": True}}
    assert browser.get(unescape(links[0][0])).status_code == 409
    assert not any(token in entry.path for entry in office.faults.log)


def test_a_client_that_knows_its_user_is_offered_that_one_alone(office: Sandbox) -> None:
    requests = requests_of(office, ANNE)
    token, page = requests.start_login(ANNE)
    browser = httpx2.Client(transport=httpx2.WSGITransport(app=office.app), base_url=URL)
    assert re.findall(r">([^<]+)</a>", browser.get(page).text) == ["anne"]
    browser.get(f"{page}&user={BEA}")
    assert requests.login(token)["status"] == "pending"
    requests.cancel_login(token)
    assert browser.get(page).status_code == 409
    assert browser.get("/login?session=unknown").status_code == 404


def test_nobody_logs_in_by_name_unless_they_may(sandbox: Sandbox) -> None:
    requests = requests_of(sandbox, ANNE)
    token, page = requests.start_login()
    browser = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app), base_url=URL)
    assert "<a " not in browser.get(page).text
    assert "<a " not in browser.get(f"{page}&user=1").text
    assert requests.login(token)["status"] == "pending"
    assert requests.create_key("alice", "any") is False


def test_a_group_that_changes_has_another_version(office: Sandbox) -> None:
    requests = requests_of(office, BEA)
    before = requests.group_versions(BEA)[GROUP]
    office.change_group(GROUP, library_editing="admins")
    assert requests.group_versions(BEA)[GROUP] > before
    assert requests.group(GROUP)["data"]["libraryEditing"] == "admins"
    office.remove_group(GROUP)
    assert requests.group_versions(BEA) == {}


def test_logging_out_takes_the_key_away(office: Sandbox) -> None:
    requests = requests_of(office, ANNE)
    requests.delete_key()
    assert requests.key_info() is False
    assert requests_of(office, BEA).key_info()["userID"] == BEA


def test_somebody_who_may_only_read_is_told_so_at_the_first_write(
    office: Sandbox, opened: Open
) -> None:
    office.change_group(GROUP, library_editing="admins")
    client = opened(BEA)
    client.add("item", itemType="book", title="A", creators=[])
    with pytest.raises(UnexpectedStatusError) as refused:
        client.sync()
    assert refused.value.status == 403


# What there is in a library


@pytest.mark.parametrize("library", [f"groups/{GROUP}", f"users/{ANNE}"])
def test_items_of_all_types_go_up_and_come_down_unchanged(opened: Open, library: str) -> None:
    one, two = opened(library=library), opened(library=library)
    made = {
        one.add("item", **filled(SCHEMA.item_types[name])): filled(SCHEMA.item_types[name])
        for name in REGULAR
    }
    assert len(made) == len(SCHEMA.item_types) - len(CHILD_TYPES)
    agree(one, two)
    for key, sent in made.items():
        got = comparable(two.data("item", key))
        assert {n: got.get(n) for n in sent} == comparable(sent)


@pytest.mark.parametrize("library", [f"groups/{GROUP}", f"users/{ANNE}"])
def test_notes_attachments_and_annotations_too(opened: Open, library: str) -> None:
    one, two = opened(library=library), opened(library=library)
    book = one.add("item", itemType="book", title="Livre", creators=[])
    note = one.add("item", itemType="note", note="<p>seule</p>")
    child = one.add("item", itemType="note", note="<p>enfant</p>", parentItem=book)
    modes = ("imported_file", "imported_url", "linked_url", "linked_file")
    for mode in modes[:3] if library.startswith("groups") else modes:
        file = one.add("item", **attachment(mode, parentItem=book))
        one.add("item", **attachment(mode))
        if mode == "imported_file":
            for kind in ("highlight", "underline", "note", "image", "ink"):
                one.add("item", **annotation(kind, file))
    image = one.add("item", **attachment("embedded_image", parentItem=note))
    for unneeded in ("tags", "relations"):
        del one.objects["item"][image].data[unneeded]
    agree(one, two)
    # Each is edited elsewhere, from the copy the server gave.
    for held in list(two.objects["item"].values()):
        comment = {"annotation": "annotationComment", "note": "note"}.get(held.data["itemType"])
        if held.data.get("linkMode") == "embedded_image":
            two.change("item", held.data["key"], contentType="image/jpeg")
        else:
            text = "<p>bis</p>" if comment == "note" else "bis"
            two.change("item", held.data["key"], **{comment or "title": text})
    agree(two, one)
    assert one.data("item", child)["note"] == "<p>bis</p>"
    assert one.data("item", image)["contentType"] == "image/jpeg"


def test_a_note_moves_between_parents_and_stands_alone(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    collection = one.add("collection", name="A")
    books = [one.add("item", itemType="book", title=t, creators=[]) for t in "ab"]
    note = one.add("item", itemType="note", note="<p>x</p>", parentItem=books[0])
    agree(one, two)
    two.change("item", note, parentItem=books[1])
    agree(two, one)
    assert one.data("item", note)["parentItem"] == books[1]
    one.change("item", note, parentItem=False, collections=[collection])
    agree(one, two)
    assert "parentItem" not in two.data("item", note)
    assert two.data("item", note)["collections"] == [collection]
    two.objects["item"][note].data.pop("collections")
    two.change("item", note, parentItem=books[0])
    agree(two, one)
    assert one.data("item", note)["parentItem"] == books[0]


def test_collections_and_searches_live_and_die(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    top = one.add("collection", name="Dessus")
    below = one.add("collection", name="Dessous", parentCollection=top)
    inside = one.add("item", itemType="book", title="A", creators=[], collections=[below])
    conditions = [
        {"condition": "joinMode", "operator": "any", "value": ""},
        {"condition": "fulltextContent/regexp", "operator": "contains", "value": "x"},
    ]
    search = one.add("search", name="Recherche", conditions=conditions)
    agree(one, two)
    assert two.data("search", search)["conditions"] == conditions
    two.change("collection", below, name="En bas", parentCollection=False)
    two.change("search", search, name="Autre")
    agree(two, one)
    assert one.data("collection", below).get("parentCollection") is None
    one.change("collection", below, deleted=True)
    one.change("search", search, deleted=True)
    agree(one, two)
    assert two.data("collection", below)["deleted"] is True
    assert two.data("search", search)["deleted"] is True
    two.change("collection", below, deleted=False)
    agree(two, one)
    one.erase("collection", below)
    one.erase("search", search)
    agree(one, two)
    assert list(two.objects["collection"]) == [top]
    assert two.objects["search"] == {}
    assert two.data("item", inside)["collections"] == []


def test_the_trash_is_emptied_elsewhere(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    books = [one.add("item", itemType="book", title=str(n), creators=[]) for n in range(60)]
    note = one.add("item", itemType="note", note="<p>x</p>", parentItem=books[0])
    agree(one, two)
    for key in books:
        two.change("item", key, deleted=True)
    agree(two, one)
    assert one.data("item", books[7])["deleted"]
    assert "deleted" not in one.data("item", note)
    for key in books:
        one.erase("item", key)
    agree(one, two)
    assert two.objects["item"] == {}


def test_relations_are_the_same_for_both_and_on_both_items(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    first, second = (one.add("item", itemType="book", title=t, creators=[]) for t in "ab")
    one.sync()

    def named(key: str) -> dict[str, str]:
        return {"dc:relation": f"http://zotero.org/groups/{GROUP}/items/{key}"}

    # The client writes both ends.
    one.change("item", first, relations=named(second))
    one.change("item", second, relations=named(first))
    agree(one, two)
    assert two.data("item", first)["relations"] == named(second)
    for key in (first, second):
        one.change("item", key, relations={})
    third = opened()
    agree(one, third)
    assert third.data("item", first)["relations"] == third.data("item", second)["relations"] == {}


def test_settings_of_thelibrary_of(opened: Open) -> None:
    one, two = opened(library=f"users/{ANNE}"), opened(library=f"users/{ANNE}")
    values: dict[str, Any] = {
        "tagColors": [{"name": "à lire", "color": "#990000"}, {"name": "lu", "color": "#00FF00"}],
        "lastPageIndex_u_ABCD2345": 12,
        "lastPageIndex_g10_ABCD2346": 37.5,
        "lastPageIndex_u_ABCD2347": "epubcfi(/6/4!/4/2)",
        "lastRead_g10_ABCD2345": 1_763_800_000,
        "lastReadAloudPosition_u_ABCD2345": {"pageIndex": 1},
        "readerCustomThemes": [{"id": "sepia"}],
        "autoRenameFiles": True,
        "autoRenameFilesFileTypes": "application/pdf",
        "attachmentRenameTemplate": "{{ title }}",
        "feeds": {"https://example.org/feed": ["Nouvelles", 1, 2, 3]},
    }
    for name, value in values.items():
        one.set(name, value)
    one.sync()
    two.sync()
    assert two.settings == values
    two.set("tagColors", values["tagColors"][:1])
    two.sync()
    one.sync()
    assert one.settings["tagColors"] == values["tagColors"][:1]
    gone = [n for n in values if n.startswith("lastPageIndex")]
    for name in gone:
        one.settings.pop(name)
    one.erased_settings = list(gone)
    one.sync()
    two.sync()
    assert two.settings.keys() == values.keys() - set(gone)


def test_when_a_file_was_last_read_is_known_in_the_personallibrary_of(opened: Open) -> None:
    one, two = opened(library=f"users/{ANNE}"), opened(library=f"users/{ANNE}")
    file = one.add("item", **attachment("imported_file"), lastRead=1_763_800_000)
    agree(one, two)
    assert two.data("item", file)["lastRead"] == 1_763_800_000
    two.change("item", file, lastRead=None)
    agree(two, one)
    assert "lastRead" not in one.data("item", file)


def test_my_publications_are_marked_in_the_personal_library(opened: Open) -> None:
    one, two = opened(library=f"users/{ANNE}"), opened(library=f"users/{ANNE}")
    book = one.add("item", itemType="book", title="A", creators=[], inPublications=True)
    note = one.add("item", itemType="note", note="x", parentItem=book, inPublications=True)
    agree(one, two)
    assert two.data("item", book)["inPublications"] is True
    for key in (book, note):
        two.change("item", key, inPublications=False)
    agree(two, one)
    assert "inPublications" not in one.data("item", note)


# Older clients

_NEW_SINCE_7 = frozenset(
    (
        *("PMCID", "PMID", "eventPlace", "originalDate", "originalPlace"),
        *("originalPublisher", "priorityDate", "sessionTitle"),
    )
)


def as_known_to_zotero_7() -> Schema:
    """Return the schema without what came after version 32: fields of no type then, or of few."""
    types = {
        name: replace(
            known,
            fields=tuple(
                f
                for f in known.fields
                if f not in _NEW_SINCE_7
                and (f != "citationKey" or name in ("preprint", "dataset", "standard"))
                and (f != "ISSN" or name not in ("book", "thesis", "report"))
                and (f != "publisher" or name != "webpage")
            ),
        )
        for name, known in SCHEMA.item_types.items()
    }
    return replace(SCHEMA, version=32, item_types=types)


def test_a_client_of_an_older_schema_is_shown_no_empty_field_it_does_not_know(
    opened: Open,
) -> None:
    new, old = opened(), opened(BEA, schema=as_known_to_zotero_7())
    old.requests.schema_version = 32
    old.requests.agent = old.requests.agent.replace("Zotero/9.0.6", "Zotero/7.0.32")
    for name in REGULAR:
        first = SCHEMA.item_types[name].fields[0]
        new.add("item", itemType=name, creators=[], **{first: name})
    agree(new, old)
    book = next(k for k, h in old.objects["item"].items() if h.data["itemType"] == "book")
    old.change("item", book, publisher="P")
    agree(old, new)
    assert new.data("item", book)["publisher"] == "P"
