"""Forty references that nobody wrote, of the kinds that documentation centres list."""

from __future__ import annotations

from typing import Any

Item = dict[str, Any]


def _who(*names: str, kind: str = "author") -> list[dict[str, str]]:
    made = []
    for name in names:
        last, comma, first = name.partition(", ")
        made.append(
            {"creatorType": kind, "lastName": last, "firstName": first}
            if comma
            else {"creatorType": kind, "name": name}
        )
    return made


def _article(  # noqa: PLR0913, PLR0917 - as a line of a list
    title: str, names: list[str], journal: str, issue: str, date: str, pages: str, **more: Any
) -> Item:
    return {
        "itemType": "journalArticle", "title": title, "creators": _who(*names), "publicationTitle": journal,
        "issue": issue, "date": date, "pages": pages, **more,
    }  # fmt: skip


def _book(
    title: str, creators: list[dict[str, str]], place: str, publisher: str, date: str, **more: Any
) -> Item:
    return {
        "itemType": "book", "title": title, "creators": creators, "place": place, "publisher": publisher,
        "date": date, **more,
    }  # fmt: skip


ABSTRACT = (
    "Cet article revient sur dix années de pratiques en établissement. Il montre comment les équipes ont "
    "construit des réponses communes, et ce que les personnes accompagnées en disent. Les auteurs proposent "
    "enfin quelques pistes de travail. [Résumé d'auteur]"
)


def articles() -> list[Item]:
    """Return articles of journals."""
    return [
        _article(
            "Habiter quelque part : le logement d'abord en ville moyenne",
            ["Tessier, Odile"],
            "Espace social",
            "12",
            "2019-03",
            "14-27",
            volume="4",
        ),
        _article(
            "Ce que le confinement a fait aux équipes éducatives",
            ["Marchal, Benoît", "Le Goff, Anne-Sophie"],
            "Les Cahiers de l'actif",
            "526-529",
            "2020",
            "45-60",
            abstractNote=ABSTRACT,
        ),
        _article(
            "Écouter la plainte",
            ["Vasseur, Ugo", "Perrin, Maud", "Oury, J."],
            "Empan",
            "118",
            "2020-06",
            "9-16",
        ),
        _article(
            "Le dossier unique, outil ou contrainte ?",
            ["Faucher, Lucile"],
            "Revue française de service social",
            "271",
            "2018-12",
            "88",
        ),
        _article(
            "Jeunes aidants : une réalité invisible",
            ["Granier, Paul", "Diallo, Aminata"],
            "Informations sociales",
            "208",
            "2022",
            "62-71",
        ),
        _article(
            "Participation des usagers et démocratie en santé",
            ["Roussel, Émile"],
            "Vie sociale",
            "25-26",
            "2019",
            "119-134",
            abstractNote=ABSTRACT,
        ),
        _article(
            "La médiation animale en EHPAD",
            ["Caron, Inès"],
            "Gérontologie et société",
            "163",
            "2020-11",
            "201-215",
            volume="42",
        ),
        _article(
            "Parler d'argent avec les familles",
            ["Noël, Hugues", "Bastide, Claire"],
            "Le Sociographe",
            "70",
            "2020-06",
            "31-40",
        ),
        _article(
            "Violences conjugales : repérer, orienter",
            ["Haddad, Leïla"],
            "Dialogue",
            "230",
            "2020",
            "21-36",
        ),
        _article(
            "Le sommeil des enfants placés",
            ["Morvan, Gaël"],
            "Enfances & Psy",
            "85",
            "2020-05",
            "77-86",
        ),
        _article(
            "Penser l'inclusion scolaire autrement",
            ["Bonnet, Sylvie", "Kerleau, Yann"],
            "Reliance",
            "31",
            "2009-02",
            "50-58",
        ),
        _article(
            "Quand le numérique éloigne des droits",
            ["Sow, Mariam"],
            "Revue des politiques sociales et familiales",
            "138",
            "2021",
            "5-19",
            abstractNote=ABSTRACT,
        ),
    ]


def books() -> list[Item]:
    """Return books, by one, by several, and collective ones."""
    return [
        _book(
            "Travailler sans se perdre",
            _who("Delmas, Corinne"),
            "Paris",
            "Dunod",
            "2018",
            numPages="256",
        ),
        _book(
            "L'éducateur et ses ombres",
            _who("Ferrand, Loïc"),
            "Toulouse",
            "Érès",
            "2014",
            series="Trames",
            numPages="180",
            ISBN="978-2-7492-4001-0",
        ),
        _book(
            "Accueillir les mineurs isolés : repères pour l'action",
            _who("Lacroix, Nina", "Abadie, Jean-Marc"),
            "Rennes",
            "Presses de l'EHESP",
            "2021",
            numPages="312",
        ),
        _book(
            "Petit traité de l'hospitalité",
            _who("Jourdan, Ève"),
            "Grenoble",
            "PUG",
            "2017",
            numPages="144",
        ),
        _book(
            "Vieillir chez soi",
            _who("Thomas, Guy", "Rey, Alice", kind="editor"),
            "Lyon",
            "Chronique sociale",
            "2016",
            numPages="220",
        ),
        _book(
            "Le métier d'assistante familiale",
            _who("Ollivier, Rose"),
            "Paris",
            "L'Harmattan",
            "2011",
            numPages="198",
            series="Éducation et sociétés",
        ),
        _book(
            "Précarités et santé mentale",
            _who("Furtos, Henri", kind="editor"),
            "Paris",
            "Masson",
            "2008",
            numPages="284",
        ),
        _book(
            "Histoires d'équipes",
            _who("Pelletier, Marc"),
            "Nîmes",
            "Champ social",
            "2015",
            numPages="166",
        ),
        _book(
            "Les mots du soin", _who("Aubry, Sandrine"), "Paris", "Seuil", "2020", numPages="208"
        ),
        _book(
            "Éduquer à la citoyenneté",
            _who("Baron, Louise", "Mallet, Karim"),
            "Bruxelles",
            "De Boeck",
            "2013",
            numPages="240",
            edition="2",
        ),
        _book(
            "Handicap et sexualité",
            _who("Nègre, Paule"),
            "Malakoff",
            "Dunod",
            "2019",
            numPages="192",
            ISBN="978-2-10-079001-2",
        ),
        _book(
            "Droit des usagers",
            _who("Janin, Fabrice"),
            "Paris",
            "ASH éditions",
            "2017",
            numPages="130",
        ),
    ]


def others() -> list[Item]:
    """Return chapters, theses, reports and pages."""
    chapter = {"itemType": "bookSection", "place": "Grenoble", "publisher": "PUG", "date": "2017"}
    thesis = {"itemType": "thesis", "thesisType": "Thèse de doctorat", "place": "Lyon"}
    page = {"itemType": "webpage", "websiteTitle": "Psycom"}
    report = {"itemType": "report"}
    return [
        {
            **chapter,
            "title": "Le pair et le tiers",
            "creators": [*_who("Rolland, Anne"), *_who("Dupuis, Jean", kind="editor")],
            "bookTitle": "La santé mentale en partage",
            "pages": "40-52",
        },
        {
            **chapter,
            "title": "Temps morts, temps vivants",
            "creators": [*_who("Weber, Iris"), *_who("Colin, Théo", kind="editor")],
            "bookTitle": "L'institution au quotidien",
            "pages": "101-118",
            "publisher": "Érès",
            "place": "Toulouse",
        },
        {
            **chapter,
            "title": "Que disent les enfants ?",
            "creators": [*_who("Lopez, Rita"), *_who("Henry, Luc", "Adam, Zoé", kind="editor")],
            "bookTitle": "Protéger l'enfance",
            "pages": "9-30",
            "publisher": "Dunod",
            "place": "Paris",
        },
        {
            **thesis,
            "title": "Vivre avec un diagnostic",
            "creators": _who("Belin, Luc"),
            "university": "Université Lyon 2",
            "date": "2019",
            "numPages": "410",
        },
        {
            **thesis,
            "title": "Les écrits professionnels en protection de l'enfance",
            "creators": _who("Charpentier, Aude"),
            "university": "Université Rennes 2",
            "place": "Rennes",
            "date": "2015",
            "numPages": "356",
        },
        {
            **report,
            "title": "Guide pratique de la sortie d'hospitalisation",
            "creators": _who("Haute Autorité de santé"),
            "institution": "HAS",
            "date": "2018",
            "url": "https://www.has-sante.fr/guide-sortie.pdf",
        },
        {
            **report,
            "title": "Rapport sur l'accès aux droits",
            "creators": _who("Défenseur des droits"),
            "institution": "Défenseur des droits",
            "date": "2019",
            "url": "https://www.defenseurdesdroits.fr/rapport-2019.pdf",
        },
        {
            **report,
            "title": "Recommandations pour l'accueil des familles",
            "creators": _who("ANESM"),
            "institution": "ANESM",
            "date": "2016",
            "url": "https://www.has-sante.fr/anesm.pdf",
        },
        {
            **page,
            "title": "La pair-aidance expliquée",
            "creators": _who("Centre ressource"),
            "date": "2021-03",
            "url": "https://www.psycom.org/pair-aidance",
        },
        {
            **page,
            "title": "Trouver une aide près de chez soi",
            "creators": _who("Fédération Addiction"),
            "websiteTitle": "Addict'Aide",
            "date": "2020",
            "url": "https://www.addictaide.fr/trouver",
        },
        {
            **page,
            "title": "Le logement accompagné",
            "creators": _who("Unafo"),
            "websiteTitle": "Unafo",
            "date": "2022",
            "url": "https://www.unafo.org/logement",
        },
        _article(
            "Travail social et climat",
            ["Lemaire, Victor"],
            "Lien social",
            "1290",
            "2021-03-16",
            "24-31",
            itemType="magazineArticle",
        ),
        _article(
            "Les mots pour le dire", ["Da Costa, Inès"], "La Revue nouvelle", "4", "2018", "12-19"
        ),
        _article(
            "Soigner à domicile",
            ["de Vries, Jan", "Prat, Élodie"],
            "Santé publique",
            "2",
            "2019-04",
            "233-241",
            volume="31",
            url="https://www.cairn.info/revue-sante-publique-2019-2-page-233.htm",
        ),
        _book(
            "Figures de l'exclusion",
            _who("Munoz, Clara"),
            "Paris",
            "La Découverte",
            "2010",
            numPages="230",
        ),
        _book(
            "Atlas du travail social",
            _who("Observatoire national de l'action sociale"),
            "Paris",
            "ODAS éditions",
            "2018",
            numPages="96",
        ),
    ]


def forty() -> list[Item]:
    """Return all of them."""
    return [*articles(), *books(), *others()]
