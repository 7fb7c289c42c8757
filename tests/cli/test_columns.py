"""Columns: whatever stands in them fits, nothing is lost, and no two things look the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.cli.frame.columns import Column, cells, laid_out, wrapped

NARROW, WIDE = "\u202f", "\u00a0"
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1eb\U0001f1f7"

signs = st.sampled_from(
    [
        "a",
        "mot",
        " ",
        "  ",
        "\n",
        "\u65e5\u672c",
        "e\u0301",
        FAMILY,
        FLAG,
        NARROW,
        "-",
        "\u2764\ufe0f",
    ]
)
texts = st.lists(signs, max_size=40).map("".join)
spans = st.lists(st.tuples(texts, st.sampled_from(["", "red"])), max_size=5)


def plain(lines: list[list[tuple[str, str]]]) -> list[str]:
    return ["".join(text for text, _style in line) for line in lines]


@given(spans, st.integers(2, 40))
def test_every_line_fits(pieces: list[tuple[str, str]], width: int) -> None:
    assert all(cells(line) <= width for line in plain(wrapped(pieces, width)))


@given(spans, st.integers(2, 40))
def test_nothing_but_blanks_is_lost(pieces: list[tuple[str, str]], width: int) -> None:
    def solid(text: str) -> str:
        return text.replace(" ", "").replace("\n", "")

    shown = solid("".join(plain(wrapped(pieces, width))))
    assert shown == solid("".join(text for text, _style in pieces))


@given(spans)
def test_without_a_limit_lines_break_where_the_text_does(pieces: list[tuple[str, str]]) -> None:
    text = "".join(text for text, _style in pieces)
    assert [line.rstrip() for line in plain(wrapped(pieces, None))] == [
        line.rstrip() for line in text.split("\n")
    ]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("un deux trois", 8, ["un deux", "trois"]),
        (f"Vraiment{NARROW}?", 8, ["Vraiment", f"{NARROW}?"]),
        (f"Il dit : «{WIDE}oui{WIDE}»", 9, ["Il dit :", f"«{WIDE}oui{WIDE}»"]),
        ("https://exemple.org", 8, ["https://", "exemple.", "org"]),
        ("\u65e5\u672c\u8a9e", 5, ["\u65e5\u672c", "\u8a9e"]),
        (f"ab{FAMILY}{FLAG}", 4, [f"ab{FAMILY}", FLAG]),
        ("e\u0301te\u0301", 2, ["e\u0301t", "e\u0301"]),
        ("un\n\ndeux", 9, ["un", "", "deux"]),
        ("", 9, [""]),
    ],
)
def test_lines_break_at_ordinary_blanks(text: str, width: int, lines: list[str]) -> None:
    assert plain(wrapped([(text, "")], width)) == lines


def test_colours_go_on_in_the_next_line() -> None:
    assert wrapped([("un ", ""), ("deux trois", "red")], 7) == [
        [("un ", ""), ("deux", "red")],
        [("trois", "red")],
    ]


THREE = [
    Column("avant", [("un", "")]),
    Column("ici", [("deux", "")]),
    Column("Zotero", [("x", "")]),
]


def test_columns_stand_side_by_side_where_there_is_room() -> None:
    assert plain(laid_out(THREE, 90)) == [
        f"{'avant':<31}{'ici':<31}Zotero",
        f"{'un':<31}{'deux':<31}x",
    ]


def test_wide_signs_keep_the_next_column_in_place() -> None:
    columns = [Column("avant", [("\u65e5\u672c", "")]), Column("ici", [("x", "")])]
    assert plain(laid_out(columns, 60))[1] == "\u65e5\u672c" + " " * 27 + "x"


@pytest.mark.parametrize("width", [None, 70])
def test_columns_stand_below_each_other_where_there_is_none(width: int | None) -> None:
    assert plain(laid_out(THREE, width)) == ["  avant   un", "  ici     deux", "  Zotero  x"]


def test_in_a_very_narrow_terminal_a_text_is_below_its_heading() -> None:
    assert plain(laid_out(THREE, 30))[:2] == ["  avant", "    un"]
    assert plain(laid_out(THREE, 50))[:2] == ["  avant   un", "  ici     deux"]


def test_texts_that_run_from_right_to_left_are_never_side_by_side() -> None:
    columns = [Column("avant", [("\u0643\u062a\u0627\u0628", "")]), Column("ici", [("x", "")])]
    assert plain(laid_out(columns, 120)) == ["  avant  \u0643\u062a\u0627\u0628", "  ici    x"]


def test_remarks_keep_the_texts_on_one_height() -> None:
    columns = [Column("ici", [("a", "")]), Column("Zotero", [("b", "")], "dominique, hier")]
    lines = plain(laid_out(columns, 60))
    assert [line.split() for line in lines] == [
        ["ici", "Zotero"],
        ["dominique,", "hier"],
        ["a", "b"],
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a<U+001B>[31mb"),
        ("a\x9bb", "a<U+009B>b"),
        ("co\u00adop", "co<U+00AD>op"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\tb", "a b"),
        (FAMILY, FAMILY),
    ],
)
def test_what_cannot_be_seen_or_acts_on_the_terminal_is_a_number(text: str, shown: str) -> None:
    (line,) = laid_out([Column("x", [(text, "")])], None)
    assert "".join(text for text, _style in line[3:]) == shown or plain([line])[0].endswith(shown)


@given(st.lists(spans, min_size=1, max_size=3), st.integers(10, 160))
def test_whatever_is_laid_out_fits(texts: list[list[tuple[str, str]]], width: int) -> None:
    columns = [Column(f"n{n}", pieces, "quand") for n, pieces in enumerate(texts)]
    assert all(cells(line) <= width for line in plain(laid_out(columns, width)))
