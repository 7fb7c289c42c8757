"""BibTeX and BibLaTeX, read back by pybtex and by pandoc."""

from __future__ import annotations

import json
import re
from typing import Any

import pypandoc
import pytest
from exporting import ADENOT, SCHEMA, book, export_of, exports, person
from hypothesis import given
from pybtex.database import BibliographyData, Entry, parse_string

from zotsync.model import UNSYNCED_TYPES
from zotsync.plugins import Export, Exporter
from zotsync.plugins.exporters import biblatex, bibtex
from zotsync.plugins.exporters.biblatex import BIBLATEX
from zotsync.plugins.exporters.bibtex import BIBTEX
from zotsync.plugins.exporters.citekeys import citekeys
from zotsync.plugins.testing import check_exporter, samples

BOTH = pytest.mark.parametrize("exporter", [BIBTEX, BIBLATEX], ids=["bibtex", "biblatex"])


def parsed(export: Export, exporter: Exporter = BIBTEX) -> BibliographyData:
    return parse_string(exporter.write(export).decode(), "bibtex")


def entry(exporter: Exporter = BIBTEX, **fields: Any) -> Entry:
    """Return the only entry of an item (a book if it is not told) as pybtex reads it."""
    found = parsed(export_of(book(**fields)), exporter)
    (only,) = found.entries.values()
    return only


def cited(exporter: Exporter, **fields: Any) -> dict[str, Any]:
    """Return the only item as pandoc reads it."""
    name = "bibtex" if exporter is BIBTEX else "biblatex"
    text = exporter.write(export_of(book(**fields))).decode()
    (only,) = json.loads(pypandoc.convert_text(text, "csljson", name))
    found: dict[str, Any] = only
    return found


@BOTH
def test_the_contract_holds(exporter: Exporter) -> None:
    check_exporter(exporter)


@BOTH
def test_every_sample_is_read_by_pybtex_with_as_many_entries(exporter: Exporter) -> None:
    for export in samples().values():
        assert set(parsed(export, exporter).entries) == set(citekeys(export).values())


@BOTH
@given(export=exports())
def test_whatever_items_hold_is_read_by_pybtex(exporter: Exporter, export: Export) -> None:
    assert set(parsed(export, exporter).entries) == set(citekeys(export).values())


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "50 % de $a_b & #c^d~e {f} \\g",
        "{a}{{b}}",
        "« L’été » : œuvre",
        "@book{x, title = {y}}",
        "a\\",
        "Affiches -- France --- 1937",
    ],
)
def test_signs_of_latex_are_the_text_s_own_again(exporter: Exporter, text: str) -> None:
    found = re.sub("</?span[^>]*>", "", cited(exporter, title=f"X {text}")["title"])
    assert found == f"X {text}"


@BOTH
def test_french_typography_stands_as_it_is(exporter: Exporter) -> None:
    title = "« L’été »\u202f: œuvre\u00a0!"
    assert title in exporter.write(export_of(book(title=title))).decode()


@BOTH
@pytest.mark.parametrize("text", ["{", "}{", "}}{", "a } b"])
def test_odd_braces_go_by_name(exporter: Exporter, text: str) -> None:
    found = entry(exporter, title=f"x {text}", place=f"x {text}")
    named = (
        text.replace("{", "<").replace("}", r"\textbraceright{}").replace("<", r"\textbraceleft{}")
    )
    assert found.fields["title"] == f"x {named}"
    assert f"x {named}" in found.fields.values()


def test_article_has_its_fields() -> None:
    found = entry(
        **ADENOT,
        volume="2",
        creators=[person("Adenot", "Vincent")],
        url="https://example.org/a_b%20c#d",
        DOI="10.1234/a_b",
        tags=["pair-aidance", "a, b"],
    )
    assert found.type == "article"
    assert {**found.fields} == {
        "title": "Le travailleur pair",
        "journal": "Actualités sociales",
        "number": "3145",
        "volume": "2",
        "pages": "28--32",
        "year": "2020",
        "month": "January",  # pybtex's word for the macro jan
        "day": "31",
        "url": "https://example.org/a_b%20c#d",
        "doi": "10.1234/a_b",
        "keywords": "a; b, pair-aidance",
    }


@BOTH
def test_names_come_back_in_their_parts(exporter: Exporter) -> None:
    found = entry(
        exporter,
        creators=[
            person("de La Fontaine", "Jean"),
            person("Castro", "François de"),
            person("King", "Martin Luther, Jr."),
            {"creatorType": "author", "name": "Fédération and Co, des acteurs"},
            person("Colette"),
            person("Smith, and Sons", "A"),
        ],
    )
    people = [
        (p.prelast_names, p.last_names, p.lineage_names, p.first_names + p.middle_names)
        for p in found.persons["author"]
    ]
    assert people == [
        (["de"], ["La", "Fontaine"], [], ["Jean"]),
        (["de"], ["Castro"], [], ["François"]),
        ([], ["King"], ["Jr."], ["Martin", "Luther"]),
        ([], ["{Fédération and Co, des acteurs}"], [], []),
        ([], ["{Colette}"], [], []),
        ([], ["{Smith, and Sons}"], [], ["A"]),
    ]


def test_capitals_within_a_title_are_kept_small_words_are_not() -> None:
    title = "Les SAVS en France : l’État et la pair-aidance"
    assert entry(title=title).fields["title"] == (
        "Les {SAVS} en {France} : {l’État} et la pair-aidance"
    )
    english = entry(title="The Role of DNA in Peer Work", language="en-GB").fields["title"]
    assert english == "The Role of {DNA} in Peer Work"
    assert entry(title="SAVS et vous").fields["title"] == "{SAVS} et vous"


@BOTH
def test_faces_of_a_title_come_back(exporter: Exporter) -> None:
    title = "Le <i>care</i> au 19<sup>e</sup> siècle"
    assert cited(exporter, title=title)["title"] == title


@pytest.mark.parametrize(
    ("date", "bib", "latex"),
    [
        ("2020-01-31", {"year": "2020", "month": "jan", "day": "31"}, {"date": "2020-01-31"}),
        ("juin 2021", {"year": "2021", "month": "jun"}, {"date": "2021-06"}),
        ("2019/2021", {"year": "2019--2021"}, {"date": "2019/2021"}),
        (
            "2020-01-31/2020-02-02",
            {"year": "2020", "month": "jan"},
            {"date": "2020-01-31/2020-02-02"},
        ),
        ("printemps 2021", {"year": "2021", "month": "printemps"}, {"date": "2021-21"}),
        ("ca. 1850", {"year": "1850"}, {"date": "1850~"}),
        ("[s. d.]", {"year": "[s. d.]"}, {"year": "[s. d.]"}),
        (
            "mars-avril 2019",
            {"year": "2019", "month": "mars-avril"},
            {"year": "mars-avril 2019"},
        ),
        (
            "1990, 2e édition 1994",
            {"year": "1990, 2e édition 1994"},
            {"year": "1990, 2e édition 1994"},
        ),
        ("-0429", {"year": "-429"}, {"date": "-0429"}),
    ],
)
def test_dates(date: str, bib: dict[str, str], latex: dict[str, str]) -> None:
    def dated(exporter: Exporter) -> dict[str, str]:
        text = exporter.write(export_of(book(date=date))).decode()
        return dict(re.findall(r"^  (year|month|day|date) = \{?(.*?)\}?,$", text, re.MULTILINE))

    assert dated(BIBTEX) == bib
    assert dated(BIBLATEX) == latex


def test_the_months_of_bibtex_alone_stand_without_braces() -> None:
    def written(date: str) -> str:
        return BIBTEX.write(export_of(book(date=date))).decode()

    assert "  month = jan,\n" in written("2020-01-31")
    assert "  month = {fin},\n" in written("fin 2019")


def test_every_item_type_is_of_a_type_in_biblatex_and_bibtex_types_are_its_own() -> None:
    there = {name for name in SCHEMA.item_types if name not in UNSYNCED_TYPES | {"note"}}
    assert there - {*biblatex.TYPES} == {"document", "interview", "map"}
    assert {*biblatex.TYPES} <= there
    assert {*bibtex.TYPES} <= there
    standard = "article book incollection inproceedings phdthesis techreport unpublished"
    assert {*bibtex.TYPES.values()} == {*standard.split()}


def test_thesis_below_a_doctorate_is_another_type_in_bibtex() -> None:
    thesis: dict[str, Any] = {"itemType": "thesis", "university": "Rennes 2"}
    assert entry(**thesis, thesisType="Mémoire de Master 2").type == "mastersthesis"
    doctoral = entry(**thesis, thesisType="Thèse de doctorat")
    assert doctoral.type == "phdthesis"
    assert doctoral.fields["school"] == "Rennes 2"


def test_biblatex_tells_roles_and_kinds_apart() -> None:
    found = entry(
        BIBLATEX,
        itemType="bookSection",
        bookTitle="Le livre",
        language="fr-FR",
        accessDate="2021-07-01T23:11:44Z",
        creators=[
            person("A", "B"),
            person("C", "D", "bookAuthor"),
            person("E", "F", "seriesEditor"),
            person("G", "H", "contributor"),
        ],
    )
    assert found.type == "inbook"
    assert found.fields["booktitle"] == "Le livre"
    assert found.fields["langid"] == "french"
    assert found.fields["urldate"] == "2021-07-01"
    assert found.fields["bookauthor"] == "C, D"
    assert (found.fields["editora"], found.fields["editoratype"]) == ("E, F", "redactor")
    assert (found.fields["editorb"], found.fields["editorbtype"]) == ("G, H", "collaborator")
    newspaper = entry(BIBLATEX, itemType="newspaperArticle", issue="Été")
    assert newspaper.fields["entrysubtype"] == "newspaper"
    assert newspaper.fields["issue"] == "Été"


def test_citation_keys_are_made_of_author_year_and_a_word() -> None:
    def key(**fields: Any) -> str:
        (only,) = citekeys(export_of(book(**fields))).values()
        return only

    adenot = [person("Adenot", "Vincent")]
    assert key(title="Le travailleur pair", date="2020-01-31", creators=adenot) == (
        "adenot2020travailleur"
    )
    assert key(title="L’œuvre", date="été 2021", creators=[person("Nuñez-Œ", "X")]) == (
        "nunezoe2021oeuvre"
    )
    assert key(title="100 idées", date="2021") == "idees2021"
    assert key(creators=[{"creatorType": "author", "name": "La Fédération des X"}]) == "federation"
    assert key(title="Titre", extra="Citation Key: mien:2020") == "mien:2020"
    assert key(title="Titre", citationKey="é,{autre}") == "autre"
    assert key(title="רב") == "abcd2345"


def test_citation_keys_are_unique_whatever_the_case() -> None:
    same = [book(title="Titre", date="2020") for _ in range(4)]
    given_one = book(title="X", citationKey="TITRE2020")
    found = sorted(citekeys(export_of(*same, given_one)).values())
    assert found == ["TITRE2020", "titre2020b", "titre2020c", "titre2020d", "titre2020e"]


@given(exports())
def test_citation_keys_are_ascii_unique_and_the_same_in_any_order(export: Export) -> None:
    found = citekeys(export)
    assert found.keys() == export.entries.keys()
    assert len({key.lower() for key in found.values()}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9_:.+/-]+", key) for key in found.values())
    turned = Export(dict(reversed([*export.items.items()])), SCHEMA)
    assert citekeys(turned) == found
