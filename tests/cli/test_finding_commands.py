"""`list`, `show` and `open`, as a documentalist types them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cli.shelf import ITEMS, file_of, make_shelf
from cli.terminal import in_terminal, pseudo_terminal

from zotsync.bibliography import scanning
from zotsync.bibliography.reading import parse_item
from zotsync.cli.frame import launching
from zotsync.cli.frame.columns import cells
from zotsync.cli.frame.fitting import GAP, cut, fitted, shared
from zotsync.cli.items import open_item
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Kind, MirrorObject, Remote

ADENOT, BONNAMI, OEUVRE = "ADN7T5C8", "BNM4K9R3", "VVR4K9R3"


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    return make_shelf(tmp_path / "fonds")


def keys(result: Any) -> list[str]:
    assert result.exit_code == 0, result.output
    return [line.split("\t")[0] for line in result.stdout.splitlines()]


# list


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [ADENOT, BONNAMI, OEUVRE]),
        (["--sort", "newest"], [ADENOT, BONNAMI, OEUVRE]),
        (["--sort", "title"], [BONNAMI, ADENOT, OEUVRE]),
        (["--sort", "date", "--reverse"], [OEUVRE, ADENOT, BONNAMI]),
        (["oeuvre"], [OEUVRE]),
        (["l'oeuvre d'ete"], [OEUVRE]),
        (["prete"], [BONNAMI]),
        (["--word", "pair", "alain"], [BONNAMI]),
        (["--collection", "Pair-aidance"], [ADENOT, BONNAMI]),
        (["--collection", "pair-aidance/revues"], [ADENOT]),
        (["--collection", "REV2RA4D"], [ADENOT]),
        (["--collection", "l'ete"], [BONNAMI]),
        (["--tag", "pair-aidance", "--tag", "Travail"], [ADENOT]),
        (["--type", "livre"], [BONNAMI, OEUVRE]),
        (["--type", "Journal Article", "--type", "book"], [ADENOT, BONNAMI, OEUVRE]),
        (["--year", "-2019"], [BONNAMI]),
        (["--year", "2019-2020", "--limit", "1"], [ADENOT]),
        (["nowhere"], []),
    ],
)
def test_list_finds(run: Any, fonds: Path, words: list[str], expected: list[str]) -> None:
    assert keys(run("-C", fonds, "list", *words)) == expected


def test_columns_are_any_fields_in_any_language(run: Any, fonds: Path) -> None:
    asked = "key,author,year,type,Titre,collections,tags,file,doi"
    result = run("-C", fonds, "list", "bonnami", "--columns", asked, "--lang", "en")
    assert result.stdout.split("\t") == [
        BONNAMI,
        "Bonnami",
        "2019",
        "Book",
        "Le pair-aidant",
        "L’été, Pair-aidance",
        "pair-aidance",
        "bonnami-2019-pair-aidant.toml",
        "10.1234/abc\n",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--type", "livr"], "Did you mean"),
        (["--type", "zzz"], "There are: "),
        (["--year", "l’an 2000"], "2018-2021"),
        (["--columns", "titel"], "Did you mean title?"),
        (["--columns", "zzzz"], "And every field of Zotero."),
        (["--collection", "Pair-aidence"], "Did you mean Pair-aidance?"),
        (["--tag", "travial"], "Did you mean travail?"),
    ],
)
def test_what_is_mistyped_is_told(run: Any, fonds: Path, words: list[str], told: str) -> None:
    result = run("-C", fonds, "list", *words, "--lang", "en")
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert result.stdout == ""


def test_json_gives_items_with_the_paths_of_their_collections(run: Any, fonds: Path) -> None:
    file_of(fonds, "new").write_text('itemType = "book"\ntitle = "Neuf"\n', encoding="utf-8")
    found = json.loads(run("-C", fonds, "list", "--json", "--limit", "2").stdout)
    assert (found["version"], found["command"], found["count"]) == (2, "list", 4)
    first = found["items"][0]
    assert first["key"] == ADENOT
    assert first["file"] == "bibliography/items/adenot-2020-travailleur.toml"
    assert first["year"] == "2020"
    assert first["fields"]["collections"] == ["Pair-aidance/Revues"]
    (new,) = json.loads(run("-C", fonds, "list", "neuf", "--json").stdout)["items"]
    assert new["key"] is None


def test_a_file_that_cannot_be_read_is_named_and_the_rest_listed(run: Any, fonds: Path) -> None:
    file_of(fonds, "oeuvre").write_text('title = "\n', encoding="utf-8")
    result = run("-C", fonds, "list")
    assert result.exit_code == 1
    assert result.stdout.count("\n") == 2
    assert "oeuvre.toml:1" in result.stderr


@pseudo_terminal
def test_the_table_fits_the_terminal(fonds: Path) -> None:
    code, shown = in_terminal("-C", fonds, "--no-color", "--lang", "en", "list", width=44)
    assert code == 0
    lines = shown.splitlines()
    assert lines[0].split() == ["Key", "Author", "Year", "Title"]
    assert [line.split()[0] for line in lines[1:4]] == [ADENOT, BONNAMI, OEUVRE]
    assert max(map(cells, lines)) <= 44
    assert "3 items" in shown


def test_columns_share_the_width_and_wide_signs_are_counted() -> None:
    assert shared([8, 30, 4], 60) == [8, 30, 4]
    assert shared([8, 30, 40], 40) == [8, 14, 14]
    assert shared([5, 5], 1) == [1, 1]
    rows = fitted([["clé", "標題標題標題"], ["a", "b"]], 10)
    assert [cells("".join(row)) <= 10 for row in rows] == [True, True]
    assert rows[1][0] == "a  " + " " * GAP
    assert cut("標題標題", 4) == "標…"
    assert cut("abcd", 4) == "abcd"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the item files that are parsed."""
    seen: list[str] = []

    def parse(raw: bytes, file: str) -> Any:
        seen.append(file)
        return parse_item(raw, file)

    monkeypatch.setattr(scanning, "parse_item", parse)
    return seen


@pytest.mark.usefixtures("with_key")
def test_files_are_read_once_and_after_a_sync_not_at_all(
    run: Any, workspace: Path, reads: list[str]
) -> None:
    file = file_of(workspace, "livre")
    file.write_text('itemType = "book"\ntitle = "Un livre"\n', encoding="utf-8")
    assert run("-C", workspace, "list").stdout.endswith("Un livre\n")
    assert len(reads) == 1
    assert run("-C", workspace, "sync").exit_code == 0
    yesterday = file.stat().st_mtime - 86_400
    os.utime(file, (yesterday, yesterday))
    assert run("-C", workspace, "sync").exit_code == 0
    reads.clear()
    assert run("-C", workspace, "list").stdout.endswith("Un livre\n")
    assert reads == []
    added = run("-C", workspace, "list", "--sort", "added", "--columns", "added,title").stdout
    assert added.split("\t")[0]


# show


@pytest.mark.parametrize(
    "item",
    [
        [BONNAMI],
        ["bonnami-2019-pair-aidant"],
        ["bibliography/items/bonnami-2019-pair-aidant.toml"],
        ["alain", "PRÊTÉ"],
    ],
)
def test_an_item_is_named_in_many_ways(run: Any, fonds: Path, item: list[str]) -> None:
    result = run("-C", fonds, "show", *item, "--lang", "fr")
    assert result.exit_code == 0, result.output
    for word in ("Livre", "Bonnami, Alain (Auteur)", "Prêté au centre", "L’été\n", BONNAMI):
        assert word in result.stdout


def test_several_that_may_be_meant_are_listed(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "show", "pair", "--lang", "en")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "2 items have the words pair." in result.stderr
    assert f"  {ADENOT}  Adenot, 2020  Le travailleur pair\n" in result.stderr
    nobody = run("-C", fonds, "show", "zzz", "--lang", "en")
    assert nobody.exit_code == 1
    assert "There is no item zzz here." in nobody.stderr


def test_show_says_where_an_item_stands_in_handouts(run: Any, fonds: Path) -> None:
    (fonds / "handouts").mkdir()
    (fonds / "handouts" / "pair.toml").write_text(
        'title = "Pair"\ncollection = "Pair-aidance"\n', encoding="utf-8"
    )
    (fonds / "handouts" / "faulty.toml").write_text("title = \n", encoding="utf-8")
    found = json.loads(run("-C", fonds, "show", ADENOT, "--json").stdout)["item"]
    assert found["handouts"] == [{"handout": "pair", "section": "Revues", "position": 1, "of": 1}]
    assert found["notes"] == []
    assert found["conflicts"] == []
    text = run("-C", fonds, "show", ADENOT, "--lang", "en").stdout
    assert "pair: Revues, 1 of 1" in text
    assert "faulty is faulty" in text


# open


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that are handed to the system."""
    seen: list[str] = []

    def hand_over(target: str) -> bool:
        seen.append(target)
        return True

    monkeypatch.setattr(launching, "_handed_over", hand_over)
    return seen


def in_zotero(folder: Path, key: str) -> None:
    state = State(folder / ".zotsync" / "state.db")
    with state.transaction():
        book = MirrorObject(key, 1, Remote.LIVE, {"itemType": "book"})
        Objects(state).put_mirror(Kind.ITEM, [book])
    state.close()


def test_what_is_in_zotero_opens_there(run: Any, fonds: Path, launched: list[str]) -> None:
    assert run("-C", fonds, "list").exit_code == 0
    in_zotero(fonds, ADENOT)
    in_zotero(fonds, OEUVRE)
    assert run("-C", fonds, "open", ADENOT).exit_code == 0
    assert run("-C", fonds, "open", ADENOT, "--in", "browser").exit_code == 0
    assert run("-C", fonds, "open", OEUVRE, "--in", "browser").exit_code == 0
    assert run("-C", fonds, "open", ADENOT, "--in", "zotero.org").exit_code == 0
    assert launched == [
        f"zotero://select/groups/4711/items/{ADENOT}",
        "https://example.org/a?b=1&c=%C3%A9",
        f"https://www.zotero.org/groups/4711/items/{OEUVRE}",
        f"https://www.zotero.org/groups/4711/items/{ADENOT}",
    ]


def test_what_is_not_in_zotero_opens_in_the_browser(
    run: Any, fonds: Path, launched: list[str]
) -> None:
    assert run("-C", fonds, "open", BONNAMI).stdout == "https://doi.org/10.1234/abc\n"
    assert launched == ["https://doi.org/10.1234/abc"]
    refused = run("-C", fonds, "open", BONNAMI, "--in", "zotero", "--lang", "en")
    assert refused.exit_code == 1
    assert "not in Zotero yet" in refused.stderr
    nothing = run("-C", fonds, "open", OEUVRE, "--in", "browser", "--lang", "en")
    assert nothing.exit_code == 1
    assert "neither an address nor a DOI" in nothing.stderr


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "file://host/x",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://a b",
        "--help",
        "",
        "https://-x",
        "zotero:x",
    ],
)
def test_nothing_else_is_handed_to_the_system(address: str, launched: list[str]) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(address)}$"):
        launching.launch_address(address)
    assert launched == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "https://x.org/ -a", "$(id)", "-h"]
)
def test_an_item_cannot_smuggle_another_address(
    run: Any, tmp_path: Path, launched: list[str], url: str
) -> None:
    text = ITEMS["oeuvre"] + f"url = '{url}'\n"
    folder = make_shelf(tmp_path / "x", {"oeuvre": text})
    assert run("-C", folder, "open", OEUVRE, "--in", "browser").exit_code == 1
    assert launched == []


def test_without_a_zotero_client_the_browser_is_next(
    run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def refuse_zotero(address: str) -> bool:
        tried.append(address)
        return not address.startswith("zotero")

    monkeypatch.setattr(open_item, "launch_address", refuse_zotero)
    assert run("-C", fonds, "list").exit_code == 0
    in_zotero(fonds, ADENOT)
    found = json.loads(run("-C", fonds, "open", ADENOT, "--json").stdout)
    assert found["address"] == tried[1] == "https://example.org/a?b=1&c=%C3%A9"
    told = run("-C", fonds, "open", ADENOT, "--in", "zotero", "--lang", "en")
    assert told.exit_code == 1
    assert "--in browser" in told.stderr
