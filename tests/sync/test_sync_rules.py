"""SYNC §1 and §2: what is compared, what is sent, and what a lost answer leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting

from zotsync.errors import ServerError
from zotsync.sandbox.faults import Fault, lost_answer
from zotsync.sync.trees import NoticeKind


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


# §1: what is compared


@pytest.mark.parametrize(
    "text",
    [
        "  Un titre \\t",
        "Un\\u0007 titre\\u007F",
        "Un\\r titre",
        "\\n\\nUn titre\\r\\n",
    ],
)
def test_a_difference_of_form_alone_is_neither_pushed_nor_rewritten(
    world: Setting, text: str
) -> None:
    key = world.agreed(title="Un titre")
    world.desk.edit(key, '"Un titre"', f'"{text}"')
    before = world.desk.file_of(key).read_bytes()
    assert world.desk.sync().run == 0
    assert world.desk.file_of(key).read_bytes() == before


def test_the_order_within_a_set_is_no_change(world: Setting) -> None:
    key = world.agreed(title="T", tags=[{"tag": "a"}, {"tag": "b"}])
    world.desk.edit(key, 'tags = ["a", "b"]', 'tags = ["b", " a ", "b", ""]')
    assert world.desk.sync().run == 0


def test_a_version_or_a_date_alone_is_no_change(world: Setting) -> None:
    key = world.agreed(title="T")
    world.colleague.change(key, title="autre")
    world.colleague.change(key, title="T")
    outcome = world.desk.sync()
    assert (outcome.run, outcome.changed) == (0, False)
    world.at_rest()


def test_merging_keeps_a_tag_and_the_automatic_one_of_the_same_name(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, 'title = "T"', 'title = "T"\ntags = ["x"]')
    world.colleague.change(key, tags=[{"tag": "x", "type": 1}])
    world.desk.sync()
    both = [{"tag": "x"}, {"tag": "x", "type": 1}]
    assert world.desk.fields()[key]["tags"] == both
    assert sorted(world.colleague.item(key)["tags"], key=len) == both
    world.at_rest()


def test_a_field_missing_from_a_file_is_cleared_in_zotero(world: Setting) -> None:
    fields: dict[str, Any] = {"volume": "3", "creators": [{"creatorType": "author", "name": "A"}]}
    shelf = world.colleague.collection("Rayon")
    key = world.agreed(title="T", tags=[{"tag": "a"}], collections=[shelf], **fields)
    path = world.desk.file_of(key)
    path.write_text(f'key = "{key}"\nitemType = "book"\ntitle = "T"\n', encoding="utf-8")
    world.desk.sync()
    data = world.colleague.item(key)
    assert (data["volume"], data["creators"], data["tags"], data["collections"]) == ("", [], [], [])
    world.at_rest()


def test_dates_and_versions_are_never_in_a_file_and_never_sent(world: Setting) -> None:
    key = world.agreed(title="T")
    assert "date" not in world.desk.file_of(key).read_text("utf-8").lower()
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.edit(key, '"T"', '"U"\ndateModified = "2001-01-01T00:00:00Z"\nversion = 3')
    world.desk.sync()
    assert [set(o) for batch in sent for o in batch] == [{"key", "version", "title"}]
    assert world.colleague.item(key)["dateModified"] > "2001-01-02"


# §2: base, mirror, cursor


def test_base_is_what_was_sent_and_mirror_what_was_answered(world: Setting) -> None:
    """What the server made of it comes back in the same run."""
    world.desk.write("note", 'itemType = "note"\nnote = "x"\n')
    outcome = world.desk.sync()
    (key,) = world.desk.fields().keys() - {world.witness}
    assert world.desk.fields()[key]["note"] == "<p>x</p>"
    assert (outcome.exit_code, len(world.writes())) == (0, 2)  # the witness, and this one
    world.at_rest()


def test_a_write_never_moves_the_cursor_and_own_writes_are_not_fetched(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.log.clear()
    world.desk.sync()
    assert world.fetches() == []
    assert world.desk.cursor() == world.sandbox.version(4711)


def test_a_colleagues_write_between_ours_is_fetched(world: Setting) -> None:
    key, other = world.agreed(title="T"), world.agreed(title="O")
    world.desk.edit(key, '"T"', '"U"')
    meanwhile = world.once("POST", "/items", lambda: world.colleague.change(other, title="P"))
    outcome = world.sync_with(meanwhile)
    assert outcome.exit_code == 0
    assert world.desk.fields()[other]["title"] == "P"
    assert world.colleague.item(key)["title"] == "U"
    world.at_rest()


# §2: lost answers


@pytest.mark.parametrize("fault", [lost_answer(method="POST"), Fault(cut=20, method="POST")])
@pytest.mark.parametrize(
    "text",
    [
        'itemType = "note"\nnote = "x"\n',
        'itemType = "book"\ntitle = "  T\\r\\nU  "\ntags = ["b ", "a", "a", ""]\n',
        'itemType = "book"\ntitle = "T"\ncreators = [{ creatorType = "author", lastName = "A" }]\n',
        'itemType = "webpage"\ntitle = "T"\naccessDate = "2020-01-02"\n',
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
