"""Handouts as web pages: what every reader, browser and search engine finds in the file."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from handout.documents import all_lines, document, documents, entry, letters, printed
from hypothesis import given
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
from zotsync.handout.theming.themes import Theme, load_theme
from zotsync.handout.writers.contrast import NORMAL, WHITE, contrast
from zotsync.handout.writers.css import stylesheet
from zotsync.handout.writers.html import to_html
from zotsync.handout.writers.looks import looks_of
from zotsync.handout.writers.qr import png

HOSTILE = "</style><script>alert(1)</script> \"q\" 'x' &amp; <!-- ]]> {b} %s \ud800\x00\x1b"
JPEG = bytes.fromhex(
    "ffd8 ffe0 0010 4a46494600 0101 01 0048 0048 0000"
    "ffc0 0011 08 0010 0020 03 011100 021101 031101 ffda 0002 ffd9"
)


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme("classique")


def page(whole: Document, theme: Theme) -> Any:
    """Return a page as a tree: parsing it as XML proves that everything is closed and escaped."""
    return etree.fromstring(to_html(whole, theme))


def title(text: str, **also: Any) -> Line:
    return Line(Role.ENTRY_TITLE, (Run(text, **also),))


def text_of(element: Any) -> str:
    return "".join(element.itertext())


class _Texts(HTMLParser):
    """What a browser shows of a page, and what it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.inside: list[str] = []
        self.started: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        self.started[tag] += 1
        self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        self.started[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if "body" in self.inside:
            self.seen.append(data)


@given(whole=documents())
def test_every_character_is_printed_in_order_and_nothing_else(
    theme: Theme, whole: Document
) -> None:
    data = to_html(whole, theme)
    wanted = "".join(map(printed, all_lines(whole)))
    assert letters(text_of(etree.fromstring(data).find("body"))) == wanted
    texts = _Texts()
    texts.feed(data.decode())
    assert letters("".join(texts.seen)) == wanted
    assert texts.started["script"] == 0
    assert data == to_html(whole, theme)


@given(whole=documents())
def test_ids_are_unique_and_links_inside_lead_to_one(theme: Theme, whole: Document) -> None:
    root = page(whole, theme)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labels = [element.get("aria-labelledby") for element in root.iter()]
    assert {label for label in labels if label} <= set(ids)
    contents = [a.get("href")[1:] for a in root.iterfind(".//nav//li/a")]
    assert set(contents) <= set(ids)
    assert not list(root.iterfind(".//a//a"))


def test_hostile_text_stays_text(theme: Theme) -> None:
    whole = dataclasses.replace(
        document(entry(title(HOSTILE, url=f"https://a.org/{HOSTILE}")), title=HOSTILE),
        properties=Properties(HOSTILE, HOSTILE, HOSTILE, HOSTILE, language=HOSTILE),
    )
    data = to_html(whole, theme)
    root: Any = etree.fromstring(data)
    assert b"<script" not in data
    shown = "</style><script>alert(1)</script> \"q\" 'x' &amp; <!-- ]]> {b} %s \ufffd"
    assert [text_of(root.find(f".//{name}")) for name in ("title", "h1", "h3")] == [shown] * 3
    assert root.find(".//h3/a").get("href") == f"https://a.org/{shown}"
    assert root.find(".//meta[@name='author']").get("content") == shown


def test_the_page_needs_nothing_from_elsewhere(theme: Theme, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png("logo"))
    code = Run("https://a.org", code="https://a.org")
    whole = document(entry(title("T"), Line(Role.ACCESS, (code, Run("a.org")))))
    data = to_html(dataclasses.replace(whole, logo=str(tmp_path / "logo.png")), theme)
    root: Any = etree.fromstring(data)
    assert [i.get("src")[:22] for i in root.iter("img")] == ["data:image/png;base64,"] * 2
    assert not list(root.iter("script", "link", "iframe", "object"))
    assert b"url(" not in data
    assert b"@import" not in data


def test_the_page_says_what_it_is(theme: Theme) -> None:
    properties = Properties("Titre", "Sélection", "Centre", "a, b", (2021, 10, 0))
    whole = dataclasses.replace(document(), properties=properties)
    root = page(dataclasses.replace(whole, intro=(plain(Role.INTRO, "Voici."),)), theme)
    assert root.get("lang") == "fr-FR"
    assert text_of(root.find(".//title")) == "Titre"
    found = {meta.get("name"): meta.get("content") for meta in root.iter("meta")}
    assert found["description"] == "Voici."
    assert (found["author"], found["keywords"], found["date"]) == ("Centre", "a, b", "2021-10")


def test_a_page_without_properties_has_the_title_it_shows(theme: Theme) -> None:
    root = page(document(title="La une"), theme)
    assert text_of(root.find(".//title")) == "La une"
    assert {meta.get("name") for meta in root.iter("meta")} == {None, "viewport"}


def test_landmarks_and_headings_follow_the_parts(theme: Theme) -> None:
    whole = Document(
        front=(plain(Role.TITLE, "T"), plain(Role.SUBTITLE, "S")),
        blocks=(
            Block(plain(Role.SECTION, "Un"), (entry(title("A")),)),
            Block(None, (entry(title("B"), key="WXYZ6789"),)),
        ),
        back=(plain(Role.CONTACT, "C"),),
        contents=plain(Role.CONTENTS_HEADING, "Sommaire"),
        intro=(plain(Role.INTRO, "I"),),
        indexes=(Index(plain(Role.SECTION, "Index"), ()),),
    )
    body = page(whole, theme).find("body")
    assert [part.tag for part in body] == ["header", "nav", "main", "footer"]
    found = [(e.tag, text_of(e)) for e in body.iter("h1", "h2", "h3")]
    assert found == [
        ("h1", "T"), ("h2", "Sommaire"), ("h2", "Un"), ("h3", "A"), ("h2", "B"), ("h2", "Index"),
    ]  # fmt: skip
    links = [(a.get("href"), text_of(a)) for a in body.iterfind("nav//a")]
    assert links == [("#section-1", "Un"), ("#index-1", "Index")]
    assert [a.get("id") for a in body.iter("article")] == ["ABCD2345", "WXYZ6789"]


def test_an_entry_printed_twice_keeps_its_ids_apart(theme: Theme) -> None:
    root = page(document(*[entry(title("T"))] * 3, entry(title("U"), key="<x y>")), theme)
    ids = [article.get("id") for article in root.iter("article")]
    assert ids == ["ABCD2345", "ABCD2345_2", "ABCD2345_3", None]
    labels = [article.get("aria-labelledby") for article in root.iter("article")]
    assert labels == ["ABCD2345-title", "ABCD2345_2-title", "ABCD2345_3-title", None]


def test_indexes_lead_to_the_entries(theme: Theme) -> None:
    row = IndexRow("ÈVE", ((1, "ABCD2345"), (12, "WXYZ6789")))
    whole = dataclasses.replace(
        document(entry(title("T"))), indexes=(Index(plain(Role.SECTION, "Index"), (row,)),)
    )
    (shown,) = page(whole, theme).iterfind(".//section[@class='names']//li")
    assert text_of(shown) == "ÈVE, 1, 12"
    assert [a.get("href") for a in shown] == ["#ABCD2345", "#WXYZ6789"]


def test_formatting_is_real(theme: Theme) -> None:
    faces = frozenset({Face.ITALIC, Face.BOLD, Face.SUB})
    line = Line(Role.ENTRY_TITLE, (Run("a", faces=faces), Run("b", Mark.NUMBER), Run("c")))
    heading = page(document(entry(line)), theme).find(".//h3")
    assert etree.tostring(heading, encoding="unicode").partition(">")[2].strip() == (
        '<sub><i><b>a</b></i></sub><span class="number">b</span>c</h3>'
    )


def test_no_break_spaces_and_mixed_scripts_are_kept(theme: Theme) -> None:
    text = "Qui\u202f? «\u00a0Où\u00a0» שלום 👩\u200d🔬 e\u0301"
    heading = page(document(entry(title(text))), theme).find(".//h3")
    assert heading.text == text
    assert heading.get("dir") == "auto"


@pytest.mark.parametrize(
    ("language", "direction"), [("fr-FR", None), ("he", "rtl"), ("ar-MA", "rtl")]
)
def test_the_language_says_from_where_it_is_read(
    theme: Theme, language: str, direction: str | None
) -> None:
    root = page(dataclasses.replace(document(), properties=Properties(language=language)), theme)
    assert (root.get("lang"), root.get("dir")) == (language, direction)


def test_lines_that_share_a_frame_stand_in_one(theme: Theme) -> None:
    lines = (title("T"), plain(Role.ABSTRACT, "un"), plain(Role.ABSTRACT, "deux"))
    article = page(document(entry(*lines, plain(Role.ACCESS, "x"))), theme).find(".//article")
    assert [child.tag for child in article] == ["h3", "div", "p"]
    assert [text_of(p) for p in article[1]] == ["un", "deux"]


def test_a_code_is_a_picture_with_a_text(theme: Theme) -> None:
    access = Line(Role.ACCESS, (Run("https://a.org/", code="https://a.org/"), Run("x")))
    picture = page(document(entry(access)), theme).find(".//img")
    assert picture.get("alt") == "https://a.org/"
    too_long = Line(Role.ACCESS, (Run("a", code="a" * 5000), Run("x")))
    assert page(document(entry(too_long)), theme).find(".//img") is None


def test_the_logo_has_the_institution_for_a_text(theme: Theme, tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(JPEG)
    whole = dataclasses.replace(
        document(), logo=str(tmp_path / "l"), properties=Properties(author="Centre")
    )
    (logo,) = page(whole, theme).iter("img")
    assert (logo.get("alt"), logo.get("src")[:27]) == ("Centre", "data:image/jpeg;base64,/9j/")


@pytest.mark.parametrize("data", [None, b"", b"<svg/>"])
def test_a_logo_that_is_no_picture_is_refused(
    theme: Theme, tmp_path: Path, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / "l").write_bytes(data)
    with pytest.raises(FileError, match="The logo cannot be used") as caught:
        to_html(dataclasses.replace(document(), logo=str(tmp_path / "l")), theme)
    assert caught.value.problem.place.file == str(tmp_path / "l")


def test_progress_is_told_for_each_entry(theme: Theme) -> None:
    ticks: list[None] = []
    to_html(document(*[entry(title("T"))] * 3), theme, lambda: ticks.append(None))
    assert len(ticks) == 3


def test_a_font_name_cannot_leave_its_rule(own_theme: Path) -> None:
    parts = {}
    with zipfile.ZipFile(own_theme / "base.docx") as bundle:
        parts = {name: bundle.read(name) for name in bundle.namelist()}
    hostile = parts["word/styles.xml"].replace(b'"Calibri"', b"'&lt;/style&gt;&quot;;}x{'")
    with zipfile.ZipFile(own_theme / "base.docx", "w") as bundle:
        for name, data in {**parts, "word/styles.xml": hostile}.items():
            bundle.writestr(name, data)
    style = stylesheet(looks_of(own_theme / "base.docx"))
    assert "<" not in style
    assert 'font-family:"stylex",' in style
    assert style.count("{") == style.count("}")


def test_text_stands_out_from_what_is_behind_it(theme: Theme) -> None:
    looks = looks_of(theme.base)
    style = stylesheet(looks)
    for name, behind in (("abstract", WHITE), ("access", WHITE), ("title", "17495A")):
        found = re.search(rf"^\.{name}{{color:#(\w+)", style, re.MULTILINE)
        assert found
        assert contrast(found[1], behind) >= NORMAL
