"""collections.toml: read, and amended line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import keys, messy_text

from zotsync.bibliography.collections import (
    amend_collections,
    parse_collections,
    read_collections,
    write_collections,
)
from zotsync.bibliography.paths import join_path
from zotsync.errors import FileError
from zotsync.model import normal_name

HERS = """\
# L'arbre de Claire
"Pair-aidance" = "AAAAAAAA"
"Pair-aidance/Ouvrages" = "BBBBBBBB"   # les livres

# à part
Divers = "CCCCCCCC"
"""
TREE = {"Pair-aidance": "AAAAAAAA", "Pair-aidance/Ouvrages": "BBBBBBBB", "Divers": "CCCCCCCC"}
PATHS = st.lists(messy_text(2).map(normal_name).filter(bool), min_size=1, max_size=3).map(
    lambda names: join_path(tuple(names))
)
TREES = st.dictionaries(PATHS, st.just("") | keys(), max_size=6).filter(
    lambda tree: len({k for k in tree.values() if k}) == sum(1 for k in tree.values() if k)
)


def error(text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        parse_collections(text.encode(), "collections.toml")
    return caught.value


@given(TREES, TREES)
def test_any_tree_can_follow_any_other(now: dict[str, str], tree: dict[str, str]) -> None:
    text = amend_collections(amend_collections("", {}, now), now, tree)
    assert parse_collections(text.encode(), "c") == tree


@given(TREES)
def test_comments_stay_whatever_the_tree_becomes(tree: dict[str, str]) -> None:
    text = amend_collections(HERS, TREE, tree)
    assert parse_collections(text.encode(), "c") == tree
    assert "# L'arbre de Claire\n" in text
    assert "# à part\n" in text


def test_a_renamed_collection_keeps_its_line_and_its_comment() -> None:
    tree = {"Pair-aidance": "AAAAAAAA", "Livres": "BBBBBBBB", "Divers": "CCCCCCCC"}
    assert amend_collections(HERS, TREE, tree) == HERS.replace(
        '"Pair-aidance/Ouvrages" = "BBBBBBBB"   #', '"Livres" = "BBBBBBBB"  #'
    )


def test_collections_that_change_places_keep_their_keys() -> None:
    tree = {"a": "BBBBBBBB", "b": "AAAAAAAA"}
    text = amend_collections(
        '"a" = "AAAAAAAA"\n"b" = "BBBBBBBB"\n', dict(zip("ab", TREE.values(), strict=False)), tree
    )
    assert parse_collections(text.encode(), "c") == tree


def test_a_new_collection_stands_where_it_belongs_and_a_made_one_gets_its_key() -> None:
    tree = TREE | {"Pair-aidance/Articles": "DDDDDDDD", "Zz": ""}
    text = amend_collections(HERS, TREE, tree)
    assert text == HERS.replace(
        '"AAAAAAAA"\n', '"AAAAAAAA"\n"Pair-aidance/Articles" = "DDDDDDDD"\n'
    ).replace("# les livres\n", '# les livres\n"Zz" = ""\n')
    made = amend_collections(text, tree, tree | {"Zz": "EEEEEEEE"})
    assert made == text.replace('"Zz" = ""', '"Zz" = "EEEEEEEE"')


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('"a" = "AAAAAAAA"\n"b" = "AAAAAAAA"\n', 2, "line 1"),
        ('"a/b" = "AAAAAAAA"\n\n"a / b" = "BBBBBBBB"\n', 3, "line 1"),
        ('"a" = "AAAAAAAA"\n"a" = "BBBBBBBB"\n', 2, "Remove one"),
        ('"a" = "aaaaaaaa"\n', 1, '""'),
        ('"a" = 12\n', 1, "quotes"),
        ('\na.b = "AAAAAAAA"\n', 2, "quotes"),
        ('"a//b" = "AAAAAAAA"\n', 1, "empty"),
        ('"a\\/b" = "AAAAAAAA"\n', 1, "single quotes"),
        ("'a\\b' = \"AAAAAAAA\"\n", 1, "twice"),
        ('"a" = "AAAAAAAA\n', 1, "Close the quotes"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, word: str) -> None:
    problem = error(text).problem
    assert (problem.place.file, problem.place.line) == ("collections.toml", line)
    assert word in problem.hint


def test_a_missing_or_unreadable_file_is_an_error_and_never_an_empty_tree(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="missing"):
        read_collections(tmp_path / "collections.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(FileError, match="cannot be read"):
        read_collections(tmp_path / "folder.toml")


def test_an_empty_file_is_an_empty_tree(tmp_path: Path) -> None:
    file = tmp_path / "collections.toml"
    file.write_bytes(b"\xef\xbb\xbf")
    assert read_collections(file) == {}


def test_the_file_is_written_only_if_it_says_something_else(tmp_path: Path) -> None:
    file = tmp_path / "bibliography" / "collections.toml"
    assert write_collections(file, TREE)
    before = file.stat().st_mtime_ns
    assert read_collections(file) == TREE
    assert file.read_text(encoding="utf-8").startswith("# ")
    assert not write_collections(file, TREE)
    assert file.stat().st_mtime_ns == before
    assert [path.name for path in file.parent.iterdir()] == ["collections.toml"]


def test_crlf_stays_crlf(tmp_path: Path) -> None:
    file = tmp_path / "collections.toml"
    file.write_bytes(HERS.replace("\n", "\r\n").encode())
    assert write_collections(file, TREE | {"Zz": ""})
    raw = file.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == HERS.count("\n") + 1


def test_a_broken_file_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "collections.toml"
    file.write_text("a = ", encoding="utf-8")
    with pytest.raises(FileError):
        write_collections(file, TREE)
    assert file.read_text(encoding="utf-8") == "a = "


def test_a_value_over_several_lines_is_written_on_one() -> None:
    text = '# vu\n"a" = """\nAAAAAAAA"""\n'
    assert (
        amend_collections(text, {"a": "AAAAAAAA"}, {"b": "AAAAAAAA"}) == '# vu\n"b" = "AAAAAAAA"\n'
    )
