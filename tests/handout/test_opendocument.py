"""OpenDocument texts: sound packages with nothing undefined, in the theme's looks, as LibreOffice prints."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from handout.documents import (
    all_lines,
    document,
    documents,
    entry,
    letters,
    printed,
)
from handout.odfcheck import DC, DRAW, FO, HREF, META, STYLE, TEXT, check_package, paragraphs, part
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from zotsync.errors import FileError
from zotsync.handout.entry import (
    Block,
    Document,
    Face,
    Index,
    IndexRow,
    Line,
    Mark,
    Properties,
    Role,
    Run,
    plain,
)
from zotsync.handout.libreoffice import convert
from zotsync.handout.theming.themes import Theme, list_themes, load_theme
from zotsync.handout.writers.looks import looks_of
from zotsync.handout.writers.opendocument import to_odt
from zotsync.handout.writers.word import to_word

HOSTILE = "A & B </text:p><text:p/> \"q\" 's' %s %% {x} ]]> <!-- c --> &amp; \ue000"
URL = 'https://a.org/x?a=1&b="2"'


@pytest.fixture(scope="module")
def whole() -> Document:
    """Return a document with everything that a document can have."""
    one = entry(
        Line(Role.AUTHOR, (Run("1.\u00a0", Mark.NUMBER), Run("GARDIEN Ève."))),
        Line(Role.ENTRY_TITLE, (Run("H"), Run("2", faces=frozenset({Face.SUB})), Run("O"))),
        plain(Role.SOURCE, "PUG, 2017."),
        Line(Role.ABSTRACT, (Run("Résumé. "), Run("[Extr. intro.]", Mark.ORIGIN))),
        plain(Role.ACCESS, "Disponible sur Cairn"),
        Line(Role.ACCESS, (Run("Code", code=URL), Run(URL, Mark.LINK, url=URL))),
        number=1,
    )
    two = entry(plain(Role.ENTRY_TITLE, "ספר"), key="WXYZ6789", number=2)
    rows = (IndexRow("Gardien, Ève", ((1, "ABCD2345"), (9, "QQQQ2345"))),)
    return Document(
        (plain(Role.TITLE, "La pair-aidance"), plain(Role.SUBTITLE, "Sélection")),
        (Block(plain(Role.SECTION, "Articles"), (one, two)), Block(None, (one,))),
        (plain(Role.CONTACT, "1 rue X"),),
        Properties("La pair-aidance", "Sélection", "Le centre", "pairs", (2021, 10, 0)),
        cover=True,
        contents=plain(Role.CONTENTS_HEADING, "Sommaire"),
        intro=(plain(Role.INTRO, "Bonjour."),),
        indexes=(Index(plain(Role.SECTION, "Index"), rows),),
    )


def test_a_document_with_everything_is_sound_and_the_same_each_time(
    classique: Theme, whole: Document
) -> None:
    data = to_odt(whole, classique)
    check_package(data)
    assert to_odt(whole, classique) == data
    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_lines_have_the_styles_of_their_roles_in_order(classique: Theme, whole: Document) -> None:
    entry_lines = [
        ("Entry Author", "1.\u00a0GARDIEN Ève."),
        ("Entry Title", "H2O"),
        ("Entry Source", "PUG, 2017."),
        ("Entry Abstract", "Résumé. [Extr. intro.]"),
        ("Entry Access", "Disponible sur Cairn"),
        ("Entry Access", URL),
    ]
    assert paragraphs(to_odt(whole, classique)) == [
        ("Handout Title", "La pair-aidance"),
        ("Handout Subtitle", "Sélection"),
        ("Contents Heading", "Sommaire"),
        ("Contents Entry", "Articles"),
        ("Contents Entry", "Index"),
        ("Handout Intro", "Bonjour."),
        ("Section Heading", "Articles"),
        *entry_lines,
        ("Entry Title", "ספר"),
        *entry_lines,
        ("Section Heading", "Index"),
        ("Index Entry", "Gardien, Ève, 1, 9"),
        ("Handout Contact", "1 rue X"),
    ]


def test_titles_and_sources_carry_the_key_and_headings_are_headings(
    classique: Theme, whole: Document
) -> None:
    root = part(to_odt(whole, classique))
    names = [e.get(f"{TEXT}name") for e in root.iter(f"{TEXT}bookmark-start")]
    keys = ["_zk_ABCD2345", "_zk_ABCD2345_2", "_zk_WXYZ6789", "_zk_ABCD2345_3", "_zk_ABCD2345_4"]
    assert names == ["_Toc000000001", *keys, "_Toc000000002"]
    headings = [
        (e.get(f"{TEXT}outline-level"), "".join(e.itertext())) for e in root.iter(f"{TEXT}h")
    ]
    assert headings == [("1", "Articles"), ("1", "Index")]


def test_links_lead_out_and_around(classique: Theme, whole: Document) -> None:
    root = part(to_odt(whole, classique))
    goals = [e.get(HREF) for e in root.iter(f"{TEXT}a")]
    assert goals == ["#_Toc000000001", "#_Toc000000002", URL, URL, "#_zk_ABCD2345"]
    pages = [e.get(f"{TEXT}ref-name") for e in root.iter(f"{TEXT}bookmark-ref")]
    assert pages == ["_Toc000000001", "_Toc000000002"]


def test_a_code_is_a_picture_with_an_alternative_text(classique: Theme, whole: Document) -> None:
    data = to_odt(whole, classique)
    frames = list(part(data).iter(f"{DRAW}frame"))
    assert [[each.text for each in frame[1:]] for frame in frames] == [["Code", "Code"]] * 2
    (name,) = {frame[0].get(HREF) for frame in frames}
    assert zipfile.ZipFile(io.BytesIO(data)).read(name).startswith(b"\x89PNG")


def test_properties_are_those_of_the_handout(classique: Theme, whole: Document) -> None:
    (meta,) = part(to_odt(whole, classique), "meta.xml")
    told = {each.tag: each.text for each in meta}
    assert told[f"{DC}title"] == "La pair-aidance"
    assert told[f"{DC}creator"] == told[f"{META}initial-creator"] == "Le centre"
    assert told[f"{DC}language"] == "fr-FR"
    assert told[f"{META}creation-date"] == told[f"{DC}date"] == "2021-10-01T00:00:00"
    (meta,) = part(to_odt(replace(whole, properties=Properties()), classique), "meta.xml")
    assert {each.tag for each in meta} == {f"{META}generator", f"{DC}language"}


def test_looks_are_those_of_the_theme(classique: Theme, whole: Document) -> None:
    root = part(to_odt(whole, classique), "styles.xml")
    styles = {e.get(f"{STYLE}display-name"): e for e in root.iter(f"{STYLE}style")}
    paragraph, words = styles["Handout Title"]
    look = looks_of(classique.base).roles[Role.TITLE]
    assert paragraph.get(f"{FO}background-color") == f"#{look.background}" != "#"
    frame = look.borders["left"]
    outside = frame.space + frame.width  # a frame stands outside of the indent, as in Word
    assert paragraph.get(f"{FO}margin-left") == f"{look.left - outside:g}pt"
    assert words.get(f"{FO}font-size") == f"{look.size:g}pt"
    assert words.get(f"{FO}color") == f"#{look.letters.color}"
    default = root.find(f".//{STYLE}default-style/{STYLE}text-properties")
    assert (default.get(f"{FO}language"), default.get(f"{FO}country")) == ("fr", "FR")
    assert default.get(f"{FO}hyphenate") == "true"
    footer = root.find(f".//{STYLE}footer/{TEXT}p")
    assert [etree.QName(e).localname for e in footer] == ["page-number", "page-count"]
    assert footer[0].tail == " / "
    header = root.find(f".//{STYLE}header/{TEXT}p")
    assert [etree.QName(e).localname for e in header] == ["tab", "title"]
    assert root.find(f".//{STYLE}header-first") is not None


def own_looks(data: bytes, words: str) -> dict[str, str]:
    """Return what the first line with these words has of its own, besides its role's style."""
    root = part(data)
    line = next(e for e in root.iter(f"{TEXT}p") if words in "".join(e.itertext()))
    name = line.get(f"{TEXT}style-name")
    styles = [e for e in root.iter(f"{STYLE}style") if e.get(f"{STYLE}name") == name]
    return {
        etree.QName(key).localname: value for style in styles for key, value in style[0].items()
    }


def test_an_entry_stays_with_two_lines_of_what_follows_its_head(
    classique: Theme, whole: Document
) -> None:
    data = to_odt(whole, classique)
    kept = {"keep-with-next": "always"}
    assert [
        own_looks(data, words) for words in ("GARDIEN Ève.", "H2O", "PUG", "Résumé", "sur Cairn")
    ] == [kept] * 5
    assert own_looks(data, "1 rue X") == {}


def test_whichever_line_opens_an_entry_has_the_space_of_an_author_line(classique: Theme) -> None:
    data = to_odt(document(entry(plain(Role.ENTRY_TITLE, "Sans auteur"))), classique)
    space = looks_of(classique.base).roles[Role.AUTHOR].before
    assert own_looks(data, "Sans auteur") == {"margin-top": f"{space:g}pt"}


@pytest.mark.parametrize("name", [info.name for info in list_themes()])
def test_every_theme_makes_sound_texts(name: str, whole: Document) -> None:
    check_package(to_odt(whole, load_theme(name)))


def test_writing_from_right_to_left_is_told(classique: Theme, whole: Document) -> None:
    root = part(to_odt(whole, classique))
    (line,) = [e for e in root.iter(f"{TEXT}p") if "".join(e.itertext()) == "ספר"]
    name = line.get(f"{TEXT}style-name")
    (style,) = [e for e in root.iter(f"{STYLE}style") if e.get(f"{STYLE}name") == name]
    assert style[0].get(f"{STYLE}writing-mode") == "rl-tb"


@given(made=documents())
def test_no_text_breaks_the_file_and_none_is_lost(classique: Theme, made: Document) -> None:
    data = to_odt(made, classique)
    check_package(data)
    assert [letters(said) for _, said in paragraphs(data)] == [
        printed(line) for line in all_lines(made)
    ]


def test_a_hostile_text_is_printed_as_it_is(classique: Theme) -> None:
    lines = (plain(Role.ENTRY_TITLE, HOSTILE), plain(Role.SOURCE, HOSTILE))
    properties = Properties(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    made = replace(document(entry(*lines), title=HOSTILE, heading=HOSTILE), properties=properties)
    data = to_odt(replace(made, contents=plain(Role.CONTENTS_HEADING, HOSTILE)), classique)
    check_package(data)
    assert [said for _, said in paragraphs(data)] == [HOSTILE] * 6


@given(st.integers(0, 3))
def test_each_entry_is_told(classique: Theme, count: int) -> None:
    told: list[int] = []
    made = document(*[entry(plain(Role.ENTRY_TITLE, "E"))] * count)
    to_odt(made, classique, lambda: told.append(1))
    assert len(told) == count


def test_the_logo_stands_above_the_title_with_a_text(
    classique: Theme, whole: Document, tmp_path: Path
) -> None:
    from zotsync.handout.writers.qr import png  # noqa: PLC0415 - a picture like any

    logo = tmp_path / "logo.png"
    logo.write_bytes(png("x"))
    data = to_odt(replace(whole, logo=str(logo)), classique)
    check_package(data)
    frame = next(part(data).iter(f"{DRAW}frame"))
    assert [each.text for each in frame[1:]] == ["Le centre", "Le centre"]
    assert frame.getparent().getnext().tag == f"{TEXT}p"
    assert paragraphs(data)[:2] == [("Standard", ""), ("Handout Title", "La pair-aidance")]


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_logo_that_cannot_be_used_is_named(
    classique: Theme, whole: Document, tmp_path: Path, content: bytes | None
) -> None:
    logo = tmp_path / "logo.png"
    if content is not None:
        logo.write_bytes(content)
    with pytest.raises(FileError, match="The logo cannot be used") as caught:
        to_odt(replace(whole, logo=str(logo)), classique)
    assert caught.value.problem.place.file == str(logo)


@pytest.mark.needs("soffice")
def test_libreoffice_prints_it_as_it_prints_the_word_document(
    classique: Theme, whole: Document
) -> None:
    pages = {}
    for kind, data in (("odt", to_odt(whole, classique)), ("docx", to_word(whole, classique))):
        read = pypdf.PdfReader(io.BytesIO(convert(data, kind, "pdf")))
        pages[kind] = [page.extract_text() for page in read.pages]
    assert len(pages["odt"]) == 3
    cover, contents, rest = pages["odt"]
    assert letters(cover) == "Lapair-aidanceSélection"
    assert letters(contents).replace(".", "") == "SommaireArticles3Index32/3"
    assert "GARDIEN Ève." in rest
    assert [letters(text) for text in pages["docx"]][:1] == [letters(cover)]


@pytest.mark.needs("soffice")
def test_the_keys_survive_libreoffice(classique: Theme, whole: Document) -> None:
    saved = convert(convert(to_odt(whole, classique), "odt", "docx"), "docx", "odt")
    names = {
        e.get(f"{TEXT}name") for e in part(saved).iter(f"{TEXT}bookmark-start", f"{TEXT}bookmark")
    }
    assert {"_zk_ABCD2345", "_zk_ABCD2345_2", "_zk_WXYZ6789"} <= names
