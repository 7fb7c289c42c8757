"""Headers and footers of a base.docx: texts, fields, pages that have their own."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from zotsync.handout.theming.themes import templates_folder
from zotsync.handout.writers.edges import EdgeLine, Edges, Field, edges_of

CLASSIQUE = templates_folder() / "classique" / "base.docx"
BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
BETWEEN = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def changed(folder: Path, **parts: tuple[str, str]) -> Path:
    """Return a copy of base.docx with a pattern replaced in some of its parts."""
    path = folder / "base.docx"
    with zipfile.ZipFile(CLASSIQUE) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            pattern, replacement = parts.get(Path(name).stem, ("", ""))
            new.writestr(name, re.sub(pattern, replacement, text) if pattern else text)
    return path


def footer(folder: Path, paragraph: str) -> tuple[EdgeLine, ...]:
    path = changed(folder, footer1=("<w:p>.*</w:p>", paragraph.replace("\\", r"\\")))
    return edges_of(path).parts["footer"]


def test_the_bundled_theme_numbers_its_pages_below_a_running_title() -> None:
    found = edges_of(CLASSIQUE).parts
    assert set(found) == {"header", "header-first", "footer", "footer-first"}
    assert Field.TITLE in found["header"][0].pieces
    assert found["header-first"][0].pieces == ()
    assert {Field.PAGE, Field.PAGES} <= set(found["footer"][0].pieces)


def field(*code: str, shown: str | None = None) -> str:
    said = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code)
    result = "" if shown is None else f"{BETWEEN}<w:r><w:t>{shown}</w:t></w:r>"
    return f"{BEGIN}{said}{result}{END}"


def simple(code: str, shown: str) -> str:
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'


@pytest.mark.parametrize(
    ("runs", "pieces"),
    [
        ("<w:r><w:t>Page </w:t></w:r>", ("Page ",)),
        (simple(" PAGE \\* MERGEFORMAT ", "7"), (Field.PAGE,)),
        (simple("DATE", "2021"), ("2021",)),
        (f"{field(' NUM', 'PAGES ', shown='9')}<w:r><w:t>!</w:t></w:r>", (Field.PAGES, "!")),
        (field("page"), (Field.PAGE,)),
        (field(" DATE ", shown="2021"), ("2021",)),
        ('<w:pPr><w:tabs><w:tab w:val="right"/></w:tabs></w:pPr><w:r><w:tab/></w:r>', ("\t",)),
    ],
)
def test_texts_and_fields_are_told_apart(
    tmp_path: Path, runs: str, pieces: tuple[str | Field, ...]
) -> None:
    assert footer(tmp_path, f"<w:p>{runs}</w:p>") == (EdgeLine(pieces),)


def test_each_paragraph_has_its_alignment(tmp_path: Path) -> None:
    lines = "<w:p><w:pPr><w:jc w:val='end'/></w:pPr></w:p><w:p/>"
    assert footer(tmp_path, lines) == (EdgeLine((), "right"), EdgeLine(()))


def test_a_first_page_of_its_own_shows_what_it_has_and_no_more(tmp_path: Path) -> None:
    path = changed(tmp_path, document=('<w:headerReference w:type="(?:default|first)"[^>]*/>', ""))
    assert set(edges_of(path).parts) == {"footer", "footer-first"}
    path = changed(tmp_path, document=('<w:(?:header|footer)Reference w:type="first"[^>]*/>', ""))
    found = edges_of(path).parts
    assert (found["header-first"], found["footer-first"]) == ((), ())
    path = changed(tmp_path, document=("<w:titlePg/>", ""))
    assert set(edges_of(path).parts) == {"header", "footer"}


def test_a_document_without_page_settings_has_no_edges(tmp_path: Path) -> None:
    assert edges_of(changed(tmp_path, document=("<w:sectPr>.*</w:sectPr>", ""))) == Edges()
    path = changed(tmp_path, document=("<w:pgMar[^>]*/>", ""))
    assert edges_of(path).distances == {"header": 36, "footer": 36}
