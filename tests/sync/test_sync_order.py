"""Apply (DESIGN §2): the files first, with a second look; then Zotero, in an order that it accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting

from zotsync.bibliography.batches import replace_files
from zotsync.bibliography.folder import move_to_trash, read_file

HERE = "zotsync.sync.applying.files_apply"


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_collections_then_parents_then_notes_then_trashing(world: Setting) -> None:
    gone = world.agreed(title="À jeter")
    world.desk.file_of(gone).unlink()
    world.desk.write(
        "note", 'itemType = "note"\nkey = "AAAA2222"\nnote = "<p>x</p>"\nparentItem = "ZZZZ2222"\n'
    )
    world.desk.write(
        "livre", 'itemType = "book"\nkey = "ZZZZ2222"\ntitle = "T"\ncollections = ["A/B"]\n'
    )
    sent = world.desk.refuse(lambda _objects: {}).sent
    assert world.desk.sync().exit_code == 0
    names = [o.get("name") or o["key"] for batch in sent for o in batch]
    assert names == ["A", "B", "ZZZZ2222", "AAAA2222", gone]
    world.desk.transport = None
    world.at_rest()


def test_every_write_carries_a_version_and_a_create_version_0(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.desk.write("neuf", 'itemType = "book"\ntitle = "N"\n')
    sent = world.desk.refuse(lambda _objects: {}).sent
    version = world.colleague.item(key)["version"]
    world.desk.sync()
    versions = {o["title"]: o["version"] for batch in sent for o in batch}
    assert versions == {"U": version, "N": 0}


def test_a_key_is_in_the_file_before_anything_leaves(world: Setting) -> None:
    world.desk.write("neuf", 'itemType = "book"\ntitle = "N"\n')
    seen: list[bool] = []

    def look(objects: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        seen.extend(world.desk.has(o["key"]) for o in objects)
        return {}

    world.desk.refuse(look)
    world.desk.sync()
    assert seen == [True]


def test_files_are_written_before_zotero(world: Setting) -> None:
    key = world.agreed(title="T", volume="1")
    world.desk.edit(key, '"T"', '"U"')
    world.colleague.change(key, volume="2")
    seen: list[str] = []

    def look(_objects: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        seen.append(world.desk.fields()[key]["volume"])
        return {}

    world.desk.refuse(look)
    world.desk.sync()
    assert seen == ["2"]


def test_a_file_that_is_edited_while_it_is_about_to_be_written_is_planned_again(
    world: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = world.agreed(title="T", volume="1")
    world.colleague.change(key, volume="2")
    done: list[bool] = []

    def edited_first(*args: Any) -> Any:
        if not done:
            done.append(True)
            world.desk.edit(key, '"T"', '"U"')
        return read_file(*args)

    monkeypatch.setattr(f"{HERE}.read_file", edited_first)
    assert world.desk.sync().exit_code == 0
    data, here = world.colleague.item(key), world.desk.fields()[key]
    assert (data["title"], data["volume"]) == (here["title"], here["volume"]) == ("U", "2")
    world.at_rest()


def test_a_file_that_is_edited_between_look_and_write_is_planned_again(
    world: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fingerprint is looked at once more right before the file is replaced."""
    key = world.agreed(title="T", volume="1")
    world.colleague.change(key, volume="2")
    done: list[bool] = []

    def edited_first(*args: Any) -> Any:
        if not done:
            done.append(True)
            world.desk.edit(key, '"T"', '"U"')
        return replace_files(*args)

    monkeypatch.setattr(f"{HERE}.replace_files", edited_first)
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    assert world.desk.fields()[key]["volume"] == "2"
    world.at_rest()


def test_a_file_that_is_edited_before_it_is_trashed_stays(
    world: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = world.agreed(title="T")
    world.colleague.trash(key)
    done: list[bool] = []

    def edited_first(*args: Any) -> Any:
        if not done:
            done.append(True)
            world.desk.edit(key, '"T"', '"U"')
        return move_to_trash(*args)

    monkeypatch.setattr(f"{HERE}.move_to_trash", edited_first)
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    assert "deleted" not in world.colleague.item(key)
    world.at_rest()


def test_comments_and_order_survive_what_colleagues_write(world: Setting) -> None:
    key = world.agreed(title="T", volume="1")
    path = world.desk.file_of(key)
    text = f'# à relire\ntitle = "T"  # court\nkey = "{key}"\nitemType = "book"\nvolume = "1"\n'
    path.write_text(text, encoding="utf-8")
    world.colleague.change(key, volume="2")
    world.desk.sync()
    assert path.read_text("utf-8") == text.replace('"1"', '"2"')
    world.at_rest()
