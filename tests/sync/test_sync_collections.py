"""Collections on both sides: what a line, a path and a membership mean (SYNC §4, §5)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.errors import ServerError
from zotsync.sandbox.faults import Fault
from zotsync.sync.deciding.shelves import plan_collections
from zotsync.sync.trees import (
    Base,
    BaseObject,
    Decision,
    Kind,
    LocalObject,
    MirrorObject,
    NoticeKind,
    Remote,
    Trees,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def lines(desk: Desk, **tree: str) -> None:
    """Write collections.toml: path=key, `__` for a slash."""
    write(desk, {path.replace("__", "/"): key for path, key in tree.items()})


def write(desk: Desk, tree: dict[str, str]) -> None:
    text = "".join(f"'{path}' = \"{key}\"\n" for path, key in tree.items())
    desk.workspace.collections.write_text(text, encoding="utf-8")


def shelf(colleague: Colleague, key: str) -> dict[str, Any]:
    data: dict[str, Any] = colleague.get(f"/collections/{key}")["data"]
    return data


def names(colleague: Colleague) -> dict[str, str]:
    """Return name -> key of the collections in Zotero that are not in the trash."""
    objects = (o["data"] for o in colleague.get("/collections", limit=100))
    return {d["name"]: d["key"] for d in objects if not d.get("deleted")}


def paths(desk: Desk, key: str) -> list[str]:
    return list(desk.fields()[key].get("collections", []))


def at_rest(desk: Desk) -> None:
    """Assert that nothing is left to do."""
    outcome = desk.sync()
    assert (outcome.run, outcome.requests, outcome.exit_code) == (0, 1, 0)


# Lines of collections.toml


def test_a_renamed_line_renames_the_collection_and_every_mention(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    lines(desk, Beta=key)
    desk.sync()
    assert shelf(colleague, key)["name"] == "Beta"
    assert paths(desk, item) == ["Beta"]
    assert colleague.item(item)["collections"] == [key]
    at_rest(desk)


def test_a_moved_line_moves_the_collection(desk: Desk, colleague: Colleague) -> None:
    alpha, beta = colleague.collection("Alpha"), colleague.collection("Beta")
    item = colleague.make(title="T", collections=[beta])
    desk.sync()
    lines(desk, Alpha=alpha, Alpha__Beta=beta)
    desk.sync()
    assert shelf(colleague, beta)["parentCollection"] == alpha
    assert paths(desk, item) == ["Alpha/Beta"]
    lines(desk, Alpha=alpha, Beta=beta)
    desk.sync()
    assert shelf(colleague, beta)["parentCollection"] is False
    at_rest(desk)


def test_subcollections_follow_though_their_lines_show_the_old_path(
    desk: Desk, colleague: Colleague
) -> None:
    alpha = colleague.collection("Alpha")
    sub = colleague.collection("Un", alpha)
    deep = colleague.collection("Fond", sub)
    item = colleague.make(title="T", collections=[deep])
    desk.sync()
    lines(desk, Beta=alpha, Alpha__Un=sub, Alpha__Un__Fond=deep)
    desk.sync()
    assert desk.collections() == {"Beta": alpha, "Beta/Un": sub, "Beta/Un/Fond": deep}
    assert paths(desk, item) == ["Beta/Un/Fond"]
    assert [shelf(colleague, k)["name"] for k in (alpha, sub, deep)] == ["Beta", "Un", "Fond"]
    at_rest(desk)


def test_parent_and_child_are_renamed_in_one_edit(desk: Desk, colleague: Colleague) -> None:
    alpha = colleague.collection("Alpha")
    sub = colleague.collection("Un", alpha)
    desk.sync()
    lines(desk, Beta=alpha, Alpha__Deux=sub)  # the old parent's path still stands there
    desk.sync()
    assert desk.collections() == {"Beta": alpha, "Beta/Deux": sub}
    assert set(names(colleague)) == {"Beta", "Deux"}


def test_two_collections_can_change_names(desk: Desk, colleague: Colleague) -> None:
    alpha, beta = colleague.collection("Alpha"), colleague.collection("Beta")
    item = colleague.make(title="T", collections=[alpha])
    desk.sync()
    lines(desk, Alpha=beta, Beta=alpha)
    desk.sync()
    assert names(colleague) == {"Alpha": beta, "Beta": alpha}
    assert paths(desk, item) == ["Beta"]
    at_rest(desk)


def test_a_new_line_at_the_old_path_of_a_renamed_one_is_a_new_collection(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    lines(desk, Beta=key, Alpha="")
    desk.sync()
    assert names(colleague)["Beta"] == key
    assert names(colleague)["Alpha"] != key
    assert paths(desk, item) == ["Beta"]


def test_a_removed_line_trashes_the_collection_and_its_mentions_follow(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, beta = colleague.collection("Alpha"), colleague.collection("Beta")
    item = colleague.make(title="T", collections=[alpha, beta])
    desk.sync()
    lines(desk, Beta=beta)
    desk.sync()
    assert shelf(colleague, alpha)["deleted"] is True
    assert paths(desk, item) == ["Beta"]
    assert colleague.item(item)["collections"] == sorted([alpha, beta])
    at_rest(desk)


def test_removing_a_parent_and_its_child_trashes_the_parent_alone(
    desk: Desk, colleague: Colleague
) -> None:
    alpha = colleague.collection("Alpha")
    sub = colleague.collection("Un", alpha)
    desk.sync()
    lines(desk)
    desk.sync()
    assert shelf(colleague, alpha)["deleted"] is True
    assert not shelf(colleague, sub).get("deleted")
    assert desk.collections() == {}
    at_rest(desk)


def test_a_line_that_is_put_back_takes_the_collection_out_of_the_trash(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    lines(desk)
    desk.sync()
    lines(desk, Alpha=key)
    desk.sync()
    assert not shelf(colleague, key).get("deleted")
    assert paths(desk, item) == ["Alpha"]
    at_rest(desk)


def test_a_new_line_makes_the_collection_and_its_parents(desk: Desk, colleague: Colleague) -> None:
    lines(desk, Alpha__Un="")
    desk.sync()
    found = names(colleague)
    assert desk.collections() == {"Alpha": found["Alpha"], "Alpha/Un": found["Un"]}
    assert shelf(colleague, found["Un"])["parentCollection"] == found["Alpha"]
    at_rest(desk)


def test_comments_and_the_order_of_lines_survive(desk: Desk, colleague: Colleague) -> None:
    alpha, beta = colleague.collection("Alpha"), colleague.collection("Beta")
    desk.sync()
    text = f'# à garder\n"Beta" = "{beta}"\n"Alpha" = "{alpha}"  # ici\n'
    desk.workspace.collections.write_text(text, encoding="utf-8")
    colleague.change(beta, "collections", name="Gamma")
    desk.sync()
    now = f'# à garder\n"Gamma" = "{beta}"\n"Alpha" = "{alpha}"  # ici\n'
    assert desk.workspace.collections.read_text(encoding="utf-8") == now


def test_an_edit_there_wins_over_a_removed_line(desk: Desk, colleague: Colleague) -> None:
    key = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    colleague.change(key, "collections", name="Beta")
    lines(desk)
    desk.sync()
    assert desk.collections() == {"Beta": key}
    assert paths(desk, item) == ["Beta"]


# Paths in item files


def test_a_path_as_zotsync_wrote_it_means_its_collection_whatever_that_is_called(
    desk: Desk, colleague: Colleague
) -> None:
    alpha = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[alpha])
    desk.sync()
    colleague.change(alpha, "collections", name="Beta")
    other = colleague.collection("Alpha")  # another one takes the name
    desk.sync()
    assert paths(desk, item) == ["Beta"]
    assert colleague.item(item)["collections"] == [alpha]
    assert desk.collections() == {"Beta": alpha, "Alpha": other}


def test_a_path_that_was_added_is_looked_up_in_the_present_tree(
    desk: Desk, colleague: Colleague
) -> None:
    alpha = colleague.collection("Alpha")
    item = colleague.make(title="T")
    desk.sync()
    colleague.change(alpha, "collections", name="Beta")
    other = colleague.collection("Alpha")
    desk.sync()
    desk.edit(item, '"T"\n', '"T"\ncollections = ["Alpha"]\n')
    desk.sync()
    assert colleague.item(item)["collections"] == [other]


def test_a_path_that_is_nowhere_is_made(desk: Desk, colleague: Colleague) -> None:
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = ["Alpha/Un"]\n')
    desk.sync()
    (item,) = colleague.library().values()
    found = names(colleague)
    assert item["collections"] == [found["Un"]]
    assert shelf(colleague, found["Un"])["parentCollection"] == found["Alpha"]
    assert desk.collections() == {"Alpha": found["Alpha"], "Alpha/Un": found["Un"]}
    at_rest(desk)


def test_a_new_path_that_zotero_has_takes_that_key(desk: Desk, colleague: Colleague) -> None:
    desk.sync()
    key = colleague.collection("Alpha")
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = [" Alpha "]\n')
    desk.sync()
    assert names(colleague) == {"Alpha": key}
    (item,) = colleague.library().values()
    assert item["collections"] == [key]


def test_the_unicode_form_of_a_path_makes_no_difference(desk: Desk, colleague: Colleague) -> None:
    key = colleague.collection("Éthique")
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = ["E\u0301thique"]\n')
    desk.sync()
    assert list(names(colleague).values()) == [key]
    write(desk, {"E\u0301thique": key})
    at_rest(desk)


def test_a_slash_inside_a_name_is_escaped(desk: Desk, colleague: Colleague) -> None:
    key = colleague.collection("Arts/lettres\\")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    assert desk.collections() == {r"Arts\/lettres\\": key}
    assert paths(desk, item) == [r"Arts\/lettres\\"]
    desk.write("u", 'itemType = "book"\ntitle = "U"\ncollections = [\'Arts\\/lettres\\\\\']\n')
    desk.sync()
    assert list(names(colleague).values()) == [key]
    assert all(item["collections"] == [key] for item in colleague.library().values())


def test_a_double_quoted_escape_says_single_quotes(desk: Desk) -> None:
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = ["Arts\\/lettres"]\n')
    outcome = desk.sync()
    (problem,) = outcome.problems
    assert outcome.exit_code == 1
    assert problem.place.line == 3
    assert "single quotes" in problem.hint


def test_a_malformed_path_waits_and_the_rest_of_the_item_goes(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    desk.edit(item, '["Alpha"]', '["Alpha", "Arts//x"]')
    desk.edit(item, '"T"', '"T2"')
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert colleague.item(item)["title"] == "T2"
    assert colleague.item(item)["collections"] == [key]


def test_what_stands_beside_a_malformed_path_keeps_its_meaning(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[key])
    desk.sync()
    desk.edit(item, '["Alpha"]', '["Alpha", "Arts//x"]')
    desk.sync()
    colleague.change(key, "collections", name="Beta")
    colleague.change(item, title="T2")
    desk.sync()
    assert '["Alpha", "Arts//x"]' in desk.file_of(item).read_text(encoding="utf-8")
    desk.edit(item, "Arts//x", "Arts")
    desk.sync()
    assert paths(desk, item) == ["Arts", "Beta"]
    assert set(names(colleague)) == {"Arts", "Beta"}


def test_a_collection_is_added_and_taken_away_as_a_member_of_a_set(
    desk: Desk, colleague: Colleague
) -> None:
    keys = [colleague.collection(name) for name in ("Alpha", "Beta", "Gamma")]
    item = colleague.make(title="T", collections=keys[:2])
    desk.sync()
    colleague.change(item, collections=keys)
    desk.edit(item, '["Alpha", "Beta"]', '["Beta"]')
    assert desk.sync().exit_code == 0
    assert colleague.item(item)["collections"] == sorted(keys[1:])
    assert paths(desk, item) == ["Beta", "Gamma"]


# Twins


def test_twins_are_written_with_their_keys_everywhere(desk: Desk, colleague: Colleague) -> None:
    one, two = colleague.collection("Alpha"), colleague.collection("Alpha")
    sub = colleague.collection("Un", one)
    item = colleague.make(title="T", collections=[sub, two])
    desk.sync()
    tree = {f"Alpha [{one}]": one, f"Alpha [{two}]": two, f"Alpha [{one}]/Un": sub}
    assert desk.collections() == tree
    assert paths(desk, item) == sorted([f"Alpha [{one}]/Un", f"Alpha [{two}]"])
    at_rest(desk)


def test_a_collection_that_gets_a_twin_is_written_anew(desk: Desk, colleague: Colleague) -> None:
    one = colleague.collection("Alpha")
    item = colleague.make(title="T", collections=[one])
    desk.sync()
    two = colleague.collection("Alpha")
    desk.sync()
    assert paths(desk, item) == [f"Alpha [{one}]"]
    colleague.erase(two, "collections")
    desk.sync()
    assert paths(desk, item) == ["Alpha"]
    assert colleague.item(item)["collections"] == [one]
    assert shelf(colleague, one)["name"] == "Alpha"


def test_a_bare_path_to_twins_is_asked_about(desk: Desk, colleague: Colleague) -> None:
    one, two = colleague.collection("Alpha"), colleague.collection("Alpha")
    desk.sync()
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = ["Alpha"]\n')
    outcome = desk.sync()
    (problem,) = outcome.problems
    assert f"Alpha [{one}]" in problem.hint
    assert f"Alpha [{two}]" in problem.hint
    (item,) = colleague.library().values()
    assert item["collections"] == []


def test_a_new_line_that_goes_for_twins_is_told_with_its_line_and_waits(
    desk: Desk, colleague: Colleague
) -> None:
    one, two = colleague.collection("Alpha"), colleague.collection("Alpha")
    desk.sync()
    tree = {f"Alpha [{one}]": one, f"Alpha [{two}]": two}
    write(desk, {**tree, "Alpha": ""})
    (problem,) = desk.sync().problems
    assert (problem.place.file, problem.place.line) == (str(desk.workspace.collections), 3)
    assert len(names(colleague)) == 1
    write(desk, tree)
    at_rest(desk)


def test_a_twin_is_named_by_its_key(desk: Desk, colleague: Colleague) -> None:
    _one, two = colleague.collection("Alpha"), colleague.collection("Alpha")
    desk.sync()
    desk.write("t", f'itemType = "book"\ntitle = "T"\ncollections = ["Alpha [{two}]"]\n')
    assert desk.sync().exit_code == 0
    (item,) = colleague.library().values()
    assert item["collections"] == [two]


def test_a_twin_that_is_renamed_leaves_its_key_behind(desk: Desk, colleague: Colleague) -> None:
    one, two = colleague.collection("Alpha"), colleague.collection("Alpha")
    desk.sync()
    write(desk, {f"Alpha [{one}]": one, "Beta": two})
    desk.sync()
    assert names(colleague) == {"Alpha": one, "Beta": two}
    assert desk.collections() == {"Alpha": one, "Beta": two}
    at_rest(desk)


# Cycles and missing parents


def moved_into_each_other(desk: Desk, colleague: Colleague) -> tuple[str, str, str]:
    """Return Fonds, Alpha and Beta in it: Alpha goes below Beta here, Beta below Alpha in Zotero."""
    top = colleague.collection("Fonds")
    alpha, beta = (colleague.collection(name, top) for name in ("Alpha", "Beta"))
    desk.sync()
    colleague.change(beta, "collections", parentCollection=alpha)
    lines(desk, Fonds=top, Fonds__Beta=beta, Fonds__Beta__Alpha=alpha)
    return top, alpha, beta


def test_moves_that_would_close_a_cycle_are_conflicts_and_each_side_keeps_its_tree(
    desk: Desk, colleague: Colleague
) -> None:
    top, alpha, beta = moved_into_each_other(desk, colleague)
    outcome = desk.sync()
    assert outcome.exit_code == 3
    told = {(c.key, c.field, c.local, c.zotero) for c in outcome.conflicts}
    assert told == {
        (alpha, "parentCollection", beta, top),
        (beta, "parentCollection", top, alpha),
    }
    assert shelf(colleague, alpha)["parentCollection"] == top
    assert desk.collections() == {"Fonds": top, "Fonds/Beta": beta, "Fonds/Beta/Alpha": alpha}
    assert desk.sync().requests == 1


@pytest.mark.parametrize(("side", "above"), [("local", "Beta"), ("remote", "Alpha")])
def test_a_conflict_on_a_cycle_is_settled(
    desk: Desk, colleague: Colleague, side: str, above: str
) -> None:
    _top, alpha, beta = moved_into_each_other(desk, colleague)
    desk.sync()
    desk.settle(side)
    assert desk.sync().exit_code == 0
    below = {"Alpha": beta, "Beta": alpha}[above]
    assert shelf(colleague, below)["parentCollection"] == {"Alpha": alpha, "Beta": beta}[above]
    assert desk.collections()[f"Fonds/{above}/{shelf(colleague, below)['name']}"] == below
    at_rest(desk)


def test_one_of_the_two_moves_is_taken_and_the_other_conflict_ends(
    desk: Desk, colleague: Colleague
) -> None:
    _top, alpha, beta = moved_into_each_other(desk, colleague)
    desk.sync()
    with desk.engine(None) as engine:
        engine.resolve({(alpha, "parentCollection"): "remote"})
    assert desk.sync().exit_code == 0
    assert desk.collections()["Fonds/Alpha/Beta"] == beta
    at_rest(desk)


@pytest.mark.parametrize("side", ["local", "remote"])
def test_a_cycle_is_never_closed_by_the_configuration(
    desk: Desk, colleague: Colleague, side: str
) -> None:
    _top, alpha, beta = moved_into_each_other(desk, colleague)
    assert desk.sync(on_conflict=side).exit_code == 0
    parents = {key: shelf(colleague, key)["parentCollection"] for key in (alpha, beta)}
    assert (parents[alpha] == beta) is (side == "local")
    assert (parents[beta] == alpha) is (side == "remote")
    at_rest(desk)


def test_a_cycle_typed_here_is_never_pushed(desk: Desk, colleague: Colleague) -> None:
    alpha, beta = colleague.collection("Alpha"), colleague.collection("Beta")
    desk.sync()
    lines(desk, Beta__Alpha=alpha, Alpha__Beta=beta)
    outcome = desk.sync()
    assert [c.field for c in outcome.conflicts] == ["parentCollection"]
    parents = {k: shelf(colleague, k)["parentCollection"] for k in (alpha, beta)}
    assert sorted(map(bool, parents.values())) == [False, True]


def cycle(colleague: Colleague) -> tuple[str, str]:
    alpha = colleague.collection("Alpha")
    beta = colleague.collection("Beta", alpha)
    colleague.close_cycle(alpha, beta)
    return alpha, beta


def test_a_cycle_from_zotero_is_shown_at_the_root_and_reported(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, beta = cycle(colleague)
    item = colleague.make(title="T", collections=[beta])
    outcome = desk.sync()
    assert desk.collections() == {"Alpha": alpha, "Beta": beta}
    assert paths(desk, item) == ["Beta"]
    assert {n.key for n in outcome.notices if n.what is NoticeKind.CYCLE} == {alpha, beta}
    assert outcome.exit_code == 0
    at_rest(desk)


def test_a_cycle_from_zotero_is_never_pushed(desk: Desk, colleague: Colleague) -> None:
    alpha, beta = cycle(colleague)
    desk.sync()
    lines(desk, Gamma=alpha, Beta=beta)
    desk.sync()
    assert shelf(colleague, alpha)["name"] == "Gamma"
    assert shelf(colleague, alpha)["parentCollection"] == beta


def test_a_collection_is_moved_out_of_a_cycle(desk: Desk, colleague: Colleague) -> None:
    alpha, beta = cycle(colleague)
    gamma = colleague.collection("Gamma")
    desk.sync()
    lines(desk, Gamma=gamma, Gamma__Alpha=alpha, Beta=beta)
    assert desk.sync().exit_code == 0
    assert shelf(colleague, alpha)["parentCollection"] == gamma
    assert desk.collections() == {
        "Gamma": gamma,
        "Gamma/Alpha": alpha,
        "Gamma/Alpha/Beta": beta,
    }


@pytest.mark.parametrize("status", [Remote.ERASED, None])
def test_a_missing_parent_is_reported_and_never_pushed(status: Remote | None) -> None:
    fields = {"name": "Un", "parentCollection": "AAAAAAAA"}
    mirror = {"BBBBBBBB": MirrorObject("BBBBBBBB", 3, Remote.LIVE, fields)}
    if status:
        mirror["AAAAAAAA"] = MirrorObject("AAAAAAAA", 3, status, {})
    base = {"BBBBBBBB": BaseObject("BBBBBBBB", Base.LIVE, fields)}
    local = {"BBBBBBBB": LocalObject("BBBBBBBB", fields)}
    plan = plan_collections(Trees(local, mirror, base), (), may_delete=True).plan
    assert [(n.what, n.key) for n in plan.notices] == [(NoticeKind.PARENT_MISSING, "BBBBBBBB")]
    assert not plan.acts


# The trash


def nested(desk: Desk, colleague: Colleague) -> tuple[str, str, str, str]:
    """Return Alpha, Alpha/Un, an item in each."""
    alpha = colleague.collection("Alpha")
    sub = colleague.collection("Un", alpha)
    one = colleague.make(title="Un", collections=[alpha])
    two = colleague.make(title="Deux", collections=[sub])
    desk.sync()
    return alpha, sub, one, two


def test_a_trashed_collection_and_all_below_leave_the_files(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    colleague.trash(alpha, "collections")
    desk.sync()
    assert desk.collections() == {}
    assert (paths(desk, one), paths(desk, two)) == ([], [])
    assert colleague.item(one)["collections"] == [alpha]
    assert colleague.item(two)["collections"] == [sub]
    at_rest(desk)


def test_memberships_in_the_trash_are_added_to_what_is_sent(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    beta = colleague.collection("Beta")
    colleague.trash(alpha, "collections")
    desk.sync()
    desk.edit(one, '"Un"\n', '"Un"\ncollections = ["Beta"]\n')
    desk.sync()
    assert colleague.item(one)["collections"] == sorted([alpha, beta])
    desk.edit(one, 'collections = ["Beta"]\n', "")
    desk.sync()
    assert colleague.item(one)["collections"] == [alpha]
    at_rest(desk)


def test_a_collection_taken_out_of_the_trash_comes_back_with_its_items(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    colleague.trash(alpha, "collections")
    desk.sync()
    colleague.change(alpha, "collections", deleted=False)
    desk.sync()
    assert desk.collections() == {"Alpha": alpha, "Alpha/Un": sub}
    assert (paths(desk, one), paths(desk, two)) == (["Alpha"], ["Alpha/Un"])
    assert colleague.item(one)["collections"] == [alpha]
    assert colleague.item(two)["collections"] == [sub]
    at_rest(desk)


def test_so_does_one_whose_items_could_not_be_read_meanwhile(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    colleague.trash(alpha, "collections")
    desk.sync()
    file = desk.file_of(one)
    good = file.read_text(encoding="utf-8")
    file.write_text(good + "volume = 1 2\n", encoding="utf-8")
    colleague.change(alpha, "collections", deleted=False)
    desk.sync()
    file.write_text(good, encoding="utf-8")
    desk.sync()
    assert paths(desk, one) == ["Alpha"]
    assert colleague.item(one)["collections"] == [alpha]


def test_an_item_put_into_a_trashed_collection_there_shows_once_it_is_back(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, _one, _two = nested(desk, colleague)
    item = colleague.make(title="T")
    colleague.trash(alpha, "collections")
    desk.sync()
    colleague.change(item, collections=[alpha])
    new = colleague.make(title="N", collections=[alpha])
    desk.sync()
    assert (paths(desk, item), paths(desk, new)) == ([], [])
    colleague.change(alpha, "collections", deleted=False)
    desk.sync()
    assert (paths(desk, item), paths(desk, new)) == (["Alpha"], ["Alpha"])
    assert colleague.item(item)["collections"] == colleague.item(new)["collections"] == [alpha]


def test_a_membership_taken_away_in_the_trash_does_not_come_back(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    colleague.trash(alpha, "collections")
    desk.sync()
    colleague.change(one, collections=[])
    desk.sync()
    colleague.change(alpha, "collections", deleted=False)
    desk.sync()
    assert paths(desk, one) == []
    assert colleague.item(one)["collections"] == []
    at_rest(desk)


def test_adding_an_item_inside_restores_the_collection_and_its_ancestors(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    colleague.trash(alpha, "collections")
    colleague.trash(sub, "collections")
    desk.sync()
    desk.write("neuf", 'itemType = "book"\ntitle = "Neuf"\ncollections = ["Alpha/Un"]\n')
    outcome = desk.sync()
    assert not shelf(colleague, alpha).get("deleted")
    assert not shelf(colleague, sub).get("deleted")
    assert desk.collections() == {"Alpha": alpha, "Alpha/Un": sub}
    told = {n.key for n in outcome.notices if n.what is NoticeKind.ANCESTOR_RESTORED}
    assert told == {alpha, sub}
    assert (paths(desk, one), paths(desk, two)) == (["Alpha"], ["Alpha/Un"])
    assert len(names(colleague)) == 2
    at_rest(desk)


def test_a_new_collection_inside_restores_the_one_above(desk: Desk, colleague: Colleague) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    colleague.trash(alpha, "collections")
    desk.sync()
    lines(desk, Alpha__Deux="")
    desk.sync()
    assert not shelf(colleague, alpha).get("deleted")
    found = names(colleague)
    assert desk.collections() == {"Alpha": alpha, "Alpha/Un": sub, "Alpha/Deux": found["Deux"]}
    assert (paths(desk, one), paths(desk, two)) == (["Alpha"], ["Alpha/Un"])


# Erased, and made again (SYNC §4)


def test_an_erased_collection_leaves_the_files_with_all_below(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, two = nested(desk, colleague)
    colleague.erase(alpha, "collections")
    desk.sync()
    assert desk.collections() == {}
    assert (paths(desk, one), paths(desk, two)) == ([], [])
    assert colleague.get("/collections") == []
    at_rest(desk)


def test_a_mention_of_an_erased_collection_does_not_make_it_again(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    file = desk.file_of(one)
    good = file.read_text(encoding="utf-8")
    file.write_text(good + "volume = 1 2\n", encoding="utf-8")
    colleague.erase(alpha, "collections")
    desk.sync()
    file.write_text(good, encoding="utf-8")
    desk.sync()
    assert colleague.get("/collections") == []
    assert paths(desk, one) == []
    at_rest(desk)


def test_a_mention_that_is_typed_again_makes_a_new_collection(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    colleague.erase(alpha, "collections")
    desk.sync()
    desk.edit(one, '"Un"\n', '"Un"\ncollections = ["Alpha"]\n')
    desk.sync()
    made = names(colleague)["Alpha"]
    assert made != alpha
    assert colleague.item(one)["collections"] == [made]


def test_memberships_are_sent_again_when_a_collection_is_made_again(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    colleague.erase(alpha, "collections")
    lines(desk, Beta=alpha, Alpha__Un=sub)
    desk.sync()
    assert names(colleague)["Beta"] == alpha
    assert colleague.item(one)["collections"] == [alpha]
    assert paths(desk, one) == ["Beta"]
    assert desk.collections().get("Beta") == alpha
    at_rest(desk)
    assert two in colleague.library()


def test_a_dead_collection_key_is_never_sent(desk: Desk, colleague: Colleague) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    colleague.erase(alpha, "collections")
    desk.edit(one, '"Un"', '"Un, corrigé"')
    assert desk.sync().problems == ()
    assert colleague.item(one)["title"] == "Un, corrigé"


# collections.toml cannot be used

BROKEN = {
    "malformed": '"Alpha" = "\n',
    "not a key": '"Alpha" = "abc"\n',
    "a key twice": '"Alpha" = "AAAAAAAA"\n"Beta" = "AAAAAAAA"\n',
    "not utf-8": b'"Alph\xe9" = ""\n',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_an_unusable_tree_stops_all_collection_changes_and_nothing_else(
    desk: Desk, colleague: Colleague, text: str | bytes
) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    before = desk.workspace.collections.read_bytes()
    raw = text if isinstance(text, bytes) else text.encode()
    desk.workspace.collections.write_bytes(raw)
    colleague.change(alpha, "collections", name="Autre")
    colleague.change(two, title="Deux, là")
    desk.edit(one, '"Un"', '"Un, ici"')
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert str(desk.workspace.collections) in {p.place.file for p in outcome.problems}
    assert Kind.COLLECTION not in {s.kind for s in outcome.steps}
    assert desk.workspace.collections.read_bytes() == raw
    assert names(colleague) == {"Autre": alpha, "Un": sub}
    assert (paths(desk, one), paths(desk, two)) == (["Alpha"], ["Alpha/Un"])
    assert colleague.item(one)["title"] == "Un, ici"
    assert desk.fields()[two]["title"] == "Deux, là"
    assert desk.sync().requests == 1
    desk.workspace.collections.write_bytes(before)
    assert desk.sync().exit_code == 0
    assert desk.collections() == {"Autre": alpha, "Autre/Un": sub}
    assert (paths(desk, one), paths(desk, two)) == (["Autre"], ["Autre/Un"])


def test_an_unusable_tree_loses_no_membership_in_what_zotero_made_meanwhile(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, one, _two = nested(desk, colleague)
    before = desk.workspace.collections.read_bytes()
    desk.workspace.collections.write_text('"Alpha" = "\n', encoding="utf-8")
    beta = colleague.collection("Beta")
    new = colleague.make(title="N", collections=[beta])
    colleague.change(one, collections=[alpha, beta])
    desk.sync()
    desk.sync()
    assert colleague.item(new)["collections"] == [beta]
    desk.workspace.collections.write_bytes(before)
    assert desk.sync().exit_code == 0
    assert (paths(desk, one), paths(desk, new)) == (["Alpha", "Beta"], ["Beta"])
    assert colleague.item(one)["collections"] == sorted([alpha, beta])
    assert colleague.item(new)["collections"] == [beta]
    at_rest(desk)


def test_an_unusable_tree_makes_no_new_collection(desk: Desk, colleague: Colleague) -> None:
    _alpha, _sub, one, _two = nested(desk, colleague)
    desk.workspace.collections.write_text('"Alpha" = "\n', encoding="utf-8")
    desk.edit(one, '["Alpha"]', '["Alpha", "Neuf"]')
    outcome = desk.sync()
    assert len(outcome.problems) == 2
    assert "Neuf" not in names(colleague)


@pytest.mark.parametrize("kind", ["missing", "a folder"])
def test_a_tree_that_is_not_there_is_no_deletion(
    desk: Desk, colleague: Colleague, kind: str
) -> None:
    alpha, sub, one, two = nested(desk, colleague)
    desk.workspace.collections.unlink()
    if kind == "a folder":
        desk.workspace.collections.mkdir()
    desk.edit(one, '"Un"', '"Un, ici"')
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert names(colleague) == {"Alpha": alpha, "Un": sub}
    assert colleague.item(one)["title"] == "Un, ici"
    assert (paths(desk, one), paths(desk, two)) == (["Alpha"], ["Alpha/Un"])


def test_a_missing_tree_is_written_again_as_it_was(desk: Desk, colleague: Colleague) -> None:
    alpha, sub, _one, _two = nested(desk, colleague)
    desk.workspace.collections.unlink()
    colleague.change(alpha, "collections", name="Autre")
    outcome = desk.sync()
    assert (outcome.exit_code, len(outcome.problems)) == (1, 1)
    assert desk.collections() == {"Alpha": alpha, "Alpha/Un": sub}
    assert desk.sync().exit_code == 0
    assert desk.collections() == {"Autre": alpha, "Autre/Un": sub}


def test_an_empty_tree_means_that_there_are_no_collections(
    desk: Desk, colleague: Colleague
) -> None:
    alpha, _sub, _one, _two = nested(desk, colleague)
    desk.workspace.collections.write_text("", encoding="utf-8")
    desk.sync()
    assert shelf(colleague, alpha)["deleted"] is True


def test_the_first_sync_needs_no_tree(desk: Desk, colleague: Colleague) -> None:
    key = colleague.collection("Alpha")
    desk.workspace.collections.unlink()
    assert desk.sync().exit_code == 0
    assert desk.collections() == {"Alpha": key}


def test_a_tree_with_crlf_and_bom_is_read_and_kept_so(desk: Desk, colleague: Colleague) -> None:
    key = colleague.collection("Alpha")
    desk.sync()
    raw = b'\xef\xbb\xbf"Beta" = "' + key.encode() + b'"\r\n'
    desk.workspace.collections.write_bytes(raw)
    desk.sync()
    assert shelf(colleague, key)["name"] == "Beta"


# Writing


def test_what_an_interrupted_run_wrote_down_is_not_made_twice(
    desk: Desk, colleague: Colleague, tmp_path: Path
) -> None:
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = ["Alpha"]\n')
    desk.sync(pull_only=True)  # keys are written down, nothing is sent
    assert names(colleague) == {}
    copy = tmp_path / "state.db"
    shutil.copy(desk.workspace.state, copy)
    desk.sync()
    shutil.copy(copy, desk.workspace.state)  # as if the run had been stopped before it knew
    desk.sync()
    assert list(names(colleague)) == ["Alpha"]
    assert len(colleague.library()) == 1
    at_rest(desk)


def test_renames_that_come_from_zotero_count_as_work_done_here(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    desk.sync()
    colleague.change(key, "collections", name="Beta")
    outcome = desk.sync()
    (step,) = outcome.steps
    assert (step.kind, step.decision, step.to_file) == (
        Kind.COLLECTION,
        Decision.UPDATE,
        {"name": "Beta"},
    )


def test_the_tree_is_in_the_journal_before_it_is_written_over(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Alpha")
    desk.sync()
    text = f'"Alpha" = "{key}"  # un commentaire\n'
    desk.workspace.collections.write_text(text, encoding="utf-8")
    colleague.trash(key, "collections")
    desk.sync()
    with desk.engine(None) as engine:
        assert (text,) in set(engine.state.rows("SELECT text FROM journal"))


def test_a_line_without_a_key_brings_a_trashed_collection_back(
    desk: Desk, colleague: Colleague
) -> None:
    top = colleague.collection("Alpha")
    under = colleague.collection("Deux", top)
    desk.sync()
    colleague.trash(under, "collections")
    desk.sync()
    lines = f"'Alpha' = \"{top}\"\n'Alpha/Deux' = \"\"\n"
    desk.workspace.collections.write_text(lines, encoding="utf-8")
    desk.sync()
    assert desk.collections() == {"Alpha": top, "Alpha/Deux": under}
    assert not colleague.get(f"/collections/{under}")["data"].get("deleted")


def test_two_people_who_make_the_same_collection_at_once_get_one(
    desk: Desk, colleague: Colleague
) -> None:
    desk.write("livre", 'itemType = "book"\ntitle = "Un livre"\ncollections = ["Alpha/Un"]\n')
    made: list[str] = []

    def meanwhile(method: str, path: str) -> None:
        if (method, "/collections" in path, made) == ("POST", True, []):
            made.append("")
            made[0] = colleague.collection("Alpha")
            made.append(colleague.collection("Un", made[0]))

    desk.sandbox.faults.hooks.append(meanwhile)
    assert desk.sync().exit_code == 0
    desk.sandbox.faults.hooks.clear()
    assert desk.collections() == {"Alpha": made[0], "Alpha/Un": made[1]}
    (item,) = colleague.library().values()
    assert item["collections"] == [made[1]]
    assert len(colleague.get("/collections")) == 2
    assert desk.sync().requests == 1


def test_a_file_deleted_here_leaves_no_path_to_rewrite(desk: Desk, colleague: Colleague) -> None:
    alpha = colleague.collection("Alpha")
    colleague.make(title="Resté", collections=[alpha])
    gone = colleague.make(title="Jeté", collections=[alpha])
    desk.sync()
    desk.file_of(gone).unlink()
    colleague.change(alpha, "collections", name="Beta")
    desk.sync()
    outcome = desk.sync()
    assert (outcome.requests, outcome.run) == (1, 0)


def test_what_stands_below_a_collection_never_sent_goes_over_to_zoteros(
    desk: Desk, colleague: Colleague
) -> None:
    there = colleague.collection("Déjà")
    desk.sync()
    desk.write("livre", 'itemType = "book"\ntitle = "Un livre"\ncollections = ["Alpha/Un"]\n')
    write(desk, {"Alpha/Déjà": there})
    desk.sandbox.faults.plan(Fault(status=400, method="POST"))
    with pytest.raises(ServerError):
        desk.sync()  # all is written down here, and nothing is sent
    alpha = colleague.collection("Alpha")
    assert desk.sync().exit_code == 0
    made = desk.collections()
    assert sorted(made) == ["Alpha", "Alpha/Déjà", "Alpha/Un"]
    assert (made["Alpha"], made["Alpha/Déjà"]) == (alpha, there)
    found = {o["key"]: o["data"]["parentCollection"] for o in colleague.get("/collections")}
    assert found == {alpha: False, there: alpha, made["Alpha/Un"]: alpha}
    (item,) = colleague.library().values()
    assert item["collections"] == [made["Alpha/Un"]]
    assert desk.sync().requests == 1
