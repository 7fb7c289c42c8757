"""The whole table of DESIGN §2 and SYNC §3, cell by cell, on real files and the embedded server."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from sync.setting import Setting
from sync.tables import rows

from zotsync.sync.trees import NoticeKind


class Cell(NamedTuple):
    """A row of docs/merging.md: what there is, and what there shall be after one sync."""

    base: str
    local: str
    remote: str
    file: str = ""
    zotero: str = ""
    told: str = ""


CELLS = [Cell(*row.cells.values()) for row in rows("Items that are gone")]
ABSTRACTS = {"as before": "base", "edited here": "ici", "edited there": "là"}
NEVER = "*never synced*"


def prepare(world: Setting, cell: Cell) -> str:
    desk, colleague = world.desk, world.colleague
    key = "ABCD2345"
    text = f'key = "{key}"\nitemType = "book"\ntitle = "T"\nabstractNote = "base"\n'
    if cell.remote != "–":
        make(world, key, "base")
    if cell.base != NEVER:
        desk.sync()
    if cell.base == "in the trash":
        colleague.trash(key)
        desk.sync()
        assert not desk.has(key)
    if cell.base == NEVER and cell.local != "–":
        desk.write("a-la-main", text)
    if "taken out" in cell.local:
        (trashed,) = desk.workspace.trash.glob("*.toml")
        trashed.rename(desk.path("repris"))
    if "edited" in cell.local:
        desk.edit(key, '"base"', '"ici"')
    if cell.local == "deleted":
        desk.file_of(key).unlink()
    change_there(world, cell, key)
    return key


def make(world: Setting, key: str, abstract: str) -> None:
    world.colleague.make(key=key, title="T", abstractNote=abstract)


def change_there(world: Setting, cell: Cell, key: str) -> None:
    colleague = world.colleague
    edited = cell.remote.endswith("edited")
    if "erased" in cell.remote:
        colleague.erase(key)
    if "made again" in cell.remote:
        make(world, key, "là" if edited else "base")
    elif edited or cell.remote == "edited in the trash":
        colleague.change(key, abstractNote="là")
    elif cell.remote == "edited the same":
        colleague.change(key, abstractNote="ici")
    elif cell.remote == "in the trash":
        colleague.trash(key)
    elif cell.remote == "taken out":
        colleague.change(key, deleted=0)


def in_zotero(world: Setting, key: str) -> str:
    objects = world.colleague.get("/items", itemKey=key, includeTrashed=1)
    if not objects:
        return "erased"
    data = objects[0]["data"]
    return "in the trash" if data.get("deleted") else str(data["abstractNote"])


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c.base}, {c.local}, {c.remote}")
def test_a_cell_of_the_table(tmp_path: Path, cell: Cell) -> None:
    world = Setting(tmp_path)
    key = prepare(world, cell)
    outcome = world.desk.sync()
    here = world.desk.fields().get(key, {}).get("abstractNote", "–")
    expected = [ABSTRACTS.get(words, words) for words in (cell.file, cell.zotero)]
    assert [here, in_zotero(world, key)] == expected
    found = {f"a conflict on {c.field}" for c in outcome.conflicts}
    won = NoticeKind.EDIT_WON_OVER_DELETION
    found |= {"the edit won" for n in outcome.notices if n.what is won}
    assert found == ({cell.told} if cell.told else set())
    assert outcome.exit_code == (3 if "conflict" in cell.told else 0)
    assert world.desk.preview().acts is False
    if cell.file == "–" and cell.local == "unchanged":
        assert len(list(world.desk.workspace.trash.glob("*.toml"))) == 1
    if "conflict" in cell.told:
        again = world.desk.sync()
        assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
    else:
        world.at_rest()


@pytest.mark.parametrize("remote", ["in the trash", "erased"])
def test_a_conflict_on_existence_is_settled_for_zotero(tmp_path: Path, remote: str) -> None:
    world = Setting(tmp_path)
    key = prepare(world, Cell(NEVER, "edited", remote))
    world.desk.sync()
    world.desk.settle("remote")
    world.desk.sync()
    assert not world.desk.has(key)
    assert in_zotero(world, key) == remote
    assert "ici" in world.desk.journal()
    world.at_rest()


def test_a_file_of_an_erased_item_is_kept_and_the_item_made_again(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = prepare(world, Cell(NEVER, "edited", "erased"))
    world.desk.sync()
    world.desk.settle("local")
    world.desk.sync()
    assert in_zotero(world, key) == "ici"
    world.at_rest()


def test_a_file_of_a_trashed_item_is_kept_and_its_fields_then_compared(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = prepare(world, Cell(NEVER, "edited", "in the trash"))
    world.desk.sync()
    world.desk.settle("local")
    outcome = world.desk.sync()
    assert in_zotero(world, key) == "base"
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [
        ("abstractNote", "ici", "base")
    ]
    world.desk.settle("local")
    world.desk.sync()
    assert in_zotero(world, key) == "ici"
    world.at_rest()


def test_what_is_alive_again_on_both_sides_can_be_deleted_again(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = prepare(world, Cell("in the trash", "taken out", "taken out"))
    world.desk.sync()
    world.desk.file_of(key).unlink()
    world.desk.sync()
    assert in_zotero(world, key) == "in the trash"
    assert not world.desk.has(key)
    world.at_rest()


def test_restoring_sends_deleted_in_the_same_write_as_the_fields(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = prepare(world, Cell("in the trash", "taken out, edited", "unchanged"))
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.sync()
    version = sent[0][0].pop("version")
    assert sent == [[{"key": key, "deleted": 0, "abstractNote": "ici"}]]
    assert version > 0


def test_trashing_never_erases_and_sends_nothing_else(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = prepare(world, Cell("there", "deleted", "unchanged"))
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.sync()
    assert [{n: v for n, v in o.items() if n != "version"} for o in sent[0]] == [
        {"key": key, "deleted": 1}
    ]
    assert len(sent) == 1
    assert "DELETE" not in {entry.method for entry in world.sandbox.faults.log}


def test_an_item_made_again_keeps_its_key_and_date_added(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = world.agreed(title="T", dateAdded="2019-05-06T07:08:09Z")
    world.desk.edit(key, '"T"', '"T bis"')
    world.colleague.erase(key)
    world.desk.sync()
    data = world.colleague.item(key)
    assert (data["title"], data["dateAdded"]) == ("T bis", "2019-05-06T07:08:09Z")
    world.at_rest()


def test_attachments_that_were_erased_with_an_item_are_named(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = world.agreed(title="T")
    world.colleague.make(
        "attachment", linkMode="linked_url", title="Texte intégral", parentItem=key
    )
    world.desk.sync()
    world.desk.edit(key, '"T"', '"T bis"')
    world.colleague.erase(key)
    notices = [n for n in world.desk.sync().notices if n.what is NoticeKind.ATTACHMENTS_LOST]
    assert [n.detail for n in notices] == [{"names": ["Texte intégral"]}]


def test_other_fields_of_an_item_with_a_conflict_go_on(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    key = world.agreed(title="T", abstractNote="base", volume="1", publisher="P")
    world.desk.edit(key, '"base"', '"ici"')
    world.desk.edit(key, 'volume = "1"', 'volume = "2"')
    world.colleague.change(key, abstractNote="là", publisher="Q")
    outcome = world.desk.sync()
    assert [(c.field, c.base, c.local, c.zotero) for c in outcome.conflicts] == [
        ("abstractNote", "base", "ici", "là")
    ]
    here, there = world.desk.fields()[key], world.colleague.item(key)
    assert (here["volume"], here["publisher"], here["abstractNote"]) == ("2", "Q", "ici")
    assert (there["volume"], there["publisher"], there["abstractNote"]) == ("2", "Q", "là")
    base = world.desk.base(key)
    assert base is not None
    assert (base.fields["volume"], base.fields["abstractNote"]) == ("2", "base")


def test_what_is_overwritten_is_in_the_journal_first(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    one, two = (world.agreed(title=f"Titre {n}", volume="1") for n in ("un", "deux"))
    world.desk.edit(one, "Titre un", "Autre titre")
    world.colleague.change(two, title="Là")
    world.desk.sync()
    journal = world.desk.journal()
    assert "Titre un" in journal
    assert 'title = "Titre deux"' in journal
