"""Documents as Word files: python-docx for the package and its properties, `ooxml` for what is inside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TypeVar

import docx
from docx.document import Document as Package
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Cm
from lxml.etree import XMLSyntaxError

from zotsync.errors import FileError, Place, ThemeError
from zotsync.handout.entry import (
    FALLBACK,
    OPTIONAL_MARKS,
    Block,
    Document,
    Entry,
    Mark,
    Properties,
    Role,
)
from zotsync.handout.themes import Theme
from zotsync.handout.writers import ooxml
from zotsync.i18n import _
from zotsync.model import is_key
from zotsync.reasons import reason_of

_LOGO_HEIGHT = Cm(1.8)
_MAX_PROPERTY = 255
_BROKEN = (PackageNotFoundError, zipfile.BadZipFile, XMLSyntaxError, KeyError, ValueError, OSError)
_BAD_PICTURE = (
    OSError,
    UnrecognizedImageError,
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
)
_KEYED = (Role.ENTRY_TITLE, Role.SOURCE)
_HEAD = (Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE)
_CHAIN = 2
"""LibreOffice can strand the first of three paragraphs that are kept with the next, a heading included."""
_Named = TypeVar("_Named", bound=Enum)


def to_word(document: Document, theme: Theme, tick: Callable[[], None] = lambda: None) -> bytes:
    """Return `document` as a .docx in the theme's styles; the same document gives the same bytes.

    `tick` is called after each entry. Raises ThemeError where base.docx cannot be used or lacks a style.
    """
    base = theme.base
    package = _open(base)
    styles = package.styles.element
    body = package.element.body
    paragraph_styles = _paragraph_styles(ooxml.style_ids(styles, "paragraph"), base)
    character_styles = _character_styles(ooxml.style_ids(styles, "character"), base)
    if not ooxml.clear_from(body, paragraph_styles[Role.TITLE]):
        message = _("No paragraph has the style {name}: it marks where the handout begins.")
        raise ThemeError(message.format(name=Role.TITLE.value), place=Place(str(base)))
    if document.logo:
        _add_logo(package, document)
    writer = ooxml.Writer(body, paragraph_styles, character_styles)
    before = ooxml.space_before(styles, paragraph_styles[Role.AUTHOR])
    for line in (*document.front, *document.intro):
        writer.add(line)
    for block in document.blocks:
        _add_block(writer, block, before, tick)
    for line in document.back:
        writer.add(line)
    _set_properties(package, document.properties)
    return _bytes(package, writer)


def _open(base: Path) -> Package:
    try:
        return docx.Document(str(base))
    except _BROKEN as exc:
        message = _("This is not a Word document that can be used: {reason}")
        message = message.format(reason=_why(exc))
        hint = _("Open it in Word and save it as .docx.")
        raise ThemeError(message, place=Place(str(base)), hint=hint) from exc


def _why(exc: Exception) -> str:
    """Return why a file cannot be used: in the system's words, those of libraries are for developers."""
    return reason_of(exc) if isinstance(exc, OSError) else _("it is damaged, or of another kind")


def _paragraph_styles(ids: dict[str, str], base: Path) -> dict[Role, str]:
    """Return role -> style id; a role that the theme may do without has its fallback's."""
    found = _found([role for role in Role if role not in FALLBACK], ids, base)
    return found | {role: ids.get(role.value, found[instead]) for role, instead in FALLBACK.items()}


def _character_styles(ids: dict[str, str], base: Path) -> dict[Mark, str]:
    """Return mark -> style id; "" for one that the theme does without."""
    found = _found([mark for mark in Mark if mark not in OPTIONAL_MARKS], ids, base)
    return found | {mark: ids.get(mark.value, "") for mark in OPTIONAL_MARKS}


def _found(wanted: list[_Named], ids: dict[str, str], base: Path) -> dict[_Named, str]:
    missing = [one.value for one in wanted if one.value not in ids]
    if missing:
        message = _("Missing styles: {names}.").format(names=", ".join(missing))
        hint = _("Copy them from base.docx of the theme classique.")
        raise ThemeError(message, place=Place(str(base)), hint=hint)
    return {one: ids[one.value] for one in wanted}


def _add_block(writer: ooxml.Writer, block: Block, before: str, tick: Callable[[], None]) -> None:
    if block.heading:
        writer.add(block.heading)
    for index, entry in enumerate(block.entries):
        _add_entry(writer, entry, before, _CHAIN - 1 if block.heading and not index else _CHAIN)
        tick()


def _add_entry(writer: ooxml.Writer, entry: Entry, before: str, chain: int) -> None:
    """Add an entry's lines. Whichever line opens it has the space that an author line has above.

    The first `chain` of its head lines are kept with the next one.
    """
    key = entry.key if is_key(entry.key) else ""
    last = len(entry.lines) - 1
    for index, line in enumerate(entry.lines):
        head = line.role in _HEAD and index < chain
        writer.add(
            line,
            key=key if line.role in _KEYED else "",
            before=before if index == 0 and line.role is not Role.AUTHOR else "",
            keep=index < last and (head or line.role is Role.ACCESS),
        )


def _add_logo(package: Package, document: Document) -> None:
    """Put the centre's picture above the title."""
    try:
        picture = package.add_picture(document.logo, height=_LOGO_HEIGHT)
    except _BAD_PICTURE as exc:
        message = _("The logo cannot be used: {reason}").format(reason=_why(exc))
        hint = _("Take a PNG or JPEG file.")
        raise FileError(message, place=Place(document.logo), hint=hint) from exc
    picture._inline.docPr.set("descr", _short(document.properties.author))  # noqa: SLF001 - no API for it


def _short(text: str) -> str:
    """Return what python-docx takes as a property: nothing unprintable, 255 characters at most."""
    return ooxml.clean(text)[:_MAX_PROPERTY]


def _set_properties(package: Package, properties: Properties) -> None:
    core = package.core_properties
    core.title = _short(properties.title)
    core.subject = _short(properties.subject)
    core.author = core.last_modified_by = _short(properties.author)
    core.keywords = _short(properties.keywords)
    core.comments = ""
    core.language = properties.language
    core.revision = 1
    ooxml.set_dates(core._element, properties.date)  # noqa: SLF001 - dates are removed there too


def _bytes(package: Package, writer: ooxml.Writer) -> bytes:
    """Return the zip. Its parts bear one fixed date, so that the same document gives the same bytes."""
    whole = package.part.package
    parts = {str(part.partname): part.blob for part in whole.iter_parts()}
    types = {str(part.partname): part.content_type for part in whole.iter_parts()}
    relations = {str(p.partname.rels_uri): p.rels.xml for p in whole.iter_parts() if p.rels}
    main = package.part.partname
    parts[str(main)] = writer.document()
    relations[str(main.rels_uri)] = writer.relations(package.part.rels.xml)
    relations["/_rels/.rels"] = whole.rels.xml
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, data in {
            "[Content_Types].xml": ooxml.content_types(types),
            **relations,
            **parts,
        }.items():
            info = zipfile.ZipInfo(name.lstrip("/"))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            bundle.writestr(info, data)
    return stream.getvalue()
