"""New item files: what is written reads back the same."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TRICKY, item_fields, keys, messy_text

from zotsync.bibliography.itemfile import new_item_text, parse_item
from zotsync.bibliography.paths import join_path
from zotsync.errors import FileError
from zotsync.model import Schema, normal, normal_name
from zotsync.zotero.schema import bundled

SCHEMA: Schema = bundled()
TYPES = sorted(SCHEMA.item_types)


def assert_reads_back(key: str | None, fields: dict[str, Any]) -> None:
    text = new_item_text(key, fields)
    item = parse_item(text.encode(), "a.toml")
    assert (item.key, item.fields, item.held) == (key, fields, {})
    assert new_item_text(item.key, item.fields) == text


@given(st.none() | keys(), item_fields(SCHEMA))
def test_any_item_reads_back_as_written_and_writes_the_same_again(
    key: str | None, fields: dict[str, Any]
) -> None:
    assert_reads_back(key, fields)


@pytest.mark.parametrize("item_type", TYPES)
def test_every_item_type_reads_back_with_all_its_fields_full_of_tricky_text(item_type: str) -> None:
    kind = SCHEMA.item_types[item_type]
    tricky = "x".join(TRICKY)
    data: dict[str, Any] = {
        name: f"{name} {tricky}" for name in (*kind.fields, "note", "inventedLater")
    }
    data["creators"] = [
        {"creatorType": creator, "firstName": tricky, "lastName": creator}
        for creator in kind.creator_types
    ]
    assert_reads_back("ABCD2345", normal({"itemType": item_type, "tags": list(TRICKY)} | data))


@given(messy_text())
def test_any_text_comes_through_tomllib_unchanged(text: str) -> None:
    written = new_item_text(None, {"title": text, "other": [text, {"a": text}]})
    data = tomllib.loads(written)
    assert data == ({"title": text} if text else {}) | {"other": [text, {"a": text}]}


@given(messy_text(4))
def test_any_field_name_comes_through_tomllib_unchanged(name: str) -> None:
    assert tomllib.loads(new_item_text(None, {name: "x"})) == ({name: "x"} if name != "key" else {})


@given(st.lists(st.lists(messy_text(3), min_size=1, max_size=3), min_size=1, max_size=3))
def test_collection_paths_come_through(parts: list[list[str]]) -> None:
    named = [tuple(normal_name(part) or "x" for part in names) for names in parts]
    paths = [join_path(names) for names in named]
    text = new_item_text(None, {"itemType": "book", "collections": paths})
    assert parse_item(text.encode(), "a").fields["collections"] == paths


@pytest.mark.parametrize(
    "text",
    [
        'a\n"""',
        'a\n""""""',
        '"\n"',
        "\n a",
        "a\n\\",
        "a\n\x7f",
        "\\\n",
        "a\r\nb",
        "a\n'''",
        '""""\n',
    ],
)
def test_the_corners_of_long_texts_come_through(text: str) -> None:
    assert tomllib.loads(new_item_text(None, {"note": text}))["note"] == text


def test_a_file_looks_as_one_would_write_it() -> None:
    fields = {
        "tags": [{"tag": "auto", "type": 1}, {"tag": "pair-aidance"}],
        "zzz": "x",
        "abstractNote": "Une ligne\net « l’autre »",
        "collections": [r"Arts\/lettres", "Articles"],
        "date": "2020-01-31",
        "publicationTitle": "ASH",
        "creators": [{"creatorType": "author", "lastName": "Adenot", "firstName": "Vincent"}],
        "title": 'Le "travailleur" pair',
        "itemType": "journalArticle",
        "relations": {"dc:relation": ["http://zotero.org/groups/1/items/ABCD2345"]},
        "version": 3,
        "place": "",
    }
    assert new_item_text("ABCD2345", fields) == (
        'key = "ABCD2345"\n'
        'itemType = "journalArticle"\n'
        "title = 'Le \"travailleur\" pair'\n"
        "creators = [\n"
        '    { creatorType = "author", lastName = "Adenot", firstName = "Vincent" },\n'
        "]\n"
        'publicationTitle = "ASH"\n'
        'date = "2020-01-31"\n'
        'abstractNote = """\nUne ligne\net « l’autre »"""\n'
        'zzz = "x"\n'
        'tags = [{ tag = "auto", type = 1 }, "pair-aidance"]\n'
        "collections = ['Arts\\/lettres', \"Articles\"]\n"
        'relations = { "dc:relation" = ["http://zotero.org/groups/1/items/ABCD2345"] }\n'
    )


def test_a_long_list_has_one_entry_a_line() -> None:
    tags = [{"tag": f"mot-clé numéro {n}"} for n in range(6)]
    lines = new_item_text(None, {"tags": tags}).split("\n")
    assert lines[:2] == ["tags = [", '    "mot-clé numéro 0",']
    assert len(lines) == 9


def test_what_git_would_mark_as_a_conflict_is_no_conflict_in_a_text() -> None:
    note = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x"
    raw = new_item_text(None, {"itemType": "note", "note": note}).encode()
    assert parse_item(raw, "a").fields["note"] == note


def test_half_a_character_is_refused_by_name() -> None:
    with pytest.raises(FileError, match="U\\+D800"):
        new_item_text(None, {"title": "a\ud800b"})
    with pytest.raises(FileError, match="U\\+DFFF"):
        new_item_text(None, {"abstractNote": "a\nb\udfff"})
