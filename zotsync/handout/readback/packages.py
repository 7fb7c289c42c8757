"""Word processors' files as zips of XML: opened with bounds, never executing or fetching anything."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Self, TypeAlias

from lxml import etree

from zotsync.errors import FileError, Place
from zotsync.handout.brokenzip import BROKEN_ZIP
from zotsync.i18n import _
from zotsync.reasons import reason_of

Element: TypeAlias = "etree._Element"  # noqa: SLF001 - lxml has no public name for it

_MOST_PARTS = 5_000
_LARGEST_PART = 96 * 1024 * 1024
"""Bytes of XML: 10,000 entries with abstracts are below half of it."""


class Package:
    """One file, open for reading. A context manager."""

    def __init__(self, file: Path | IO[bytes], shown: str) -> None:
        """Open a zip; errors call it `shown`. Raises FileError where it is none."""
        self._place = Place(shown)
        try:
            self._zip = zipfile.ZipFile(file)
        except OSError as exc:
            raise self.error(
                _("It cannot be read: {reason}").format(reason=reason_of(exc))
            ) from exc
        except BROKEN_ZIP as exc:
            raise self.damaged() from exc
        self._names = frozenset(info.filename for info in self._zip.infolist())
        if len(self._zip.infolist()) > _MOST_PARTS:
            self._zip.close()
            raise self._too_large()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        """Return whether there is a part of this name."""
        return name in self._names

    def xml(self, name: str) -> Element:
        """Return a part as a tree. Raises FileError where it is missing, damaged or out of bounds."""
        data = self._bytes(name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as exc:
            raise self.damaged() from exc
        if root.getroottree().docinfo.internalDTD is not None:
            message = _("This document declares entities, as no word processor does.")
            raise self.error(message, _("Do not open it: ask who sent it for another one."))
        return root

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                data = part.read(_LARGEST_PART + 1)
        except KeyError as exc:
            raise self.damaged() from exc
        except (*BROKEN_ZIP, OSError) as exc:
            raise self.damaged() from exc
        if len(data) > _LARGEST_PART:
            raise self._too_large()
        return data

    def damaged(self) -> FileError:
        """Return the error for a file that is not what its name says."""
        return self.error(
            _("This document is damaged, or of another kind."),
            _("Open it in Word or LibreOffice and save it as .docx or .odt."),
        )

    def error(self, message: str, hint: str = "") -> FileError:
        """Return an error about this file."""
        return FileError(message, place=self._place, hint=hint)

    def _too_large(self) -> FileError:
        message = _("This document unpacks to more than a handout can hold.")
        return self.error(message, _("Ask who sent it for another one."))
