"""Collection paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import messy_text

from zotsync.bibliography.paths import (
    PathError,
    PathFault,
    find_path,
    join_path,
    split_path,
    tree_paths,
)
from zotsync.model import normal_name

A, B, C, D = "AAAAAAAA", "BBBBBBBB", "CCCCCCCC", "DDDDDDDD"
NAMES = st.one_of(
    st.sampled_from(["x", "y", f"x [{A}]", "a/b", "\\"]), messy_text(3).map(normal_name)
).filter(bool)


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_any_names_make_a_path_that_splits_into_them(names: list[str]) -> None:
    assert split_path(join_path(tuple(names))) == tuple(names)


def test_slash_and_backslash_inside_a_name_are_escaped() -> None:
    assert join_path(("Arts/lettres", "a\\b")) == r"Arts\/lettres/a\\b"


def test_blanks_around_names_and_unicode_form_do_not_matter() -> None:
    assert split_path(" Pair-aidance / E\u0301tudes ") == ("Pair-aidance", "Études")


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("", PathFault.EMPTY_NAME),
        ("a//b", PathFault.EMPTY_NAME),
        ("/a", PathFault.EMPTY_NAME),
        ("a/", PathFault.EMPTY_NAME),
        ("a/ /b", PathFault.EMPTY_NAME),
        (r"a\b", PathFault.BACKSLASH),
        ("a\\", PathFault.BACKSLASH),
    ],
)
def test_a_malformed_path_is_an_error(path: str, fault: PathFault) -> None:
    with pytest.raises(PathError) as caught:
        split_path(path)
    assert caught.value.fault is fault


@given(
    st.dictionaries(
        st.sampled_from([A, B, C, D]),
        st.tuples(NAMES, st.sampled_from([None, A, B, C, D, "ZZZZZZZZ"])),
    )
)
def test_in_any_tree_every_collection_has_a_path_of_its_own_that_finds_it(
    tree: dict[str, tuple[str, str | None]],
) -> None:
    paths = tree_paths(tree)
    assert list(paths) == list(tree)
    assert len(set(paths.values())) == len(tree)
    assert {key: find_path(tree, path) for key, path in paths.items()} == {key: key for key in tree}


def test_twins_carry_their_keys_and_so_do_paths_below_them() -> None:
    tree = {A: ("x", None), B: ("x", None), C: ("y", A), D: ("x", C)}
    assert tree_paths(tree) == {A: f"x [{A}]", B: f"x [{B}]", C: f"x [{A}]/y", D: f"x [{A}]/y/x"}


def test_a_path_by_which_twins_go_is_ambiguous() -> None:
    with pytest.raises(PathError) as caught:
        find_path({A: ("x", None), B: ("x", None)}, "x")
    assert (caught.value.fault, caught.value.candidates) == (PathFault.AMBIGUOUS, (A, B))


def test_a_twins_path_still_finds_it_when_the_other_is_gone() -> None:
    assert find_path({A: ("x", None)}, f"x [{A}]") == A
    assert find_path({A: ("x", None)}, f"x [{B}]") is None


def test_cycles_and_missing_parents_are_shown_at_the_root() -> None:
    tree = {A: ("a", B), B: ("b", A), C: ("c", A), D: ("d", "ZZZZZZZZ")}
    assert tree_paths(tree) == {A: "a", B: "b", C: "a/c", D: "d"}
    assert tree_paths({A: ("a", A)}) == {A: "a"}


def test_a_collection_is_found_by_path_in_any_unicode_form_and_by_key() -> None:
    tree = {A: ("Études", None), B: ("Arts/lettres", A)}
    assert find_path(tree, "E\u0301tudes") == A
    assert find_path(tree, r"Études/Arts\/lettres") == B
    assert find_path(tree, B) == B
    assert find_path(tree, "Études/autre") is None
    assert find_path(tree, C) is None


def test_a_collection_that_is_named_like_a_key_is_found_by_its_name_first() -> None:
    assert find_path({A: (B, None), B: ("b", None)}, B) == A
