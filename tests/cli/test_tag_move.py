"""`tag` and `move`: shown first, written as one run, files otherwise as they were."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import GROUP, Server
from cli.shelf import file_of, make_shelf, text_of
from cli.terminal import in_terminal, pseudo_terminal

from zotsync.bibliography import folder as item_folder

ADENOT, BONNAMI = "adenot-2020-travailleur", "bonnami-2019-pair-aidant"


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    return make_shelf(tmp_path / "fonds")


def test_tags_come_and_go_and_the_rest_of_the_file_stays(run: Any, fonds: Path) -> None:
    before = text_of(fonds, ADENOT)
    result = run("-C", fonds, "tag", ADENOT, "--add", "à lire", "--remove", "Travail", "--yes")
    assert result.exit_code == 0, result.output
    wanted = before.replace('["pair-aidance", "travail"]', '["pair-aidance", "à lire"]')
    assert text_of(fonds, ADENOT) == wanted


def test_a_filter_chooses_and_notes_and_other_items_stay(run: Any, fonds: Path) -> None:
    before = text_of(fonds, "note"), text_of(fonds, "oeuvre")
    words = ("tag", "--collection", "Pair-aidance", "--add", "x", "--yes", "--json")
    found = json.loads(run("-C", fonds, *words).stdout)
    assert (found["written"], found["left"]) == (2, 0)
    assert [c["key"] for c in found["corrections"]] == ["ADN7T5C8", "BNM4K9R3"]
    assert (text_of(fonds, "note"), text_of(fonds, "oeuvre")) == before
    again = json.loads(run("-C", fonds, *words).stdout)
    assert (again["corrections"], again["run"]) == ([], 0)


def test_a_move_is_shown_and_not_made_with_dry_run(run: Any, fonds: Path) -> None:
    before = text_of(fonds, ADENOT)
    result = run("-C", fonds, "move", ADENOT, "--to", "L’été", "-n", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "{+L’été+}" in result.stdout
    assert text_of(fonds, ADENOT) == before


def test_moved_items_keep_their_other_collections(run: Any, fonds: Path) -> None:
    words = ("move", "BNM4K9R3", "--from", "Pair-aidance", "--to", "Pair-aidance/Revues", "--yes")
    assert run("-C", fonds, *words).exit_code == 0
    assert 'collections = ["L’été", "Pair-aidance/Revues"]' in text_of(fonds, BONNAMI)
    assert run("-C", fonds, "move", BONNAMI, "--from", "L’été", "--yes").exit_code == 0
    assert run("-C", fonds, "move", "--from", "REV2RA4D", "--yes").exit_code == 0
    assert "collections" not in text_of(fonds, BONNAMI) + text_of(fonds, ADENOT)


def test_a_collection_is_made_only_where_that_was_said(run: Any, fonds: Path) -> None:
    words = ("move", ADENOT, "--to", "Neuve/Ici")
    refused = run("-C", fonds, *words, "--yes", "--lang", "en")
    assert refused.exit_code == 2
    assert "--new" in refused.stderr
    assert run("-C", fonds, *words, "--new", "--yes").exit_code == 0
    assert 'collections = ["Pair-aidance/Revues", "Neuve/Ici"]' in text_of(fonds, ADENOT)
    tree = (fonds / "bibliography" / "collections.toml").read_text(encoding="utf-8")
    assert '"Neuve/Ici" = "' in tree
    assert '"L’été" = "ETE2RA4D"' in tree
    found = json.loads(run("-C", fonds, "list", "--collection", "Neuve", "--json").stdout)
    assert found["count"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tag", ADENOT], "Which tags?"),
        (["tag", "--add", "x"], "Which items?"),
        (["tag", ADENOT, "--tag", "travail", "--add", "x"], "not both"),
        (["tag", ADENOT, "--remove", "travial"], "Did you mean travail?"),
        (["tag", "zzz", "--add", "x"], "There is no item zzz here."),
        (["move", ADENOT], "Where to?"),
        (["move", ADENOT, "--to", "a//b", "--new"], "path"),
        (["move", "NTE4K9R3", "--to", "L’été"], "no collection of its own"),
        (["tag", ADENOT, "--add", "x"], "--yes"),
    ],
)
def test_what_cannot_be_is_told(run: Any, fonds: Path, words: list[str], told: str) -> None:
    before = text_of(fonds, ADENOT)
    result = run("-C", fonds, *words, "--lang", "en")
    assert result.exit_code in (1, 2), result.output
    assert told in result.stderr
    assert text_of(fonds, ADENOT) == before


def test_a_new_file_waits_for_its_key(run: Any, fonds: Path) -> None:
    file_of(fonds, "neuf").write_text('itemType = "book"\ntitle = "Neuf"\n', encoding="utf-8")
    result = run("-C", fonds, "tag", "neuf", ADENOT, "--add", "x", "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert "sync first" in result.stderr
    assert "x" not in text_of(fonds, "neuf")
    assert '"x"' in text_of(fonds, ADENOT)


def test_a_path_that_no_sync_has_seen_waits(run: Any, fonds: Path) -> None:
    file = file_of(fonds, ADENOT)
    typed = text_of(fonds, ADENOT).replace("Pair-aidance/Revues", "Tapée")
    file.write_text(typed, encoding="utf-8")
    result = run("-C", fonds, "move", ADENOT, "--to", "L’été", "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert "sync first" in result.stderr
    assert text_of(fonds, ADENOT) == typed


def test_what_somebody_saves_meanwhile_is_not_written_over(
    run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = item_folder.write_beside

    def save_first(target: Path, *args: Any, **more: Any) -> Any:
        target.write_text(target.read_text(encoding="utf-8") + "# moi\n", encoding="utf-8")
        return real(target, *args, **more)

    monkeypatch.setattr(item_folder, "write_beside", save_first)
    result = run("-C", fonds, "tag", ADENOT, "--add", "x", "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert text_of(fonds, ADENOT).endswith("# moi\n")
    assert '"x"' not in text_of(fonds, ADENOT)


def in_zotero(server: Server) -> dict[str, Any]:
    with server.colleague() as colleague:
        return colleague.item("ADN7T5C8")


@pytest.mark.usefixtures("with_key")
def test_undo_takes_tags_and_moves_back_on_both_sides(
    run: Any, server: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "w"
    made = run("init", folder, "--group", GROUP, "--api-url", server.url, "--no-sync")
    assert made.exit_code == 0, made.output
    shelf = make_shelf(tmp_path / "shelf")
    shutil.copytree(shelf / "bibliography", folder / "bibliography", dirs_exist_ok=True)
    assert run("-C", folder, "sync").exit_code == 0
    before = text_of(folder, ADENOT)
    assert run("-C", folder, "tag", ADENOT, "--add", "x", "--yes").exit_code == 0
    words = ("move", ADENOT, "--to", "Neuve", "--from", "Pair-aidance/Revues", "--new", "--yes")
    assert run("-C", folder, *words).exit_code == 0
    assert run("-C", folder, "sync").exit_code == 0
    assert {"tag": "x"} in in_zotero(server)["tags"]
    runs = json.loads(run("-C", folder, "log", "--json").stdout)["runs"]
    by_command = {one["command"]: one["run"] for one in reversed(runs)}
    for command in ("move", "tag"):
        result = run("-C", folder, "undo", by_command[command], "--yes")
        assert result.exit_code == 0, result.output
    assert text_of(folder, ADENOT) == before
    there = in_zotero(server)
    assert {"tag": "x"} not in there["tags"]
    assert there["collections"] == ["REV2RA4D"]


@pseudo_terminal
def test_in_a_terminal_each_can_be_chosen(fonds: Path) -> None:
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "tag", "--tag", "pair-aidance", "--add", "x"),
        answers=[("Write these corrections?", "o"), ("Take it?", "n"), ("Take it?", "y")],
    )
    assert code == 0, shown
    assert '"x"' not in text_of(fonds, ADENOT)
    assert '"x"' in text_of(fonds, BONNAMI)
