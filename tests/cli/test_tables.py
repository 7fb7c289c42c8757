"""Tables fit the terminal and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.cli.frame.columns import cells
from zotsync.cli.frame.tables import GAP, Cell, drawn, fitting

WORDS = st.lists(st.text("abcdeé ", max_size=30), min_size=3, max_size=3)


def shown(headings: list[str], rows: list[list[str]], width: int) -> list[str]:
    return ["".join(text for text, _style in line) for line in drawn(headings, rows, width)]


def test_columns_stand_below_their_headings() -> None:
    assert shown(["Run", "When"], [["1", "today"], ["20", "x"]], 80) == [
        "Run  When",
        "───  ─────",
        "1    today",
        "20   x",
    ]


def test_what_is_too_wide_goes_on_below_in_its_column() -> None:
    rows = [["→", "Un titre qui est très long", "Date"], ["←", "Court", "Pages"]]
    assert shown(["", "", ""], rows, 26) == [
        "→  Un titre qui est  Date",
        "   très long",
        "←  Court             Pages",
    ]


def test_a_no_break_space_keeps_words_together() -> None:
    lines = shown([""], [["Pairs aidants\u00a0: des tiers"]], 14)
    assert lines == ["Pairs", "aidants\u00a0: des", "tiers"]


def test_a_table_without_rows_has_its_headings_and_nothing_at_all_is_nothing() -> None:
    assert shown(["Run"], [], 80) == ["Run", "───"]
    assert shown([], [], 80) == []


def test_colours_stay_with_their_cells() -> None:
    ((mark, blank, text),) = drawn([], [[Cell("✗", "red"), "x"]], 80)
    assert (mark, blank, text) == (("✗", "red"), ("  ", ""), ("x", ""))


@given(st.lists(WORDS, max_size=6), st.integers(40, 100))
def test_a_table_is_never_wider_than_the_terminal_and_no_word_is_lost(
    rows: list[list[str]], width: int
) -> None:
    lines = shown(["Un", "Deux", "Trois"], rows, width)
    assert max(map(cells, lines)) <= width
    told = "".join("".join(lines).split())
    for row in rows:
        for value in row:
            if len(value.split()) == 1 and len(value.strip()) <= (width - 2 * GAP) // 3:
                assert value.strip() in told


@given(st.lists(st.integers(0, 200), min_size=1, max_size=8), st.integers(1, 200))
def test_widths_fit_as_far_as_columns_can_give_way(natural: list[int], room: int) -> None:
    widths = fitting(natural, room)
    assert all(new <= old for new, old in zip(widths, natural, strict=True))
    if sum(natural) <= room:
        assert widths == natural
    else:
        assert sum(widths) <= room or max(widths) <= 6


@pytest.mark.parametrize(
    ("natural", "room", "widths"),
    [([2, 40, 10], 42, [2, 30, 10]), ([1, 50, 50], 41, [1, 20, 20]), ([3, 3], 2, [3, 3])],
)
def test_the_widest_give_way_first(natural: list[int], room: int, widths: list[int]) -> None:
    assert fitting(natural, room) == widths


def test_no_column_breaks_a_word_as_long_as_others_can_give_way() -> None:
    row = ["vérification", "curating", "une explication de ce que cela veut dire"]
    lines = shown(["Genre", "Nom", "Description"], [row], 36)
    assert lines[2].startswith("vérification  curating  une")
    assert not [line for line in lines if "vérif" in line and "vérification" not in line]
    assert fitting([12, 8, 50], 32, [12, 8, 11]) == [12, 8, 12]
    assert fitting([12, 8, 50], 26, [12, 8, 11]) == [9, 8, 9]  # the longest words alone give way
    assert sum(fitting([12, 8, 50], 24, [12, 8, 11])) == 24
