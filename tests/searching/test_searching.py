"""Finding items: the filter, the folding of texts, spans of years, tags and collections that change."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from exporting import SCHEMA
from hypothesis import example, given
from hypothesis import strategies as st

from zotsync.model import normal
from zotsync.searching.filters import Filter, Years, found
from zotsync.searching.folding import folded
from zotsync.searching.rearranging import moved, retagged
from zotsync.searching.years import years

TREE = {"A": ("A", None), "B": ("B", "A")}
ITEMS = {
    "one": normal(
        {
            "itemType": "book",
            "title": "L’œuvre de l\u2011aidant",
            "date": "12 mai 2019",
            "creators": [{"creatorType": "author", "firstName": "Émile", "lastName": "Zola"}],
            "collections": ["B"],
        }
    ),
    "two": normal(
        {"itemType": "statute", "nameOfAct": "Loi", "dateEnacted": "2021-03-01", "tags": ["À lire"]}
    ),
    "three": normal({"itemType": "book", "title": "<i>Sans</i> date", "date": "s.d."}),
    "note": normal({"itemType": "note", "note": "<p>Note <b>seu</b>le</p>"}),
    "child": normal(
        {"itemType": "note", "parentItem": "three", "note": "<p>Prêté</p><p>Rendu</p>"}
    ),
    "file": normal({"itemType": "attachment", "title": "L’œuvre"}),
}


def keys(**asked: Any) -> list[str]:
    return found(ITEMS, SCHEMA.item_types, TREE, Filter(**asked))


def test_nothing_asked_finds_all_that_people_look_for() -> None:
    assert not Filter()
    assert keys() == ["one", "two", "three", "note"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["oeuvre"], ["one"]),
        (["l'aidant"], []),
        (["l-AIDANT"], ["one"]),
        (["L'ŒUVRE"], ["one"]),
        (["zola emile"], ["one"]),
        (["emile zola"], ["one"]),
        (["zola", "loi"], []),
        (["LIRE"], ["two"]),
        (["seule"], ["note"]),
        (["prete"], ["three"]),
        (["pretérendu"], []),
        (["sans date"], ["three"]),
        (["book"], []),
        (["two"], ["two"]),
        ([" "], ["one", "two", "three", "note"]),
    ],
)
def test_words_are_found_wherever_they_stand(words: list[str], expected: list[str]) -> None:
    assert keys(words=tuple(words)) == expected


def test_each_kind_of_wish_narrows() -> None:
    assert keys(collections=frozenset({"A"})) == ["one"]
    assert keys(types=frozenset({"book"})) == ["one", "three"]
    assert keys(types=frozenset({"book"}), years=Years(2019, None)) == ["one"]
    assert keys(years=Years(None, 2030)) == ["one", "two"]
    assert keys(tags=(frozenset({"À lire", "x"}),)) == ["two"]
    assert keys(tags=(frozenset({"À lire"}), frozenset({"x"}))) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2020", Years(2020, 2020)),
        (" 2018-2021 ", Years(2018, 2021)),
        ("2021–2018", Years(2018, 2021)),
        ("2018..", Years(2018, None)),
        ("-2010", Years(None, 2010)),
        ("20182021", None),
        ("-", None),
        ("", None),
        ("l’an 2020", None),
    ],
)
def test_spans_of_years(text: str, span: Years | None) -> None:
    assert years(text) == span


@given(st.text())
@example("𝕊 ™")
def test_folding_knows_no_unicode_form_and_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


def test_tags_come_and_go_and_automatic_ones_stay() -> None:
    fields = normal({"tags": ["a", {"tag": "b", "type": 1}]})
    assert retagged(fields, ["b"], []) is None
    assert retagged(fields, ["c"], ["x"]) == normal({"tags": [*fields["tags"], "c"]})["tags"]
    assert retagged(fields, [], ["b"]) == [{"tag": "a"}]
    assert retagged({}, ["n"], ["n"]) == [{"tag": "n"}]


def test_a_move_leaves_what_it_does_not_name() -> None:
    fields = {"collections": ["A", "C"]}
    assert moved(fields, ["B"], {"A"}) == ["B", "C"]
    assert moved(fields, ["B"], set()) == ["A", "B", "C"]
    assert moved(fields, ["A"], {"X"}) is None
    assert moved(fields, [], {"A", "C"}) == []
