"""Layouts of other houses: a stated share of what is printed comes back right, nothing is invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from oldhandouts.laidout import NAMES, as_text, house, right_and_printed
from oldhandouts.made_up import forty

from zotsync.oldhandouts.accounting import words_of
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.kinds import FIELDS
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import ReadEntry
from zotsync.zotero.schema import bundled

SHARES = {"isbd": 0.98, "iso690": 0.98, "prisme": 0.97, "reiso-fiche": 0.95, "reiso-liste": 0.99}
"""Of the printed fields, type included, that come back right in each way of printing."""


@pytest.mark.parametrize(("width", "blank"), [(0, True), (90, True), (0, False)])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_comes_back(name: str, width: int, blank: bool, tmp_path: Path) -> None:  # noqa: FBT001
    theme, items = house(name, tmp_path), forty()
    read = read_bibliography(text_pages(as_text(theme, items, width=width, blank=blank)))
    right, printed, wrong = right_and_printed(read, theme, items)
    assert right >= SHARES[name] * printed, "\n".join(wrong)
    assert len(read.entries) in (39, 40)
    for entry in read.entries:
        assert invented(entry) == set()


def invented(entry: ReadEntry) -> set[str]:
    """Return the words of the fields that do not stand in the entry's text."""
    there = set(words_of(entry.source))
    made: set[str] = set()
    for found in entry.fields:
        if found.name in ("date", "accessDate"):
            said = set(re.findall(r"\d{4}", str(found.value)))
        elif found.name == "creators":
            said = set(words_of(" ".join(" ".join((*c.values(),)[1:]) for c in found.value)))
        elif found.name == "tags":
            said = set(words_of(" ".join(t["tag"] for t in found.value)))
        else:
            said = set(words_of(str(found.value)))
        made |= said - there
    return made


def test_every_field_that_is_read_is_one_of_its_type() -> None:
    types = bundled().item_types
    for kind, fields in FIELDS.items():
        assert fields - {"creators", "tags"} <= set(types[kind].fields), kind


OTHERS = """IRTS de Bretagne – Centre de documentation
BIBLIOGRAPHIE SÉLECTIVE
La protection de l'enfance
Mars 2019

OUVRAGES

BERGER Maurice, L'échec de la protection de l'enfance, Paris, Dunod, 2014, 270 p. [Cote : 362.7 BER]
NAVES Pierre, La réforme : une politique en mouvement, coll. Santé Social, Dunod, 2007, 281 p.

ARTICLES

ROBIN Pierrine, « La maltraitance en famille », Informations sociales, n°160, juillet-août 2010, pp. 90-97
SÉRAPHIN Gilles, « Mesures et représentations », Vie sociale, n° 9, 2015/1, p. 25-40.

Demailly, L., & Garnoussi, N. (2015). Le savoir des médiateurs. Sciences et actions sociales, 1(1), 51-72.

SITES INTERNET

ASKORIA, les métiers des solidarités : www.askoria.eu

Contact : documentation@example.org – Tél. : 02 99 00 00 00
"""


def test_a_centre_s_own_way_is_read_too() -> None:
    read = read_bibliography(text_pages(OTHERS))
    assert read.title == "IRTS de Bretagne – Centre de documentation"
    assert [(s.heading, len(s.entries)) for s in read.sections] == [
        ("OUVRAGES", 2),
        ("ARTICLES", 3),
        ("SITES INTERNET", 1),
    ]
    assert read.unplaced == ("Contact : documentation@example.org – Tél. : 02 99 00 00 00",)
    first, second, third, fourth, fifth, sixth = (dict(e.item()) for e in read.entries)
    assert first == {
        "itemType": "book",
        "creators": [{"creatorType": "author", "lastName": "Berger", "firstName": "Maurice"}],
        "title": "L'échec de la protection de l'enfance",
        "callNumber": "362.7 BER",
        "numPages": "270",
        "date": "2014",
        "publisher": "Dunod",
        "place": "Paris",
    }
    assert (second["title"], second["series"]) == (
        "La réforme : une politique en mouvement",
        "Santé Social",
    )
    assert (third["title"], third["publicationTitle"], third["pages"]) == (
        "La maltraitance en famille",
        "Informations sociales",
        "90-97",
    )
    assert fourth["creators"][0]["lastName"] == "Séraphin"
    assert (fifth["volume"], fifth["issue"], fifth["pages"], fifth["date"]) == (
        "1",
        "1",
        "51-72",
        "2015",
    )
    assert (sixth["itemType"], sixth["url"]) == ("webpage", "www.askoria.eu")


LABELLED = """Titre : Les non-dits du travail social
Auteur(s) : Xavier Bouchereau
Type de document : Ouvrage
Éditeur : Érès
Année de publication : 2012
Importance : 240 p.
Mots-clés : Travail social ; Éthique
Résumé : Le travailleur social est pris dans des paradoxes qu'il lui faut dénouer.
"""


def test_notices_of_a_catalogue_are_read_by_their_labels() -> None:
    (entry,) = read_bibliography(text_pages(LABELLED)).entries
    assert entry.item() == {
        "itemType": "book",
        "creators": [{"creatorType": "author", "lastName": "Bouchereau", "firstName": "Xavier"}],
        "title": "Les non-dits du travail social",
        "publisher": "Érès",
        "date": "2012",
        "numPages": "240",
        "tags": [{"tag": "Travail social"}, {"tag": "Éthique"}],
        "abstractNote": "Le travailleur social est pris dans des paradoxes qu'il lui faut dénouer.",
    }
