"""What importing would do: new, there, gaps filled, differing, doubtful."""

from __future__ import annotations

from typing import Any

from reading_references import SCHEMA, tags

from zotsync.handout.proxies import Proxies
from zotsync.incoming.plan import Arrivals
from zotsync.incoming.shelving import Shelving
from zotsync.model import normal
from zotsync.plugins import Reference
from zotsync.proposal import Doubt

HERE: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "La pair-aidance",
    "publicationTitle": "Vie sociale",
    "date": "2020",
    "creators": [{"creatorType": "author", "lastName": "Gardien", "firstName": "Ève"}],
    "tags": [{"tag": "pair"}],
}


def arrivals(
    *references: Reference, items: Any = None, tree: Any = None, into: tuple[str, ...] = ()
) -> Arrivals:
    found = Arrivals(
        SCHEMA,
        {"HERE2345": normal(HERE)} if items is None else items,
        Proxies.of({"cairn.info": ".proxy.example.org"}),
        Shelving(tree or {}, into),
    )
    found.take(references)
    return found


def reference(**fields: Any) -> Reference:
    return Reference(normal(HERE | fields), notes=tuple(fields.pop("notes", ())))


def test_what_is_here_already_proposes_nothing() -> None:
    found = arrivals(reference())
    assert (found.additions, found.corrections) == ([], [])
    assert [(one.key, one.by) for one in found.there] == [("HERE2345", "title")]


def test_gaps_are_filled_and_what_differs_is_doubtful() -> None:
    found = arrivals(reference(DOI="10.1000/x", publicationTitle="Vie Sociale et traitements"))
    assert [(dict(c.fields), c.doubt) for c in found.corrections] == [
        ({"DOI": "10.1000/x"}, None),
        ({"publicationTitle": "Vie Sociale et traitements"}, Doubt.DIFFERS),
    ]


def test_more_tags_are_offered_and_none_is_taken_away() -> None:
    (correction,) = arrivals(reference(tags=["PAIR", "autre"])).corrections
    assert correction.doubt is Doubt.DIFFERS
    assert tags(correction.fields) == ["autre", "pair"]


def test_extra_collections_and_type_are_nobody_s_business() -> None:
    assert not arrivals(reference(extra="x", collections=["A"])).corrections


def test_a_field_that_the_type_lacks_is_told() -> None:
    book = Reference(
        normal({"itemType": "book", **{k: HERE[k] for k in ("title", "date", "creators")}})
    )
    book = Reference({**book.fields, "ISBN": "978-2-7101-3945-6", "numPages": "12"})
    web = {"WEB23456": normal({**HERE, "itemType": "webpage"})}
    web["WEB23456"].pop("publicationTitle")
    (there,) = arrivals(book, items=web).there
    assert ("numPages", "12") in there.unplaced


def test_new_items_go_into_the_collections_that_are_asked_for() -> None:
    found = arrivals(reference(title="Autre", collections=["A"]), into=("B/C",))
    assert [a.fields["collections"] for a in found.additions] == [["A", "B/C"]]


def test_doubles_in_the_files_become_one_with_the_fields_of_both() -> None:
    one = reference(title="Tout autre chose", date="2021")
    two = reference(title="Tout autre chose", date="2021", pages="3-4", publicationTitle="Revue X")
    found = arrivals(one, two)
    (addition,) = found.additions
    assert addition.fields["pages"] == "3-4"
    (double,) = found.there
    assert not double.key
    assert double.unplaced == (("publicationTitle", "Revue X"),)


def test_what_may_be_here_is_doubtful() -> None:
    (addition,) = arrivals(reference(date="2010")).additions
    assert (addition.doubt, addition.like) == (Doubt.LIKE_ANOTHER, "HERE2345")


def test_addresses_are_the_publisher_s_own() -> None:
    wrapped = "https://www-cairn-info.proxy.example.org/a.htm?utm_source=x"
    (addition,) = arrivals(reference(title="Autre", url=wrapped)).additions
    assert addition.fields["url"] == "https://www.cairn.info/a.htm"


def test_notes_go_beside_an_item_once() -> None:
    one = Reference(normal(HERE), notes=("<p>Une note</p>",))
    found = arrivals(one, one)
    (note,) = found.additions
    assert note.fields == {"itemType": "note", "parentItem": "HERE2345", "note": "<p>Une note</p>"}
    items = {"HERE2345": normal(HERE), "NTE23456": note.fields}
    assert not arrivals(one, items=items).additions


def test_a_note_of_an_item_that_is_here_under_another_key() -> None:
    parent = Reference(normal(HERE), key="THERE234")
    note = Reference(normal({"itemType": "note", "note": "<p>x</p>", "parentItem": "THERE234"}))
    (added,) = arrivals(parent, note).additions
    assert added.fields["parentItem"] == "HERE2345"


def test_a_note_that_says_what_extra_says_is_none() -> None:
    here = {"HERE2345": normal({**HERE, "extra": "Cote: A 12\nDon de l'auteur"})}
    told = Reference(normal(HERE), notes=("<p>Don de l’auteur</p>",))
    other = Reference(normal(HERE), notes=("<p>À relire</p>",))
    assert not arrivals(told, items=here).additions
    assert [a.fields["note"] for a in arrivals(other, items=here).additions] == ["<p>À relire</p>"]


def test_doubles_bring_all_their_notes_each_once() -> None:
    one = {**HERE, "title": "Tout autre chose", "date": "2021"}
    texts = ("<p>un</p>", "<p>deux</p>", "<p>un</p>", "<p>trois</p>")
    found = arrivals(*(Reference(normal(one), notes=(text,)) for text in texts))
    (addition,) = found.additions
    assert addition.notes == ("<p>un</p>", "<p>deux</p>", "<p>trois</p>")


def test_what_a_double_has_no_field_for_is_kept_with_the_new_item() -> None:
    page = {"itemType": "webpage", "title": HERE["title"], "DOI": "10.1000/x", "extra": "Lu"}
    article = HERE | {"DOI": "10.1000/x", "volume": "3"}
    found = arrivals(*(Reference(normal(one)) for one in (page, article, article)), items={})
    (addition,) = found.additions
    assert addition.kept == ("volume: 3",)
    assert addition.fields["extra"] == "Lu\nvolume: 3"
    assert addition.fields["websiteTitle"] == "Vie sociale"
