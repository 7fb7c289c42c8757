"""Against what the Zotero server's own source and its export tests say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import item_fields, messy_text

from zotsync.csljson.server import server_date, server_item
from zotsync.model import normal
from zotsync.zotero.schema import bundled

SCHEMA = bundled()


def item(item_type: str, **fields: Any) -> dict[str, Any]:
    return server_item("ABCD2345", normal({"itemType": item_type, **fields}), SCHEMA, 7)


def test_the_book_of_the_server_s_own_tests() -> None:
    author = {"creatorType": "author", "firstName": "First", "lastName": "Last"}
    editor = {"creatorType": "editor", "firstName": "Ed", "lastName": "McEditor"}
    found = item(
        "book",
        title="Title",
        date="January 1, 2014",
        accessDate="2019-05-23T01:23:45Z",
        creators=[author, editor],
    )
    assert found == {
        "id": "7/ABCD2345",
        "type": "book",
        "title": "Title",
        "author": [{"family": "Last", "given": "First"}],
        "editor": [{"family": "McEditor", "given": "Ed"}],
        "issued": {"date-parts": [["2014", 1, 1]]},
        "accessed": {"date-parts": [[2019, 5, 23]]},
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2020", [2020]),
        ("2020-01", [2020, 1]),
        ("2020-01-31", [2020, 1, 31]),
        ("2020/1/31", [2020, 1, 31]),
        ("2020-31-01", [2020, 1, 31]),
        ("2020-00-00", [2020, 0]),
        ("3/5/2020", [2020, 3, 5]),  # American
        ("31/12/2020", [2020, 12, 31]),
        ("1/2/98", [1998, 1, 2]),
        ("June 24, 2014", ["2014", 6, 24]),
        ("24 June 2014", ["2014", 6, 24]),
        ("31 janvier 2020", ["2020", 1, 31]),  # begins as in English
        ("05/2020", ["2020"]),
        ("2019年5月23", [2019, 5, 23]),
        ("vers 1850", ["1850"]),
        ("12", ["", 12]),
    ],
)
def test_date_with_parts(text: str, parts: list[int | str]) -> None:
    read = server_date(text)
    assert read["date-parts"] == [parts]


@pytest.mark.parametrize(
    ("text", "season"),
    [
        ("Spring 2021", "Spring"),
        ("Printemps 2021", "Printemps"),
        ("février 2020", "février"),  # no English month
        ("été 2020", "t"),  # the server cuts what is no ASCII letter off both ends
        ("2019-2020", "2020"),
    ],
)
def test_what_is_left_of_a_date_without_month_is_its_season(text: str, season: str) -> None:
    assert server_date(text)["season"] == season


@pytest.mark.parametrize("text", ["sans date", "en cours", "[s. d.]", "32"])
def test_date_without_year_is_a_text(text: str) -> None:
    assert server_date(text).keys() in ({"literal"}, {"date-parts", "season"})
    assert server_date("sans date") == {"literal": "sans date"}


def test_institution_has_a_family_name_alone() -> None:
    house = {"creatorType": "author", "name": "Fédération Y"}
    whole = {"creatorType": "author", "lastName": "de La Fontaine", "firstName": "Jean"}
    assert item("book", creators=[house, whole])["author"] == [
        {"family": "Fédération Y", "given": ""},
        {"family": "de La Fontaine", "given": "Jean"},
    ]


@pytest.mark.parametrize(
    ("item_type", "role", "variable"),
    [
        ("film", "director", "author"),
        ("tvBroadcast", "director", "author"),
        ("podcast", "podcaster", "author"),
        ("podcast", "host", "host"),
        ("interview", "interviewee", "author"),
        ("interview", "interviewer", "interviewer"),
        ("computerProgram", "programmer", "author"),
    ],
)
def test_primary_creators_are_authors(item_type: str, role: str, variable: str) -> None:
    creator = {"creatorType": role, "lastName": "X", "firstName": "Y"}
    assert item(item_type, creators=[creator])[variable] == [{"family": "X", "given": "Y"}]


def test_creator_that_csl_has_no_name_for_is_left_out() -> None:
    creator = {"creatorType": "commenter", "lastName": "X", "firstName": "Y"}
    assert "author" not in item("blogPost", creators=[creator])


def test_fields_go_by_their_base_field() -> None:
    law = item("statute", nameOfAct="Loi", dateEnacted="2016-01-26", publicLawNumber="2016-41")
    assert law["title"] == "Loi"
    assert law["number"] == "2016-41"
    assert law["issued"] == {"date-parts": [[2016, 1, 26]]}
    assert item("thesis", university="Rennes 2")["publisher"] == "Rennes 2"


def test_place_of_a_talk_is_the_publisher_s_unlike_in_the_client() -> None:
    assert item("presentation", place="Rennes")["publisher-place"] == "Rennes"


def test_extra_is_a_note_and_the_short_title_stands_twice() -> None:
    found = item("book", extra="DOI: 10.1/x\nOriginal Date: 1923", shortTitle="T")
    assert found["note"] == "DOI: 10.1/x\nOriginal Date: 1923"
    assert "original-date" not in found
    assert found["shortTitle"] == found["title-short"] == "T"


def test_outer_quotes_go_on_one_line_alone() -> None:
    assert item("book", title='"Un" et "deux"')["title"] == 'Un" et "deux'
    assert item("book", title='"Un\ndeux"')["title"] == '"Un\ndeux"'


def test_numbers_are_texts() -> None:
    assert item("book", volume="2", numPages="185")["number-of-pages"] == "185"


@given(messy_text() | st.from_regex(r"[0-9A-Za-zéû /.-]{0,20}", fullmatch=True))
def test_any_date_is_read(text: str) -> None:
    read = server_date(text)
    assert read.keys() <= {"date-parts", "season", "literal"}
    assert json.loads(json.dumps(read)) == read


@given(item_fields(SCHEMA))
def test_any_item_is_json(fields: dict[str, Any]) -> None:
    found = server_item("ABCD2345", fields, SCHEMA, 0)
    assert found["id"] == "ABCD2345"
    assert json.loads(json.dumps(found)) == found
