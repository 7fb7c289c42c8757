"""Links by collection, read back by XML and HTML parsers."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from exporting import book, export_of, exports
from hypothesis import given

from zotsync.plugins import Export, Exporter
from zotsync.plugins.exporters.links import BOOKMARKS, OPML, address_of
from zotsync.plugins.testing import check_exporter, samples

PATHS = {"CLLCTNA2": "A", "CLLCTNB3": "A/B\\/b"}


class Links(HTMLParser):
    """The addresses, texts and headings of a bookmark file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.address = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.address = tag if tag == "h3" else (dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.address = ""

    def handle_data(self, data: str) -> None:
        if self.address:
            self.found.append((self.address, data))


def outlines(export: Export) -> list[tuple[str, str]]:
    root = ET.fromstring(OPML.write(export))  # noqa: S314 - written by us
    return [(each.get("url", "h3"), each.get("text", "")) for each in root.iter("outline")]


@pytest.mark.parametrize("exporter", [OPML, BOOKMARKS], ids=["opml", "bookmarks"])
def test_the_contract_holds(exporter: Exporter) -> None:
    check_exporter(exporter)


def test_links_stand_in_their_collections() -> None:
    export = export_of(
        book(
            title='Un <i>titre</i> & "b"',
            url="https://example.org/?a=1&b=2",
            collections=["CLLCTNB3"],
        ),
        book(title="DOI", DOI="DOI : https://doi.org/10.1234/abc", collections=["CLLCTNA2"]),
        book(title="Seul", url="https://example.org/seul"),
        book(title="Sans adresse"),
        collections=PATHS,
    )
    expected = [
        ("h3", "A"),
        ("h3", "B/b"),
        ("https://example.org/?a=1&b=2", 'Un titre & "b"'),
        ("https://doi.org/10.1234/abc", "DOI"),
        ("https://example.org/seul", "Seul"),
    ]
    assert outlines(export) == expected
    assert Links(BOOKMARKS.write(export).decode()).found == expected


def test_the_heading_is_in_the_user_s_language() -> None:
    french = export_of(book(title="T", url="https://example.org"), language="fr")
    assert b"<H1>Liens</H1>" in BOOKMARKS.write(french)
    assert b"<title>Liens</title>" in OPML.write(french)


def test_signs_that_xml_has_not_are_left_out() -> None:
    export = export_of(book(title="a\ufffe\uffffb", url="https://example.org"))
    assert outlines(export) == [("https://example.org", "ab")]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://x", "x", "https://a b"]
)
def test_no_other_address_is_a_link(url: str) -> None:
    export = export_of(book(url=url))
    assert address_of(export, next(iter(export.items.values()))) == ""


@given(exports())
def test_whatever_items_hold_is_well_formed(export: Export) -> None:
    linked = {address_of(export, fields) for fields in export.entries.values()} - {""}
    assert {url for url, _text in outlines(export)} - {"h3"} == linked
    marks = BOOKMARKS.write(export).decode()
    assert marks.count("<DL>") == marks.count("</DL>")


def test_messy_titles_are_well_formed() -> None:
    for export in samples().values():
        assert all(url == "h3" or url.startswith("https://") for url, _text in outlines(export))
