"""The centre's picture, looked at before it goes into a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.image.image import Image

from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.reasons import reason_of

_BAD = (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that documents can show."""

    data: bytes
    kind: str
    """png, jpg …"""
    ratio: float
    """Its width where its height is 1."""


class LogoError(FileError):
    """A picture cannot be used: `path`, and the `reason`. Its place is where it is, not who named it."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        message = _("The logo cannot be used: {reason}").format(reason=reason)
        super().__init__(message, place=Place(path), hint=_("Take a PNG or JPEG file."))


def read_logo(path: str) -> Logo:
    """Return the picture in a file. Raises LogoError where it cannot be used."""
    try:
        data = Path(path).read_bytes()
        image = Image.from_blob(data)
        return Logo(data, image.ext, image.px_width / max(image.px_height, 1))
    except (OSError, *_BAD) as exc:
        known = reason_of(exc) if isinstance(exc, OSError) else ""
        raise LogoError(path, known or _("it is damaged, or of another kind")) from exc
