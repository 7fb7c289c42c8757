"""`resolve` as people use it: key by key in a terminal, by options in a script."""

from __future__ import annotations

import json
import re
import socket
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cli.conftest import GROUP, OTHER_KEY
from cli.terminal import CTRL_C, CTRL_D, in_terminal, pseudo_terminal

from zotsync.bibliography.collections import read_collections
from zotsync.cli.frame.pressing import _key
from zotsync.config import Workspace

BOOK = """\
itemType = "book"
title = "Un livre"
date = "2019"
abstractNote = "Une phrase."
"""
HOLDS, WRITE = "What holds?", "Write it?"


def text_of(workspace: Path) -> str:
    return (Workspace(workspace).items / "livre.toml").read_text(encoding="utf-8")


@pytest.fixture
def clashing(run: Any, workspace: Path, server: Any, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace with conflicts on the abstract and the date of a book, marked in its file."""
    file = Workspace(workspace).items / "livre.toml"
    file.write_text(BOOK, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    text = file.read_text(encoding="utf-8")
    ours = text.replace('"2019"', '"2020"').replace("Une phrase.", "Une phrase d’ici.")
    file.write_text(ours, encoding="utf-8")
    with server.colleague() as colleague:
        colleague.change(text.split('"')[1], {"date": "2021", "abstractNote": "Une phrase de là."})
    assert run("-C", workspace, "sync").exit_code == 3
    return workspace


def in_zotero(workspace: Path, server: Any) -> Any:
    with server.colleague() as colleague:
        return colleague.item(text_of(workspace).split('"')[1])


# In a terminal


@pseudo_terminal
def test_answers_are_shown_once_more_and_then_written(
    run: Any, clashing: Path, server: Any
) -> None:
    code, shown = in_terminal(
        "-C", clashing, "resolve", answers=[(HOLDS, "b"), (HOLDS, "z"), (WRITE, "y")]
    )
    assert code == 0, shown
    assert "1 of 2" in shown
    assert "last changed by dominique" in shown
    assert "This will be written into the files:" in shown
    assert "2 conflicts settled." in shown
    assert run("-C", clashing, "sync").exit_code == 0
    item = in_zotero(clashing, server)
    assert (item["date"], item["abstractNote"]) == ("2021", "Une phrase d’ici.\nUne phrase de là.")
    assert "[conflict" not in text_of(clashing)


@pseudo_terminal
@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([(HOLDS, "h"), (HOLDS, "q")], 3),
        ([(HOLDS, "h"), (HOLDS, "z"), (WRITE, "q")], 3),
        ([(HOLDS, "s"), (HOLDS, "s")], 3),
        ([(HOLDS, CTRL_D)], 130),
        ([(HOLDS, "h"), (HOLDS, "z"), (WRITE, CTRL_C)], 130),
    ],
)
def test_who_stops_leaves_everything_as_it_was(
    clashing: Path, answers: list[tuple[str, str]], code: int
) -> None:
    before = text_of(clashing)
    ended, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert ended == code, shown
    assert "othing was written." in shown
    assert "Traceback" not in shown
    assert text_of(clashing) == before


@pseudo_terminal
def test_going_back_changes_an_answer(clashing: Path) -> None:
    answers = [(HOLDS, "h"), (HOLDS, "p"), (HOLDS, "z"), (HOLDS, "h"), (WRITE, "p"), (HOLDS, "z")]
    code, shown = in_terminal("-C", clashing, "resolve", answers=[*answers, (WRITE, "y")])
    assert code == 0, shown
    assert 'abstractNote = "Une phrase de là."' in text_of(clashing)
    assert 'date = "2021"' in text_of(clashing)


@pseudo_terminal
def test_finishing_writes_what_was_chosen_so_far(clashing: Path) -> None:
    answers = [(HOLDS, "z"), (HOLDS, "p"), (HOLDS, "f"), (WRITE, "y")]
    code, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert code == 3, shown
    assert "1 conflict is left for later." in shown
    assert 'abstractNote = "Une phrase de là."' in text_of(clashing)
    assert "[conflict.date]" in text_of(clashing)


@pseudo_terminal
def test_enter_takes_the_default_that_is_shown(clashing: Path) -> None:
    answers = [(HOLDS, "\r"), (HOLDS, "z"), (WRITE, "\r")]
    code, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert code == 3, shown
    assert shown.count("→ left for later") == 1
    assert "skip (Enter)" in shown.replace("\u00a0", " ")
    assert "yes (Enter)" in shown.replace("\u00a0", " ")
    assert 'date = "2021"' in text_of(clashing)
    assert "[conflict.abstractNote]" in text_of(clashing)


@pseudo_terminal
def test_an_enter_that_ends_an_answer_is_not_the_next_one(clashing: Path) -> None:
    answers = [(HOLDS, "z\r"), (HOLDS, "h\r"), (WRITE, "q\r")]
    code, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert code == 3, shown
    assert "left for later" not in shown
    assert "[conflict.abstractNote]" in text_of(clashing)


def test_an_enter_before_anybody_has_read_the_question_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed, moments = iter("\r\rs"), iter([10.0, 10.1, 10.2, 10.9])
    monkeypatch.setattr("click.getchar", lambda: next(typed))
    assert _key({"s"}, lambda: next(moments)) == "s"
    typed, moments = iter("\r\rs"), iter([10.0, 10.1, 10.9])
    assert _key({"s"}, lambda: next(moments)) == "\r"


@pseudo_terminal
def test_a_question_mark_explains_the_keys_and_another_key_names_them(clashing: Path) -> None:
    answers = [(HOLDS, "x"), ("(one of these: h z", "?"), ("leave this one for later", "q")]
    _code, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert "keep both: what they share once" in shown
    assert "stop, and write nothing of all this" in shown


@pseudo_terminal
@pytest.mark.parametrize("width", [30, 140])
def test_every_line_fits_the_terminal(clashing: Path, width: int) -> None:
    _code, shown = in_terminal(
        "-C", clashing, "resolve", "--no-color", answers=[(HOLDS, "q")], width=width
    )
    sides = shown[shown.index("✗") : shown.index(HOLDS)].splitlines()
    assert max(map(len, sides)) < width
    assert any("before" in line and "Zotero" in line for line in sides) == (width == 140)


def editor(tmp_path: Path, code: str) -> str:
    script = tmp_path / "editor.py"
    head = "import os, sys\npath = sys.argv[1]\ntext = open(path, encoding='utf-8').read()\n"
    tail = "open(path, 'w', encoding='utf-8').write(text)\nos.utime(path, (9e8, 9e8))\n"
    script.write_text(f"{head}{code}\n{tail}", encoding="utf-8")
    return f"{sys.executable} {script}"


@pseudo_terminal
def test_a_value_written_in_an_editor_holds(
    clashing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "text = text.replace('Une phrase d’ici.', 'Une phrase à nous.', 1)"
    monkeypatch.setenv("EDITOR", editor(tmp_path, code))
    monkeypatch.delenv("VISUAL", raising=False)
    answers = [(HOLDS, "e"), (HOLDS, "h"), (WRITE, "y")]
    ended, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert ended == 0, shown
    assert "Une phrase à nous." in shown
    assert 'abstractNote = "Une phrase à nous."' in text_of(clashing)


@pseudo_terminal
@pytest.mark.parametrize("code", ["sys.exit(0)", "sys.exit(1)", "pass"])
def test_an_editor_that_is_left_changes_nothing(
    clashing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, code))
    monkeypatch.delenv("VISUAL", raising=False)
    before = text_of(clashing)
    at_once = [("Press Enter", "\r")] if code == "sys.exit(0)" else []  # a window of its own?
    answers = [(HOLDS, "e"), *at_once, ("Nothing was changed.", "q")]
    ended, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert ended == 3, shown
    assert text_of(clashing) == before


@pseudo_terminal
def test_what_cannot_hold_is_said_at_once_and_edited_again(
    clashing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "text = text.replace('=====', '', 99) if '====' in text else 'Une phrase à nous.'"
    monkeypatch.setenv("EDITOR", editor(tmp_path, code))
    monkeypatch.delenv("VISUAL", raising=False)
    answers = [(HOLDS, "e"), ("Edit it again?", "s"), (HOLDS, "q")]
    _ended, shown = in_terminal("-C", clashing, "resolve", answers=answers)
    assert "nobody can tell what is to hold" in shown


@pseudo_terminal
def test_with_yes_the_answers_are_written_without_asking_once_more(clashing: Path) -> None:
    answers = [(HOLDS, "z"), (HOLDS, "z")]
    code, shown = in_terminal("-C", clashing, "resolve", "--yes", answers=answers)
    assert code == 0, shown
    assert WRITE not in shown
    assert 'date = "2021"' in text_of(clashing)


# Without a terminal


def test_without_a_terminal_a_side_must_be_named(run: Any, clashing: Path) -> None:
    before = text_of(clashing)
    result = run("-C", clashing, "resolve", stdin="h\n")
    assert result.exit_code == 2
    assert "2 conflicts are open" in result.stderr
    assert "--local or --remote" in result.stderr
    assert text_of(clashing) == before


def test_both_sides_at_once_are_wrong_usage(run: Any, clashing: Path) -> None:
    assert run("-C", clashing, "resolve", "--local", "--remote").exit_code == 2


def test_as_data_conflicts_are_listed_and_left(run: Any, clashing: Path) -> None:
    result = run("-C", clashing, "resolve", "--json")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert told["settled"] == 0
    assert [c["field"] for c in told["conflicts"]] == ["abstractNote", "date"]
    assert told["conflicts"][1]["zotero"] == "2021"
    assert told["conflicts"][1]["zotero_by"].startswith("dominique, ")


@pytest.mark.parametrize("field", ["date", "Date"])
def test_one_field_is_settled_alone(run: Any, clashing: Path, field: str) -> None:
    result = run("-C", clashing, "resolve", "livre", "--field", field, "--remote")
    assert result.exit_code == 3, result.output
    assert "1 conflict settled." in result.stderr
    assert "1 conflict is left." in result.stderr
    assert 'date = "2021"' in text_of(clashing)
    assert "[conflict.abstractNote]" in text_of(clashing)


def test_a_field_without_a_conflict_is_named_with_those_that_have_one(
    run: Any, clashing: Path
) -> None:
    result = run("-C", clashing, "resolve", "--field", "title", "--local")
    assert result.exit_code == 2
    assert "abstractNote, date" in result.stderr


def test_an_item_without_a_conflict_leaves_the_others(run: Any, clashing: Path) -> None:
    (Workspace(clashing).items / "autre.toml").write_text(
        'itemType = "book"\ntitle = "Autre"\n', encoding="utf-8"
    )
    run("-C", clashing, "sync")
    result = run("-C", clashing, "resolve", "autre", "--local")
    assert result.exit_code == 3
    assert "No open conflicts here." in result.stderr


def test_the_newest_value_of_zotero_is_taken(run: Any, clashing: Path, server: Any) -> None:
    with server.colleague() as colleague:
        colleague.change(text_of(clashing).split('"')[1], {"date": "2022"})
    assert run("-C", clashing, "resolve", "--remote").exit_code == 0
    assert 'date = "2022"' in text_of(clashing)
    assert run("-C", clashing, "sync").exit_code == 0


@pytest.mark.parametrize("how", ["no key", "offline"])
def test_without_zotero_it_settles_what_was_last_seen(
    run: Any, clashing: Path, server: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with server.colleague() as colleague:
        colleague.change(text_of(clashing).split('"')[1], {"date": "2022"})
    if how == "no key":
        monkeypatch.delenv("ZOTERO_API_KEY")
    words = ["--offline"] if how == "offline" else []
    result = run("-C", clashing, "resolve", "--remote", *words)
    assert result.exit_code == 0, result.output
    assert ("cannot be asked now" in result.stderr) == (how == "no key")
    assert 'date = "2021"' in text_of(clashing)


def test_a_server_that_cannot_be_reached_is_not_waited_for(run: Any, clashing: Path) -> None:
    config = clashing / "zotsync.toml"
    with socket.socket() as nobody:  # a port at which nobody listens
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    text = re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{port}", config.read_text(encoding="utf-8"))
    config.write_text(text, encoding="utf-8")
    result = run("-C", clashing, "resolve", "--remote")
    assert result.exit_code == 0, result.output
    assert "cannot be asked now" in result.stderr
    assert "Waiting" not in result.stderr


@pytest.fixture
def shelves(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace with the collections `Un` and `Deux`, and a book in each."""
    for name in ("Un", "Deux"):
        text = BOOK + f'collections = ["{name}"]\n'
        (Workspace(workspace).items / f"{name}.toml").write_text(text, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    return workspace


def shelf_keys(workspace: Path) -> dict[str, str]:
    return read_collections(Workspace(workspace).collections)


def change_shelf(server: Any, key: str, **fields: str) -> None:
    address = f"{server.url}/groups/{GROUP}/collections/{key}"
    with httpx2.Client(headers={"Zotero-API-Key": OTHER_KEY}) as client:
        version = str(client.get(address).json()["version"])
        client.patch(address, json=fields, headers={"If-Unmodified-Since-Version": version})


def rename_here(workspace: Path, old: str, new: str) -> None:
    tree = Workspace(workspace).collections
    tree.write_text(tree.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_collection_is_named_by_its_path(run: Any, shelves: Path, server: Any) -> None:
    change_shelf(server, shelf_keys(shelves)["Un"], name="Là")
    rename_here(shelves, "Un", "Ici")
    assert run("-C", shelves, "sync").exit_code == 3
    assert run("-C", shelves, "resolve", "Ici", "--remote").exit_code == 0
    assert run("-C", shelves, "sync").exit_code == 0
    assert sorted(shelf_keys(shelves)) == ["Deux", "Là"]


def test_a_move_that_can_never_hold_is_said_not_to_be_settled(
    run: Any, shelves: Path, server: Any
) -> None:
    keys = shelf_keys(shelves)
    change_shelf(server, keys["Deux"], parentCollection=keys["Un"])
    rename_here(shelves, "Un", "Deux/Un")
    assert run("-C", shelves, "sync").exit_code == 3
    result = run("-C", shelves, "resolve", "Deux/Un", "--local")
    assert result.exit_code == 3
    assert "a collection would be inside itself" in result.stderr
    assert "settled" not in result.stderr
    assert run("-C", shelves, "resolve", "--local").exit_code == 0  # of both it can
    assert run("-C", shelves, "sync").exit_code == 0
    assert sorted(shelf_keys(shelves)) == ["Deux", "Deux/Un"]


# Never quiet


@pytest.mark.parametrize("words", [("status",), ("sync",), ("sync", "--dry-run"), ("check",)])
def test_conflicts_are_told_with_the_way_out(
    run: Any, clashing: Path, words: tuple[str, ...]
) -> None:
    result = run("-C", clashing, *words)
    assert result.exit_code == 3, result.output
    lines = result.stderr.splitlines()
    first = lines.index("Conflict: Un livre, Abstract")
    assert first == (1 if words == ("sync",) else 0), "a sync says last what is left"
    assert "Conflict: Un livre, Date" in lines
    assert "  here: 2020 · Zotero: 2021" in lines
    assert "zotsync resolve" in result.stderr
    quiet = run("-C", clashing, *words, "-q")
    assert "Conflict: Un livre, Date" in quiet.stderr


def test_a_printed_conflict_is_told_with_the_way_out(run: Any, clashing: Path) -> None:
    assert run("-C", clashing, "handout", "new", "tout").exit_code == 0
    result = run("-C", clashing, "render", "tout")
    assert result.exit_code == 0
    assert "with an open conflict (zotsync resolve settles it): Un livre" in result.stderr


def test_a_table_that_an_editor_took_away_is_told_before_it_counts(
    run: Any, clashing: Path
) -> None:
    file = Workspace(clashing).items / "livre.toml"
    file.write_text(text_of(clashing).partition("\n[conflict.")[0] + "\n", encoding="utf-8")
    told = run("-C", clashing, "status")
    assert told.exit_code == 0
    assert "Un livre: for Abstract, Date, what is here replaces what Zotero has" in told.stderr
    assert "2021" in told.stderr
