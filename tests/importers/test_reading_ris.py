"""RIS as publishers, archives, catalogues and programs write it."""

from __future__ import annotations

import pytest
from reading_references import SCHEMA, creators, one, read, references, tags

from zotsync.plugins import Reference, Unread, UnreadableError
from zotsync.plugins.importers.ris import RIS
from zotsync.plugins.importers.ris_tables import ROLES, TEXTS, TYPES

CAIRN = """\
TY  - JOUR
TI  - La pair-aidance en santé mentale : une « évidence » ?
AU  - Gardien, Ève
AU  - de La Fontaine, Jean
JO  - Vie sociale
T2  - Vie sociale
VL  - 20
IS  - 3
SP  - 12
EP  - 34
PY  - 2020/03
DA  - 2020/03/01/
SN  - 0042-5605
DO  - https://doi.org/10.3917/vsoc.203.0012
UR  - https://www.cairn.info/revue-vie-sociale-2020-3-page-12.htm
AB  - Un résumé.
Un second paragraphe.
KW  - pair-aidance
KW  - rétablissement
LA  - FR
ER  -
"""
ENDNOTE = """\
TY  - CHAP
A1  - Jouet, Emmanuelle
A2  - Las Vergnas, Olivier
A4  - Martin, Ève
CY  - Paris
PB  - Éditions des archives contemporaines
PY  - 2014//
SN  - 978-2-8130-0165-8
SP  - 41-58
T1  - Savoirs expérientiels
T2  - Nouvelles coopérations réflexives en santé
N1  - Lu en 2019
ID  - 17
L1  - internal-pdf://0123/jouet.pdf
ER  -
"""
HAL = """\
TY  - THES
TI  - Devenir pair
AU  - Dupont, Zoé
PB  - Université de Nantes
M3  - Theses
DA  - 2018/11/23/
UR  - https://theses.hal.science/tel-01234567
UR  - https://theses.hal.science/tel-01234567/document
SP  - 412 p.
ER  -
"""
SUDOC = """\
TY - BOOK
A1 - Institut de recherche et documentation en économie de la santé
T1 - Les usagers acteurs
PB - ESF éditeur
CY - Issy-les-Moulineaux
Y1 - 2019
SN - 978-2-7101-3945-6
SN - 2-7101-3945-X
KW - Usagers ; Participation ; Santé mentale
"""
PUBMED = """\
TY  - JOUR
AU  - O'Neill, Máire
AU  - Müller, K., Jr.
T1  - Peer support for <i>recovery</i> in CO<sub>2</sub> &amp; care
JO  - J Ment Health
JF  - Journal of Mental Health
J2  - J. Ment. Health
Y1  - 2021/05/07
N2  - Background.
M3  - 10.1080/09638237.2021.1
ER  -
"""


def test_an_article_of_cairn() -> None:
    found = one(RIS, CAIRN)
    assert found.fields == {
        "itemType": "journalArticle",
        "title": "La pair-aidance en santé mentale : une « évidence » ?",
        "creators": [
            {"creatorType": "author", "lastName": "Gardien", "firstName": "Ève"},
            {"creatorType": "author", "lastName": "de La Fontaine", "firstName": "Jean"},
        ],
        "publicationTitle": "Vie sociale",
        "volume": "20",
        "issue": "3",
        "pages": "12-34",
        "date": "2020-03-01",
        "ISSN": "0042-5605",
        "DOI": "10.3917/vsoc.203.0012",
        "url": "https://www.cairn.info/revue-vie-sociale-2020-3-page-12.htm",
        "abstractNote": "Un résumé.\nUn second paragraphe.",
        "language": "FR",
        "tags": [{"tag": "pair-aidance"}, {"tag": "rétablissement"}],
    }
    assert found.kept == found.notes == ()


def test_a_chapter_of_endnote() -> None:
    found = one(RIS, ENDNOTE)
    fields = found.fields
    assert fields["itemType"] == "bookSection"
    assert fields["bookTitle"] == "Nouvelles coopérations réflexives en santé"
    assert creators(fields) == [
        ("author", "Jouet, Emmanuelle"),
        ("editor", "Las Vergnas, Olivier"),
        ("translator", "Martin, Ève"),
    ]
    assert (fields["date"], fields["pages"], fields["place"]) == ("2014", "41-58", "Paris")
    assert found.notes == ("<p>Lu en 2019</p>",)
    assert found.kept == ("ID: 17",)
    assert fields["extra"] == "ID: 17"


def test_a_thesis_of_hal_keeps_its_second_address() -> None:
    fields = one(RIS, HAL).fields
    assert (fields["itemType"], fields["university"]) == ("thesis", "Université de Nantes")
    assert (fields["date"], fields["numPages"]) == ("2018-11-23", "412")
    assert fields["url"] == "https://theses.hal.science/tel-01234567"
    assert fields["extra"] == "URL: https://theses.hal.science/tel-01234567/document"


def test_one_blank_before_the_hyphen_and_no_end_will_do() -> None:
    fields = one(RIS, SUDOC).fields
    assert creators(fields) == [
        ("author", "Institut de recherche et documentation en économie de la santé")
    ]
    assert fields["ISBN"] == "978-2-7101-3945-6 2-7101-3945-X"
    assert (fields["date"], fields["publisher"]) == ("2019", "ESF éditeur")
    assert tags(fields) == ["Participation", "Santé mentale", "Usagers"]


def test_an_article_of_pubmed() -> None:
    fields = one(RIS, PUBMED).fields
    assert fields["title"] == "Peer support for <i>recovery</i> in CO<sub>2</sub> & care"
    assert creators(fields)[1] == ("author", "Müller, K., Jr.")
    assert fields["publicationTitle"] == "Journal of Mental Health"
    assert fields["journalAbbreviation"] == "J. Ment. Health"
    assert (fields["DOI"], fields["date"]) == ("10.1080/09638237.2021.1", "2021-05-07")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_and_line_end(encoding: str) -> None:
    text = CAIRN.replace("\n", "\r\n")
    assert one(RIS, text.encode(encoding)) == one(RIS, CAIRN)


def test_records_that_are_not_closed_are_two() -> None:
    text = "TY  - BOOK\nTI  - Un\nTY  - BOOK\nTI  - Deux\n"
    assert [r.fields["title"] for r in references(RIS, text)] == ["Un", "Deux"]


def test_a_line_outside_of_records_is_told() -> None:
    found = read(RIS, "TI  - Perdu\nTY  - BOOK\nTI  - Un\nER  - \n")
    assert isinstance(found[0], Unread)
    assert len(found) == 2


def test_what_is_no_ris_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no RIS"):
        read(RIS, "Bonjour\n")
    assert not RIS.recognises(b"@book{a,}")
    assert RIS.recognises(b"\n TY  - JOUR\n")


@pytest.mark.parametrize("kind", sorted({*TYPES, "XYZZY"}))
def test_nothing_is_dropped_of_any_type(kind: str) -> None:
    tags_said = {*TEXTS, *ROLES, "AU", "M1", "M3", "C1", "C2", "C7", "KW", "PY", "SP", "Y2", "L2"}
    values = {tag: f"valeur {tag.lower()}" for tag in tags_said - {"SN"}}
    lines = [f"{tag}  - {value}" for tag, value in sorted(values.items())]
    found = one(RIS, "\n".join([f"TY  - {kind}", *lines, "ER  - "]))
    told = repr((found.fields, found.notes))
    missing = {tag for tag, value in values.items() if value not in told}
    assert not missing
    assert set(found.fields) - {"itemType", "creators", "tags", "extra"} <= set(
        SCHEMA.item_types[found.fields["itemType"]].fields
    )


CATALOGUE = """\
TY  - BOOK
T1  - Aller mieux : approches sociologiques / sous la direction de Lise Demailly
A1  - Demailly, Lise (1947-....)
A2  - Garnoussi, Nadia
PY  - DL 2016
SN  - 978-2-7574-1303-6 (br.) : 28 EUR
SP  - 1 vol. (489 p.)
ER  -
"""


def test_a_book_of_a_library_catalogue() -> None:
    found = one(RIS, b"\xef\xbb\xbf" + CATALOGUE.replace("\n", "\r\n").encode())
    assert found.fields["title"] == "Aller mieux : approches sociologiques"
    assert creators(found.fields) == [("author", "Demailly, Lise"), ("editor", "Garnoussi, Nadia")]
    assert (found.fields["ISBN"], found.fields["numPages"]) == ("978-2-7574-1303-6", "489")
    assert found.fields["date"] == "DL 2016"
    assert found.kept == (
        "Author: Demailly, Lise (1947-....)",
        "ISBN: 978-2-7574-1303-6 (br.) : 28 EUR",
        "Pages: 1 vol. (489 p.)",
        "Responsibility: sous la direction de Lise Demailly",
    )


def test_a_book_with_editors_and_those_of_its_series() -> None:
    text = "TY  - BOOK\nTI  - T\nA2  - Série, Une\nA3  - Livre, Un\nER  -\n"
    assert creators(one(RIS, text).fields) == [
        ("seriesEditor", "Série, Une"),
        ("editor", "Livre, Un"),
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2021/05/04/10:22:33", "2021-05-04T10:22:33Z"),
        ("2021/05/04/", "2021-05-04"),
        ("04/05/2021", "2021-05-04"),
        ("4 mai 2021", "2021-05-04"),
    ],
)
def test_the_day_of_access(typed: str, day: str) -> None:
    assert one(RIS, f"TY  - ELEC\nTI  - T\nY2  - {typed}\nER  -\n").fields["accessDate"] == day


@pytest.mark.parametrize(
    ("typed", "date"),
    [("01/12/2017", "01/12/2017"), ("31/12/2017", "2017-12-31"), ("12 mars 2020", "2020-03-12")],
)
def test_days_in_other_orders(typed: str, date: str) -> None:
    assert one(RIS, f"TY  - JOUR\nTI  - T\nDA  - {typed}\nER  -\n").fields["date"] == date


@pytest.mark.parametrize(
    ("typed", "role", "name"),
    [
        ("Demailly, Lise (1947-....). Auteur", "author", "Demailly, Lise"),
        ("Demailly, Lise (1947-....). Directeur de publication", "editor", "Demailly, Lise"),
        ("Sand, George (1804-1876)", "author", "Sand, George"),
        ("Martin, Ève (2001-....). Traductrice.", "translator", "Martin, Ève"),
        ("Martin, È. Traducteur", "translator", "Martin, È."),
        ("Martin, Ève (19..-....). Préfacier, etc.", "contributor", "Martin, Ève"),
        ("Martin, Ève. Éditeur scientifique", "editor", "Martin, Ève"),
        ("Martin, Ève (1966-....). Auteur. Traducteur", "translator", "Martin, Ève"),
        ("Martin, Ève (1966-....). Doreur sur tranche", "author", "Martin, Ève"),
        ("France. Ministère de la santé. Auteur", "author", "France. Ministère de la santé"),
        ("Martin, J.-P.", "author", "Martin, J.-P."),
        ("Saint-Exupéry, Antoine de", "author", "Saint-Exupéry, Antoine de"),
    ],
)
def test_people_as_sudoc_writes_them(typed: str, role: str, name: str) -> None:
    found = one(RIS, f"TY  - BOOK\nT1  - T\nAU  - {typed}\nER  -\n")
    assert creators(found.fields) == [(role, name)]
    told = f"Author: {typed}" in found.kept
    assert told == ("(" in typed or role == "contributor")


def test_who_a_type_has_no_place_for_is_kept() -> None:
    people = (
        "AU  - Martin, Ève. Illustrateur\nAU  - Université de Nantes. Organisme de soutenance\n"
    )
    found = one(RIS, f"TY  - THES\nT1  - T\n{people}ER  -\n")
    assert "creators" not in found.fields
    assert found.kept == ("Illustrator: Martin || Ève", "Degree Grantor: Université de Nantes")


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("ID  - VSOC_203", ("ID: VSOC_203",)),
        ("PY  - 2020/05\nDA  - 2020/03/01", ("Date: 2020-05",)),
        ("Y2  - 2021/05/04\nRD  - 2022/01/01", ("Y2: 2022-01-01",)),
        ("SP  - 12-34\nEP  - 40", ("EP: 40",)),
    ],
)
def test_what_has_no_field_is_kept(lines: str, kept: tuple[str, ...]) -> None:
    assert one(RIS, f"TY  - JOUR\nTI  - T\n{lines}\nER  -\n").kept == kept


@pytest.mark.parametrize(
    ("dates", "date", "kept"),
    [
        ("PY  - 2019\nDA  - JUN 13", "2019-06-13", ()),
        ("DA  - JUN\nPY  - 2022", "2022-06", ()),
        ("PY  - 2021\nDA  - 13 juin", "2021-06-13", ()),
        ("PY  - 2020\nDA  - Spring", "Spring 2020", ()),
        ("PY  - 2020\nDA  - MAY-JUN", "MAY-JUN 2020", ()),
        ("PY  - 2020\nDA  - 2020/03/01/", "2020-03-01", ()),
        ("PY  - 2020\nDA  - 2019 Jun", "2019 Jun", ("Date: 2020",)),
        ("PY  - 2020\nDA  - 06/07", "2020", ("Date: 06/07",)),
    ],
)
def test_a_day_without_a_year_takes_the_one_beside_it(
    dates: str, date: str, kept: tuple[str, ...]
) -> None:
    found = one(RIS, f"TY  - JOUR\nTI  - T\n{dates}\nER  - \n")
    assert (found.fields["date"], found.kept) == (date, kept)


def test_a_conference_stands_beside_its_proceedings() -> None:
    text = "TY  - CPAPER\nTI  - T\nT2  - Journées du pair\nC3  - Actes\nC1  - Lyon\nER  - \n"
    fields = one(RIS, text).fields
    assert (fields["proceedingsTitle"], fields["conferenceName"]) == ("Actes", "Journées du pair")
    assert fields["place"] == "Lyon"
    assert "extra" not in fields


def test_a_field_of_one_s_own_is_no_place_of_anything_else() -> None:
    found = one(RIS, "TY  - BOOK\nTI  - T\nC1  - Univ Lyon, Service 2\nCY  - Paris\nER  - \n")
    assert found.fields["place"] == "Paris"
    assert found.kept == ("C1: Univ Lyon, Service 2",)


def test_the_number_of_a_report_goes_before_that_of_its_series() -> None:
    fields = one(RIS, "TY  - RPRT\nTI  - T\nM1  - 7\nER  - \n").fields
    assert fields["reportNumber"] == "7"


def test_all_authors_in_one_line_are_told_apart() -> None:
    text = (
        "TY  - JOUR\nTI  - T\nAU  - Roland, A; Dupr&eacute;, L;\nA2  - Martin, &Egrave;.\nER  - \n"
    )
    assert creators(one(RIS, text).fields) == [
        ("author", "Roland, A"),
        ("author", "Dupré, L"),
        ("editor", "Martin, È."),
    ]


def test_what_was_escaped_twice_is_a_sign() -> None:
    text = "TY  - JOUR\nTI  - L&amp;#39;été &amp;quot;pair&amp;quot; &amp;amp; R&D;\nER  - \n"
    assert one(RIS, text).fields["title"] == 'L\'été "pair" & R&D;'


def test_a_record_of_nothing_is_no_reference() -> None:
    found = read(
        RIS, "TY  - BOOK\nER  - \nTY  - BOOK\nTI  - T\nN1  - Un\nN1  - Deux\n  trois\nER  - \n"
    )
    assert [one.place for one in found if isinstance(one, Unread)] == ["1"]
    (book,) = [one for one in found if isinstance(one, Reference)]
    assert book.notes == ("<p>Un</p>", "<p>Deux<br />trois</p>")  # as Zotero's server has them


def test_the_paths_of_somebody_s_files_stay_where_they_are() -> None:
    text = "TY  - BOOK\nTI  - T\nL1  - internal-pdf://1/T.pdf\nL4  - C:\\x.pdf\nL2  - https://t.example/t.pdf\n"
    assert one(RIS, text).kept == ("L2: https://t.example/t.pdf",)
