"""`log`, `undo`, `restore` on real folders against the embedded server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

BOOK = """\
itemType = "book"
title = "Un livre"
date = "2019"
publisher = "ESF"
abstractNote = "Une phrase. Une autre phrase, bien plus longue que la première."
tags = ["pair-aidance"]
collections = ["Ouvrages"]
"""


def document(result: Any) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def book(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    path = workspace / "bibliography" / "items" / "livre.toml"
    path.write_text(BOOK, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def edited(run: Any, workspace: Path, book: Path) -> Path:
    edit(book, '"ESF"', '"Dunod"')
    edit(book, '["pair-aidance"]', '["pair-aidance", "travail"]')
    edit(book, "bien plus longue", "un peu plus longue")
    assert run("-C", workspace, "sync").exit_code == 0
    return book


# log


def test_log_of_a_run_tells_each_field_with_both_values(
    run: Any, workspace: Path, edited: Path
) -> None:
    number = document(run("-C", workspace, "log", "--json", "--limit", "1"))["runs"][0]["run"]
    result = run("-C", workspace, "log", number, "--lang", "en")
    assert result.exit_code == 0, result.output
    head, item, *fields = result.stdout.splitlines()
    assert head.startswith(f"Run {number} · ")
    assert item.startswith("  → Un livre  ")
    assert fields == [
        "      → Abstract: Une phrase. Une autre phrase, [-bien-]{+un peu+} plus longue que la première.",
        "      → Publisher: ESF → Dunod",
        "      → tags: {+travail+}",
    ]
    assert edited.exists()


def test_log_of_an_item_tells_what_became_of_it(run: Any, workspace: Path, edited: Path) -> None:
    result = run("-C", workspace, "log", "livre", "--json")
    first, last = document(result)["runs"]
    (deed,) = first["items"]
    assert {c["field"] for c in deed["changes"]} == {"abstractNote", "publisher", "tags"}
    assert {(c["before"], c["after"]) for c in deed["changes"] if c["field"] == "publisher"} == {
        ("ESF", "Dunod")
    }
    assert (deed["sides"], deed["title"]) == (["zotero"], "Un livre")
    assert last["items"][0]["what"] == ["create"]
    assert edited.exists()


def test_log_tells_what_came_from_zotero_and_conflicts(
    run: Any, workspace: Path, book: Path, server: Any
) -> None:
    key = document(run("-C", workspace, "log", "livre", "--json"))["runs"][0]["items"][0]["key"]
    edit(book, '"ESF"', '"Ici"')
    with server.colleague() as colleague:
        colleague.change(key, {"publisher": "Là", "date": "2020"})
        colleague.add({"itemType": "book", "title": "Autre"})
    run("-C", workspace, "sync")
    said = run("-C", workspace, "log", "--items", "--limit", "1", "--lang", "en").stdout
    assert "      ← Date: 2019 → 2020" in said
    assert "  ← Autre  " in said
    assert "new in Zotero, has a file now" in said
    assert "✗ conflict on Publisher: here Ici, in Zotero Là" in said
    run("-C", workspace, "resolve", "--local")
    said = run("-C", workspace, "log", "--items", "--limit", "1", "--lang", "en").stdout
    assert "= Publisher: settled, Ici stays" in said


def test_log_since_a_day_and_of_an_unknown_run(run: Any, workspace: Path, book: Path) -> None:
    assert document(run("-C", workspace, "log", "--since", "2999-01-01", "--json"))["runs"] == []
    assert document(run("-C", workspace, "log", "--since", "2020-01-01", "--json"))["runs"]
    result = run("-C", workspace, "log", "4999")
    assert (result.exit_code, "4999" in result.stderr) == (1, True)
    assert document(run("-C", workspace, "log", "--since", "1er janvier 2020", "--json"))["runs"]
    refused = run("-C", workspace, "log", "--since", "hier")
    assert refused.exit_code == 2
    assert "hier is no day. For example 2026-11-22 or 22/11/2026." in refused.stderr
    assert book.exists()


# undo


def test_undo_shows_asks_and_takes_back_on_both_sides(
    run: Any, workspace: Path, edited: Path, server: Any
) -> None:
    shown = run("-C", workspace, "undo", "--dry-run", "--lang", "en")
    assert shown.exit_code == 0
    assert "      Publisher: Dunod → ESF" in shown.stdout
    assert '"Dunod"' in edited.read_text(encoding="utf-8")
    unasked = run("-C", workspace, "undo", "--lang", "en")
    assert (unasked.exit_code, "--yes" in unasked.stderr) == (2, True)
    assert '"Dunod"' in edited.read_text(encoding="utf-8")
    done = document(run("-C", workspace, "undo", "--yes", "--json"))
    assert [step["what"] for step in done["steps"]] == ["edit"]
    assert done["left"] == []
    assert '"ESF"' in edited.read_text(encoding="utf-8")
    with server.colleague() as colleague:
        assert colleague.item(done["steps"][0]["key"])["publisher"] == "ESF"
    (last,) = document(run("-C", workspace, "log", "--limit", "1", "--json"))["runs"]
    assert (last["command"], last["undoes"], last["run"]) == ("undo", done["undoes"], done["run"])


def test_undo_names_what_changed_since_and_who_did_it(
    run: Any, workspace: Path, edited: Path, server: Any
) -> None:
    (entry,) = document(run("-C", workspace, "log", "--limit", "1", "--json"))["runs"]
    key = document(run("-C", workspace, "log", "livre", "--json"))["runs"][0]["items"][0]["key"]
    with server.colleague() as colleague:
        colleague.change(key, {"publisher": "Là"})
    result = run("-C", workspace, "undo", entry["run"], "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert "✗ Un livre · Publisher  changed since" in result.stdout
    assert "last in Zotero: dominique" in result.stdout
    assert '"Là"' in edited.read_text(encoding="utf-8")
    assert "travail" not in edited.read_text(encoding="utf-8")


def test_undo_of_what_a_colleague_did_needs_theirs(
    run: Any, workspace: Path, book: Path, server: Any
) -> None:
    key = document(run("-C", workspace, "log", "livre", "--json"))["runs"][0]["items"][0]["key"]
    with server.colleague() as colleague:
        colleague.change(key, {"publisher": "Là"})
    run("-C", workspace, "sync")
    result = run("-C", workspace, "undo", "--yes", "--lang", "en")
    assert result.exit_code == 0
    assert "--theirs" in result.stdout
    assert '"Là"' in book.read_text(encoding="utf-8")
    assert run("-C", workspace, "undo", "--yes", "--theirs").exit_code == 0
    assert '"ESF"' in book.read_text(encoding="utf-8")


def test_undo_shows_what_is_synced_first(run: Any, workspace: Path, edited: Path) -> None:
    edit(edited, '"2019"', '"2020"')
    shown = run("-C", workspace, "undo", "--dry-run", "--lang", "en").stdout
    first, then = shown.split("Taking run ")
    assert first.startswith("First, what waits is synced:")
    assert "→ Date" in first
    assert "      Publisher: Dunod → ESF" in then
    told = document(run("-C", workspace, "undo", "--yes", "--json"))
    assert [step["to_zotero"] for step in told["first"]] == [{"date": "2020"}]
    assert '"2020"' in edited.read_text("utf-8")


def test_undo_that_has_nothing_to_do_syncs_nothing(
    run: Any, workspace: Path, book: Path, server: Any
) -> None:
    edit(book, '"ESF"', '"Dunod"')
    assert run("-C", workspace, "sync").exit_code == 0
    edit(book, '"Dunod"', '"Ici"')
    told = run("-C", workspace, "undo", "--yes", "--json")
    assert (told.exit_code, document(told)["run"]) == (1, 0)
    assert [one["why"] for one in document(told)["left"]] == ["changed here since, and not synced"]
    key = document(told)["left"][0]["key"]
    with server.colleague() as colleague:
        assert colleague.item(key)["publisher"] == "Dunod"


@pytest.mark.parametrize(("number", "code"), [("4999", 1), ("0", 2), ("livre", 2)])
def test_undo_of_no_run_says_so(
    run: Any, workspace: Path, book: Path, number: str, code: int
) -> None:
    result = run("-C", workspace, "undo", number, "--yes")
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert book.exists()


# restore


def test_restore_lists_shows_and_takes_a_version(
    run: Any, workspace: Path, edited: Path, server: Any
) -> None:
    edit(edited, '"Dunod"', '"Seuil"')
    run("-C", workspace, "sync")
    versions = document(run("-C", workspace, "restore", "livre", "--list", "--json"))["versions"]
    assert [v["fields"]["publisher"] for v in versions] == ["Dunod", "ESF"]
    oldest = versions[-1]["before"]
    shown = run("-C", workspace, "restore", "livre", "--before", oldest, "-n", "--lang", "en")
    assert "  Publisher: Seuil → ESF" in shown.stdout.splitlines()
    assert '"Seuil"' in edited.read_text(encoding="utf-8")
    assert run("-C", workspace, "restore", "livre", "--before", oldest).exit_code == 0
    assert '"ESF"' in edited.read_text(encoding="utf-8")
    assert run("-C", workspace, "restore", "livre", "--before", "4999").exit_code == 1
    assert run("-C", workspace, "sync").exit_code == 0
    assert server is not None


def test_restore_takes_an_unsynced_edit_back_and_keeps_it(
    run: Any, workspace: Path, book: Path
) -> None:
    edit(book, '"ESF"', '"Gâché"')
    result = run("-C", workspace, "restore", "livre", "--json")
    assert document(result)["what"] == "base"
    assert '"ESF"' in book.read_text(encoding="utf-8")
    assert run("-C", workspace, "restore", "livre").exit_code == 0
    assert '"Gâché"' in book.read_text(encoding="utf-8")


# Which item is meant


@pytest.fixture
def two_books(run: Any, workspace: Path, book: Path) -> Path:
    other = BOOK.replace("Un livre", "Un livre vert").replace('"2019"', '"2021"')
    book.with_name("second.toml").write_text(other, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    return book


def test_log_and_restore_know_an_item_by_words_of_its_title(
    run: Any, workspace: Path, two_books: Path
) -> None:
    (told,) = document(run("-C", workspace, "log", "livre", "VERT", "--json"))["runs"]
    assert [item["title"] for item in told["items"]] == ["Un livre vert"]
    edit(two_books, '"2019"', '"2020"')
    result = run("-C", workspace, "restore", "livre", "2020")
    assert result.exit_code == 0, result.output
    assert 'date = "2019"' in two_books.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["show", "log", "restore"])
def test_where_several_items_have_the_words_they_are_named(
    run: Any, workspace: Path, two_books: Path, command: str
) -> None:
    result = run("-C", workspace, command, "pair-aidance", "--lang", "en")
    assert result.exit_code == 1
    assert "2 items have the words pair-aidance." in result.stderr
    assert "2019  Un livre" in result.stderr
    assert "2021  Un livre vert" in result.stderr
    assert two_books.exists()


@pytest.mark.parametrize("way", ["file", "zotero", "unsynced"])
def test_what_is_no_longer_here_is_known_by_words_and_named_as_such(
    run: Any, workspace: Path, two_books: Path, server: Any, way: str
) -> None:
    key = two_books.read_text(encoding="utf-8").split('"')[1]
    if way == "zotero":
        with server.colleague() as colleague:
            colleague.trash(key)
    else:
        two_books.unlink()
    if way != "unsynced":
        assert run("-C", workspace, "sync", "--allow-mass-delete").exit_code == 0
    result = run("-C", workspace, "restore", "livre", "esf", "--lang", "en")
    assert result.exit_code == 1
    assert f"{key}  2019  Un livre (no longer here)" in result.stderr
    assert run("-C", workspace, "restore", "un", "livre", "2019").exit_code == 0
    assert 'title = "Un livre"' in two_books.read_text(encoding="utf-8")
