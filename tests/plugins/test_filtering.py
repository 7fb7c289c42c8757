from __future__ import annotations

from typing import Any

from exporting import SCHEMA

from zotsync.model import normal
from zotsync.plugins import Export
from zotsync.plugins.filtering import filtered
from zotsync.searching.filters import Filter

TREE = {"A": ("A", None), "B": ("B", "A"), "C": ("C", None), "D": ("D", "B")}
PATHS = {"A": "A", "B": "A/B", "C": "C", "D": "A/B/D"}


def item(*collections: str, tags: str = "", **fields: Any) -> dict[str, Any]:
    return normal({"itemType": "book", "collections": collections, "tags": tags.split(), **fields})


EXPORT = Export(
    {
        "a": item("A", tags="x"),
        "b": item("B", tags="x y"),
        "c": item("C", tags="y"),
        "both": item("A", "C"),
        "none": item(tags="x"),
        "note-b": normal({"itemType": "note", "parentItem": "b", "note": "N"}),
        "note-c": normal({"itemType": "note", "parentItem": "c", "note": "N", "tags": ["x"]}),
    },
    SCHEMA,
    PATHS,
)


def keys(*collections: str, tags: str = "") -> list[str]:
    asked = tuple(frozenset({tag}) for tag in tags.split())
    return [*filtered(EXPORT, TREE, Filter(frozenset(collections), asked)).items]


def test_nothing_named_takes_everything() -> None:
    assert filtered(EXPORT, TREE, Filter()) == EXPORT


def test_a_collection_takes_what_is_below_it_and_the_notes() -> None:
    assert keys("A") == ["a", "b", "both", "note-b"]
    assert keys("B") == ["b", "note-b"]
    assert keys("D") == []


def test_several_collections_take_what_is_in_any() -> None:
    assert keys("B", "C") == ["b", "c", "both", "note-b", "note-c"]


def test_several_tags_take_what_has_all() -> None:
    assert keys(tags="x") == ["a", "b", "none", "note-b"]
    assert keys(tags="x y") == ["b", "note-b"]


def test_collections_and_tags_both_hold() -> None:
    assert keys("A", tags="y") == ["b", "note-b"]


def test_collections_that_lead_to_the_asked_ones_stay() -> None:
    shelf, tag = Filter(frozenset({"B"})), Filter(tags=(frozenset({"x"}),))
    assert filtered(EXPORT, TREE, shelf).collections == {"A": "A", "B": "A/B", "D": "A/B/D"}
    assert filtered(EXPORT, TREE, tag).collections == PATHS


def test_a_cycle_of_collections_ends() -> None:
    tree = {"A": ("A", "B"), "B": ("B", "A")}
    assert "a" in filtered(EXPORT, tree, Filter(frozenset({"B"}))).items
