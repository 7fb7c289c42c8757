"""File names of new items."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import item_fields, messy_text

from zotsync.bibliography.slugs import folded, free_name, slug
from zotsync.zotero.schema import bundled

RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (
            {
                "title": "Le travailleur pair, ce nouveau collègue",
                "creators": [
                    {"creatorType": "author", "lastName": "Adenot", "firstName": "Vincent"}
                ],
                "date": "2020-01-31",
            },
            "adenot-2020-le-travailleur-pair-ce-nouveau-collegue",
        ),
        ({"title": "L’œuvre d'Ève : Straße"}, "l-oeuvre-d-eve-strasse"),
        (
            {"title": "Guide", "creators": [{"name": "UNAFAM"}], "date": "juin 2021"},
            "unafam-2021-guide",
        ),
        ({"nameOfAct": "Loi", "dateEnacted": "s.d. 12005"}, "loi"),
        ({"itemType": "note", "note": "<p>Une <b>note</b> &amp; suite</p>"}, "une-note-suite"),
        ({"itemType": "book", "title": "中文"}, "book"),
        ({}, "item"),
        ({"title": "CON"}, "con-item"),
        ({"title": "ﬁn ﬀ"}, "fin-ff"),
        ({"title": "a" * 200}, "a" * 80),
        ({"title": "../../etc/passwd"}, "etc-passwd"),
    ],
)
def test_a_slug_is_author_year_and_title_words(fields: dict[str, Any], name: str) -> None:
    assert slug(fields) == name


def test_a_long_title_ends_with_a_whole_word() -> None:
    name = slug({"title": "collaboration " * 10})
    assert name == "-".join(["collaboration"] * 5)


@given(item_fields(bundled()), messy_text())
def test_any_item_gets_a_safe_name(fields: dict[str, Any], title: str) -> None:
    name = slug(fields | {"title": title})
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 80
    assert name not in RESERVED


@given(st.lists(messy_text(1) | st.sampled_from(["É", "e\u0301", "a" * 80]), max_size=12))
def test_free_names_never_meet_on_any_file_system(stems: list[str]) -> None:
    taken: set[str] = set()
    for stem in stems:
        name = free_name(stem, taken)
        assert folded(name) not in taken
        taken.add(folded(name))
    assert len(taken) == len(stems)


def test_a_taken_name_gets_a_number_and_stays_within_its_length() -> None:
    assert free_name("a", {"a", "a-2"}) == "a-3"
    assert free_name("A", {"a"}) == "A-2"
    assert free_name("e\u0301", {"é"}) == "e\u0301-2"
    assert free_name("a" * 80, {"a" * 80}) == "a" * 78 + "-2"
