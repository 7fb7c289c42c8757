"""What a file says of a field, beside what is here: the same in other signs, less, or something else."""

from __future__ import annotations

from typing import Any

import pytest
from exporting import person
from hypothesis import given
from hypothesis import strategies as st

from zotsync.incoming.values import adds_nothing, more_tags


@pytest.mark.parametrize(
    ("name", "here", "there", "nothing"),
    [
        ("title", "L’été", "L'ete !", True),
        ("title", "Été", "Étés", False),
        ("title", "Rapport 1, 2", "Rapport 12", False),
        ("date", "2020-03", "mars 2020", True),
        ("date", "2020-03-31", "2020", True),
        ("date", "2020", "2020-03-31", False),
        ("date", "2020-03-31", "2021", False),
        ("date", "2020", "printemps 2020", False),
        ("date", "2019/2021", "2019", False),
        ("date", "2016", "DL 2016", True),
        ("date", "2016", "[cop. 2016]", True),
        ("date", "2016", "impr. 2015", False),
        ("url", "https://www.x.org/a/", "http://x.org/a", True),
        ("url", "x.org/…/a", "x.org/…/a", True),
        ("url", "https://x.org/a", "https://x.org/b", False),
        ("ISBN", "2757413031", "978-2-7574-1303-6", True),
        ("ISBN", "978-2-07-036822-8", "978-2-7574-1303-6", False),
        ("ISSN", "00425605", "0042-5605", True),
        ("DOI", "10.1000/ABC", "https://doi.org/10.1000/abc", True),
        ("pages", "12-34", "pp. 12–34", True),
        ("pages", "12-34", "1-234", False),
        ("pages", "607-607", "607", True),
        ("pages", "n/a-n/a", "n/a", True),
        ("accessDate", "2025-04-06T15:07:13Z", "2025-04-06", True),
        ("accessDate", "2025-04-06", "2025-04-06T15:07:13Z", False),
        ("accessDate", "2025-04-06T15:07:13Z", "2025-04-07", False),
        ("edition", "2e éd.", "2", True),
        ("edition", "revue", "Revue", True),
        ("numPages", "320", "320 p.", True),
        ("language", "fr", "français", True),
        ("language", "fr", "en", False),
    ],
)
def test_values(name: str, here: str, there: str, *, nothing: bool) -> None:
    assert adds_nothing(name, here, there) is nothing


GARDIEN, ROELANDT = person("Gardien", "Ève"), person("Roelandt", "Jean-Luc")


@pytest.mark.parametrize(
    ("here", "there", "nothing"),
    [
        ([GARDIEN], [person("GARDIEN", "Eve")], True),
        ([GARDIEN, ROELANDT], [person("Gardien", "E.")], True),
        ([ROELANDT], [person("Roelandt", "J.-L.")], True),
        ([person("Gardien", "E.")], [GARDIEN], False),
        ([GARDIEN], [ROELANDT], False),
        ([GARDIEN], [GARDIEN, ROELANDT], False),
        ([person("La Fontaine", "Jean de")], [person("de La Fontaine", "Jean")], True),
        ([GARDIEN], [person("Gardien", "Ève", "editor")], False),
        (
            [GARDIEN, person("Martin", "Luc", "editor"), ROELANDT],
            [person("Martin", "Luc", "editor"), GARDIEN, ROELANDT],
            True,
        ),
        ([GARDIEN, ROELANDT], [ROELANDT, GARDIEN], False),
    ],
)
def test_people(here: Any, there: Any, *, nothing: bool) -> None:
    assert adds_nothing("creators", here, there) is nothing


@given(st.sampled_from(["date", "ISBN", "pages", "url", "title", "DOI"]), st.text(max_size=30))
def test_a_value_adds_nothing_to_itself(name: str, text: str) -> None:
    assert adds_nothing(name, text, text)
    adds_nothing(name, text, "2020")


@pytest.mark.parametrize(
    ("here", "there", "more"),
    [
        (["Films, en France"], ["Films", "en France"], []),
        (["Films, en France"], ["Films"], ["Films"]),
        (["Films, en France"], ["films, en france", "pairs"], ["pairs"]),
    ],
)
def test_tags(here: list[str], there: list[str], more: list[str]) -> None:
    mine, its = ([{"tag": name} for name in names] for names in (here, there))
    assert [tag["tag"] for tag in more_tags(mine, its)] == more
