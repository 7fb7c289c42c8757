"""`import` of references on real folders: read, asked about, written, synced, undone."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cli.terminal import in_terminal, pseudo_terminal

RIS = """\
TY  - JOUR
TI  - La pair-aidance
AU  - Gardien, Ève
T2  - Vie sociale
PY  - 2020
DO  - 10.3917/vsoc.203.0012
N1  - Une note
XX  - inconnu
ER  -
TY  - BOOK
TI  - Aller mieux
AU  - Demailly, Lise
PY  - 2016
ER  -
"""
BIB = """\
@article{g, title={La Pair-Aidance}, author={Gardien, Eve}, year=2020, pages={12--34},
  journal={Vie sociale et traitements}}
@book{n, title={Pairs}, author={Jouet, Emmanuelle}, year=2014}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    ris, bib = tmp_path / "cairn.ris", tmp_path / "hal.bib"
    ris.write_text(RIS, encoding="utf-8")
    bib.write_text(BIB, encoding="utf-8")
    return ris, bib


def items(workspace: Path) -> dict[str, dict[str, Any]]:
    """Return file stem -> what the file says."""
    folder = workspace / "bibliography" / "items"
    return {p.stem: tomllib.loads(p.read_text("utf-8")) for p in folder.glob("*.toml")}


def imported(run: Any, workspace: Path, *words: object) -> Any:
    result = run("-C", workspace, "import", *words, "--yes", "--json")
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)["references"]


def collections(workspace: Path) -> dict[str, str]:
    text = (workspace / "bibliography" / "collections.toml").read_text("utf-8")
    return tomllib.loads(text)


@pytest.mark.usefixtures("with_key")
def test_new_items_get_files_and_go_to_zotero_with_their_notes(
    run: Any, workspace: Path, files: tuple[Path, Path], server: Any
) -> None:
    told = imported(run, workspace, files[0], "--collection", "Nouveautés/Revues")
    assert (told["added"], told["waits"]) == (2, 0)
    found = items(workspace)
    article = found["gardien-2020-la-pair-aidance"]
    assert article["collections"] == ["Nouveautés/Revues"]
    assert article["extra"] == "XX: inconnu"
    assert found["une-note"]["parentItem"] == article["key"]
    assert set(collections(workspace)) >= {"Nouveautés", "Nouveautés/Revues"}
    assert run("-C", workspace, "sync").exit_code == 0
    with server.colleague() as colleague:
        assert colleague.item(article["key"])["DOI"] == "10.3917/vsoc.203.0012"
        assert colleague.item(found["une-note"]["key"])["note"] == "<p>Une note</p>"


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("synced", [False, True])
def test_several_files_are_one_run_that_undo_takes_back(
    run: Any, workspace: Path, files: tuple[Path, Path], *, synced: bool
) -> None:
    assert run("-C", workspace, "sync").exit_code == 0
    before, shelves = items(workspace), collections(workspace)
    told = imported(run, workspace, *files, "--collection", "Nouveautés/Revues")
    assert told["added"] == 3
    if synced:
        assert run("-C", workspace, "sync").exit_code == 0
    result = run("-C", workspace, "undo", told["run"], "--yes", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert items(workspace) == before
    assert collections(workspace) == shelves


@pytest.mark.usefixtures("with_key")
def test_what_is_here_is_filled_in_and_never_overwritten(
    run: Any, workspace: Path, files: tuple[Path, Path]
) -> None:
    imported(run, workspace, files[0])
    assert run("-C", workspace, "sync").exit_code == 0
    told = imported(run, workspace, files[1])
    assert (told["added"], told["written"], told["waits"]) == (1, 1, 1)
    article = items(workspace)["gardien-2020-la-pair-aidance"]
    assert (article["pages"], article["publicationTitle"]) == ("12-34", "Vie sociale")
    again = imported(run, workspace, *files)
    assert (again["added"], again["written"], again["run"]) == (0, 0, 0)
    assert len(again["there"]) == 4


def test_a_dry_run_writes_nothing(run: Any, workspace: Path, files: tuple[Path, Path]) -> None:
    before = items(workspace)
    result = run("-C", workspace, "import", *files, "--dry-run", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "kept in Extra: XX: inconnu" in result.output
    assert "1 stands twice in the files." in result.output
    assert items(workspace) == before


def test_nothing_is_written_unasked(run: Any, workspace: Path, files: tuple[Path, Path]) -> None:
    before = items(workspace)
    result = run("-C", workspace, "import", files[0], "--lang", "en")
    assert result.exit_code == 2
    assert "--yes" in result.output
    assert items(workspace) == before


def test_our_own_json_takes_a_bibliography_elsewhere(
    run: Any, workspace: Path, files: tuple[Path, Path], tmp_path: Path
) -> None:
    imported(run, workspace, files[0], "--collection", "A\\/B/C")
    kept = items(workspace)
    out = tmp_path / "tout.json"
    assert run("-C", workspace, "export", "-o", out).exit_code == 0
    folder = workspace / "bibliography" / "items"
    for path in folder.glob("*.toml"):
        path.unlink()
    (workspace / ".zotsync" / "state.db").unlink()
    (workspace / "bibliography" / "collections.toml").write_text("", encoding="utf-8")
    imported(run, workspace, out)
    assert items(workspace) == kept


def test_columns_are_named_on_the_command_line(run: Any, workspace: Path, tmp_path: Path) -> None:
    table = tmp_path / "catalogue.csv"
    table.write_bytes("Titre;Rayon\nL’été;A12\n".encode("cp1252"))
    imported(run, workspace, table, "--map", "Rayon=callNumber")
    assert items(workspace)["l-ete"]["callNumber"] == "A12"
    wrong = run("-C", workspace, "import", table, "--map", "Rayon", "--lang", "en")
    assert wrong.exit_code == 2
    assert "--map Cote=callNumber" in wrong.output


@pytest.mark.parametrize(
    ("name", "text", "words", "says"),
    [
        ("a.bib", "bonjour", [], "no BibTeX"),
        ("a.json", "[" * 50_000, [], "nested too deeply"),
        ("a.ris", RIS, ["--format", "bibtx"], "Did you mean bibtex?"),
        ("a.ris", RIS, ["--collection", "a//b"], "names no single collection"),
        ("a.ris", RIS, ["--handout", "x"], "--handout goes with"),
        ("a.docx", "x", ["--collection", "x"], "damaged, or of another kind"),
        ("a.pdf", "x", [], "damaged, or too unusual"),
        ("a.txt", "Bonjour.", [], "No reference was recognised"),
        ("a.doc", "{\\rtf1 Bonjour.}", [], "save it as .docx"),
    ],
)
def test_mistakes_are_told(  # noqa: PLR0913, PLR0917 - a case each
    run: Any, workspace: Path, tmp_path: Path, name: str, text: str, words: list[str], says: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("-C", workspace, "import", tmp_path / name, *words, "--yes", "--lang", "en")
    assert result.exit_code in {1, 2}
    assert says in result.output
    assert not [one for one in items(workspace) if "aidance" in one]


def test_the_format_is_recognised_without_an_ending(
    run: Any, workspace: Path, files: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "export.txt").write_text(RIS, encoding="utf-8")
    assert imported(run, workspace, tmp_path / "export.txt")["added"] == 2
    assert files


@pseudo_terminal
def test_one_by_one_in_a_terminal(workspace: Path, files: tuple[Path, Path]) -> None:
    code, shown = in_terminal(
        *("-C", workspace, "--lang", "en", "import", files[0]),
        answers=[("Write this?", "o"), ("Take it?", "n"), ("Take it?", "y")],
    )
    assert code == 0, shown
    assert [name for name in items(workspace) if name.startswith(("gardien-2020", "demailly"))] == [
        "demailly-2016-aller-mieux"
    ]


def test_how_many_are_here_already_is_told_in_french_as_french_is_set(
    run: Any, workspace: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.ris"
    file.write_text(RIS, encoding="utf-8")
    assert run("-C", workspace, "import", file, "--yes").exit_code == 0
    told = run("-C", workspace, "--lang", "fr", "import", file, "--yes").output
    (line,) = [line for line in told.splitlines() if "déjà ici" in line]
    assert "DOI\u00a0: 1" in line
