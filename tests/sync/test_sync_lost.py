"""SYNC §2: what a lost answer leaves behind, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.setting import Setting

from zotsync.errors import ServerError
from zotsync.sandbox.faults import Fault, lost_answer
from zotsync.sync.merging.settle import Sent, settle
from zotsync.sync.trees import EXISTENCE, Base, BaseObject, MirrorObject, NoticeKind, Remote


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


@pytest.mark.parametrize("status", [Remote.LIVE, Remote.TRASHED])
def test_where_nothing_has_moved_nothing_has_landed(status: Remote) -> None:
    fields, refused = {"title": "A", "place": "P"}, {"version": 3}
    base = BaseObject("ABCD2345", Base.LIVE, fields, shown={EXISTENCE: ""}, refused=refused)
    mirror = MirrorObject("ABCD2345", 3, status, {"title": "A"})
    assert settle(base, Sent({"title": "B", "place": None}, version=3), mirror) == base


@pytest.mark.parametrize("fault", [lost_answer(method="POST"), Fault(cut=20, method="POST")])
@pytest.mark.parametrize(
    "text",
    [
        'itemType = "note"\nnote = "x"\n',
        'itemType = "book"\ntitle = "  T\\r\\nU  "\ntags = ["b ", "a", "a", ""]\n',
        'itemType = "book"\ntitle = "T"\ncreators = [{ creatorType = "author", lastName = "A" }]\n',
        'itemType = "webpage"\ntitle = "T"\naccessDate = "2020-01-02 03:04:05"\n',
    ],
)
def test_a_create_whose_answer_is_lost_is_not_doubled(
    world: Setting, fault: Fault, text: str
) -> None:
    world.desk.write("neuf", text)
    world.sandbox.faults.plan(fault)
    outcome = world.desk.sync()
    assert (outcome.exit_code, outcome.conflicts) == (0, ())
    assert len(world.colleague.library()) == 2
    assert len(world.desk.files()) == 2
    assert world.desk.pending() == {}
    world.at_rest()


@pytest.mark.parametrize("fault", [lost_answer(method="POST"), Fault(status=502, method="POST")])
def test_an_update_with_an_unknown_outcome_is_sent_once_more_or_not_at_all(
    world: Setting, fault: Fault
) -> None:
    key = world.agreed(title="T", tags=[{"tag": "a"}])
    world.desk.edit(key, '"T"', '" U "')
    world.desk.edit(key, '["a"]', '["a", "c ", "b"]')
    world.sandbox.faults.plan(fault)
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    landed = fault.lost
    assert len(world.writes()) == (1 if landed else 2)
    world.at_rest()


def test_a_lost_answer_on_a_note_that_landed_is_no_edit_of_anybody(world: Setting) -> None:
    key = world.agreed("note", note="<p>un</p>")
    world.desk.edit(key, "<p>un</p>", "un<br>deux &amp; trois")
    world.sandbox.faults.plan(lost_answer(method="POST"))
    outcome = world.desk.sync()
    assert (outcome.exit_code, outcome.notices) == (0, ())
    assert world.desk.fields()[key]["note"] == world.colleague.item(key)["note"]
    world.at_rest()


def test_after_a_lost_answer_each_field_is_looked_at_by_itself(world: Setting) -> None:
    """It landed, and a colleague then wrote one of its fields: that one is theirs."""
    key = world.agreed(title="T", volume="1", publisher="P")
    for old, new in (('"T"', '"U"'), ('"1"', '"2"')):
        world.desk.edit(key, old, new)
    world.sandbox.faults.plan(lost_answer(method="POST"))
    meanwhile = world.once(
        "GET", "items?", lambda: world.colleague.change(key, volume="9", publisher="Q")
    )
    skip: list[str] = []

    def after_the_write(method: str, path: str) -> None:
        if method == "POST":
            skip.append(path)
        elif skip:
            meanwhile(method, path)

    outcome = world.sync_with(after_the_write)
    assert [(c.field, c.base, c.local, c.zotero) for c in outcome.conflicts] == [
        ("volume", "1", "2", "9")
    ]
    assert world.desk.fields()[key]["publisher"] == "Q"
    assert world.colleague.item(key)["title"] == "U"


def test_a_lost_answer_of_a_trashing_is_found_out(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.file_of(key).unlink()
    world.sandbox.faults.plan(lost_answer(method="POST"))
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    assert len(world.writes()) == 1
    assert world.colleague.item(key)["deleted"] == 1
    world.at_rest()


def test_a_lost_answer_of_a_restoring_is_found_out(world: Setting) -> None:
    key = world.agreed(title="T")
    world.colleague.trash(key)
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.plan(lost_answer(method="POST"))
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    assert len(world.writes()) == 1
    assert "deleted" not in world.colleague.item(key)
    world.at_rest()


def test_a_lost_answer_of_a_collection_is_found_out(world: Setting) -> None:
    world.desk.workspace.collections.write_text('"Rayon" = ""\n', encoding="utf-8")
    world.sandbox.faults.plan(lost_answer(method="POST", path="collections"))
    assert world.desk.sync().exit_code == 0
    assert [c["data"]["name"] for c in world.colleague.get("/collections")] == ["Rayon"]
    world.at_rest()


def test_an_item_made_again_with_a_lost_answer_is_made_once(world: Setting) -> None:
    key = world.agreed(title="T")
    world.colleague.erase(key)
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.plan(lost_answer(method="POST"))
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    assert len(world.writes()) == 1
    assert world.colleague.item(key)["title"] == "U"
    world.at_rest()


def test_a_lost_create_that_a_colleague_has_edited_meanwhile_merges(world: Setting) -> None:
    """The values that were sent are its base."""
    world.desk.write("neuf", 'itemType = "book"\ntitle = "T"\nvolume = "1"\n')
    world.sync_and_lose_the_network()
    (key,) = world.colleague.library().keys() - {world.witness}
    world.colleague.change(key, volume="2")
    assert set(world.desk.pending()) == {key}
    assert world.desk.sync().exit_code == 0
    assert world.desk.fields()[key]["volume"] == "2"
    world.at_rest()


def test_a_lost_create_edited_here_meanwhile_is_not_a_conflict(world: Setting) -> None:
    world.desk.write("neuf", 'itemType = "book"\ntitle = "T"\nvolume = "1"\n')
    world.sync_and_lose_the_network()
    (key,) = world.colleague.library().keys() - {world.witness}
    world.desk.edit(key, '"T"', '"U"')
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    world.at_rest()


def test_a_lost_create_deleted_here_meanwhile_goes_to_zoteros_trash(world: Setting) -> None:
    path = world.desk.write("neuf", 'itemType = "book"\ntitle = "T"\n')
    world.sync_and_lose_the_network()
    path.unlink()
    assert world.desk.sync().exit_code == 0
    assert set(world.colleague.library()) == {world.witness}
    world.at_rest()


def test_a_merge_inside_a_field_stopped_after_the_file_is_no_edit(world: Setting) -> None:
    key = world.agreed(title="T", abstractNote="Un. Deux. Trois.")
    world.desk.edit(key, "Un.", "Un ici.")
    world.colleague.change(key, abstractNote="Un. Deux. Trois là.")
    world.sandbox.faults.plan(Fault(status=400, method="POST"))
    with pytest.raises(ServerError, match="400"):
        world.desk.sync()
    assert world.desk.fields()[key]["abstractNote"] == "Un ici. Deux. Trois là."
    world.colleague.change(key, abstractNote="Un. Deux bis. Trois là.")
    world.sandbox.faults.clear()
    outcome = world.desk.sync()
    assert outcome.exit_code == 0
    assert world.colleague.item(key)["abstractNote"] == "Un ici. Deux bis. Trois là."
    world.at_rest()


def test_a_merge_inside_a_field_is_always_reported(world: Setting) -> None:
    key = world.agreed(title="T", abstractNote="Un. Deux. Trois.")
    world.desk.edit(key, "Un.", "Un ici.")
    world.colleague.change(key, abstractNote="Un. Deux. Trois là.")
    notices = world.desk.sync().notices
    assert [(n.what, n.key, n.fields) for n in notices] == [
        (NoticeKind.MERGED_INSIDE_FIELD, key, ("abstractNote",))
    ]
    world.at_rest()


@pytest.mark.parametrize("date", ["2020-01-02 03:04:05", "2020-01-02", "CURRENT_TIMESTAMP"])
def test_a_date_of_access_that_the_server_wrote_its_own_way_has_landed(
    world: Setting, date: str
) -> None:
    key = world.agreed("webpage", title="T")
    world.desk.edit(key, '"T"', f'"T"\naccessDate = "{date}"')
    world.sandbox.faults.plan(lost_answer(method="POST"))
    outcome = world.desk.sync()
    assert (outcome.exit_code, outcome.conflicts) == (0, ())
    assert world.desk.fields()[key]["accessDate"] == world.colleague.item(key)["accessDate"]
    world.at_rest()


def test_what_turns_out_to_have_landed_is_progress(world: Setting) -> None:
    for n in range(260):
        world.desk.write(f"neuf{n}", f'itemType = "book"\ntitle = "N{n}"\n')
    world.sandbox.faults.plan(*[lost_answer(method="POST")] * 6)
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    assert len(world.writes()) == 6
    assert len(world.colleague.get("/items", format="versions")) == 261
    world.at_rest()
