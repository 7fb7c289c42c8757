"""Dates, names, typography and the little HTML of titles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.entry import Face
from zotsync.handout.text import dates
from zotsync.handout.text.collation import collation_key, name_key
from zotsync.handout.text.markup import plain_text, runs
from zotsync.handout.text.titles import split
from zotsync.handout.text.typography import french, is_french


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2020", "2020"),
        ("2020-01", "janvier 2020"),
        ("2020-01-01", "1er janvier 2020"),
        ("2020-12-18", "18 décembre 2020"),
        ("2020-02-29", "29 février 2020"),
        ("2021-02-29", "2021-02-29"),
        ("2020-13", "2020-13"),
        ("2020-00", "2020-00"),
        ("0000-01-01", "0000-01-01"),
        ("juillet-août 2019", "juillet-août 2019"),
        ("printemps 2021", "printemps 2021"),
        ("s.d.", "s.d."),
        ("", ""),
    ],
)
def test_iso_dates_are_told_in_words_and_others_kept(typed: str, words: str) -> None:
    assert dates.words(typed) == words


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2020-12-18", (2020, 12, 18)),
        ("2020", (2020, 0, 0)),
        ("juillet-août 2019", (2019, 7, 0)),
        ("printemps 2021", (2021, 3, 0)),
        ("1er mars 2018", (2018, 3, 1)),
        ("18 décembre 2020", (2020, 12, 18)),
        ("18/12/2020", (2020, 12, 18)),
        ("March 2020", (2020, 3, 0)),
        ("cop. 1998", (1998, 0, 0)),
        ("s.d.", None),
        ("", None),
    ],
)
def test_dates_are_sorted_by_what_can_be_read(typed: str, key: tuple[int, int, int] | None) -> None:
    assert dates.sort_key(typed) == key


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    dates.sort_key(text)
    if dates.parse_iso(text) is None:
        assert dates.words(text) == dates.year(text) == text


@pytest.mark.parametrize(
    ("typed", "full"),
    [("2020-01-01", True), ("1er mars 2018", True), ("2020-01", False), ("mars 2018", False)],
)
def test_a_full_date_names_a_day(typed: str, *, full: bool) -> None:
    assert dates.is_full(typed) is full


def test_words_are_sorted_as_in_a_french_dictionary() -> None:
    ordered = ["cote", "coté", "côte", "côté", "Côté", "eau", "Émile", "odeur", "oeuf", "œuvre", "offre",
               "pair aidant", "pair-aidance", "Zola"]  # fmt: skip
    for turn in range(len(ordered)):
        mixed = [*ordered[turn:], *ordered[:turn]][::-1]
        assert sorted(mixed, key=collation_key) == ordered


def test_names_stand_as_in_a_french_catalogue() -> None:
    ordered = ["de Certeau", "Du Bellay", "van Gogh", "d’Hombres", "HOUX", "Institut national",
               "Institut X", "La Bruyère", "de La Fontaine", "de la Tour", "Le Breton", "Leblanc",
               "von der Leyen", "Zola"]  # fmt: skip
    mixed = ordered[::-1]
    assert sorted(mixed, key=name_key) == ordered


def test_hyphens_apostrophes_and_unicode_forms_do_not_count() -> None:
    assert collation_key("l’aide") == collation_key("laide") == collation_key("l'aide")
    assert collation_key("pair-aidance")[0] == "pairaidance"
    assert collation_key("e\u0301té") == collation_key("été")


def test_lower_case_particles_do_not_count_and_capital_ones_do() -> None:
    assert name_key("de Certeau") == name_key("Certeau")
    assert name_key("d’Ormesson") == name_key("Ormesson")
    assert name_key("de l’Isle") == collation_key("l’Isle")
    assert name_key("da Silva") == name_key("Silva")
    for name in ("Le Goff", "De Gaulle", "du Bellay", "danse", "vonnegut", "demain"):
        assert name_key(name) == collation_key(name)
    assert name_key("de") == collation_key("de")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quoi ?", "Quoi\u202f?"),
        ("Quoi\u00a0?!", "Quoi\u202f?!"),
        ("Quoi?", "Quoi?"),
        ("a : b ; c !", "a\u00a0: b\u202f; c\u202f!"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("«\u202fmot\u202f»", "«\u00a0mot\u00a0»"),
        ("«mot»", "«mot»"),
        ("deux  ?", "deux\u202f?"),
        ("http://a.org/x?y;z:8", "http://a.org/x?y;z:8"),
    ],
)
def test_existing_blanks_become_the_right_ones(typed: str, printed: str) -> None:
    assert french(typed) == printed


@given(st.text(" ?;!:«»ab"))
def test_plain_blanks_become_what_odd_ones_become(text: str) -> None:
    odd = "a\u2009"  # where there is one, the long way is taken
    assert french(text + odd) == french(text) + odd


def test_a_font_without_the_thin_blank_gets_the_wide_one() -> None:
    assert french("Quoi ?", "\u00a0") == "Quoi\u00a0?"


@given(st.text(alphabet=" \u00a0\u202fab:;!?«»", max_size=40))
def test_typography_changes_blanks_alone_and_once(text: str) -> None:
    printed = french(text)
    assert french(printed) == printed
    strip = str.maketrans("", "", " \u00a0\u202f")
    assert printed.translate(strip) == text.translate(strip)
    if "  " not in text:  # the short way and the thorough one agree
        assert french(text.replace(" ", "\u2009")).replace("\u2009", " ") == printed


def test_french_is_the_language_of_items_without_one() -> None:
    assert [is_french(language) for language in ("", "fr", "fr-CA", "FR", "en", "de")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_balanced_html_of_titles_becomes_formatting() -> None:
    text = 'Le <i>Petit <b>Prince</b></i> H<sub>2</sub>O <span style="font-variant:small-caps;">xx</span>'
    assert [(run.text, set(run.faces)) for run in runs(text)] == [
        ("Le ", set()),
        ("Petit ", {Face.ITALIC}),
        ("Prince", {Face.ITALIC, Face.BOLD}),
        (" H", set()),
        ("2", {Face.SUB}),
        ("O ", set()),
        ("xx", {Face.SMALL_CAPS}),
    ]


@pytest.mark.parametrize(
    "text", ["a < b > c", "<i>ouvert", "fermé</b>", "<script>x</script>", "<p>"]
)
def test_other_html_stays_visible(text: str) -> None:
    assert plain_text(text) == text


def test_crossed_tags_lose_nothing() -> None:
    assert plain_text("<i>a<b>c</i>d</b>") == "a<b>cd</b>"


@given(
    st.lists(st.sampled_from(["<i>", "</i>", "<b>", "</b>", "<sub>", "</sub>", "<p>", "x", " "]))
)
def test_what_is_no_balanced_tag_is_never_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    kept = plain_text(text)
    for tag in ("i", "b", "sub"):
        lost = [text.count(form) - kept.count(form) for form in (f"<{tag}>", f"</{tag}>")]
        assert lost[0] == lost[1] >= 0
    tags = re.compile(r"</?(?:i|b|sub)>")
    assert tags.sub("", kept) == tags.sub("", text)


def test_long_rows_of_blanks_are_looked_at_once() -> None:
    blanks = "\u00a0 " * 50_000
    assert french(f"{blanks}a{blanks};") == f"{blanks}a\u202f;"


WORDS = st.lists(st.sampled_from(["a", "b.", " ", "\u00a0", "\u202f ", "é?"]), max_size=8).map(
    "".join
)


@given(WORDS, WORDS)
def test_a_title_is_split_where_its_short_form_ends_whatever_the_blanks(one: str, two: str) -> None:
    plain = split(f"{one} — {two}", one.strip())
    other = split(f"{one} — {two}".replace(" ", "\u202f\u00a0"), one.strip())
    tight = str.maketrans("", "", " \u00a0\u202f")
    assert [text.translate(tight) for text in plain] == [text.translate(tight) for text in other]


def test_a_long_title_is_split_as_fast_as_it_is_read() -> None:
    many = "mot " * 50_000
    assert split(f"{many}— fin", many.strip()) == (many.strip(), "fin")
