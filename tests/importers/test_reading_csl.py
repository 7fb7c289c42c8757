"""CSL-JSON and zotsync's own JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reading_references import SCHEMA, creators, one, read

from zotsync.plugins import Reference, Unread, UnreadableError
from zotsync.plugins.importers.csl import CSL_JSON, date_text
from zotsync.plugins.importers.native import JSON


def csl(**item: Any) -> str:
    return json.dumps([{"id": "x", "type": "article-journal", **item}], ensure_ascii=False)


def test_an_article() -> None:
    found = one(
        CSL_JSON,
        csl(
            id="4711/ABCD2345",
            title="L’été",
            author=[
                {"family": "Fontaine", "given": "Jean", "non-dropping-particle": "de La"},
                {"literal": "Ministère de la Santé"},
                {"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"},
            ],
            **{"container-title": "Vie sociale", "page": "12-34", "original-title": "Summer"},
            issued={"date-parts": [[2020, 3, 1]]},
            accessed={"date-parts": [[2021, 2]]},
            DOI="https://doi.org/10.1000/x",
            keyword="pair, aidance",
            volume=20,
        ),
    )
    assert found.key == "ABCD2345"
    assert creators(found.fields) == [
        ("author", "de La Fontaine, Jean"),
        ("author", "Ministère de la Santé"),
        ("author", "Beethoven, Ludwig van"),
    ]
    fields = found.fields
    assert (fields["date"], fields["DOI"], fields["volume"]) == ("2020-03-01", "10.1000/x", "20")
    assert found.kept == ("Original Title: Summer", "Accessed: 2021-02")


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ({"date-parts": [[2020]]}, "2020"),
        ({"date-parts": [["2020", "3"]]}, "2020-03"),
        ({"date-parts": [[2019], [2021]]}, "2019/2021"),
        ({"date-parts": [[-429]]}, "-0429"),
        ({"date-parts": [[2020]], "circa": True}, "2020~"),
        ({"literal": "été 2021"}, "été 2021"),
        ({"raw": "2020-01"}, "2020-01"),
        ({"date-parts": [[]]}, ""),
        ({"date-parts": "x"}, ""),
        ({"date-parts": [[10**400]]}, ""),
        ("2020", "2020"),
        (None, ""),
    ],
)
def test_dates(date: Any, text: str) -> None:
    assert date_text(date) == text


@pytest.mark.parametrize("kind", [*SCHEMA.csl["types"], "classic", "xyz"])
def test_nothing_is_dropped_of_any_type(kind: str) -> None:
    texts = {v: f"valeur {v}" for v in SCHEMA.csl["fields"]["text"] if v not in {"note", "DOI"}}
    people = {v: [{"family": f"Nom {v}", "given": "P"}] for v in set(SCHEMA.csl["names"].values())}
    found = one(CSL_JSON, csl(**{"type": kind, **texts, **people, "inconnue": "valeur inconnue"}))
    told = repr(found.fields)
    assert not [v for v in (*texts, "inconnue") if f"valeur {v}" not in told]
    assert not [v for v in people if f"Nom {v}" not in told]
    own = set(SCHEMA.item_types[found.fields["itemType"]].fields)
    assert set(found.fields) - {"itemType", "creators"} <= own


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"x"', "3", '{"format": "zotsync"}'])
def test_what_is_no_json_of_the_kind_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(JSON, text)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"x"', "3"])
def test_what_is_no_csl_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(CSL_JSON, text)


def test_entries_that_are_none_are_told() -> None:
    found = read(CSL_JSON, '[1, {"type": "book", "title": "T"}, null]')
    assert [isinstance(one, Unread) for one in found] == [True, False, True]


@pytest.mark.parametrize(
    "item",
    [
        {"itemType": "book", "title": 3},
        {"itemType": "book", "creators": [3]},
        {"itemType": "book", "creators": {}},
        {"itemType": "book", "tags": [{"tag": 3}]},
        {"itemType": "book", "collections": [3]},
        {"itemType": "book", "relations": {"a": 3}},
        {"itemType": "attachment"},
        {"title": "T"},
        3,
    ],
)
def test_items_of_odd_shapes_are_told(item: Any) -> None:
    (found,) = read(JSON, json.dumps({"format": "zotsync", "version": 1, "items": [item]}))
    assert isinstance(found, Unread)


def test_a_newer_form_is_refused() -> None:
    with pytest.raises(UnreadableError, match="newer"):
        read(JSON, '{"format": "zotsync", "version": 2, "items": []}')


def test_each_recognises_its_own() -> None:
    own = b'{\n  "format": "zotsync",\n  "version": 1'
    assert JSON.recognises(own)
    assert not CSL_JSON.recognises(own)
    assert CSL_JSON.recognises(b'\xef\xbb\xbf[{"id": 1}]')


@pytest.mark.parametrize(
    "wrapped", ["[{0}]", "{0}", '{{"items": [{0}]}}', '{{"references": [{0}]}}', '{{"a": {0}}}']
)
def test_however_references_are_wrapped(wrapped: str) -> None:
    text = wrapped.format('{"id": "a", "type": "book", "title": "T"}')
    assert one(CSL_JSON, text).fields["title"] == "T"


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"raw": "13 mai 2019"}, "13 mai 2019"),
        ({"string": "s.d."}, "s.d."),
        ({"date-parts": [["2020"]], "season": 2}, "été 2020"),
        ({"date-parts": [[2019, 1], [2019, 3]]}, "2019-01/2019-03"),
        (2020, "2020"),
    ],
)
def test_dates_in_other_shapes(issued: Any, date: str) -> None:
    assert one(CSL_JSON, csl(type="book", issued=issued)).fields["date"] == date


def test_what_registers_of_dois_answer() -> None:
    found = one(
        CSL_JSON,
        csl(
            type="journal-article",
            title=["Un titre"],
            published={"date-parts": [[2020, 2]]},
            author=[{"given": "A", "family": "B", "affiliation": [{"name": "X"}]}],
            ISSN=["0042-5605", "1234-5679"],
            reference=[{"key": "1"}],
            link=[{"URL": "https://x.org"}],
            **{"container-title": ["Revue"], "page-first": "3"},
        ),
    )
    assert found.fields["itemType"] == "journalArticle"
    assert (found.fields["title"], found.fields["publicationTitle"]) == ("Un titre", "Revue")
    assert (found.fields["date"], found.fields["pages"]) == ("2020-02", "3")
    assert found.fields["ISSN"] == "0042-5605 1234-5679"
    assert not found.kept


def test_names_in_other_shapes() -> None:
    found = one(CSL_JSON, csl(type="book", author={"name": "HAS"}, editor=["Une personne"]))
    assert creators(found.fields) == [("author", "HAS"), ("editor", "Une personne")]


def test_what_a_type_of_zotsync_s_own_json_lacks_is_told() -> None:
    items = [
        {"itemType": "map", "title": "A", "creators": [{"creatorType": "auteur", "name": "X"}]},
        {"itemType": "book", "title": "B", "websiteTitle": "Site"},
        {"itemType": "hologram", "title": "C", "depth": "3"},
    ]
    text = json.dumps({"format": "zotsync", "version": 1, "items": items})
    odd, book, new = read(JSON, text)
    assert isinstance(odd, Unread)
    assert "auteur" in odd.reason
    assert isinstance(book, Reference)
    assert isinstance(new, Reference)
    assert (book.fields["extra"], book.kept) == ("websiteTitle: Site", ("websiteTitle: Site",))
    assert new.fields["depth"] == "3"  # of a newer Zotero: as it is


def test_a_short_title_of_the_journal_and_where_years_end() -> None:
    item = {
        "type": "article-journal",
        "title": "T",
        "container-title-short": "Rev. pairs",
        "citation-number": 4,
        "issued": {"date-parts": [[2018]], "season": "2023"},
    }
    found = one(CSL_JSON, json.dumps([item]))
    assert found.fields["journalAbbreviation"] == "Rev. pairs"
    assert found.fields["date"] == "2018/2023"
    assert not found.kept
