"""Nothing that a colleague wrote is lost, and nothing is written that she did not mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handout.correcting_documents import Correcting
from handout.printed import library_of, sample_library
from handout.test_readback import (
    EDITOR,
    SAMPLE_HANDOUT,
    VINCENT,
    Desk,
    changed,
    is_empty,
)
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from zotsync.handout import libreoffice
from zotsync.handout.handoutfile import Handout
from zotsync.handout.readback.slots import Line
from zotsync.handout.text import dates
from zotsync.handout.theming.themes import Theme, load_theme
from zotsync.handout.writers.ooxml import tag
from zotsync.model import Fields
from zotsync.proposal import Doubt, Why

BOOK = {
    "itemType": "book",
    "title": "Mon titre",
    "creators": [VINCENT],
    "publisher": "ESF",
    "date": "2019",
    "abstractNote": "Une phrase. Une autre.",
    "url": "https://example.org/x",
}


@pytest.fixture
def sample(tmp_path: Path, classique: Theme) -> Desk:
    return Desk(tmp_path, sample_library(), SAMPLE_HANDOUT, classique)


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Desk]:
    def lay(*items: Any, **choices: Any) -> Desk:
        handout = Handout("h.toml", "Titre")
        return Desk(tmp_path, library_of(*items), handout, load_theme("classique"), **choices)

    return lay


def merge(document: Correcting, text: str) -> None:
    """Press Backspace at the beginning of the paragraph behind the one that holds `text`."""
    paragraph = document.find(text)
    behind = document.paragraphs()[document.paragraphs().index(paragraph) + 1]
    for child in behind.findall(tag("r")) + behind.findall(tag("hyperlink")):
        paragraph.append(child)
    document.remove([behind])


def key_of(laid: Desk) -> str:
    return next(iter(laid.library.items))


def test_formatting_is_kept_where_both_sides_changed_a_title(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "La <i>revue</i> du grand monde social"})
    changed(laid, key_of(laid), title="La <i>revue</i> du petit monde social")
    with laid.correct() as document:
        document.change("monde social", "monde médical")
    assert laid.fields() == {"title": "La <i>revue</i> du petit monde médical"}


def test_formatting_that_came_since_the_printing_is_kept(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "La revue du monde"})
    changed(laid, key_of(laid), title="La <i>revue</i> du monde")
    with laid.correct() as document:
        document.change("du monde", "du beau monde")
    assert laid.fields() == {"title": "La <i>revue</i> du beau monde"}


def test_authors_and_editors_corrected_at_once_are_both_taken(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "bookSection", "title": "T", "bookTitle": "Livre", "publisher": "ESF",
                 "creators": [VINCENT, EDITOR]})  # fmt: skip
    with laid.correct() as document:
        document.change("ADENOT Vincent", "ADENOT Victor")
        document.change("DUPONT J.", "DUPONT Jeanne")
    (correction,) = laid.proposal().corrections
    assert correction.doubt is None
    assert correction.before == {"creators": [VINCENT, EDITOR]}
    assert correction.fields == {
        "creators": [{**VINCENT, "firstName": "Victor"}, {**EDITOR, "firstName": "Jeanne"}]
    }
    assert "ADENOT Victor" in correction.now
    assert "DUPONT Jeanne" in correction.now


@pytest.mark.parametrize(
    ("first", "then", "doubt", "fields"),
    [
        ("ESF, 2020", "ESF, 2021", Doubt.CHANGED_SINCE, {"date": "2021"}),
        ("Dunod, 2019", "ESF, 2021", None, {"publisher": "Dunod", "date": "2021"}),
        ("ESF, 2020", "ESF, 2020", None, {"date": "2020"}),
        ("ESF, 2020", "ESF, 2019", None, {"date": "2020"}),
    ],
)
def test_of_an_item_that_is_printed_twice_both_corrections_count(
    tmp_path: Path, first: str, then: str, doubt: Doubt | None, fields: dict[str, str]
) -> None:
    handout = Handout("h.toml", "Titre", repeat=True)
    library = library_of({**BOOK, "tags": ["accueil", "santé"]})
    laid = Desk(tmp_path, library, handout, load_theme("classique"), by="tag")
    with laid.correct() as document:
        document.change("ESF, 2019", first)
        document.change("ESF, 2019", then)
    corrections = laid.proposal().corrections
    assert {n: v for c in corrections for n, v in c.before.items()} == {n: BOOK[n] for n in fields}
    assert {n: v for c in corrections for n, v in c.fields.items()} == fields
    assert {c.doubt for c in corrections} == {doubt}


def test_a_keyword_that_holds_a_comma_stays_one(desk: Callable[..., Desk]) -> None:
    laid = desk(
        {"itemType": "book", "title": "T", "tags": ["Foyer, logement", "travail"]}, keywords=True
    )
    with laid.correct() as document:
        document.change("travail", "travail social, santé")
    tags = [tag["tag"] for tag in laid.fields()["tags"]]
    assert sorted(tags) == ["Foyer, logement", "santé", "travail social"]


def test_a_title_taken_away_is_left_to_people(desk: Callable[..., Desk]) -> None:
    laid = desk(BOOK)
    with laid.correct() as document:
        document.delete("Mon titre")
    proposal = laid.proposal()
    assert proposal.corrections == ()
    assert [(u.why, u.was, u.now) for u in proposal.unplaced] == [(Why.UNREADABLE, "Mon titre", "")]


@pytest.mark.parametrize("text", ["Mon titre", "ESF, 2019", "Une phrase. Une autre."])
def test_what_two_paragraphs_made_one_say_is_doubtful(desk: Callable[..., Desk], text: str) -> None:
    laid = desk(BOOK)
    with laid.correct() as document:
        merge(document, text)
    corrections = laid.proposal().corrections
    assert all(c.doubt is Doubt.GUESSED for c in corrections), corrections


def test_authors_that_went_into_the_entry_before_are_doubtful(sample: Desk) -> None:
    with sample.correct() as document:
        merge(document, "PUS, 2016")
    (correction,) = sample.proposal().corrections
    assert (correction.key, correction.doubt) == ("BVB2C7H4", Doubt.GUESSED)


def test_sections_in_another_order_are_listed(sample: Desk) -> None:
    with sample.correct() as document:
        paragraphs = document.paragraphs()
        first, last = (paragraphs.index(document.find(t)) for t in ("Ouvrages", "Guides et"))
        document.move_before(paragraphs[first:last], "Articles et revues")
    proposal = sample.proposal()
    assert proposal.corrections == ()
    (one,) = proposal.unplaced
    assert (one.why, one.now.split("\n")[0]) == (Why.SECTIONS, "Ouvrages")


def test_a_heading_taken_away_moves_no_items_without_asking(sample: Desk) -> None:
    with sample.correct() as document:
        document.delete("Ouvrages")
    corrections = sample.proposal().corrections
    assert len(corrections) == 4
    assert all(c.doubt is Doubt.GUESSED for c in corrections)


def test_most_of_a_handout_missing_is_doubtful(sample: Desk) -> None:
    with sample.correct() as document:
        paragraphs = document.paragraphs()
        document.remove(paragraphs[paragraphs.index(document.find("BOIVIN Julia")) :])
        document.delete("Sélection bibliographique")
    corrections = sample.proposal().corrections
    assert len(corrections) == 10
    assert all(c.doubt is Doubt.NO_RECORD for c in corrections)


def test_half_of_a_handout_may_be_taken_out(sample: Desk) -> None:
    with sample.correct() as document:
        paragraphs = document.paragraphs()
        first, last = (
            paragraphs.index(document.find(t)) for t in ("Articles et revues", "Ouvrages")
        )
        document.remove(paragraphs[first:last])
    corrections = sample.proposal().corrections
    assert (len(corrections), {c.doubt for c in corrections}) == (6, {None})


@pytest.mark.parametrize("behind", ["Cette sélection réunit", "octobre 2021"])
def test_what_was_typed_above_the_sections_is_listed(sample: Desk, behind: str) -> None:
    with sample.correct() as document:
        made = document.insert_behind(behind, "Un mot de plus.")
        for looks in made.findall(tag("pPr")):
            made.remove(looks)
    (one,) = sample.proposal().unplaced
    assert one.now == "Un mot de plus."


def test_a_line_of_the_title_band_in_another_style_was_not_corrected(sample: Desk) -> None:
    with sample.correct() as document:
        for text in ("octobre 2021", "doc@example.org"):
            paragraph = document.find(text)
            paragraph.remove(paragraph.find(tag("pPr")))
    assert is_empty(sample.proposal())


@pytest.mark.needs("soffice")
def test_what_stands_in_text_boxes_is_told(sample: Desk, tmp_path: Path) -> None:
    box = (
        '<w:r xmlns:w="{w}" xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:'
        '100pt;height:40pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>Une note à part</w:t></w:r>'
        "</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    ).format(w=tag("")[1:-1])
    with sample.correct() as document:
        document.find("Tom Pousse, 2021").append(etree.fromstring(box))
    odt = tmp_path / "again.odt"
    odt.write_bytes(libreoffice.convert(sample.path.read_bytes(), "docx", "odt"))
    for path in (sample.path, odt):
        proposal = sample.proposal(path=path)
        assert is_empty(proposal)
        assert [(s.text, s.key) for s in proposal.said] == [("Une note à part", "BVB2C7H4")]


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


@given(was=DAYS, now=DAYS, told=st.integers(1, 3), tells=st.integers(1, 3))
def test_any_date_can_become_any_other(was: dt.date, now: dt.date, told: int, tells: int) -> None:
    stored, wanted = (
        "-".join(day.isoformat().split("-")[:parts]) for day, parts in ((was, told), (now, tells))
    )

    def line(fields: Fields) -> str:
        return f"Vie sociale, n°57, {dates.words(str(fields['date']))}. pp.12-18"

    found = Line({"date": stored}, line).read(line({"date": wanted}))
    assert found is not None
    assert found.fields == ({"date": wanted} if wanted != stored else {})


def test_initials_keep_their_stops(desk: Callable[..., Desk]) -> None:
    laid = desk({**BOOK, "creators": [{**VINCENT, "firstName": "J."}]})
    with laid.correct() as document:
        document.change("ADENOT J.", "ADENOT J.-P.")
    assert laid.fields() == {"creators": [{**VINCENT, "firstName": "J.-P."}]}


def test_a_first_name_that_went_before_the_surname_is_doubtful(desk: Callable[..., Desk]) -> None:
    laid = desk({**BOOK, "creators": [{**VINCENT, "firstName": "V"}]})
    with laid.correct() as document:
        document.change("ADENOT V", "V ADENOT")
    (correction,) = laid.proposal().corrections
    assert correction.doubt is Doubt.GUESSED


def test_corrections_of_an_item_with_an_open_conflict_are_doubtful(
    desk: Callable[..., Desk],
) -> None:
    laid = desk(BOOK)
    laid.library = replace(laid.library, conflicts=frozenset({key_of(laid)}))
    with laid.correct() as document:
        document.change("Mon titre", "Mon beau titre")
    (correction,) = laid.proposal().corrections
    assert correction.doubt is Doubt.IN_CONFLICT
