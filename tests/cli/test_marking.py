"""What changed is marked, with words for eyes without colour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.cli.frame.marking import (
    at_most,
    in_part,
    marked,
    marked_fields,
    marked_list,
    worth_seeing,
)


def text(spans: list[tuple[str, str]]) -> str:
    return "".join(part for part, _style in spans)


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        ("juin 2018", "juin 2019", "juin [-2018-]{+2019+}"),
        ("un titre", "un beau titre", "un {+beau +}titre"),
        ("2019", "2020", "2020"),
        ("a b", "a  b", "a[-␣-]{+␣␣+}b"),
        ("a b", "a\u00a0b", "a[-␣-]{+<U+00A0>+}b"),
        ("a b", "a\nb", "a[-␣-]{+¶\n+}b"),
        ("Un", "Un", "Un"),
    ],
)
def test_changed_words_are_marked_where_that_helps(before: str, now: str, shown: str) -> None:
    assert text(marked(before, now)) == shown


def test_marks_have_colours_too() -> None:
    assert marked("un mot", "un pas") == [("un ", ""), ("[-mot-]", "red"), ("{+pas+}", "green")]


@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        ("AB", "AB", ["A", "B"]),
        ("AB", "ABC", ["A", "B", "{+C+}"]),
        ("ABC", "AC", ["A", "[-B-]", "C"]),
        ("AB", "BA", ["[-A-]", "B", "{+A+}"]),
        ("AB", "", ["[-A-]", "[-B-]"]),
        ("", "AB", ["A", "B"]),
    ],
)
def test_lists_are_marked_by_element(before: str, now: str, lines: list[str]) -> None:
    assert text(marked_list(list(before), list(now))).split("\n") == lines


def test_an_element_that_changed_a_little_is_marked_by_word() -> None:
    spans = marked_list(["Gardien, Ève (Auteur)"], ["Gardien, Eve (Auteur)"])
    assert text(spans) == "Gardien, [-Ève-]{+Eve+} (Auteur)"


def test_fields_that_came_and_went_with_a_type_are_marked() -> None:
    before = {"Type de document": "Livre", "Édition": "12", "Lieu": "Paris"}
    now = {"Type de document": "Thèse", "Lieu": "Paris", "Université": "Lyon 2"}
    lines = text(marked_fields(before, now, "{name} : {value}")).split("\n")
    assert lines == [
        "Type de document : Thèse",
        "Lieu : Paris",
        "{+Université : Lyon 2+}",
        "[-Édition : 12-]",
    ]


LONG = (
    "Début du texte. " + "Rien de neuf ici. " * 30 + "Milieu. " + "Ni là non plus. " * 30 + "Fin."
)


def test_of_a_long_text_the_neighbourhood_of_changes_is_shown() -> None:
    here, there = LONG.replace("Milieu", "Centre"), LONG.replace("Fin.", "Terme.")
    seen = worth_seeing(LONG, here, there)
    shown = text(marked(LONG, here, seen))
    assert "[-Milieu-]{+Centre+}" in shown
    assert shown.endswith("Fin.")  # changed by the other side: both are shown the same part
    assert shown.startswith("[…] ")
    assert len(shown) < len(LONG) / 2
    assert in_part(LONG, seen) == text(marked(LONG, LONG, seen))


def test_nothing_is_left_out_of_the_whole() -> None:
    assert text(marked(LONG, LONG.replace("Milieu", "Centre"))).count("Rien de neuf") == 30


@pytest.mark.parametrize(
    ("signs", "shown"), [(9, "un deux"), (7, "un deux"), (6, "un deu […]"), (4, "un d […]")]
)
def test_of_a_text_beyond_measure_the_beginning_is_shown(signs: int, shown: str) -> None:
    assert text(at_most([("un ", ""), ("deux", "red")], signs)) == shown


words = st.lists(st.sampled_from(["mot", "un", " ", ".", "\n", "é"]), max_size=60).map("".join)


@given(words, words)
def test_what_is_left_out_is_nothing_that_changed(before: str, now: str) -> None:
    seen = worth_seeing(before, now)
    assert len(seen) == len(before)
    whole, part = text(marked(before, now)), text(marked(before, now, seen))
    for mark in ("[-", "{+"):
        assert whole.count(mark) == part.count(mark)
