"""What no field took is kept with its signs: nothing of a source is dropped."""

from __future__ import annotations

import pytest

from zotsync.oldhandouts.accounting import left_over
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.reading import read_bibliography

LEFT = [
    ("Prix : 12 €", "", "Prix : 12 €"),
    ("Prix : 12,50 €. Épuisé", "Épuisé", "Prix : 12,50 €"),
    ("Paris : Dunod, 2018. – 45 €", "Paris Dunod 2018", "45 €"),
    ("$12 et £ 5", "", "$12 et £ 5"),
    ("50 % des cas", "", "50 % des cas"),
    ("C++ et C#", "", "C++ et C#"),
    ("n° 45", "", "n° 45"),
    ("160 p.", "", "160 p"),
]


@pytest.mark.parametrize(("line", "placed", "kept"), LEFT, ids=[one[0] for one in LEFT])
def test_what_is_kept_has_its_signs(line: str, placed: str, kept: str) -> None:
    assert left_over([line], [placed]) == (kept,)


def test_what_was_placed_is_not_kept() -> None:
    assert left_over(["Paris : Dunod, 2018. – 160 p."], ["Paris", "Dunod", "2018", "160"]) == ()


def test_a_price_is_no_publisher() -> None:
    text = (
        "Références\n\nPENNAC Daniel. La marche lente. Paris : Minuit, 1968. 450 p. Prix : 12 €\n"
    )
    (entry,) = read_bibliography(text_pages(text)).entries
    assert (entry.value("place"), entry.value("publisher")) == ("Paris", "Minuit")
    assert entry.unplaced == ("Prix : 12 €",)
