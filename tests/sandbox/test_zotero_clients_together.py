"""Several Zotero clients on one library, and zotsync among them: they come together."""

from __future__ import annotations

import random
from pathlib import Path

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox.client_requests import Requests
from sandbox.client_world import (
    ANNE,
    BEA,
    GROUP,
    KEYS,
    REGULAR,
    SCHEMA,
    URL,
    Open,
    agree,
    filled,
    library_of,
    make_office,
    requests_of,
    something,
    type_of,
)

from zotsync.bibliography.itemfile import new_item_text
from zotsync.config import Config, Workspace
from zotsync.sandbox.server import Sandbox
from zotsync.sync.engine import Engine, Options
from zotsync.zotero.library import GroupLibrary


class Desk:
    """zotsync on the same group."""

    def __init__(self, root: Path, server: Sandbox) -> None:
        self._workspace = Workspace(root)
        self._workspace.items.mkdir(parents=True)
        self._workspace.collections.write_text("", encoding="utf-8")
        self._server = server
        self.publishers: set[str] = set()

    def write(self, name: str, title: str) -> None:
        text = new_item_text(None, {"itemType": "book", "title": title})
        (self._workspace.items / f"{name}.toml").write_text(text, encoding="utf-8")

    def texts(self) -> list[str]:
        return [p.read_text("utf-8") for p in self._files()]

    def edit(self, chance: random.Random, publisher: str) -> None:
        """Name a publisher in one of the files."""
        line = '\nitemType = "book"\n'
        books = [
            p for p in self._files() if line in (t := p.read_text("utf-8")) and "publ" not in t
        ]
        if books:
            path = chance.choice(books)
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(line, f'{line}publisher = "{publisher}"\n'), "utf-8")
            self.publishers.add(publisher)

    def _files(self) -> list[Path]:
        return sorted(self._workspace.items.rglob("*.toml"))

    def sync(self) -> None:
        transport = httpx2.WSGITransport(app=self._server.app)
        config = Config(group=GROUP, api_url=URL)
        with (
            GroupLibrary(GROUP, KEYS[ANNE], api_url=URL, transport=transport) as library,
            Engine(self._workspace, config, library, SCHEMA) as engine,
        ):
            assert engine.sync(Options()).exit_code == 0


def test_of_two_that_write_at_once_one_downloads_first(opened: Open, office: Sandbox) -> None:
    one, two = opened(), opened(BEA)
    book = one.add("item", itemType="book", title="A", publisher="B", creators=[])
    agree(one, two)
    one.change("item", book, title="AA")
    two.change("item", book, publisher="BB", tags=[{"tag": "lu"}])
    one.sync()
    office.faults.log.clear()
    two.sync()
    writes = [entry.status for entry in office.faults.log if entry.method == "POST"]
    assert writes == [412, 200]
    agree(one, two)
    data = one.data("item", book)
    assert (data["title"], data["publisher"], data["tags"]) == ("AA", "BB", [{"tag": "lu"}])
    assert one.conflicts == two.conflicts == []


@pytest.mark.parametrize("side", ["remote", "local"])
def test_one_field_changed_by_both_is_a_conflict_for_the_later(opened: Open, side: str) -> None:
    one, two = opened(), opened(BEA)
    two.conflicts_go = side
    book = one.add("item", itemType="book", title="A", creators=[])
    agree(one, two)
    one.change("item", book, title="un")
    two.change("item", book, title="deux")
    agree(one, two)
    assert two.conflicts == [(book, frozenset({"title"}))]
    assert one.data("item", book)["title"] == {"remote": "un", "local": "deux"}[side]


@pytest.mark.parametrize("side", ["remote", "local"])
def test_an_item_erased_by_one_and_edited_by_the_other(opened: Open, side: str) -> None:
    one, two = opened(), opened(BEA)
    two.conflicts_go = side
    book = one.add("item", itemType="book", title="A", creators=[])
    agree(one, two)
    one.change("item", book, title="un")
    two.erase("item", book)
    agree(one, two)
    assert (book in one.objects["item"]) == (side == "remote")


def test_a_download_in_which_the_library_moves_on_begins_anew(
    opened: Open, office: Sandbox
) -> None:
    one, two = opened(), opened(BEA)
    one.add("item", itemType="book", title="A", creators=[])
    one.sync()

    def intrude(method: str, path: str) -> None:
        if method == "GET" and "/searches" in path:
            office.faults.hooks.clear()
            one.add("item", itemType="book", title="B", creators=[])
            one.sync()

    office.faults.hooks.append(intrude)
    two.sync()
    assert two.moved_on == 1
    assert sorted(held.data["title"] for held in two.objects["item"].values()) == ["A", "B"]


def test_a_quiet_library_costs_one_request(opened: Open, office: Sandbox) -> None:
    one = opened()
    one.add("item", itemType="book", title="A", creators=[])
    agree(one)
    office.faults.log.clear()
    one.sync()
    assert [(e.method, e.status) for e in office.faults.log] == [("GET", 304)]


def test_batches_are_of_10_and_25_and_downloads_of_100(opened: Open, office: Sandbox) -> None:
    one, two = opened(), opened(BEA)
    keys = [one.add("item", itemType="book", title=f"{n}", creators=[]) for n in range(123)]
    office.faults.log.clear()
    one.sync()
    assert len(office.faults.log) == 13
    office.faults.log.clear()
    two.sync()
    assert sum("itemKey=" in entry.path for entry in office.faults.log) == 2
    for key in keys[:60]:
        two.erase("item", key)
    office.faults.log.clear()
    agree(two, one)
    assert sum(entry.method == "DELETE" for entry in office.faults.log) == 3
    assert sorted(one.objects["item"]) == sorted(keys[60:])


def test_a_client_that_lost_its_versions_compares_everything(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    keys = [one.add("item", itemType="book", title=f"{n}", creators=[]) for n in range(5)]
    agree(one, two)
    one.erase("item", keys[0])
    one.change("item", keys[1], title="neuf")
    one.sync()
    two.full_sync()
    assert two.data("item", keys[1])["title"] == "neuf"
    agree(one, two)
    assert sorted(two.objects["item"]) == sorted(keys[1:])


def test_a_client_whose_copy_is_stale_is_stopped_at_that_object(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    two.conflicts_go = "local"
    stale, other = (two.add("item", itemType="book", title=t, creators=[]) for t in "ab")
    agree(two, one)
    one.change("item", stale, title="neuf")
    one.sync()
    two.version = one.version  # it believes to know everything
    for key in (stale, other):
        two.change("item", key, title="tard")
    agree(two, one)
    # The library's version let it through, the object's did not; the other one was written.
    assert two.conflicts == [(stale, frozenset({"title"}))]
    assert one.data("item", stale)["title"] == one.data("item", other)["title"] == "tard"


def test_what_an_item_hangs_on_is_named_when_it_is_gone(opened: Open) -> None:
    one, two = opened(), opened(BEA)
    collection = one.add("collection", name="A")
    agree(one, two)
    version = two.requests.delete("collection", two.version, [collection])
    one.add("item", itemType="book", title="B", creators=[], collections=[collection])
    one.version = version  # the client has not heard of it yet
    one.sync()
    [(_kind, _key, failure)] = one.failed
    assert (failure["code"], failure["data"]) == (409, {"collection": collection})


@pytest.mark.parametrize("seed", range(3))
def test_clients_and_zotsync_converge_on_one_group(
    office: Sandbox, opened: Open, tmp_path: Path, seed: int
) -> None:
    one, two = opened(ANNE), opened(BEA)
    desk = Desk(tmp_path, office)
    chance = random.Random(seed)  # noqa: S311
    for turn in range(6):
        for client in (one, two):
            something(client, chance, f"{turn}{chance.random()}")
            client.sync()
        desk.write(f"n{turn}", f"Fichier {turn}")
        desk.edit(chance, f"Éditeur {turn}")
        desk.sync()
    agree(one, two)
    desk.sync()
    agree(one, two)
    library = one.objects["item"]
    live = {
        k
        for k, held in library.items()
        if not held.data.get("deleted")
        and not library.get(held.data.get("parentItem", ""), held).data.get("deleted")
    }
    assert sum(type_of(held.data) == "book" for held in library.values()) >= 6
    assert {h.data["publisher"] for h in library.values() if "publisher" in h.data} == (
        desk.publishers
    )
    texts = desk.texts()
    assert len(texts) == len(live)
    for key in live:
        [text] = [t for t in texts if f'key = "{key}"' in t]
        title = library[key].data.get("title")
        assert title is None or title in text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=25), st.integers(0, 9_999))
def test_clients_converge_whatever_they_do(steps: list[tuple[int, bool]], seed: int) -> None:
    office = make_office()
    try:
        who = (ANNE, BEA, ANNE)
        clients = [
            library_of(requests_of(office, who[n]), f"groups/{GROUP}", seed * 3 + n)
            for n in range(3)
        ]
        chance = random.Random(seed)  # noqa: S311
        for number, (person, syncs) in enumerate(steps):
            something(clients[person], chance, f"mot{number}")
            if syncs:
                clients[person].sync()
        agree(*clients)
    finally:
        office.close()


# The wire, and other clients


def test_the_same_over_a_real_socket(office: Sandbox) -> None:
    with (
        office.serve() as running,
        httpx2.Client(base_url=running.url, trust_env=False, timeout=30) as http,
    ):
        one, two = (
            library_of(Requests(http, KEYS[who]), f"groups/{GROUP}", who) for who in (ANNE, BEA)
        )
        for name in REGULAR:
            one.add("item", **filled(SCHEMA.item_types[name]))
        one.set("tagColors", [{"name": "à lire", "color": "#990000"}])
        agree(one, two)
        assert len(two.objects["item"]) == len(REGULAR)
        assert two.settings == one.settings
