"""Notes as lines: what the Zotero client writes, and what nobody should."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.entry import Face, Mark, Role
from zotsync.handout.text.notehtml import note_lines


def texts(note: str) -> list[str]:
    return [line.text for line in note_lines(note, Role.NOTE)]


def looks(note: str) -> list[tuple[str, set[Face], str]]:
    return [
        (r.text, set(r.faces), r.url) for line in note_lines(note, Role.NOTE) for r in line.runs
    ]


ZOTERO = """<div data-citation-items="%5B%7B%22uris%22%3A%5B%5D%7D%5D" data-schema-version="9"><h1>Comité</h1>
<p>Lu par <strong>Anne &amp; Luc</strong>,
voir <span class="citation" data-citation="%7B%7D">(<span class="citation-item">Roy, 2020</span>)</span>.</p>
<ul>
<li>
un
</li>
<li>
<p>deux</p>
<ol start="3">
<li>
trois
</li>
<li>quatre</li>
</ol>
</li>
</ul>
<blockquote>
<p>Cité<br>en deux lignes</p>
</blockquote>
<p><img alt="Un schéma" data-attachment-key="ABCD2345"> <img data-attachment-key="ABCD2346"></p>
<table><tbody><tr><th><p>Ville</p></th><td><p>Lyon</p></td></tr><tr><td></td><td>Metz</td></tr></tbody></table>
<pre>a  b
  c</pre>
<p>\u00a0</p>
</div>"""


def test_a_note_of_the_zotero_client_is_lines() -> None:
    assert texts(ZOTERO) == [
        "Comité",
        "Lu par Anne & Luc, voir (Roy, 2020).",
        "–\u00a0un",
        "–\u00a0deux",
        "\u20033.\u00a0trois",
        "\u20034.\u00a0quatre",
        "Cité",
        "en deux lignes",
        "Un schéma [image]",
        "Ville | Lyon",
        "| Metz",
        "a  b",
        "  c",
    ]
    assert {line.role for line in note_lines(ZOTERO, Role.INTRO)} == {Role.INTRO}


def test_formatting_is_kept() -> None:
    note = (
        "<p>a <em>b <b>c</b></em><sub>d</sub><sup>e</sup>"
        '<span style="font-variant: small-caps">f</span><span style="font-weight:700">g</span> h</p>'
    )
    assert looks(note) == [
        ("a ", set(), ""),
        ("b ", {Face.ITALIC}, ""),
        ("c", {Face.ITALIC, Face.BOLD}, ""),
        ("d", {Face.SUB}, ""),
        ("e", {Face.SUP}, ""),
        ("f", {Face.SMALL_CAPS}, ""),
        ("g", {Face.BOLD}, ""),
        (" h", set(), ""),
    ]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.org/x?a=1&amp;b=2", "https://a.org/x?a=1&b=2"),
        ("mailto:doc@example.org", "mailto:doc@example.org"),
        ("javascript:alert(1)", ""),
        ("zotero://select/library/items/ABCD2345", ""),
        ("data:text/html,x", ""),
        ("", ""),
    ],
)
def test_links_lead_to_the_web_and_to_mail_alone(href: str, url: str) -> None:
    ((line,),) = (note_lines(f'<p><a href="{href}">ici</a></p>', Role.NOTE),)
    assert [(r.text, r.url, r.mark) for r in line.runs] == [
        ("ici", url, Mark.LINK if url else None)
    ]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Sans balise\nni paragraphe", ["Sans balise ni paragraphe"]),
        ("<p>un<p>deux", ["un", "deux"]),
        ("a < b && c > d", ["a < b && c > d"]),
        ("<p hidden style='display:none'>caché</p>", ["caché"]),
        ("<script>alert(1) < 2</script>", ["<script>alert(1) < 2</script>"]),
        ("<style>p{}</style>", ["<style>p{}</style>"]),
        ("<!-- dit --><p>x</p>", ["<!-- dit -->", "x"]),
        ("<foo bar='1'>x</foo>", ["<foo bar='1'>x</foo>"]),
        ("<i>a<b>b</i>c</b>d", ["abcd"]),
        ("</p></ul>x</b>", ["x"]),
        ("<p>&lt;i&gt; &eacute;&#233;&hellip; &nimporte;</p>", ["<i> éé… &nimporte;"]),
        ("<li>seul</li>", ["–\u00a0seul"]),
        ("<ul><li></li><li><ul><li>x</li></ul></li></ul>", ["\u2003–\u00a0x"]),
        ("<ol start='2'><li>a</li></ol><ol start='x'><li>b</li></ol>", ["2.\u00a0a", "1.\u00a0b"]),
        ("<p>ouvert <a href='x", ["ouvert <a href='x"]),
        ("", []),
        ("<p> </p><br><hr>", []),
    ],
)
def test_whatever_stands_in_a_note_is_told(note: str, told: list[str]) -> None:
    assert texts(note) == told


WORD = st.text(st.sampled_from("abcé<>&\"'/!?-œ漢👩🏽\u0301\u202e[]{}"), min_size=1, max_size=6)
INLINE = st.sampled_from(["b", "em", "u", "sub", "span", "a", "code", "script", "foo"])
BLOCK = st.sampled_from(
    ["p", "div", "li", "ul", "ol", "h2", "blockquote", "td", "tr", "table", "pre"]
)


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, str]:
    """Return a note's HTML, and its text without blanks."""
    pieces, plain = [], []
    for _ in range(draw(st.integers(0, 12))):
        word = draw(WORD)
        tag = draw(st.one_of(INLINE, BLOCK))
        pieces.append(
            draw(st.sampled_from([f"<{tag}>", f"</{tag}>", f"<{tag}><{tag}>", " ", "\n"]))
        )
        pieces.append(html.escape(word, quote=draw(st.booleans())))
        plain.append(word)
    return "".join(pieces), "".join(plain)


@given(notes())
def test_every_visible_character_is_kept_in_order(note: tuple[str, str]) -> None:
    source, plain = note
    shown = iter("".join(texts(source)))
    assert all(char in shown for char in plain)


@given(st.text(st.sampled_from("<>/!?-'\"=& abip\n\u00a0"), max_size=60))
def test_no_text_breaks_the_reading_of_notes(note: str) -> None:
    kept = re.sub(r"[\s<>/!?'\"=&|–-]", "", "".join(texts(note)))
    source = iter(note)
    assert all(char in source for char in kept if not char.isdigit() and char != ".")


@pytest.mark.parametrize(
    "piece",
    ["<b>", "<ul><li>", "</b>", "<!--", "<!-->", "<a href='", '<a t="x>', "<a t='x>", "<", "&", "&#",
     "a<u>a</u>", "<script>", "<table><tr><td>", "<a href=http://a.org>x", "<pre>\n", "<b></i>"],
)  # fmt: skip
def test_a_hostile_note_takes_no_longer_than_it_is_long(piece: str) -> None:
    lines = note_lines(piece * (200_000 // len(piece)) + "fin", Role.NOTE)
    assert lines[-1].text.endswith("fin")
