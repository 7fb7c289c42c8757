"""Entries of several lines: what each line is, told by what stands around it."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync.oldhandouts.fromhtml import html_pages
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
Parue dans Œuvre de justice et victimes, sous la direction de Robert Cario, L'Harmattan, Paris, 2004, \
pp. 125-140.
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


E_MAIL = """Bonjour à toutes et tous,

Voici la sélection du mois.

À LIRE

La justice restaurative, une utopie qui marche ?
Article de Robert Cario et de Camille d'Ornano
Paru dans la revue Les Cahiers de la Justice, n° 3, juillet-septembre 2020, pp. 471-484

Réparer les liens
Ouvrage de Noémie Micoulet-Ferry
Paru chez Larcier, coll. Crimen, 2018, 410 p.

À VOIR

Je verrai toujours vos visages
Film de Jeanne Herry-Aubert, 2023, 118 min

SUR LE WEB

Institut français pour la justice restaurative
https://www.justicerestaurative.org/
"""


def test_a_selection_in_an_e_mail_has_its_sections_and_no_greeting_for_a_title() -> None:
    read = read_bibliography(text_pages(E_MAIL))
    assert read.title == ""
    assert read.introduction == ("Bonjour à toutes et tous,", "Voici la sélection du mois.")
    assert [(s.heading, len(s.entries)) for s in read.sections] == [
        ("À LIRE", 2),
        ("À VOIR", 1),
        ("SUR LE WEB", 1),
    ]
    article, _book, film, site = read.entries
    assert [c["lastName"] for c in article.value("creators")] == ["Cario", "d'Ornano"]
    assert film.value("creators") == [
        {"creatorType": "director", "lastName": "Herry-Aubert", "firstName": "Jeanne"}
    ]
    assert (site.item_type, site.value("creators")) == ("webpage", None)


def test_a_line_that_is_a_link_is_a_title() -> None:
    page = """<h1>Proches aidants</h1><h2>Sites</h2><ul>
    <li><a href="https://www.aidants.example.org">Association Proches aidants</a>
    <br>Informations par téléphone.</li>
    <li>Avec toit : <a href="https://toit.example.org/">https://toit.example.org/</a></li></ul>"""
    first, second = read_bibliography(html_pages(page)).entries
    assert (first.value("title"), first.value("creators")) == ("Association Proches aidants", None)
    assert first.value("url") == "https://www.aidants.example.org"
    assert (second.value("title"), second.value("url")) == (
        "Avec toit",
        "https://toit.example.org/",
    )


def test_a_printed_address_whose_link_goes_through_a_mail_program_is_placed() -> None:
    link = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fjournals.example.org%2F62&amp;data=05"
    page = f"""<h1>Articles</h1><p>SORIN, François. Les outils. <i>Terminal</i> [en ligne]. 2020, n° 127.
    Disponible sur : <a href="{link}">https://journals.example.org/62</a></p>"""
    (entry,) = read_bibliography(html_pages(page)).entries
    assert entry.value("url") == "https://journals.example.org/62"
    assert entry.unplaced == ()
