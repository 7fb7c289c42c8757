"""The group library against the embedded server: the two understand each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from zotsync.errors import NotThereError, RightsError, StaleError
from zotsync.sandbox.server import Access, Sandbox
from zotsync.zotero.answers import Failed, Unchanged, Written
from zotsync.zotero.library import FETCH_SIZE, GroupLibrary
from zotsync.zotero.rights import Obstacle
from zotsync.zotero.schema import bundled, refresh

WRITER, READER, STRANGER = (
    "writerwriterwriterwriter",
    "readerreaderreaderreader",
    "strangerstrangerstranger",
)
BOOK = {"itemType": "book", "title": "Le travailleur pair"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    server = Sandbox()
    server.add_user(1, "odile")
    server.add_user(2, "karim")
    server.add_group(12, "Centre", owner=1)
    server.add_key(WRITER, 1, groups={12: Access(library=True, write=True)})
    server.add_key(READER, 1, groups={12: Access(library=True, write=False)})
    server.add_key(STRANGER, 2, groups={"all": Access(library=True, write=True)})
    yield server
    server.close()


def reach(sandbox: Sandbox, key: str | None = WRITER, group: int = 12) -> GroupLibrary:
    return GroupLibrary(
        group,
        key,
        api_url="http://127.0.0.1",
        transport=httpx2.WSGITransport(sandbox.app),
        sleep=lambda _seconds: pytest.fail("waited"),
    )


@pytest.fixture
def library(sandbox: Sandbox) -> Iterator[GroupLibrary]:
    with reach(sandbox) as zotero:
        yield zotero


def sole(library: GroupLibrary, key: str) -> dict[str, Any]:
    (page,) = library.fetch("items", [key])
    (entry,) = page.objects
    return entry


def test_an_item_is_made_changed_trashed_and_always_seen(library: GroupLibrary) -> None:
    (made,) = library.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK]).results
    assert isinstance(made, Written)
    again = library.write_items(
        [{"key": "AAAAAAAA", "version": made.version, "title": BOOK["title"]}]
    )
    assert again.results == (Unchanged("AAAAAAAA"),)
    trashed = library.write_items([{"key": "AAAAAAAA", "version": made.version, "deleted": 1}])
    (written,) = trashed.results
    assert isinstance(written, Written)
    versions = library.item_versions(made.version)
    assert versions is not None
    assert versions.versions == {"AAAAAAAA": written.version}
    assert versions.library_version == trashed.library_version
    assert sole(library, "AAAAAAAA")["data"]["deleted"] == 1


def test_a_library_that_stands_still_is_one_request(library: GroupLibrary) -> None:
    version = library.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK]).library_version
    before = library.requests
    assert library.item_versions(version, unless_modified_since=version) is None
    assert library.requests == before + 1


def test_every_object_of_a_mixed_batch_has_its_own_fate(library: GroupLibrary) -> None:
    library.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK])
    results = library.write_items(
        [
            {"key": "BBBBBBBB", "version": 0} | BOOK,
            {"key": "AAAAAAAA", "version": 0} | BOOK,
            {"key": "CCCCCCCC", "version": 0, "itemType": "book", "nonsense": "x"},
            {"key": "DDDDDDDD", "version": 0, "collections": ["ZZZZZZZZ"]} | BOOK,
            {"key": "EEEEEEEE", "version": 9} | BOOK,
        ]
    ).results
    assert isinstance(results[0], Written)
    failed = [(r.key, r.code) for r in results if isinstance(r, Failed)]
    assert failed == [("AAAAAAAA", 412), ("CCCCCCCC", 400), ("DDDDDDDD", 409), ("EEEEEEEE", 404)]


def test_a_collection_is_made_moved_and_listed(library: GroupLibrary) -> None:
    top = library.write_collection({"key": "AAAAAAAA", "version": 0, "name": "Pair"}, 0)
    below = {"key": "BBBBBBBB", "version": 0, "name": "Articles", "parentCollection": "AAAAAAAA"}
    made = library.write_collection(below, top.library_version)
    (written,) = made.results
    assert isinstance(written, Written)
    move = {"key": "BBBBBBBB", "version": written.version, "parentCollection": False}
    library.write_collection(move, made.library_version)
    assert library.collection_versions().versions.keys() == {"AAAAAAAA", "BBBBBBBB"}
    (page,) = library.fetch("collections", ["BBBBBBBB"])
    assert page.objects[0]["data"]["parentCollection"] is False


def test_a_collection_is_not_written_into_a_library_that_moved(library: GroupLibrary) -> None:
    library.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK])
    with pytest.raises(StaleError):
        library.write_collection({"key": "AAAAAAAA", "version": 0, "name": "Pair"}, 0)


def test_many_items_are_fetched_by_several_threads(sandbox: Sandbox, library: GroupLibrary) -> None:
    keys = sandbox.load_items(12, [BOOK | {"title": f"n° {n}"} for n in range(FETCH_SIZE * 5 + 3)])
    pages = list(library.fetch("items", [*keys, "ZZZZZZZZ"]))
    assert sorted(o["key"] for p in pages for o in p.objects) == sorted(keys)
    assert [key for p in pages for key in p.missing] == ["ZZZZZZZZ"]
    assert {p.library_version for p in pages} == {sandbox.version(12)}


def test_what_was_erased_is_listed(sandbox: Sandbox, library: GroupLibrary) -> None:
    version = library.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK]).library_version
    assert library.deleted(0).items == frozenset()
    headers = {"Zotero-API-Key": WRITER, "If-Unmodified-Since-Version": str(version)}
    with httpx2.Client(transport=httpx2.WSGITransport(sandbox.app), headers=headers) as client:
        client.delete("http://127.0.0.1/groups/12/items/AAAAAAAA").raise_for_status()
    deleted = library.deleted(version)
    assert deleted.library_version == version + 1
    assert deleted.items == {"AAAAAAAA"}
    (page,) = library.fetch("items", ["AAAAAAAA"])
    assert (page.objects, page.missing) == ((), ("AAAAAAAA",))


def test_it_works_over_a_real_connection_too(sandbox: Sandbox) -> None:
    keys = sandbox.load_items(12, [BOOK] * (FETCH_SIZE + 1))
    with sandbox.serve() as served, GroupLibrary(12, WRITER, api_url=served.url) as zotero:
        assert sum(len(page.objects) for page in zotero.fetch("items", keys)) == len(keys)
        assert zotero.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK]).results


def test_rights_are_what_the_server_grants(sandbox: Sandbox) -> None:
    with reach(sandbox) as zotero:
        rights = zotero.rights()
        assert (rights.can_write, rights.username, rights.group_name) == (True, "odile", "Centre")
    sandbox.change_group(12, owner=2, members=(1,), library_editing="admins")
    with reach(sandbox) as zotero:
        assert zotero.rights().reason is Obstacle.ROLE


@pytest.mark.parametrize(
    ("key", "obstacle"),
    [
        (READER, Obstacle.KEY_READ_ONLY),
        (STRANGER, Obstacle.NOT_MEMBER),
        ("unknownunknownunknownunk", Obstacle.BAD_KEY),
        (None, Obstacle.NO_KEY),
    ],
)
def test_who_may_not_write_is_told_why(sandbox: Sandbox, key: str, obstacle: Obstacle) -> None:
    with reach(sandbox, key) as zotero:
        assert zotero.rights().reason is obstacle
        with pytest.raises(RightsError):
            zotero.write_items([{"key": "AAAAAAAA", "version": 0} | BOOK])


def test_a_group_that_does_not_exist_is_named(sandbox: Sandbox) -> None:
    with reach(sandbox, STRANGER, group=99) as zotero:
        assert zotero.rights().reason is Obstacle.NO_GROUP
        with pytest.raises((NotThereError, RightsError), match="99"):
            zotero.item_versions(0)


def test_the_servers_schema_is_understood(library: GroupLibrary, tmp_path: Path) -> None:
    assert refresh(library, tmp_path).version == bundled().version
