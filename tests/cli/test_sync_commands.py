"""`sync`, `status`, `diff`, `resolve`, `log`, `restore` on real folders against the embedded server."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import Workspace

BOOK = """\
itemType = "book"
title = "Un livre"
date = "2019"
publisher = "ESF"
abstractNote = "Une phrase. Une autre."
tags = ["pair-aidance"]
collections = ["Ouvrages"]
"""


def write(workspace: Path, name: str, text: str) -> Path:
    file = Workspace(workspace).items / name
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def key_of(file: Path) -> str:
    line = next(n for n in file.read_text(encoding="utf-8").splitlines() if n.startswith("key = "))
    return line.split('"')[1]


def document(result: Any) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def synced(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace with one book that both sides hold."""
    write(workspace, "livre.toml", BOOK)
    result = run("-C", workspace, "sync")
    assert result.exit_code == 0, result.output
    return workspace


@pytest.fixture
def book(synced: Path) -> Path:
    return Workspace(synced).items / "livre.toml"


@pytest.fixture
def clashing(run: Any, synced: Path, book: Path, server: Any) -> Path:
    """Give the workspace with a conflict on the book's date, after a sync."""
    edit(book, 'date = "2019"', 'date = "2020"')
    with server.colleague() as colleague:
        colleague.change(key_of(book), {"date": "2021"})
    result = run("-C", synced, "sync")
    assert result.exit_code == 3, result.output
    return synced


def test_a_new_file_goes_to_zotero_with_its_collection(
    run: Any, workspace: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "mainKey00000000000000001")
    file = write(workspace, "livre.toml", BOOK)
    result = run("-C", workspace, "sync")
    assert result.exit_code == 0, result.output
    assert "Un livre" in result.stdout
    with server.colleague() as colleague:
        found = colleague.item(key_of(file))
    assert found["title"] == "Un livre"
    assert len(found["collections"]) == 1


def test_nothing_new_is_said_in_a_line_and_one_request(run: Any, synced: Path) -> None:
    result = run("-C", synced, "sync", "--json")
    assert result.exit_code == 0
    told = document(result)
    assert (told["changed"], told["requests"], told["steps"]) == (False, 1, [])
    again = run("-C", synced, "sync")
    assert again.stdout == ""
    assert "Nothing to do" in again.stderr
    assert run("-C", synced, "sync", "-q").output == ""


def test_status_shows_both_directions_and_writes_nothing(
    run: Any, synced: Path, book: Path, server: Any
) -> None:
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    with server.colleague() as colleague:
        colleague.change(key_of(book), {"date": "2020"})
        colleague.add({"itemType": "book", "title": "Un autre"})
    before = book.read_bytes()
    result = run("-C", synced, "status")
    assert result.exit_code == 0, result.output
    rows = dict(line.split("\t", 1)[::-1] for line in result.stdout.splitlines())
    assert any(row.startswith("Un livre") and mark == "⇄" for row, mark in rows.items())
    assert any(row.startswith("Un autre") and mark == "←" for row, mark in rows.items())
    assert "→ Publisher" in result.stdout
    assert "← Date" in result.stdout
    assert book.read_bytes() == before
    with server.colleague() as colleague:
        assert colleague.item(key_of(book))["publisher"] == "ESF"


def test_status_offline_asks_nobody(run: Any, synced: Path, book: Path, server: Any) -> None:
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    with server.colleague() as colleague:
        colleague.add({"itemType": "book", "title": "Un autre"})
    result = run("-C", synced, "status", "--offline")
    assert result.exit_code == 0
    assert "Un livre" in result.stdout
    assert "Un autre" not in result.stdout


def test_a_dry_run_does_what_status_does(run: Any, synced: Path, book: Path, server: Any) -> None:
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    result = run("-C", synced, "sync", "--dry-run", "--json")
    (step,) = document(result)["steps"]
    assert step["to_zotero"] == {"publisher": "Dunod"}
    with server.colleague() as colleague:
        assert colleague.item(key_of(book))["publisher"] == "ESF"


def test_diff_shows_three_sides(run: Any, synced: Path, book: Path, server: Any) -> None:
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    with server.colleague() as colleague:
        colleague.change(key_of(book), {"title": "Un beau livre"})
    result = run("-C", synced, "diff")
    assert result.exit_code == 0, result.output
    assert "Un livre · Publisher" in result.stdout
    assert "here    Dunod" in result.stdout
    assert "{+beau+}" in " ".join(result.stdout.replace("{+beau +}", "{+beau+}").split())
    told = {d["field"]: d for d in document(run("-C", synced, "diff", "--json"))["differences"]}
    assert (told["publisher"]["base"], told["publisher"]["here"]) == ("ESF", "Dunod")
    assert told["publisher"]["zotero"] == "ESF"
    assert (told["title"]["here"], told["title"]["zotero"]) == ("Un livre", "Un beau livre")


def test_diff_of_one_item(run: Any, synced: Path, book: Path) -> None:
    write(synced, "autre.toml", BOOK.replace("Un livre", "Un autre"))
    run("-C", synced, "sync")
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    edit(book.with_name("autre.toml"), 'publisher = "ESF"', 'publisher = "Seuil"')
    for item in ("livre", "livre.toml", key_of(book)):
        shown = run("-C", synced, "diff", item).stdout
        assert "Dunod" in shown
        assert "Seuil" not in shown
    missing = run("-C", synced, "diff", "nowhere")
    assert missing.exit_code in (1, 2)
    assert "nowhere" in missing.stderr


def test_a_conflict_ends_with_3_and_says_how_to_settle_it(
    run: Any, clashing: Path, book: Path
) -> None:
    result = run("-C", clashing, "status")
    assert result.exit_code == 3
    assert "Conflict: Un livre, Date" in result.stderr
    assert "zotsync resolve" in result.stderr
    shown = run("-C", clashing, "diff").stdout
    assert "✗ Un livre · Date" in shown
    assert [line.split() for line in shown.splitlines()[1:4]] == [
        ["before", "2019"],
        ["here", "2020"],
        ["Zotero", "2021", *shown.splitlines()[3].split()[2:]],
    ]
    assert "last changed by dominique" in shown
    assert "[conflict.date]" in book.read_text(encoding="utf-8")
    alone = run("-C", clashing)
    assert "Next: zotsync resolve" in alone.stderr


@pytest.mark.parametrize(("side", "date"), [("--local", "2020"), ("--remote", "2021")])
def test_resolving_for_one_side_and_syncing_makes_both_sides_equal(  # noqa: PLR0913, PLR0917
    run: Any, clashing: Path, book: Path, server: Any, side: str, date: str
) -> None:
    result = run("-C", clashing, "resolve", side)
    assert result.exit_code == 0, result.output
    assert "1 conflict settled." in result.stderr
    assert run("-C", clashing, "sync").exit_code == 0
    assert f'date = "{date}"' in book.read_text(encoding="utf-8")
    assert "conflict" not in book.read_text(encoding="utf-8")
    with server.colleague() as colleague:
        assert colleague.item(key_of(book))["date"] == date


def test_resolve_with_nothing_to_settle(run: Any, synced: Path) -> None:
    result = run("-C", synced, "resolve")
    assert result.exit_code == 0
    assert "No open conflicts." in result.stderr


def test_log_lists_runs_the_newest_first(run: Any, clashing: Path) -> None:
    result = run("-C", clashing, "log")
    assert result.exit_code == 0
    head, *rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert head == "Run When Command|To Zotero|To files|Merged|Conflicts|Trashed".replace(
        " ", "|", 2
    ).split("|")
    assert [(row[0], row[2]) for row in rows] == [("2", "sync"), ("1", "sync")]
    assert [row[head.index("Conflicts")] for row in rows] == ["1", "0"]
    told = document(run("-C", clashing, "log", "--json", "--limit", "1"))["runs"]
    assert len(told) == 1
    assert told[0]["conflicts"] == 1
    assert told[0]["finished"] is True


def test_log_without_a_run(run: Any, workspace: Path) -> None:
    result = run("-C", workspace, "log")
    assert result.exit_code == 0
    assert "No run yet." in result.stderr


def test_restore_brings_a_file_back_and_the_next_sync_the_item(
    run: Any, synced: Path, book: Path, server: Any
) -> None:
    key, before = key_of(book), book.read_bytes()
    with server.colleague() as colleague:
        colleague.trash(key)
    assert run("-C", synced, "sync").exit_code == 0
    assert not book.exists()
    result = run("-C", synced, "restore", key)
    assert result.exit_code == 0, result.output
    assert book.read_bytes() == before
    assert run("-C", synced, "sync").exit_code == 0
    with server.colleague() as colleague:
        assert not colleague.item(key).get("deleted")


def test_restore_knows_a_file_that_somebody_deleted_by_its_name(
    run: Any, synced: Path, book: Path
) -> None:
    before = book.read_text(encoding="utf-8")
    book.unlink()
    assert run("-C", synced, "sync", "--allow-mass-delete").exit_code == 0
    result = run("-C", synced, "restore", "livre")
    assert result.exit_code == 0, result.output
    assert book.read_text(encoding="utf-8").splitlines()[0] == before.splitlines()[0]
    assert 'title = "Un livre"' in book.read_text(encoding="utf-8")


def test_restore_of_what_never_was(run: Any, synced: Path) -> None:
    result = run("-C", synced, "restore", "nowhere")
    assert result.exit_code in (1, 2)
    assert "nowhere" in result.stderr


def test_a_file_that_cannot_be_parsed_waits_with_its_line_and_deletes_nothing(
    run: Any, synced: Path, book: Path, server: Any
) -> None:
    key = key_of(book)
    edit(book, 'publisher = "ESF"', "publisher = ESF")
    result = run("-C", synced, "sync")
    assert result.exit_code == 1, result.output
    assert "livre.toml:" in result.stderr
    with server.colleague() as colleague:
        assert not colleague.item(key).get("deleted")


def test_an_unknown_field_waits_and_the_rest_goes(
    run: Any, synced: Path, book: Path, server: Any
) -> None:
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"\nediteur = "x"')
    result = run("-C", synced, "sync")
    assert result.exit_code == 1, result.output
    assert "editeur" in result.stderr
    assert "livre.toml:" in result.stderr
    with server.colleague() as colleague:
        assert colleague.item(key_of(book))["publisher"] == "Dunod"


def test_suspiciously_many_deletions_are_refused(run: Any, synced: Path, server: Any) -> None:
    items = Workspace(synced).items
    for number in range(8):
        write(synced, f"{number}.toml", BOOK.replace("Un livre", f"Livre {number}"))
    assert run("-C", synced, "sync").exit_code == 0
    gone = list(items.glob("[0-9].toml"))
    keys = [key_of(file) for file in gone]
    for file in gone:
        file.unlink()
    for words in (["status"], ["status", "--offline"], ["sync", "--dry-run"]):
        told = run("-C", synced, *words)
        assert told.exit_code == 4, told.output
        assert "8 of 9 would go to Zotero's trash" in told.stderr
    assert "Next: zotsync status" in run("-C", synced).stderr
    result = run("-C", synced, "sync")
    assert result.exit_code == 4, result.output
    assert "  - Livre " in result.stderr
    assert "--allow-mass-delete" in result.stderr
    with server.colleague() as colleague:
        assert not any(colleague.item(key).get("deleted") for key in keys)
    assert run("-C", synced, "sync", "--allow-mass-delete").exit_code == 0
    with server.colleague() as colleague:
        assert all(colleague.item(key).get("deleted") for key in keys)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("readKey00000000000000002", "not write to it"),
        ("wrongKey0000000000000009", "does not know this API key"),
    ],
)
def test_a_key_without_rights_ends_with_5_and_says_why(  # noqa: PLR0913, PLR0917
    run: Any, workspace: Path, book_file: Path, monkeypatch: pytest.MonkeyPatch, key: str, says: str
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", key)
    before = book_file.read_bytes()
    result = run("-C", workspace, "sync")
    assert result.exit_code == 5, result.output
    assert says in result.stderr
    assert key not in result.output
    assert before in (book_file.read_bytes(), book_file.read_bytes().split(b"\n", 1)[1])


@pytest.fixture
def book_file(workspace: Path) -> Path:
    return write(workspace, "livre.toml", BOOK)


def test_a_group_that_is_gone(run: Any, synced: Path, server: Any) -> None:
    server.sandbox.remove_group(4711)
    result = run("-C", synced, "sync")
    assert result.exit_code in (1, 5)
    assert "4711" in result.stderr


@pytest.mark.usefixtures("with_key")
def test_both_directions_alone_exclude_each_other(run: Any, workspace: Path) -> None:
    assert run("-C", workspace, "sync", "--pull-only", "--push-only").exit_code == 2


def test_pull_only_leaves_what_would_be_sent(
    run: Any, synced: Path, book: Path, server: Any
) -> None:
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    with server.colleague() as colleague:
        colleague.change(key_of(book), {"date": "2020"})
    assert run("-C", synced, "sync", "--pull-only").exit_code == 0
    assert 'date = "2020"' in book.read_text(encoding="utf-8")
    with server.colleague() as colleague:
        assert colleague.item(key_of(book))["publisher"] == "ESF"
    assert run("-C", synced, "sync", "--push-only").exit_code == 0
    with server.colleague() as colleague:
        assert colleague.item(key_of(book))["publisher"] == "Dunod"


def test_init_brings_the_library_over(
    run: Any, synced: Path, book: Path, server: Any, tmp_path: Path
) -> None:
    other = tmp_path / "second"
    result = run("init", other, "--group", 4711, "--api-url", server.url)
    assert result.exit_code == 0, result.output
    assert "Centre de doc" in result.stderr
    (file,) = Workspace(other).items.glob("*.toml")
    assert key_of(file) == key_of(book)
    assert run("-C", other, "status").exit_code == 0
    assert run("-C", synced, "status").exit_code == 0
    config = (other / "zotsync.toml").read_text(encoding="utf-8")
    assert "Centre de doc" in config


def test_zotsync_alone_says_what_waits_and_the_next_command(
    run: Any, synced: Path, book: Path
) -> None:
    quiet = run("-C", synced)
    assert quiet.exit_code == 0
    assert len(quiet.stdout.splitlines()) == 3
    assert "1 item" in quiet.stdout
    assert "Next: zotsync handout new NAME" in quiet.stderr
    assert run("-C", synced, "handout", "new", "livres").exit_code == 0
    assert "Next: zotsync render" in run("-C", synced).stderr
    edit(book, 'publisher = "ESF"', 'publisher = "Dunod"')
    waits = run("-C", synced)
    assert "1 item to Zotero" in waits.stdout
    assert "Next: zotsync sync" in waits.stderr
    assert document(run("-C", synced, "--json"))["next"] == "zotsync sync"


def test_a_run_that_is_no_sync_is_not_told_as_the_last_sync(
    run: Any, synced: Path, book: Path
) -> None:
    before = document(run("-C", synced, "status", "--json"))["last_sync"]
    (synced / ".zotsync" / "synced").unlink()
    with closing(sqlite3.connect(synced / ".zotsync" / "state.db")) as db, db:
        db.execute("UPDATE runs SET started = '2026-01-02T03:04:05+00:00'")
    assert run("-C", synced, "tag", book.stem, "--add", "neuf", "--yes").exit_code == 0
    told = document(run("-C", synced, "status", "--json"))["last_sync"]
    assert told != before
    assert told.startswith("2026-01-02")
