"""Documents as Word files: python-docx for the package and its properties, `paragraphs` for the text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document as Package
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.rel import Relationships
from docx.parts.hdrftr import FooterPart, HeaderPart
from docx.shared import Cm
from lxml.etree import XMLSyntaxError

from zotsync.errors import Place, ThemeError
from zotsync.handout.entry import FALLBACK, Document, Mark, Properties, Role
from zotsync.handout.paging import estimated_pages, heading_pages
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers import ooxml, qr
from zotsync.handout.writers.basefile import BROKEN, check_styles, unusable
from zotsync.handout.writers.logo import read_logo
from zotsync.handout.writers.paragraphs import Paragraphs
from zotsync.i18n import _

_LOGO_HEIGHT = Cm(1.8)
_MAX_PROPERTY = 255
_INDEX_COLUMNS = 2
_PNG, _IMAGE = "image/png", "image"
_PACKED = 3
"""How hard files are packed: a third of the usual time, and a tenth larger."""


def to_word(
    document: Document,
    theme: Theme,
    tick: Callable[[], None] = lambda: None,
    *,
    paged: Callable[[Callable[[], bytes], int], Sequence[int] | None] = heading_pages,
) -> bytes:
    """Return `document` as a .docx in the theme's styles; the same document gives the same bytes.

    `tick` is called after each entry. `paged` tells the page of each heading of a .docx, or None: then
    pages are estimated, and Word asks whether to compute them when it opens the document. Raises
    ThemeError where base.docx cannot be used or lacks a style.
    """
    base = theme.base
    package = _open(base)
    styles = package.styles.element
    body = package.element.body
    paragraphs, characters = (ooxml.style_ids(styles, kind) for kind in ("paragraph", "character"))
    check_styles(paragraphs, characters, base)
    paragraph_styles = _paragraph_styles(paragraphs)
    if not ooxml.clear_from(body, paragraph_styles[Role.TITLE]):
        message = _("No paragraph has the style {name}: it marks where the handout begins.")
        raise ThemeError(message.format(name=Role.TITLE.value), place=Place(str(base)))
    if document.logo:
        _add_logo(package, document)
    writer = Paragraphs(paragraph_styles, _character_styles(characters), ooxml.last_bookmark(body))
    before = ooxml.space_before(styles, paragraph_styles[Role.AUTHOR])
    contents_at = _write(document, writer, ooxml.settings_of(body), before, tick)
    _set_properties(package, document.properties)
    made = _Made(package, writer, contents_at)
    if document.contents is None:
        return made.data(())
    count = len(writer.headings)
    known = paged(lambda: made.data([1] * count), count)
    if known is None:
        ooxml.ask_for_update(package.settings.element)
        known = estimated_pages(document, theme)
    return made.data(known)


def _write(
    document: Document,
    writer: Paragraphs,
    settings: ooxml.Element | None,
    before: str,
    tick: Callable[[], None],
) -> int:
    """Write the whole document, the table of contents aside; return where that belongs."""
    for line in document.front:
        writer.add(line)
    parts = [len(writer.written)]
    if document.cover and settings is not None:
        writer.end_section(ooxml.section(settings, bare=True))
        ooxml.head_every_page(settings)
        parts = []
    if document.contents:
        writer.add(document.contents, keep=True)
    contents_at = len(writer.written)
    for line in document.intro:
        writer.add(line)
    for block in document.blocks:
        if block.heading:
            writer.add_heading(block.heading, listed=document.contents is not None)
        for entry in block.entries:
            writer.add_entry(entry, before)
            tick()
    parts += [contents_at] if document.contents else []
    for part in parts if document.cover else ():
        writer.begin_page(part)
    _add_indexes(writer, document, settings)
    for line in document.back:
        writer.add(line)
    return contents_at


def _add_indexes(writer: Paragraphs, document: Document, settings: ooxml.Element | None) -> None:
    """Add the indexes, in two columns where the page has but one."""
    narrow = bool(document.indexes) and settings is not None and ooxml.columns_of(settings) == 1
    if narrow and settings is not None:
        writer.end_section(ooxml.section(settings))
    for index in document.indexes:
        writer.add_heading(index.heading, listed=document.contents is not None)
        for row in index.rows:
            writer.add_index_row(row)
    if narrow and settings is not None:
        writer.end_section(ooxml.section(settings, columns=_INDEX_COLUMNS))
        ooxml.go_on_after_columns(settings)


def _open(base: Path) -> Package:
    try:
        package = docx.Document(str(base))
    except (*BROKEN, PackageNotFoundError, XMLSyntaxError) as exc:
        raise unusable(base, exc) from exc
    _drop_strange_properties(package.part.package.rels)
    return package


def _drop_strange_properties(relations: Relationships) -> None:
    """Drop properties related as LibreOffice does it: python-docx would add others to them."""
    for name, relation in list(relations.items()):
        strange = not relation.is_external and relation.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES
        if strange and relation.target_part.content_type == CONTENT_TYPE.OPC_CORE_PROPERTIES:
            del relations[name]


def _paragraph_styles(ids: Mapping[str, str]) -> dict[Role, str]:
    """Return role -> style id; a role that the theme may do without has its fallback's."""
    found = {role: ids[role.value] for role in Role if role not in FALLBACK}
    return found | {role: ids.get(role.value, found[instead]) for role, instead in FALLBACK.items()}


def _character_styles(ids: Mapping[str, str]) -> dict[Mark, str]:
    """Return mark -> style id; "" for one that the theme does without."""
    return {mark: ids.get(mark.value, "") for mark in Mark}


def _add_logo(package: Package, document: Document) -> None:
    """Put the centre's picture above the title."""
    logo = io.BytesIO(read_logo(document.logo).data)
    picture = package.add_picture(logo, height=_LOGO_HEIGHT)
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
    shown = {"TITLE": core.title, "SUBJECT": core.subject, "AUTHOR": core.author}
    for part in package.part.package.iter_parts():
        if isinstance(part, HeaderPart | FooterPart):
            ooxml.fill_fields(part.element, shown)


@dataclass(frozen=True, slots=True)
class _Made:
    """A document that is written but for the pages of its table of contents."""

    package: Package
    writer: Paragraphs
    contents_at: int

    def data(self, pages: Sequence[int]) -> bytes:
        """Return the zip. Its parts bear one fixed date, so that the same document gives the same bytes."""
        package, writer = self.package, self.writer
        whole = package.part.package
        parts: dict[str, Iterable[bytes]] = {
            str(part.partname): (part.blob,) for part in whole.iter_parts()
        }
        types = {str(part.partname): part.content_type for part in whole.iter_parts()}
        relations = {str(p.partname.rels_uri): p.rels.xml for p in whole.iter_parts() if p.rels}
        main = package.part.partname
        written = list(writer.written)
        if pages:
            written.insert(self.contents_at, writer.contents(pages))
        parts[str(main)] = ooxml.with_paragraphs(package.element.body, written)
        codes = {text: relation for text, relation in writer.codes.items() if relation}
        pictures = {relation: f"media/{relation}.png" for relation in codes.values()}
        rows = [(relation, "hyperlink", url) for url, relation in writer.links.items()]
        rows += [(relation, _IMAGE, name) for relation, name in pictures.items()]
        relations[str(main.rels_uri)] = ooxml.with_relations(package.part.rels.xml, rows)
        relations["/_rels/.rels"] = whole.rels.xml
        folder = str(main).rpartition("/")[0]
        for text, relation in codes.items():
            name = f"{folder}/{pictures[relation]}"
            parts[name], types[name] = (qr.png(text),), _PNG
        related = {name: (xml,) for name, xml in relations.items()}
        kinds = {"[Content_Types].xml": (ooxml.content_types(types),)}
        return _zipped({**kinds, **related, **parts})


def _zipped(parts: Mapping[str, Iterable[bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKED) as bundle:
        for name, pieces in parts.items():
            plain = name.lstrip("/")
            with bundle.open(
                zipfile.ZipInfo(plain) if name.endswith(".png") else plain, "w"
            ) as part:
                for piece in pieces:
                    part.write(piece)
        for info in bundle.infolist():
            info.create_system = 0  # the same bytes on every system
    return stream.getvalue()
