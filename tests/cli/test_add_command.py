"""`add`: asked for, told by options, or pasted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli.shelf import make_shelf
from cli.terminal import CTRL_C, CTRL_D, in_terminal, pseudo_terminal

from zotsync.searching.typed import creator_typed, date_typed

BIB = "@book{a, author={Zola, Émile}, title={Un neuf}, year=2020, doi={10.5555/neuf}}\n"
RIS = "TY  - BOOK\nTI  - Encore\nAU  - Sand, George\nPY  - 1846\nER  - \n"
CSL = '[{"id": "x", "type": "book", "title": "Trois", "issued": {"date-parts": [[2001]]}}]'
KNOWN = "@book{b, title={Le pair-aidant}, author={Bonnami, Alain}, year=2019, doi={10.1234/ABC}}\n"


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    return make_shelf(tmp_path / "fonds")


def made(folder: Path, result: Any) -> str:
    """Return the text of the one file that was made."""
    assert result.exit_code == 0, result.output
    file: str = result.stdout.splitlines()[-1]
    return (folder / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("pasted", "title"), [(BIB, "Un neuf"), (RIS, "Encore"), (CSL, "Trois")])
def test_what_is_pasted_becomes_an_item(run: Any, fonds: Path, pasted: str, title: str) -> None:
    words = ("add", "--collection", "Pair-aidance", "--tag", "à lire")
    text = made(fonds, run("-C", fonds, *words, stdin=pasted))
    assert f'title = "{title}"' in text
    assert 'collections = ["Pair-aidance"]' in text
    assert 'tags = ["à lire"]' in text
    assert text.startswith('key = "')


def test_what_is_here_is_told_and_not_added_twice(run: Any, fonds: Path) -> None:
    before = sorted((fonds / "bibliography" / "items").iterdir())
    result = run("-C", fonds, "add", "--lang", "en", stdin=KNOWN)
    assert "BNM4K9R3  Le pair-aidant  (the same DOI)" in result.stdout
    assert sorted((fonds / "bibliography" / "items").iterdir()) == before


def test_what_is_no_reference_is_told(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "add", "--lang", "en", stdin="x")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: <stdin>: ")


def test_a_file_is_taken_and_dry_run_writes_nothing(run: Any, fonds: Path) -> None:
    (fonds / "x.bib").write_text(BIB, encoding="utf-8")
    found = json.loads(run("-C", fonds, "add", "--from", "x.bib", "-n", "--json").stdout)
    assert (found["run"], found["added_files"]) == (0, [])
    assert found["additions"][0]["fields"]["title"] == "Un neuf"
    result = run("-C", fonds, "add", "--from", "x.bib", "--yes", "--json")
    assert json.loads(result.stdout)["added_files"] == ["bibliography/items/zola-2020-un-neuf.toml"]


def test_options_tell_a_whole_item_in_any_words(run: Any, fonds: Path) -> None:
    words: tuple[str, ...]
    words = ("add", "--type", "rapport", "--set", "titre=Un guide", "--set", "date=1er mai 2019")
    words += ("--set", "publisher=FAS", "--creator", "Zola, Émile", "--creator", "INSEE")
    words += ("--creator", "Hugo, Victor (collaborateur)", "--collection", "pair-aidance/REVUES")
    text = made(fonds, run("-C", fonds, *words))
    assert 'itemType = "report"' in text
    assert 'institution = "FAS"' in text
    assert 'date = "2019-05-01"' in text
    assert '{ creatorType = "author", name = "INSEE" }' in text
    assert '{ creatorType = "contributor", firstName = "Victor", lastName = "Hugo" }' in text
    assert 'collections = ["Pair-aidance/Revues"]' in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Nothing was pasted."),
        (["--type", "book"], "An item needs a title."),
        (["--type", "boook", "--set", "title=x"], "Did you mean Book?"),
        (["--type", "book", "--set", "foo=1"], "does not name a field"),
        (["--type", "book", "--set", "title=x", "--set", "issue=1"], "has no field issue"),
        (["--type", "book", "--set", "title=x", "--collection", "Nulle"], "no collection Nulle"),
        (["--type", "note", "--set", "title=x", "--creator", "A, B"], "no creators"),
        (["--from", "x.bib", "--type", "book"], "--from goes without"),
        (["--set", "title=x"], "Nobody is there"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    run: Any, fonds: Path, words: list[str], told: str
) -> None:
    before = sorted((fonds / "bibliography" / "items").iterdir())
    result = run("-C", fonds, "add", *words, "--lang", "en", stdin="")
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert sorted((fonds / "bibliography" / "items").iterdir()) == before


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("12/05/2019", "2019-05-12"),
        ("5.2019", "2019-05"),
        ("1er  mai 2019", "2019-05-01"),
        ("31/02/2019", "31/02/2019"),
        ("printemps 2019", "printemps 2019"),
        ("", ""),
    ],
)
def test_dates_are_taken_as_french_people_type_them(typed: str, date: str) -> None:
    assert date_typed(typed) == date


def test_creators_are_told_apart() -> None:
    roles = {"editeur": "editor"}
    person = {"creatorType": "author", "firstName": "Émile", "lastName": "Zola"}
    assert creator_typed(" Zola,  Émile ", roles, "author") == person
    assert creator_typed("Zola, Émile (Éditeur)", roles, "author") == {
        **person,
        "creatorType": "editor",
    }
    centre = {"creatorType": "author", "name": "Centre (Bretagne)"}
    assert creator_typed("Centre (Bretagne)", roles, "author") == centre


@pseudo_terminal
def test_the_questions_make_an_item(fonds: Path) -> None:
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "add"),
        answers=[
            ("Item type", "zzz\n"),
            ("Item type", "2\n"),
            ("Title", "Un livre\n"),
            ("Author", "Zola, Émile\n"),
            ("Author", "\n"),
            ("Edition", "\n"),
            ("Publisher", "Charpentier\n"),
            ("Place", ".\n"),
            ("Write this?", "a"),
        ],
    )
    assert code == 0, shown
    assert "There is no item type zzz." in shown
    (file,) = (fonds / "bibliography" / "items").glob("zola-un-livre*.toml")
    text = file.read_text(encoding="utf-8")
    assert 'publisher = "Charpentier"' in text
    assert 'lastName = "Zola"' in text


@pseudo_terminal
def test_a_new_collection_is_asked_about(fonds: Path) -> None:
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "add", "--type", "webpage", "--set", "title=Une page"),
        *("--tag", "x", "--creator", "A, B"),
        answers=[
            *((word, "\n") for word in ("Website Title", "Website Type", "Date", "URL")),
            ("Abstract", "\n"),
            ("Collection", "Neuve\n"),
            ("Make this collection?", "y\n"),
            ("Collection", "\n"),
            ("Write this?", "a"),
        ],
    )
    assert code == 0, shown
    (file,) = (fonds / "bibliography" / "items").glob("*une-page.toml")
    assert 'collections = ["Neuve"]' in file.read_text(encoding="utf-8")


@pseudo_terminal
def test_ctrl_c_writes_nothing(fonds: Path) -> None:
    before = sorted((fonds / "bibliography" / "items").iterdir())
    code, _shown = in_terminal(
        *("-C", fonds, "--lang", "en", "add", "--type", "book"), answers=[("Title", CTRL_C)]
    )
    assert code == 130
    assert sorted((fonds / "bibliography" / "items").iterdir()) == before


@pseudo_terminal
def test_what_is_pasted_into_a_terminal_is_asked_about(fonds: Path) -> None:
    code, shown = in_terminal(
        *("-C", fonds, "--lang", "en", "add", "--from", "-"),
        answers=[("Paste here", f"{BIB}{CTRL_D}"), ("Write this?", "a")],
    )
    assert code == 0, shown
    assert (fonds / "bibliography" / "items" / "zola-2020-un-neuf.toml").exists()


# Dates that cannot be


def test_a_date_that_cannot_be_is_told_and_kept(run: Any, fonds: Path) -> None:
    words = ("--type", "book", "--set", "title=Un neuf", "--set", "date=13/13/2019", "--lang", "en")
    result = run("-C", fonds, "add", *words)
    assert "Date: There is no such date: 13/13/2019." in result.stderr
    assert 'date = "13/13/2019"' in made(fonds, result)


@pytest.mark.parametrize("date", ["2019-10-31", "printemps 2021", "s.d.", "1846?", ""])
def test_a_date_that_can_be_is_not_remarked_upon(run: Any, fonds: Path, date: str) -> None:
    words = ("--type", "book", "--set", "title=Un neuf", "--set", f"date={date}", "--lang", "en")
    assert "Date:" not in run("-C", fonds, "add", *words).stderr


def test_what_check_is_told_to_ignore_is_not_told_here_either(run: Any, fonds: Path) -> None:
    with (fonds / "zotsync.toml").open("a", encoding="utf-8") as file:
        file.write('\n[check]\nignore = ["date-unreadable"]\n')
    words = ("--type", "book", "--set", "title=Un neuf", "--lang", "en")
    assert "Date:" in run("-C", fonds, "add", *words, "--set", "date=13/13/2019").stderr
    assert "Date:" not in run("-C", fonds, "add", *words, "--set", "date=un jour").stderr


@pseudo_terminal
def test_in_a_terminal_a_date_that_cannot_be_is_asked_for_again(fonds: Path) -> None:
    answers = [("Keep it", "\r"), ("Date:", "31/02/2020\r"), ("Keep it", "n\r")]
    answers += [("Date:", "2020-02-29\r"), (":", ".\r"), ("Write", "\r")]
    told = ("--type", "book", "--set", "title=Un neuf", "--set", "date=13/13/2019")
    code, shown = in_terminal("-C", fonds, "add", *told, answers=answers)
    assert code == 0, shown
    assert 'date = "2020-02-29"' in made_last(fonds)


@pseudo_terminal
def test_a_date_that_cannot_be_stays_where_somebody_says_so(fonds: Path) -> None:
    answers = [("Keep it", "y\r"), (":", ".\r"), ("Write", "\r")]
    told = ("--type", "book", "--set", "title=Un neuf", "--set", "date=un jour")
    code, shown = in_terminal("-C", fonds, "add", *told, answers=answers)
    assert code == 0, shown
    assert 'date = "un jour"' in made_last(fonds)


def made_last(folder: Path) -> str:
    files = (folder / "bibliography" / "items").iterdir()
    return max(files, key=lambda file: file.stat().st_mtime_ns).read_text(encoding="utf-8")


@pseudo_terminal
def test_whoever_takes_nothing_is_told_that_nothing_was_written(fonds: Path) -> None:
    told = ("--type", "book", "--set", "title=Un neuf", "--set", "date=2020", "--tag", "x")
    answers = [(":", ".\r"), ("Write", "n")]
    code, shown = in_terminal("-C", fonds, "add", *told, answers=answers)
    assert code == 0, shown
    assert "Nothing was written." in shown
    assert "Un neuf" not in made_last(fonds)
