"""Documents as OpenDocument texts, for LibreOffice and for Word: written without either of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

from zotsync.handout.entry import Block, Document, Entry, Index, Line, Properties, Role
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers import odf
from zotsync.handout.writers.edges import edges_of
from zotsync.handout.writers.logo import read_logo
from zotsync.handout.writers.looks import Looks, looks_of
from zotsync.handout.writers.odfpages import COVER, PLAIN
from zotsync.handout.writers.odfstyles import styles_xml
from zotsync.handout.writers.paged import KEYED, kept
from zotsync.model import is_key

_TYPE = "application/vnd.oasis.opendocument.text"
_LOGO_HEIGHT = 18.0
_LIKE_WORD = {
    "AddParaTableSpacing": False,
    "AddParaTableSpacingAtStart": True,
    "AddExternalLeading": True,
    "PropLineSpacingShrinksFirstLine": True,
    "TabsRelativeToIndent": False,
    "UseFormerLineSpacing": False,
    "UseFormerObjectPositioning": False,
    "UseFormerTextWrapping": False,
    "MsWordCompTrailingBlanks": True,
}
"""How LibreOffice lays out a text that came from Word: looks are made there."""


def to_odt(document: Document, theme: Theme, tick: Callable[[], None] = lambda: None) -> bytes:
    """Return `document` as an .odt in the theme's looks; the same document gives the same bytes.

    `tick` is called after each entry. Raises ThemeError where base.docx cannot be used, FileError where
    the logo cannot.
    """
    looks = looks_of(theme.base)
    writer = _Writer(looks)
    writer.write(document, tick)
    properties = document.properties
    language = properties.language
    parts = {
        "content.xml": writer.body.content(),
        "styles.xml": styles_xml(looks, edges_of(theme.base), language, properties.title),
        "settings.xml": odf.settings_xml(_LIKE_WORD.items()),
        "meta.xml": odf.document(
            "meta", f"<office:meta>{''.join(_meta(properties))}</office:meta>"
        ),
        **writer.body.pictures,
    }
    return _package(parts)


class _Writer:
    """Writes the parts of a document; knows where its entries stand."""

    def __init__(self, looks: Looks) -> None:
        self.body = odf.Body()
        self._before = odf.points(looks.roles[Role.AUTHOR].before)
        self._narrow = looks.page.columns > 1
        self._entries: dict[int, str] = {}
        self._headings = 0

    def write(self, document: Document, tick: Callable[[], None]) -> None:
        """Write everything."""
        body = self.body
        if document.cover:
            body.turn_page(COVER)
        self._front(document)
        if document.cover:
            body.turn_page(PLAIN)
        if document.contents:
            self._contents(document, document.contents)
            if document.cover:
                body.turn_page()
        for line in document.intro:
            body.add(line)
        for block in document.blocks:
            self._block(block, tick)
        for number, index in enumerate(document.indexes, 1):
            self._index(index, number)
        for line in document.back:
            body.add(line)

    def _front(self, document: Document) -> None:
        if document.logo:
            logo = read_logo(document.logo)
            size = (f"{_LOGO_HEIGHT * logo.ratio:.2f}mm", f"{_LOGO_HEIGHT:.2f}mm")
            shown = self.body.picture(logo.data, logo.kind, size, document.properties.author)
            self.body.add_paragraph(None, shown)
        for line in document.front:
            self.body.add(line)

    def _contents(self, document: Document, heading: Line) -> None:
        """Write a table of contents; each heading leads to its section, the page is computed."""
        before, between, behind = odf.contents_ends(heading.text)
        self.body.add_xml(before)
        self.body.add(heading, keep=True)
        self.body.add_xml(between)
        for number, line in enumerate(document.headings, 1):
            runs = (run._replace(url="", mark=None) for run in line.runs if not run.code)
            said = "".join(map(self.body.run, runs))
            name = _heading_name(number)
            row = odf.link(f"{said}<text:tab/>{odf.page_of(name)}", f"#{name}")
            self.body.add_paragraph(Role.CONTENTS, row)
        self.body.add_xml(behind)

    def _block(self, block: Block, tick: Callable[[], None]) -> None:
        if block.heading:
            self._heading(block.heading)
        for entry in block.entries:
            self._entry(entry)
            tick()

    def _heading(self, line: Line) -> None:
        self._headings += 1
        self.body.add(line, bookmark=_heading_name(self._headings), keep=True)

    def _entry(self, entry: Entry) -> None:
        """Write an entry's lines. Whichever line opens it has the space that an author line has above."""
        key = entry.key if is_key(entry.key) else ""
        keeps = kept(entry.lines, tuple(line.role for line in entry.lines))
        for index, (line, keep) in enumerate(zip(entry.lines, keeps, strict=True)):
            name = self.body.entry_bookmark(key) if key and line.role in KEYED else ""
            if name and entry.number:
                self._entries.setdefault(entry.number, name)
            before = self._before if index == 0 and line.role is not Role.AUTHOR else ""
            self.body.add(line, bookmark=name, before=before, keep=keep)

    def _index(self, index: Index, number: int) -> None:
        """Write an index, in two columns where the page has but one."""
        self._heading(index.heading)
        opening, end = odf.columns(number) if index.rows and not self._narrow else ("", "")
        self.body.add_xml(opening)
        for row in index.rows:
            numbers = (self._number(number) for number, _key in row.entries)
            self.body.add_paragraph(Role.INDEX, ", ".join((odf.text(row.name), *numbers)))
        self.body.add_xml(end)

    def _number(self, number: int) -> str:
        name = self._entries.get(number)
        return odf.link(str(number), f"#{name}") if name else str(number)


def _heading_name(number: int) -> str:
    return f"_Toc{number:09}"


def _meta(properties: Properties) -> Iterator[str]:
    yield "<meta:generator>zotsync</meta:generator>"
    values = {
        "dc:title": properties.title,
        "dc:subject": properties.subject,
        "meta:keyword": properties.keywords,
        "meta:initial-creator": properties.author,
        "dc:creator": properties.author,
        "meta:creation-date": _date(properties),
        "dc:date": _date(properties),
        "dc:language": properties.language,
    }
    yield from (f"<{name}>{odf.text(value)}</{name}>" for name, value in values.items() if value)


def _date(properties: Properties) -> str:
    if not properties.date:
        return ""
    year, month, day = (part or 1 for part in properties.date)
    return f"{year:04}-{month:02}-{day:02}T00:00:00"


def _package(parts: Mapping[str, bytes]) -> bytes:
    """Return the zip: `mimetype` first and as it is, every part with one fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, data in {
            "mimetype": _TYPE.encode(),
            **parts,
            "META-INF/manifest.xml": odf.manifest_xml(_TYPE, parts),
        }.items():
            info = zipfile.ZipInfo(name)
            packed = name != "mimetype" and not name.startswith("Pictures/")
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            info.create_system = 0
            bundle.writestr(info, data)
    return stream.getvalue()
