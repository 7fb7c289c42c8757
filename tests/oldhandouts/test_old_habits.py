"""Habits of other houses: medicine, catalogues, e-mails, films; each told by general signs."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync.oldhandouts.blocks import Block, Look
from zotsync.oldhandouts.fromhtml import html_pages
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.pdflines import PdfLine, Piece, pages_of
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.shapes import shapes_of

ONE: list[tuple[str, str, dict[str, Any]]] = [
    (
        "medicine: initials without stops, volume and issue behind the year",
        "Foucaud J, Bury JA, Balcou M. Éducer le patient. Santé publique 2010 ; 22(1) : 15-27.",
        {
            "creators": "Foucaud J; Bury JA; Balcou M", "title": "Éducer le patient",
            "publicationTitle": "Santé publique", "volume": "22", "issue": "1", "pages": "15-27",
        },
    ),
    (
        "medicine: a volume alone",
        "Lagger G, Pataky Z. Éduquer, une preuve. Revue médicale 2009;5:688-690.",
        {"creators": "Lagger G; Pataky Z", "volume": "5", "issue": None, "pages": "688-690"},
    ),
    (
        "a surname of two letters behind a first name stays one",
        "Jean LY. Le soin. Paris : Dunod, 2010. 120 p.",
        {"creators": "Ly Jean"},
    ),
    (
        "a year in brackets behind the number is no number",
        "Cordier A. Les écrans. In : Communication, n° 199 (2019), p. 91-108",
        {"issue": "199", "date": "2019", "pages": "91-108", "extra": None},
    ),
    (
        "a catalogue: « in » behind the names",
        "Agir ensemble / Paul Meyer ; Anne Brot in Vie sociale, 28 (2019). - p. 11-25",
        {"creators": "Meyer Paul; Brot Anne", "title": "Agir ensemble", "publicationTitle": "Vie sociale"},
    ),
    (
        "a catalogue: « In : » behind a full stop",
        "Agir ensemble / Paul Meyer. In : Vie sociale, n° 28, 2019. - p. 11-25",
        {"creators": "Meyer Paul", "publicationTitle": "Vie sociale", "issue": "28", "pages": "11-25"},
    ),
    (
        "a dissertation for a diploma",
        "La place des émotions / Camille Besnard. - Rennes : Askoria, 2018. - 62 p. - Mémoire DEES",
        {"itemType": "thesis", "university": "Askoria", "thesisType": "Mémoire DEES"},
    ),
    (
        "a periodical whose name begins with « Le Journal »",
        "Luc Roy. Le couple\nParu dans Le Journal des psychologues, n° 365, mars 2019, p. 30-35",
        {"publicationTitle": "Le Journal des psychologues"},
    ),
    (
        "« aux éditions » is no part of a publisher's name",
        "Être protégée\nLuc Roy (dir.)\nParu aux éditions Dunod, 2017, 288 pages",
        {"publisher": "Dunod"},
    ),
    (
        "a city and its country",
        "Paugam, S. (2014). L'intégration inégale. Paris, France : Presses universitaires de France.",
        {"place": "Paris, France", "publisher": "Presses universitaires de France"},
    ),
    (
        "a chapter of a book that is dated by its author",
        "DE MAILLARD Jacques (2004), « La ville », in ROY Luc (dir.), Cités, Paris, Elsevier, pp. 63-84.",
        {"bookTitle": "Cités", "place": "Paris", "publisher": "Elsevier", "date": "2004"},
    ),
    (
        "a chapter in APA, its publisher behind the pages",
        "MAUNAYE, E. (2013). Le logement. Dans J.-F. ROY (dir.), La ville (p. 33-48). Presses de Liège.",
        {"bookTitle": "La ville", "pages": "33-48", "publisher": "Presses de Liège", "extra": None},
    ),
    (
        "an institution in capitals, and its first letters",
        "HAUTE AUTORITÉ DE SANTÉ. Le soutien des aidants. HAS, 2014. 92 p.",
        {"itemType": "report", "institution": "HAS"},
    ),
    (
        "a film: by whom, when, how long",
        "Hors normes, d'Olivier Nakache et Éric Toledano, 2019, 114 min",
        {
            "itemType": "videoRecording", "title": "Hors normes", "date": "2019",
            "creators": "Nakache Olivier; Toledano Éric", "runningTime": "114 min", "extra": None,
        },
    ),
    (
        "a film: its studio, and what it is on",
        "12 jours. Un film de Raymond Depardon. Palmeraie et désert, 2017. 87 min. DVD.",
        {
            "creators": "Depardon Raymond", "studio": "Palmeraie et désert", "runningTime": "87 min",
            "videoRecordingFormat": "DVD", "extra": None,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), [one[1:] for one in ONE], ids=[o[0] for o in ONE])
def test_a_habit_is_understood(text: str, fields: dict[str, Any]) -> None:
    (entry,) = read_bibliography(text_pages(f"Références\n\n{text}\n")).entries
    assert {name: item_of(entry.item()).get(name) for name in fields} == fields


def item_of(item: Any) -> dict[str, Any]:
    """Return an item with its creators in one line."""
    names = (c.get("name") or f"{c['lastName']} {c['firstName']}" for c in item.get("creators", ()))
    return {**item, "creators": "; ".join(names)}


LETTER = """Bonjour à toutes et à tous,

Voici la veille du mois d'avril sur le logement. Bonne lecture !


A LIRE DANS LA PRESSE

- Expulsions locatives : les associations redoutent le printemps
Le Monde, 2 avril 2021, par Isabelle Rey-Lefebvre
https://www.lemonde.fr/societe/article/2021/04/02/expulsions_6075310.html

- Logement d'abord : cinq ans après
ASH, n° 3204, 9 avril 2021, p. 6-10


DU COTE DES RAPPORTS

- 26e rapport sur l'état du mal-logement en France
Fondation Abbé Pierre, février 2021, 362 p.
https://www.fondation-abbe-pierre.fr/sites/reml_2021.pdf


A ECOUTER

- Sans-abri : la vie d'après (podcast, 54 min)
France Culture, 30 mars 2021
https://www.franceculture.fr/emissions/sans-abri


Bonne lecture, et à bientôt !
Claire Fournier, documentaliste
"""


def test_a_letter_is_read_without_what_is_said_around_it() -> None:
    read = read_bibliography(text_pages(LETTER))
    headings = ["A LIRE DANS LA PRESSE", "DU COTE DES RAPPORTS", "A ECOUTER"]
    assert [s.heading for s in read.sections] == headings
    first, second, third, last = (item_of(entry.item()) for entry in read.entries)
    assert first["title"] == "Expulsions locatives : les associations redoutent le printemps"
    assert (first["publicationTitle"], first["date"]) == ("Le Monde", "2021-04-02")
    assert (first["creators"], second["creators"]) == ("Rey-Lefebvre Isabelle", "")
    assert third["title"] == "26e rapport sur l'état du mal-logement en France"
    assert (last["itemType"], last["title"]) == ("podcast", "Sans-abri : la vie d'après")
    assert (last["runningTime"], last["seriesTitle"]) == ("54 min", "France Culture")
    assert read.unplaced == ("Bonne lecture, et à bientôt !", "Claire Fournier, documentaliste")


LIST = """<h1>Autisme</h1><h2>Articles et rapports</h2><ul>
<li>Roy Anne. Vieillir. <em>Empan</em>, 2008, n° 1, p. 12-13.</li>
<li>Anesm. Les comportements : prévention et réponses. Anesm, 2016. 120 p.</li>
<li>Bon Luc. Partir. <em>Empan</em>, 2009, n° 4, p. 1-9.</li>
<li>Mon petit frère. Film de Luc Philibert, 2007, 6 min</li></ul><p>© CRA 2022 – Mentions légales</p>"""


def test_each_point_of_a_list_of_references_is_one() -> None:
    read = read_bibliography(html_pages(LIST))
    assert len(read.entries) == 4
    assert read.unplaced == ("© CRA 2022 – Mentions légales",)


@pytest.mark.parametrize(
    ("texts", "heading"),
    [
        (("Ouvrages", "Films", "Documentaires", "Podcasts et émissions", "Sites utiles"), True),
        (("Vieillir", "Partir", "Revenir", "Habiter quelque part", "Dire adieu"), False),
    ],
    ids=["sections", "titles"],
)
def test_headings_that_stand_often_are_sections_where_they_name_kinds(
    texts: tuple[str, ...],
    heading: bool,  # noqa: FBT001
) -> None:
    source = Block("Roy Anne. Vieillir. Paris : Dunod, 2008. 120 p.")
    blocks = [one for text in texts for one in (Block(text, Look(level=1)), source)]
    assert all((shape.heading > 4) == heading for shape in shapes_of(blocks)[::2])


def test_names_that_can_be_read_both_ways_are_read_as_the_others_are() -> None:
    known = ("Roy Anne", "Petit Jean", "Bon Claire", "Join Hélène, Boddy Janex")
    lines = [f"{names}. Vieillir. Paris : Dunod, 2010. 120 p." for names in known]
    entries = read_bibliography(text_pages("\n\n".join(["Références", *lines]))).entries
    assert [item_of(entry.item())["creators"] for entry in entries][
        -1
    ] == "Join Hélène; Boddy Janex"
    lines = [line.replace("Roy Anne", "Anne Roy") for line in lines]
    entries = read_bibliography(text_pages("\n\n".join(["Références", *lines]))).entries
    assert [item_of(entry.item())["creators"] for entry in entries][
        -1
    ] == "Join Hélène; Janex Boddy"


BOLD = """<h1>À écouter, à lire</h1><h2>Podcasts</h2>
<p><b>Santé mentale, briser le tabou</b>, podcast, France Inter, 10 octobre 2020, 52 min</p>
<p><b>Les Maux bleus</b> (podcast), par Marie Dupont, Place des Sciences, 2021</p>
<h2>Ouvrages</h2>
<p><b>Roy Anne.</b> Vieillir chez soi. Paris : Dunod, 2010. 120 p.</p>
<p><b>Partir, revenir</b>, Claire Petit, Paris : Dunod, 2012. 80 p.</p>"""


def test_a_title_in_bold_is_told_from_names_in_bold() -> None:
    first, second, third, last = (
        item_of(entry.item()) for entry in read_bibliography(html_pages(BOLD)).entries
    )
    assert (first["title"], first["itemType"]) == ("Santé mentale, briser le tabou", "podcast")
    assert (first["seriesTitle"], first["runningTime"]) == ("France Inter", "52 min")
    assert (second["title"], second["creators"]) == ("Les Maux bleus", "Dupont Marie")
    assert (third["title"], third["creators"]) == ("Vieillir chez soi", "Roy Anne")
    assert (last["title"], last["creators"]) == ("Partir, revenir", "Petit Claire")


def test_a_reference_that_is_bold_for_a_line_goes_on_below() -> None:
    texts = (
        ("Zribi Gérard, Bérardi Laure, Dupont Anne-Charlotte.", " Les retraités handicapés"),
        ("", "mentaux et leur environnement. Empan, 2017, n° 107, pp. 42-51."),
    )
    lines = [
        PdfLine(
            1, 50.0, 450.0, 700.0 - 13 * at, 710.0 - 13 * at,
            (Piece(bold, "Carlito-Bold", 10.0), Piece(plain, "Carlito", 10.0)),
        )
        for at, (bold, plain) in enumerate(texts)
    ]  # fmt: skip
    (entry,) = read_bibliography(pages_of(lines)).entries
    assert entry.value("title") == "Les retraités handicapés mentaux et leur environnement"


def test_what_a_centre_numbers_and_dates_is_no_entry() -> None:
    text = "VIOLENCES\nRevue documentaire n° 12 – février 2020\n\n" + "\n\n".join(
        f"{title} ?\nAnne Roy\nRhizome, n° 61, septembre 2016, p. 8-9"
        for title in ("Que faire", "Que dire", "Où aller")
    )
    read = read_bibliography(text_pages(text))
    assert len(read.entries) == 3
    assert "Revue documentaire n° 12 – février 2020" in (read.title, *read.introduction)


def test_an_institution_that_publishes_itself_is_the_author() -> None:
    text = "Références\n\nPsycom. Les troubles bipolaires. Psycom, 2020. 24 p."
    (entry,) = read_bibliography(text_pages(text)).entries
    assert item_of(entry.item())["creators"] == "Psycom"
    assert entry.value("title") == "Les troubles bipolaires"


AREAS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "a dash right behind the full stop",
        "ROUZEL Joseph.- Le secret.- Lien social, n° 1145, 3 juillet 2014, pp. 10-13.",
        {"creators": "Rouzel Joseph", "title": "Le secret", "publicationTitle": "Lien social"},
    ),
    (
        "two publishers are no ISBD",
        "ROUZEL Joseph.- Le secret.- 6e éd.- Paris : Dunod / ASH, 2016.- 256 p.",
        {"creators": "Rouzel Joseph", "title": "Le secret", "publisher": "Dunod / ASH", "edition": "6"},
    ),
    (
        "a first name ends where a sentence does",
        "Maslach, Christina ; Leiter, Michael. Burn-out : le syndrome. Paris : Dunod, 2011. 270 p.",
        {"creators": "Maslach Christina; Leiter Michael", "title": "Burn-out : le syndrome"},
    ),
    (
        "a circular's number, not its office",
        "Circulaire DGAS/SD5 n° 2004-138 du 24 mars 2004 relative au livret d'accueil",
        {"itemType": "statute", "publicLawNumber": "2004-138"},
    ),
    (
        "a press review: the newspaper and its day first",
        "LE MONDE (05/04/2022). La loi change peu. Claire Cordier. p. 12",
        {
            "itemType": "newspaperArticle", "title": "La loi change peu", "date": "2022-04-05",
            "publicationTitle": "LE MONDE", "creators": "Cordier Claire", "pages": "12",
        },
    ),
    (
        "a press review: a periodical that is no newspaper",
        "ASH (08/04/2022). Enfance : les décrets attendus. p. 6-9",
        {"title": "Enfance : les décrets attendus", "publicationTitle": "ASH", "pages": "6-9"},
    ),
    (
        "a number before the month in brackets",
        "Sortir de la rue / Luc Pichon in Rhizome, 71 (mars 2019). - p. 4-5",
        {"itemType": "journalArticle", "issue": "71", "date": "2019-03", "publicationTitle": "Rhizome"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), [one[1:] for one in AREAS], ids=[o[0] for o in AREAS])
def test_areas_are_told_apart(text: str, fields: dict[str, Any]) -> None:
    (entry,) = read_bibliography(text_pages(f"Références\n\n{text}\n")).entries
    assert {name: item_of(entry.item()).get(name) for name in fields} == fields


def test_numbers_that_count_up_begin_entries() -> None:
    lines = [f"{n}. Bulletin du centre, titre {n}, mars 2022, p. {n}" for n in range(1, 7)]
    assert len(read_bibliography(text_pages("\n".join(["Revue", "", *lines]))).entries) == 6


BYLINES = """<h1>Lectures</h1>
<p><b>Le prix de l'aide</b></p><p>Florence Weber, <i>Éditions Rue d'Ulm</i>, 2020, 148 pages, 15,50 €</p>
<p><b>Le care au travail</b></p><p>Pascale Roy et Sandra Laugier, <i>La Dispute</i>, 2021, 210 p.</p>
<p><b>La fabrique</b></p><p>Hélène Davtian, in <i>Le Carnet psy</i>, n° 234, mai 2020, pages 30 à 33</p>
<p><b>Être parent</b></p><p>Benoît Bastard. - Érès, 2018. - 144 p. - ISBN 978-2-7492-5870-0</p>"""


def test_names_and_a_source_may_stand_on_one_line_below_the_title() -> None:
    items = [item_of(entry.item()) for entry in read_bibliography(html_pages(BYLINES)).entries]
    assert [(item["title"], item["creators"]) for item in items] == [
        ("Le prix de l'aide", "Weber Florence"),
        ("Le care au travail", "Roy Pascale; Laugier Sandra"),
        ("La fabrique", "Davtian Hélène"),
        ("Être parent", "Bastard Benoît"),
    ]
    assert [item.get("publisher") for item in items][1::2] == ["La Dispute", "Érès"]


NOTICE = """L'insertion par l'activité / Luc Balzan
Type de document : texte imprimé
Auteurs : Luc Balzan, Auteur ; Anne Bucolo, Auteur ; Luc Roy, Traducteur
Editeur : Paris : L'Harmattan
Année de publication : 2015
Importance : 240 p.
"""


def test_a_notice_of_a_catalogue_has_roles_behind_names() -> None:
    (entry,) = read_bibliography(text_pages(f"Panier\n\n{NOTICE}")).entries
    item = item_of(entry.item())
    assert item["title"] == "L'insertion par l'activité"
    assert item["creators"] == "Balzan Luc; Bucolo Anne; Roy Luc"
    assert [one["creatorType"] for one in entry.value("creators")] == [
        "author",
        "author",
        "translator",
    ]


ITALICS = """<h2>Ouvrages</h2>
<p>Winnicott Paul Woods, <i>Jeu et réalité : l'espace</i>, Gallimard, 1975, 276 p.</p>
<p>Conseil national des politiques de lutte (CNLE), <i>Participation</i>, Paris, CNLE, 2011</p>
<p>« Le jeu libre », <i>Empan</i>, n° 12, 2014, p. 18-21</p>"""


def test_what_stands_before_a_title_in_italics_is_names() -> None:
    items = [item_of(entry.item()) for entry in read_bibliography(html_pages(ITALICS)).entries]
    assert [(item["title"], item["creators"]) for item in items] == [
        ("Jeu et réalité : l'espace", "Winnicott Paul Woods"),
        ("Participation", "Conseil national des politiques de lutte (CNLE)"),
        ("Le jeu libre", ""),
    ]


def test_a_page_number_that_stands_once_is_no_entry() -> None:
    text = "Références\n\nROY Anne. Vieillir. Paris : Dunod, 2010. 120 p.\n\nPage 1"
    read = read_bibliography(text_pages(text))
    assert len(read.entries) == 1
    assert read.unplaced == ("Page 1",)
