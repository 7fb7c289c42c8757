"""The indexes: every name once, in French order, with every entry that has it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.indexes import index_rows
from zotsync.zotero.schema import bundled

TYPES = bundled().item_types


def person(last: str, first: str = "", kind: str = "author") -> dict[str, str]:
    return {"creatorType": kind, "lastName": last, "firstName": first}


def body(name: str, kind: str = "author") -> dict[str, str]:
    return {"creatorType": kind, "name": name}


def authors(
    *creators: Sequence[dict[str, str]], capitals: bool = True
) -> list[tuple[str, list[int]]]:
    """Return the index of authors of books with these creators, numbered from 1."""
    items = {f"K{n}": {"itemType": "book", "creators": list(c)} for n, c in enumerate(creators, 1)}
    numbered = [(int(key[1:]), key) for key in items]
    rows = index_rows("authors", numbered, items, TYPES, capitals=capitals)
    assert all(key == f"K{number}" for row in rows for number, key in row.entries)
    return [(row.name, [number for number, _ in row.entries]) for row in rows]


def test_authors_stand_in_french_order_with_their_numbers() -> None:
    assert authors(
        [person("Zola", "Émile"), person("de La Fontaine", "Jean")],
        [person("Éluard", "Paul"), body("Haute Autorité de santé")],
        [person("Zola", "Émile"), person("Le Breton", "David"), person("Roy", "Zoé")],
        [person("Roy", "Anne"), person("d’Hombres", "Max")],
    ) == [
        ("ÉLUARD Paul", [2]),
        ("Haute Autorité de santé", [2]),
        ("D’HOMBRES Max", [4]),
        ("DE LA FONTAINE Jean", [1]),
        ("LE BRETON David", [3]),
        ("ROY Anne", [4]),
        ("ROY Zoé", [3]),
        ("ZOLA Émile", [1, 3]),
    ]


def test_one_person_spelled_alike_is_one_row() -> None:
    nfd = unicodedata.normalize("NFD", "Élodie")
    creators = [[person("ROY", "Élodie")], [person("Roy", nfd)], [person("Roy ", "Élodie")]]
    creators += [[person("L'Hôte", "A.")], [person("L’Hôte", "A.")]]
    assert authors(*creators, capitals=False) == [("L'Hôte A.", [4, 5]), (f"Roy {nfd}", [1, 2, 3])]
    assert authors([person("Roy", "A.")], [person("Roy", "Anne")], [body("Roy")]) == [
        ("Roy", [3]),
        ("ROY A.", [1]),
        ("ROY Anne", [2]),
    ]


def test_editors_count_and_translators_do_not() -> None:
    book = [person("Roy"), person("Dupont", "Jean", "editor"), person("Bel", "Luc", "translator")]
    assert authors(
        book, [person("Dupont", "Jean", "editor")], [person("Bel", "Luc", "contributor")]
    ) == [
        ("DUPONT Jean", [1, 2]),
        ("ROY", [1]),
    ]


def test_keywords_are_what_people_gave() -> None:
    tags: list[list[dict[str, Any]]] = [
        [{"tag": "pair-aidance"}, {"tag": "Health", "type": 1}],
        [{"tag": "Pair-aidance"}, {"tag": "éducation"}],
        [{"tag": "Zola"}],
        [],
    ]
    items = {f"K{n}": {"itemType": "book", "tags": t} for n, t in enumerate(tags, 1)}
    numbered = [(int(key[1:]), key) for key in items]
    rows = index_rows("keywords", numbered, items, TYPES, capitals=True)
    assert [(row.name, row.entries) for row in rows] == [
        ("éducation", ((2, "K2"),)),
        ("pair-aidance", ((1, "K1"), (2, "K2"))),
        ("Zola", ((3, "K3"),)),
    ]


@pytest.mark.parametrize("kind", ["authors", "keywords"])
def test_without_any_there_are_no_rows(kind: Any) -> None:
    assert index_rows(kind, [(1, "K")], {"K": {"itemType": "book"}}, TYPES, capitals=True) == ()


NAME = st.text(st.sampled_from("aAéÉe\u0301 -'’lzZ"), min_size=1, max_size=4).filter(str.strip)


@given(st.lists(st.lists(st.builds(person, NAME, NAME), max_size=3), max_size=6))
def test_every_author_of_every_entry_is_there_once(creators: list[list[dict[str, str]]]) -> None:
    rows = authors(*creators)
    assert len({name for name, _ in rows}) == len(rows) or any("\u0301" in name for name, _ in rows)
    for number, names in enumerate(creators, 1):
        with_it = [numbers for _, numbers in rows if number in numbers]
        assert len(with_it) <= len(names)
        assert bool(with_it) == bool(names)
    assert all(numbers == sorted(set(numbers)) for _, numbers in rows)


def test_a_row_shows_no_tags_of_formatting() -> None:
    assert authors([body("Groupe <i>Sapiens</i>")]) == [("Groupe Sapiens", [1])]
