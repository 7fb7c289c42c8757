"""What Zotero refuses: accounted for, remembered, told, and not sent again until it changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting, Tamper

from zotsync.sync.remembering.journal import Journal
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
    with world.desk.engine(None) as engine:
        told = Journal(engine.state).entries(run=outcome.run)
    assert {entry.key for _run, entry in told} == {keys[0], keys[2]}


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
