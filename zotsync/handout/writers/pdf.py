"""Documents as PDF: the Word document as LibreOffice prints it, tagged for those who have it read out."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

from zotsync.handout.entry import Document, Properties
from zotsync.handout.libreoffice import convert
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.word import to_word

_ASKED = {
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
    "ExportBookmarks": True,
    "InitialView": 1,  # with the outline beside the page
    "DisplayPDFDocumentTitle": True,
    "ExportFormFields": False,
    "EmbedStandardFonts": True,
}
"""What LibreOffice's PDF filter calls them."""


_DATE = re.compile(rb"/(?P<name>CreationDate|ModDate) ?\(D:[^)]*\)")
_XML_DATE = re.compile(rb"<xmp:(?P<name>(?:Create|Modify|Metadata)Date)>[^<]*</xmp:(?P=name)>")
_SUM = re.compile(rb"(?<=[</])[0-9A-F]{32}(?=[>\s])")


def to_pdf(document: Document, theme: Theme, tick: Callable[[], None] = lambda: None) -> bytes:
    """Return `document` as a tagged PDF with links and an outline; the same document, the same bytes.

    `tick` is called after each entry. Raises FileError where LibreOffice is not installed or fails, and
    what `to_word` raises.
    """
    kinds = {bool: "boolean", int: "long"}
    values = {
        name: {"type": kinds[type(value)], "value": json.dumps(value)}
        for name, value in _ASKED.items()
    }
    options = f"writer_pdf_Export:{json.dumps(values, separators=(',', ':'))}"
    made = convert(to_word(document, theme, tick), "docx", "pdf", options=options)
    return _dated(made, document.properties)


def _dated(data: bytes, properties: Properties) -> bytes:
    """Return a PDF with the document's date in place of the moment, or none; nothing in it moves.

    Its checksums, made of the moment too, are made of the rest.
    """
    year, month, day = (part or 1 for part in properties.date or (0, 0, 0))
    plain = b"/%%s(D:%04d%02d%02d000000)" % (year, month, day)
    xml = b"<xmp:%%s>%04d-%02d-%02dT00:00:00Z</xmp:%%s>" % (year, month, day)
    for pattern, date in ((_DATE, plain), (_XML_DATE, xml)):
        data = _replaced(data, pattern, date if properties.date else b"")
    body, mark, trailer = data.rpartition(b"trailer\n")
    made_of_it = hashlib.md5(body, usedforsecurity=False).hexdigest().upper().encode()
    return body + mark + _SUM.sub(made_of_it, trailer) if mark else data


def _replaced(data: bytes, pattern: re.Pattern[bytes], date: bytes) -> bytes:
    def dated(old: re.Match[bytes]) -> bytes:
        return date.replace(b"%s", old["name"]).ljust(len(old[0]))

    return pattern.sub(dated, data)
