"""SYNC §6: notes and their parents."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.setting import Setting

from zotsync.sync.trees import NoticeKind


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def family(world: Setting) -> tuple[str, str]:
    """Return the keys of an item and of its note, agreed on."""
    parent = world.agreed(title="Parent")
    return parent, world.agreed("note", note="<p>enfant</p>", parentItem=parent)


def write_note(world: Setting, **fields: str) -> None:
    lines = ['itemType = "note"', *(f"{name} = {value}" for name, value in fields.items())]
    world.desk.write("note", "\n".join(lines) + "\n")


# Notes and parents


def test_a_child_note_in_a_collection_is_refused_here(world: Setting) -> None:
    parent, note = family(world)
    world.desk.edit(note, 'itemType = "note"', 'itemType = "note"\ncollections = ["Rayon"]')
    world.desk.edit(note, "enfant", "enfant bis")
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    assert [p.place.field for p in outcome.problems] == ["collections"]
    data = world.colleague.item(note)
    assert (data["parentItem"], data["note"]) == (parent, "<p>enfant bis</p>")


def test_trashing_a_parent_in_zotero_takes_the_notes_files_along(world: Setting) -> None:
    parent, note = family(world)
    world.colleague.trash(parent)
    world.desk.sync()
    assert not world.desk.has(parent)
    assert not world.desk.has(note)
    assert "deleted" not in world.colleague.item(note)
    world.at_rest()
    world.colleague.change(parent, deleted=0)
    world.desk.sync()
    assert world.desk.has(parent)
    assert world.desk.has(note)
    world.at_rest()


def test_deleting_parent_and_notes_here_trashes_only_the_parent(world: Setting) -> None:
    parent, note = family(world)
    for key in (parent, note):
        world.desk.file_of(key).unlink()
    world.desk.sync()
    assert world.colleague.item(parent)["deleted"] == 1
    assert "deleted" not in world.colleague.item(note)
    world.at_rest()


def test_deleting_a_parent_alone_takes_the_notes_file_along(world: Setting) -> None:
    parent, note = family(world)
    world.desk.file_of(parent).unlink()
    world.desk.sync()
    assert world.colleague.item(parent)["deleted"] == 1
    assert not world.desk.has(note)
    world.at_rest()


@pytest.mark.parametrize("where", ["edited there", "new there", "edited here", "new here"])
def test_an_edit_of_a_note_wins_over_the_deletion_of_its_parent_here(
    world: Setting, where: str
) -> None:
    parent, note = family(world)
    world.desk.file_of(parent).unlink()
    if where == "edited there":
        world.desk.file_of(note).unlink()
        world.colleague.change(note, note="<p>bis</p>")
    elif where == "new there":
        note = world.colleague.make("note", note="<p>bis</p>", parentItem=parent)
    elif where == "edited here":
        world.desk.edit(note, "enfant", "bis")
    else:
        write_note(world, note='"<p>bis</p>"', parentItem=f'"{parent}"')
    outcome = world.desk.sync()
    assert world.desk.has(parent)
    assert "deleted" not in world.colleague.item(parent)
    assert "<p>bis</p>" in [f.get("note") for f in world.desk.fields().values()]
    won = [n.key for n in outcome.notices if n.what is NoticeKind.EDIT_WON_OVER_DELETION]
    assert parent in won
    world.at_rest()
    world.desk.file_of(parent).unlink()
    world.desk.sync()
    assert world.colleague.item(parent)["deleted"] == 1
    world.at_rest()


def test_deleting_a_note_alone_trashes_the_note(world: Setting) -> None:
    parent, note = family(world)
    world.desk.file_of(note).unlink()
    world.desk.sync()
    assert world.colleague.item(note)["deleted"] == 1
    assert "deleted" not in world.colleague.item(parent)
    world.at_rest()


def test_a_note_edited_under_a_trashed_parent_restores_the_parent(world: Setting) -> None:
    parent, note = family(world)
    world.desk.edit(note, "enfant", "enfant bis")
    world.colleague.trash(parent)
    outcome = world.desk.sync()
    assert "deleted" not in world.colleague.item(parent)
    assert world.colleague.item(note)["note"] == "<p>enfant bis</p>"
    assert world.desk.has(parent)
    assert NoticeKind.EDIT_WON_OVER_DELETION in {n.what for n in outcome.notices}
    world.at_rest()


def test_a_new_note_under_a_trashed_parent_restores_the_parent(world: Setting) -> None:
    parent, _note = family(world)
    write_note(world, note='"<p>autre</p>"', parentItem=f'"{parent}"')
    world.colleague.trash(parent)
    world.desk.sync()
    assert "deleted" not in world.colleague.item(parent)
    assert len(world.colleague.get(f"/items/{parent}/children")) == 2
    world.at_rest()


def test_a_note_edited_under_an_erased_parent_makes_both_again(world: Setting) -> None:
    parent, note = family(world)
    added = world.colleague.item(parent)["dateAdded"]
    world.desk.edit(note, "enfant", "enfant bis")
    world.colleague.erase(parent)
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.sync()
    assert [(o["key"], o["version"]) for o in sent[0]] == [(parent, 0), (note, 0)]
    assert world.colleague.item(parent)["dateAdded"] == added
    assert world.colleague.item(note)["parentItem"] == parent
    assert world.desk.has(parent)
    world.desk.transport = None
    world.at_rest()


def test_a_note_taken_out_of_the_trash_brings_its_parent_back(world: Setting) -> None:
    parent, note = family(world)
    world.colleague.trash(parent)
    world.desk.sync()
    (trashed,) = [p for p in world.desk.workspace.trash.glob("*.toml") if note in p.read_text()]
    trashed.rename(world.desk.path("repris"))
    world.desk.sync()
    assert world.desk.has(parent)
    assert world.desk.has(note)
    assert "deleted" not in world.colleague.item(parent)
    world.at_rest()


def test_a_note_trashed_by_itself_under_a_trashed_parent_stays_trashed(world: Setting) -> None:
    parent, note = family(world)
    world.colleague.trash(note)
    world.desk.sync()
    world.colleague.trash(parent)
    world.desk.sync()
    world.colleague.change(parent, deleted=0)
    world.desk.sync()
    assert world.desk.has(parent)
    assert not world.desk.has(note)
    world.at_rest()


def test_a_new_note_goes_while_the_file_of_its_parent_cannot_be_read(world: Setting) -> None:
    parent, _note = family(world)
    world.desk.edit(parent, 'title = "Parent"', 'title = "Parent')
    write_note(world, note='"<p>autre</p>"', parentItem=f'"{parent}"')
    assert world.desk.sync().exit_code == 1
    assert len(world.colleague.get(f"/items/{parent}/children")) == 2


def test_becoming_standalone_sends_false(world: Setting) -> None:
    parent, note = family(world)
    world.desk.edit(note, f'parentItem = "{parent}"', 'collections = ["Rayon"]')
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.sync()
    assert [o["parentItem"] for batch in sent for o in batch if o["key"] == note] == [False]
    data = world.colleague.item(note)
    assert "parentItem" not in data
    assert len(data["collections"]) == 1
    world.desk.transport = None
    world.at_rest()


def test_a_standalone_note_becomes_a_child(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>seule</p>", collections=[shelf])
    world.desk.edit(note, 'collections = ["Rayon"]', f'parentItem = "{parent}"')
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(note)["parentItem"] == parent
    world.at_rest()


@pytest.mark.parametrize("side", ["local", "remote"])
def test_a_note_put_below_a_parent_there_and_into_a_collection_here(
    world: Setting, side: str
) -> None:
    """The server would silently drop the parent: nothing of the kind is ever sent."""
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>seule</p>")
    world.desk.edit(note, 'itemType = "note"', 'itemType = "note"\ncollections = ["Rayon"]')
    world.colleague.change(note, parentItem=parent)
    outcome = world.desk.sync()
    assert world.colleague.item(note)["parentItem"] == parent
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [("parentItem", "", parent)]
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
    world.desk.settle(side)
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(note)
    if side == "local":
        assert (data.get("parentItem"), data["collections"]) == (None, [shelf])
    else:
        assert data["parentItem"] == parent
    world.at_rest()


@pytest.mark.parametrize("side", ["local", "remote"])
def test_a_note_put_below_a_parent_here_and_into_a_collection_there(
    world: Setting, side: str
) -> None:
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>seule</p>")
    world.desk.edit(note, 'itemType = "note"', f'itemType = "note"\nparentItem = "{parent}"')
    world.colleague.change(note, collections=[shelf])
    outcome = world.desk.sync()
    assert world.colleague.item(note)["collections"] == [shelf]
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [("parentItem", parent, "")]
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
    world.desk.settle(side)
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(note)
    if side == "local":
        assert data["parentItem"] == parent
        assert shelf in world.desk.journal()
    else:
        assert (data.get("parentItem"), data["collections"]) == (None, [shelf])
    world.at_rest()
