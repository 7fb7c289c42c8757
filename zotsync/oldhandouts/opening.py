"""Old handouts as files: which reader opens one, within bounds; nothing is executed or fetched."""

from __future__ import annotations

import io
from pathlib import Path

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.oldhandouts.blocks import Pages

_LARGEST = 64 * 1024 * 1024
_MOST_LETTERS = 8_000_000
"""Of a text: some thousand pages."""
_HTML = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")
_PAGE = (b"<!doctype html", b"<html")
_MOST_LINES = 60_000
_PACKED, _PDF, _OLD_WORD, _RTF = b"PK", b"%pdf", b"\xd0\xcf\x11\xe0", b"{\\rtf"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_HEAD = 1024
SUFFIXES = ("docx", "odt", "pdf", "txt", "md", "html", "htm", "doc", "rtf")
"""How their names end; the last two are known to be told what to do."""


def is_document(head: bytes) -> bool:
    """Return whether a file that begins so is a document; a plain text shows nothing."""
    start = _start(head)[:300]
    packed = head.startswith((_PACKED, _OLD_WORD)) or start.startswith((_PDF, _RTF))
    return packed or any(sign in start for sign in _PAGE)


def read_old_handout(data: bytes, name: str) -> Pages:
    """Return what a file called `name` holds, whatever its ending says it is.

    Raises FileError where it cannot be read, is of another kind, or is more than a handout can be.
    """
    if len(data) > _LARGEST:
        raise _too_large(name)
    start, ending = _start(data[:_HEAD]), Path(name).suffix.lower()
    if data.startswith(_OLD_WORD) or start.startswith(_RTF):
        raise _of_old(data, name)
    if data.startswith(_PACKED) or ending in {".docx", ".odt"}:
        return _package(data, name)
    if start.startswith(_PDF) or ending == ".pdf":
        from zotsync.oldhandouts.frompdf import pdf_pages  # noqa: PLC0415 - loads a PDF reader

        return pdf_pages(data, name)
    text = _text(data, name)
    if ending in {".html", ".htm"} or start.startswith(_HTML):
        from zotsync.oldhandouts.fromhtml import html_pages  # noqa: PLC0415

        return _bounded(html_pages(text), name)
    from zotsync.oldhandouts.fromtext import text_pages  # noqa: PLC0415

    return _bounded(text_pages(text), name)


def _start(head: bytes) -> bytes:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()


def _bounded(pages: Pages, name: str) -> Pages:
    if len(pages.blocks) > _MOST_LINES:
        raise _too_large(name)
    return pages


def _package(data: bytes, name: str) -> Pages:
    from zotsync.handout.readback.packages import Package  # noqa: PLC0415 - loads lxml
    from zotsync.oldhandouts.fromodt import odt_pages  # noqa: PLC0415
    from zotsync.oldhandouts.fromword import word_pages  # noqa: PLC0415

    with Package(io.BytesIO(data), name) as package:
        if package.has("content.xml"):
            return _bounded(odt_pages(package), name)
        if package.has("_rels/.rels"):
            return _bounded(word_pages(package), name)
        raise package.damaged()


def _of_old(data: bytes, name: str) -> FileError:
    """Return the error for a .doc or .rtf, or for a .docx with a password: it is packed as a .doc is."""
    if _LOCKED in data[:_LARGEST]:
        return FileError(
            _("This document is locked with a password."),
            place=Place(name),
            hint=_("Save it without the password."),
        )
    return FileError(
        _("This document is of an old kind (.doc, .rtf) that zotsync does not read."),
        place=Place(name),
        hint=_("Open it in Word or LibreOffice, and save it as .docx."),
    )


def _text(data: bytes, name: str) -> str:
    """Return bytes as text: UTF-8, UTF-16 with its mark, else what Windows wrote in France."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if text.count("\x00") * 10 > len(text):
        raise FileError(
            _("This is no text, nor a document that can be read."),
            place=Place(name),
            hint=_("Save it as .docx, .pdf, .html or .txt."),
        )
    if len(text) > _MOST_LETTERS:
        raise _too_large(name)
    return text


def _too_large(name: str) -> FileError:
    message = _("This document is larger than a handout can be.")
    return FileError(message, place=Place(name), hint=_("Cut it into parts, and import each."))
