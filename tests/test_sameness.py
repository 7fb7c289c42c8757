"""When two references are the same, when they may be, and when not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_references import SCHEMA

from zotsync.handout.proxies import Proxies
from zotsync.model import normal
from zotsync.sameness import Known, Match

BOOK: dict[str, Any] = {
    "itemType": "book",
    "title": "Aller mieux : approches sociologiques",
    "date": "2016",
    "creators": [{"creatorType": "author", "lastName": "Demailly", "firstName": "Lise"}],
    "ISBN": "978-2-7574-1303-6",
    "url": "https://www.septentrion.com/aller-mieux/",
}


def match(here: dict[str, Any], there: dict[str, Any], key: str = "") -> Match | None:
    known = Known(SCHEMA)
    known.add("HERE2345", normal(here))
    return known.find(key, normal(there))


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({}, "ISBN"),
        ({"ISBN": "2757413031", "title": "ALLER MIEUX", "date": "2017"}, "ISBN"),
        ({"ISBN": "", "url": "http://septentrion.com/aller-mieux?utm_source=x&fbclid=y"}, "URL"),
        ({"ISBN": "", "url": "", "title": "Aller mieux — Approches sociologiques."}, "title"),
        ({"ISBN": "", "url": "", "date": "janvier 2016"}, "title"),
    ],
)
def test_surely_the_same(changes: dict[str, Any], by: str) -> None:
    assert match(BOOK, BOOK | changes) == Match("HERE2345", by, sure=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"ISBN": "", "url": "", "date": "2020"},  # another edition
        {"title": "Tout autre chose"},  # the ISBN of something else
        {"ISBN": "978-2-07-036822-8", "url": ""},
    ],
)
def test_perhaps_the_same(changes: dict[str, Any]) -> None:
    found = match(BOOK, BOOK | changes)
    assert found
    assert not found.sure


@pytest.mark.parametrize(
    "changes",
    [
        {"ISBN": "", "title": "Tout autre chose"},  # a site's address
        {"ISBN": "", "url": "", "title": "Aller bien : approches sociologiques"},
        {
            "ISBN": "",
            "url": "",
            "date": "1990",
            "creators": [{"creatorType": "author", "lastName": "Autre", "firstName": "A"}],
        },
    ],
)
def test_another(changes: dict[str, Any]) -> None:
    assert match(BOOK, BOOK | changes) is None


def test_a_chapter_is_not_its_book() -> None:
    chapter = {"itemType": "bookSection", "title": "Un chapitre", "ISBN": BOOK["ISBN"]}
    assert match(BOOK, chapter) is None


def test_a_doi_in_any_form() -> None:
    article = {"itemType": "journalArticle", "title": "T", "DOI": "10.3917/VSOC.203.0012"}
    other = {"itemType": "book", "title": "T : sous-titre", "extra": "DOI: 10.3917/vsoc.203.0012"}
    assert match(article, other) == Match("HERE2345", "DOI", sure=True)


def test_a_key_with_another_title_is_doubtful() -> None:
    found = match(BOOK, {"itemType": "book", "title": "Autre"}, key="HERE2345")
    assert found == Match("HERE2345", "key", sure=False)


@pytest.mark.parametrize(
    ("here", "there", "sure"),
    [
        # two volumes of one work, also where the set's ISBN stands in both
        ({"volume": "1"}, {"volume": "Tome 2"}, False),
        ({"volume": "1"}, {"volume": "vol. 1"}, True),
        ({"ISBN": "", "volume": "1"}, {"ISBN": "", "url": "", "volume": "2"}, False),
    ],
)
def test_volumes_are_told_apart(here: dict[str, Any], there: dict[str, Any], *, sure: bool) -> None:
    found = match(BOOK | here, BOOK | there)
    assert found
    assert found.sure is sure


def test_a_short_title_by_nobody_is_told_by_where_it_stands() -> None:
    piece = {"itemType": "journalArticle", "title": "Éditorial", "date": "2020"}
    piece |= {"publicationTitle": "Rhizome", "issue": "75", "pages": "1"}
    assert match(piece, piece | {"title": "EDITORIAL"}) == Match("HERE2345", "title", sure=True)
    assert match(piece, piece | {"issue": "76"}) is None


def test_a_long_title_by_nobody_is_told_by_its_year() -> None:
    report = {"itemType": "report", "title": "La santé mentale en France : état des lieux"}
    assert match(report | {"date": "2019"}, report | {"date": "mars 2019"}) == Match(
        "HERE2345", "title", sure=True
    )
    found = match(report | {"date": "2019"}, report | {"date": "2020"})
    assert found
    assert not found.sure


def test_an_article_is_the_same_in_a_journal_and_a_magazine_and_a_chapter_is_none() -> None:
    article = {"itemType": "magazineArticle", "title": "Intégrer un pair", "date": "2021-06"}
    article["creators"] = BOOK["creators"]
    found = match(article, article | {"itemType": "journalArticle", "date": "2021"})
    assert found == Match("HERE2345", "title", sure=True)
    found = match(article, article | {"itemType": "bookSection"})
    assert found == Match("HERE2345", "title", sure=False)


def test_a_key_that_means_another_item_here_is_no_reason_to_miss_the_right_one() -> None:
    known = Known.of(
        {"HERE2345": normal(BOOK), "THERE234": normal({"itemType": "book", "title": "Autre"})},
        SCHEMA,
        Proxies({}),
    )
    assert known.find("THERE234", normal(BOOK)) == Match("HERE2345", "ISBN", sure=True)


def test_an_address_is_the_same_through_a_proxy() -> None:
    known = Known(SCHEMA, Proxies.of({"cairn.info": ".proxy.example.org"}))
    page = {
        "itemType": "webpage",
        "title": "T",
        "url": "https://www-cairn-info.proxy.example.org/a",
    }
    known.add("HERE2345", normal(page))
    found = known.find("", normal(page | {"url": "https://cairn.info/a?utm_source=x"}))
    assert found == Match("HERE2345", "URL", sure=True)


def test_what_is_added_again_is_what_it_is_now() -> None:
    known = Known(SCHEMA)
    known.add("HERE2345", normal({"itemType": "book", "title": "Avant", "date": "1990"}))
    known.add("HERE2345", normal(BOOK))
    assert known.find("", normal(BOOK)) == Match("HERE2345", "ISBN", sure=True)
    assert known.find("", normal({"itemType": "book", "title": "Avant", "date": "1990"})) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_title_and_address(one: str, other: str) -> None:
    match({"itemType": "book", "title": one, "url": other}, {"itemType": "book", "url": one})


def test_another_page_of_one_site_is_perhaps_another_work() -> None:
    photo = {
        "itemType": "artwork",
        "title": "La cour des pairs, vue du pavillon",
        "date": "1937",
        "url": "https://g.example/ark:/1",
    }
    assert match(photo, photo | {"url": "https://g.example/ark:/2"}) == Match(
        "HERE2345", "title", sure=False
    )
    assert match(photo, photo | {"url": "https://hal.example/2"}) == Match(
        "HERE2345", "title", sure=True
    )


@pytest.mark.parametrize(
    ("told", "sure"),
    [
        ({"title": "Rapport d'activité du réseau des pairs"}, True),
        ({"title": "Rapport", "pages": "13"}, True),
        ({"title": "Rapport"}, False),  # there may be many
    ],
)
def test_of_which_as_little_is_told_is_the_same(told: dict[str, Any], *, sure: bool) -> None:
    article = {"itemType": "journalArticle", **told}
    found = match(article, article)
    assert found
    assert found.sure is sure
    more = match(article, article | {"date": "2019"})
    assert more is None or not more.sure
