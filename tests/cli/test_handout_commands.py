"""`render`, `handout`, `themes`, `check`: from the files alone, without key or network."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import Workspace, new_config_text
from zotsync.sandbox.demo import SAMPLE


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Give a workspace with the sample's files, never synced."""
    folder = tmp_path / "fonds"
    shutil.copytree(SAMPLE / "bibliography", folder / "bibliography")
    shutil.copytree(SAMPLE / "handouts", folder / "handouts")
    (folder / "zotsync.toml").write_text(new_config_text(1), encoding="utf-8")
    return folder


def text_of(document: Path) -> str:
    with zipfile.ZipFile(document) as package:
        return package.read("word/document.xml").decode("utf-8")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def handout(sample: Path) -> Path:
    return Workspace(sample).handouts / "pair-aidance.toml"


def test_render_alone_makes_the_only_handout(run: Any, sample: Path) -> None:
    result = run("-C", sample, "render")
    assert result.exit_code == 0, result.output
    document = Path(result.stdout.strip())
    assert document == sample / "handouts" / "pair-aidance.docx"
    assert "16 entries" in result.stderr
    assert "CANONNE" in text_of(document)


def test_render_alone_lists_several_and_ends_with_2(run: Any, sample: Path) -> None:
    shutil.copy(handout(sample), handout(sample).with_name("autre.toml"))
    result = run("-C", sample, "render")
    assert result.exit_code == 2
    assert "autre, pair-aidance" in result.stderr
    both = run("-C", sample, "render", "--all", "--json")
    documents = json.loads(both.stdout)["documents"]
    assert [d["handout"] for d in documents] == ["autre", "pair-aidance"]
    assert all((sample / d["file"]).exists() for d in documents)


def test_render_takes_name_theme_and_file(run: Any, sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "la sélection.docx"
    words = ("render", "pair-aidance", "--theme", "classique", "--format", "docx", "-o", target)
    result = run("-C", sample, *words)
    assert result.exit_code == 0, result.output
    assert target.exists()
    assert not (sample / "handouts" / "pair-aidance.docx").exists()
    assert run("-C", sample, "render", handout(sample)).exit_code == 0


def test_a_theme_of_the_workspace_s_own(run: Any, sample: Path) -> None:
    from zotsync.handout.theming.themes import templates_folder  # noqa: PLC0415

    own = sample / "templates" / "maison"
    shutil.copytree(templates_folder() / "classique", own)
    assert "maison" in run("-C", sample, "themes").stdout
    assert run("-C", sample, "render", "--theme", "maison").exit_code == 0


def test_render_names_what_it_could_not_place(run: Any, sample: Path) -> None:
    edit(handout(sample), '    "ADN7T5C8",', '    "ZZZZ2222",')
    result = run("-C", sample, "render")
    assert result.exit_code == 0
    assert "nowhere in the bibliography: ZZZZ2222" in result.stderr
    assert "Le travailleur pair, ce nouveau collègue" in result.stderr
    assert "pair-aidance.toml:" in result.stderr


def test_a_word_that_matches_nothing_is_told_with_its_line(run: Any, sample: Path) -> None:
    text = handout(sample).read_text("utf-8")
    handout(sample).write_text('no_links = ["livre"]\n' + text, "utf-8")
    told = "pair-aidance.toml:1: in `no_links`, but neither an item type nor a tag: livre"
    assert told in run("-C", sample, "render").stderr
    assert run("-C", sample, "check").exit_code == 1
    assert "no_links" not in run("-C", sample, "render", "--without-links", "book").stderr


def test_of_many_titles_the_first_are_told_in_short(run: Any, sample: Path) -> None:
    before = handout(sample).read_text("utf-8").partition("[[sections]]")[0]
    nothing = '[[sections]]\ntitle = "Rien"\ntag = "rien"\n'
    handout(sample).write_text(before + nothing, "utf-8")
    told = run("-C", sample, "render").stderr
    assert re.search(r"in no section; [^;]+(; [^;]+){9}; 6 more$", told, re.MULTILINE)


@pytest.mark.parametrize("words", [("render",), ("handout", "show", "pair-aidance")])
def test_a_file_that_cannot_be_read_is_named_where_its_item_would_be_printed(
    run: Any, sample: Path, words: tuple[str, ...]
) -> None:
    broken = next(Workspace(sample).items.glob("bonnami-*"))
    edit(broken, 'title = "', "title = ")
    result = run("-C", sample, *words)
    assert result.exit_code == 1
    assert f"Not printed: bibliography/items/{broken.name}:" in result.stderr
    data = json.loads(run("-C", sample, *words, "--json").stdout)
    assert [p["file"] for p in data["problems"]] == [f"bibliography/items/{broken.name}"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("render", "nowhere"), 1, "There is no handout named nowhere."),
        (("render", "--theme", "nowhere"), 1, "There is no theme named nowhere."),
        (("render", "--all", "pair-aidance"), 2, "exclude each other"),
        (("render", "--format", "doc"), 2, "docx"),
        (("render", "pair-aidance", "pair-aidance", "-o", "x.docx"), 2, "-o goes with one"),
        (("handout", "show", "nowhere"), 1, "There is no handout named nowhere."),
        (("handout", "new", "a/b"), 2, "no name for a file"),
        (("handout", "new", "pair-aidance"), 1, "There is such a handout already."),
        (("handout", "new", "x", "--collection", "Nulle part"), 2, "no collection Nulle part"),
    ],
)
def test_what_render_and_handout_refuse(
    run: Any, sample: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    result = run("-C", sample, *words)
    assert result.exit_code == code, result.output
    assert says in result.stderr


def test_a_workspace_without_handouts_says_how_to_make_one(run: Any, sample: Path) -> None:
    handout(sample).unlink()
    result = run("-C", sample, "render")
    assert result.exit_code == 1
    assert "zotsync handout new" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "La pair-aidance"', "title = La pair-aidance", "pair-aidance.toml:1"),
        ('collection = "Pair-aidance"\n', 'collection = "Nulle part"\n', "pair-aidance.toml:4"),
        (
            'theme = "classique"',
            'theme = "nowhere"',
            "toml:5 · theme: There is no theme named nowhere.",
        ),
        ('subtitle = "', 'sutitle = "', "pair-aidance.toml:2"),
        (
            'collection = "Pair-aidance/Ouvrages"',
            'itemTypes = ["livre"]',
            "sections[1].itemTypes: Zotero has no item type livre.",
        ),
    ],
)
def test_a_wrong_handout_file_is_named_with_its_line(
    run: Any, sample: Path, old: str, new: str, says: str
) -> None:
    edit(handout(sample), old, new)
    result = run("-C", sample, "render")
    assert result.exit_code == 1
    assert says in result.stderr
    assert not (sample / "handouts" / "pair-aidance.docx").exists()
    checked = run("-C", sample, "check")
    assert checked.exit_code == 1
    assert says in checked.stdout


@pytest.mark.parametrize("word", ["livre", "Buch", "bok", "Book"])
def test_an_item_type_is_understood_in_other_words(run: Any, sample: Path, word: str) -> None:
    edit(handout(sample), 'collection = "Pair-aidance/Ouvrages"', f'itemTypes = ["{word}"]')
    said = run("-C", sample, "render").stderr
    assert ("Do you mean book?" in said) == (word != "Buch")


def test_a_theme_without_a_style_is_named(run: Any, sample: Path) -> None:
    from docx import Document  # noqa: PLC0415

    from zotsync.handout.theming.themes import templates_folder  # noqa: PLC0415

    own = sample / "templates" / "maison"
    shutil.copytree(templates_folder() / "classique", own)
    base = Document(str(own / "base.docx"))
    style = base.styles["Entry Source"].element
    style.getparent().remove(style)
    base.save(str(own / "base.docx"))
    result = run("-C", sample, "render", "--theme", "maison")
    assert result.exit_code == 1, result.output
    assert "Entry Source" in result.stderr


def test_a_document_that_cannot_be_written_is_named(run: Any, sample: Path) -> None:
    (sample / "handouts" / "pair-aidance.docx").mkdir()
    result = run("-C", sample, "render")
    assert result.exit_code == 1
    assert "pair-aidance.docx" in result.stderr
    assert "cannot be written" in result.stderr


def test_a_new_handout_on_a_full_disk_is_none(
    run: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        result = run("-C", sample, "handout", "new", "neuve")
    assert (result.exit_code, "No space left" in result.stderr) == (1, True)
    assert not (Workspace(sample).handouts / "neuve.toml").exists()


@pytest.mark.parametrize(
    ("name", "typed"), [("été", "été"), ("été à venir", '"été à venir"'), ("l'été", '"l\'été"')]
)
def test_a_new_handout_is_named_as_it_is_typed(
    run: Any, sample: Path, name: str, typed: str
) -> None:
    result = run("-C", sample, "handout", "new", name)
    assert f"To print it: zotsync render {typed}\n" in result.stderr + result.stdout


def test_handout_new_writes_what_would_be_printed(run: Any, sample: Path) -> None:
    result = run("-C", sample, "handout", "new", "ouvrages", "--collection", "Pair-aidance")
    assert result.exit_code == 0, result.output
    file = Path(result.stdout.strip())
    made = tomllib.loads(file.read_text(encoding="utf-8"))
    assert made["title"] == "Pair-aidance"
    assert made["collection"] == "Pair-aidance"
    titles = [section["title"] for section in made["sections"]]
    assert sorted(titles) == ["Articles et revues", "Guides et ressources en ligne", "Ouvrages"]
    assert sum(len(section["order"]) for section in made["sections"]) == 16
    shown = json.loads(run("-C", sample, "handout", "show", "ouvrages", "--json").stdout)
    assert sum(len(section["entries"]) for section in shown["sections"]) == 16
    assert shown["remarks"] == []


def test_handout_new_of_a_leaf_collection(run: Any, sample: Path) -> None:
    words = ("handout", "new", "ouvrages", "--collection", "Pair-aidance/Ouvrages")
    assert run("-C", sample, *words).exit_code == 0
    shown = run("-C", sample, "handout", "show", "ouvrages")
    assert shown.exit_code == 0, shown.output
    assert "GRP7Q6S2" in shown.stdout
    assert "ADN7T5C8" not in shown.stdout


def test_handout_new_of_a_collection_that_no_sync_has_seen(run: Any, sample: Path) -> None:
    with (sample / "bibliography" / "items" / "roy.toml").open("w", encoding="utf-8") as file:
        file.write('itemType = "book"\ntitle = "Neuf"\ncollections = ["Vieillir/À domicile"]\n')
    result = run("-C", sample, "handout", "new", "vieillir", "--collection", "Vieillir")
    assert result.exit_code == 0, result.output
    text = (sample / "handouts" / "vieillir.toml").read_text(encoding="utf-8")
    assert 'collection = "Vieillir/À domicile"' in text


def test_handout_new_names_files_without_a_key_by_their_names(run: Any, sample: Path) -> None:
    text = 'itemType = "book"\ntitle = "Neuf"\ncollections = ["Pair-aidance/Ouvrages"]\n'
    (sample / "bibliography" / "items" / "roy.toml").write_text(text, encoding="utf-8")
    result = run("-C", sample, "handout", "new", "neuf", "--collection", "Pair-aidance")
    assert result.exit_code == 0, result.output
    assert '"roy",  # Neuf' in (sample / "handouts" / "neuf.toml").read_text(encoding="utf-8")
    assert "order" not in run("-C", sample, "render", "neuf").stderr


def test_handout_show_lists_sections_and_entries_in_order(run: Any, sample: Path) -> None:
    result = run("-C", sample, "handout", "show", "pair-aidance")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Articles et revues (6 entries)"
    assert lines[1].split("\t")[0].strip() == "PZ4SM2A3"


def test_check_finds_nothing_wrong_in_the_sample(run: Any, sample: Path) -> None:
    result = run("-C", sample, "check")
    assert result.exit_code == 0, result.output
    found = [line.split("\t")[:3] for line in result.stdout.splitlines()]
    assert found == [
        ["look", "no-author", "PZ4SM2A3"],
        ["look", "address-elided", "DHL4Y3K9"],
    ]
    ignored = ("--without", "no-author", "--without", "address-elided")
    quiet = run("-C", sample, "check", *ignored)
    assert quiet.stdout == ""
    assert "16 items, nothing wrong." in quiet.stderr


def test_check_names_file_and_line_of_everything_wrong(run: Any, sample: Path) -> None:
    items = Workspace(sample).items
    edit(next(items.glob("adenot*")), 'date = "2020-01-31"', 'date = "2020-13-31"')
    edit(next(items.glob("bonnami*")), 'publisher = "ESF"', 'editeur = "ESF"')
    edit(next(items.glob("canonne*")), 'itemType = "magazineArticle"', 'itemType = "magazine"')
    edit(next(items.glob("descamps*")), 'pages = "22-29"', "pages = 22-29-")
    edit(handout(sample), '    "GRP7Q6S2",', '    "ZZZZ2222",')
    result = run("-C", sample, "check")
    assert result.exit_code == 1
    for says in ("2020-13-31", "editeur", "magazine", "descamps", "ZZZZ2222"):
        assert says in result.stdout, says
    told = json.loads(run("-C", sample, "check", "--json").stdout)
    wrong = [*told["problems"], *(f for f in told["findings"] if f["severity"] == "wrong")]
    places = {Path(p["file"]).stem.partition("-")[0]: p["line"] for p in wrong}
    assert places["adenot"] == 9
    assert places["descamps"] == 10


def test_a_configuration_that_is_wrong_stops_every_command(run: Any, sample: Path) -> None:
    edit(sample / "zotsync.toml", "group = 1", "groupe = 1")
    for words in (("render",), ("check",), ("status", "--offline"), ("log",)):
        result = run("-C", sample, *words)
        assert result.exit_code == 1
        assert "zotsync.toml:2" in result.stderr


def test_handout_new_shows_what_can_be_chosen(run: Any, sample: Path) -> None:
    words = ("--lang", "en", "handout", "new", "choix", "--collection", "Pair-aidance")
    file = Path(run("-C", sample, *words).stdout.strip())
    lines = file.read_text("utf-8").splitlines()
    examples = [line for line in lines if line.startswith("# ") and " = " in line]
    assert "# numbering = true" in "\n".join(examples)
    chosen = "\n".join(line.removeprefix("# ") if line in examples else line for line in lines)
    file.write_text(chosen, "utf-8")
    shown = run("-C", sample, "handout", "show", "choix")
    assert shown.exit_code == 0, shown.output
    assert "numbering = true" in shown.stderr
    assert "abstracts = 60" in shown.stderr
    data = json.loads(run("-C", sample, "handout", "show", "choix", "--json").stdout)
    assert (data["theme"], data["choices"]["sort"]) == ("classique", "newest")
    assert run("-C", sample, "render", "choix").exit_code == 0


def test_remarks_name_long_titles_in_short(run: Any, sample: Path) -> None:
    file = next(Workspace(sample).items.glob("adenot*"))
    edit(file, 'title = "Le', f'title = "<i>Un</i> {"long " * 100}Le')
    edit(handout(sample), '"ADN7T5C8",', "")
    said = run("-C", sample, "render").stderr
    assert "not in its `order`" in said
    assert "Un long long" in said
    assert "…" in said
    assert max(map(len, said.splitlines())) < 250
