"""SYNC §1 and §2: what is compared, and what is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting


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
