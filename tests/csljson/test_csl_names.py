from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from strategies import messy_text

from zotsync.csljson.names import csl_name

NAMES: dict[tuple[str, str], dict[str, Any]] = {
    ("Smith", "John"): {"family": "Smith", "given": "John"},
    ("la Fontaine", "Jean de"): {
        "family": "Fontaine",
        "given": "Jean",
        "non-dropping-particle": "la",
        "dropping-particle": "de",
    },
    ("de La Fontaine", "Jean"): {
        "family": "La Fontaine",
        "given": "Jean",
        "non-dropping-particle": "de",
    },
    ("d’Ormesson", "Jean"): {
        "family": "Ormesson",
        "given": "Jean",
        "non-dropping-particle": "d’",
    },
    ("d' Arc", "Jeanne"): {"family": "Arc", "given": "Jeanne", "non-dropping-particle": "d' "},
    ("L'Heureux", "Ève"): {"family": "L'Heureux", "given": "Ève"},
    ("Castro", "François de"): {
        "family": "Castro",
        "given": "François",
        "dropping-particle": "de",
    },
    ("Beethoven", "Ludwig van den"): {
        "family": "Beethoven",
        "given": "Ludwig",
        "dropping-particle": "van den",
    },
    ('"la Fontaine"', "Jean de"): {"family": "la Fontaine", "given": "Jean de"},
    ("King", "Martin Luther, Jr."): {
        "family": "King",
        "given": "Martin Luther",
        "suffix": "Jr.",
    },
    ("X", "A.,! III"): {"family": "X", "given": "A.", "suffix": "III", "comma-suffix": True},
    ("van Gogh", ""): {"family": "van Gogh", "given": ""},
}


@pytest.mark.parametrize(("typed", "expected"), NAMES.items())
def test_name_has_its_parts(typed: tuple[str, str], expected: dict[str, Any]) -> None:
    last, first = typed
    assert csl_name({"lastName": last, "firstName": first}) == expected


def test_institution_stays_whole() -> None:
    name = "de la Plateforme, Inc."
    assert csl_name({"name": name}) == {"literal": name}


@given(messy_text(4), messy_text(4))
def test_no_letter_of_a_name_is_lost(last: str, first: str) -> None:
    name = csl_name({"lastName": last, "firstName": first})
    said = "".join(str(part) for part in name.values())
    kept = [letter for letter in last + first if letter.isalnum()]
    assert sorted(letter for letter in said if letter.isalnum()) == sorted(kept)
