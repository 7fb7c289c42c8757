"""`import` of bibliographies that people made: read, shown with what is doubtful first, written, undone."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import pytest
from cli.terminal import in_terminal, pseudo_terminal
from handout.printed import sample_library
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oldhandouts.yardstick import HANDOUT, MEASURED, by_title, differences, hand_made
from pypdf import PdfWriter

from zotsync.config import Centre
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, render_handout
from zotsync.handout.theming.themes import load_theme
from zotsync.oldhandouts.accounting import words_of
from zotsync.zotero.schema import bundled

TEXT = """\
La vie à domicile

I. ARTICLES
ROY Anne. Vieillir chez soi. Gérontologie et société, n°3, 2019. pp.12-30

II. Ouvrages
BERGER Maurice, L'échec de la protection de l'enfance, Paris, Dunod, 2014, 270 p. Épuisé depuis

Documentation : 02 99 00 00 00, cdi@example.org
"""


def items(workspace: Path) -> dict[str, dict[str, Any]]:
    """Return title -> what the file says."""
    folder = workspace / "bibliography" / "items"
    read = (tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml"))
    return {item["title"]: item for item in read}


def collections(workspace: Path) -> list[str]:
    text = (workspace / "bibliography" / "collections.toml").read_text("utf-8")
    return list(tomllib.loads(text))


def imported(run: Any, workspace: Path, *words: object, code: int = 0) -> Any:
    result = run("-C", workspace, "import", *words, "--yes", "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)["references"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "domicile.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def all_is_as_typed(workspace: Path) -> None:
    typed, read = hand_made(), items(workspace)
    assert len(read) == len(typed)
    for item in read.values():
        same = by_title(typed, item)
        assert same is not None, item
        assert differences(item, same, (*MEASURED, "abstractNote")) == {}


def test_a_handout_of_2021_becomes_the_items_that_hands_typed(run: Any, workspace: Path) -> None:
    told = imported(run, workspace, HANDOUT)
    assert (told["added"], told["waits"]) == (16, 0)
    all_is_as_typed(workspace)
    (beside,) = told["beside"]
    assert beside.startswith("https://eur02.safelinks.protection.outlook.com/")


def printed(theme: str, form: str, folder: Path) -> Path:
    """Return a document as somebody else's centre could have made it."""
    asked = Handout(title="La pair-aidance", collection="Pair-aidance", introduction="Pour tous.")
    made = render_handout(
        asked,
        sample_library(),
        load_theme(theme),
        bundled(),
        House(Centre(institution="Centre de doc")),
        form=form,
        overrides={"abstracts": True},
    )
    file = folder / f"sélection.{form}"
    file.write_bytes(made.data)
    return file


FORMS = ["docx", "odt", "html", "txt", pytest.param("pdf", marks=pytest.mark.needs("soffice"))]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("theme", ["classique", "sobre", "colonnes", "rapport"])
def test_what_any_theme_prints_in_any_format_comes_in_whole(
    run: Any, workspace: Path, tmp_path: Path, theme: str, form: str
) -> None:
    told = imported(run, workspace, printed(theme, form, tmp_path), "--format", "handout")
    assert (told["added"], told["waits"]) == (16, 0)
    all_is_as_typed(workspace)
    shelves = {path.casefold() for path in collections(workspace)}
    sections = {"Articles et revues", "Guides et ressources en ligne", "Ouvrages"}
    assert shelves == {"la pair-aidance", *(f"la pair-aidance/{s}".casefold() for s in sections)}
    assert "Pour tous." in told["beside"]


def test_sections_become_collections_below_the_document_s_title(
    run: Any, workspace: Path, text: Path
) -> None:
    told = imported(run, workspace, text)
    assert told["added"] == 2
    assert collections(workspace) == [
        "La vie à domicile",
        "La vie à domicile/ARTICLES",
        "La vie à domicile/Ouvrages",
    ]
    assert items(workspace)["Vieillir chez soi"]["collections"] == ["La vie à domicile/ARTICLES"]


def test_sections_go_below_a_chosen_collection_into_those_of_their_name(
    run: Any, workspace: Path, text: Path
) -> None:
    toml = workspace / "bibliography" / "collections.toml"
    toml.write_text('"Vieillesse" = ""\n"Vieillesse/Articles" = ""\n', encoding="utf-8")
    imported(run, workspace, text, "--collection", "Vieillesse")
    assert collections(workspace) == ["Vieillesse", "Vieillesse/Articles", "Vieillesse/Ouvrages"]
    assert items(workspace)["Vieillir chez soi"]["collections"] == ["Vieillesse/Articles"]


@pytest.mark.usefixtures("with_key")
def test_what_is_here_already_comes_into_its_section_s_collection_and_stays_as_it_is(
    run: Any, workspace: Path, text: Path
) -> None:
    other = text.with_name("autre.txt")
    other.write_text(TEXT.replace("La vie à domicile", "Le grand âge"), encoding="utf-8")
    imported(run, workspace, text)
    assert run("-C", workspace, "sync").exit_code == 0
    before = items(workspace)
    told = imported(run, workspace, other)
    assert (told["added"], told["written"], told["waits"]) == (0, 2, 0)
    item = items(workspace)["Vieillir chez soi"]
    assert item.pop("collections") == ["La vie à domicile/ARTICLES", "Le grand âge/ARTICLES"]
    before["Vieillir chez soi"].pop("collections")
    assert item == before["Vieillir chez soi"]
    again = imported(run, workspace, other)
    assert (again["run"], again["added"], again["written"]) == (0, 0, 0)


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("synced", [False, True])
def test_undo_takes_all_of_it_back(run: Any, workspace: Path, text: Path, *, synced: bool) -> None:
    imported(run, workspace, text)
    assert run("-C", workspace, "sync").exit_code == 0
    before, shelves = items(workspace), collections(workspace)
    other = text.with_name("autre.txt")
    other.write_text(
        TEXT.replace("La vie à domicile", "Le grand âge").replace("ROY Anne", "BON Luc"),
        encoding="utf-8",
    )
    told = imported(run, workspace, other)
    assert (told["added"], told["written"]) == (1, 1)
    if synced:
        assert run("-C", workspace, "sync").exit_code == 0
    assert run("-C", workspace, "undo", told["run"], "--yes").exit_code == 0
    assert (items(workspace), collections(workspace)) == (before, shelves)


def test_a_document_that_is_imported_again_brings_nothing_new(run: Any, workspace: Path) -> None:
    imported(run, workspace, HANDOUT)
    again = imported(run, workspace, HANDOUT)
    assert (again["run"], again["additions"], again["corrections"]) == (0, [], [])
    assert len(again["there"]) == 16


def test_what_no_field_takes_stands_in_extra_and_is_told(
    run: Any, workspace: Path, text: Path
) -> None:
    told = imported(run, workspace, text)
    assert told["beside"] == ["Documentation : 02 99 00 00 00, cdi@example.org"]
    book = items(workspace)["L'échec de la protection de l'enfance"]
    assert book["extra"] == "Not placed: Épuisé depuis"
    shown = run("-C", workspace, "import", text, "--dry-run", "--collection", "X", "--lang", "en")
    assert "Documentation : 02 99 00 00 00, cdi@example.org" in shown.output


def test_guesses_are_shown_first_with_the_words_they_came_from(run: Any, workspace: Path) -> None:
    result = run("-C", workspace, "import", HANDOUT, "--dry-run", "--lang", "en")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Look at these first, they had to be guessed:"
    assert lines.index("New:") > 3
    row = next(line for line in lines if "EXPAIRs" in line)
    assert row.split("\t")[1:] == ["creators", "EXPAIRs", "a guess", "EXPAIRs."]
    assert items(workspace) == {}


def test_every_field_says_in_json_what_it_was_read_from(
    run: Any, workspace: Path, text: Path
) -> None:
    told = imported(run, workspace, text)
    evidence = {e["field"]: e for e in told["additions"][0]["evidence"]}
    assert evidence["pages"] == {"field": "pages", "text": "pp.12-30", "confidence": "sure"}
    assert evidence.keys() >= {"itemType", "title", "creators", "publicationTitle", "issue", "date"}


def test_a_table_of_who_is_there_when_is_no_list_of_books(
    run: Any, workspace: Path, tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("La pair-aidance", 0)
    document.add_paragraph("DUPONT Jean. Le travail pair. Vie sociale, n°3, 2019, pp. 12-34.")
    document.add_paragraph("MARTIN Anne. Accompagner autrement. Dunod, 2018. 210 p.")
    table = document.add_table(0, 2)
    for row in (("Horaires", "9 h – 17 h"), ("Courriel", "cdi@ecole.fr"), ("Accueil", "sur place")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    file = tmp_path / "ancienne.docx"
    document.save(str(file))
    assert run("-C", workspace, "import", file, "--yes").exit_code in {0, 1}
    titles = {fields["title"] for fields in items(workspace).values()}
    assert titles == {"Le travail pair", "Accompagner autrement"}


@pytest.mark.usefixtures("with_key")
def test_a_document_of_our_own_comes_back_as_corrections(
    run: Any, workspace: Path, text: Path
) -> None:
    imported(run, workspace, text)
    fiche = workspace / "handouts" / "fiche.toml"
    fiche.write_text('title = "T"\ncollection = "La vie à domicile"\n', encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    assert run("-C", workspace, "render", "fiche").exit_code == 0
    result = run("-C", workspace, "import", fiche.with_suffix(".docx"), "--lang", "en")
    assert "Nothing was corrected." in result.output
    told = imported(run, workspace, fiche.with_suffix(".docx"), "--format", "handout")
    assert [one["by"] for one in told["there"]] == ["title", "title"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .docx"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
        ("a.pdf", b"%PDF-1.7\n" + b"<<" * 5_000, "damaged, or too unusual"),
        ("a.odt", b"", "damaged, or of another kind"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(  # noqa: PLR0913, PLR0917 - a case each
    run: Any, workspace: Path, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("-C", workspace, "import", tmp_path / name, "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert says in " ".join(result.output.split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("locked", "says"), [(True, "password"), (False, "its pages are pictures")]
)
def test_a_locked_pdf_and_a_scan_are_told_apart(
    run: Any, workspace: Path, tmp_path: Path, *, locked: bool, says: str
) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if locked:
        writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "scan.pdf")
    result = run("-C", workspace, "import", tmp_path / "scan.pdf", "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert says in " ".join(result.output.split())


@pseudo_terminal
def test_in_a_terminal_the_table_fits_and_each_item_can_be_left(
    workspace: Path,
) -> None:
    code, shown = in_terminal(
        *("-C", workspace, "--lang", "en", "import", HANDOUT),
        answers=[("Write this?", "o"), ("Take it?", "y"), ("Take it?", "s")],
        width=80,
    )
    assert code == 0, shown
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert max(map(len, plain[: plain.index("New:")].splitlines())) <= 80
    assert "How sure" in shown
    assert list(items(workspace)) == ["Pair-aidance, entraide et connivence"]


LINES = [line for line in HANDOUT.read_text("utf-8").splitlines() if line.strip()]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.sampled_from(LINES), min_size=3, max_size=25, unique=True))
def test_no_word_of_a_document_is_lost(
    run: Any, workspace: Path, tmp_path: Path, lines: list[str]
) -> None:
    file = tmp_path / "mêlé.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = run("-C", workspace, "import", file, "--dry-run", "--json")
    assert result.exit_code in {0, 1}
    told = json.loads(result.stdout)
    if "error" in told:
        assert "No reference was recognised" in result.output
        return
    kept = Counter(words_of(json.dumps(told, ensure_ascii=False)))
    lost = {w for line in lines for w in words_of(" ".join(line.split())) if w not in kept}
    assert {w for w in lost if len(w) > 2} <= broken(lines)


def broken(lines: list[str]) -> set[str]:
    """Return the halves of words and addresses that stood on two lines."""
    ends = (line.rstrip().rpartition(" ")[2] for line in lines)
    starts = (line.strip().partition(" ")[0] for line in lines)
    return {word for part in (*ends, *starts) for word in words_of(part)}
