"""The raw XML of a Word document's parts; that of its paragraphs is in `paragraphs`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape

from lxml import etree

Element: TypeAlias = "etree._Element"  # noqa: SLF001 - lxml has no public name for it

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TERMS = "http://purl.org/dc/terms/"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"w": NAMESPACE, "r": RELATIONS}
_UNPRINTABLE = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile("[\t\n\r]+")
_CONTROL = re.compile("[\x00-\x1f]")
_REPLACEMENT = "\ufffd"
"""Unicode's own sign for a character that cannot be shown."""
_GAP = "zotsync"
_QUOTE, _OUTSIDE = '"', ' TargetMode="External"'
_BEHIND_UPDATE = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids")
"""What Word's schema wants behind the setting `updateFields`, nearest first."""
_PICTURES = "http://schemas.openxmlformats.org/drawingml/2006"
DRAWING = (
    f'<w:r><w:drawing><wp:inline xmlns:wp="{_PICTURES}/wordprocessingDrawing" distT="0" distB="0" '
    'distL="0" distR="0"><wp:extent cx="{size}" cy="{size}"/><wp:docPr id="{number}" '
    'name="QR {number}" descr="{text}"/>'
    f'<a:graphic xmlns:a="{_PICTURES}/main"><a:graphicData uri="{_PICTURES}/picture">'
    f'<pic:pic xmlns:pic="{_PICTURES}/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="QR {number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r>"
)
"""A picture in a line, as a pattern: relation, number, alternative text, size."""


_AT_ONCE = 300
"""Entries, or paragraphs outside them."""


def tag(name: str) -> str:
    """Return a WordprocessingML name as lxml wants it."""
    return f"{{{NAMESPACE}}}{name}"


def clean(text: str) -> str:
    """Return `text` as XML can hold it: line breaks and tabs become blanks, control characters go.

    The few others that it cannot hold are shown as U+FFFD.
    """
    if not _UNPRINTABLE.search(text):
        return text
    return _UNPRINTABLE.sub(_REPLACEMENT, _CONTROL.sub("", _BLANKS.sub(" ", text)))


def escaped(text: str) -> str:
    """Return `text` as XML has it; see `clean`."""
    text = clean(text)
    return escape(text) if "&" in text or "<" in text or ">" in text else text


def attribute(text: str) -> str:
    """Return `text` as XML has it between quotes."""
    return escaped(text).replace('"', "&quot;")


def encoded(xml: str) -> bytes:
    """Return what was written in UTF-8, `?` for halves of surrogate pairs."""
    return xml.encode("utf-8", "replace")


def style_ids(styles: Element, kind: str) -> dict[str, str]:
    """Return name or alias -> id of the styles of one kind ("paragraph", "character")."""
    names, aliases = {}, {}
    for style in styles.iterchildren(tag("style")):
        if style.get(tag("type")) == kind:
            style_id = style.get(tag("styleId"), "")
            names[_value(style, "name")] = style_id
            aliases.update(dict.fromkeys(_value(style, "aliases").split(","), style_id))
    return aliases | names


def space_before(styles: Element, style_id: str) -> str:
    """Return the space above paragraphs of a style, in twentieths of a point; "" where none is set."""
    by_id = {style.get(tag("styleId")): style for style in styles.iterchildren(tag("style"))}
    seen: set[str] = set()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        spacing = by_id[style_id].find(f"{tag('pPr')}/{tag('spacing')}")
        if spacing is not None and (before := spacing.get(tag("before"))) is not None:
            return str(before)
        style_id = _value(by_id[style_id], "basedOn")
    return ""


def _value(element: Element, name: str) -> str:
    child = element.find(tag(name))
    return "" if child is None else str(child.get(tag("val"), ""))


def clear_from(body: Element, style_id: str) -> bool:
    """Remove everything from the first paragraph of a style on, page settings aside.

    Return whether there is such a paragraph.
    """
    children = list(body)
    for index, child in enumerate(children):
        if any(style.get(tag("val")) == style_id for style in child.iter(tag("pStyle"))):
            for gone in children[index:]:
                if gone.tag != tag("sectPr"):
                    body.remove(gone)
            return True
    return False


def set_dates(core: Element, date: tuple[int, int, int] | None) -> None:
    """Set when a document was made and last changed; None leaves both out."""
    for name in ("created", "modified"):
        for old in core.findall(f"{{{_TERMS}}}{name}"):
            core.remove(old)
        if date:
            element = etree.SubElement(core, f"{{{_TERMS}}}{name}", nsmap={"dcterms": _TERMS})
            element.set(f"{{{_INSTANCE}}}type", "dcterms:W3CDTF")
            year, month, day = (part or 1 for part in date)
            element.text = f"{year:04}-{month:02}-{day:02}T00:00:00Z"


def content_types(types: Mapping[str, str]) -> bytes:
    """Return [Content_Types].xml from part name -> content type."""
    root = etree.fromstring(f'<Types xmlns="{_TYPES}"/>')
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    default = {"Extension": "rels", "ContentType": relations}
    etree.SubElement(root, f"{{{_TYPES}}}Default", default)
    for name, kind in sorted(types.items()):
        part = {"PartName": name, "ContentType": kind}
        etree.SubElement(root, f"{{{_TYPES}}}Override", part)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def with_paragraphs(body: Element, paragraphs: Sequence[bytes]) -> Iterator[bytes]:
    """Yield word/document.xml with `paragraphs` behind what is in its body, before its page settings.

    Piece by piece: ten thousand entries stand in memory once.
    """
    end = body.find(tag("sectPr"))
    gap = etree.Comment(_GAP)
    body.append(gap) if end is None else end.addprevious(gap)
    root = body.getroottree().getroot()
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    before, after = text.split(f"<!--{_GAP}-->".encode())
    body.remove(gap)
    if any(body.nsmap.get(prefix) != uri for prefix, uri in _PREFIXES.items()):
        names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _PREFIXES.items())
        paragraphs = [one.replace(b"<w:p>", encoded(f"<w:p{names}>")) for one in paragraphs]
    yield before
    for start in range(0, len(paragraphs), _AT_ONCE):
        yield b"".join(paragraphs[start : start + _AT_ONCE])
    yield after


def with_relations(xml: bytes, rows: Iterable[tuple[str, str, str]]) -> bytes:
    """Return a .rels part with more relations: (id, kind, target); links lead out of the document."""
    added = "".join(
        f'<Relationship Id="{relation}" Type="{RELATIONS}/{kind}" '
        f'Target="{escaped(target).replace(_QUOTE, "%22")}"{_OUTSIDE if kind == "hyperlink" else ""}/>'
        for relation, kind, target in rows
    )
    # python-docx writes this part in one way only: the default namespace, and something inside
    before, end, after = xml.rpartition(b"</Relationships>")
    return b"".join((before, encoded(added), end, after))


def settings_of(body: Element) -> Element | None:
    """Return the page settings of a document's last section, which is the only one of a base.docx."""
    return body.find(tag("sectPr"))


def columns_of(settings: Element) -> int:
    """Return how many columns a page has."""
    columns = settings.find(tag("cols"))
    return 1 if columns is None else int(columns.get(tag("num"), "1"))


def section(settings: Element, *, bare: bool = False, columns: int = 0) -> str:
    """Return page settings for a section before the last. `bare`: without header and footer.

    `columns`: it goes on where the one before ends, in so many columns.
    """
    own = copy.deepcopy(settings)
    if bare or columns:
        _drop(own, "headerReference", "footerReference", "titlePg")
    if columns:
        _let_go_on(own)
        cols = own.find(tag("cols"))
        if cols is None:
            cols = etree.SubElement(own, tag("cols"))
        cols.set(tag("num"), str(columns))
        cols.set(tag("space"), "454")
    return _bare(etree.tostring(own, encoding="unicode", with_tail=False))


def head_every_page(settings: Element) -> None:
    """Let the header and footer of a section stand on its first page too: it has no title of its own."""
    _drop(settings, "titlePg")


def go_on_after_columns(settings: Element) -> None:
    """Let the last section go on where the one before ends."""
    _drop(settings, "headerReference", "footerReference", "titlePg")
    _let_go_on(settings)


def _let_go_on(settings: Element) -> None:
    _drop(settings, "type")
    kind = etree.Element(tag("type"), {tag("val"): "continuous"})
    references = [e for e in settings if e.tag in (tag("headerReference"), tag("footerReference"))]
    settings.insert(len(references), kind)


def _drop(settings: Element, *names: str) -> None:
    for name in names:
        for element in settings.findall(tag(name)):
            settings.remove(element)


def _bare(xml: str) -> str:
    """Return `xml` without the namespaces that the element around it declares."""
    return re.sub(r' xmlns:\w+="[^"]*"', "", xml)


def fill_fields(part: Element, results: Mapping[str, str]) -> None:
    """Let fields (`TITLE`) of a header or footer show what they will once they are computed."""
    shown: str | None = None
    for element in part.iter(tag("instrText"), tag("fldChar"), tag("t"), tag("fldSimple")):
        if element.tag == tag("instrText"):
            shown = results.get((element.text or "").strip().partition(" ")[0].upper(), None)
        elif element.get(tag("fldCharType")) == "end":
            shown = None
        elif element.tag == tag("t") and shown is not None:
            element.text, shown = shown, ""


def last_bookmark(body: Element) -> int:
    """Return the largest number of a bookmark that stands in a document; 0 for none."""
    ids = (start.get(tag("id"), "0") for start in body.iter(tag("bookmarkStart")))
    return max((int(i) for i in ids if i.isdigit()), default=0)


def ask_for_update(settings: Element) -> None:
    """Let Word compute page numbers when it opens the document. It asks whether it may."""
    update = etree.Element(tag("updateFields"), {tag("val"): "true"})
    for name in _BEHIND_UPDATE:
        if (later := settings.find(tag(name))) is not None:
            later.addprevious(update)
            return
    settings.append(update)
