"""Messy and hostile files: no crash, no hang, a clear error, and all text accounted for."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oldhandouts.yardstick import HANDOUT

from zotsync.errors import FileError
from zotsync.oldhandouts.accounting import fold
from zotsync.oldhandouts.blocks import Pages
from zotsync.oldhandouts.fromhtml import html_pages
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.opening import read_old_handout
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import ReadBibliography

LINES = HANDOUT.read_text("utf-8").splitlines()


def letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalpha())


def said(read: ReadBibliography) -> str:
    headings = [section.heading for section in read.sections]
    sources = [entry.source for entry in read.entries]
    return letters("\n".join((read.title, *read.introduction, *read.unplaced, *headings, *sources)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60)), max_size=40))
def test_no_letter_of_a_messy_text_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    read = read_bibliography(text_pages(text))
    kept = said(read)
    for line in text_pages(text).blocks:
        assert letters(line.text) in kept or all(
            letters(word) in kept for word in line.text.split()
        )
    for entry in read.entries:
        assert entry.item()["itemType"]
        assert 0 < entry.confidence <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/abph1 =\"'&;!-]["), max_size=200))
def test_any_web_page_is_read(text: str) -> None:
    read_bibliography(html_pages(text))


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "mot " * 60_000, "A, " * 40_000, "DUPONT Jean, " * 20_000, " / " * 40_000, "(" * 100_000,
     "In : " * 20_000, "« " * 40_000, "x\n" * 3_000, "1" * 50_000 + " p.", "\f\n" * 20_000,
     "http://a.fr/ " * 20_000, "Rapport-" * 15_000, "1." * 40_000, "a@" * 40_000],
)  # fmt: skip
def test_gigantic_lines_are_read_in_pieces(text: str) -> None:
    read_bibliography(text_pages(text))


def test_a_web_page_nested_without_end_is_read() -> None:
    page = "<div>" * 100_000 + "ROY Anne.<br>Un titre<br>Paris : ESF, 2019. 120p." + "<b>" * 100_000
    (entry,) = read_bibliography(html_pages(page)).entries
    assert (entry.value("title"), entry.value("publisher")) == ("Un titre", "ESF")


@pytest.mark.parametrize(
    "text", ["<", "<a ", "<!--", "<a href='", "</", "&", "<![CDATA[", "<p>x", "<?", "<a b=c "]
)
def test_tags_without_end_cost_no_more_than_others(text: str) -> None:
    html_pages(text * 30_000)


def test_scripts_and_styles_of_a_web_page_are_no_text() -> None:
    page = "<title>Ma page</title><style>p{}</style><script>ROY Anne.</script><p>Un texte.</p>"
    read = html_pages(page)
    assert (read.title, [block.text for block in read.blocks]) == ("Ma page", ["Un texte."])


def package(path: Path, body: bytes) -> Path:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r" Type="{relation}" Target="word/document.xml"/></Relationships>',
        )
        file.writestr("word/document.xml", body)
    return path


def opened(path: Path) -> Pages:
    return read_old_handout(path.read_bytes(), str(path))


W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    bomb = package(tmp_path / "a.docx", W + b" " * 200_000_000)
    with pytest.raises(FileError, match="more than a handout"):
        opened(bomb)


def test_entities_are_refused(tmp_path: Path) -> None:
    body = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + W + b"<w:body/></w:document>"
    with pytest.raises(FileError, match="entities"):
        opened(package(tmp_path / "a.docx", body))


def test_a_text_box_is_read_where_it_is_anchored_and_once(tmp_path: Path) -> None:
    box = b"<w:txbxContent><w:p><w:r><w:t>Le jeu</w:t></w:r></w:p></w:txbxContent>"
    copied = b'<mc:Fallback xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    run = b"<w:r><w:pict>" + box + copied + box + b"</mc:Fallback></w:pict><w:t>Suite</w:t></w:r>"
    body = W + b"<w:body><w:p>" + run + b"</w:p></w:body></w:document>"
    read = opened(package(tmp_path / "a.docx", body))
    assert [block.text for block in read.blocks] == ["Le jeu", "Suite"]


def test_deep_nesting_in_word_is_read_or_refused(tmp_path: Path) -> None:
    body = W + b"<w:body>" + b"<w:sdt>" * 200 + b"</w:sdt>" * 200 + b"</w:body></w:document>"
    assert opened(package(tmp_path / "a.docx", body)).blocks == ()
    deep = W + b"<w:body>" + b"<w:sdt>" * 5_000 + b"</w:sdt>" * 5_000 + b"</w:body></w:document>"
    with pytest.raises(FileError):
        opened(package(tmp_path / "b.docx", deep))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7\n" + b"<<" * 5_000),
        (
            "a.pdf",
            b"%PDF-1.4\ntrailer << /Root 1 0 R >>\n1 0 obj << /Pages 1 0 R /Kids [1 0 R] >> endobj",
        ),
        ("a.docx", b"PK\x03\x04 no zip"),
        ("a.txt", b"\x00" * 4_000),
    ],
)
def test_what_cannot_be_read_is_told(name: str, data: bytes, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(FileError) as caught:
        opened(file)
    assert caught.value.problem.place.file == str(file)
    assert caught.value.problem.hint


def test_a_text_of_windows_and_one_with_a_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    for coding in ("cp1252", "utf-8-sig", "utf-16"):
        file.write_bytes("Ève à Grenoble".encode(coding))
        assert opened(file).blocks[0].text == "Ève à Grenoble"
