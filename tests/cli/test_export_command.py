"""`export` and `plugins`, as a documentalist types them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from cli.terminal import in_terminal, pseudo_terminal
from plugin_packages import GOOD, Install, installer

from zotsync.bibliography.reading import parse_item
from zotsync.bibliography.scanned import ItemText
from zotsync.config import new_config_text

ITEMS = {
    "adenot": """key = "ADN7T5C8"
itemType = "journalArticle"
title = "Le travailleur pair"
creators = [{ creatorType = "author", lastName = "Adenot", firstName = "Vincent" }]
date = "2020-01-31"
tags = ["pair-aidance", "travail"]
collections = ["Pair-aidance/Revues"]
""",
    "bonnami": """key = "BNM4K9R3"
itemType = "book"
title = "Le pair-aidant"
creators = [{ creatorType = "author", lastName = "Bonnami", firstName = "Alain" }]
tags = ["pair-aidance"]
collections = ["Pair-aidance"]
""",
    "note": """key = "NTE4K9R3"
itemType = "note"
parentItem = "BNM4K9R3"
note = "<p>À lire</p>"
""",
    "autre": """key = "ATR4K9R3"
itemType = "book"
title = "Autre"
url = "https://example.org"
""",
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    return installer(tmp_path / "site", monkeypatch)


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    """Give a workspace with three items and a note, never synced."""
    folder = tmp_path / "fonds"
    items = folder / "bibliography" / "items"
    items.mkdir(parents=True)
    (folder / "zotsync.toml").write_text(new_config_text(7), encoding="utf-8")
    tree = '"Pair-aidance" = "PA2RA4DN"\n"Pair-aidance/Revues" = "ARTEREV2"\n'
    (folder / "bibliography" / "collections.toml").write_text(tree, encoding="utf-8")
    for name, text in ITEMS.items():
        (items / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_export_writes_to_stdout_and_says_nothing_else(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "export", "--format", "bibtex")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("@article{adenot2020travailleur,")
    assert result.stderr == ""
    again = run("-C", fonds, "export", "--format", "bibtex", "-o", "-")
    assert again.stdout_bytes == result.stdout_bytes


def test_the_format_is_known_by_the_ending(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "export", "-o", "tout.ris")
    assert result.exit_code == 0, result.output
    assert result.stdout == "tout.ris\n"
    assert "Written from 3 references." in result.stderr
    assert (fonds / "tout.ris").read_bytes().count(b"TY  - ") == 3
    assert run("-C", fonds, "export", "-o", "tout.JSON").exit_code == 0
    assert json.loads((fonds / "tout.JSON").read_bytes())["format"] == "zotsync"


def test_json_of_export_says_what_was_written(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "export", "-o", "x.json", "--json")
    found = json.loads(result.stdout)
    assert (found["file"], found["format"], found["references"]) == ("x.json", "json", 3)
    refused = run("-C", fonds, "export", "--format", "json", "--json")
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["--collection", "Pair-aidance"], ["Le travailleur pair", "Le pair-aidant"]),
        (["--collection", "Pair-aidance/Revues"], ["Le travailleur pair"]),
        (["--tag", "pair-aidance"], ["Le travailleur pair", "Le pair-aidant"]),
        (["--tag", "pair-aidance", "--tag", "travail"], ["Le travailleur pair"]),
        ([], ["Le travailleur pair", "Autre", "Le pair-aidant"]),
    ],
)
def test_filters(run: Any, fonds: Path, words: list[str], titles: list[str]) -> None:
    result = run("-C", fonds, "export", "--format", "csljson", *words)
    assert [item["title"] for item in json.loads(result.stdout)] == titles


def test_notes_go_with_their_item_in_json(run: Any, fonds: Path) -> None:
    words = ("export", "--format", "json", "--collection", "Pair-aidance")
    found = json.loads(run("-C", fonds, *words).stdout)
    assert [i["key"] for i in found["items"] if i["itemType"] == "note"] == ["NTE4K9R3"]
    assert [c["path"] for c in found["collections"]] == ["Pair-aidance", "Pair-aidance/Revues"]
    assert run("-C", fonds, *words[:-1], found["collections"][1]["key"]).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Known are: biblatex, bibtex"),
        (["--format", "bibtx"], "Did you mean bibtex?"),
        (["-o", "x.docx"], "No format is known by the ending .docx"),
        (["-o", "x.bib"], "Several formats end with .bib: biblatex, bibtex"),
        (["-o", "zotsync.toml", "--format", "json"], "does not end with .json"),
        (["-o", "x", "--format", "json"], "does not end with .json"),
        (["--format", "json", "--collection", "Pair-aidence"], "Did you mean Pair-aidance?"),
        (["--format", "json", "--collection", "a//b"], "names no single collection"),
        (["--format", "json", "--tag", "Travial"], "Did you mean travail?"),
    ],
)
def test_what_is_mistaken_is_told(run: Any, fonds: Path, words: list[str], told: str) -> None:
    result = run("-C", fonds, "export", *words)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert result.stdout == ""


def test_a_file_that_cannot_be_read_is_told_and_the_rest_exported(run: Any, fonds: Path) -> None:
    (fonds / "bibliography" / "items" / "faux.toml").write_text("itemType = ", encoding="utf-8")
    result = run("-C", fonds, "export", "-o", "x.ris")
    assert result.exit_code == 1
    assert "Not exported" in result.stderr
    assert "faux.toml:1" in result.stderr
    assert (fonds / "x.ris").read_bytes().count(b"TY  - ") == 3


def test_a_folder_that_is_not_there_is_not_made(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "export", "-o", "nulle-part/x.ris")
    assert result.exit_code == 1
    assert "No such file" in result.stderr
    assert not (fonds / "nulle-part").exists()


def test_a_file_is_replaced_in_one_step(run: Any, fonds: Path) -> None:
    (fonds / "x.ris").write_bytes(b"before")
    assert run("-C", fonds, "export", "-o", "x.ris", "--yes").exit_code == 0
    assert (fonds / "x.ris").read_bytes().startswith(b"TY  - ")
    assert [file.name for file in fonds.iterdir() if file.name.endswith(".tmp")] == []


def test_what_somebody_else_wrote_is_not_written_over_unasked(run: Any, fonds: Path) -> None:
    file = fonds / "these.bib"
    file.write_text("% trois ans de travail\n", encoding="utf-8")
    words = ("-C", fonds, "export", "--format", "bibtex", "-o", "these.bib", "--lang", "en")
    result = run(*words)
    assert (result.exit_code, "--yes" in result.stderr) == (2, True)
    assert result.stdout == ""
    assert file.read_text("utf-8") == "% trois ans de travail\n"
    assert run(*words, "--yes").exit_code == 0
    assert "Adenot" in file.read_text("utf-8")


def test_an_export_takes_the_place_of_its_own_earlier_one_unasked(run: Any, fonds: Path) -> None:
    words = ("-C", fonds, "export", "-o", "x.ris")
    file, book = fonds / "x.ris", fonds / "bibliography" / "items" / "bonnami.toml"
    assert run(*words).exit_code == 0
    book.write_text(book.read_text("utf-8").replace("Le pair-aidant", "Autrement"), "utf-8")
    assert run(*words).exit_code == 0
    assert "Autrement" in file.read_text("utf-8")
    outside = fonds.parent / "dehors.ris"
    for _time in range(2):
        assert run("-C", fonds, "export", "-o", outside).exit_code == 0
    file.write_bytes(file.read_bytes() + b"TY  - BOOK\nTI  - De ma main\nER  - \n")
    assert run(*words).exit_code == 2
    assert "De ma main" in file.read_text("utf-8")
    shutil.rmtree(fonds / ".zotsync")
    assert run("-C", fonds, "export", "-o", outside).exit_code == 0  # the same bytes


@pytest.mark.skipif(os.name != "posix", reason="pipes with names are POSIX")
def test_a_pipe_is_written_into_and_stays_one(run: Any, fonds: Path) -> None:
    pipe = fonds / "x.ris"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("-C", fonds, "export", "-o", "x.ris").exit_code == 0
    assert os.read(reading, 1000).startswith(b"TY  - ")
    os.close(reading)
    assert pipe.is_fifo()


@pseudo_terminal
@pytest.mark.parametrize(("answer", "kept"), [("\n", True), ("y\n", False)])
def test_in_a_terminal_a_file_that_is_there_is_asked_about(
    fonds: Path, answer: str, *, kept: bool
) -> None:
    (fonds / "x.ris").write_bytes(b"avant")
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "export", "-o", "x.ris"),
        answers=[("Write over it?", answer)],
    )
    assert code == 0, shown
    assert ((fonds / "x.ris").read_bytes() == b"avant") is kept
    assert ("Written from" in shown) is not kept


def test_a_faulty_plugin_writes_nothing_and_stops_nothing_else(
    run: Any, fonds: Path, install: Install
) -> None:
    install("bad-pack", GOOD.replace('b"x"', "1 / 0"), x="bad_pack:X")
    install("worse-pack", "import nowhere_at_all", ris2="worse_pack:X")
    (fonds / "a.x").write_bytes(b"before")
    result = run("-C", fonds, "export", "-o", "a.x")
    assert result.exit_code == 1
    assert "x of bad-pack 1.2 cannot be used: ZeroDivisionError: division by zero" in result.stderr
    assert (fonds / "a.x").read_bytes() == b"before"
    assert run("-C", fonds, "export", "-o", "a.opml").exit_code == 0
    assert run("-C", fonds, "check").exit_code == 0


def test_plugins_lists_everything_and_says_what_is_wrong(
    install: Install, run: Any, tmp_path: Path
) -> None:
    assert run("-C", tmp_path, "plugins").exit_code == 0
    install("good-pack", GOOD, x="good_pack:X", ris="good_pack:X")
    install("bad-pack", "1 / 0", y="bad_pack:X")
    result = run("-C", tmp_path, "plugins")
    assert result.exit_code == 1
    assert "export format\tx\t.x\tgood-pack 1.2\tEin Format" in result.stdout.splitlines()
    assert "export format\ty\t\tbad-pack 1.2\tcannot be used" in result.stdout.splitlines()
    assert "y of bad-pack 1.2 cannot be used: ZeroDivisionError" in result.stderr
    assert "zotsync has one of that name" in result.stderr
    found = json.loads(run("-C", tmp_path, "plugins", "--json").stdout)["plugins"]
    bad = next(one for one in found if one["name"] == "y")
    assert (bad["package"], bad["version"], bad["kind"]) == ("bad-pack", "1.2", "exporter")
    assert "ZeroDivisionError" in bad["problem"]["message"]
    good = next(one for one in found if one["name"] == "x")
    assert (good["title"], good["ending"], good["problem"]) == ("Ein Format", "x", None)


def test_what_has_no_address_is_told_to_be_left_out_of_a_list_of_links(
    run: Any, fonds: Path
) -> None:
    result = run("-C", fonds, "export", "-o", "liens.opml")
    assert result.exit_code == 0, result.output
    assert "Written from 1 reference." in result.stderr
    assert "2 references are left out" in result.stderr
    told = json.loads(run("-C", fonds, "export", "-o", "liens.html", "--json").stdout)
    assert (told["references"], told["left_out"]) == (1, 2)


@pytest.mark.parametrize("words", [["export", "--format", "ris"], ["check"]])
def test_every_file_is_read_once(
    run: Any, fonds: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    real = parse_item

    def counted(raw: bytes, name: str) -> ItemText:
        parsed.append(name)
        return real(raw, name)

    monkeypatch.setattr("zotsync.bibliography.scanning.parse_item", counted)
    run("-C", fonds, *words)
    assert sorted(parsed) == [f"bibliography/items/{name}.toml" for name in sorted(ITEMS)]
