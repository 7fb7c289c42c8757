"""Handout files follow what is renamed, by whose hand ever, in the same run (DESIGN §1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.bibliography.scanning import digest_of
from zotsync.sync.applying.handouts_follow import composed, renames
from zotsync.sync.remembering.state import canonical

HANDOUT = """\
# à ne pas perdre
title = "La pair-aidance"
collection = "Alpha"  # tout
exclude = ["deux"]

[[sections]]
title = "Articles"
collection = "Alpha/Un"
order = [
    "un",  # d'abord
    "AAAAAAAA",
    "deux",
]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "a", make_sandbox())
    desk.workspace.handouts.mkdir()
    return desk


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


@pytest.fixture
def tree(desk: Desk, colleague: Colleague) -> dict[str, str]:
    """Return the keys of Alpha, Alpha/Un and the items `un` and `deux`, all synced."""
    alpha = colleague.collection("Alpha")
    sub = colleague.collection("Un", alpha)
    un, deux = (colleague.make(title=title, collections=[sub]) for title in ("Un", "Deux"))
    desk.sync()
    handout(desk).write_text(HANDOUT, encoding="utf-8")
    return {"alpha": alpha, "sub": sub, "un": un, "deux": deux}


def handout(desk: Desk, name: str = "pair-aidance") -> Path:
    return desk.workspace.handouts / f"{name}.toml"


def text(desk: Desk) -> str:
    return handout(desk).read_text(encoding="utf-8")


def rename_line(desk: Desk, old: str, new: str) -> None:
    file = desk.workspace.collections
    was = file.read_text(encoding="utf-8")
    assert f'"{old}"' in was
    file.write_text(was.replace(f'"{old}"', f"'{new}'"), encoding="utf-8")


def test_a_collection_renamed_in_zotero_is_followed_with_all_below(
    desk: Desk, colleague: Colleague, tree: dict[str, str]
) -> None:
    colleague.change(tree["alpha"], "collections", name="Beta")
    desk.sync()
    expected = HANDOUT.replace('"Alpha"', '"Beta"').replace('"Alpha/Un"', '"Beta/Un"')
    assert text(desk) == expected


def test_a_collection_moved_here_is_followed(
    desk: Desk, tree: dict[str, str], colleague: Colleague
) -> None:
    rename_line(desk, "Alpha/Un", r"Arts\/lettres")
    assert desk.sync().exit_code == 0
    assert colleague.get(f"/collections/{tree['sub']}")["data"]["name"] == "Arts/lettres"
    assert text(desk) == HANDOUT.replace('"Alpha/Un"', r"'Arts\/lettres'")


def test_a_collection_that_gets_a_twin_is_followed(
    desk: Desk, colleague: Colleague, tree: dict[str, str]
) -> None:
    colleague.collection("Alpha")
    desk.sync()
    assert f'collection = "Alpha [{tree["alpha"]}]"  # tout' in text(desk)
    assert f'collection = "Alpha [{tree["alpha"]}]/Un"' in text(desk)


def test_an_item_file_renamed_by_hand_is_followed_where_nothing_else_is_new(
    desk: Desk, tree: dict[str, str]
) -> None:
    desk.file_of(tree["un"]).rename(desk.path("premier"))
    outcome = desk.sync()
    assert (outcome.requests, outcome.exit_code) == (1, 0)
    assert text(desk) == HANDOUT.replace('"un",  #', '"premier",  #')
    outcome = desk.sync()
    assert (outcome.run, outcome.requests) == (0, 1)


def test_a_look_in_between_loses_no_renaming(desk: Desk, tree: dict[str, str]) -> None:
    desk.file_of(tree["un"]).rename(desk.path("premier"))
    desk.preview()
    assert text(desk) == HANDOUT
    desk.sync()
    assert text(desk) == HANDOUT.replace('"un",  #', '"premier",  #')


def test_a_file_moved_into_a_folder_keeps_its_stem(desk: Desk, tree: dict[str, str]) -> None:
    target = desk.path("dossier/un")
    target.parent.mkdir()
    desk.file_of(tree["un"]).rename(target)
    desk.sync()
    assert text(desk) == HANDOUT


def test_two_files_that_change_names_are_followed_at_once(desk: Desk, tree: dict[str, str]) -> None:
    un, deux = desk.file_of(tree["un"]), desk.file_of(tree["deux"])
    un.rename(desk.path("x"))
    deux.rename(un)
    desk.path("x").rename(deux)
    desk.sync()
    expected = HANDOUT.replace('"un"', '"?"').replace('"deux"', '"un"').replace('"?"', '"deux"')
    assert text(desk) == expected


def test_a_handout_that_names_nothing_renamed_is_not_written(
    desk: Desk, colleague: Colleague, tree: dict[str, str]
) -> None:
    other = handout(desk, "autre")
    other.write_text('title = "Autre"\ncollection = "Ailleurs"\n', encoding="utf-8")
    before = other.stat().st_mtime_ns
    colleague.change(tree["alpha"], "collections", name="Beta")
    desk.sync()
    assert other.stat().st_mtime_ns == before
    assert '"Beta"' in text(desk)


def test_line_ends_and_bom_stay(desk: Desk, colleague: Colleague, tree: dict[str, str]) -> None:
    raw = b"\xef\xbb\xbf" + HANDOUT.replace("\n", "\r\n").encode()
    handout(desk).write_bytes(raw)
    colleague.change(tree["alpha"], "collections", name="Beta")
    desk.sync()
    assert handout(desk).read_bytes() == raw.replace(b'"Alpha', b'"Beta')


def test_a_path_in_another_spelling_is_followed(
    desk: Desk, colleague: Colleague, tree: dict[str, str]
) -> None:
    colleague.change(tree["alpha"], "collections", name="É")
    desk.sync()
    handout(desk).write_text('title = "T"\ncollection = " E\u0301 / Un"\n', encoding="utf-8")
    colleague.change(tree["sub"], "collections", name="Deux")
    desk.sync()
    assert text(desk) == 'title = "T"\ncollection = "É/Deux"\n'


def test_a_handout_that_cannot_be_read_is_told_and_follows_once_it_is_mended(
    desk: Desk, colleague: Colleague, tree: dict[str, str]
) -> None:
    handout(desk).write_text(HANDOUT + "order = [\n", encoding="utf-8")
    other = handout(desk, "autre")
    other.write_text('title = "Autre"\ncollection = "Alpha"\n', encoding="utf-8")
    colleague.change(tree["alpha"], "collections", name="Beta")
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert {p.place.file for p in outcome.problems} == {"handouts/pair-aidance.toml"}
    assert desk.collections() == {"Beta": tree["alpha"], "Beta/Un": tree["sub"]}
    assert '"Beta"' in other.read_text(encoding="utf-8")
    colleague.change(tree["alpha"], "collections", name="Gamma")
    assert desk.sync().exit_code == 1
    handout(desk).write_text(HANDOUT, encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert text(desk) == HANDOUT.replace('"Alpha"', '"Gamma"').replace('"Alpha/Un"', '"Gamma/Un"')
    assert '"Gamma"' in other.read_text(encoding="utf-8")
    assert desk.sync().run == 0


def test_what_stood_in_a_handout_is_in_the_journal(
    desk: Desk, colleague: Colleague, tree: dict[str, str]
) -> None:
    colleague.change(tree["alpha"], "collections", name="Beta")
    desk.sync()
    with desk.engine(None) as engine:
        rows = engine.state.rows("SELECT file FROM journal WHERE text = ?", [HANDOUT])
        assert list(rows) == [("handouts/pair-aidance.toml",)]


@pytest.mark.parametrize("written", [True, False])
def test_a_stopped_run_is_made_good_and_nothing_is_done_twice(
    desk: Desk,
    tree: dict[str, str],
    written: bool,  # noqa: FBT001
) -> None:
    assert tree
    swapped = HANDOUT.replace('"un"', '"?"').replace('"deux"', '"un"').replace('"?"', '"deux"')
    task = {
        "paths": {},
        "stems": {"un": "deux", "deux": "un"},
        "from": digest_of(handout(desk).read_bytes()),
    }
    with desk.engine(None) as engine:
        engine.state.set_meta("handouts_behind", canonical({"pair-aidance.toml": task}))
    if written:
        handout(desk).write_text(swapped, encoding="utf-8")
    desk.sync()
    assert text(desk) == swapped
    assert desk.sync().run == 0


def test_a_push_alone_leaves_the_handouts(desk: Desk, tree: dict[str, str]) -> None:
    desk.file_of(tree["un"]).rename(desk.path("premier"))
    desk.sync(push_only=True)
    assert text(desk) == HANDOUT
    desk.sync()
    assert '"premier"' in text(desk)


def test_a_stem_that_two_items_had_says_nothing() -> None:
    before = {("stems", "A"): "x", ("stems", "B"): "x", ("paths", "C"): "x", ("stems", "D"): "d"}
    now = {("stems", "A"): "y", ("stems", "B"): "x", ("paths", "C"): "z"}
    assert renames(before, now) == {"paths": {"x": "z"}, "stems": {}}


def test_renames_in_a_row_are_one() -> None:
    assert composed({"a": "b"}, {"b": "c", "d": "e"}) == {"a": "c", "b": "c", "d": "e"}
    assert composed({"a": "b"}, {"a": "z"}) == {"a": "b"}
