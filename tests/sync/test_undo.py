"""Undo: a run is taken back on both sides, as far as nobody has changed things since (SYNC §11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.setting import PatientDesk, Setting
from sync.taking_back import undo, undo_plan, whole
from sync.worlds import READER

from zotsync.errors import NotThereError, RightsError, ServerError, ZotsyncError
from zotsync.sandbox.faults import Fault, lost_answer
from zotsync.sync.engine import Undone
from zotsync.sync.undoing.undo import UndoPlan, What, Why


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def reasons(done: Undone | UndoPlan) -> dict[str, tuple[str, ...]]:
    return {left.why.value: left.fields for left in done.left}


# What was edited here


def test_an_edit_is_taken_back_on_both_sides(world: Setting) -> None:
    key = world.agreed(title="Avant", tags=[{"tag": "x"}], volume="1")
    before = whole(world)
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.edit(key, 'tags = ["x"]', 'tags = ["x", "y"]')
    world.desk.sync()
    assert world.colleague.item(key)["title"] == "Après"
    done = undo(world.desk)
    assert done.left == ()
    assert whole(world) == before
    world.at_rest()


def test_an_undo_can_be_undone(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.sync()
    after = whole(world)
    undo(world.desk)
    assert world.colleague.item(key)["title"] == "Avant"
    undo(world.desk)
    assert whole(world) == after
    undo(world.desk)
    assert world.colleague.item(key)["title"] == "Avant"
    world.at_rest()


def test_a_new_item_goes_to_the_trash_on_both_sides_and_comes_back(world: Setting) -> None:
    world.agreed(title="Autre")
    path = world.desk.write("neuf", '# à garder\nitemType = "book"\ntitle = "Neuf"\n')
    world.desk.sync()
    text = path.read_text("utf-8")
    key = next(k for k, d in world.colleague.library().items() if d["title"] == "Neuf")
    undo(world.desk)
    assert not path.exists()
    assert world.colleague.item(key)["deleted"]
    undo(world.desk)
    assert path.read_text("utf-8") == text
    assert not world.colleague.item(key).get("deleted")
    assert list(world.desk.workspace.trash.glob("*.toml")) == []
    world.at_rest()


def test_what_was_deleted_here_comes_back_with_its_notes(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    key = world.colleague.make(title="Jeté", collections=[shelf])
    note = world.agreed("note", note="<p>n</p>", parentItem=key)
    before = whole(world)
    world.desk.file_of(key).unlink()
    world.desk.file_of(note).unlink()
    world.desk.sync()
    assert world.colleague.item(key)["deleted"]
    undo(world.desk)
    assert whole(world) == before
    world.at_rest()


def test_collections_made_renamed_moved_and_trashed_are_taken_back(world: Setting) -> None:
    top = world.colleague.collection("Haut")
    low = world.colleague.collection("Bas", top)
    gone = world.colleague.collection("Parti")
    inside = world.colleague.collection("Dedans", gone)
    a = world.colleague.make(title="A", collections=[low])
    b = world.agreed(title="B", collections=[gone, inside])
    before = whole(world)
    world.desk.workspace.collections.write_text(
        f'"Sommet" = "{top}"\n"Bas" = "{low}"\n"Neuve" = ""\n', encoding="utf-8"
    )
    world.desk.sync()
    world.desk.edit(a, "itemType", 'volume = "3"\nitemType')
    assert {n for n, _p in whole(world)[2].values()} == {"Sommet", "Bas", "Neuve", "Dedans"}
    done = undo(world.desk)
    assert done.left == ()
    assert world.colleague.item(a)["volume"] == "3"
    world.colleague.change(a, volume="")
    world.desk.sync()
    assert whole(world) == before
    assert world.colleague.item(b)["collections"] == sorted([gone, inside])
    world.at_rest()


def test_memberships_relations_and_a_new_type_are_taken_back(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    key = world.colleague.make(title="A", publisher="P", numPages="12", collections=[shelf])
    other = world.agreed(title="B")
    before = whole(world)
    uri = f"http://zotero.org/groups/4711/items/{other}"
    text = world.desk.file_of(key).read_text("utf-8")
    text = text.replace('"book"', '"film"').replace('publisher = "P"\n', "")
    text = text.replace('numPages = "12"\n', "").replace('["Rayon"]', '["Rayon", "Autre"]')
    world.desk.file_of(key).write_text(f'{text}\n[relations]\n"dc:relation" = ["{uri}"]\n', "utf-8")
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["itemType"] == "film"
    done = undo(world.desk)
    assert done.left == ()
    assert whole(world) == before
    world.at_rest()


# What came from a colleague


def test_what_came_from_a_colleague_is_left_unless_it_is_asked_for(world: Setting) -> None:
    key = world.agreed(title="Avant", volume="1")
    gone = world.agreed(title="Parti")
    before = whole(world)
    world.colleague.change(key, title="Là")
    world.colleague.trash(gone)
    world.colleague.make(title="Neuf")
    world.desk.edit(key, 'volume = "1"', 'volume = "2"')
    world.desk.sync()
    run = world.desk.sync().run or 0
    assert run == 0
    done = undo(world.desk)
    assert {(left.why, left.fields) for left in done.left} == {
        (Why.THEIRS, ("title",)),
        (Why.THEIRS, ()),
    }
    data = world.colleague.item(key)
    assert (data["title"], data["volume"]) == ("Là", "1")
    done = undo(world.desk, done.plan.run, theirs=True)
    assert done.left == ()
    assert whole(world) == before
    world.at_rest()


def test_a_merge_is_taken_back_to_what_the_colleague_wrote(world: Setting) -> None:
    tags = [{"tag": "x"}]
    key = world.agreed(title="T", abstractNote="Un. Deux. Trois.", tags=tags)
    before = whole(world)
    world.colleague.change(
        key, abstractNote="Un. Deux. Trois là.", tags=[{"tag": "là"}, {"tag": "x"}]
    )
    world.desk.edit(key, "Un.", "Un ici.")
    world.desk.edit(key, '["x"]', '["x", "ici"]')
    world.desk.sync()
    assert world.colleague.item(key)["abstractNote"] == "Un ici. Deux. Trois là."
    run = undo(world.desk).plan.run
    data = world.colleague.item(key)
    assert data["abstractNote"] == "Un. Deux. Trois là."
    assert {t["tag"] for t in data["tags"]} == {"là", "x"}
    undo(world.desk)
    done = undo(world.desk, run, theirs=True)
    assert done.left == ()
    assert whole(world) == before
    world.at_rest()


def test_an_item_that_was_erased_is_made_again_with_its_key(world: Setting) -> None:
    key = world.agreed(title="Perdu")
    text = world.desk.file_of(key).read_text("utf-8")
    world.colleague.erase(key)
    world.desk.sync()
    done = undo(world.desk, theirs=True)
    assert done.left == ()
    assert world.colleague.item(key)["title"] == "Perdu"
    assert world.desk.file_of(key).read_text("utf-8") == text
    world.at_rest()


def test_a_collection_that_was_erased_is_made_again_and_filled(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    key = world.agreed(title="A", collections=[shelf])
    before = whole(world)
    world.colleague.erase(shelf, "collections")
    world.desk.sync()
    assert world.desk.collections() == {}
    done = undo(world.desk, theirs=True)
    assert done.left == ()
    assert whole(world) == before
    assert world.colleague.item(key)["collections"] == [shelf]
    world.at_rest()


# What has changed since


def test_what_somebody_changed_since_is_left_and_named(world: Setting) -> None:
    key = world.agreed(title="Avant", volume="1", place="Lyon")
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.edit(key, 'volume = "1"', 'volume = "2"')
    world.desk.edit(key, '"Lyon"', '"Paris"')
    run = world.desk.sync().run
    world.colleague.change(key, title="Encore")
    world.desk.edit(key, 'volume = "2"', 'volume = "3"')
    done = undo(world.desk, run)
    (left,) = done.left
    assert (left.why, left.fields, left.run) == (Why.CHANGED, ("title", "volume"), run + 1)
    assert left.by.startswith("collegue") or left.by.startswith("curatrice")
    data = world.colleague.item(key)
    assert (data["title"], data["volume"], data["place"]) == ("Encore", "3", "Lyon")
    world.at_rest()


def test_a_dry_run_writes_nothing_and_counts_unsynced_edits_as_changes(world: Setting) -> None:
    key = world.agreed(title="Avant", volume="1")
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.edit(key, 'volume = "1"', 'volume = "2"')
    world.desk.sync()
    world.desk.edit(key, 'volume = "2"', 'volume = "3"')
    files, sent = world.desk.files(), len(world.writes())
    plan = undo_plan(world.desk)
    assert reasons(plan) == {Why.CHANGED_HERE.value: ("volume",)}
    (step,) = plan.steps
    assert (step.what, step.fields, step.before) == (
        What.EDIT,
        {"title": "Avant"},
        {"title": "Après"},
    )
    assert (world.desk.files(), len(world.writes())) == (files, sent)


def test_a_new_collection_that_was_filled_since_is_left(world: Setting) -> None:
    key = world.agreed(title="A")
    world.desk.workspace.collections.write_text('"Neuve" = ""\n', encoding="utf-8")
    run = world.desk.sync().run
    (shelf,) = world.desk.collections().values()
    world.colleague.change(key, collections=[shelf])
    done = undo(world.desk, run)
    assert reasons(done) == {Why.IN_USE.value: ()}
    assert done.run == 0
    assert world.desk.collections() == {"Neuve": shelf}


def test_a_new_item_with_an_attachment_since_is_left(world: Setting) -> None:
    world.desk.write("neuf", 'itemType = "book"\ntitle = "Neuf"\n')
    run = world.desk.sync().run
    key = next(k for k, d in world.colleague.library().items() if d["title"] == "Neuf")
    world.colleague.make("attachment", linkMode="linked_url", title="pdf", parentItem=key)
    assert reasons(undo(world.desk, run)) == {Why.IN_USE.value: ()}
    assert not world.colleague.item(key).get("deleted")


def test_what_is_in_the_trash_by_now_is_left(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Après"')
    run = world.desk.sync().run
    world.colleague.trash(key)
    assert reasons(undo(world.desk, run)) == {Why.GONE.value: ("title",)}


def test_a_change_in_the_middle_of_an_undo_is_not_written_over(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.sync()
    change = world.once("POST", "items", lambda: world.colleague.change(key, title="Là"))
    world.sandbox.faults.hooks.append(change)
    done = undo(world.desk)
    assert [c.field for c in done.outcome.conflicts] == ["title"]
    assert world.colleague.item(key)["title"] == "Là"
    world.desk.settle("remote")
    world.desk.sync()
    world.at_rest()


def test_what_is_undone_already_is_not_undone_again(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Après"')
    run = world.desk.sync().run
    undo(world.desk, run)
    done = undo(world.desk, run)
    assert (done.plan.steps, done.left, done.run) == ((), (), 0)


# Conflicts and the other commands


def test_a_settled_conflict_is_taken_back_to_what_was_here(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Ici"')
    world.colleague.change(key, title="Là")
    world.desk.sync()
    world.desk.settle("remote")
    world.desk.sync()
    assert world.desk.fields()[key]["title"] == "Là"
    undo(world.desk)
    assert world.colleague.item(key)["title"] == "Ici"
    world.at_rest()


def test_an_open_conflict_waits(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Après"')
    run = world.desk.sync().run
    world.desk.edit(key, '"Après"', '"Ici"')
    world.colleague.change(key, title="Là")
    done = undo(world.desk, run)
    assert reasons(done) == {Why.WAITS.value: ("title",)}


def test_a_restore_is_taken_back(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.colleague.change(key, title="Gâché")
    world.desk.sync()
    with world.desk.engine(None) as engine:
        engine.restore(key)
    run = engine_runs(world)[0]
    world.desk.sync()
    assert world.colleague.item(key)["title"] == "Avant"
    undo(world.desk, run)
    assert world.colleague.item(key)["title"] == "Gâché"
    world.at_rest()


def engine_runs(world: Setting) -> list[int]:
    with world.desk.engine(None) as engine:
        return [run.id for run in engine.runs(50)]


def test_restore_makes_an_erased_item_again_with_its_key(world: Setting) -> None:
    key = world.agreed(title="Perdu")
    world.colleague.erase(key)
    world.desk.sync()
    with world.desk.engine(None) as engine:
        assert engine.restore(key).what == "trash"
    world.desk.sync()
    assert world.colleague.item(key)["title"] == "Perdu"
    world.at_rest()


# What cannot be undone at all


def test_an_unknown_run_and_no_run_are_told(tmp_path: Path, world: Setting) -> None:
    with pytest.raises(NotThereError, match="4999"):
        undo(world.desk, 4999)
    fresh = PatientDesk(tmp_path / "autre", world.sandbox)
    with pytest.raises(ZotsyncError, match="nothing to undo"):
        undo(fresh)


def test_a_run_of_which_nothing_is_kept_is_too_old(world: Setting) -> None:
    with world.desk.engine(None) as engine:
        engine.state.db.execute("DELETE FROM journal")
    with pytest.raises(ZotsyncError, match="too old"):
        undo(world.desk, 1)


def test_a_read_only_key_undoes_nothing(world: Setting) -> None:
    key = world.agreed(title="Avant")
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.sync()
    world.desk.key = READER
    with pytest.raises(RightsError):
        undo(world.desk)
    assert '"Après"' in world.desk.file_of(key).read_text("utf-8")


@pytest.mark.parametrize("fault", [Fault(500, method="POST"), lost_answer(method="POST")])
def test_an_undo_that_was_cut_short_goes_on_where_it_was(world: Setting, fault: Fault) -> None:
    key = world.agreed(title="Avant")
    other = world.agreed(title="Autre")
    before = whole(world)
    world.desk.edit(key, '"Avant"', '"Après"')
    world.desk.file_of(other).unlink()
    world.desk.sync(allow_mass_delete=True)
    faults = world.sandbox.faults

    def hook(method: str, _path: str) -> None:
        if method == "POST":
            faults.plan(*[Fault(500, method="GET")] * 5)

    faults.plan(fault)
    faults.hooks.append(hook)
    with pytest.raises(ServerError):
        undo(world.desk)
    faults.clear()
    undo(world.desk)
    assert whole(world) == before
    world.at_rest()
