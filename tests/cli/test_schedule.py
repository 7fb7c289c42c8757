"""What a schedule stands on: silence, exit codes, the log, and what is run after a sync."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import Workspace
from zotsync.sync.remembering.lastsync import last_sync

BOOK = 'itemType = "book"\ntitle = "Un livre"\ndate = "2019"\n'
HANDOUT = 'title = "Livres"\n'


def write(workspace: Path, text: str, name: str = "livre.toml") -> Path:
    file = Workspace(workspace).items / name
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def after(workspace: Path, *commands: str) -> None:
    """Let commands be run after a sync."""
    file = workspace / "zotsync.toml"
    line = f"after_sync = {json.dumps(commands, ensure_ascii=False)}\n"
    file.write_text(line + file.read_text(encoding="utf-8"), encoding="utf-8")


def log_of(workspace: Path) -> str:
    file = Workspace(workspace).private / "sync.log"
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.fixture
def synced(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace with one book that both sides hold, and a handout file."""
    write(workspace, BOOK)
    Workspace(workspace).handouts.mkdir(exist_ok=True)
    (Workspace(workspace).handouts / "livres.toml").write_text(HANDOUT, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    return workspace


def clash(workspace: Path, server: Any) -> None:
    """Let both sides change the book's date."""
    file = Workspace(workspace).items / "livre.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"2019"', '"2020"'), encoding="utf-8")
    with server.colleague() as colleague:
        colleague.change(text.split('"')[1], {"date": "2021"})


# What is run afterwards


def test_commands_run_after_a_sync_that_found_nothing_new(run: Any, synced: Path) -> None:
    after(synced, "zotsync render --all", "export -o 'tous les livres.ris'")
    result = run("-C", synced, "sync")
    assert result.exit_code == 0, result.output
    assert (Workspace(synced).handouts / "livres.docx").is_file()
    assert (synced / "tous les livres.ris").is_file(), "in the workspace's folder"


def test_commands_run_after_conflicts_whose_code_stays(run: Any, synced: Path, server: Any) -> None:
    after(synced, "render --all", "log 99")
    clash(synced, server)
    result = run("-C", synced, "sync", "-q")
    assert result.exit_code == 3, result.output
    assert (Workspace(synced).handouts / "livres.docx").is_file()
    assert "After the sync: log 99 ended with exit code 1." in result.stderr


def test_nothing_runs_on_a_dry_run_a_refusal_or_a_failure(run: Any, synced: Path) -> None:
    after(synced, "render --all")
    made = Workspace(synced).handouts / "livres.docx"
    assert run("-C", synced, "sync", "--dry-run").exit_code == 0
    assert run("-C", synced, "status").exit_code == 0
    file = Workspace(synced).items / "livre.toml"
    kept = file.read_bytes()
    file.unlink()
    assert run("-C", synced, "sync").exit_code == 4
    file.write_bytes(kept)
    write(synced, "title = \n", "autre.toml")
    assert run("-C", synced, "sync").exit_code == 1
    assert not made.exists()


def test_a_command_that_fails_is_told_and_makes_the_sync_fail(run: Any, synced: Path) -> None:
    after(synced, "log 99", "render --all")
    result = run("-C", synced, "sync", "-q")
    assert result.exit_code == 1
    assert "There is no run 99." in result.stderr
    assert "After the sync: log 99 ended with exit code 1." in result.stderr
    assert (Workspace(synced).handouts / "livres.docx").is_file(), "the others run all the same"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("rendre --all", "zotsync has no such command"),
        ("", "zotsync has no such command"),
        ("sync", "it would sync again"),
        ("-q undo", "it would sync again"),
        ("sandbox", "it would never end"),
        ("render --watch", "it would never end"),
        ("render 'pair", "a quotation mark is missing"),
        ("rm -rf /", "zotsync has no such command"),
    ],
)
def test_what_cannot_be_run_is_told_before_anything_is_done(
    run: Any, synced: Path, command: str, why: str
) -> None:
    after(synced, command)
    write(synced, BOOK, "autre.toml")
    result = run("-C", synced, "sync", "-q")
    assert result.exit_code == 1
    assert why in result.stderr
    assert "zotsync.toml · after_sync" in result.stderr
    assert "key" not in (Workspace(synced).items / "autre.toml").read_text(encoding="utf-8")


def test_no_shell_reads_a_command(run: Any, synced: Path) -> None:
    after(synced, "export -o livres.bib ; touch malice && $(touch malice)")
    assert run("-C", synced, "sync", "-q").exit_code == 1
    assert not list(synced.rglob("malice"))


def test_nobody_is_asked_by_a_command(run: Any, synced: Path) -> None:
    after(synced, "login")
    result = run("-C", synced, "sync", "-q", stdin="never read\n")
    assert result.exit_code == 1
    assert "After the sync: login ended with exit code" in result.stderr


def test_json_is_one_document_that_names_what_was_run(run: Any, synced: Path) -> None:
    after(synced, "log", "log 99")
    result = run("-C", synced, "sync", "--json")
    told = json.loads(result.stdout)
    assert (told["exit_code"], result.exit_code) == (1, 1)
    assert told["after_sync"] == [
        {"command": "log", "exit_code": 0},
        {"command": "log 99", "exit_code": 1},
    ]


# Silence


def test_all_is_well_and_nothing_is_said(run: Any, synced: Path, server: Any) -> None:
    after(synced, "render --all")
    with server.colleague() as colleague:
        colleague.add({"itemType": "book", "title": "Un autre"})
    result = run("-C", synced, "sync", "-q")
    assert (result.exit_code, result.output) == (0, "")
    assert (Workspace(synced).handouts / "livres.docx").is_file()


# The log


def test_the_log_tells_what_a_sync_did(run: Any, synced: Path, server: Any) -> None:
    assert "1 item to Zotero · exit code 0" in log_of(synced)
    clash(synced, server)
    assert run("-C", synced, "sync", "-q").exit_code == 3
    *_before, head, step, line = log_of(synced).splitlines()
    assert head.endswith(" · 1 conflict · exit code 3")
    assert step.startswith("    ✗ Un livre (")
    assert line == "    Conflict: Un livre, Date"


def test_a_sync_with_nothing_new_leaves_the_log_alone_but_is_known(run: Any, synced: Path) -> None:
    before = log_of(synced)
    moment = Workspace(synced).private / "synced"
    os.utime(moment, (0, 0))
    assert run("-C", synced, "sync", "-q").exit_code == 0
    assert log_of(synced) == before
    told = last_sync(Workspace(synced))
    assert told is not None
    assert told.timestamp() > 0


def test_the_same_failure_again_and_again_is_one_entry_and_its_end_is_another(
    run: Any, synced: Path
) -> None:
    wrong = write(synced, "title = \n", "autre.toml")
    for _n in range(3):
        assert run("-C", synced, "sync", "-q").exit_code == 1
    assert log_of(synced).count("exit code 1") == 1
    assert "autre.toml:1" in log_of(synced)
    wrong.unlink()
    for _n in range(3):
        assert run("-C", synced, "sync", "-q").exit_code == 0
    assert log_of(synced).count("Nothing to do") == 1


def test_a_refusal_and_a_wrong_key_stand_in_the_log_without_the_key(
    run: Any, synced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "wrongKey0000000000000009"
    monkeypatch.setenv("ZOTERO_API_KEY", key)
    assert run("-C", synced, "sync", "-q").exit_code == 5
    assert "failed · exit code 5" in log_of(synced)
    assert key not in log_of(synced)


def test_a_long_log_is_put_aside_and_three_old_ones_stay(
    run: Any, synced: Path, server: Any
) -> None:
    private = Workspace(synced).private
    for n in range(5):
        (private / "sync.log").write_text(f"entry {n}\n" + "x" * 600_000, encoding="utf-8")
        with server.colleague() as colleague:
            colleague.add({"itemType": "book", "title": f"Livre {n}"})
        assert run("-C", synced, "sync", "-q").exit_code == 0
        assert len(log_of(synced)) < 1000
    starts = [(private / f"sync-{n}.log").read_text("utf-8")[:7] for n in (1, 2, 3)]
    assert starts == ["entry 4", "entry 3", "entry 2"]
    assert not (private / "sync-4.log").exists()


def test_a_log_that_cannot_be_written_is_a_note_and_stops_nothing(
    run: Any, synced: Path, server: Any
) -> None:
    log = Workspace(synced).private / "sync.log"
    log.unlink()
    log.mkdir()
    with server.colleague() as colleague:
        colleague.add({"itemType": "book", "title": "Un autre"})
    result = run("-C", synced, "sync", "-q")
    assert result.exit_code == 0
    assert "Note: " in result.stderr
    assert len(list(Workspace(synced).items.glob("*.toml"))) == 2


def test_a_dry_run_and_a_folder_that_is_no_workspace_leave_no_log(
    run: Any, synced: Path, tmp_path: Path
) -> None:
    before = log_of(synced)
    write(synced, BOOK, "autre.toml")
    assert run("-C", synced, "sync", "--dry-run").exit_code == 0
    assert log_of(synced) == before
    empty = tmp_path / "vide"
    empty.mkdir()
    assert run("-C", empty, "sync").exit_code == 1
    assert list(empty.iterdir()) == []


def test_a_first_sync_of_many_items_is_told_in_short(run: Any, synced: Path, server: Any) -> None:
    with server.colleague() as colleague:
        for n in range(60):
            colleague.add({"itemType": "book", "title": f"Livre {n}"})
    assert run("-C", synced, "sync", "-q").exit_code == 0
    told = log_of(synced).splitlines()
    assert len(told) < 60
    assert told[-1] == "    All of it: zotsync log 2"
