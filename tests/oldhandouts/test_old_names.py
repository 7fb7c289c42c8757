"""Names as references write them: particles, first names before and behind, translators."""

from __future__ import annotations

import pytest

from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.people import people
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import DOUBTFUL

PARTICLES = [
    ("Jean d'Ormoy", "d'Ormoy", "Jean"),
    ("Jean d’Ormoy", "d’Ormoy", "Jean"),
    ("d'Ormoy Jean", "d'Ormoy", "Jean"),
    ("d’Ormoy, Jean", "d’Ormoy", "Jean"),
    ("D'ORMOY Jean", "d'Ormoy", "Jean"),
    ("d'ORMOY Jean", "d'Ormoy", "Jean"),
    ("Jean d'ORMOY", "d'Ormoy", "Jean"),
    ("J.-L. d’Ormoy", "d’Ormoy", "J.-L."),
    ("Enguerrand d'Ormoy", "d'Ormoy", "Enguerrand"),
    ("Marie de la Tour", "de la Tour", "Marie"),
    ("de La Tour Marie", "de La Tour", "Marie"),
    ("de la Tour, Marie", "de la Tour", "Marie"),
    ("du Plessis Marie", "du Plessis", "Marie"),
    ("Marie du Plessis", "du Plessis", "Marie"),
    ("de Gaulejac V.", "de Gaulejac", "V."),
    ("de CASTRO Remi", "de Castro", "Remi"),
    ("Ludwig van der Berg", "van der Berg", "Ludwig"),
    ("van der Berg, Ludwig", "van der Berg", "Ludwig"),
    ("Margarethe von Trotta", "von Trotta", "Margarethe"),
    ("Maistre (Joseph de)", "Maistre", "Joseph de"),
    ("Jean de la Tour d'Auvergne", "de la Tour d'Auvergne", "Jean"),
]


@pytest.mark.parametrize(("text", "last", "first"), PARTICLES, ids=[p[0] for p in PARTICLES])
def test_a_particle_belongs_to_a_person_s_name(text: str, last: str, first: str) -> None:
    who = people(text)
    assert who is not None
    assert who.creators == ({"creatorType": "author", "lastName": last, "firstName": first},)


@pytest.mark.parametrize("text", ["Agence d'Urbanisme", "Maison d’Arrêt de Fresnes"])
def test_an_institution_with_a_particle_stays_one(text: str) -> None:
    who = people(text)
    assert who is not None
    assert who.creators == ({"creatorType": "author", "name": text},)


def test_words_that_only_look_like_a_name_are_doubtful() -> None:
    who = people("Histoire de France")
    assert who is not None
    assert who.confidence <= DOUBTFUL


@pytest.mark.parametrize(
    "text",
    [
        "Jean d'Ormoy, Le soin des autres, Paris, Dunod, 2018, 240 p.",
        "d’Ormoy, Jean. Le soin des autres. Paris : Dunod, 2018. 240 p.",
        "Le soin des autres / Jean d’Ormoy. – Paris : Dunod, 2018. – 240 p.",
        "Ludwig van der Berg, Le soin des autres, Paris, Dunod, 2018, 240 p.",
        "Marie de la Tour. Le soin des autres. Paris : Dunod, 2018. 240 p.",
    ],
)
def test_a_reference_that_begins_with_a_particle_s_name_is_told_apart(text: str) -> None:
    (entry,) = read_bibliography(text_pages(f"Références\n\n{text}\n")).entries
    (creator,) = entry.value("creators")
    assert creator["firstName"]
    assert (entry.value("title"), entry.value("publisher")) == ("Le soin des autres", "Dunod")
