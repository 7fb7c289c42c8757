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
    ("Winnicott (Donald W.)", "Winnicott", "Donald W."),
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
        "de La Tour Marie. Le soin des autres. Paris : Dunod, 2018. 240 p.",
    ],
)
def test_a_reference_that_begins_with_a_particle_s_name_is_told_apart(text: str) -> None:
    (entry,) = read_bibliography(text_pages(f"Références\n\n{text}\n")).entries
    (creator,) = entry.value("creators")
    assert creator["firstName"]
    assert (entry.value("title"), entry.value("publisher")) == ("Le soin des autres", "Dunod")


TRANSLATED = [
    ("MAURE Erwin. Foyers, traduit de l'anglais par Liliane et Claude Lainé. Paris : Minuit, 1968. 450 p.",
     "Lainé Liliane; Lainé Claude"),
    ("MAURE Erwin. Foyers. Trad. de l'américain par Pierre-Emmanuel Auzat. Paris : Minuit, 1968. 450 p.",
     "Auzat Pierre-Emmanuel"),
    ("MAURE Erwin. Foyers, trad. Maxime Verville, Paris, Minuit, 1968, 450 p.", "Verville Maxime"),
    ("MAURE Erwin, Foyers (traduction de J.-B. Talis), Paris, Minuit, 1968, 450 p.", "Talis J.-B."),
    ("Maure, E. (1968). Foyers (L. Lainé, trad.). Minuit. 450 p.", "Lainé L."),
    ("Foyers / Erwin MAURE ; trad. Alain Kihm. – Paris : Minuit, 1968. – 450 p.", "Kihm Alain"),
    ("MAURE Erwin\nFoyers\nTraduit de l’anglais (États-Unis) par Alain Kihm\nParis : Minuit, 1968. – 450 p.",
     "Kihm Alain"),
    ("MAURE Erwin\nFoyers\nTraducteur : Alain Kihm\nParis : Minuit, 1968. – 450 p.", "Kihm Alain"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "translators"), TRANSLATED, ids=[t[0][:60] for t in TRANSLATED])
def test_a_translator_is_a_creator_and_a_guess(text: str, translators: str) -> None:
    (entry,) = read_bibliography(text_pages(f"Ouvrages\n\n{text}\n")).entries
    (creators,) = (one for one in entry.fields if one.name == "creators")
    author, *others = creators.value
    assert author["lastName"] == "Maure"
    assert "; ".join(f"{c['lastName']} {c['firstName']}" for c in others) == translators
    assert {c["creatorType"] for c in others} == {"translator"}
    assert creators.confidence <= DOUBTFUL
    assert creators.value[-1]["lastName"] in creators.text
    assert (entry.value("title"), entry.value("publisher")) == ("Foyers", "Minuit")
    assert entry.unplaced == ()


def test_a_translation_that_names_nobody_stays_in_the_text() -> None:
    text = "MAURE Erwin. Foyers. Traduit de l'allemand. Paris : Minuit, 1968. 450 p."
    (entry,) = read_bibliography(text_pages(f"Ouvrages\n\n{text}\n")).entries
    assert len(entry.value("creators")) == 1
    assert "allemand" in " ".join((str(entry.value("title")), *entry.unplaced))


def test_a_type_without_translators_has_them_as_contributors() -> None:
    text = "MAURE Erwin. Foyers. Thèse de doctorat, trad. Alain Kihm. Université de Lyon, 2011."
    (entry,) = read_bibliography(text_pages(f"Ouvrages\n\n{text}\n")).entries
    assert entry.item_type == "thesis"
    assert [c["creatorType"] for c in entry.value("creators")] == ["author", "contributor"]
