"""The words of the pattern language, and the page that explains them."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from handout.printed import KEY, plain_blanks
from hypothesis import given
from strategies import messy_text

from zotsync.config import Centre
from zotsync.handout import layout
from zotsync.handout.choices import Choices
from zotsync.handout.lines import ROLES
from zotsync.handout.render import House, rules_of
from zotsync.handout.text.people import names, of_kind
from zotsync.handout.theming.patterns import FILTERS, day
from zotsync.handout.theming.themes import Theme, load_theme, templates_folder
from zotsync.handout.values import COMPUTED
from zotsync.model import Fields, normal
from zotsync.zotero.schema import bundled

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("patterns.md", "patterns.fr.md")


def person(last: str, first: str = "", kind: str = "author") -> dict[str, str]:
    return {"creatorType": kind, "lastName": last, "firstName": first}


THREE = [person("Roy", "Anne-Marie"), person("Bel", "J-L."), person("Ève")]
HOUSE = {"creatorType": "author", "name": "Haute Autorité de santé"}


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("NOM Prénom", "ROY Anne-Marie"),
        ("NOM, Prénom", "ROY, Anne-Marie"),
        ("Nom, P.", "Roy, A.-M."),
        ("P. Nom", "A.-M. Roy"),
        ("Prénom NOM", "Anne-Marie ROY"),
        ("Nom (Prénom)", "Roy (Anne-Marie)"),
        ("Nom", "Roy"),
    ],
)
def test_names_take_the_form_of_an_example(form: str, written: str) -> None:
    assert names(THREE[:1], form) == written
    assert names([HOUSE], form) == "Haute Autorité de santé"
    assert names([person("Ève")], form) == ("ÈVE" if "NOM" in form else "Ève")
    assert names([person("", "Zoé")], form) == "Zoé"
    assert names([], form) == ""


def test_names_are_joined_as_asked() -> None:
    assert names(THREE, "Nom") == "Roy, Bel, Ève"
    assert names(THREE, "Nom", " ; ") == "Roy ; Bel ; Ève"
    assert names(THREE, "Nom", last=" et ") == "Roy, Bel et Ève"
    assert names(THREE[:2], "Nom", last=" et ") == "Roy et Bel"
    assert names(THREE, "Nom", most=3) == "Roy, Bel, Ève"
    assert names(THREE, "Nom", most=2) == "Roy et al."
    assert names(THREE, "Nom", most=2, more=" [et autres]") == "Roy [et autres]"
    assert names([person("", ""), *THREE[:2]], "Nom") == "Roy, Bel"


@pytest.mark.parametrize(
    ("first", "initials"),
    [("Jean-Luc", "J.-L."), ("J-L.", "J.-L."), ("Marie Ève", "M. È."), ("E\u0301mile", "É."),
     ("Fr.", "F."), ("d’Arc", "d."), ("👩", "👩")],
)  # fmt: skip
def test_initials(first: str, initials: str) -> None:
    assert names([person("Roy", first)], "Nom P.") == f"Roy {initials}"


@given(messy_text(), messy_text())
def test_nothing_of_a_name_is_lost(last: str, first: str) -> None:
    written = names([person(last, first)], "Nom, Prénom")
    assert last in written
    assert first in written


def test_people_are_told_apart_by_what_they_did() -> None:
    crowd: list[Fields] = [person("A", kind="editor"), person("B", kind="translator"), HOUSE]
    assert names(of_kind(crowd, "translator"), "Nom") == "B"
    assert names(of_kind(crowd, "editor", "author"), "Nom") == "A, Haute Autorité de santé"
    assert of_kind(crowd, "guest") == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [("2021-03-03T10:00:00Z", "3 mars 2021"), ("2021-03-01 08:00:00", "1er mars 2021"),
     ("2021", "2021"), ("s.d. ou presque", "s.d. ou presque"), ("", "")],
)  # fmt: skip
def test_a_day_without_its_time(typed: str, told: str) -> None:
    assert day(typed) == told


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def examples(name: str) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```", page(name), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_explains_every_value_filter_and_part(name: str) -> None:
    explained = set(re.findall(r"`([\w]+)`", page(name)))
    explained |= set(re.findall(r"\\\|(\w+)", page(name)))
    assert {*COMPUTED, *FILTERS, *ROLES} <= explained
    unknown = set(re.findall(r"^\| `(\w+)` \|", page(name), re.MULTILINE))
    assert unknown - {"title"} <= set(COMPUTED)


def test_both_languages_have_the_same_examples() -> None:
    assert examples(PAGES[0]) == examples(PAGES[1])
    assert len(examples(PAGES[0])) >= 3


@pytest.mark.parametrize("example", examples(PAGES[0]))
def test_every_example_is_a_theme(example: str, tmp_path: Path) -> None:
    theme = theme_of(example, tmp_path)
    for kind in bundled().item_types:
        entry = layout.lay_out(KEY, {"itemType": kind, "title": "T"}, rules_with(theme))
        assert all(line.text for line in entry.lines)


def test_what_the_last_example_prints_is_what_the_page_says(tmp_path: Path) -> None:
    theme = theme_of(examples(PAGES[0])[-1], tmp_path)
    book = {
        "itemType": "book",
        "title": "Les non-dits du travail social",
        "creators": [person("Bouchereau", "Xavier")],
        "place": "Toulouse",
        "publisher": "Érès",
        "date": "2012",
        "series": "Trames",
    }
    (line,) = layout.lay_out(KEY, normal(book), rules_with(theme)).lines
    for name in PAGES:
        assert f"`{plain_blanks(line.text)}`" in page(name)


def theme_of(example: str, folder: Path) -> Theme:
    own = folder / "templates" / "own"
    own.mkdir(parents=True)
    shutil.copy(templates_folder() / "classique" / "base.docx", own)
    if "source" not in tomllib.loads(example):
        example += '[source]\ndefault = "{{ publisher }}"\n'
    (own / "theme.toml").write_text(example, "utf-8")
    return load_theme("own", own.parent)


def rules_with(theme: Theme) -> layout.Rules:
    return rules_of(theme, bundled(), House(Centre()), Choices())
