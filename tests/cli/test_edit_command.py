"""`edit`: the file itself, in the editor that somebody has chosen, checked at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.shelf import file_of, make_shelf, text_of
from cli.terminal import in_terminal, pseudo_terminal

from zotsync.cli.frame.editor import chosen_editor, words_of

ADENOT = "adenot-2020-travailleur"


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    return make_shelf(tmp_path / "fonds")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what makes an editor that replaces a text in the file, another one each time it is called."""

    def make(*changes: tuple[str, str]) -> None:
        program = tmp_path / "un éditeur.py"
        program.write_text(
            "import pathlib, sys\n"
            f"changes = {list(changes)!r}\n"
            "count = pathlib.Path(__file__).with_name('count')\n"
            "n = int(count.read_text()) if count.exists() else 0\n"
            "count.write_text(str(n + 1))\n"
            "file = pathlib.Path(sys.argv[-1])\n"
            "old, new = changes[n]\n"
            "text = file.read_text(encoding='utf-8')\n"
            "assert old in text\n"
            "file.write_text(text.replace(old, new), encoding='utf-8')\n",
            encoding="utf-8",
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{program}"')

    return make


def test_a_change_that_can_be_sent_is_left(run: Any, fonds: Path, editor: Any) -> None:
    editor(('"2020-01-31"', '"2021"'))
    result = run("-C", fonds, "edit", "adenot", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"bibliography/items/{ADENOT}.toml\n"
    assert "zotsync sync" in result.stderr
    assert 'date = "2021"' in text_of(fonds, ADENOT)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"2020-01-31"', '"2020'), ".toml:6: "),
        (("date =", "daet ="), ".toml:6 · daet: daet is not a field of Zotero."),
        (('"ADN7T5C8"', '"ADN7T5C9"'), "The key of this file was changed."),
        (("journalArticle", "jornalArticle"), "Is journalArticle meant?"),
        (('"author"', '"autor"'), "no creators of type autor"),
        (('["pair-aidance", "travail"]', '"travail"'), "tags"),
    ],
)
def test_what_zotero_would_refuse_is_told_with_its_line(
    run: Any, fonds: Path, editor: Any, change: tuple[str, str], told: str
) -> None:
    remember(run, fonds)
    editor(change)
    result = run("-C", fonds, "edit", ADENOT, "--lang", "en")
    assert result.exit_code == 1
    assert told in result.stderr
    assert change[1] in text_of(fonds, ADENOT)


def remember(run: Any, folder: Path) -> None:
    """Let the state know the file: as after a sync, a changed key is told from a new item."""
    words = ("tag", ADENOT, "--add", "x", "--yes")
    assert run("-C", folder, *words).exit_code == 0
    file = file_of(folder, ADENOT)
    file.write_text(text_of(folder, ADENOT).replace(', "x"', ""), encoding="utf-8")


def test_a_date_that_cannot_be_is_told_and_left(run: Any, fonds: Path, editor: Any) -> None:
    editor(('"2020-01-31"', '"13/13/2019"'), ("Le travailleur", "Un travailleur"))
    result = run("-C", fonds, "edit", "adenot", "--lang", "en")
    assert result.exit_code == 0
    assert "Date: There is no such date: 13/13/2019." in result.stderr
    assert 'date = "13/13/2019"' in text_of(fonds, ADENOT)
    again = run("-C", fonds, "edit", "adenot", "--lang", "en")
    assert "Date:" not in again.stderr  # it was like that before


@pseudo_terminal
def test_in_a_terminal_it_can_be_edited_again(fonds: Path, editor: Any) -> None:
    editor(('"2020-01-31"', '"13/13/2019"'), ('"13/13/2019"', '"2019"'))
    code, shown = in_terminal("-C", fonds, "edit", "adenot", answers=[("What now?", "e")])
    assert code == 0, shown
    assert 'date = "2019"' in text_of(fonds, ADENOT)


def test_a_collection_that_was_mistyped_is_seen(run: Any, fonds: Path, editor: Any) -> None:
    editor(("Pair-aidance/Revues", "Pair-aidence/Revues"))
    result = run("-C", fonds, "edit", ADENOT, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "A new collection: Pair-aidence/Revues" in result.stderr


def test_a_file_that_was_removed_is_told(
    run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import os, sys; os.remove(sys.argv[-1])"
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" -c "{program}"')
    result = run("-C", fonds, "edit", ADENOT, "--lang", "en")
    assert "trash" in result.stderr


def test_nothing_changed_is_told(run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" -c ""')
    found = json.loads(run("-C", fonds, "edit", ADENOT, "--json").stdout)
    assert (found["changed"], found["problems"]) == (False, [])


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-editor-here", "cannot be started"),
        (f'"{sys.executable}" -c "raise SystemExit(3)"', "ended with an error (3)"),
    ],
)
def test_an_editor_that_fails_is_told(
    run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch, command: str, told: str
) -> None:
    before = text_of(fonds, ADENOT)
    monkeypatch.setenv("VISUAL", command)
    result = run("-C", fonds, "edit", ADENOT, "--lang", "en")
    assert result.exit_code == 1
    assert told in result.stderr
    assert text_of(fonds, ADENOT) == before


@pseudo_terminal
def test_a_faulty_file_can_be_edited_again(fonds: Path, editor: Any) -> None:
    editor(("date =", "daet ="), ("daet =", "date ="))
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "edit", ADENOT), answers=[("What now?", "e")]
    )
    assert code == 0, shown
    assert "is not a field of Zotero" in " ".join(shown.split())


@pseudo_terminal
def test_what_was_there_can_be_put_back(fonds: Path, editor: Any) -> None:
    before = file_of(fonds, ADENOT).read_bytes()
    editor(('"2020-01-31"', '"2020'))
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "edit", ADENOT), answers=[("What now?", "p")]
    )
    assert code == 0, shown
    assert file_of(fonds, ADENOT).read_bytes() == before


@pseudo_terminal
def test_a_faulty_file_can_be_left_and_is_no_deletion(fonds: Path, editor: Any) -> None:
    editor(('"2020-01-31"', '"2020'))
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "edit", ADENOT), answers=[("What now?", "l")]
    )
    assert code == 1
    assert "nothing is lost" in shown
    assert 'date = "2020\n' in text_of(fonds, ADENOT)


@pytest.mark.parametrize("name", [ADENOT, f"{ADENOT}.toml", f"bibliography/items/{ADENOT}.toml"])
def test_a_file_that_was_left_faulty_is_opened_again(
    run: Any, fonds: Path, editor: Any, name: str
) -> None:
    editor(('"2020-01-31"', '"2020'), ('"2020\n', '"2020"\n'))
    assert run("-C", fonds, "edit", ADENOT).exit_code == 1
    refused = run("-C", fonds, "show", name, "--lang", "en")
    assert refused.exit_code == 1
    assert f"{ADENOT}.toml:6: " in refused.stderr
    assert run("-C", fonds, "edit", name).exit_code == 0
    assert run("-C", fonds, "show", name).exit_code == 0


@pseudo_terminal
def test_an_editor_in_a_window_of_its_own_is_waited_for(
    fonds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" -c ""')
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "edit", ADENOT), answers=[("Press Enter", "\r")]
    )
    assert code == 0, shown
    assert "Nothing was changed." in shown


# Which editor


def nothing() -> str:
    return ""


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, "linux", ["code", "--wait"]),
        ({"EDITOR": "'my editor' -x"}, "darwin", ["my editor", "-x"]),
        ({"VISUAL": " "}, "win32", ["notepad.exe"]),
        ({}, "darwin", ["open", "-W", "-n", "-t"]),
        ({}, "linux", ["nano"]),
    ],
)
def test_the_editor_is_the_one_that_was_chosen(
    environ: dict[str, str], platform: str, expected: list[str]
) -> None:
    there = {"nano", "vi"}
    found = chosen_editor(environ, platform, nothing, lambda name: name if name in there else None)
    assert found == expected


def test_git_comes_after_the_environment() -> None:
    assert chosen_editor({}, "linux", lambda: "kate -b") == ["kate", "-b"]
    assert chosen_editor({"EDITOR": "vi"}, "linux", lambda: "kate -b") == ["vi"]
    assert chosen_editor({}, "linux", nothing, lambda _name: None) == []


def test_without_a_terminal_no_editor_is_started_that_wants_one(
    run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("zotsync.cli.frame.editor.git_editor", nothing)
    result = run("-C", fonds, "edit", ADENOT, "--lang", "en")
    assert result.exit_code == 1
    assert "No editor was found." in result.stderr


def test_a_path_with_blanks_is_one_word_on_windows(tmp_path: Path) -> None:
    program = tmp_path / "Notepad Plus.exe"
    program.touch()
    assert words_of(str(program), "win32") == [str(program)]
    assert words_of(r'"C:\Program Files\n++.exe" -multiInst', "win32") == [
        r"C:\Program Files\n++.exe",
        "-multiInst",
    ]
    assert words_of("vi 'x", "linux") == ["vi", "'x"]
