from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from strategies import item_fields

from zotsync.csljson.extra import lift
from zotsync.csljson.items import CslMap
from zotsync.model import normal
from zotsync.zotero.schema import bundled

KEY = "ABCD2345"
MAP = CslMap.of(bundled())


def item(item_type: str, **fields: Any) -> dict[str, Any]:
    made = MAP.item(KEY, normal({"itemType": item_type, **fields}))
    assert made.pop("id") == KEY
    return made


def person(kind: str, last: str = "Gardien", first: str = "Ève") -> dict[str, str]:
    return {"creatorType": kind, "lastName": last, "firstName": first}


def test_article_has_its_variables() -> None:
    article = item(
        "journalArticle",
        title="Le <i>travail</i> pair",
        shortTitle="Le travail",
        creators=[person("author"), {"creatorType": "author", "name": "FAS"}],
        publicationTitle="Direction(s)",
        issue="198",
        pages="28-32",
        date="2021-06",
        language="fr",
        DOI="10.1234/abc",
        url="https://example.org",
        accessDate="2021-07-01T23:11:44Z",
        libraryCatalog="Cairn.info",
    )
    assert article == {
        "type": "article-journal",
        "title": "Le <i>travail</i> pair",
        "title-short": "Le travail",
        "author": [{"family": "Gardien", "given": "Ève"}, {"literal": "FAS"}],
        "container-title": "Direction(s)",
        "issue": "198",
        "page": "28-32",
        "issued": {"date-parts": [[2021, 6]]},
        "language": "fr",
        "DOI": "10.1234/abc",
        "URL": "https://example.org",
        "accessed": {"date-parts": [[2021, 7, 1]]},
        "source": "Cairn.info",
    }


def test_fields_are_found_under_the_name_of_their_type() -> None:
    case = item("case", caseName="Dame Lamotte", dateDecided="1950-02-17", court="Conseil d’État")
    assert case["title"] == "Dame Lamotte"
    assert case["issued"] == {"date-parts": [[1950, 2, 17]]}
    assert case["authority"] == "Conseil d’État"
    assert item("thesis", university="Rennes 2", thesisType="Thèse")["genre"] == "Thèse"


def test_place_of_a_presentation_is_where_it_took_place() -> None:
    assert item("presentation", place="Rennes") == {"type": "speech", "event-place": "Rennes"}
    assert item("book", place="Rennes") == {"type": "book", "publisher-place": "Rennes"}


@pytest.mark.parametrize(
    ("item_type", "creator_type", "variable"),
    [
        ("book", "translator", "translator"),
        ("book", "seriesEditor", "collection-editor"),
        ("presentation", "presenter", "author"),
        ("podcast", "podcaster", "host"),
        ("film", "director", "director"),
        ("artwork", "artist", "author"),
        ("computerProgram", "contributor", "contributor"),
    ],
)
def test_creators_have_their_variable(item_type: str, creator_type: str, variable: str) -> None:
    assert variable in item(item_type, creators=[person(creator_type)])


def test_creator_without_a_variable_is_left_out() -> None:
    assert item("blogPost", creators=[person("commenter")]) == {"type": "post-weblog"}


def test_quotes_around_a_whole_value_go() -> None:
    assert item("book", title='"Titre"')["title"] == "Titre"
    assert item("book", title='"Un" et "deux"')["title"] == '"Un" et "deux"'


def test_first_isbn_is_taken() -> None:
    assert item("book", ISBN="978-2-7101-3988-1 9782710139881")["ISBN"] == "978-2-7101-3988-1"


def test_unknown_type_is_a_document() -> None:
    assert item("hologram", title="T") == {"type": "document", "title": "T"}


def test_labels_in_extra_become_variables() -> None:
    extra = "Original Date: 1923\nPublication Title: Revue\nCitation Key: abc\nTexte : libre"
    book = item("book", extra=extra)
    assert book["original-date"] == {"date-parts": [[1923]]}
    assert book["note"] == "\ncontainer-title: Revue\ncitation-key: abc\nTexte : libre"


def test_extra_is_lifted_as_the_citation_engine_does() -> None:
    extra = """Une remarque
type: dataset
Original Title: The Book
Publisher: Autre
issued: printemps 1995
editor: de Castro || François
editor: FAS
author: Personne
fin
DOI: 10.1234/perdu"""
    made = lift(
        item("book", publisher="ESF", date="2020", creators=[person("author")], extra=extra)
    )
    assert made["type"] == "dataset"
    assert made["original-title"] == "The Book"
    assert made["publisher"] == "ESF"
    assert made["issued"] == {"date-parts": [[1995]], "season": "printemps"}
    assert made["editor"][0]["non-dropping-particle"] == "de"
    assert made["editor"][1] == {"literal": "FAS"}
    assert made["author"] == [{"family": "Gardien", "given": "Ève"}]
    assert "DOI" not in made
    assert made["note"] == "Une remarque\nfin\nDOI: 10.1234/perdu"


def test_quoted_date_in_extra_is_taken_as_it_stands() -> None:
    made = item("book", extra="original-date: “1637 et 1662”")
    assert made["original-date"] == {"literal": "1637 et 1662"}


def test_every_item_type_of_the_schema_has_a_csl_type() -> None:
    types = set(bundled().item_types) - {"annotation"}
    assert types <= set(MAP.types)


@given(item_fields(bundled()))
def test_any_item_is_json_with_a_type(fields: dict[str, Any]) -> None:
    made = MAP.item(KEY, fields)
    assert json.loads(json.dumps(made)) == made
    assert made["id"] == KEY
    lifted = lift(made)
    assert isinstance(lifted["type"], str)
    assert lifted["id"] == KEY
