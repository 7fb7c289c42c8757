"""PDF through LibreOffice: tagged, in French, with an outline and links; the same each time."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from handout.documents import document, entry

from zotsync.handout.entry import Document, Line, Mark, Properties, Role, Run, plain
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.pdf import to_pdf

pytestmark = pytest.mark.needs("soffice")
URL = "https://example.org/article?a=1&b=2"


@pytest.fixture(scope="module")
def whole() -> Document:
    lines = (
        plain(Role.AUTHOR, "GARDIEN Ève."),
        plain(Role.ENTRY_TITLE, "Œuvre & « suite »"),
        Line(Role.ACCESS, (Run(URL, Mark.LINK, url=URL),)),
    )
    properties = Properties("La pair-aidance", "Sélection", "Le centre", date=(2021, 10, 0))
    return replace(document(entry(*lines), heading="Articles"), properties=properties)


@pytest.fixture(scope="module")
def made(whole: Document, classique: Theme) -> bytes:
    return to_pdf(whole, classique)


@pytest.fixture(scope="module")
def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made), strict=True)


def test_it_is_tagged_in_the_documents_language(read: pypdf.PdfReader) -> None:
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"] == {"/Marked": True}
    assert root["/Lang"] == "fr-FR"
    tags = Counter(structure(root["/StructTreeRoot"]))
    assert tags["/H1"] == 1
    assert tags["/Link"] == 1
    assert tags["/Entry Title"] == 1
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def structure(node: Any) -> list[str]:
    """Return the kinds of all elements of a structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        return [kind for each in node for kind in structure(each)]
    if not isinstance(node, dict):
        return []
    return [
        *([node["/S"]] if "/S" in node else []),
        *structure(node.get("/K", pypdf.generic.NullObject())),
    ]


def test_its_title_is_shown_and_its_outline_is_that_of_the_sections(read: pypdf.PdfReader) -> None:
    root: Any = read.trailer["/Root"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.author) == ("La pair-aidance", "Le centre")
    assert str(read.metadata["/CreationDate"]) == "D:20211001000000"
    assert [str(each["/Title"]) for each in read.outline if isinstance(each, dict)] == ["Articles"]


def test_links_can_be_clicked_and_the_text_be_read(read: pypdf.PdfReader) -> None:
    links: Any = [each.get_object() for page in read.pages for each in page["/Annots"]]  # type: ignore[attr-defined]
    assert [link["/A"]["/URI"] for link in links] == [URL]
    assert "Œuvre & « suite »" in read.pages[0].extract_text()


def test_the_same_document_gives_the_same_bytes(
    whole: Document, classique: Theme, made: bytes
) -> None:
    assert to_pdf(whole, classique) == made


def test_a_document_without_a_date_says_none(whole: Document, classique: Theme) -> None:
    data = to_pdf(replace(whole, properties=Properties("T")), classique)
    read = pypdf.PdfReader(io.BytesIO(data), strict=True)
    assert read.metadata is not None
    assert "/CreationDate" not in read.metadata
    assert b"CreateDate" not in read.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]
