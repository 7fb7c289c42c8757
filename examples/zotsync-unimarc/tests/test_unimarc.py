"""What is written is read back with pymarc, field by field."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import Any

import pymarc
import pytest
from zotsync_unimarc import FOR_PMB, UNIMARC, WITH_NON_SORTING, write
from zotsync_unimarc.texts import LONGEST, pieces, shortened, with_marks

from zotsync.plugins import Export
from zotsync.plugins.testing import check_exporter, find_plugin, samples

SCHEMA = samples()["an empty library"].schema
ARTICLE: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "L’œuvre du travailleur pair : ce « nouveau » collègue",
    "creators": [
        {"creatorType": "author", "lastName": "Adenot", "firstName": "Éloïse"},
        {"creatorType": "author", "lastName": "Le Cœur", "firstName": "Zoé"},
        {"creatorType": "author", "name": "Fédération Santé mentale"},
        {"creatorType": "translator", "lastName": "Muñoz", "firstName": "José"},
    ],
    "publicationTitle": "Actualités sociales hebdomadaires",
    "volume": "3",
    "issue": "3145",
    "date": "2020-01-31",
    "pages": "28-32",
    "ISSN": "1145-0673",
    "DOI": "10.3917/empa.108.0073",
    "url": "https://www.cairn.info/revue-x.htm?a=1&b=2",
    "language": "fr-FR",
    "abstractNote": "Un premier alinéa : où l’on rêve.\nUn second… [Extr. intro.]",
    "tags": [{"tag": "pair-aidance"}, {"tag": "santé mentale", "type": 1}],
    "accessDate": "2021-07-01T23:11:44Z",
    "rights": "CC BY",
}
BOOK: dict[str, Any] = {
    "itemType": "book",
    "title": "Les pairs. Une histoire",
    "shortTitle": "Les pairs",
    "creators": [
        {"creatorType": "author", "name": "Psycom"},
        {"creatorType": "author", "lastName": "Zola", "firstName": "Émile"},
        {"creatorType": "editor", "lastName": "Durand", "firstName": "Anne"},
        {"creatorType": "seriesEditor", "name": "INSERM"},
    ],
    "place": "Lyon",
    "publisher": "Chronique sociale",
    "date": "octobre 2019",
    "numPages": "185",
    "series": "Comprendre la société",
    "seriesNumber": "12",
    "edition": "2e édition",
    "volume": "2",
    "ISBN": "978-2-36717-576-6 2367175760",
    "callNumber": "PAI 32",
}
CHAPTER: dict[str, Any] = {
    "itemType": "bookSection",
    "title": "Un chapitre",
    "bookTitle": "Un livre",
    "creators": [
        {"creatorType": "author", "lastName": "Socrate"},
        {"creatorType": "bookAuthor", "lastName": "Platon"},
    ],
    "place": "Paris",
    "publisher": "ESF",
    "date": "2018",
    "pages": "12-34",
    "ISBN": "2367175760",
}


def read(*items: dict[str, Any], **flavour: bool) -> list[pymarc.Record]:
    data = write(
        Export({f"ABCD234{n}": item for n, item in enumerate(items, 2)}, SCHEMA), **flavour
    )
    return records(data)


def records(data: bytes) -> list[pymarc.Record]:
    reader = pymarc.MARCReader(io.BytesIO(data), force_utf8=True)
    found = [record for record in reader if record is not None]
    assert reader.current_exception is None
    return found


def field(record: pymarc.Record, tag: str) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Return the fields of a tag: indicators and subfields."""
    return [
        ("".join(one.indicators), [(part.code, part.value) for part in one.subfields])
        for one in record.get_fields(tag)
    ]


@pytest.mark.parametrize("exporter", [UNIMARC, WITH_NON_SORTING, FOR_PMB])
def test_the_contract_holds(exporter: Any) -> None:
    check_exporter(exporter)


def test_zotsync_finds_all_three() -> None:
    assert find_plugin("exporter", "unimarc") is UNIMARC
    assert find_plugin("exporter", "unimarc-nsb") is WITH_NON_SORTING
    assert find_plugin("exporter", "unimarc-pmb") is FOR_PMB


def test_an_article_field_by_field() -> None:
    (record,) = read(ARTICLE)
    assert record["001"].data == "ABCD2342"
    assert field(record, "017") == [("70", [("a", "10.3917/empa.108.0073"), ("2", "doi")])]
    assert field(record, "101") == [("0 ", [("a", "fre")])]
    assert field(record, "200") == [
        (
            "1 ",
            [
                ("a", "L’œuvre du travailleur pair"),
                ("e", "ce « nouveau » collègue"),
                ("f", "Éloïse Adenot, Zoé Le Cœur, Fédération Santé mentale"),
            ],
        )
    ]
    assert field(record, "210") == []
    assert field(record, "215") == [("  ", [("a", "p. 28-32")])]
    assert field(record, "330") == [
        ("  ", [("a", "Un premier alinéa : où l’on rêve.")]),
        ("  ", [("a", "Un second… [Extr. intro.]")]),
    ]
    assert field(record, "461") == [
        (" 1", [("t", "Actualités sociales hebdomadaires"), ("x", "1145-0673")])
    ]
    assert field(record, "463") == [(" 1", [("v", "vol. 3, n° 3145"), ("d", "2020-01-31")])]
    assert field(record, "610") == [
        ("0 ", [("a", "pair-aidance")]),
        ("0 ", [("a", "santé mentale")]),
    ]
    assert field(record, "700") == [(" 1", [("a", "Adenot"), ("b", "Éloïse"), ("4", "070")])]
    assert field(record, "701") == [(" 1", [("a", "Le Cœur"), ("b", "Zoé"), ("4", "070")])]
    assert field(record, "711") == [("02", [("a", "Fédération Santé mentale"), ("4", "070")])]
    assert field(record, "702") == [(" 1", [("a", "Muñoz"), ("b", "José"), ("4", "730")])]
    assert field(record, "801") == [(" 0", [("a", "FR"), ("b", "zotsync")])]
    assert field(record, "856") == [("4 ", [("u", "https://www.cairn.info/revue-x.htm?a=1&b=2")])]


def test_a_book_field_by_field() -> None:
    (record,) = read(BOOK)
    assert field(record, "010") == [
        ("  ", [("a", "978-2-36717-576-6")]),
        ("  ", [("a", "2367175760")]),
    ]
    assert field(record, "200") == [
        (
            "1 ",
            [("a", "Les pairs"), ("h", "2"), ("e", "Une histoire"), ("f", "Psycom, Émile Zola")],
        )
    ]
    assert field(record, "205") == [("  ", [("a", "2e édition")])]
    assert field(record, "210") == [
        ("  ", [("a", "Lyon"), ("c", "Chronique sociale"), ("d", "octobre 2019")])
    ]
    assert field(record, "215") == [("  ", [("a", "185 p.")])]
    assert field(record, "225") == [("2 ", [("a", "Comprendre la société"), ("v", "12")])]
    assert field(record, "710") == [("02", [("a", "Psycom"), ("4", "070")])]
    assert field(record, "700") == []
    assert field(record, "701") == [(" 1", [("a", "Zola"), ("b", "Émile"), ("4", "070")])]
    assert field(record, "702") == [(" 1", [("a", "Durand"), ("b", "Anne"), ("4", "340")])]
    assert field(record, "712") == [("02", [("a", "INSERM"), ("4", "340")])]
    assert ("  ", [("a", "Cote : PAI 32")]) in field(record, "300")


def test_a_chapter_is_linked_to_its_book() -> None:
    (record,) = read(CHAPTER)
    assert str(record.leader)[5:10] == "naa2 "
    assert field(record, "010") == field(record, "210") == []
    assert field(record, "463") == [
        (
            " 1",
            [("t", "Un livre"), ("c", "Paris"), ("n", "ESF"), ("d", "2018"), ("y", "2367175760")],
        )
    ]
    assert field(record, "700") == [(" 0", [("a", "Socrate"), ("4", "070")])]
    assert any("Platon" in parts[0][1] for _indicators, parts in field(record, "300"))


def test_a_thesis_and_a_web_page() -> None:
    thesis = {"itemType": "thesis", "title": "T", "university": "Lyon 2", "date": "2019"}
    page = {"itemType": "webpage", "title": "P", "websiteTitle": "Psycom", "url": "https://a.fr/é"}
    first, second = read({**thesis, "thesisType": "Thèse de doctorat"}, page)
    expected = [("b", "Thèse de doctorat"), ("e", "Lyon 2"), ("d", "2019")]
    assert field(first, "328") == [(" 0", expected)]
    assert str(second.leader)[5:9] == "nlm0"
    assert field(second, "856") == [("4 ", [("u", "https://a.fr/é")])]
    assert any("Psycom" in parts[0][1] for _indicators, parts in field(second, "300"))


def test_the_label_is_unimarc_s_and_100_says_that_it_is_unicode() -> None:
    data = write(Export({"ABCD2342": ARTICLE}, SCHEMA))
    assert int(data[:5]) == len(data)
    assert data[5:10] == b"naa2 "  # position 9 is blank in UNIMARC, whatever the encoding
    assert data[10:12] == b"22"
    assert data[20:24] == b"450 "
    assert data.endswith(b"\x1e\x1d")
    (record,) = records(data)
    (general,) = record["100"].get_subfields("a")
    assert len(general) == 36
    assert general[:8] == "20210701"
    assert general[8:13] == "d2020"
    assert general[22:25] == "fre"
    assert general[26:30] == "50  "
    assert general[34:36] == "ba"
    (undated,) = read({"itemType": "book", "title": "T"})
    assert undated["100"]["a"][:17] == "19000101u        "


def test_the_bytes_are_utf_8_and_composed() -> None:
    typed = unicodedata.normalize("NFD", "Éloïse à l’œuvre")
    data = write(Export({"ABCD2342": {**BOOK, "title": typed}}, SCHEMA))
    assert "Éloïse à l’œuvre".encode() in data
    assert unicodedata.is_normalized("NFC", data.decode("utf-8"))
    (record,) = records(data)
    assert record["200"]["a"] == "Éloïse à l’œuvre"


def test_a_reader_that_is_not_told_would_spoil_the_accents() -> None:
    """Show why `force_utf8` is needed: pymarc goes by the label of MARC 21."""
    data = write(Export({"ABCD2342": ARTICLE}, SCHEMA))
    (spoilt,) = (r for r in pymarc.MARCReader(io.BytesIO(data), hide_utf8_warnings=True))
    assert spoilt is None or "œuvre" not in str(spoilt["200"])


def test_marks_of_iso_2709_within_a_text_break_nothing() -> None:
    title = "Un\x1ftitre\x1e où\x1d tout $a est | permis <i>ici</i>\nou\u2028là \ud800"
    first, second = read({"itemType": "book", "title": title}, BOOK)
    assert first["200"]["a"] == "Untitre où tout $a est | permis ici ou là"
    assert second["200"]["a"] == "Les pairs"


def test_the_article_of_a_title_is_marked_where_it_is_asked_for() -> None:
    assert read(BOOK)[0]["200"]["a"] == "Les pairs"
    assert read(BOOK, non_sorting=True)[0]["200"]["a"] == "\x98Les \x9cpairs"
    assert read(ARTICLE, non_sorting=True)[0]["200"]["a"].startswith("\x98L’\x9cœuvre")
    assert with_marks("A day", "eng") == "\x98A \x9cday"
    assert with_marks("A day", "fre") == "A day"
    assert with_marks("Lespinasse", "fre") == "Lespinasse"
    assert with_marks("L’", "fre") == "L’"


def test_pmb_is_told_how_to_link() -> None:
    (record,) = read(ARTICLE, pmb=True)
    assert record["461"].get_subfields("9") == ["lnk:perio"]
    assert field(record, "463") == [
        (
            " 1",
            [("v", "vol. 3, n° 3145"), ("d", "2020-01-31"), ("e", "2020-01-31"), ("9", "lnk:bull")],
        )
    ]
    (in_words,) = read({**ARTICLE, "date": "juillet-août 2019"}, pmb=True)
    assert in_words["463"].get_subfields("d", "e") == ["2019-01-01", "juillet-août 2019"]
    assert not read(ARTICLE)[0]["463"].get_subfields("9")
    bare = {"itemType": "journalArticle", "title": "T"}
    assert not read(bare, pmb=True)[0].get_fields("461", "463")


def test_a_long_abstract_is_spread_over_several_fields() -> None:
    long = "œuvre " * 5_000
    (record,) = read({**BOOK, "abstractNote": long})
    parts = [one["a"] for one in record.get_fields("330")]
    assert " ".join(parts) == long.strip()
    assert all(len(part.encode()) <= LONGEST for part in parts)


def test_a_record_that_is_too_long_is_abridged_and_says_so() -> None:
    data = write(
        Export({"ABCD2342": {**BOOK, "abstractNote": "mot " * 60_000}, "ABCD2343": ARTICLE}, SCHEMA)
    )
    first, second = records(data)
    assert len(first.get_fields("330")) > 5
    assert "abrégée" in first["830"]["a"]
    assert first["701"]["a"] == "Zola"
    assert second["701"]["a"] == "Le Cœur"
    assert not second.get_fields("830")


def test_texts_are_cut_between_words_and_never_within_a_letter() -> None:
    assert list(pieces("un deux trois", 8)) == ["un deux", "trois"]
    assert list(pieces("é" * 5, 4)) == ["éé", "éé", "é"]
    assert "".join(pieces("", 4)) == ""
    assert shortened("un deux trois", 11) == "un deux…"
    assert shortened("un", 11) == "un"


def test_every_field_of_every_type_is_somewhere() -> None:
    """Nothing is dropped but what the README names."""
    export = samples()["an item of each type"]
    data = records(write(export))
    assert len(data) == len(export.entries)
    passed = {"itemType", "creators", "tags", "collections", "shortTitle", "language"}
    passed |= {"journalAbbreviation", "libraryCatalog", "citationKey"}
    for record, (key, item) in zip(data, export.entries.items(), strict=True):
        marked = {
            name: f"{name}-{key}" for name in item if name not in passed and not _has_form(name)
        }
        (one,) = read({**item, **marked})
        text = str(one)
        assert [n for n, mark in marked.items() if mark not in text] == [], item["itemType"]
        assert record["200"]["a"]


def _has_form(name: str) -> bool:
    return name == "accessDate" or name.lower().endswith("date")
