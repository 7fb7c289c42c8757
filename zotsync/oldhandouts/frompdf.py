"""A PDF as lines: read by a process of its own, which has bounds of time, memory and pages."""

from __future__ import annotations

import json
import subprocess
import sys

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.oldhandouts import pdfchild
from zotsync.oldhandouts.blocks import Pages
from zotsync.oldhandouts.pdfchild import LARGE, LOCKED
from zotsync.oldhandouts.pdflines import PdfLine, Piece, pages_of

_SECONDS = 120


def pdf_pages(data: bytes, name: str) -> Pages:
    """Return what the pages of a PDF hold. Raises FileError where it cannot be read within bounds."""
    place = Place(name)
    command = [sys.executable, "-I", pdfchild.__file__]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise _too_much(place) from exc
    if done.returncode == LARGE:
        raise _too_much(place)
    if done.returncode == LOCKED:
        message = _("This PDF is locked with a password.")
        raise FileError(message, place=place, hint=_("Save it without the password."))
    if done.returncode:
        message = _("This PDF is damaged, or too unusual to be read.")
        raise FileError(message, place=place, hint=_("Open it and save its text as .txt."))
    lines = [_line(json.loads(row)) for row in done.stdout.decode("utf-8").splitlines()]
    if not lines:
        message = _("There is no text in this PDF: its pages are pictures.")
        raise FileError(message, place=place, hint=_("Have its text recognised (OCR) first."))
    return pages_of(lines)


def _line(row: list[object]) -> PdfLine:
    page, x0, y0, x1, y1, pieces = row
    assert isinstance(pieces, list)  # noqa: S101 - our own process wrote it
    return PdfLine(
        int(str(page)),
        float(str(x0)),
        float(str(x1)),
        float(str(y0)),
        float(str(y1)),
        tuple(Piece(*p) for p in pieces),
    )


def _too_much(place: Place) -> FileError:
    message = _("This PDF is larger than a handout can be.")
    return FileError(message, place=place, hint=_("Cut it into parts, and import each."))
