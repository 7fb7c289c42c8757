"""Old handouts as files: which reader opens one, within bounds; nothing is executed or fetched."""

from __future__ import annotations

from pathlib import Path

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.oldhandouts.blocks import Pages
from zotsync.reasons import reason_of

_LARGEST = 64 * 1024 * 1024
_MOST_LETTERS = 8_000_000
"""Of a text: some thousand pages."""
_HTML = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")
_MOST_LINES = 60_000
SUFFIXES = (".docx", ".odt", ".pdf", ".txt", ".md", ".html", ".htm")


def read_old_handout(path: Path) -> Pages:
    """Return what a file holds, whatever its name says it is.

    Raises FileError where it cannot be read, is of another kind, or is more than a handout can be.
    """
    if path.is_dir() or not path.exists():
        raise FileError(_("No such file."), place=Place(str(path)))
    head = _bytes(path, 1024)
    if head.startswith(b"PK"):
        return _package(path)
    if head.lstrip().startswith(b"%PDF"):
        from zotsync.oldhandouts.frompdf import pdf_pages  # noqa: PLC0415 - loads a PDF reader

        return pdf_pages(path)
    text = _text(_bytes(path, _LARGEST + 1), path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if path.suffix.lower() in (".html", ".htm") or start.startswith(_HTML):
        from zotsync.oldhandouts.fromhtml import html_pages  # noqa: PLC0415

        return _bounded(html_pages(text), path)
    from zotsync.oldhandouts.fromtext import text_pages  # noqa: PLC0415

    return _bounded(text_pages(text), path)


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as exc:
        message = _("It cannot be read: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(str(path))) from exc


def _bounded(pages: Pages, path: Path) -> Pages:
    if len(pages.blocks) > _MOST_LINES:
        raise _too_large(path)
    return pages


def _package(path: Path) -> Pages:
    from zotsync.handout.readback.packages import Package  # noqa: PLC0415 - loads lxml
    from zotsync.oldhandouts.fromodt import odt_pages  # noqa: PLC0415
    from zotsync.oldhandouts.fromword import word_pages  # noqa: PLC0415

    with Package(path, str(path)) as package:
        if package.has("content.xml"):
            return _bounded(odt_pages(package), path)
        if package.has("_rels/.rels"):
            return _bounded(word_pages(package), path)
        raise package.damaged()


def _text(data: bytes, path: Path) -> str:
    """Return bytes as text: UTF-8, UTF-16 with its mark, else what Windows wrote in France."""
    if len(data) > _LARGEST:
        raise _too_large(path)
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
            place=Place(str(path)),
            hint=_("Save it as .docx, .pdf, .html or .txt."),
        )
    if len(text) > _MOST_LETTERS:
        raise _too_large(path)
    return text


def _too_large(path: Path) -> FileError:
    message = _("This document is larger than a handout can be.")
    return FileError(message, place=Place(str(path)), hint=_("Cut it into parts, and import each."))
