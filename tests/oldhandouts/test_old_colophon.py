"""Lines in which a handout speaks of itself are told as not placed; none becomes an item."""

from __future__ import annotations

import pytest

from zotsync.oldhandouts.colophon import is_colophon
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.reading import read_bibliography

OWN = [
    "Mis à jour le 3 octobre 2021",
    "Mise à jour : octobre 2021",
    "Dernière mise à jour : 12/10/2021",
    "(mise à jour septembre 2020)",
    "Document réalisé par Anne Dupont, documentaliste",
    "Bibliographie sélective réalisée par le centre de documentation",
    "Centre de documentation – 12 rue des Lilas, 35000 Rennes",
    "35000 Rennes",
    "12 rue des Lilas – 35000 RENNES CEDEX 7",
    "Tél. 02 99 12 34 56",
    "Tél : 02 99 12 34 56 – documentation@example.org",
    "documentation@example.org",
    "Horaires : du lundi au vendredi",
    "Horaires d'ouverture : du lundi au vendredi, 9h-12h30 / 13h30-17h",
    "Ouvert du lundi au vendredi de 9h à 17h",
]
WORKS = [
    "Mise à jour des connaissances en addictologie",
    "36 quai des Orfèvres",
    "Ouverture du marché du travail",
    "Téléphone arabe",
    "Tel père, tel fils",
    "L'état des lieux 2019",
    "Accueil des enfants le mercredi",
    "Fiche de lecture proposée en classe : 2010",
    "Paris : Dunod, 2018. – 240 p.",
]
ENTRIES = """
Ouvrages

MARTIN Paul
Vivre avec un handicap psychique
Paris : Dunod, 2018. – 240 p.

DURAND Claire
Le soin
Empan, n° 12, 2019, p. 3-9.
"""


@pytest.mark.parametrize("line", OWN)
def test_a_line_about_the_document_is_known(line: str) -> None:
    assert is_colophon(line)


@pytest.mark.parametrize("line", WORKS)
def test_a_work_is_no_line_about_the_document(line: str) -> None:
    assert not is_colophon(line)


@pytest.mark.parametrize("line", OWN)
def test_it_is_no_item_at_the_head_nor_at_the_end(line: str) -> None:
    head = read_bibliography(text_pages(f"La pair-aidance\n{line}\n{ENTRIES}"))
    end = read_bibliography(text_pages(f"La pair-aidance\n{ENTRIES}\n{line}\n"))
    for read in (head, end):
        assert [e.value("title") for e in read.entries] == [
            "Vivre avec un handicap psychique",
            "Le soin",
        ]
        assert [s.heading for s in read.sections] == ["Ouvrages"]
    assert (head.title, head.introduction) == ("La pair-aidance", (line,))
    assert end.unplaced == (line,)


def test_it_is_not_the_title_where_it_stands_first() -> None:
    read = read_bibliography(text_pages(f"{OWN[0]}\n\nLa pair-aidance\n{ENTRIES}"))
    assert (read.title, read.introduction) == ("La pair-aidance", (OWN[0],))


def test_all_lines_of_a_contact_are_told_each_as_it_stands() -> None:
    lines = (OWN[4], "12 rue des Lilas", "35000 Rennes", OWN[9], OWN[11], OWN[13], OWN[2])
    read = read_bibliography(text_pages(f"La pair-aidance\n{ENTRIES}\n" + "\n".join(lines)))
    assert len(read.entries) == 2
    assert read.unplaced == lines
