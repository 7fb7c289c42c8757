"""What stands in the Word file: proven on its XML, since reopening it proves little."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.styles.style import ParagraphStyle
from handout.printed import SAMPLE, library_of, paragraphs, part, print_items, sample_library
from hypothesis import given
from hypothesis import strategies as st
from strategies import messy_text

from zotsync.config import Centre
from zotsync.errors import FileError, HandoutError
from zotsync.handout.compose import Library
from zotsync.handout.entry import Mark, Role
from zotsync.handout.handoutfile import Handout, SectionSpec, parse_handout, read_handout
from zotsync.handout.render import House, outline, render_handout
from zotsync.handout.select import What
from zotsync.handout.text.typography import french
from zotsync.handout.theming.themes import Theme, list_themes, templates_folder
from zotsync.handout.writers.ooxml import RELATIONS, tag
from zotsync.model import normal
from zotsync.zotero.schema import bundled

MESSY_FIELDS = (
    "title",
    "shortTitle",
    "abstractNote",
    "publisher",
    "place",
    "series",
    "url",
    "libraryCatalog",
    "DOI",
    "language",
    "date",
)
HOSTILE = "A & B </w:t><w:p/> \"q\" 's' %s %% {x} ]]> <!-- c --> &amp; \ue000"


@pytest.fixture(scope="module")
def sample_docx(classique: Theme) -> bytes:
    handout = read_handout(SAMPLE / "handouts/pair-aidance.toml")
    centre = Centre(institution="Centre", contact="doc@example.org")
    return render_handout(handout, sample_library(), classique, bundled(), House(centre)).data


def check_package(document: bytes) -> None:
    """Check what OOXML validators miss: undefined styles, bookmarks, relations, double parts."""
    bundle = zipfile.ZipFile(io.BytesIO(document))
    assert len(bundle.namelist()) == len(set(bundle.namelist()))
    root, styles = part(document), part(document, "word/styles.xml")
    known = {style.get(tag("styleId")) for style in styles.iter(tag("style"))}
    used = {e.get(tag("val")) for name in ("pStyle", "rStyle") for e in root.iter(tag(name))}
    used |= {e.get(tag("val")) for name in ("basedOn", "next") for e in styles.iter(tag(name))}
    assert used <= known
    starts = list(root.iter(tag("bookmarkStart")))
    ends = [end.get(tag("id")) for end in root.iter(tag("bookmarkEnd"))]
    assert [start.get(tag("id")) for start in starts] == ends
    names = [start.get(tag("name")) for start in starts]
    assert len(names) == len(set(names))
    assert len(ends) == len(set(ends))
    assert all(start.getparent() is end.getparent() for start, end in
               zip(starts, root.iter(tag("bookmarkEnd")), strict=True))  # fmt: skip
    whole = [r.get("Target") for r in part(document, "_rels/.rels")]
    assert len(whole) == len(set(whole))
    relations = {r.get("Id") for r in part(document, "word/_rels/document.xml.rels")}
    assert {v for e in root.iter() for n, v in e.attrib.items() if RELATIONS in n} <= relations


def test_the_sample_is_a_sound_package(sample_docx: bytes) -> None:
    check_package(sample_docx)
    assert (
        len(list(part(sample_docx).iter(tag("hyperlink")))) == 8
    )  # the last one writes to the centre


@pytest.mark.parametrize("theme", [info.name for info in list_themes()])
def test_base_docx_has_every_role_with_a_sample_and_a_french_alias(theme: str) -> None:
    base = (templates_folder() / theme / "base.docx").read_bytes()
    check_package(base)
    styles = part(base, "word/styles.xml")
    custom = [style for style in styles if style.get(tag("customStyle"))]
    names = {style.find(tag("name")).get(tag("val")) for style in custom}
    assert names == {one.value for one in (*Role, *Mark)}
    assert all(style.find(tag("aliases")) is not None for style in custom)
    sampled = {e.get(tag("val")) for e in part(base).iter(tag("pStyle"), tag("rStyle"))}
    assert {style.get(tag("styleId")) for style in custom} == sampled


def test_sections_are_headings_that_word_knows_in_any_language(sample_docx: bytes) -> None:
    styles = {
        s.get(tag("styleId")): s for s in part(sample_docx, "word/styles.xml").iter(tag("style"))
    }
    section = styles["SectionHeading"]
    heading = styles[section.find(tag("basedOn")).get(tag("val"))]
    assert heading.find(tag("name")).get(tag("val")) == "heading 1"
    assert section.find(f"{tag('pPr')}/{tag('outlineLvl')}").get(tag("val")) == "0"


def test_the_document_is_french_and_numbers_its_pages(sample_docx: bytes) -> None:
    lang = part(sample_docx, "word/styles.xml").find(f".//{tag('rPrDefault')}//{tag('lang')}")
    assert lang.get(tag("val")) == "fr-FR"
    codes = "".join(part(sample_docx, "word/footer1.xml").itertext())
    assert " PAGE " in codes
    assert " NUMPAGES " in codes


def test_titles_and_sources_carry_the_key(sample_docx: bytes) -> None:
    names = [b.get(tag("name")) for b in part(sample_docx).iter(tag("bookmarkStart"))]
    assert "_zk_ADN7T5C8" in names
    assert "_zk_ADN7T5C8_2" in names
    assert {name[4:12] for name in names} == set(sample_library().items)
    assert all(re.fullmatch(r"_zk_[0-9A-Z]{8}(_\d+)?", name) for name in names)


def test_properties_are_those_of_the_handout(sample_docx: bytes) -> None:
    core = docx.Document(io.BytesIO(sample_docx)).core_properties
    assert (core.title, core.subject) == ("La pair-aidance", "Sélection bibliographique")
    assert (core.author, core.last_modified_by, core.language) == ("Centre", "Centre", "fr-FR")
    assert core.created is not None
    assert core.created == core.modified
    assert (core.created.year, core.created.month) == (2021, 10)
    raw = zipfile.ZipFile(io.BytesIO(sample_docx)).read("docProps/core.xml")
    assert b"python-docx" not in raw
    assert b"2013" not in raw


def test_a_handout_without_a_date_has_no_dates(classique: Theme) -> None:
    document = print_items(classique, {"itemType": "book", "title": "T"}, date="bientôt").data
    assert b"dcterms:created" not in zipfile.ZipFile(io.BytesIO(document)).read("docProps/core.xml")


def test_a_long_title_fits_into_the_properties(classique: Theme) -> None:
    document = print_items(classique, {"itemType": "book"}, title="é" * 1000).data
    assert ("Handout Title", "é" * 1000) in paragraphs(document)


def test_the_same_bibliography_gives_the_same_bytes(classique: Theme, sample_docx: bytes) -> None:
    handout = read_handout(SAMPLE / "handouts/pair-aidance.toml")
    centre = Centre(institution="Centre", contact="doc@example.org")
    again = render_handout(handout, sample_library(), classique, bundled(), House(centre)).data
    assert again == sample_docx
    infos = zipfile.ZipFile(io.BytesIO(again)).infolist()
    assert infos[0].filename == "[Content_Types].xml"
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_an_entrys_head_is_kept_with_two_lines_of_what_follows(sample_docx: bytes) -> None:
    lines = []
    for paragraph in part(sample_docx).iter(tag("p")):
        look = paragraph.find(tag("pPr"))
        style = look.find(tag("pStyle")).get(tag("val"))
        if style.startswith("Entry"):
            text = "".join(t.text or "" for t in paragraph.iter(tag("t")))
            lines.append((style, text, look.find(tag("keepNext")) is not None))
    for (style, _text, kept), (after, _, _) in pairwise(lines):
        if style in {"EntryTitle", "EntrySubtitle", "EntrySource"}:
            assert kept == (after not in {"EntryAuthor", "EntryTitle"} or style != "EntrySource")
    short = next(kept for style, text, kept in lines if text == "Disponible sur Cairn")
    assert short


def test_an_entry_without_author_has_the_same_space_above(sample_docx: bytes) -> None:
    title = next(
        p for p in part(sample_docx).iter(tag("p")) if "connivence" in "".join(p.itertext())
    )
    spacing = title.find(f"{tag('pPr')}/{tag('spacing')}")
    styles = part(sample_docx, "word/styles.xml")
    (author,) = [s for s in styles if s.get(tag("styleId")) == "EntryAuthor"]
    wanted = author.find(f"{tag('pPr')}/{tag('spacing')}").get(tag("before"))
    assert spacing.get(tag("before")) == wanted


def test_a_hostile_title_is_printed_as_it_is(classique: Theme) -> None:
    item = {"itemType": "book", "title": HOSTILE, "publisher": HOSTILE, "abstractNote": HOSTILE}
    document = print_items(classique, item, title=HOSTILE).data
    check_package(document)
    assert [text for _, text in paragraphs(document) if "</w:t>" in text] == [
        french(HOSTILE),
        french(HOSTILE),
        french(f"{HOSTILE}."),
        french(HOSTILE),
    ]


def test_formatting_in_titles_is_real(classique: Theme) -> None:
    item = {
        "itemType": "book",
        "title": "<i>Un <b>mot</b></i> H<sub>2</sub>O<sup>+<sub>x</sub></sup>",
    }
    document = print_items(classique, item).data
    assert ("Entry Title", "Un mot H2O+x") in paragraphs(document)
    looks = [[e.tag.partition("}")[2] for e in r] for r in part(document).iter(tag("rPr"))]
    assert looks[0] == ["i", "iCs"]
    assert ["b", "bCs", "i", "iCs"] in looks
    assert looks.count(["vertAlign"]) == 3


def test_a_link_used_twice_has_one_relation(classique: Theme) -> None:
    item = {"itemType": "webpage", "title": "T", "url": 'https://a.org/x?a=1&b="2"'}
    document = print_items(classique, item, {**item, "title": "U"}).data
    check_package(document)
    targets = [r.get("Target") for r in part(document, "word/_rels/document.xml.rels")]
    assert targets.count("https://a.org/x?a=1&b=%222%22") == 1


def test_a_work_printed_twice_keeps_its_bookmarks_apart(classique: Theme) -> None:
    everything = SectionSpec(title="Tout")
    document = print_items(
        classique,
        {"itemType": "book", "title": "T", "date": "2020"},
        sections=(everything,) * 2,
        repeat=True,
    ).data
    check_package(document)
    names = [b.get(tag("name")) for b in part(document).iter(tag("bookmarkStart"))]
    assert names == ["_zk_ABCDZZZZ", "_zk_ABCDZZZZ_2", "_zk_ABCDZZZZ_3", "_zk_ABCDZZZZ_4"]


@given(st.dictionaries(st.sampled_from(MESSY_FIELDS), messy_text()), messy_text())
def test_no_text_breaks_the_file(classique: Theme, fields: dict[str, str], name: str) -> None:
    creators = [{"creatorType": "author", "lastName": name, "firstName": ""}]
    item = {"itemType": "book", **fields, "creators": creators}
    check_package(print_items(classique, item, title=name, introduction=name).data)


@given(messy_text(), st.sampled_from(["en", "fr"]))
def test_every_character_is_printed_but_control_characters(
    classique: Theme, text: str, language: str
) -> None:
    text = re.sub("https?:[^ ]*|<[^>]*>", "", text)
    item = {"itemType": "book", "title": "T", "abstractNote": text, "language": language}
    document = print_items(classique, item).data
    printed = "".join(t for style, t in paragraphs(document) if style == "Entry Abstract")
    stored = str(normal(item).get("abstractNote", ""))
    assert letters(printed) == letters(stored)


def letters(text: str) -> str:
    """Return what is printed: kinds of blanks aside, U+FFFD for what XML cannot hold."""
    kept = "".join(c for c in text if not c.isspace() and ord(c) >= 32)
    return re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", kept)


def test_what_the_selection_tells_reaches_the_result(classique: Theme) -> None:
    library = library_of({"itemType": "book", "title": "A"}, {"itemType": "book", "title": "B"})
    library = Library(library.items, {}, library.find, {}, {"ABCDZZZY"})
    section = SectionSpec(title="S", sort="manual", order=("ABCDZZZZ", "GONE2345"))
    handout = Handout(sections=(section,))
    rendered = render_handout(handout, library, classique, bundled(), House(Centre()))
    assert [(r.what, r.names) for r in rendered.remarks] == [
        (What.NOT_FOUND, ("GONE2345",)),
        (What.UNORDERED, ("ABCDZZZY",)),
        (What.OPEN_CONFLICT, ("ABCDZZZY",)),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('title = "x"\ncollection = "Nowhere"', 2),
        ('[[sections]]\ntitle = "x"\n[[sections]]\ncollection = "Nowhere"', 4),
    ],
)
def test_a_collection_that_is_not_there_is_named_with_its_line(
    classique: Theme, text: str, line: int
) -> None:
    handout = parse_handout(text.encode(), "x.toml")
    with pytest.raises(HandoutError) as caught:
        outline(handout, library_of(), classique, bundled())
    assert "Nowhere" in str(caught.value.problem)
    assert caught.value.problem.place.line == line


def test_progress_is_told_for_each_entry(classique: Theme) -> None:
    library = library_of({"itemType": "book"}, {"itemType": "book"})
    seen: list[Any] = []
    render_handout(Handout(), library, classique, bundled(), House(Centre()),
                   progress=lambda _phase, done, total: seen.append((done, total)))  # fmt: skip
    assert seen == [(1, 2), (2, 2)]


def png() -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def test_the_logo_stands_above_the_title_with_a_text(classique: Theme, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(png())
    centre = Centre(institution="Le centre", logo=str(logo))
    document = render_handout(
        Handout(title="T"), library_of(), classique, bundled(), House(centre)
    ).data
    body = part(document)[0]
    (picture,) = [e for e in body[0].iter() if e.tag.endswith("}docPr")]
    assert picture.get("descr") == "Le centre"
    assert "".join(body[1].itertext()) == "T"
    types = zipfile.ZipFile(io.BytesIO(document)).read("[Content_Types].xml")
    assert b"image/png" in types


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_logo_that_cannot_be_used_is_named(
    classique: Theme, tmp_path: Path, content: bytes | None
) -> None:
    logo = tmp_path / "logo.png"
    if content is not None:
        logo.write_bytes(content)
    with pytest.raises(FileError) as caught:
        render_handout(Handout(), library_of(), classique, bundled(), House(Centre(logo=str(logo))))
    assert caught.value.problem.place.file == str(logo)
    reason = "No such file or directory" if content is None else "it is damaged, or of another kind"
    assert str(caught.value.problem.message) == f"The logo cannot be used: {reason}"


def run(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=120)
    return done.stdout.decode("utf-8")


@pytest.mark.needs("ooxml-validator")
def test_the_validator_finds_nothing(sample_docx: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(sample_docx)
    assert '"errors": []' in run("ooxml-validator", tmp_path / "x.docx")


@pytest.mark.needs("soffice", "pdftotext")
def test_the_sample_fills_three_numbered_pages(sample_docx: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(sample_docx)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ("soffice", profile, "--headless", "--convert-to", "pdf")
    run(*convert, "--outdir", tmp_path, tmp_path / "x.docx")
    pages = run("pdftotext", "-layout", tmp_path / "x.pdf", "-").split("\f")[:-1]
    feet = [page.strip().splitlines()[-1].replace(" ", "") for page in pages]
    assert feet == ["1/3", "2/3", "3/3"]


def test_an_item_that_prints_nothing_leaves_the_page_settings_as_they_are(
    classique: Theme,
) -> None:
    def sections(*items: dict[str, Any]) -> int:
        handout = Handout(title="T", choices={"cover": True, "indexes": ("keywords",)})
        library = library_of(*items)
        document = render_handout(handout, library, classique, bundled(), House(Centre())).data
        return len(list(part(document, "word/document.xml").iter(tag("sectPr"))))

    tags = [{"tag": "a"}]
    assert sections({"itemType": "book", "tags": tags}) == sections(
        {"itemType": "book", "title": "T", "tags": tags}
    )


def test_behind_a_cover_every_page_has_its_header(classique: Theme) -> None:
    def own_first_pages(*, cover: bool) -> list[bool]:
        handout = Handout(title="T", choices={"cover": cover})
        library = library_of({"itemType": "book", "title": "T"})
        document = render_handout(handout, library, classique, bundled(), House(Centre())).data
        sections = part(document, "word/document.xml").iter(tag("sectPr"))
        return [section.find(tag("titlePg")) is not None for section in sections]

    assert own_first_pages(cover=False) == [True]
    assert own_first_pages(cover=True) == [False, False]


@pytest.mark.parametrize("name", [info.name for info in list_themes()])
@pytest.mark.parametrize("style", ["Handout Intro", "Contents Heading"])
def test_what_may_follow_the_title_band_keeps_off_it(name: str, style: str) -> None:
    base = docx.Document(str(templates_folder() / name / "base.docx"))
    (found,) = (one for one in base.styles if one.name == style)
    assert isinstance(found, ParagraphStyle)
    assert (found.paragraph_format.space_before or 0) > 0
