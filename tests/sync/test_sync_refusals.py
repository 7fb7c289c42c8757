"""What Zotero refuses: accounted for, remembered, told, and not sent again until it changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting, Tamper

from zotsync.errors import ServerError
from zotsync.sandbox.faults import Fault, maintenance, too_many
from zotsync.sync.trees import Kind


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def failing(code: int, *titles: str) -> Tamper:
    """Return what refuses the objects with these titles."""

    def tamper(objects: list[dict[str, Any]]) -> Mapping[int, dict[str, Any]]:
        failure = {"code": code, "message": f"refusé {code}"}
        return {i: failure for i, o in enumerate(objects) if o.get("title") in titles}

    return tamper


@pytest.mark.parametrize("code", [400, 403, 409, 413, 404, 428])
def test_a_refused_item_is_told_and_the_others_go(world: Setting, code: int) -> None:
    keys = [world.agreed(title=f"T{n}") for n in range(3)]
    for n, key in enumerate(keys):
        world.desk.edit(key, f'"T{n}"', f'"U{n}"')
    world.desk.refuse(failing(code, "U1"))
    outcome = world.desk.sync()
    assert [world.colleague.item(k)["title"] for k in keys] == ["U0", "T1", "U2"]
    assert outcome.exit_code == 1
    assert [f"refusé {code}" in p.message for p in outcome.problems] == [True]
    assert keys[1] in str(outcome.problems[0])
    assert {s.key for s in outcome.steps if s.to_zotero} == {keys[0], keys[2]}


@pytest.mark.parametrize("code", [400, 409, 413])
@pytest.mark.parametrize("new", [False, True])
def test_a_refused_item_is_not_sent_again_until_it_changes(
    world: Setting,
    code: int,
    new: bool,  # noqa: FBT001
) -> None:
    if new:
        world.desk.write("neuf", 'itemType = "book"\ntitle = "U"\n')
    else:
        world.desk.edit(world.agreed(title="T"), '"T"', '"U"')
    refusing = world.desk.refuse(failing(code, "U"))
    world.desk.sync()
    world.desk.sync()
    refusing.sent.clear()
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 1)
    assert [f"refusé {code}" in p.message for p in again.problems] == [True]
    assert refusing.sent == []
    (key,) = world.desk.fields().keys() - {world.witness}
    world.desk.edit(key, '"U"', '"V"')
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "V"
    world.at_rest()


def test_a_refused_item_is_sent_again_once_zotero_has_another_version(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.desk.refuse(failing(400, "U"))
    assert world.desk.sync().exit_code == 1
    world.desk.transport = None
    assert world.desk.sync().exit_code == 1
    world.colleague.change(key, volume="2")
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    assert world.desk.fields()[key]["volume"] == "2"
    world.at_rest()


@pytest.mark.parametrize("mend", ["title", "itemType"])
def test_a_new_note_waits_for_a_parent_that_is_refused_and_follows_it(
    world: Setting, mend: str
) -> None:
    item_type = "boook" if mend == "itemType" else "book"
    world.desk.write("livre", f'key = "ZZZZ2222"\nitemType = "{item_type}"\ntitle = "U"\n')
    world.desk.write(
        "note", 'key = "AAAA2222"\nitemType = "note"\nnote = "<p>x</p>"\nparentItem = "ZZZZ2222"\n'
    )
    refusing = world.desk.refuse(failing(400, "U"))
    assert world.desk.sync().exit_code == 1
    refusing.sent.clear()
    again = world.desk.sync()
    assert (again.exit_code, again.run, refusing.sent) == (1, 0, [])
    world.desk.edit("ZZZZ2222", '"U"', '"V"')
    world.desk.edit("ZZZZ2222", item_type, "book")
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item("AAAA2222")["parentItem"] == "ZZZZ2222"
    world.at_rest()


def test_an_edit_taken_back_ends_a_refusal(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.desk.refuse(failing(400, "U"))
    world.desk.sync()
    world.desk.edit(key, '"U"', '"T"')
    assert world.desk.sync().exit_code == 0
    world.at_rest()


def test_a_refused_item_still_gets_what_colleagues_do(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.desk.refuse(failing(400, "U"))
    world.desk.sync()
    world.colleague.change(key, volume="2")
    world.desk.sync()
    assert world.desk.fields()[key]["volume"] == "2"
    assert world.desk.fields()[key]["title"] == "U"


def test_a_trashing_that_is_refused_is_told(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.file_of(key).unlink()

    def tamper(objects: list[dict[str, Any]]) -> Mapping[int, dict[str, Any]]:
        failure = {"code": 400, "message": "refusé"}
        return {i: failure for i, o in enumerate(objects) if o.get("deleted")}

    refusing = world.desk.refuse(tamper)
    assert world.desk.sync().exit_code == 1
    refusing.sent.clear()
    again = world.desk.sync()
    assert (again.requests, again.exit_code, refusing.sent) == (1, 1, [])
    world.colleague.change(key, volume="2")
    world.desk.sync()
    assert world.desk.fields()[key]["volume"] == "2"


def test_a_collection_that_is_refused_is_told_and_the_rest_goes(world: Setting) -> None:
    def tamper(objects: list[dict[str, Any]]) -> Mapping[int, dict[str, Any]]:
        failure = {"code": 413, "message": "refusé"}
        return {i: failure for i, o in enumerate(objects) if o.get("name") == "Trop"}

    refusing = world.desk.refuse(tamper)
    world.desk.write(
        "neuf", 'itemType = "book"\ntitle = "U"\ncollections = ["Trop", "Trop/Bas", "Bien"]\n'
    )
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    refusing.sent.clear()
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code, refusing.sent) == (1, 0, 1, [])
    (key,) = world.colleague.library().keys() - {world.witness}
    names = {c["key"]: c["data"]["name"] for c in world.colleague.get("/collections")}
    assert [names[k] for k in world.colleague.item(key)["collections"]] == ["Bien"]
    world.desk.transport = None
    text = world.desk.workspace.collections.read_text("utf-8")
    assert text.count("Trop") == 2
    world.desk.workspace.collections.write_text(text.replace("Trop", "Assez"), encoding="utf-8")
    assert world.desk.sync().exit_code == 0
    names = {c["key"]: c["data"]["name"] for c in world.colleague.get("/collections")}
    assert sorted(names[k] for k in world.colleague.item(key)["collections"]) == [
        "Assez",
        "Bas",
        "Bien",
    ]
    world.at_rest()


def test_a_renaming_that_is_refused_is_told_once_a_run(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    world.desk.sync()
    failure = {"code": 400, "message": "refusé"}
    refusing = world.desk.refuse(lambda _objects: {0: failure})
    lines = world.desk.workspace.collections
    lines.write_text(lines.read_text("utf-8").replace("Rayon", "Salle"), encoding="utf-8")
    assert world.desk.sync().exit_code == 1
    refusing.sent.clear()
    again = world.desk.sync()
    assert (again.requests, again.exit_code, refusing.sent) == (1, 1, [])
    base = world.desk.base(shelf, Kind.COLLECTION)
    assert base is not None
    assert base.fields["name"] == "Rayon"


# 412


def test_what_is_stale_is_pulled_and_planned_again(world: Setting) -> None:
    key = world.agreed(title="T", volume="1")
    world.desk.edit(key, '"T"', '"U"')
    meanwhile = world.once("POST", "/items", lambda: world.colleague.change(key, volume="2"))
    outcome = world.sync_with(meanwhile)
    assert outcome.exit_code == 0
    data, here = world.colleague.item(key), world.desk.fields()[key]
    assert (data["title"], data["volume"]) == (here["title"], here["volume"]) == ("U", "2")
    world.at_rest()


def test_a_stale_object_does_not_hold_up_the_others_of_its_batch(world: Setting) -> None:
    one, two = world.agreed(title="T1"), world.agreed(title="T2")
    for key in (one, two):
        world.desk.edit(key, 'title = "T', 'title = "U')
    meanwhile = world.once("POST", "/items", lambda: world.colleague.change(one, title="là"))
    outcome = world.sync_with(meanwhile)
    assert [(c.key, c.field, c.local, c.zotero) for c in outcome.conflicts] == [
        (one, "title", "U1", "là")
    ]
    assert world.colleague.item(two)["title"] == "U2"


def test_a_new_collection_waits_for_a_library_that_moved(world: Setting) -> None:
    world.desk.workspace.collections.write_text('"Rayon" = ""\n', encoding="utf-8")
    meanwhile = world.once("POST", "/collections", lambda: world.colleague.collection("Rayon"))
    assert world.sync_with(meanwhile).exit_code == 0
    world.at_rest()


def test_without_progress_it_ends_after_three_more_tries(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    count = [0]

    def always(method: str, _path: str) -> None:
        if method == "POST":
            count[0] += 1
            world.colleague.change(key, volume=str(count[0]))

    with pytest.raises(ServerError) as caught:
        world.sync_with(always)
    assert caught.value.exit_code == 6
    # The volume comes to the file each time; only what is pushed counts where something is.
    assert world.desk.fields()[key]["title"] == "U"
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    world.at_rest()


def test_a_whole_request_refused_as_stale_ends_after_three_more_tries(world: Setting) -> None:
    world.desk.edit(world.agreed(title="T"), '"T"', '"U"')
    world.sandbox.faults.plan(*[Fault(status=412, method="POST")] * 9)
    with pytest.raises(ServerError) as caught:
        world.desk.sync()
    assert caught.value.exit_code == 6
    assert len(world.sandbox.faults.planned) == 5
    world.sandbox.faults.clear()
    assert world.desk.sync().exit_code == 0
    world.at_rest()


# 429, 503


@pytest.mark.parametrize("fault", [too_many(3), maintenance(7), Fault(backoff=4)])
def test_what_the_server_asks_for_is_waited_for(world: Setting, fault: Fault) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.plan(fault, fault, fault, fault, fault)
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    world.sandbox.faults.clear()
    world.at_rest()


def test_maintenance_without_an_end_is_an_unknown_outcome(world: Setting) -> None:
    """503 without Retry-After may come after the write: it is read again, not repeated blindly."""
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.plan(maintenance(None, method="POST"))
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    methods = [entry.method for entry in world.sandbox.faults.log]
    first, second = [i for i, method in enumerate(methods) if method == "POST"]
    assert "GET" in methods[first:second]
    world.at_rest()


def test_nothing_is_lost_while_the_server_is_closed(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.closed = 10_000
    with pytest.raises(ServerError):
        world.desk.sync()
    world.sandbox.faults.closed = None
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"


def test_a_hundred_new_items_go_in_two_batches(world: Setting) -> None:
    for n in range(75):
        world.desk.write(f"neuf{n}", f'itemType = "book"\ntitle = "N{n}"\n')
    sent = world.desk.refuse(failing(400, "N7", "N60")).sent
    outcome = world.desk.sync()
    assert sorted(map(len, sent)) == [25, 50]
    assert all(o["version"] == 0 for batch in sent for o in batch)
    assert len(outcome.problems) == 2
    titles = {d["title"] for d in world.colleague.library().values()}
    assert titles == {"Témoin", *(f"N{n}" for n in range(75) if n not in {7, 60})}
