"""When two references are the same, when they may be, and when not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_references import SCHEMA

from zotsync.incoming.sameness import Known, Match, clean_url, isbns, same_value, thirteen
from zotsync.model import normal

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
        {"ISBN": "978-2-7101-3945-6", "url": ""},
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
    ("address", "clean"),
    [
        ("https://x.org/a?utm_source=b&id=3", "https://x.org/a?id=3"),
        ("https://x.org/a?fbclid=b#c", "https://x.org/a#c"),
        ("https://x.org/a?id=%C3%A9&b", "https://x.org/a?id=%C3%A9&b"),
        ("https://x.org/", "https://x.org/"),
        ("http://[", "http://["),
    ],
)
def test_addresses_without_tracking(address: str, clean: str) -> None:
    assert clean_url(address) == clean


def test_isbns() -> None:
    assert list(isbns("2-7574-1303-1 (br.) ; 9782710139456")) == ["9782757413036", "9782710139456"]
    assert thirteen("2710139456")[:3] == "978"


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("title", "L’été", "L'ete !", True),
        ("title", "Été", "Étés", False),
        ("date", "2020-03", "mars 2020", True),
        ("url", "https://www.x.org/a/", "http://x.org/a", True),
        ("url", "x.org/…/a", "x.org/…/a", True),
        ("ISBN", "2757413031", "978-2-7574-1303-6", True),
        ("url", "https://x.org/a", "https://x.org/b", False),
    ],
)
def test_values_that_say_the_same(name: str, one: str, other: str, *, same: bool) -> None:
    assert same_value(name, one, other) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_address_and_number(one: str, other: str) -> None:
    clean_url(f"https://x.org/{one}?{other}")
    list(isbns(one))
    match({"itemType": "book", "title": one, "url": other}, {"itemType": "book", "url": one})
