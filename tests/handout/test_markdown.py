"""Markdown as a real parser reads it: every text comes out as it went in, formatting as it was meant."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from handout.documents import (
    HEAD,
    MARKUP,
    all_lines,
    document,
    documents,
    entry,
    letters,
    lines,
    printed,
)
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from zotsync.handout.entry import (
    Block,
    Document,
    Face,
    Index,
    IndexRow,
    Line,
    Mark,
    Role,
    Run,
    plain,
)
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.markdown import to_markdown

LINES = {"p", "li", "h1", "h2", "br", "blockquote", "ul", "hr"}
FACES = {
    "em": Face.ITALIC,
    "strong": Face.BOLD,
    "sub": Face.SUB,
    "sup": Face.SUP,
    "span": Face.SMALL_CAPS,
}


class Read(HTMLParser):
    """Reads what the parser made: lines of (letter, faces), tags, links and anchors."""

    def __init__(self, markdown: bytes) -> None:
        super().__init__()
        self.lines: list[list[tuple[str, frozenset[Face]]]] = [[]]
        self.tags: list[str] = []
        self.links: list[str] = []
        self.anchors: list[str] = []
        self._faces: list[Face] = []
        parser = MarkdownIt("commonmark")
        parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign] # shows %20 as it is
        self.feed(parser.render(markdown.decode()))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in LINES:
            self.lines.append([])
        if tag in FACES:
            self._faces.append(FACES[tag])
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.anchors.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in LINES:
            self.lines.append([])
        if tag in FACES:
            assert self._faces.pop() is FACES[tag]

    def handle_data(self, data: str) -> None:
        faces = frozenset(self._faces)
        self.lines[-1] += [(letter, faces) for letter in letters(data)]

    @property
    def texts(self) -> list[str]:
        return [text for line in self.lines if (text := "".join(letter for letter, _ in line))]


def read(whole: Document, theme: Theme) -> Read:
    return Read(to_markdown(whole, theme))


@given(whole=documents())
def test_every_line_is_read_as_it_was_written(classique: Theme, whole: Document) -> None:
    expected = [text for line in all_lines(whole) if (text := printed(line))]
    assert read(whole, classique).texts == expected


@given(whole=documents())
def test_nothing_but_what_we_mean_becomes_markup(classique: Theme, whole: Document) -> None:
    ours = {"h1", "h2", "p", "a", "br", "blockquote", "ul", "li", "hr", *FACES}
    assert set(read(whole, classique).tags) <= ours


@given(line=lines(*HEAD))
def test_formatting_is_real(classique: Theme, line: Line) -> None:
    by_role = {Face.BOLD} if line.role is Role.ENTRY_TITLE else set()
    expected = [
        (letter, run.faces | by_role | ({Face.ITALIC} if run.mark is Mark.ORIGIN else set()))
        for run in line.runs
        for letter in letters("" if run.code else run.text)
    ]
    whole = Document((), (Block(None, (entry(line),)),))
    found = [each for line in read(whole, classique).lines for each in line]
    assert found == expected


@given(line=lines(*HEAD))
def test_links_lead_where_they_should(classique: Theme, line: Line) -> None:
    whole = Document((), (Block(None, (entry(line, key=""),)),))
    wanted = [run.url for run in line.runs if run.url and letters(run.text)]
    found = read(whole, classique).links
    assert list(dict.fromkeys(map(same, found))) == list(dict.fromkeys(map(same, wanted)))


def same(url: str) -> str:
    """Return an address as the parser normalises it."""
    return str(MarkdownIt().normalizeLink(url))


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ENTRY_TITLE, Role.ABSTRACT, Role.SECTION])
def test_markup_in_a_text_is_printed(classique: Theme, text: str, role: Role) -> None:
    whole = document(entry(plain(Role.AUTHOR, "A"), plain(role, text), plain(Role.SOURCE, "B")))
    assert read(whole, classique).texts == ["Titre", "Section", "A", letters(text), "B"]
    whole = document(title=text, heading=text)
    assert read(whole, classique).texts == [letters(text)] * 2


def test_an_entry_looks_as_it_should(classique: Theme) -> None:
    lines = (
        plain(Role.AUTHOR, "GARDIEN Ève."),
        Line(Role.ENTRY_TITLE, (Run("H"), Run("2", faces=frozenset({Face.SUB})), Run("O* ?"))),
        plain(Role.SOURCE, "PUG, 2017."),
        plain(Role.ABSTRACT, "Un."),
        Line(Role.ABSTRACT, (Run("Deux. "), Run("[Extr. intro.]", Mark.ORIGIN))),
        plain(Role.ACCESS, "Disponible sur Cairn"),
        Line(
            Role.ACCESS,
            (Run("x", code="x"), Run("https://a.org/_b_", Mark.LINK, url="https://a.org/_b_")),
        ),
    )
    expected = """\
# Titre

## Section

<a id="ABCD2345"></a>GARDIEN Ève.\\
<strong>H</strong><strong><sub>2</sub></strong><strong>O\\* ?</strong>\\
PUG, 2017.

> Un.
>
> Deux. *\\[Extr. intro.\\]*

Disponible sur Cairn\\
<https://a.org/_b_>
"""
    assert to_markdown(document(entry(*lines)), classique).decode() == expected


def test_contents_and_indexes_lead_to_what_they_name(classique: Theme) -> None:
    rows = (IndexRow("Gardien, Ève", ((1, "ABCD2345"), (2, "not a key"))),)
    whole = Document(
        (plain(Role.TITLE, "T"),),
        (Block(plain(Role.SECTION, "Un"), (entry(plain(Role.ENTRY_TITLE, "E"), number=1),)),),
        contents=plain(Role.CONTENTS_HEADING, "Sommaire"),
        indexes=(Index(plain(Role.SECTION, "Index"), rows),),
    )
    found = read(whole, classique)
    assert found.anchors == ["section-1", "ABCD2345", "index-1"]
    assert found.links == ["#section-1", "#index-1", "#ABCD2345"]
    assert found.texts == ["T", "Sommaire", "Un", "Index", "Un", "E", "Index", "Gardien,Ève,1,2"]


def test_a_work_printed_twice_has_one_anchor(classique: Theme) -> None:
    each = entry(plain(Role.ENTRY_TITLE, "E"))
    assert read(document(each, each), classique).anchors == ["ABCD2345"]


@given(st.integers(0, 3))
def test_each_entry_is_told(classique: Theme, count: int) -> None:
    told: list[int] = []
    to_markdown(
        document(*[entry(plain(Role.ENTRY_TITLE, "E"))] * count),
        classique,
        lambda: told.append(1),
    )
    assert len(told) == count
