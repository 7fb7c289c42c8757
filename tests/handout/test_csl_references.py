"""References through pandoc: what becomes of a style's formatting, blocks, numbers, order and languages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from handout.csl_styles import CITATION, DATE, referred, texts, write_style, write_text
from hypothesis import HealthCheck, given, settings
from strategies import item_fields

from zotsync.errors import StyleError
from zotsync.handout.csl import pandoc
from zotsync.handout.csl.references import references
from zotsync.handout.csl.style import read_style
from zotsync.handout.entry import Face, Mark, Role, Run
from zotsync.zotero.schema import bundled

TITLE = '<text variable="title"/>'
AUTHOR = """<names variable="author"><name name-as-sort-order="all" sort-separator=" "
delimiter=", " delimiter-precedes-last="always"/></names>"""


def person(last: str, first: str) -> dict[str, str]:
    return {"creatorType": "author", "lastName": last, "firstName": first}


def test_formatting_becomes_faces(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", '<text variable="title" font-style="italic"/>')
    title = "Un <b>mot</b>, H<sub>2</sub>O, 1<sup>er</sup>, <i>Homo</i> &amp; <x> y < z"
    (line,) = referred(style, {"title": title}).lines["0"]
    assert line.role is Role.REFERENCE
    assert line.text == "Un mot, H2O, 1er, Homo &amp; <x> y < z"
    faces = {run.text: run.faces for run in line.runs}
    assert faces["mot"] == {Face.ITALIC, Face.BOLD}
    assert faces["2"] == {Face.ITALIC, Face.SUB}
    assert faces["er"] == {Face.ITALIC, Face.SUP}
    assert all(not run.faces for run in line.runs if "Homo" in run.text)


def test_small_caps_become_a_face_and_nocase_keeps_its_letters(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", '<text variable="title" text-case="uppercase"/>')
    title = (
        'l\'<span class="nocase">iPhone</span> <span style="font-variant:small-caps;">xx</span>e'
    )
    (line,) = referred(style, {"title": title}).lines["0"]
    assert "iPhone" in line.text
    assert [run.text for run in line.runs if Face.SMALL_CAPS in run.faces] == ["xx"]
    (same,) = referred(style, {"title": title.replace("caps;", "caps")}).lines["0"]
    assert same == line


def test_blocks_are_lines_of_their_own(tmp_path: Path) -> None:
    layout = f"""<group display="block">{AUTHOR}</group><group display="block">{TITLE}</group>
    <text variable="publisher" display="indent"/>"""
    style = write_style(tmp_path, "s", layout)
    book = {"title": "T", "publisher": "ESF", "creators": [person("Gardien", "Ève")]}
    assert texts(style, book) == [["Gardien Ève", "T", "ESF"]]


def test_blanks_around_what_is_missing_are_one(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", f'{TITLE}<text value=", "/><text value=" suite "/>')
    assert texts(style, {"title": "T"}) == [["T, suite"]]


def test_number_stands_in_the_margin_of_its_line(tmp_path: Path) -> None:
    layout = """<text variable="citation-number" prefix="[" suffix="]" display="left-margin"/>
    <text variable="title" display="right-inline"/>"""
    style = write_style(tmp_path, "s", layout.replace(TITLE, ""))
    made = referred(style, *({"title": f"T{n}"} for n in range(12)))
    assert [made.lines[str(n)][0].text for n in range(12)] == [
        f"[{n + 1}]\u00a0T{n}" for n in range(12)
    ]
    assert made.lines["0"][0].runs[0] == Run("[1]\u00a0", Mark.NUMBER)


def test_link_leads_where_it_says(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", f'{TITLE}<text variable="URL" prefix=" : "/>')
    wrapped = (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa_b&data=x"
    )
    made = referred(style, {"title": "T", "url": wrapped}, {"title": "T", "url": "…/elided"})
    link = made.lines["0"][0].runs[-1]
    assert link == Run("https://example.org/a_b", Mark.LINK, url="https://example.org/a_b")
    assert made.lines["1"][0].text == "T : …/elided"
    assert not any(run.url for run in made.lines["1"][0].runs)


@pytest.mark.parametrize(
    "address", ["https://example.org/é?x=[1]&y=(2)", "http://a.b/%C3%A9", "https://é.fr/"]
)
def test_unusual_address_is_a_link(tmp_path: Path, address: str) -> None:
    style = write_style(tmp_path, "s", f'{TITLE}<text variable="URL" prefix=" : "/>')
    assert referred(style, {"title": "T", "url": address}).lines["0"][0].runs[-1].url


def test_title_is_no_link(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", f'{TITLE}<text variable="publisher" prefix=", "/>')
    for title in ("T", "Un <i>beau</i> titre"):
        made = referred(style, {"title": title, "url": "https://example.org/a"})
        assert not any(run.url for run in made.lines["0"][0].runs)


def test_doi_is_a_link(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", f'{TITLE}<text variable="DOI" prefix=", DOI "/>')
    article = {"itemType": "journalArticle", "title": "T", "DOI": "10.1234/a_b(c)"}
    link = referred(style, article).lines["0"][0].runs[-1]
    assert (link.text, link.url) == ("10.1234/a_b(c)", "https://doi.org/10.1234/a_b(c)")


def test_order_of_the_style_is_told(tmp_path: Path) -> None:
    sorted_by_title = '><sort><key variable="title"/></sort>'
    style = write_style(tmp_path, "s", TITLE, more=sorted_by_title)
    titles = ("Zèbre", "Émile", "Abeille", "Été")
    made = referred(style, *({"title": title} for title in titles))
    assert [titles[int(key)] for key in made.order] == ["Abeille", "Émile", "Été", "Zèbre"]


def test_author_is_always_named(tmp_path: Path) -> None:
    more = ' subsequent-author-substitute="———">'
    style = write_style(tmp_path, "s", f"{AUTHOR} {TITLE}", more=more)
    both = ({"title": t, "creators": [person("Gardien", "Ève")]} for t in "AB")
    assert all(line[0].startswith("Gardien") for line in texts(style, *both))


def test_item_of_which_the_style_prints_nothing_is_left_to_the_theme(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", '<text variable="publisher"/>')
    made = referred(style, {"title": "Sans éditeur"}, {"title": "T", "publisher": "ESF"})
    assert list(made.lines) == ["1"]
    assert made.order == ("1", "0")


def test_abstract_is_left_to_its_own_lines(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", f'{TITLE}<text variable="abstract"/>')
    assert texts(style, {"title": "T", "abstractNote": "Résumé"}) == [["T"]]


def test_language_is_that_of_the_handout_or_else_of_the_style(tmp_path: Path) -> None:
    march = {"title": "T", "date": "2021-03-01"}
    style = write_style(tmp_path, "s", DATE)
    assert texts(style, march) == [["1er mars 2021"]] or texts(style, march) == [["1 mars 2021"]]
    assert texts(style, march, language="en") == [["1 March 2021"]]
    english = write_style(tmp_path, "e", DATE, locale="en-GB")
    assert texts(english, march) == [["1 March 2021"]]


@pytest.mark.parametrize(
    ("last", "printed"),
    [
        ("d'Ormesson", "D’ORMESSON Jean"),
        ("d’Ormesson", "D’ORMESSON Jean"),
        ("al-Rashid", "AL-RASHID Jean"),
        ("van Gogh", "VAN GOGH Jean"),
        ("L'Heureux", "L’HEUREUX Jean"),
    ],
)
def test_particle_stands_at_its_name(tmp_path: Path, last: str, printed: str) -> None:
    capitals = '<name-part name="family" text-case="uppercase"/>'
    layout = AUTHOR.replace("/></names>", f">{capitals}</name></names>")
    style = write_style(tmp_path, "s", layout)
    text = style.read_text(encoding="utf-8")
    never = text.replace('class="in-text"', 'class="in-text" demote-non-dropping-particle="never"')
    style.write_text(never, encoding="utf-8")
    assert texts(style, {"title": "T", "creators": [person(last, "Jean")]}) == [[printed]]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("2020-01-31", "31 janvier 2020"),
        ("juillet-août 2019", "juillet-août 2019"),
        ("juillet et août 2019", "juillet-août 2019"),
        ("printemps 2021", "printemps 2021"),
        ("été 2021", "été 2021"),
        ("Hiver 2019", "hiver 2019"),
        ("vers 2019", "vers 2019"),
        ("s.d.", "s.d."),
        ("15-16 novembre 2018", "15–16 novembre 2018"),
        ("du 15 au 16 novembre 2018", "15–16 novembre 2018"),
        ("2019-2021", "2019–2021"),
    ],
)
def test_dates_say_what_was_typed(tmp_path: Path, typed: str, printed: str) -> None:
    style = write_style(tmp_path, "s", DATE)
    assert texts(style, {"title": "T", "date": typed}) == [[printed]]


def test_extra_fills_variables(tmp_path: Path) -> None:
    style = write_style(tmp_path, "s", '<text variable="original-title"/>')
    assert texts(style, {"title": "T", "extra": "Original Title: The T"}) == [["The T"]]


def test_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(StyleError, match=r"pipx inject zotsync pypandoc_binary"):
        pandoc.program()


def test_pandoc_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    style = read_style(write_style(tmp_path, "s", TITLE))
    with pytest.raises(StyleError, match="pandoc did not finish"):
        pandoc.bibliography([{"id": "0", "type": "book"}], style, "fr-FR", timeout=0.001)


def test_style_that_pandoc_cannot_use_is_named(tmp_path: Path) -> None:
    bad = "<bibliography><layout><choose><if/></choose></layout></bibliography>"
    style = write_text(tmp_path, "s", CITATION.replace("citation>", "cite>") + bad)
    with pytest.raises(StyleError, match="pandoc cannot use this citation style") as told:
        referred(style, {"title": "T"})
    assert told.value.problem.place.file == str(style)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item_fields(bundled()))
def test_any_item_is_referred_to(tmp_path: Path, fields: dict[str, Any]) -> None:
    layout = f'{AUTHOR}{TITLE}{DATE}<text variable="note"/><text variable="URL"/>'
    style = read_style(write_style(tmp_path, "s", layout))
    made = references({"K": fields}, ["K"], style, "fr", bundled())
    assert made.order == ("K",)
    for line in made.lines.get("K", ()):
        assert line.text.strip()
        assert "\n" not in line.text
