from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.sync.merging.notehtml import cut_blocks, same_note


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<p>a</p>", "<p>a</p>\n"),
        ("<p>a</p><p>b</p>", "<p>a</p>\n\n<p>b</p>"),
        ("plain", "<p>plain</p>"),
        ("un <b>mot</b>", "<p>un <b>mot</b></p>"),
        ("<p>a<br>b</p>", "<p>a<br />b</p>"),
        ("<p>l&#39;été &eacute;</p>", "<p>l'été é</p>"),
        ("<p>a&nbsp;b</p>", "<p>a\u00a0b</p>"),
        ('<a href="u" rel="v">x</a>', "<a rel='v' href=\"u\">x</a>"),
        ('<p style="color: red">x</p>', '<p style="color:red;">x</p>'),
        ("<P>a</P>", "<p>a</p>"),
        ("<p>a\n b</p>", "<p>a b</p>"),
        ("<ul>\n<li> a</li>\n</ul>", "<ul><li>a</li></ul>"),
    ],
)
def test_a_note_is_the_same_after_the_server_wrote_it_its_way(sent: str, stored: str) -> None:
    assert same_note(sent, stored)
    assert same_note(stored, sent)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p>a <b>b</b></p>", "<p>a<b>b</b></p>"),
        ("<p>a\u00a0b</p>", "<p>a b</p>"),
        ("<p>a</p><p>b</p>", "<p>a b</p>"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ('<p class="x">a</p>', "<p>a</p>"),
        ("<p>&lt;b&gt;</p>", "<p><b></b></p>"),
        ("a<p>b</p>", "<p>a b</p>"),
        ("", "a"),
    ],
)
def test_notes_that_show_differently_differ(a: str, b: str) -> None:
    assert not same_note(a, b)
    assert not same_note(b, a)


def test_a_note_is_cut_into_its_top_level_blocks() -> None:
    pieces = cut_blocks(
        "<h1>a</h1>\n<ul><li>b</li>\n</ul>texte <b>gras</b> &amp; <br/>fin <p>c</p>"
    )
    assert pieces is not None
    assert pieces.units == (
        "<h1>a</h1>",
        "<ul><li>b</li>\n</ul>",
        "texte <b>gras</b> &amp; <br/>fin",
        "<p>c</p>",
    )


def test_the_tags_of_a_wrapper_are_units() -> None:
    pieces = cut_blocks('<div data-x="a>b">\n<p>a</p>\n<p>b</p>\n</div>')
    assert pieces is not None
    assert pieces.units == ('<div data-x="a>b">', "<p>a</p>", "<p>b</p>", "</div>")


@pytest.mark.parametrize(
    "note", ["<p>a", "a</p>", "<b><i>a</b></i>", "<p/>", "<P>a</P>", "<p>a</p >", "<!DOCTYPE html>"]
)
def test_a_note_that_is_not_balanced_or_reads_differently_is_not_cut(note: str) -> None:
    assert cut_blocks(note) is None


PARTS = [
    "<p>",
    "</p>",
    "<p>a</p>",
    "<div>",
    "</div>",
    "<br>",
    "&amp;",
    "&",
    "<",
    "x",
    "\n",
    " ",
    "<b>",
    "</b>",
]


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_blocks_put_together_are_the_note(note: str) -> None:
    pieces = cut_blocks(note)
    assert pieces is None or str(pieces) == note


@given(st.lists(st.sampled_from(PARTS)).map("".join), st.text())
def test_any_text_can_be_compared(note: str, text: str) -> None:
    assert same_note(note, note)
    assert same_note(note, text) == same_note(text, note)


@pytest.mark.parametrize(
    "part", ["<", "<a ", '<a b="', "</", "<!--", "<!-- x>", "<![CDATA[", "&", "<p>"]
)
def test_a_large_broken_note_is_soon_given_up(part: str) -> None:
    note = part * (100_000 // len(part))
    assert not same_note(note, note + "x")
    pieces = cut_blocks(note)
    assert pieces is None or pieces.units == (note,)
