"""`undo` of what no sync has seen: without a network, without Zotero's trash, and back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

RIS = """\
TY  - JOUR
TI  - La pair-aidance
AU  - Gardien, Ève
PY  - 2020
DO  - 10.3917/vsoc.203.0012
N1  - Une note
ER  -
TY  - BOOK
TI  - Aller mieux
AU  - Demailly, Lise
PY  - 2016
ER  -
"""
MORE = RIS.replace("PY  - 2020\n", "PY  - 2020\nVL  - 20\n").replace("N1  - Une note\n", "")


@pytest.fixture
def ris(tmp_path: Path) -> Path:
    file = tmp_path / "cairn.ris"
    file.write_text(RIS, encoding="utf-8")
    return file


def files(workspace: Path) -> dict[str, str]:
    """Return the path of each file of the bibliography -> its text."""
    folder = workspace / "bibliography"
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*.toml")}


def imported(run: Any, workspace: Path, file: Path) -> None:
    into = ("--collection", "Nouveautés/Mars")
    assert run("-C", workspace, "import", file, *into, "--yes").exit_code == 0


def undone(run: Any, workspace: Path, *words: object) -> Any:
    result = run("-C", workspace, "undo", *words, "--yes", "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_import_is_taken_back_offline_and_comes_back_as_it_was(
    run: Any, workspace: Path, ris: Path
) -> None:
    before = files(workspace)
    imported(run, workspace, ris)
    after = files(workspace)
    assert len(after) == len(before) + 3
    for state in (before, after, before, after):
        told = undone(run, workspace)
        assert (told["here"], told["left"]) == (True, [])
        assert files(workspace) == state


def test_a_dry_run_says_that_zotero_has_no_part_in_it(run: Any, workspace: Path, ris: Path) -> None:
    imported(run, workspace, ris)
    after = files(workspace)
    result = run("-C", workspace, "undo", "--dry-run", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "here alone: no sync has seen it" in result.output
    assert "in Zotero" not in result.output
    assert files(workspace) == after


@pytest.mark.usefixtures("with_key")
def test_what_a_sync_has_seen_is_taken_back_with_zotero(
    run: Any, workspace: Path, ris: Path, server: Any
) -> None:
    assert run("-C", workspace, "sync").exit_code == 0
    before = files(workspace)
    imported(run, workspace, ris)
    assert run("-C", workspace, "sync").exit_code == 0
    told = undone(run, workspace, 2)
    assert told["here"] is False
    assert files(workspace) == before
    gone = [s for s in told["steps"] if s["what"] == "remove" and s["kind"] == "item"]
    trashed = [s["key"] for s in gone if "parentItem" not in s["before"]]
    with server.colleague() as colleague:
        assert all(colleague.item(key)["deleted"] for key in trashed)


@pytest.mark.usefixtures("with_key")
def test_zotero_hears_nothing_of_what_came_and_went_between_two_syncs(
    run: Any, workspace: Path, ris: Path
) -> None:
    assert run("-C", workspace, "sync").exit_code == 0
    imported(run, workspace, ris)
    assert run("-C", workspace, "sync").exit_code == 0
    synced = files(workspace)
    ris.write_text(MORE, encoding="utf-8")
    imported(run, workspace, ris)  # a field of an item that is in Zotero already
    assert files(workspace) != synced
    assert undone(run, workspace)["here"] is True
    assert files(workspace) == synced
    status = json.loads(run("-C", workspace, "status", "--json").stdout)
    assert status["steps"] == []


def test_a_new_file_that_was_edited_since_stays_with_its_collection(
    run: Any, workspace: Path, ris: Path
) -> None:
    before = files(workspace)
    imported(run, workspace, ris)
    (book,) = (workspace / "bibliography" / "items").glob("demailly-*")
    book.write_text(book.read_text("utf-8").replace("2016", "2017"), encoding="utf-8")
    result = run("-C", workspace, "undo", "--yes", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [one["why"] for one in told["left"] if one["kind"] == "item"] == [
        "changed here since, and not synced"
    ]
    now = files(workspace)
    assert now.keys() - before.keys() == {f"items/{book.name}"}
    assert "Nouveautés/Mars" in now["collections.toml"]


def test_corrections_of_check_are_taken_back_offline(run: Any, workspace: Path) -> None:
    book = workspace / "bibliography" / "items" / "livre.toml"
    text = 'key = "BKTX2345"\nitemType = "book"\ntitle = "Un titre ;"\ndate = "2020-31-12"\n'
    book.write_text(text, encoding="utf-8")
    run("-C", workspace, "check", "--fix", "--yes")
    assert book.read_text("utf-8") != text
    undone(run, workspace)
    assert book.read_text("utf-8") == text


def test_corrections_of_an_edit_that_waits_are_taken_back_offline(
    run: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = workspace / "bibliography" / "items" / "livre.toml"
    book.write_text('itemType = "book"\ntitle = "Un titre"\ndate = "2020"\n', encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setenv("ZOTERO_API_KEY", "mainKey00000000000000001")
        assert run("-C", workspace, "sync").exit_code == 0
    edited = book.read_text("utf-8").replace('"Un titre"', '"Un titre ;"')
    book.write_text(edited, encoding="utf-8")
    run("-C", workspace, "check", "--fix", "--yes")
    assert book.read_text("utf-8") != edited
    told = undone(run, workspace)
    assert (told["here"], told["left"], len(told["steps"])) == (True, [], 1)
    assert book.read_text("utf-8") == edited


NEW = ("add", "--type", "book", "--set", "title=Neuf", "--collection", "Nouveautés")


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("synced", [False, True])
def test_add_is_taken_back(run: Any, workspace: Path, server: Any, *, synced: bool) -> None:
    tree = workspace / "bibliography" / "collections.toml"
    tree.write_text('"Nouveautés" = ""\n', encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    before = files(workspace)
    added = json.loads(run("-C", workspace, *NEW, "--yes", "--json").stdout)
    assert len(files(workspace)) == len(before) + 1
    if synced:
        assert run("-C", workspace, "sync").exit_code == 0
    shown = json.loads(run("-C", workspace, "undo", added["run"], "-n", "--json").stdout)
    told = undone(run, workspace, added["run"])
    assert (told["steps"], told["here"]) == (shown["steps"], not synced)
    assert files(workspace) == before
    assert json.loads(run("-C", workspace, "status", "--json").stdout)["steps"] == []
    (step,) = told["steps"]
    if synced:
        with server.colleague() as colleague:
            assert colleague.item(step["key"])["deleted"]
