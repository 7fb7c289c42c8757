"""Abstracts in fewer words: cut where a reader would stop."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.text.markup import plain_text
from zotsync.handout.text.shortening import ORIGIN, shorten

FIRST = "La pair-aidance se développe en France."
SECOND, THIRD = "Elle interroge les équipes.", "Que devient le soin\u202f?"
MARK = "[Extr. intro.]"
ABSTRACT = f"{FIRST} {SECOND} {THIRD} Des professionnels témoignent. {MARK}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (100, ABSTRACT),
        (17, ABSTRACT),
        (16, f"{FIRST} {SECOND} {THIRD} […] {MARK}"),
        (13, f"{FIRST} {SECOND} […] {MARK}"),
        (6, f"{FIRST} […] {MARK}"),
        (5, f"La pair-aidance se développe en… {MARK}"),
        (1, f"La… {MARK}"),
    ],
)  # fmt: skip
def test_an_abstract_is_cut_at_a_sentence_end_and_says_so(words: int, expected: str) -> None:
    assert shorten(ABSTRACT, words) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("M. Roy et J.-L. Bel, p. ex. Paris, etc. Puis rien.", 8, "M. Roy et J.-L. Bel, p. ex. Paris… "),
        ("Voir n° 3, p. 12, et 3.50 euros. Puis rien du tout.", 9, "Voir n° 3, p. 12, et 3.50 euros. […]"),
        ("« Nous y sommes. » Elle le dit. Fin ici.", 6, "« Nous y sommes. » Elle le dit. […]"),
        ("Un recours à développer… Mais lequel ? Fin.", 6, "Un recours à développer… Mais lequel ? […]"),
        ("Un paragraphe.\nUn autre, plus long. Fin.", 6, "Un paragraphe.\nUn autre, plus long. […]"),
        ("Un titre.\n\nUn autre. Fin.\n[Extr. site]", 4, "Un titre.\n\nUn autre. […]\n[Extr. site]"),
        ("Un début […] et la suite. Fin de tout.", 5, "Un début […] et la suite. […]"),
        ("Un début. […] Une autre suite, et la fin.", 3, "Un début. […]"),
        ("Il dit (voir plus loin) cela.", 2, "Il dit…"),
        ("<i>Un titre long. Une suite.</i> Fin.", 4, "<i>Un titre long.</i> […]"),
        ("<b>Un <i>titre très long</i></b> et plus.", 3, "<b>Un <i>titre très</i></b>…"),
        ('<span class="nocase">i</span> et plus. Fin.', 3, '<span class="nocase">i</span> et plus. […]'),
        ("<i>Un mot. Un autre. Fin.", 2, "<i>Un mot. […]"),
        ("mot " * 5, 3, "mot mot mot…"),
    ],
)  # fmt: skip
def test_french_sentences_and_formatting_are_kept_whole(
    text: str, words: int, expected: str
) -> None:
    assert shorten(text, words) == expected.rstrip()


def test_what_is_short_enough_stays_as_it_is() -> None:
    for text in ("", "Un mot.", "Deux ! ? : « » mots  ", " \n"):
        assert shorten(text, 2) == text


PIECES = st.sampled_from(
    ["mot ", "Mot ", "fin. ", "fin.\n", "Quoi\u202f? ", "« ", "\u00a0» ", "[…] ", "[Extr. site] ",
     "<i>", "</i>", "M. ", "p. ex. ", "3.5 ", "… ", "<p> ", "J.-L. "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join), st.integers(1, 30))
def test_at_most_so_many_words_of_the_text_itself_stand(text: str, words: int) -> None:
    short = shorten(text, words)
    if short == text:
        return
    mark = ORIGIN.search(text.rstrip())
    if mark:
        assert short.endswith(mark[0])
    kept = short.removesuffix(mark[0]).rstrip() if mark else short
    kept = kept.removesuffix("…" if not kept.endswith("[…]") else "[…]").rstrip()
    told = re.sub("</?i>", "", kept)
    assert len([word for word in told.split() if re.search(r"\w", word)]) <= words
    assert "".join(re.sub("</?i>", "", text).split()).startswith("".join(told.split()))
    if "i>" not in plain_text(text):  # what was balanced is so still
        assert "i>" not in plain_text(kept)


def test_a_hostile_text_takes_no_longer_than_it_is_long() -> None:
    for text in ("<i>" * 50_000 + "a b c", "[" * 100_000 + " b c d", "a." * 100_000 + " b c d e"):
        assert shorten(text, 2)
