from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zotsync.sync.merging.worddiff import changed_words

texts = st.text() | st.lists(
    st.sampled_from(["le", "pair", "l'aidant", ".", "\u00a0", "\n", " "])
).map("".join)


@given(texts, texts)
def test_runs_make_up_both_texts(old: str, new: str) -> None:
    runs = changed_words(old, new)
    assert "".join(text for op, text in runs if op != "new") == old
    assert "".join(text for op, text in runs if op != "old") == new
    assert all(text for _, text in runs)


@given(texts)
def test_equal_texts_have_nothing_changed(text: str) -> None:
    assert changed_words(text, text) == ([("same", text)] if text else [])


def test_only_the_changed_words_are_marked() -> None:
    assert changed_words(
        "Le travailleur pair, ce collègue.", "Le travailleur pair, ce nouveau collègue !"
    ) == [
        ("same", "Le travailleur pair, ce "),
        ("new", "nouveau "),
        ("same", "collègue"),
        ("old", "."),
        ("new", " !"),
    ]


def test_words_replaced_side_by_side_are_one_run() -> None:
    assert changed_words("un deux trois quatre", "un zwei drei quatre") == [
        ("same", "un "),
        ("old", "deux trois"),
        ("new", "zwei drei"),
        ("same", " quatre"),
    ]
