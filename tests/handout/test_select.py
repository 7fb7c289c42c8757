"""Which items stand where: sections, order, what is left over, and what is told about it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.sections import Section, Source
from zotsync.handout.select import Remark, Request, Selection, What, select
from zotsync.zotero.schema import bundled

TREE = {
    "TOP": ("Pair-aidance", None),
    "ART": ("Articles", "TOP"),
    "OLD": ("Anciens", "ART"),
    "BKS": ("Ouvrages", "TOP"),
    "FAR": ("Ailleurs", None),
}


def item(author: str, *collections: str, kind: str = "book", **more: Any) -> dict[str, Any]:
    creators = [{"creatorType": "author", "lastName": author, "firstName": ""}] if author else []
    return {"itemType": kind, "creators": creators, "collections": list(collections), **more}


ITEMS = {
    "zola": item("Zola", "ART", date="2001", title="B"),
    "emile": item("Émile", "OLD", date="2020-03", title="C", tags=[{"tag": "x"}]),
    "ecole": item("École", "BKS", date="s.d.", title="A"),
    "anon": item("", "BKS", title="Le début", kind="webpage"),
    "far": item("Loin", "FAR"),
    "note": item("", "ART", kind="note"),
    "file": item("", "ART", kind="attachment", parentItem="zola"),
}
SOURCE = Source(ITEMS, TREE, {"zola-2001-b": "zola"}, bundled().item_types)


def chosen(request: Request, kinds: tuple[Section, ...] = ()) -> list[tuple[str, list[str]]]:
    return [(s.title, list(s.keys)) for s in select(request, SOURCE, kinds).sections]


def told(selection: Selection) -> list[tuple[What, tuple[str, ...]]]:
    return [(remark.what, remark.names) for remark in selection.remarks]


def test_without_sections_there_is_one_for_each_subcollection() -> None:
    request = Request(collection="TOP", rest="Autres")
    assert chosen(request) == [("Articles", ["emile", "zola"]), ("Ouvrages", ["ecole", "anon"])]
    assert select(request, SOURCE).remarks == ()


def test_without_subcollections_there_is_one_for_each_kind() -> None:
    kinds = (Section("Livres", item_types=frozenset({"book"})),)
    assert chosen(Request(collection="BKS", rest="Autres"), kinds) == [
        ("Livres", ["ecole"]),
        ("Autres", ["anon"]),
    ]


def test_without_a_collection_everything_is_printed_but_notes_and_files() -> None:
    assert chosen(Request(rest="Tout")) == [("Tout", ["ecole", "emile", "anon", "far", "zola"])]


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("author", ["ecole", "emile", "anon", "zola"]),
        ("title", ["ecole", "zola", "emile", "anon"]),
        ("date", ["zola", "emile", "ecole", "anon"]),
        ("newest", ["emile", "zola", "ecole", "anon"]),
        ("manual", ["ecole", "emile", "anon", "zola"]),
    ],
)
def test_sections_are_sorted(sort: str, keys: list[str]) -> None:
    request = Request((Section("Tout", sort=sort),), "TOP")
    assert chosen(request) == [("Tout", keys)]


def test_order_comes_first_and_the_others_follow_by_author() -> None:
    section = Section("Tout", sort="manual", order=("zola-2001-b", "anon", "zola", "gone", "far"))
    selection = select(Request((section,), "TOP"), SOURCE)
    assert selection.keys == ("zola", "anon", "ecole", "emile")
    assert told(selection) == [
        (What.NOT_FOUND, ("gone",)),
        (What.ELSEWHERE, ("far",)),
        (What.UNORDERED, ("ecole", "emile")),
    ]


def test_what_no_section_takes_goes_to_the_rest_and_is_told() -> None:
    sections = (Section("Articles", "ART"),)
    selection = select(Request(sections, "TOP", rest="Autres"), SOURCE)
    assert [s.title for s in selection.sections] == ["Articles", "Autres"]
    assert selection.keys == ("emile", "zola", "ecole", "anon")
    assert selection.remarks == (Remark(What.IN_REST, ("ecole", "anon"), None, "Autres"),)


def test_without_a_rest_what_is_left_out_is_told() -> None:
    selection = select(Request((Section("Articles", "ART"),), "TOP"), SOURCE)
    assert selection.keys == ("emile", "zola")
    assert told(selection) == [(What.LEFT_OUT, ("ecole", "anon"))]


def test_a_work_in_two_sections_is_printed_in_the_first_unless_repeated() -> None:
    first, again = Section("Tous", "TOP"), Section("Articles", "ART")
    once = select(Request((first, again), "TOP"), SOURCE)
    assert [s.title for s in once.sections] == ["Tous"]
    assert told(once) == [(What.EMPTY, ())]
    twice = Section("Articles", "ART", repeat=True)
    assert chosen(Request((first, twice), "TOP"))[1] == ("Articles", ["emile", "zola"])


def test_exclude_takes_keys_and_stems_and_tells_what_it_does_not_find() -> None:
    request = Request((Section("Tout"),), "TOP", exclude=("zola-2001-b", "nobody"))
    selection = select(request, SOURCE)
    assert selection.keys == ("ecole", "emile", "anon")
    assert told(selection) == [(What.EXCLUDE_NOT_FOUND, ("nobody",))]


def test_what_a_section_excludes_goes_on_to_the_next() -> None:
    sections = (Section("Articles", "ART", exclude=("zola",)), Section("Suite"))
    assert chosen(Request(sections, "TOP")) == [
        ("Articles", ["emile"]),
        ("Suite", ["ecole", "anon", "zola"]),
    ]


def test_sections_by_type_and_tag() -> None:
    web = Section("Sites", item_types=frozenset({"webpage"}))
    tagged = Section("Mot-clé", tag="x")
    assert chosen(Request((web, tagged), "TOP")) == [("Sites", ["anon"]), ("Mot-clé", ["emile"])]


def test_a_section_may_name_a_collection_from_elsewhere() -> None:
    assert chosen(Request((Section("Ailleurs", "FAR"),), "BKS"))[0] == ("Ailleurs", ["far"])


def test_a_cycle_of_collections_ends() -> None:
    source = Source({"a": item("A", "X")}, {"X": ("x", "Y"), "Y": ("y", "X")})
    assert select(Request(collection="Y", rest="R"), source).keys == ("a",)


@given(
    order=st.lists(st.sampled_from([*ITEMS, "gone"]), max_size=6),
    collections=st.lists(st.sampled_from(["TOP", "ART", "OLD", "BKS", "FAR"]), max_size=4),
    rest=st.booleans(),
)
def test_every_item_of_the_collection_is_printed_or_told_once(
    *, order: list[str], collections: list[str], rest: bool
) -> None:
    sections = tuple(Section(c, c, order=tuple(order)) for c in collections)
    selection = select(Request(sections, "TOP", rest="R" if rest else None), SOURCE)
    left = [name for r in selection.remarks if r.what is What.LEFT_OUT for name in r.names]
    printed = [key for key in selection.keys if key != "far"]
    assert sorted([*printed, *left]) == ["anon", "ecole", "emile", "zola"]


def test_newest_first_tells_months_apart_and_keeps_authors_in_order() -> None:
    when = {
        "a": "2020",
        "b": "2021-03-05",
        "c": "2021-03",
        "d": "s.d.",
        "e": "mars 2021",
        "f": "2020-01",
    }
    names = {"a": "Aa", "b": "Zz", "c": "Éa", "d": "Aa", "e": "Ea", "f": "Zz"}
    items = {key: item(names[key], date=date) for key, date in when.items()}
    selection = select(Request(rest="R", sort="newest"), Source(items))
    assert selection.keys == ("b", "e", "c", "f", "a", "d")


TAGGED = {
    "a": item("A", "TOP", date="2021", tags=[{"tag": "éducation"}, {"tag": "zèle"}]),
    "b": item("B", "ART", date="2020-05", tags=[{"tag": "auto", "type": 1}, {"tag": "zèle"}]),
    "c": item("C", "BKS", date="mars 2021", kind="report", tags=[{"tag": "eau"}]),
    "d": item("D", "BKS", date="s.d.", kind="webpage"),
    "e": item("E", date="cop. 2019", tags=[{"tag": "ailleurs"}]),
}
KINDS = (
    Section("Livres", item_types=frozenset({"book"})),
    Section("Rapports", item_types=frozenset({"report"})),
)


@pytest.mark.parametrize(
    ("request_", "sections"),
    [
        (
            Request(collection="TOP", rest="Autres", by="tag"),
            [("eau", "c"), ("éducation", "a"), ("zèle", "b"), ("Autres", "d")],
        ),
        (
            Request(collection="TOP", rest="Autres", by="tag", repeat=True, sort="newest"),
            [("eau", "c"), ("éducation", "a"), ("zèle", "ab"), ("Autres", "d")],
        ),
        (
            Request(collection="TOP", rest="Sans date", by="year"),
            [("2021", "ac"), ("2020", "b"), ("Sans date", "d")],
        ),
        (Request(collection="TOP", by="year", sort="newest"), [("2021", "ca"), ("2020", "b")]),
        (
            Request(collection="TOP", rest="Autres", by="kind", sort="newest"),
            [("Livres", "ab"), ("Rapports", "c"), ("Autres", "d")],
        ),
        (
            Request(collection="TOP", rest="Autres", by="collection"),
            [("Articles", "b"), ("Ouvrages", "cd"), ("Autres", "a")],
        ),
        (
            Request(rest="Autres", by="collection", sort="newest"),
            [("Pair-aidance", "cabd"), ("Autres", "e")],
        ),
        (Request(collection="ART", rest="Autres", by="collection"), [("Autres", "b")]),
        (Request(collection="BKS", rest="R", exclude=("c",), by="tag"), [("R", "d")]),
    ],
)
def test_sections_by_tag_year_kind_and_collection(
    request_: Request, sections: list[tuple[str, str]]
) -> None:
    found = select(request_, Source(TAGGED, TREE, types=bundled().item_types), KINDS)
    assert [(s.title, "".join(s.keys)) for s in found.sections] == sections


def test_what_sections_by_year_leave_out_is_told() -> None:
    found = select(Request(collection="TOP", by="year"), Source(TAGGED, TREE))
    assert told(found) == [(What.LEFT_OUT, ("d",))]


@given(
    st.sampled_from(["", "collection", "kind", "tag", "year"]),
    st.sampled_from([None, "TOP", "ART", "BKS", "FAR", "gone"]),
    st.sampled_from(["author", "title", "date", "newest", "manual"]),
    st.sampled_from([TAGGED, ITEMS, {**ITEMS, **TAGGED}]),
)
def test_by_whatever_every_item_is_printed_once(
    by: str, collection: str | None, sort: str, items: dict[str, Any]
) -> None:
    request = Request(collection=collection, rest="R", by=by, sort=sort)
    plain = Request(collection=collection, rest="R", by="kind")
    source = Source(items, TREE, types=bundled().item_types)
    assert sorted(select(request, source, KINDS).keys) == sorted(select(plain, source).keys)
