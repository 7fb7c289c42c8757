"""Tables as catalogues, Excel and Zotero write them."""

from __future__ import annotations

import pytest
from reading_references import creators, one, read, references, tags

from zotsync.importers.table import CSV, delimiter_of
from zotsync.plugins import UnreadableError

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


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("a;b,c;d", ";"),
        ("a,b", ","),
        ("a\tb;c\td", "\t"),
        ('"a;b;c",d', ","),
        ("a", ";"),
        ("", ";"),
    ],
)
def test_what_stands_between_columns(line: str, delimiter: str) -> None:
    assert delimiter_of(line) == delimiter


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
    found = references(CSV, "\n\nTitre;Date\nUn\n\nDeux;2020;de trop\n")
    assert [r.fields["title"] for r in found] == ["Un", "Deux"]
    assert found[1].kept == ("3: de trop",)


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="Line"):
        read(CSV, 'Titre\n"' + "x" * 200_000)
