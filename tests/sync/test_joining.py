"""Keeping both sides: nothing of either is missing, what is shared stands once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.model import normal_text
from zotsync.sync.merging.joining import joined
from zotsync.sync.merging.notehtml import cut_blocks

ANNE = {"creatorType": "author", "lastName": "Anne", "firstName": ""}
BELA = {"creatorType": "author", "lastName": "Béla", "firstName": ""}
CLEO = {"creatorType": "editor", "lastName": "Cléo", "firstName": ""}


@pytest.mark.parametrize(
    ("field", "here", "zotero", "both"),
    [
        ("abstractNote", "Ici.", "Là.", "Ici.\nLà."),
        ("abstractNote", "Un.\nIci.\nTrois.", "Un.\nLà.\nTrois.", "Un.\nIci.\nLà.\nTrois."),
        ("abstractNote", "Un.\n\nIci.", "Un.\n\nLà.", "Un.\n\nIci.\n\nLà."),
        ("abstractNote", "Un.", "Un.\nDeux.", "Un.\nDeux."),
        ("note", "<p>un</p><p>ici</p>", "<p>un</p><p>là</p>", "<p>un</p><p>ici</p>\n<p>là</p>"),
        (
            "note",
            "<div><p>ici</p></div>",
            "<div><p>là</p></div>",
            "<div><p>ici</p>\n<p>là</p>\n</div>",
        ),
        ("note", "<div><p>x</p></div>", "<p>là</p>", "<div><p>x</p></div>\n<p>là</p>"),
        ("note", "ici", "là", "ici<br>\nlà"),
        ("note", "<b>ici</b>", "<i>là</i>", "<b>ici</b><br>\n<i>là</i>"),
        ("note", "<p>ouvert", "<p>là</p>", None),
        ("extra", "PMID: 1\nIci", "PMID: 1\nLà", "PMID: 1\nIci\nLà"),
        ("creators", [ANNE, BELA], [ANNE, CLEO], [ANNE, BELA, CLEO]),
        ("tags", [{"tag": "a"}], [{"tag": "a"}, {"tag": "b"}], [{"tag": "a"}, {"tag": "b"}]),
        ("collections", ["ABCD2345"], ["BCDE2345"], ["ABCD2345", "BCDE2345"]),
        ("title", "Ici", "Là", None),
        ("abstractNote", "", "Là", None),
    ],
)
def test_both_sides_stand(field: str, here: Any, zotero: Any, both: Any) -> None:
    assert joined(field, here, zotero) == both


texts = st.lists(
    st.sampled_from(["Ici.", "Là.", "Un mot", "X: 1", "\n", "\n\n", " \n"]), min_size=1
).map(lambda parts: normal_text("".join(parts)))
blocks = st.sampled_from(
    ["<p>un</p>", "<p>deux</p>", "<ul><li>a</li></ul>", "nu", "<b>gras</b>", "\n"]
)
notes = st.lists(blocks, min_size=1).map(lambda parts: normal_text("".join(parts)))


@given(st.sampled_from(["abstractNote", "extra"]), texts, texts)
def test_every_line_of_either_side_is_in_the_whole(field: str, here: str, zotero: str) -> None:
    both = joined(field, here, zotero)
    if both is None:
        assert not (here and zotero)
        return
    lines = {line.strip() for line in both.split("\n")}
    assert {line.strip() for line in f"{here}\n{zotero}".split("\n") if line.strip()} <= lines
    assert both == normal_text(both)


@given(st.sampled_from(["abstractNote", "extra", "note"]), texts | notes)
def test_a_side_joined_with_itself_is_itself(field: str, text: str) -> None:
    assert joined(field, text, text) == (text or None)


@given(notes, notes)
def test_a_joined_note_is_sound_and_holds_every_block(here: str, zotero: str) -> None:
    both = joined("note", here, zotero)
    if both is None:
        assert not (here and zotero)
        return
    assert cut_blocks(both) is not None
    for word in ("<p>un</p>", "<p>deux</p>", "<ul><li>a</li></ul>", "<b>gras</b>", "nu"):
        assert (word in here or word in zotero) <= (word in both)
