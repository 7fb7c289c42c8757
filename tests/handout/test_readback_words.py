"""Texts compared whatever their typography, corrections carried over, dates and names read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from handout.documents import texts
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.entry import Face, Role, Run
from zotsync.handout.keeping.printed import Printed, PrintedEntry, PrintedLine, PrintedSection
from zotsync.handout.keeping.printings import remember_lines, remembered_lines
from zotsync.handout.readback.folding import fold, looks, marked_up, same, shown
from zotsync.handout.readback.matching import matched
from zotsync.handout.readback.paragraphs import Paragraph, keys_of
from zotsync.handout.readback.transfer import transferred
from zotsync.handout.text import dates
from zotsync.handout.text.typography import french


@given(texts())
def test_french_typography_makes_no_difference(text: str) -> None:
    assert same(french(text), text)
    assert same(french(text, "\u00a0"), text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’an « neuf » : oui !", "L'an «neuf» : oui!"),
        ("E\u0301te\u0301…", "Été..."),
        ("demi\u2011frère - suite", "demi-frère – suite"),
        ("ano\u00adnyme", "anonyme "),
    ],
)
def test_what_word_processors_do_makes_no_difference(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("a b", "ab"), ("A", "a"), ("12-15", "12–15"), ("e", "é")]
)
def test_letters_and_figures_make_one(one: str, other: str) -> None:
    assert not same(one, other)


@given(texts(), texts(), texts())
def test_what_was_not_corrected_stays_as_it_was_stored(before: str, old: str, after: str) -> None:
    stored, printed = f"{before} {old} mot {after}", french(f"{before} {old} mot {after}")
    assert transferred(stored, printed, printed) == stored


WORDS = st.lists(st.sampled_from(["l'un", "autre", "été", "3", "n°", "fin"]), max_size=8)


@given(WORDS, WORDS)
def test_a_correction_carried_over_says_what_was_corrected(old: list[str], new: list[str]) -> None:
    stored = " ".join(old)
    made = transferred(stored, french(stored), french(" ".join(new)))
    assert made is not None
    assert fold(made) == fold(" ".join(new))


SIGNS = st.lists(st.sampled_from(["un", "mot", "été", "!", "?", ":", ";", "«", "»"]), max_size=8)


@given(SIGNS, SIGNS)
def test_blanks_before_french_signs_come_and_go_with_them(old: list[str], new: list[str]) -> None:
    stored, wanted = " ".join(old), " ".join(new)
    assert transferred(stored, french(stored), french(wanted)) == wanted


@pytest.mark.parametrize(
    ("stored", "corrected", "made"),
    [
        ("Un collègue", "Un collègue !", "Un collègue !"),
        ("Un mot. Deux", "Un mot ? Deux", "Un mot ? Deux"),
        ("Un mot ? Deux", "Un mot. Deux", "Un mot. Deux"),
        ("Un mot vu", "Un « mot » vu", "Un « mot » vu"),
        ("Un mot? Vu", "Un mot ? Lu", "Un mot? Lu"),
    ],
)
def test_french_signs_are_corrected_as_they_are_typed(
    stored: str, corrected: str, made: str
) -> None:
    assert transferred(stored, french(stored), corrected) == made


def test_a_correction_of_what_is_not_stored_is_not_carried_over() -> None:
    assert transferred("un texte long et caché", "un texte […]", "un texte entier") is None
    assert (
        transferred("un texte long et caché", "un texte […]", "un mot […]")
        == "un mot long et caché"
    )


@given(st.dates())
def test_dates_in_words_are_read_back(day: object) -> None:
    for iso in (str(day), str(day)[:7], str(day)[:4]):
        assert dates.from_words(dates.words(iso)) == iso


@pytest.mark.parametrize(
    "text", ["", "printemps 2021", "juillet-août 2019", "31 février 2020", "s.d."]
)
def test_other_dates_are_none(text: str) -> None:
    assert dates.from_words(text) == ""


def test_looks_become_zoteros_html_and_back() -> None:
    both = frozenset({Face.ITALIC, Face.BOLD})
    line = shown([Run("a "), Run("b", faces=both), Run("c", faces=frozenset({Face.ITALIC}))])
    assert marked_up(line) in {"a <b><i>b</i></b><i>c</i>", "a <i><b>b</b>c</i>"}


def test_raised_ordinals_look_as_others() -> None:
    raised = [Run("Le 1"), Run("er", faces=frozenset({Face.SUP})), Run(" mot")]
    assert looks(shown(raised)) == looks(shown([Run("Le 1er mot")]))
    power = [Run("x"), Run("2", faces=frozenset({Face.SUP}))]
    assert looks(shown(power)) != looks(shown([Run("x2")]))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("_zk_ABCD2345", ("ABCD2345",)),
        ("_zk_ABCD2345_2", ("ABCD2345",)),
        ("_zk_ABCD2345_Copy_1", ("ABCD2345",)),
        ("_zk_ABCD2345_2_Copy_3", ("ABCD2345",)),
        ("_zk_ABCD", ()),
        ("_Toc1234", ()),
    ],
)
def test_bookmarks_name_items_also_after_copying(name: str, keys: tuple[str, ...]) -> None:
    assert keys_of(name) == keys


def printed(*texts: str) -> Printed:
    """Return a printing of entries with an abstract each, and nothing else to know them by."""
    entries = (
        PrintedEntry(f"ABCD234{n}", (PrintedLine(Role.ABSTRACT, (Run(text),)),))
        for n, text in enumerate(texts, 2)
    )
    title = PrintedLine(Role.TITLE, (Run("Titre"),))
    return Printed((title,), (PrintedSection(None, tuple(entries)),))


def test_entries_without_bookmark_and_alike_are_told_by_their_neighbours() -> None:
    roles = [Role.TITLE, *[Role.ABSTRACT] * 3]
    texts = ["Titre", "même", "même", "autre"]
    paragraphs = [Paragraph((Run(t),), r) for t, r in zip(texts, roles, strict=True)]
    found = matched(printed("même", "même", "autre"), paragraphs)
    ((_heading, entries),) = found.sections
    assert [(e.spot, e.paragraphs) for e in entries] == [
        ((0, 0), (1,)),
        ((0, 1), (2,)),
        ((0, 2), (3,)),
    ]


def test_the_last_printings_are_kept_and_damaged_ones_passed_over(tmp_path: Path) -> None:
    for number in range(15):
        remember_lines(tmp_path, "fiche/été", printed(str(number)))
    kept = list(remembered_lines(tmp_path, "fiche/été"))
    assert len(kept) == 12
    assert kept[0] == printed("14")
    for file in tmp_path.rglob("*.gz"):
        file.write_bytes(b"damaged")
    assert list(remembered_lines(tmp_path, "fiche/été")) == []
    assert list(remembered_lines(tmp_path, "other")) == []
