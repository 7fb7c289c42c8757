"""References as houses and norms write them, one by one: each comes out with the fields that it prints."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync.oldhandouts.fromhtml import html_pages
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.pdflines import PdfLine, Piece, pages_of
from zotsync.oldhandouts.reading import read_bibliography

REFERENCES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "APA, with a DOI",
        "Boutanquoi, M. (2008). Compréhension des pratiques. Savoirs, 18(3), 109-135. https://doi.org/10.3917/savo.018",
        {
            "itemType": "journalArticle", "creators": "Boutanquoi M.", "title": "Compréhension des pratiques",
            "volume": "18", "issue": "3", "pages": "109-135", "date": "2008", "DOI": "10.3917/savo.018",
        },
    ),
    (
        "APA, an edition",
        "Autès, M. (2013). Les paradoxes du travail social (3e éd.). Dunod.",
        {"title": "Les paradoxes du travail social", "edition": "3", "publisher": "Dunod"},
    ),
    (
        "APA, a chapter",
        ("Bolzman, C. (2014). Exil et errance. In M. Cognet & C. Montgomery (Éds), Éthique : la culture "
        "(pp. 45-67). Québec : Presses de l'Université Laval."),
        {
            "itemType": "bookSection", "title": "Exil et errance", "pages": "45-67", "place": "Québec",
            "creators": "Bolzman C.; Cognet M.; Montgomery C.",
            "bookTitle": "Éthique : la culture",
        },
    ),
    (
        "APA, a day",
        "Ministère de la Santé. (2020, 15 octobre). La stratégie nationale. https://sante.gouv.fr/strategie",
        {"title": "La stratégie nationale", "date": "2020-10-15", "url": "https://sante.gouv.fr/strategie"},
    ),
    (
        "ISO 690, the year behind the name",
        "CASTEL, Robert, 1995. La question sociale. Paris : Fayard. L'espace du politique. 490 p.",
        {
            "itemType": "book", "creators": "Castel Robert", "date": "1995", "numPages": "490",
            "title": "La question sociale", "series": "L'espace du politique",
        },
    ),
    (
        "a work that a body publishes itself",
        "ANESM. Le soutien des aidants. Saint-Denis : ANESM, 2014. 88 p.",
        {"itemType": "report", "creators": "ANESM", "institution": "ANESM", "pages": "88"},
    ),
    (
        "directors in brackets of their own",
        "CROGNIER (Philippe) (sous la dir. de). Précis d'écriture. ESF éditeur, 2011. 190 p.",
        {"creators": "Crognier Philippe", "title": "Précis d'écriture", "publisher": "ESF éditeur"},
    ),
    (
        "areas with dashes",
        "Rameix Suzanne. – Fondements philosophiques. – Ellipses, 1996. – 160 p.",
        {"title": "Fondements philosophiques", "publisher": "Ellipses", "numPages": "160"},
    ),
    (
        "as Cairn.info writes it",
        "Benoît Bastard, « La médiation familiale », Informations sociales 2012/2 (n° 170), p. 54-61.",
        {
            "creators": "Bastard Benoît", "title": "La médiation familiale", "issue": "170", "date": "2012",
            "publicationTitle": "Informations sociales", "pages": "54-61",
        },
    ),
    (
        "an acronym before a title in quotation marks",
        "DREES, « Les établissements pour adultes », Études et Résultats, n° 975, octobre 2016, p. 6",
        {"creators": "DREES", "title": "Les établissements pour adultes", "date": "2016-10"},
    ),
    (
        "a report with its number",
        "IGAS, LOPEZ Alain, Mission relative à la santé des jeunes, rapport n° 2018-034R, juin 2018",
        {"itemType": "report", "creators": "IGAS; Lopez Alain", "reportNumber": "2018-034R"},
    ),
    (
        "a thesis with its university",
        "MOREAU Claire. Accompagner la fin de vie en MAS. Mémoire CAFERUIS : IRTS de Lorraine, 2017. 68 p.",
        {"itemType": "thesis", "university": "IRTS de Lorraine", "thesisType": "Mémoire CAFERUIS"},
    ),
    (
        "a film with its director",
        "Hors normes. Film d'Olivier Nakache et Éric Toledano. France, 2019. 1h54.",
        {
            "itemType": "videoRecording", "title": "Hors normes", "runningTime": "1h54",
            "creators": "Nakache Olivier; Toledano Éric", "date": "2019",
        },
    ),
    (
        "a site, and when it was seen",
        "Site de la CNSA : https://www.cnsa.fr (consulté le 12 septembre 2021)",
        {"itemType": "webpage", "title": "Site de la CNSA", "accessDate": "2021-09-12"},
    ),
    (
        "a site with a full stop behind its name",
        "Écrits et social. https://www.ecrits-social.example.org/ (site consulté le 5 mars 2022)",
        {"itemType": "webpage", "title": "Écrits et social", "accessDate": "2022-03-05"},
    ),
    (
        "a law",
        "Loi n° 2002-2 du 2 janvier 2002 rénovant l'action sociale, JORF du 3 janvier 2002",
        {
            "itemType": "statute", "nameOfAct": "Loi n° 2002-2 du 2 janvier 2002 rénovant l'action sociale",
            "publicLawNumber": "2002-2", "dateEnacted": "2002-01-02", "code": "JORF du 3 janvier 2002",
        },
    ),
    (
        "more authors in brackets",
        ("ROUX Claire (dir.), MARTIN Paul, PASCAL Henri [et al.]. L'aide à la personne. Rennes : Presses de "
        "l'EHESP, 2014, 320 p."),
        {
            "creators": "Roux Claire; Martin Paul; Pascal Henri", "title": "L'aide à la personne",
            "place": "Rennes", "publisher": "Presses de l'EHESP", "numPages": "320",
        },
    ),
    (
        "more authors behind an ampersand",
        "LE ROUX Nathalie, O'NEILL Sean & al., « Sport et travail protégé », Alter, n° 3, 2018, p. 171-184",
        {"creators": "Le Roux Nathalie; O'Neill Sean", "title": "Sport et travail protégé"},
    ),
    (
        "roles before their names",
        ("L'enfant et la mort / dir. par Hélène ROMANO ; préf. de Boris CYRULNIK. – Toulouse : Érès, 2009. "
        "– 200 p."),
        {"creators": "Romano Hélène; Cyrulnik Boris", "title": "L'enfant et la mort"},
    ),
    (
        "who directed a film",
        "Les yeux ouverts / Frédéric CHAUDIER, réal. – Paris : Ligne de front, 2010. – 93 min. – DVD",
        {
            "itemType": "videoRecording", "creators": "Chaudier Frédéric", "runningTime": "93 min",
            "videoRecordingFormat": "DVD",
        },
    ),
    (
        "an issue of a year, as Cairn.info writes it, without any other number",
        "BOUCHET Célia, « Handicaps et emploi », Revue française des affaires sociales, 2022/1, pp. 13-36",
        {"date": "2022", "issue": "1", "pages": "13-36"},
    ),
    (
        "an issue of a year beside its own number",
        "Le travail de deuil / Martin JULIER. – Études sur la mort, n° 142, 2012/2, p. 127-141.",
        {"date": "2012", "issue": "142", "pages": "127-141"},
    ),
    (
        "a book printed again",
        "GOFFMAN Erving. Asiles. Paris : Éditions de Minuit, 1975 [1961]. 447 p.",
        {"date": "1975", "place": "Paris", "publisher": "Éditions de Minuit"},
    ),
    (
        "a date that somebody worked out",
        "PRIEUR Silvia. Vivre en béguinage. Bruxelles : Fondation Roi Baudouin, s.d. [2019]. 48 p.",
        {"date": "2019", "place": "Bruxelles", "publisher": "Fondation Roi Baudouin"},
    ),
    (
        "an address in angle brackets",
        ("RAVON Bertrand. Relation d'aide. SociologieS, 2016. Disponible sur : "
        "<https://sociologies.example.org/5363> (consulté le 12/03/2022)"),
        {"url": "https://sociologies.example.org/5363", "accessDate": "2022-03-12"},
    ),
    (
        "APA, an issue alone",
        "Foucaud, J., et Hamel, E. (2019). Littératie en santé. Revue de la santé, (450), 6-9.",
        {"publicationTitle": "Revue de la santé", "issue": "450", "pages": "6-9", "date": "2019"},
    ),
    (
        "APA, an institution",
        "Institut Ravaudot (2015). La place des habitants. Récupéré de https://www.ravaudot.example.org/x.pdf",
        {"creators": "Institut Ravaudot", "title": "La place des habitants", "date": "2015"},
    ),
    (
        "APA, a thesis",
        "Masson, J. (2012). L'accompagnement en santé (Thèse de doctorat, Université Lumière Lyon 2).",
        {
            "itemType": "thesis", "title": "L'accompagnement en santé", "thesisType": "Thèse de doctorat",
            "university": "Université Lumière Lyon 2", "date": "2012",
        },
    ),
    (
        "a long word of an institution in capitals",
        "DÉFENSEUR DES DROITS. Dématérialisation : où en est-on ? Paris : Défenseur des droits, 2022. 88 p.",
        {"creators": "DÉFENSEUR DES DROITS", "title": "Dématérialisation : où en est-on ?"},
    ),
    (
        "months that are shortened, two of them",
        "Vieillir chez soi / J.-P. Argoud. – In : Gérontologie, n° 165, juill.-sept. 2021, pp. 55-72.",
        {"date": "juillet-septembre 2021", "issue": "165", "creators": "Argoud J.-P."},
    ),
    (
        "a list that says « de » before each",
        "Vieillir / sous la dir. de Claire Aubry et d’Henri de Brissac. – Malakoff : Dunod, 2020. – 304 p.",
        {"creators": "Aubry Claire; de Brissac Henri", "publisher": "Dunod"},
    ),
    (
        "a publisher with its city in brackets",
        "Aubry Claire, Grandir avec les livres, Érès (Toulouse), 2018, 156 p.",
        {"publisher": "Érès", "place": "Toulouse"},
    ),
    (
        "an institution that no list knows, and its year",
        "Santé publique France (2019). Baromètre 2017. Bulletin hebdo, n° 3-4, 5 février 2019, p. 3-8.",
        {"creators": "Santé publique France", "title": "Baromètre 2017", "date": "2019-02-05"},
    ),
    (
        "two institutions, one in capitals",
        "MINISTERE DES AFFAIRES SOCIALES, Conseil supérieur du travail. Éthique. Rennes : ENSP, 2001. 140 p.",
        {"creators": "MINISTERE DES AFFAIRES SOCIALES; Conseil supérieur du travail", "title": "Éthique"},
    ),
    (
        "a site, and the word before its address",
        "Fil des jeunes. URL : https://www.fil.example.org (page consultée le 3 mai 2023)",
        {"itemType": "webpage", "title": "Fil des jeunes", "url": "https://www.fil.example.org"},
    ),
    (
        "articles of a code without a preposition",
        "Code pénal, articles 226-13 et 226-14.",
        {"itemType": "statute", "section": "226-13"},
    ),
    (
        "a word for what it is before « In », a part of a year",
        "« Secret et partage », dossier. In Vie sociale et traitements, n° 139, 3e trim. 2018, p. 6-72.",
        {"publicationTitle": "Vie sociale et traitements", "date": "3e trim. 2018", "issue": "139"},
    ),
    (
        "an institution that leads a book",
        "DAVE, Yves. Le numérique. In : EMMAÜS CONNECT (éd.). Les études. Paris : Emmaüs, 2016, p. 12-46.",
        {"creators": "Dave Yves; EMMAÜS CONNECT", "bookTitle": "Les études"},
    ),
    (
        "an article of a code",
        "Code de l'action sociale et des familles, article L. 311-3",
        {"itemType": "statute", "section": "L. 311-3"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fields"), [r[1:] for r in REFERENCES], ids=[r[0] for r in REFERENCES]
)
def test_a_reference_comes_out_with_what_it_prints(text: str, fields: dict[str, Any]) -> None:
    (entry,) = read_bibliography(text_pages(f"Références\n\n{text}\n")).entries
    item = dict(entry.item())
    item["creators"] = "; ".join(
        c.get("name") or f"{c['lastName']} {c['firstName']}" for c in item.get("creators", ())
    )
    assert {name: item.get(name) for name in fields} == fields


def test_whole_lines_are_no_broken_paragraph() -> None:
    lines = [text for _name, text, _fields in REFERENCES]
    assert len(read_bibliography(text_pages("\n".join(["Titre", "", *lines]))).entries) == len(
        lines
    )


TABLE = """
<h1>Nouveautés</h1><table>
<tr><th>Cote</th><th>Référence</th><th>Résumé</th></tr>
<tr><td>362.4 GAR</td><td>GARDOU Charles. La société inclusive. Toulouse : Érès, 2012. 170 p.</td><td>Une
notion, et ses conditions de réussite dans les établissements d'aujourd'hui.</td></tr>
<tr><td>616.8 MAL</td><td>MALEVAL Jean. L'autiste et sa voix. Paris : Seuil, 2009. 320 p.</td><td></td></tr>
</table>
<table><tr><td>Titre</td><td>La laïcité falsifiée</td></tr><tr><td>Auteur</td><td>Jean Baubérot</td></tr>
<tr><td>Éditeur</td><td>La Découverte</td></tr><tr><td>Année</td><td>2012</td></tr></table>
"""


def test_a_table_is_read_row_by_row_and_a_form_as_one_work() -> None:
    read = read_bibliography(html_pages(TABLE))
    first, second, third = (entry.item() for entry in read.entries)
    assert (first["callNumber"], first["title"]) == ("362.4 GAR", "La société inclusive")
    assert first["abstractNote"].startswith("Une notion")
    assert (second["callNumber"], second["publisher"]) == ("616.8 MAL", "Seuil")
    assert (third["title"], third["publisher"]) == ("La laïcité falsifiée", "La Découverte")
    assert read.unplaced == ("Cote", "Référence", "Résumé")


def test_headings_with_numbers_of_one_kind_are_of_one_level() -> None:
    text = (
        "Le deuil\n\nI. ARTICLES\nROY Anne. Vieillir. Empan, n°3, 2019. p.12\n\n"
        "II. Ouvrages\nROY Anne. Tenir. Paris : ESF, 2019."
    )
    read = read_bibliography(text_pages(text))
    assert [(s.heading, s.level) for s in read.sections] == [
        ("I. ARTICLES", 1),
        ("II. Ouvrages", 1),
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [
        "ROY, Anne. Vieillir chez",
        "soi. Empan. 2019, n° 3,",
        "p. 12-30.",
        "BON, Luc. Partir de",
        "chez soi. Empan. 2020,",
        "n° 4, p. 9.",
    ]
    right = [
        "DUC, Ève. Revenir un",
        "jour. Paris : Dunod,",
        "2018. 256 p.",
        "FAY, Paul. Rester là où",
        "l'on est. Lyon : ENSP,",
        "2011. 100 p.",
    ]
    lines = [
        PdfLine(
            1,
            x,
            x + 8 * len(text),
            700.0 - 14 * at - 8 * (at // 3),
            710.0 - 14 * at - 8 * (at // 3),
            (Piece(text, "Carlito", 10.0),),
        )
        for x, texts in ((50.0, left), (300.0, right))
        for at, text in enumerate(texts)
    ]
    read = read_bibliography(pages_of(lines))
    assert [e.value("creators")[0]["lastName"] for e in read.entries] == [
        "Roy",
        "Bon",
        "Duc",
        "Fay",
    ]
    assert read.entries[0].value("title") == "Vieillir chez soi"
