"""A corrected handout as paragraphs, from the file that came back."""

from __future__ import annotations

from pathlib import Path

from zotsync.errors import FileError, Place
from zotsync.handout.readback.paragraphs import Corrected
from zotsync.i18n import _


def read_document(path: Path) -> Corrected:
    """Return what the .docx or .odt file at `path` holds.

    Raises FileError where it cannot be read, is of another kind, or unpacks to something enormous.
    """
    from zotsync.handout.readback.odt import odt_paragraphs  # noqa: PLC0415 - loads lxml
    from zotsync.handout.readback.packages import Package  # noqa: PLC0415
    from zotsync.handout.readback.wordprocessing import word_paragraphs  # noqa: PLC0415

    if path.is_dir() or not path.exists():
        raise FileError(_("No such file."), place=Place(str(path)))
    with Package(path, str(path)) as package:
        if package.has("content.xml"):
            return odt_paragraphs(package)
        if package.has("_rels/.rels"):
            return word_paragraphs(package)
        raise package.damaged()
