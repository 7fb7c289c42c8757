"""Conflicts from beginning to end: what is shown, what settles one, what ends one (SYNC §8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.bibliography.itemfile import parse_item
from zotsync.sync.engine import Settled
from zotsync.sync.trees import Conflict, Decision, Kind, NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def clash(desk: Desk, colleague: Colleague, **fields: str) -> str:
    """Return an item whose title is `Base` in the base, `Ici` here and `Là` in Zotero."""
    key = colleague.make(title="Base", **fields)
    desk.sync()
    colleague.change(key, title="Là")
    desk.edit(key, '"Base"', '"Ici"')
    return key


def without_tables(text: str) -> str:
    """Return an item file's text as a person leaves it who deletes the conflict tables."""
    return text.partition("\n[conflict.")[0] + "\n"


def settle_by_hand(desk: Desk, key: str, title: str) -> None:
    path = desk.file_of(key)
    text = without_tables(path.read_text(encoding="utf-8"))
    path.write_text(text.replace('title = "Ici"', f'title = "{title}"'), encoding="utf-8")


def only(conflicts: tuple[Conflict, ...]) -> tuple[object, ...]:
    """Return field, base, local and Zotero's value of the one conflict."""
    (one,) = conflicts
    return one.field, one.base, one.local, one.zotero


# What is shown


def test_a_waiting_field_stands_in_the_file_with_base_and_zotero(
    desk: Desk, colleague: Colleague
) -> None:
    key = clash(desk, colleague)
    outcome = desk.sync()
    assert only(outcome.conflicts) == ("title", "Base", "Ici", "Là")
    assert outcome.exit_code == 3
    text = desk.file_of(key).read_text(encoding="utf-8")
    assert 'title = "Ici"' in text
    assert '[conflict.title]\nbase = "Base"\nzotero = "Là"\n' in text


def test_an_empty_side_is_shown_as_an_empty_text(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make(title="Base")
    desk.sync()
    colleague.change(key, place="Là")
    desk.edit(key, 'title = "Base"', 'title = "Base"\nplace = "Ici"')
    assert only(desk.sync().conflicts) == ("place", "", "Ici", "Là")
    text = desk.file_of(key).read_text(encoding="utf-8")
    assert '[conflict.place]\nbase = ""\nzotero = "Là"\n' in text


def test_conflict_tables_are_never_sent(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague, place="Paris")
    desk.sync()
    desk.edit(key, '"Paris"', '"Lyon"')
    outcome = desk.sync()
    assert colleague.item(key)["place"] == "Lyon"
    assert not outcome.problems
    assert "conflict" not in colleague.item(key)


def test_a_waiting_field_keeps_its_base(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    for edit in ("Là 2", "Là 3"):
        desk.sync()
        colleague.change(key, title=edit)
    assert only(desk.sync().conflicts) == ("title", "Base", "Ici", "Là 3")


def test_a_newer_value_in_zotero_is_shown_in_the_table(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    colleague.change(key, title="Là encore")
    desk.sync()
    assert 'zotero = "Là encore"' in desk.file_of(key).read_text(encoding="utf-8")


def test_an_edit_beside_an_open_table_settles_nothing(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    desk.edit(key, 'title = "Ici"', 'title = "Ici encore"')
    assert only(desk.sync().conflicts) == ("title", "Base", "Ici encore", "Là")
    assert colleague.item(key)["title"] == "Là"


def test_the_colleague_and_the_moment_are_named(desk: Desk, colleague: Colleague) -> None:
    clash(desk, colleague)  # whose item it is: the server names its maker alone
    (conflict,) = desk.sync().conflicts
    assert conflict.zotero_by.startswith("collegue, 20")


def test_who_changed_an_item_of_somebody_else_s_is_named(desk: Desk, colleague: Colleague) -> None:
    desk.write("t", 'itemType = "book"\ntitle = "Base"\n')
    desk.sync()
    (key,) = desk.fields()
    colleague.change(key, title="Là")
    desk.edit(key, '"Base"', '"Ici"')
    (conflict,) = desk.sync().conflicts
    assert conflict.zotero_by.startswith("collegue, 20")


def test_an_offline_look_knows_the_open_conflicts(desk: Desk, colleague: Colleague) -> None:
    clash(desk, colleague)
    desk.sync()
    with desk.engine(None) as engine:
        assert only(engine.conflicts()) == ("title", "Base", "Ici", "Là")


def test_a_table_typed_by_hand_for_no_conflict_is_taken_away(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make(title="Base")
    desk.sync()
    path = desk.file_of(key)
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[conflict.title]\nbase = ""\nzotero = "x"\n', encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert "[conflict" not in path.read_text(encoding="utf-8")
    assert colleague.item(key)["title"] == "Base"


# What settles one


@pytest.mark.parametrize("title", ["Ici", "Là", "Un troisième"])
def test_deleting_the_table_settles_it_with_what_the_file_says(
    desk: Desk, colleague: Colleague, title: str
) -> None:
    key = clash(desk, colleague)
    desk.sync()
    settle_by_hand(desk, key, title)
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == desk.fields()[key]["title"] == title
    assert desk.sync().run == 0


@pytest.mark.parametrize(("side", "title"), [("local", "Ici"), ("remote", "Là")])
def test_resolve_settles_it_the_same(
    desk: Desk, colleague: Colleague, side: str, title: str
) -> None:
    key = clash(desk, colleague)
    desk.sync()
    assert desk.settle(side) == 1
    assert "[conflict" not in desk.file_of(key).read_text(encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == desk.fields()[key]["title"] == title


def test_resolve_takes_a_value_that_neither_side_had(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    with desk.engine(None) as engine:
        assert engine.resolve({(key, "title"): Settled("Un troisième")}) == 1
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == desk.fields()[key]["title"] == "Un troisième"


def test_what_resolve_writes_over_is_in_the_journal(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    before = desk.file_of(key).read_text(encoding="utf-8")
    desk.settle("remote")
    with desk.engine(None) as engine:
        assert (before,) in set(engine.state.rows("SELECT text FROM journal"))


@pytest.mark.parametrize(("side", "title"), [("local", "Ici"), ("remote", "Là")])
def test_the_configuration_settles_it_in_the_same_run(
    desk: Desk, colleague: Colleague, side: str, title: str
) -> None:
    key = clash(desk, colleague)
    assert desk.sync(on_conflict=side).exit_code == 0
    assert colleague.item(key)["title"] == desk.fields()[key]["title"] == title


def test_settling_one_of_two_leaves_the_other(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague, place="Paris")
    colleague.change(key, place="Là-bas")
    desk.edit(key, '"Paris"', '"Ici même"')
    assert len(desk.sync().conflicts) == 2
    with desk.engine(None) as engine:
        engine.resolve({(key, "title"): "local"})
    assert only(desk.sync().conflicts) == ("place", "Paris", "Ici même", "Là-bas")
    assert colleague.item(key)["title"] == "Ici"


def test_what_changed_in_zotero_since_it_was_shown_is_a_conflict_again(
    desk: Desk, colleague: Colleague
) -> None:
    key = clash(desk, colleague)
    desk.sync()
    settle_by_hand(desk, key, "Ici")
    colleague.change(key, title="Là encore")
    outcome = desk.sync()
    assert only(outcome.conflicts) == ("title", "Là", "Ici", "Là encore")
    assert colleague.item(key)["title"] == "Là encore"
    text = desk.file_of(key).read_text(encoding="utf-8")
    assert '[conflict.title]\nbase = "Là"\nzotero = "Là encore"\n' in text


def test_the_base_of_a_settled_conflict_is_what_was_shown_and_nothing_else(
    desk: Desk, colleague: Colleague
) -> None:
    key = clash(desk, colleague)
    desk.sync()
    settle_by_hand(desk, key, "Ici")
    colleague.change(key, title="Là encore")
    desk.sync()
    colleague.change(key, title="Base")  # the old base is no base any more
    assert only(desk.sync().conflicts) == ("title", "Là", "Ici", "Base")
    colleague.change(key, title="Là")
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == "Ici"


def test_taking_the_shown_value_takes_a_newer_one_too(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    settle_by_hand(desk, key, "Là")
    colleague.change(key, title="Là encore")
    assert desk.sync().exit_code == 0
    assert desk.fields()[key]["title"] == "Là encore"


# What ends one by itself


def test_equal_values_end_it(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    colleague.change(key, title="Ici")
    assert desk.sync().exit_code == 0
    assert "[conflict" not in desk.file_of(key).read_text(encoding="utf-8")


def test_zotero_back_at_base_ends_it_with_what_is_here(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    colleague.change(key, title="Base")
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == "Ici"
    assert "[conflict" not in desk.file_of(key).read_text(encoding="utf-8")


def test_the_file_back_at_base_ends_it_with_what_zotero_has(
    desk: Desk, colleague: Colleague
) -> None:
    key = clash(desk, colleague)
    desk.sync()
    desk.edit(key, 'title = "Ici"', 'title = "Base"')
    assert desk.sync().exit_code == 0
    assert desk.fields()[key]["title"] == colleague.item(key)["title"] == "Là"
    assert "[conflict" not in desk.file_of(key).read_text(encoding="utf-8")


# Several at once, and odd ones


def test_a_conflict_on_creators_is_one_value(desk: Desk, colleague: Colleague) -> None:
    def author(name: str) -> dict[str, str]:
        return {"creatorType": "author", "firstName": "", "lastName": name}

    key = colleague.make(title="T", creators=[author("Base")])
    desk.sync()
    colleague.change(key, creators=[author("Là")])
    desk.edit(key, "Base", "Ici")
    (conflict,) = desk.sync().conflicts
    assert (conflict.field, conflict.zotero) == ("creators", [author("Là")])
    parsed = parse_item(desk.file_of(key).read_bytes(), "")
    assert parsed.conflicts == {"creators"}
    desk.settle("local")
    desk.sync()
    assert [c["lastName"] for c in colleague.item(key)["creators"]] == ["Ici"]


def test_retyping_against_an_edit_is_one_conflict(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make("book", title="T", edition="12")
    desk.sync()
    colleague.change(key, edition="13")
    desk.edit(key, 'itemType = "book"', 'itemType = "thesis"')
    desk.edit(key, 'edition = "12"\n', 'thesisType = "Master"\n')
    (conflict,) = desk.sync().conflicts
    assert conflict.field == "itemType"
    assert colleague.item(key)["itemType"] == "book"
    desk.settle("local")
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["itemType"] == "thesis"
    assert colleague.item(key)["thesisType"] == "Master"


def test_a_settled_retyping_is_a_conflict_again_where_zotero_changed_since(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make("book", title="T", edition="12")
    desk.sync()
    colleague.change(key, edition="13")
    desk.edit(key, 'itemType = "book"', 'itemType = "thesis"')
    desk.edit(key, 'edition = "12"\n', "")
    desk.sync()
    path = desk.file_of(key)
    path.write_text(without_tables(path.read_text(encoding="utf-8")), encoding="utf-8")
    colleague.change(key, edition="14")
    (conflict,) = desk.sync().conflicts
    assert conflict.base["edition"] == "13"
    assert conflict.zotero["edition"] == "14"
    assert (colleague.item(key)["itemType"], colleague.item(key)["edition"]) == ("book", "14")


def test_a_copy_of_what_was_erased_is_asked_about(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make(title="T")
    other = Desk(desk.root.parent / "b", desk.sandbox, seed=1)
    desk.sync()
    other.write("t", desk.file_of(key).read_text(encoding="utf-8").replace('"T"', '"Autre"'))
    colleague.erase(key)
    (conflict,) = other.sync().conflicts
    assert (conflict.key, conflict.field) == (key, "deleted")
    other.settle("local")
    assert other.sync().exit_code == 0
    assert colleague.item(key)["title"] == "Autre"


# A conflict on a collection


def renamed_on_both_sides(desk: Desk, colleague: Colleague) -> str:
    key = colleague.collection("Base")
    desk.sync()
    colleague.change(key, "collections", name="Là")
    desk.workspace.collections.write_text(f'"Ici" = "{key}"\n', encoding="utf-8")
    return key


def name_of(colleague: Colleague, key: str) -> str:
    return str(colleague.get(f"/collections/{key}")["data"]["name"])


def test_a_collection_renamed_on_both_sides_is_a_conflict(desk: Desk, colleague: Colleague) -> None:
    key = renamed_on_both_sides(desk, colleague)
    outcome = desk.sync()
    assert outcome.exit_code == 3
    (conflict,) = outcome.conflicts
    assert (conflict.kind, conflict.key) == (Kind.COLLECTION, key)
    assert only(outcome.conflicts) == ("name", "Base", "Ici", "Là")
    assert (name_of(colleague, key), desk.collections()) == ("Là", {"Ici": key})
    desk.sync()
    assert (desk.requests, name_of(colleague, key)) == (1, "Là")


@pytest.mark.parametrize(("side", "name"), [("local", "Ici"), ("remote", "Là")])
def test_a_conflict_on_a_collection_is_settled(
    desk: Desk, colleague: Colleague, side: str, name: str
) -> None:
    key = renamed_on_both_sides(desk, colleague)
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    assert desk.settle(side) == 1
    assert desk.sync().exit_code == 0
    assert (name_of(colleague, key), desk.collections()) == (name, {name: key})
    assert desk.fields()[item]["collections"] == [name]
    assert desk.sync().run == 0


def test_a_conflict_on_a_collection_ends_with_equal_names(desk: Desk, colleague: Colleague) -> None:
    key = renamed_on_both_sides(desk, colleague)
    desk.sync()
    desk.workspace.collections.write_text(f'"Là" = "{key}"\n', encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert (name_of(colleague, key), desk.collections()) == ("Là", {"Là": key})


def test_moved_on_both_sides_is_a_conflict_on_the_parent_alone(
    desk: Desk, colleague: Colleague
) -> None:
    un, deux = colleague.collection("Un"), colleague.collection("Deux")
    key = colleague.collection("Fond")
    desk.sync()
    colleague.change(key, "collections", parentCollection=un)
    text = desk.workspace.collections.read_text(encoding="utf-8")
    text = text.replace('"Fond"', '"Deux/Fonds"')
    desk.workspace.collections.write_text(text, encoding="utf-8")
    outcome = desk.sync()
    assert only(outcome.conflicts) == ("parentCollection", "", deux, un)
    assert name_of(colleague, key) == "Fonds"
    desk.settle("local")
    assert desk.sync().exit_code == 0
    assert colleague.get(f"/collections/{key}")["data"]["parentCollection"] == deux


# One direction, and conflicts


def test_a_push_alone_shows_no_conflict_and_settles_none(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague, place="Paris")
    desk.edit(key, '"Paris"', '"Lyon"')
    for _time in range(2):
        outcome = desk.sync(push_only=True)
        assert only(outcome.conflicts) == ("title", "Base", "Ici", "Là")
        assert "[conflict" not in desk.file_of(key).read_text(encoding="utf-8")
    assert colleague.item(key)["place"] == "Lyon"
    assert only(desk.sync().conflicts) == ("title", "Base", "Ici", "Là")
    assert colleague.item(key)["title"] == "Là"


def test_the_edit_that_wins_over_a_deletion_is_told(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make(title="Base")
    desk.sync()
    colleague.trash(key)
    desk.edit(key, '"Base"', '"Ici"')
    outcome = desk.sync()
    assert (outcome.exit_code, outcome.conflicts) == (0, ())
    assert NoticeKind.EDIT_WON_OVER_DELETION in {n.what for n in outcome.notices}
    assert Decision.RESTORE_IN_ZOTERO in {s.decision for s in outcome.steps}
    assert colleague.item(key)["title"] == "Ici"
    assert not colleague.item(key).get("deleted")
