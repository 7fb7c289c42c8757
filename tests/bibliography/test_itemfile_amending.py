"""Amending an item file: the values change, comments and order stay."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import item_fields, keys, messy_text

from zotsync.bibliography.itemfile import amend_item_text, new_item_text, parse_item
from zotsync.errors import FileError
from zotsync.model import Schema, normal
from zotsync.zotero.schema import bundled

SCHEMA: Schema = bundled()

HERS = """\
# Fiche de Claire
title = "Ancien titre"  # à vérifier
itemType = 'book'

# les auteurs
creators = [
    # la première
    { creatorType = "author", lastName = "Adenot", firstName = "V." },  # prénom ?
    { creatorType = "author", lastName = "Canonne", firstName = "Justine" },
]
date = 2020-01-31
volume = 1.10
tags = ["x", # pourquoi ?
    "y"]
# fin
"""


def fields_of(text: str) -> dict[str, Any]:
    item = parse_item(text.encode(), "a.toml")
    assert not item.held
    return dict(item.fields)


@given(data=st.data())
def test_any_amendment_reads_back_as_wanted(data: st.DataObject) -> None:
    old = data.draw(item_fields(SCHEMA, "book"))
    new = data.draw(item_fields(SCHEMA, "book"))
    key = data.draw(keys())
    changes = {name: new.get(name) for name in old.keys() | new.keys()}
    text = amend_item_text(new_item_text(None, old), key=key, changes=changes)
    item = parse_item(text.encode(), "a")
    kept_order = {"collections": sorted(item.fields.get("collections", []))}
    assert item.key == key
    assert {n: v for n, v in {**item.fields, **kept_order}.items() if v} == new


@given(title=messy_text(), tags=st.lists(messy_text(3), max_size=3), note=messy_text())
def test_every_comment_survives_any_change_of_texts(title: str, tags: list[str], note: str) -> None:
    typed = {"title": title, "abstractNote": note, "tags": ["x", *tags]}
    wanted = normal(typed)
    changes = {name: wanted.get(name) for name in typed}
    text = amend_item_text(HERS, key="ABCD2345", changes=changes)
    assert {n: fields_of(text).get(n) for n in changes} == changes
    comments = [
        "# Fiche de Claire",
        "# les auteurs",
        "# la première",
        "# prénom ?",
        "# fin",
        "# pourquoi ?",
    ]
    assert [c for c in comments if c not in text] == []
    assert ("# à vérifier" in text) == bool(changes["title"])


def test_a_changed_value_stays_on_its_line_with_its_comment() -> None:
    text = amend_item_text(HERS, changes={"title": "Nouveau", "volume": None})
    assert text == HERS.replace("Ancien titre", "Nouveau").replace("volume = 1.10\n", "")


def test_a_difference_of_form_alone_is_left_as_typed() -> None:
    same = {
        "title": "Ancien titre",
        "date": "2020-01-31",
        "volume": "1.10",
        "tags": [{"tag": "x"}, {"tag": "y"}],
        "place": None,
    }
    assert amend_item_text(HERS, changes=same, conflicts={}) == HERS


def test_a_new_field_stands_behind_its_neighbour() -> None:
    text = amend_item_text(HERS, key="ABCD2345", changes={"publisher": "Érès", "pages": "12"})
    lines = text.split("\n")
    assert lines[:2] == ["# Fiche de Claire", 'key = "ABCD2345"']
    assert lines[lines.index("volume = 1.10") + 1] == 'publisher = "Érès"'
    assert lines[lines.index("date = 2020-01-31") + 1] == 'pages = "12"'


def test_a_field_that_is_new_to_a_file_of_tables_stands_above_them() -> None:
    old = '[[creators]]\ncreatorType = "author"\nname = "Unafam"\n'
    text = amend_item_text(old, key="ABCD2345", changes={"itemType": "book"})
    assert text == 'key = "ABCD2345"\nitemType = "book"\n' + old


def test_a_list_with_comments_changes_entry_by_entry() -> None:
    creators = [
        {"creatorType": "author", "lastName": "Adenot", "firstName": "Vincent"},
        {"creatorType": "author", "lastName": "Canonne", "firstName": "Justine"},
        {"creatorType": "editor", "name": "Unafam"},
    ]
    text = amend_item_text(
        HERS, changes={"creators": creators, "tags": [{"tag": "y"}, {"tag": "z"}]}
    )
    assert (
        "creators = [\n"
        "    # la première\n"
        '    { creatorType = "author", lastName = "Adenot", firstName = "Vincent" },  # prénom ?\n'
        '    { creatorType = "author", lastName = "Canonne", firstName = "Justine" },\n'
        '    { creatorType = "editor", name = "Unafam" },\n'
        "]\n"
    ) in text
    assert 'tags = [\n    "y",\n    "z",\n]\n' in text


def test_a_set_keeps_the_order_of_the_file_and_gets_new_members_last() -> None:
    old = 'tags = ["z", "b"]\ncollections = ["Z", "A"]\n'
    changes = {"tags": [{"tag": "a"}, {"tag": "b"}, {"tag": "z"}], "collections": ["A", "B", "Z"]}
    assert amend_item_text(old, changes=changes) == (
        'tags = ["z", "b", "a"]\ncollections = ["Z", "A", "B"]\n'
    )


def test_a_value_of_no_usable_shape_is_replaced() -> None:
    text = amend_item_text(
        "tags = 'x'\ncreators = 3\n", changes={"tags": [{"tag": "x"}], "creators": None}
    )
    assert text == 'tags = ["x"]\n'


def test_conflicts_are_tables_at_the_end_and_go_when_they_are_settled() -> None:
    text = amend_item_text(
        HERS, conflicts={"title": ("", "Titre\nde Zotero"), "date": ("2019", "")}
    )
    assert text == HERS + (
        '\n[conflict.title]\nbase = ""\nzotero = """\nTitre\nde Zotero"""\n'
        '\n[conflict.date]\nbase = "2019"\nzotero = ""\n'
    )
    assert parse_item(text.encode(), "a").conflicts == {"title", "date"}
    left = amend_item_text(text, conflicts={"date": ("2019", "")})
    assert parse_item(left.encode(), "a").conflicts == {"date"}
    assert amend_item_text(left, conflicts={}).rstrip("\n") == HERS.rstrip("\n")


def test_conflicts_are_left_alone_unless_they_are_named() -> None:
    text = amend_item_text(HERS, conflicts={"title": ("", "b")})
    changed = amend_item_text(text, changes={"title": "c"})
    assert parse_item(changed.encode(), "a").conflicts == {"title"}


@given(
    base=messy_text(), zotero=st.lists(st.fixed_dictionaries({"name": messy_text(2)}), max_size=2)
)
def test_a_conflict_shows_any_value(base: str, zotero: list[dict[str, str]]) -> None:
    text = amend_item_text(HERS, conflicts={"creators": (base, zotero)})
    assert parse_item(text.encode(), "a").conflicts == {"creators"}
    assert amend_item_text(text, conflicts={"creators": (base, zotero)}) == text


def test_comments_below_a_conflict_table_stay() -> None:
    old = HERS + '\n[conflict.title]\nbase = ""\nzotero = "b"  \n# note à la fin\n'
    assert "# note à la fin" in amend_item_text(old, conflicts={})


def test_a_field_typed_below_a_conflict_table_is_never_dropped() -> None:
    old = HERS + '[conflict.title]\nbase = ""\nzotero = "b"\npublisher = "Érès"\n'
    with pytest.raises(FileError, match="`publisher` stands below"):
        amend_item_text(old, conflicts={})
    assert amend_item_text(old) == old


def test_crlf_and_bom_are_taken_and_lf_is_given() -> None:
    old = "\ufeff" + HERS.replace("\n", "\r\n")
    assert amend_item_text(old, changes={"title": "b"}) == HERS.replace("Ancien titre", "b")


def test_a_file_that_was_broken_meanwhile_is_not_amended() -> None:
    with pytest.raises(FileError, match="not valid TOML"):
        amend_item_text("title = ", changes={"title": "a"})


def test_a_layout_that_tomlkit_cannot_amend_is_written_anew_below_its_first_comment() -> None:
    old = (
        '# Fiche\nitemType = "book"\ndate = 2020-01-31\n'
        '[conflict.title]\nbase = ""\nzotero = "b"\n'
        '[[creators]]\ncreatorType = "author"\nname = "Unafam"\n'
    )
    creators = [{"creatorType": "author", "name": "Psycom"}]
    text = amend_item_text(old, changes={"creators": creators})
    item = parse_item(text.encode(), "a")
    assert text.startswith("# Fiche\n")
    assert item.fields == {"itemType": "book", "date": "2020-01-31", "creators": creators}
    assert item.conflicts == {"title"}
