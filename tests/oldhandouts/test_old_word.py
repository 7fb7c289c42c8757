"""Documents of word processors: paragraphs as people break them, tables, page heads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import product

import docx
import pytest

from zotsync.oldhandouts.opening import read_old_handout
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import ReadBibliography

THREE_LINES = ("MARTIN Paul", "Vivre avec un handicap", "Paris : Dunod, 2018. – 240 p.")
ISBD = ("Vivre avec un handicap / Paul Martin. – Paris : Dunod, 2018. – 240 p.",)
ARTICLE = ("Vivre avec un handicap", "MARTIN Paul", "Empan, n° 12, juin 2018, p. 24-30")
FIRST = (
    "Ce livre propose une lecture des parcours de vie de personnes vivant avec un handicap psychique.",
    "Comment vivre avec un handicap psychique ? Ce livre propose une lecture des parcours.",
    "Cet ouvrage de 240 p. paru en 2018 revient sur dix années de pratiques en établissement.",
)
SECOND = (
    "La seconde partie donne la parole aux professionnels, qui décrivent les effets des dispositifs.",
    "Les auteurs proposent des pistes de travail. [4e de couv.]",
)
TAGS = "Mots-clés : handicap psychique ; accompagnement ; autonomie"


def in_word(lines: Sequence[str]) -> ReadBibliography:
    """Return what a document is read as that has a title, a heading and these paragraphs."""
    document = docx.Document()
    document.add_heading("La pair-aidance", 0)
    document.add_heading("Ouvrages", 1)
    for line in lines:
        document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    return read_bibliography(read_old_handout(data.getvalue(), "old.docx"))


@pytest.mark.parametrize("head", [THREE_LINES, ISBD, ARTICLE], ids=["lines", "isbd", "article"])
@pytest.mark.parametrize(("first", "second"), list(product(FIRST, SECOND)))
@pytest.mark.parametrize("tags", [(TAGS,), ()], ids=["tags", "no tags"])
def test_an_abstract_of_two_paragraphs_stays_with_its_entry(
    head: tuple[str, ...], tags: tuple[str, ...], first: str, second: str
) -> None:
    other = [
        line.replace("MARTIN Paul", "DURAND Claire").replace("Paul Martin", "Claire Durand")
        for line in head
    ]
    read = in_word([*head, *tags, first, second, *other, *tags, first, second])
    assert [e.value("abstractNote") for e in read.entries] == [f"{first}\n{second}"] * 2
    assert [len(e.value("tags") or ()) for e in read.entries] == [3 * len(tags)] * 2


CUT = [
    ("« La relation d'aide en question », Empan, n° 118,", "juin 2020, p. 12-18."),
    ("« La relation d'aide en", "question », Empan, n° 118, juin 2020, p. 12-18."),
    ("« La relation d'aide", "en question », Empan, n° 118, juin 2020, p. 12-18."),
    ("« La relation d'aide en question », Empan,", "n° 118, juin 2020, p. 12-18."),
]


@pytest.mark.parametrize(("begun", "rest"), CUT, ids=[c[0][-20:] for c in CUT])
def test_a_reference_cut_over_two_paragraphs_is_one(begun: str, rest: str) -> None:
    after = "GARNIER Luc. Une autre idée du soin. Toulouse : Érès, 2014. 210 p."
    read = in_word([f"Bernard PETIT et Anne LEROY, {begun}", rest, after])
    first, second = read.entries
    assert first.value("title") == "La relation d'aide en question"
    assert [c["lastName"] for c in first.value("creators")] == ["Petit", "Leroy"]
    assert (first.value("publicationTitle"), first.value("issue")) == ("Empan", "118")
    assert (first.value("date"), first.value("pages")) == ("2020-06", "12-18")
    assert second.value("publisher") == "Érès"


def test_a_sentence_of_an_abstract_cut_over_two_paragraphs_is_one() -> None:
    begun = "Un ouvrage de référence sur la relation d'aide, qui s'adresse aux équipes comme aux"
    rest = "familles concernées, et propose des outils simples pour penser la rencontre."
    (entry,) = in_word([*THREE_LINES, begun, rest]).entries
    assert entry.value("abstractNote") == f"{begun} {rest}"


def test_lines_that_begin_with_a_small_letter_stay_lines() -> None:
    lines = ["Vivre avec un handicap", "par Paul Martin", "in Empan, n° 12, juin 2018, p. 24-30"]
    (entry,) = in_word(lines).entries
    assert entry.value("title") == "Vivre avec un handicap"
    assert [c["lastName"] for c in entry.value("creators")] == ["Martin"]


def test_a_style_that_numbers_marks_its_paragraphs() -> None:
    document = docx.Document()
    document.add_paragraph("Vivre", style="List Number")
    document.add_paragraph("Vivre")
    data = io.BytesIO()
    document.save(data)
    listed, plain = read_old_handout(data.getvalue(), "old.docx").blocks
    assert (listed.marked, plain.marked) == (True, False)
