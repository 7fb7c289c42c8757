"""Tables as catalogues, Excel and Zotero write them."""

from __future__ import annotations

import pytest
from reading_references import creators, one, read, references, tags

from zotsync.plugins import Unread, UnreadableError
from zotsync.plugins.importers.table import CSV

PMB = """\
Titre;Complément du titre;Auteurs;Titre de la revue;Année;Numéro;Pages;ISSN;Résumé;Mots-clés;Cote;Salle
La pair-aidance;une évidence;"Gardien, Ève ; Ministère de la Santé";Vie sociale;2020;3;12-34;0042-5605;"Un
résumé sur deux lignes";"pair ; aidance";A12;Rez-de-chaussée
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_of_a_catalogue(encoding: str, delimiter: str) -> None:
    text = PMB if delimiter == ";" else PMB.replace(" ; ", " | ").replace(";", "\t")
    found = one(CSV, text.encode(encoding))
    fields = found.fields
    assert fields["itemType"] == "journalArticle"
    assert fields["title"] == "La pair-aidance: une évidence"
    assert creators(fields) == [("author", "Gardien, Ève"), ("author", "Ministère de la Santé")]
    assert (fields["date"], fields["issue"], fields["callNumber"]) == ("2020", "3", "A12")
    assert fields["abstractNote"] == "Un\nrésumé sur deux lignes"
    assert tags(fields) == ["aidance", "pair"]
    assert found.kept == ("Salle: Rez-de-chaussée",)


def test_a_table_of_zotero() -> None:
    text = (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","Url",'
        '"Date","Pages","Manual Tags","Automatic Tags","Editor","Place","Num Pages"\n'
        '"ABCD2345","book","2020","Gardien, Ève; de La Fontaine, Jean","Titre","","978-2-7101-3945-6",'
        '"https://x.org/","2020-03-01","","un; deux","trois","Martin, Ève","Paris","320"\n'
    )
    found = one(CSV, text)
    fields = found.fields
    assert (found.key, fields["itemType"], fields["numPages"]) == ("ABCD2345", "book", "320")
    assert fields["date"] == "2020-03-01"
    assert fields["tags"] == [{"tag": "deux"}, {"tag": "trois", "type": 1}, {"tag": "un"}]
    assert ("editor", "Martin, Ève") in creators(fields)


def test_a_column_can_be_named() -> None:
    text = "Titre;Machin;3e\nT;A12;x\n"
    fields = one(CSV, text, columns={"machin": "callNumber", "3": "publisher"}).fields
    assert (fields["callNumber"], fields["publisher"]) == ("A12", "x")
    assert fields["itemType"] == "book"


def test_a_column_cannot_be_what_does_not_exist() -> None:
    with pytest.raises(UnreadableError, match="Zotero has no such field"):
        read(CSV, "Titre;Machin\nT;A\n", columns={"Machin": "cote"})


def test_a_table_without_a_title_is_refused_with_its_columns() -> None:
    with pytest.raises(UnreadableError, match="Machin, Truc"):
        read(CSV, "Machin;Truc\n1;2\n")


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("above", ["", "sep={}\n", "Catalogue du centre\n\n", "a;b,c\td|e,f\n"])
def test_what_stands_between_columns_is_found_out(sign: str, above: str) -> None:
    table = sign.join(["Titre", "Auteur", '"Mots,clés;|\t"']) + "\n" + sign.join(["T", "X", "a"])
    found = one(CSV, above.format(sign) + table)
    assert (found.fields["title"], creators(found.fields)) == ("T", [("author", "X")])


def test_a_heading_may_have_a_line_break() -> None:
    found = one(CSV, 'Titre;"Nombre\nde pages"\nT;320\n')
    assert found.kept == ("Nombre de pages: 320",)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (
            "DUPONT Jean ; Martin, Paul (dir.)",
            [("author", "Dupont, Jean"), ("editor", "Martin, Paul")],
        ),
        ("Dupont, Jean and Martin, Paul", [("author", "Dupont, Jean"), ("author", "Martin, Paul")]),
        ("Jean Dupont", [("author", "Dupont, Jean")]),
        ("Haute Autorité de santé (HAS)", [("author", "Haute Autorité de santé (HAS)")]),
        (
            "Direction de la recherche et des études",
            [("author", "Direction de la recherche et des études")],
        ),
        ("Demailly, Lise (1947-....)", [("author", "Demailly, Lise")]),
        ("Dupont, Jean ; et al.", [("author", "Dupont, Jean")]),
        ("Le Goff, Anaïs (trad.)", [("translator", "Le Goff, Anaïs")]),
    ],
)
def test_people_as_catalogues_write_them(cell: str, names: list[tuple[str, str]]) -> None:
    assert (
        creators(one(CSV, f"Titre;Auteurs;Type\nT;{cell.replace(';', '|')};Livre\n").fields)
        == names
    )


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2020.0", "2020"),
        ("2020,00", "2020"),
        ("43831", "2020-01-01"),
        ("31/12/2019", "2019-12-31"),
        ("2019-12-31 00:00:00", "2019-12-31"),
        ("05/06/2020", "05/06/2020"),  # which is the month?
        ("12/31/2019", "2019-12-31"),
        ("mars-20", "mars-20"),
        ("DL 2016", "DL 2016"),
    ],
)
def test_dates_as_spreadsheets_leave_them(cell: str, date: str) -> None:
    assert one(CSV, f"Titre;Date\nT;{cell}\n").fields["date"] == date


def test_what_catalogues_write_around_values_is_kept_apart() -> None:
    text = (
        "Titre|Auteur|ISBN|Collation|Type\n"
        "Aller mieux : approches / Lise Demailly|Demailly, Lise|"
        "978-2-7574-1303-6 (br.) : 28 EUR|1 vol. (489 p.)|Ouvrage\n"
    )
    found = one(CSV, text)
    assert found.fields["title"] == "Aller mieux : approches"
    assert (found.fields["ISBN"], found.fields["numPages"]) == ("978-2-7574-1303-6", "489")
    assert found.kept == (
        "ISBN: 978-2-7574-1303-6 (br.) : 28 EUR",
        "Collation: 1 vol. (489 p.)",
        "Responsibility: Lise Demailly",
    )


def test_an_isbn_that_a_spreadsheet_has_rounded_is_none() -> None:
    found = one(CSV, "Titre;ISBN\nT;9,78276E+12\n")
    assert "ISBN" not in found.fields
    assert found.kept == ("ISBN: 9,78276E+12",)


def test_a_table_with_keys_is_taken_as_it_is() -> None:
    text = "Clé;Type de document;Auteur;Titre;Nb de pages\n"
    text += "ABCD2345;Livre;DUPONT, Jean (dir.);T / Dupont;320 p.\n"
    fields = one(CSV, text).fields
    assert creators(fields) == [("author", "DUPONT, Jean (dir.)")]
    assert (fields["title"], fields["numPages"]) == ("T / Dupont", "320 p.")


def test_a_quote_that_is_not_closed_costs_its_own_row_alone() -> None:
    found = read(CSV, 'Titre;Date\nUn;2001\n"Deux;2002\nTrois;2003\n"Quatre";2004\n')
    assert [r.place if isinstance(r, Unread) else r.fields["title"] for r in found] == [
        "Un",
        "line 3",
        "Trois",
        "Quatre",
    ]


def test_quotes_without_end_in_every_line_are_too_much() -> None:
    with pytest.raises(UnreadableError, match="save the table anew"):
        read(CSV, "Titre\n" + '"x\n' * 200)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Article de revue", "journalArticle"),
        ("Livre", "book"),
        ("ouvrages", "book"),
        ("Thèse", "thesis"),
        ("book", "book"),
        ("DVD", "videoRecording"),
    ],
)
def test_item_types_in_words(word: str, kind: str) -> None:
    assert one(CSV, f"Titre;Type de document\nT;{word}\n").fields["itemType"] == kind


def test_a_type_that_is_not_known_is_kept() -> None:
    found = one(CSV, "Titre;Support\nT;Jeu de cartes\n")
    assert found.fields["itemType"] == "document"
    assert found.kept == ("Support: Jeu de cartes",)


def test_the_apostrophe_that_keeps_formulas_away_goes() -> None:
    assert one(CSV, "Titre\n'=1+1\n").fields["title"] == "=1+1"


def test_short_and_long_rows_and_blank_lines() -> None:
    found = references(CSV, "\n\nTitre;Date;\nUn\n\nDeux;2020;de trop;\n")
    assert [r.fields["title"] for r in found] == ["Un", "Deux"]
    assert found[1].kept == ("3: de trop",)


def test_a_row_that_is_longer_than_the_headings_is_not_guessed_at() -> None:
    (found,) = read(CSV, "Titre;Auteur\nUn titre ; avec un signe;Dupont, Jean\n")
    assert found == Unread("line 2", "it has more cells than the table has columns")


def test_a_cell_without_end_is_told() -> None:
    (found,) = read(CSV, 'Titre\n"' + "x" * 200_000)
    assert isinstance(found, Unread)


def test_a_line_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(UnreadableError, match="Line 2 is far too long"):
        read(CSV, "Titre\n" + "x;" * 600_000)


def test_a_report_of_gallica() -> None:
    people = "Roland, Anne (1892-1968)"
    text = (
        "rapport_7\nURL;TITRE;TYPE;AUTEURS;CONTRIBUTEURS;EDITEURS;DATES;DESCRIPTIONS;SUJETS\n"
        f"https://g.example/1;[Affiche];images;{people} ¤ Dupré, Luc;Martin, Ève;1937;1937;Tirage;"
        f"Cognac ¤ {people}\n"
    )
    found = one(CSV, text)
    fields = found.fields
    assert (fields["itemType"], fields["date"], fields["abstractNote"]) == (
        "artwork", "1937", "Tirage",
    )  # fmt: skip
    assert creators(fields) == [
        ("artist", "Roland, Anne"),
        ("artist", "Dupré, Luc"),
        ("contributor", "Martin, Ève"),
    ]
    assert tags(fields) == ["Cognac", "Roland, Anne (1892-1968)"]
