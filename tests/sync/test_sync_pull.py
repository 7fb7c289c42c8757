"""The pull of DESIGN §2, and SYNC §4: what the server does without telling."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sync.setting import Setting
from sync.worlds import GROUP, Desk

from zotsync.errors import ServerError
from zotsync.sandbox.faults import Fault
from zotsync.sync.trees import Kind


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def asked(world: Setting) -> list[str]:
    return [e.path.rpartition(f"/{GROUP}/")[2] for e in world.sandbox.faults.log]


# One consistent version


def test_nothing_new_is_one_request_that_writes_nothing(world: Setting) -> None:
    for path in world.desk.workspace.items.glob("*.toml"):
        os.utime(path, (1_000_000_000, 1_000_000_000))  # just written: they are looked at again
    world.desk.sync()
    state = world.desk.workspace.state.read_bytes()
    world.sandbox.faults.log.clear()
    outcome = world.desk.sync()
    assert (outcome.requests, outcome.run, outcome.changed) == (1, 0, False)
    assert [e.status for e in world.sandbox.faults.log] == [304]
    assert world.desk.workspace.state.read_bytes() == state


def test_a_pull_asks_for_versions_tombstones_and_what_differs(world: Setting) -> None:
    since = world.desk.cursor()
    key = world.colleague.make(title="T")
    world.sandbox.faults.log.clear()
    world.desk.sync()
    lists = {path.split("&itemKey")[0] for path in asked(world)}
    assert {path.split("?")[0] for path in lists} == {"items", "collections", "deleted"}
    assert f"deleted?since={since}" in lists
    assert any(f"since={since}" in p and "includeTrashed=1" in p for p in lists)
    assert [p for p in world.fetches() if key in p and world.witness not in p] == world.fetches()


def test_the_first_pull_reads_all_tombstones(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = world.colleague.make(title="T")
    world.colleague.erase(key)
    world.sandbox.faults.log.clear()
    other = Desk(tmp_path / "autre", world.sandbox, seed=9)
    other.write("a", f'key = "{key}"\nitemType = "book"\ntitle = "T"\n')
    outcome = other.sync()
    assert "deleted?since=0" in asked(world)
    assert [c.field for c in outcome.conflicts] == ["deleted"]


@pytest.mark.parametrize("path", ["collections?", "deleted", "itemKey"])
def test_a_library_that_moves_during_a_pull_is_caught_up_with(world: Setting, path: str) -> None:
    one = world.colleague.make(title="Un")
    other: list[str] = []

    def act() -> None:
        other.append(world.colleague.make(title="Deux"))
        world.colleague.change(one, title="Un bis")

    assert world.sync_with(world.once("GET", path, act)).exit_code == 0
    assert world.desk.fields()[one]["title"] == "Un bis"
    assert world.desk.has(other[0])
    assert world.desk.cursor() == world.sandbox.version(GROUP)
    world.at_rest()


@pytest.mark.parametrize("path", ["collections?", "deleted", "itemKey"])
def test_what_is_erased_during_a_pull_is_not_there(world: Setting, path: str) -> None:
    """A collection takes its subcollections and memberships along without a word."""
    top = world.colleague.collection("Haut")
    below = world.colleague.collection("Bas", top)
    item = world.colleague.make(title="T", collections=[below])
    gone = world.colleague.make(title="U")

    def act() -> None:
        world.colleague.erase(top, "collections")
        world.colleague.erase(gone)

    world.sync_with(world.once("GET", path, act))
    assert world.desk.collections() == {}
    assert "collections" not in world.desk.fields()[item]
    assert not world.desk.has(gone)
    mirror = world.desk.mirror(item)
    assert mirror is not None
    assert "collections" not in mirror.fields
    world.at_rest()


def test_what_was_erased_between_two_halves_of_a_pull_is_not_there(world: Setting) -> None:
    """As above, with a stop in between: what was fetched before is still waiting."""
    top = world.colleague.collection("Haut")
    below = world.colleague.collection("Bas", top)
    item = world.colleague.make(title="T", collections=[below])
    target = world.colleague.make(title="Cible")
    uri = f"http://zotero.org/groups/{GROUP}/items/{target}"
    world.colleague.change(item, relations={"dc:relation": [uri]})
    world.sandbox.faults.plan(*[Fault(status=500, path="itemKey")] * 5)
    world.sandbox.faults.log.clear()
    with pytest.raises(ServerError):
        world.desk.sync()
    world.colleague.erase(top, "collections")
    world.colleague.erase(target)
    world.sandbox.faults.clear()
    world.desk.sync()
    assert world.desk.collections() == {}
    assert not {"collections", "relations"} & set(world.desk.fields()[item])
    assert world.desk.mirror(below, Kind.COLLECTION) is None
    world.at_rest()


def test_a_collection_erased_before_its_members_are_read_is_caught_up_with(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    key = world.agreed(title="T", collections=[shelf])
    world.colleague.change(shelf, "collections", name="Salle")
    erasing = world.once(
        "GET", f"{shelf}/items", lambda: world.colleague.erase(shelf, "collections")
    )
    assert world.sync_with(erasing).exit_code == 0
    assert world.desk.collections() == {}
    assert "collections" not in world.desk.fields()[key]
    world.at_rest()


def test_a_library_that_never_stands_still_is_given_up(world: Setting) -> None:
    world.colleague.make(title="T")

    def act(method: str, path: str) -> None:
        if method == "GET" and "deleted" in path:
            world.colleague.make(title="U")

    with pytest.raises(ServerError):
        world.sync_with(act)
    assert world.desk.sync().exit_code == 0
    world.at_rest()


def test_a_pull_that_is_stopped_leaves_the_old_mirror_and_is_taken_up(world: Setting) -> None:
    keys = [world.colleague.make(title=f"N{n}") for n in range(3)]
    before = world.desk.cursor()
    world.sandbox.faults.plan(*[Fault(status=500, path="deleted")] * 5)
    with pytest.raises(ServerError):
        world.desk.sync()
    assert world.desk.cursor() == before
    assert not any(world.desk.has(key) for key in keys)
    assert world.desk.mirror(keys[0]) is None
    world.desk.sync()
    assert all(world.desk.has(key) for key in keys)
    world.at_rest()


def test_cut_answers_are_asked_for_again(world: Setting) -> None:
    key = world.colleague.make(title="T" * 200)
    world.sandbox.faults.plan(Fault(cut=9, path="itemKey"), Fault(cut=3, path="deleted"))
    assert world.desk.sync().exit_code == 0
    assert world.desk.has(key)


# Silent changes of the server


def test_an_erased_collection_leaves_items_and_files(world: Setting) -> None:
    top = world.colleague.collection("Haut")
    below = world.colleague.collection("Bas", top)
    other = world.colleague.collection("Autre")
    item = world.agreed(title="T", collections=[below, other])
    version = world.colleague.item(item)["version"]
    world.colleague.erase(top, "collections")
    assert world.colleague.item(item)["version"] == version
    assert world.desk.sync().exit_code == 0
    assert world.desk.collections() == {"Autre": other}
    assert world.desk.fields()[item]["collections"] == ["Autre"]
    base = world.desk.base(item)
    assert base is not None
    assert base.fields["collections"] == [other]
    world.at_rest()


def test_an_erased_item_leaves_the_relations_of_others(world: Setting) -> None:
    target = world.agreed(title="Cible")
    uri = f"http://zotero.org/groups/{GROUP}/items/{target}"
    item = world.agreed(title="T", relations={"dc:relation": [uri]})
    assert target in world.desk.file_of(item).read_text("utf-8")
    world.colleague.erase(target)
    world.desk.sync()
    assert "relations" not in world.desk.fields()[item]
    world.at_rest()


def test_an_erased_parent_takes_its_notes_along(world: Setting) -> None:
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>x</p>", parentItem=parent)
    world.colleague.erase(parent)
    world.desk.sync()
    assert not world.desk.has(parent)
    assert not world.desk.has(note)
    assert len(list(world.desk.workspace.trash.glob("*.toml"))) == 2
    world.at_rest()


def test_a_dead_collection_key_is_never_pushed(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    item = world.agreed(title="T", collections=[shelf])
    world.desk.edit(item, '"T"', '"U"\ntags = ["neuf"]')
    world.colleague.erase(shelf, "collections")
    sent = world.desk.refuse(lambda _objects: {}).sent
    assert world.desk.sync().exit_code == 0
    assert not any(shelf in str(batch) for batch in sent)
    assert world.colleague.item(item)["title"] == "U"
    world.desk.transport = None
    world.at_rest()


def test_memberships_are_sent_again_when_a_collection_is_made_again(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    one, two = (world.agreed(title=f"T{n}", collections=[shelf]) for n in range(2))
    world.desk.write("neuf", 'itemType = "book"\ntitle = "N"\ncollections = ["Rayon"]\n')
    world.colleague.erase(shelf, "collections")
    assert world.desk.sync().exit_code == 0
    assert world.desk.collections() == {"Rayon": shelf}
    for key in (one, two):
        assert world.colleague.item(key)["collections"] == [shelf]
    assert len(world.colleague.get(f"/collections/{shelf}/items")) == 3
    world.at_rest()


def test_a_collection_erased_before_the_write_of_a_membership_is_not_fatal(world: Setting) -> None:
    shelf, other = world.colleague.collection("Rayon"), world.colleague.collection("Autre")
    item, second = world.agreed(title="T"), world.agreed(title="S")
    world.desk.edit(item, 'title = "T"', 'title = "T"\ncollections = ["Rayon", "Autre"]')
    world.desk.edit(second, '"S"', '"S bis"')
    act = world.once("POST", "/items", lambda: world.colleague.erase(shelf, "collections"))
    assert world.sync_with(act).exit_code == 0
    assert world.colleague.item(second)["title"] == "S bis"
    names = {c["key"]: c["data"]["name"] for c in world.colleague.get("/collections")}
    members = world.colleague.item(item)["collections"]
    assert sorted(names[k] for k in members) == ["Autre", "Rayon"]
    assert other in members
    world.at_rest()
