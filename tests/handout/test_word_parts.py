"""Cover, contents, indexes, QR codes and directions of text in the Word file, and its golden parts."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handout.documents import document, entry
from handout.printed import SAMPLE, part, sample_library
from handout.test_themes import edit_part
from handout.test_word import check_package

from zotsync.config import Centre
from zotsync.handout.entry import (
    Block,
    Document,
    Index,
    IndexRow,
    Line,
    Mark,
    Properties,
    Role,
    Run,
    plain,
)
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.render import House, composed
from zotsync.handout.theming.themes import Theme, list_themes, load_theme
from zotsync.handout.writers import qr
from zotsync.handout.writers.ooxml import tag
from zotsync.handout.writers.word import to_word
from zotsync.zotero.schema import bundled

GOLDEN = Path(__file__).parent / "golden"
PARTS = ("word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml")
THEMES = [info.name for info in list_themes()]
URL = "https://example.org/a"
ALL = {
    "cover": True,
    "contents": True,
    "section_numbers": True,
    "indexes": ["authors", "keywords"],
    "keywords": True,
    "shelfmarks": True,
    "qr": True,
    "updated": "2021-10-03",
}


@pytest.fixture
def whole() -> Document:
    first = entry(
        plain(Role.ENTRY_TITLE, "Un"),
        plain(Role.SOURCE, "Revue"),
        Line(Role.ACCESS, (Run("Code de l’adresse", code=URL), Run(URL, Mark.LINK, url=URL))),
        number=1,
    )
    second = entry(plain(Role.REFERENCE, "Deux"), key="WXYZ6789", number=2)
    rows = (IndexRow("GARDIEN Ève", ((1, "ABCD2345"), (2, "WXYZ6789"))),)
    return Document(
        (plain(Role.TITLE, "Titre"), plain(Role.DATE, "2021")),
        (Block(plain(Role.SECTION, "Articles"), (first, second)),),
        (plain(Role.CONTACT, "Contact"),),
        properties=Properties("Le titre", "Le sujet", "Le centre"),
        cover=True,
        contents=plain(Role.CONTENTS_HEADING, "Sommaire"),
        intro=(plain(Role.INTRO, "Introduction"),),
        indexes=(Index(plain(Role.SECTION, "Index"), rows),),
    )


def written(whole: Document, theme: Theme) -> bytes:
    return to_word(whole, theme, paged=lambda _docx, count: range(3, 3 + count))


def names(root: Any, name: str) -> list[str]:
    return [e.get(tag("name")) for e in root.iter(tag(name))]


def anchors(root: Any) -> list[str]:
    links = (link.get(tag("anchor")) for link in root.iter(tag("hyperlink")))
    return [anchor for anchor in links if anchor]


def text(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(tag("t")))


def test_a_table_of_contents_is_a_field_that_shows_the_pages(
    whole: Document, classique: Theme
) -> None:
    data = written(whole, classique)
    check_package(data)
    root = part(data)
    codes = [(e.text or "").strip() for e in root.iter(tag("instrText"))]
    assert codes == [
        'TOC \\o "1-1" \\h \\z \\u',
        r"PAGEREF _Toc000000001 \h",
        r"PAGEREF _Toc000000002 \h",
    ]  # fmt: skip
    kinds = [e.get(tag("fldCharType")) for e in root.iter(tag("fldChar"))]
    inner = ["begin", "separate", "end"]
    assert kinds == ["begin", "separate", *inner, *inner, "end"]
    rows = [
        text(p)
        for p in root.iter(tag("p"))
        if p.find(f"{tag('hyperlink')}[@{tag('anchor')}]") is not None
    ]
    assert rows[:2] == ["Articles3", "Index4"]
    assert set(anchors(root)) <= set(names(root, "bookmarkStart"))


def test_word_is_asked_to_compute_pages_that_are_estimated_alone(
    whole: Document, classique: Theme
) -> None:
    guessed = to_word(whole, classique, paged=lambda _docx, _count: None)
    check_package(guessed)
    asked = part(guessed, "word/settings.xml").findall(tag("updateFields"))
    assert len(asked) == 1
    assert not part(written(whole, classique), "word/settings.xml").findall(tag("updateFields"))


def test_estimated_pages_grow_with_the_document(classique: Theme) -> None:
    long = tuple(entry(*[plain(Role.ABSTRACT, "mot " * 400)] * 3, key="") for _ in range(20))
    blocks = tuple(Block(plain(Role.SECTION, f"S{n}"), long) for n in range(3))
    made = Document(
        (plain(Role.TITLE, "T"),), blocks, contents=plain(Role.CONTENTS_HEADING, "Sommaire")
    )
    data = to_word(made, classique, paged=lambda _docx, _count: None)
    rows = [text(p) for p in part(data).iter(tag("p")) if text(p).startswith("S")][1:4]
    first, second, third = (int(re.sub(r"S\d", "", row, count=1)) for row in rows)
    assert first == 1
    assert 15 < second < 45
    assert abs((third - second) - (second - first)) <= 1


def test_a_cover_has_a_page_of_its_own_without_header_and_footer(
    whole: Document, classique: Theme
) -> None:
    root = part(written(whole, classique))
    sections = list(root.iter(tag("sectPr")))
    assert [len(s.findall(tag("headerReference"))) for s in sections] == [0, 2, 0, 0]
    assert text(sections[0].getparent().getparent()) == "2021"
    kinds = [s.find(tag("type")) for s in sections]
    assert [kind is not None for kind in kinds] == [False, False, True, True]
    breaks = [p for p in root.iter(tag("p")) if p.find(f".//{tag('pageBreakBefore')}") is not None]
    assert [text(p) for p in breaks] == ["Introduction"]


def test_numbers_in_an_index_lead_to_the_entries(whole: Document, classique: Theme) -> None:
    root = part(written(whole, classique))
    assert anchors(root)[-2:] == ["_zk_ABCD2345", "_zk_WXYZ6789"]
    (row,) = [p for p in root.iter(tag("p")) if text(p).startswith("GARDIEN")]
    assert text(row) == "GARDIEN Ève, 1, 2"
    columns = [s.find(tag("cols")).get(tag("num")) for s in root.iter(tag("sectPr"))]
    assert columns == [None, None, "2", None]


def test_a_qr_code_has_a_text_and_stands_once_in_the_file(
    whole: Document, classique: Theme
) -> None:
    (block,) = whole.blocks
    twice = replace(whole, blocks=(block, replace(block, heading=None)))
    data = written(twice, classique)
    check_package(data)
    pictures = [e for e in part(data).iter() if e.tag.endswith("}docPr")]
    assert [p.get("descr") for p in pictures] == ["Code de l’adresse"] * 2
    assert len({p.get("id") for p in pictures}) == 2
    bundle = zipfile.ZipFile(io.BytesIO(data))
    media = [name for name in bundle.namelist() if name.startswith("word/media/")]
    assert [bundle.read(name) for name in media] == [qr.png(URL)]


def test_lines_that_run_to_the_left_say_so(classique: Theme) -> None:
    hebrew, mixed = "שלום עולם", "Le mot שלום"
    lines = plain(Role.ENTRY_TITLE, hebrew), plain(Role.SOURCE, mixed), plain(Role.NOTE, "Œuvre 😀")
    root = part(written(document(entry(*lines)), classique))
    found = {text(p): p for p in root.iter(tag("p"))}
    turned = {t for t, p in found.items() if p.find(f".//{tag('bidi')}") is not None}
    assert turned == {hebrew}
    assert found[hebrew].find(f".//{tag('rtl')}") is not None
    assert found[mixed].find(f".//{tag('rtl')}") is None


def test_the_running_title_is_right_before_fields_are_computed(
    whole: Document, classique: Theme
) -> None:
    header = part(written(whole, classique), "word/header1.xml")
    assert text(header) == "Le titre"


def test_a_base_that_libreoffice_saved_has_its_properties_once(
    whole: Document, own_theme: Path
) -> None:
    usual = "officeDocument/2006/relationships/metadata/core-properties"
    package = "package/2006/relationships/metadata/core-properties"
    edit_part(own_theme / "base.docx", "_rels/.rels", package, usual.lower())
    made = written(whole, load_theme("own", own_theme.parent))
    check_package(made)
    assert "Le titre" in "".join(part(made, "docProps/core.xml").itertext())


@pytest.mark.parametrize("theme", THEMES)
def test_the_parts_are_as_they_were(theme: str, pytestconfig: pytest.Config) -> None:
    handout = read_handout(SAMPLE / "handouts/pair-aidance.toml")
    house = House(Centre(institution="Le centre", contact="doc@example.org"))
    loaded = load_theme(theme)
    made = composed(handout, sample_library(), loaded, bundled(), house, ALL)
    bundle = zipfile.ZipFile(io.BytesIO(written(made.document, loaded)))
    for name in PARTS:
        golden = GOLDEN / theme / name.replace("/", "-")
        shown = re.sub(r"(?=<w:p>|<w:sectPr|<Relationship |<dc)", "\n", bundle.read(name).decode())
        if pytestconfig.getoption("update_golden"):
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(shown, "utf-8", newline="\n")
        assert golden.read_text("utf-8") == shown, "pytest --update-golden takes it over"
