"""Entries of several lines: what each line is, told by what stands around it."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.reading import read_bibliography

ALONE: list[tuple[str, str, dict[str, Any]]] = [
    (
        "a title, a periodical, its number",
        "Le rétablissement en santé mentale\nRhizome\nn° 65-66, octobre 2017, p. 12-14",
        {"itemType": "journalArticle", "title": "Le rétablissement en santé mentale",
         "publicationTitle": "Rhizome", "issue": "65-66", "date": "2017-10", "creators": None},
    ),
    (
        "a periodical that is not known",
        "Pair-aidance : un savoir qui compte\nL'Information des ateliers\nn° 9, novembre 2015, p. 741-748",
        {"itemType": "journalArticle", "title": "Pair-aidance : un savoir qui compte",
         "publicationTitle": "L'Information des ateliers", "issue": "9", "creators": None},
    ),
    (
        "names between",
        "Habiter et se soigner\nMARTIN Paul, DURAND Claire\nL'Information des ateliers\nVol. 4, n° 9, 2015",
        {"title": "Habiter et se soigner", "publicationTitle": "L'Information des ateliers",
         "volume": "4", "creators": "Martin Durand"},
    ),
    (
        "names first",
        "MARTIN Paul\nHabiter et se soigner\nRhizome\nn° 9, 2015, p. 741-748",
        {"title": "Habiter et se soigner", "publicationTitle": "Rhizome", "creators": "Martin"},
    ),
    (
        "a newspaper and a day",
        "Vivre ensemble\nLe Monde\n12 mars 2019, p. 4",
        {"itemType": "newspaperArticle", "publicationTitle": "Le Monde", "date": "2019-03-12"},
    ),
    (
        "a magazine and a day",
        "Un toit pour tous\nAnne Leroy\nLe Média social\n3 juin 2020",
        {"itemType": "magazineArticle", "publicationTitle": "Le Média social", "creators": "Leroy"},
    ),
    (
        "a publisher and a year",
        "Le rétablissement\nPaul Martin\nDunod\n2018, 240 p.",
        {"itemType": "book", "title": "Le rétablissement", "publisher": "Dunod", "creators": "Martin"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), [a[1:] for a in ALONE], ids=[a[0] for a in ALONE])
def test_who_issued_a_work_may_stand_alone_on_a_line(text: str, fields: dict[str, Any]) -> None:
    (entry,) = read_bibliography(text_pages(f"Dossier\n\nARTICLES\n\n{text}\n")).entries
    item = dict(entry.item())
    names = " ".join(c.get("lastName", c.get("name")) for c in item.get("creators", ()))
    item["creators"] = names or None
    assert {name: item.get(name) for name in fields} == fields
    assert entry.unplaced == ()


def test_a_short_sentence_at_an_entry_s_end_is_not_the_next_one_s_title() -> None:
    text = """Justice restaurative

Réparer les liens
Ouvrage de Noémie Micoulet-Ferry
Paru chez Larcier, coll. Crimen, 2018, 410 p.
Une thèse devenue livre de référence.

La place de la victime
Contribution de Benjamin Sayous-Prat
Parue dans Œuvre de justice et victimes, L'Harmattan, 2004, pp. 125-140.
"""
    first, second = read_bibliography(text_pages(text)).entries
    assert first.value("abstractNote") == "Une thèse devenue livre de référence."
    assert second.value("title") == "La place de la victime"


def test_a_reference_whose_container_is_called_study_is_no_abstract() -> None:
    text = (
        "Articles\n\nSORIN, François. Les outils. Terminal. 2020, n° 127.\n\n"
        "DAVENEL, Yves-Marie. Le numérique. In : EMMAÜS CONNECT (éd.). Les études Connexions solidaires. "
        "Paris : Emmaüs Connect, 2016, p. 12-46.\n"
    )
    _first, second = read_bibliography(text_pages(text)).entries
    assert second.value("title") == "Le numérique"
