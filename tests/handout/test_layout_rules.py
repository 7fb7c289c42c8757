"""The rules of the default layout that hold whatever stands in an item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from handout.printed import KEY, plain_blanks
from hypothesis import given
from hypothesis import strategies as st

from zotsync.config import Centre
from zotsync.handout import layout
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Role
from zotsync.handout.render import House, rules_of
from zotsync.handout.sections import Section, Source
from zotsync.handout.select import Request, select
from zotsync.handout.theming.themes import Theme, load_theme
from zotsync.model import UNSYNCED_TYPES, normal
from zotsync.zotero.schema import bundled

Lay = Callable[..., list[str]]

RULES = rules_of(load_theme("classique"), bundled(), House(Centre()), Choices())
TYPES = sorted(set(bundled().item_types) - UNSYNCED_TYPES - {"note"})
DANGLING = (", ,", ",.", " ,", " .", "..", "()", "[]", "( ", " )", ": .", ": ,", "  ")
OWN_PATTERNS = (
    "bookSection",
    "thesis",
    "newspaperArticle",
    "magazineArticle",
    "conferencePaper",
    "videoRecording",
    "audioRecording",
    "podcast",
    "statute",
    "blogPost",
)


@st.composite
def some_fields(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an item with any of its type's fields, in words, and any of its creators."""
    kind = bundled().item_types[draw(st.sampled_from(TYPES))]
    names = draw(st.sets(st.sampled_from(sorted(kind.fields))))
    creators = (
        draw(st.sets(st.sampled_from(sorted(kind.creator_types)))) if kind.creator_types else ()
    )
    people = [
        {"creatorType": c, "lastName": f"Nom{c}", "firstName": "Ève"} for c in sorted(creators)
    ]
    return {"itemType": kind.name, **{n: f"mot{n}" for n in names}, "creators": people}


@given(some_fields())
def test_empty_parts_take_their_separators_with_them(item: dict[str, Any]) -> None:
    for line in layout.lay_out(KEY, normal(item), RULES).lines:
        text = plain_blanks(line.text)
        assert text == text.strip()
        assert [pair for pair in DANGLING if pair in text] == [], text
        assert not text.startswith((",", ".", ":", ")")), text
        assert not text.endswith((",", ":", "(")), text


@given(some_fields())
def test_who_made_it_stands_in_the_author_line_or_in_the_source_line(item: dict[str, Any]) -> None:
    lines = layout.lay_out(KEY, normal(item), RULES).lines
    text = "\n".join(line.text for line in lines if line.role in {Role.AUTHOR, Role.SOURCE})
    for creator in item["creators"]:
        assert text.count(f"{creator['lastName'].upper()} Ève") == 1


@given(some_fields())
def test_lines_stand_in_one_order_and_none_is_empty(item: dict[str, Any]) -> None:
    order = [
        Role.AUTHOR,
        Role.ENTRY_TITLE,
        Role.ENTRY_SUBTITLE,
        Role.SOURCE,
        Role.ABSTRACT,
        Role.ACCESS,
    ]
    lines = layout.lay_out(KEY, normal(item), RULES).lines
    roles = [line.role for line in lines]
    assert roles == sorted(roles, key=order.index)
    assert all(line.text.strip() for line in lines)


def test_the_types_that_need_one_have_a_pattern_of_their_own(classique: Theme) -> None:
    assert set(OWN_PATTERNS) <= set(classique.patterns)


def test_title_and_subtitle_have_lines_of_their_own(lines: Lay) -> None:
    laid = lines(title="Aller mieux. Approches", shortTitle="Aller mieux")
    assert laid == ["ENTRY_TITLE: Aller mieux", "ENTRY_SUBTITLE: Approches"]
    whole = lines(title="Aller mieux : approches", shortTitle="Aller mieux")
    assert whole == ["ENTRY_TITLE: Aller mieux : approches"]


def test_what_has_a_doi_and_no_pages_is_online_too(lines: Lay) -> None:
    laid = lines("journalArticle", title="T", publicationTitle="R", DOI="10.3917/psm.203")
    assert laid[1] == "SOURCE: R, [En ligne]"
    paged = lines("journalArticle", title="T", publicationTitle="R", DOI="10.3917/a", pages="3")
    assert paged[1] == "SOURCE: R. p.3"


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (
            "audioRecording",
            {"label": "France Inter", "audioRecordingFormat": "CD", "date": "2019"},
            "France Inter, CD, 2019",
        ),
        (
            "newspaperArticle",
            {"publicationTitle": "Le Monde", "section": "Débats", "date": "2020-05"},
            "Le Monde, Débats, mai 2020",
        ),
        ("book", {"place": "Paris", "date": "2019-05-03"}, "Paris, 2019."),
        ("book", {"place": "Paris", "publisher": "Dunod"}, "Paris : Dunod."),
        ("journalArticle", {"date": "juillet-août 2019"}, "juillet-août 2019"),
    ],
)
def test_more_source_lines(lines: Lay, kind: str, fields: dict[str, str], expected: str) -> None:
    assert lines(kind, title="T", **fields)[1] == f"SOURCE: {expected}"


def test_a_source_of_signs_alone_is_printed_as_it_is(lines: Lay) -> None:
    assert lines("webpage", title="T", websiteTitle="👩‍🦽") == ["ENTRY_TITLE: T", "SOURCE: 👩‍🦽"]


def test_dates_are_read_under_whatever_name_a_type_has_for_them() -> None:
    items = {
        "AAAA2222": {"itemType": "book", "title": "Zèbre", "date": "2005"},
        "BBBB2222": {"itemType": "statute", "nameOfAct": "Loi", "dateEnacted": "2002-01-02"},
        "CCCC2222": {"itemType": "patent", "title": "Brevet", "issueDate": "2010"},
    }
    source = Source(items, types=bundled().item_types)
    chosen = select(Request((Section("Tout", sort="date"),)), source)
    assert chosen.keys == ("BBBB2222", "AAAA2222", "CCCC2222")
    in_2002 = select(Request((Section("2002", year="2002"),)), source)
    assert in_2002.keys == ("BBBB2222",)
