"""What an item file says."""

from __future__ import annotations

import pytest

from zotsync.bibliography.itemfile import field_line, parse_item
from zotsync.errors import FileError


def read(text: str, *, head: str = 'itemType = "book"\n') -> dict[str, object]:
    item = parse_item((head + text).encode(), "a.toml")
    assert not item.held
    return dict(item.fields)


def error(text: str | bytes) -> FileError:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FileError) as caught:
        parse_item(raw, "a.toml")
    return caught.value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2020-01-31", "2020-01-31"),
        ("1.10", "1.10"),
        ("12", "12"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("+5", "+5"),
        ("1e3", "1e3"),
        ("inf", "inf"),
        ("07:32:00", "07:32:00"),
        ("1979-05-27 07:32:00Z", "1979-05-27 07:32:00Z"),
        ("1979-05-27T07:32:00.500+01:00", "1979-05-27T07:32:00.500+01:00"),
    ],
)
def test_unquoted_numbers_and_dates_are_the_text_typed(typed: str, meant: str) -> None:
    assert read(f"date = {typed}  # vu\n")["date"] == meant


def test_unquoted_values_inside_lists_and_tables_are_the_text_typed() -> None:
    fields = read(
        "tags = [2020, 'x', 1.50, { tag = 3.10, type = 1 }]\n"
        'creators = [{ creatorType = "author", lastName = 1984, firstName = "#]," }]\n'
    )
    assert fields["tags"] == [
        {"tag": "1.50"},
        {"tag": "2020"},
        {"tag": "3.10", "type": 1},
        {"tag": "x"},
    ]
    assert fields["creators"] == [{"creatorType": "author", "lastName": "1984", "firstName": "#],"}]


def test_numbers_of_newer_schemas_inside_lists_and_below_tables_are_texts() -> None:
    fields = read("[future]\nwhen = 2020-01-31\nn = 12\n")
    assert fields["future"] == {"when": "2020-01-31", "n": "12"}


@pytest.mark.parametrize("line", ["date = 2021-10", "date = 31/01/2020", "volume = 007", "x = a b"])
def test_a_syntax_error_at_an_unquoted_value_says_to_put_quotes(line: str) -> None:
    problem = error(f'itemType = "book"\n{line}  # vu\n').problem
    assert problem.place.line == 2
    value = line.partition(" = ")[2]
    assert f'Put quotes around it: "{value}"' in problem.hint


def test_a_double_quoted_backslash_says_to_use_single_quotes() -> None:
    problem = error('itemType = "book"\n\ncollections = ["Arts\\/lettres"]\n').problem
    assert problem.place.line == 3
    assert r"'Arts\/lettres'" in problem.hint


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('title = "a\nb"', 1, "three quotes"),
        ('itemType = "book"\ntitle = """abc\n', 2, '"""'),
        ('title = "a"\ntitle = "b"\n', 2, "twice"),
        ('title = "le "vrai" titre"', 1, "quote inside"),
        ("title = 'l'été'", 1, "quote inside"),
        ('tags = ["a" "b"]', 1, "comma"),
        ("= 1", 1, "neither a setting"),
        ('itemType = "book"\n<<<<<<< HEAD\ntitle = "a"\n=======\n', 2, "Git"),
        ('abstractNote = """\na\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"""', 3, "Git"),
        ("v = " + "[" * 5000, None, "nested"),
        ("v = " + "1" * 5000, None, "too long"),
    ],
)
def test_text_that_is_not_toml_is_told_with_line_and_reason(
    text: str, line: int | None, word: str
) -> None:
    problem = error(text).problem
    assert problem.place.file == "a.toml"
    assert problem.place.line == line
    assert word in f"{problem.message} {problem.hint}"


def test_another_encoding_names_utf_8_and_the_line() -> None:
    problem = error('itemType = "book"\ntitle = "été"\n'.encode("cp1252")).problem
    assert problem.place.line == 2
    assert "UTF-8" in problem.hint
    assert "UTF-8" in error('itemType = "book"\n'.encode("utf-16")).problem.hint


def test_a_bom_and_crlf_change_nothing() -> None:
    plain = 'itemType = "book"\nabstractNote = """\na\nb"""\nvolume = 1.10\n'
    raw = b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode()
    assert parse_item(raw, "a") == parse_item(plain.encode(), "a")


@pytest.mark.parametrize(
    "text", ["", 'title = "a"', 'itemType = ""', "itemType = true", "itemType = []"]
)
def test_an_item_without_a_type_is_an_error_with_an_example(text: str) -> None:
    assert 'itemType = "book"' in error(text).problem.hint


def test_a_missing_or_empty_key_is_no_key() -> None:
    assert parse_item(b'itemType = "book"', "a").key is None
    assert parse_item(b'key = ""\nitemType = "book"', "a").key is None


def test_a_key_of_digits_may_stand_without_quotes() -> None:
    assert parse_item(b'key = 23456789\nitemType = "book"', "a").key == "23456789"


@pytest.mark.parametrize(
    "key", ['"abcd2345"', '"ABCD234O"', '"ABCD"', "true", "12", '["ABCD2345"]']
)
def test_a_malformed_key_stops_the_item_with_its_line(key: str) -> None:
    problem = error(f'itemType = "book"\nkey = {key}\n').problem
    assert (problem.place.line, problem.place.field) == (2, "key")


def test_a_lower_case_key_is_told_as_it_should_be() -> None:
    assert '"ABCD2345"' in error('itemType = "book"\nkey = "abcd2345"').problem.hint


@pytest.mark.parametrize(
    ("line", "field", "word"),
    [
        ('tags = "x"', "tags", 'tags = ["x"]'),
        ('collections = "Articles"', "collections", 'collections = ["Articles"]'),
        ("collections = ['a//b']", "collections", "empty"),
        ("collections = ['a\\b']", "collections", "twice"),
        ("title = true", "title", "quotes"),
        ("inventedLater = false", "inventedLater", "quotes"),
        ("title = ['a']", "title", "one text"),
        ("tags = [['a']]", "tags", "tags ="),
        ("tags = [{ tag = 'a', type = 2 }]", "tags", "type = 1"),
        ("tags = [{ name = 'a' }]", "tags", "type = 1"),
        ("tags = true", "tags", "quotes"),
        ("creators = { lastName = 'A' }", "creators", "square brackets"),
        ("creators = ['Adenot']", "creators", "creatorType"),
        ("creators = [{ lastName = 'Adenot' }]", "creators", "creatorType"),
        ("creators = [{ creatorType = 'author', lastname = 'A' }]", "creators", "`lastName`"),
        (
            "creators = [{ creatorType = 'author', name = 'A', lastName = 'B' }]",
            "creators",
            "alone",
        ),
        ("relations = ['http://x']", "relations", "dc:relation"),
        ("relations = { a = [['http://x']] }", "relations", "dc:relation"),
        ("parentItem = 'le livre'", "parentItem", "key"),
        ("collections = ['A']\nparentItem = 'ABCD2345'", "collections", ""),
        ("conflict = 'x'", "conflict", "Remove"),
    ],
)
def test_a_field_that_cannot_be_used_is_held_and_the_rest_goes(
    line: str, field: str, word: str
) -> None:
    item = parse_item(f'itemType = "book"\nplace = "Lyon"\n{line}\n'.encode(), "a.toml")
    problem = item.held[field]
    assert set(item.held) == {field}
    assert field not in item.fields
    assert item.fields["place"] == "Lyon"
    assert (problem.place.file, problem.place.line, problem.place.field) == ("a.toml", 3, field)
    assert word in problem.hint


def test_creators_with_one_name_get_the_other_empty() -> None:
    assert read('creators = [{ creatorType = "author", lastName = "Simon" }]')["creators"] == [
        {"creatorType": "author", "firstName": "", "lastName": "Simon"}
    ]


def test_creators_may_be_tables_of_their_own() -> None:
    fields = read('[[creators]]\ncreatorType = "author"\nname = "Unafam"\n')
    assert fields["creators"] == [{"creatorType": "author", "name": "Unafam"}]


def test_fields_are_in_normal_form_and_collections_as_typed() -> None:
    fields = read(
        'title = " a\\u0007b \\r\\n"\nplace = ""\ntags = ["z", " a ", "z", ""]\nversion = 12\n'
        "collections = ['B/ C', 'A']\nrelations = { b = 'http://x' }\n"
    )
    assert fields == {
        "itemType": "book",
        "title": "ab",
        "tags": [{"tag": "a"}, {"tag": "z"}],
        "collections": ["B/ C", "A"],
        "relations": {"b": ["http://x"]},
    }


def test_conflict_tables_are_named_and_are_no_field() -> None:
    text = 'itemType = "book"\ntitle = "a"\n[conflict.title]\nbase = ""\nzotero = "b"\n'
    item = parse_item(text.encode(), "a")
    assert item.conflicts == {"title"}
    assert item.fields == {"itemType": "book", "title": "a"}


def test_a_line_below_a_conflict_table_is_held_and_told_to_move_up() -> None:
    text = 'itemType = "book"\n[conflict.title]\nbase = ""\nzotero = "b"\ntags = ["x"]\n'
    item = parse_item(text.encode(), "a")
    assert item.held["tags"].place.line == 5
    assert "above" in item.held["tags"].hint


def test_the_line_of_a_field_is_found_behind_long_texts_and_lists() -> None:
    raw = (
        b'# x = 1\nitemType = "book"\nabstractNote = """\ntitle = "a"\n\\""" [\n"""\n'
        b"creators = [\n  # ]\n  { creatorType = \"author\", name = ']' },\n]\n"
        b"'title' = '''\n''''\n\"\\u0064ate\" = 2020\n[conflict.extra]\nbase = 1\n"
    )
    assert field_line(raw, "title") == 11
    assert field_line(raw, "date") == 13
    assert field_line(raw, "base") is None
