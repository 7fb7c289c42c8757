"""`import` on real folders: a handout is printed, corrected in Word, taken over, synced, undone."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cli.terminal import in_terminal, pseudo_terminal
from handout.correcting_documents import Correcting

FIRST = """\
itemType = "journalArticle"
title = "L'accueil des pairs"
publicationTitle = "Vie sociale"
issue = "57"
date = "2018-06"
pages = "40"
abstractNote = "Une phrase. Une autre."
collections = ["Fonds"]

[[creators]]
creatorType = "author"
lastName = "Adenot"
firstName = "Vincent"
"""
SECOND = """\
itemType = "book"
title = "Un second titre"
publisher = "ESF"
date = "2019"
collections = ["Fonds"]
"""
THIRD = SECOND.replace("Un second", "Un autre")
HANDOUT = """\
# une fiche
title = "La fiche"
collection = "Fonds"

[[sections]]
title = "Tout"  # la section
collection = "Fonds"
"""


def document(result: Any) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def printed(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    """Return the document of a handout of three items, all of it synced."""
    items = workspace / "bibliography" / "items"
    for name, text in {"premier": FIRST, "second": SECOND, "troisieme": THIRD}.items():
        (items / f"{name}.toml").write_text(text, encoding="utf-8")
    (workspace / "handouts" / "fiche.toml").write_text(HANDOUT, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    assert run("-C", workspace, "render", "fiche").exit_code == 0
    return workspace / "handouts" / "fiche.docx"


@pytest.fixture
def corrected(printed: Path, tmp_path: Path) -> Path:
    """Return the document as a colleague sends it back."""
    path = tmp_path / "retour Camille.docx"
    shutil.copy(printed, path)
    with Correcting(path) as document:
        document.change("L'accueil des pairs", "L’accueil des pairs aidants")
        document.change("ADENOT Vincent", "ADENOT Vincent, MARTIN Ève")
        document.change("p.40", "pp.40-41")
        document.change("Une autre.", "Une autre phrase.")
        document.change("La fiche", "La belle fiche")
        second = document.entry("Un second titre", "ESF, 2019")
        document.remove(second)
    return path


def text(workspace: Path, name: str) -> str:
    return (workspace / "bibliography" / "items" / name).read_text(encoding="utf-8")


def said(workspace: Path) -> dict[str, Any]:
    return tomllib.loads(text(workspace, "premier.toml"))


def handout(workspace: Path) -> str:
    return (workspace / "handouts" / "fiche.toml").read_text(encoding="utf-8")


def test_corrections_are_written_into_files_and_go_to_zotero(
    run: Any, workspace: Path, corrected: Path, server: Any
) -> None:
    result = run("-C", workspace, "import", corrected, "--yes", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "6 corrections written." in result.output
    article = text(workspace, "premier.toml")
    assert 'title = "L\'accueil des pairs aidants"' in article
    assert 'pages = "40-41"' in article
    assert 'abstractNote = "Une phrase. Une autre phrase."' in article
    assert "Martin" in article
    new = handout(workspace)
    assert 'title = "La belle fiche"' in new
    assert new.startswith("# une fiche")
    assert "# la section" in new
    assert "exclude = [" in new
    assert run("-C", workspace, "sync").exit_code == 0
    with server.colleague() as colleague:
        there = colleague.item(tomllib.loads(article)["key"])
    assert (there["title"], there["pages"]) == ("L'accueil des pairs aidants", "40-41")


def test_an_import_is_one_run_and_undo_takes_all_of_it_back(
    run: Any, workspace: Path, corrected: Path
) -> None:
    before = said(workspace), handout(workspace)
    run("-C", workspace, "import", corrected, "--yes")
    after = said(workspace), handout(workspace)
    newest = document(run("-C", workspace, "log", "--json", "--limit", "1"))["runs"][0]
    assert newest["command"] == "import"
    result = run("-C", workspace, "undo", newest["run"], "--yes", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "handouts/fiche.toml  becomes what it was" in result.output
    assert (said(workspace), handout(workspace)) == before
    assert run("-C", workspace, "undo", "--yes").exit_code == 0
    assert (said(workspace), handout(workspace)) == after


def test_undo_leaves_a_handout_that_was_edited_since(
    run: Any, workspace: Path, corrected: Path
) -> None:
    run("-C", workspace, "import", corrected, "--yes")
    edited = handout(workspace) + "# à moi\n"
    (workspace / "handouts" / "fiche.toml").write_text(edited, encoding="utf-8")
    result = run("-C", workspace, "undo", "--yes", "--json")
    assert result.exit_code == 1
    assert [one["title"] for one in document(result)["left"]] == ["handouts/fiche.toml"]
    assert handout(workspace) == edited


def test_an_import_into_the_handout_alone_can_be_undone(
    run: Any, workspace: Path, printed: Path
) -> None:
    before = handout(workspace)
    with Correcting(printed) as document:
        document.change("La fiche", "La belle fiche")
    assert run("-C", workspace, "import", printed, "--yes").exit_code == 0
    assert 'title = "La belle fiche"' in handout(workspace)
    shown = run("-C", workspace, "undo", "--dry-run", "--json")
    assert json.loads(shown.stdout)["handouts"] == ["handouts/fiche.toml"]
    assert run("-C", workspace, "undo", "--yes").exit_code == 0
    assert handout(workspace) == before


def test_a_dry_run_writes_nothing(run: Any, workspace: Path, corrected: Path) -> None:
    before = text(workspace, "premier.toml"), handout(workspace)
    result = run("-C", workspace, "import", corrected, "--dry-run", "--json")
    assert result.exit_code == 0
    (proposed,) = document(result)["imports"]
    assert proposed["handout"] == "handouts/fiche.toml"
    assert proposed["from_record"] is True
    assert len(proposed["corrections"]) == 6
    assert (text(workspace, "premier.toml"), handout(workspace)) == before


def test_nothing_is_written_unasked(run: Any, workspace: Path, corrected: Path) -> None:
    before = text(workspace, "premier.toml")
    result = run("-C", workspace, "import", corrected, "--lang", "en")
    assert result.exit_code == 2
    assert "--yes" in result.output
    assert run("-C", workspace, "import", corrected, stdin="n\n").exit_code == 0
    assert text(workspace, "premier.toml") == before
    assert run("-C", workspace, "import", corrected, stdin="y\n").exit_code == 0
    assert text(workspace, "premier.toml") != before


def test_an_untouched_document_and_a_second_import_propose_nothing(
    run: Any, workspace: Path, printed: Path, corrected: Path
) -> None:
    assert "Nothing was corrected" in run("-C", workspace, "import", printed, "--lang", "en").output
    run("-C", workspace, "import", corrected, "--yes")
    again = run("-C", workspace, "import", corrected, "--lang", "en")
    assert again.exit_code == 0
    assert "Nothing was corrected" in again.output


def test_an_old_document_does_not_turn_back_what_was_edited_since(
    run: Any, workspace: Path, corrected: Path
) -> None:
    path = workspace / "bibliography" / "items" / "premier.toml"
    path.write_text(path.read_text("utf-8").replace('"57"', '"58"'), encoding="utf-8")
    run("-C", workspace, "render", "fiche")
    result = run("-C", workspace, "import", corrected, "--yes")
    assert result.exit_code == 0, result.output
    assert 'issue = "58"' in text(workspace, "premier.toml")
    assert 'pages = "40-41"' in text(workspace, "premier.toml")


def test_what_both_have_changed_is_left_to_a_person(
    run: Any, workspace: Path, corrected: Path
) -> None:
    path = workspace / "bibliography" / "items" / "premier.toml"
    path.write_text(path.read_text("utf-8").replace('"40"', '"40-44"'), encoding="utf-8")
    result = run("-C", workspace, "import", corrected, "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert "changed here too since the document was printed" in result.output
    assert 'pages = "40-44"' in text(workspace, "premier.toml")


def test_without_a_record_an_older_value_is_doubtful(
    run: Any, workspace: Path, corrected: Path
) -> None:
    path = workspace / "bibliography" / "items" / "premier.toml"
    path.write_text(path.read_text("utf-8").replace('"57"', '"58"'), encoding="utf-8")
    run("-C", workspace, "sync")
    shutil.rmtree(workspace / ".zotsync" / "printed")
    result = run("-C", workspace, "import", corrected, "--yes", "--json")
    assert result.exit_code == 1
    (proposed,) = document(result)["imports"]
    assert proposed["from_record"] is False
    doubtful = [c for c in proposed["corrections"] if c["doubt"]]
    assert [c["fields"] for c in doubtful if c["key"]] == [{"issue": "57", "pages": "40-41"}]
    assert len([c for c in doubtful if not c["key"]]) == 2  # the title, and what was taken out
    assert 'title = "La fiche"' in handout(workspace)
    assert 'issue = "58"' in text(workspace, "premier.toml")


def test_a_file_edited_while_somebody_decides_is_left(
    run: Any, workspace: Path, corrected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workspace / "bibliography" / "items" / "premier.toml"

    def decides(*_args: object, **_kwargs: object) -> bool:
        path.write_text(path.read_text("utf-8").replace('"40"', '"44"'), encoding="utf-8")
        return True

    monkeypatch.setattr("zotsync.cli.frame.ask.confirm", decides)
    result = run("-C", workspace, "import", corrected, "--lang", "en")
    assert result.exit_code == 1
    assert "changed meanwhile" in result.output
    assert 'pages = "44"' in text(workspace, "premier.toml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"La fiche"', '"Ma fiche"'),
        ("[[sections]]", '[[sections]]\ntitle = "Neuf"\ntag = "neuf"\n\n[[sections]]'),
    ],
)
def test_a_handout_edited_while_somebody_decides_is_left(  # noqa: PLR0913, PLR0917 - fixtures
    run: Any,
    workspace: Path,
    printed: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: str,
    new: str,
) -> None:
    with Correcting(printed) as document:
        document.change("La fiche", "La belle fiche")
        document.change("Tout", "Tout ou presque")
    edited = handout(workspace).replace(old, new)

    def decides(*_args: object, **_kwargs: object) -> bool:
        (workspace / "handouts" / "fiche.toml").write_text(edited, encoding="utf-8")
        return True

    monkeypatch.setattr("zotsync.cli.frame.ask.confirm", decides)
    assert run("-C", workspace, "import", printed).exit_code == 1
    assert handout(workspace) == edited


def test_what_cannot_be_placed_is_listed_and_told_by_the_exit_code(
    run: Any, workspace: Path, printed: Path
) -> None:
    with Correcting(printed) as document:
        document.change("Vie sociale", "Vie sociale, dossier")
    result = run("-C", workspace, "import", printed, "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert "Left to you:" in result.output
    assert "{+dossier, +}" in result.output


@pytest.mark.parametrize("name", ["liste.xlsm", "liste"])
def test_files_of_other_kinds_are_refused(run: Any, workspace: Path, name: str) -> None:
    result = run("-C", workspace, "import", name, "--lang", "en")
    assert result.exit_code == 2
    assert "Save it as .docx or .odt" in result.output


def test_a_document_of_no_known_handout_asks_for_its_name(
    run: Any, workspace: Path, printed: Path, tmp_path: Path
) -> None:
    shutil.rmtree(workspace / ".zotsync" / "printed")
    (workspace / "handouts" / "autre.toml").write_text('title = "Autre"\n', encoding="utf-8")
    other = tmp_path / "retour.docx"
    shutil.copy(printed, other)
    result = run("-C", workspace, "import", other, "--lang", "en")
    assert result.exit_code == 2
    assert "--handout" in result.output
    named = run("-C", workspace, "import", other, "--handout", "fiche", "--lang", "en")
    assert named.exit_code == 0, named.output


@pseudo_terminal
def test_in_a_terminal_corrections_are_taken_one_by_one(workspace: Path, corrected: Path) -> None:
    asked = [
        ("Write these corrections?", "o"),
        ("Take it?", "n"),
        ("Take it?", "y"),
        ("Take it?", "s"),
    ]
    code, shown = in_terminal("-C", workspace, "import", corrected, answers=asked)
    assert code == 0, shown
    assert "1 correction written." in shown
    assert "Martin" not in text(workspace, "premier.toml")
    assert "pairs aidants" in text(workspace, "premier.toml")
    assert 'pages = "40"' in text(workspace, "premier.toml")


@pseudo_terminal
@pytest.mark.parametrize(("key", "pages"), [("a", "40-41"), ("n", "40")])
def test_in_a_terminal_all_or_nothing_is_a_key(
    workspace: Path, corrected: Path, key: str, pages: str
) -> None:
    code, shown = in_terminal(
        "-C", workspace, "import", corrected, answers=[("Write these corrections?", key)]
    )
    assert code == 0, shown
    assert f'pages = "{pages}"' in text(workspace, "premier.toml")


def test_a_handouts_own_document_may_be_printed_over_once_it_is_taken_over(
    run: Any, workspace: Path, printed: Path
) -> None:
    with Correcting(printed) as document:
        document.change("p.40", "pp.40-41")
    assert run("-C", workspace, "import", printed, "--yes").exit_code == 0
    assert run("-C", workspace, "render", "fiche").exit_code == 0
    assert [file.name for file in printed.parent.glob("*.docx")] == ["fiche.docx"]
    kept = list((workspace / ".zotsync" / "replaced").iterdir())
    assert len(kept) == 1


def test_a_document_saved_again_while_somebody_decides_is_not_printed_over(
    run: Any, workspace: Path, printed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Correcting(printed) as document:
        document.change("p.40", "pp.40-41")

    def decides(*_args: object, **_kwargs: object) -> bool:
        with Correcting(printed) as document:
            document.change("Un second titre", "Un second beau titre")
        return True

    monkeypatch.setattr("zotsync.cli.frame.ask.confirm", decides)
    assert run("-C", workspace, "import", printed).exit_code == 0
    saved = printed.read_bytes()
    assert run("-C", workspace, "render", "fiche").exit_code == 0
    assert printed.read_bytes() == saved
