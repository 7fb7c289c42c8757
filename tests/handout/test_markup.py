"""The little HTML of titles: what becomes formatting, and that nothing else ever goes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from strategies import messy_text

from zotsync.handout.entry import Face, Mark
from zotsync.handout.text.markup import closing, plain_text, runs


def looks(text: str) -> list[tuple[str, set[Face]]]:
    return [(run.text, set(run.faces)) for run in runs(text)]


@pytest.mark.parametrize(
    "tag",
    [
        'span style="font-variant:small-caps;"',
        'span style="font-variant: small-caps"',
        "span style='font-variant : small-caps ;'",
        "sc",
    ],
)
def test_small_caps_are_written_in_several_ways(tag: str) -> None:
    text = f"a <{tag}>xiv</{tag[:4].strip() if tag != 'sc' else 'sc'}>e"
    assert looks(text) == [("a ", set()), ("xiv", {Face.SMALL_CAPS}), ("e", set())]


def test_nocase_is_no_formatting_and_goes() -> None:
    assert looks('Un <span class="nocase">iPhone</span> <span class=nocase>X</span>') == [
        ("Un ", set()),
        ("iPhone", set()),
        (" ", set()),
        ("X", set()),
    ]


def test_formatting_inside_formatting_adds_up() -> None:
    assert looks("<i>a<sup>b<i>c</i>d</sup>e</i>f") == [
        ("a", {Face.ITALIC}),
        ("b", {Face.ITALIC, Face.SUP}),
        ("c", {Face.ITALIC, Face.SUP}),
        ("d", {Face.ITALIC, Face.SUP}),
        ("e", {Face.ITALIC}),
        ("f", set()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<span style="color:red">x</span>',
        '<span lang="en">x</span>',
        "<span>x</span>",
        "<em>x</em>",
        "<I>x</I>",
        '<i class="x">x</i>',
        "<i >x</i >",
        "<br>",
        "x </i> y <i>",
        "1 <i 2> 3",
        "<script>alert(1)</script>",
        "&lt;i&gt; &amp;",
    ],
)
def test_anything_else_is_shown_as_it_was_typed(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "עברית <i>שלום</i> abc",
        "👩🏽‍🦽 <b>👨‍👩‍👧</b>",
        "e\u0301<sup>e\u0301</sup>",
        "\u202eabc\u202c <i>\u2066x\u2069</i>",
        "\x07<i>\x00</i>\x1b",
        "<i>" + "œ" * 10_000 + "</i>",
    ],
)
def test_no_script_and_no_sign_gets_lost(text: str) -> None:
    assert plain_text(text) == re.sub("</?(?:i|b|sup)>", "", text)


@given(messy_text(), messy_text())
def test_messy_text_stays_whole(before: str, inside: str) -> None:
    tags = re.compile("</?i>")
    text = f"{before}<b>{inside}</b>"
    assert tags.sub("", plain_text(text)) == tags.sub("", before + inside)
    assert all(run.text and run.mark is Mark.ORIGIN for run in runs(text, Mark.ORIGIN) if text)


def test_closing_tags_stand_innermost_first() -> None:
    text = '<b>a <i>b</i> <span class="nocase">c d</span></b> <i>e'
    assert closing(text, text.index("d")) == "</span></b>"
    assert closing(text, text.index(" <span")) == "</b>"
    assert closing(text, text.index("e", 40)) == closing(text, 0) == ""


@pytest.mark.parametrize(
    "text",
    [
        "<i>" * 60_000,
        "</i>" * 60_000,
        "<i>" * 60_000 + "</b>" * 60_000,
        "<i>x" * 40_000 + "</i>" * 40_000,
        "<b>" + "<i>" * 60_000 + "</b>" * 60_000,
        "<i><b></i></b>" * 20_000,
        "<span " * 60_000,
        '<span style="font-variant' * 20_000,
        "<span style='" + " " * 200_000,
        "<span class = " * 40_000,
        "<" * 200_000,
    ],
    ids=lambda text: text[:20],
)
def test_a_hostile_title_takes_no_longer_than_it_is_long(text: str) -> None:
    assert plain_text(text + "fin").endswith("fin")
