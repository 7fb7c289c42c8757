"""The raw XML of Word documents: the only module that knows its elements.

Paragraphs are copies of prototypes, one for each shape, so that ten thousand entries cost ten times what
a thousand cost (python-docx scans all styles and relations at each step).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias
from xml.sax.saxutils import escape

from lxml import etree

from zotsync.handout.entry import Face, Line, Mark, Role

Element: TypeAlias = "etree._Element"  # noqa: SLF001 - lxml has no public name for it

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TERMS = "http://purl.org/dc/terms/"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
BOOKMARK = "_zk_"
"""Hidden bookmarks `_zk_<KEY>`, `_zk_<KEY>_2` …: Word wants each name once in a document."""

_PREFIXES = {"w": NAMESPACE, "r": RELATIONS}
_UNPRINTABLE = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile("[\t\n\r]+")
_LINE_BREAKS_AS_BLANKS = bytes.maketrans(b"\t\n\r", b"   ")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_GAP = "zotsync"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FACES: Mapping[Face, tuple[tuple[str, Mapping[str, str]], ...]] = {
    Face.BOLD: (("b", {}), ("bCs", {})),
    Face.ITALIC: (("i", {}), ("iCs", {})),
    Face.SMALL_CAPS: (("smallCaps", {}),),
    Face.SUB: (("vertAlign", {"val": "subscript"}),),
    Face.SUP: (("vertAlign", {"val": "superscript"}),),
}
"""In the order in which Word's schema wants them."""


def tag(name: str) -> str:
    """Return a WordprocessingML name as lxml wants it."""
    return f"{{{NAMESPACE}}}{name}"


def clean(text: str) -> str:
    """Return `text` without what XML cannot hold; line breaks and tabs become blanks."""
    if not _UNPRINTABLE.search(text):
        return text
    return _UNPRINTABLE.sub("", _BLANKS.sub(" ", text))


def _escaped(text: str) -> str:
    """Return `text` as XML has it; `_cleaned` has the last word."""
    return escape(text) if "&" in text or "<" in text or ">" in text else text


def _attribute(url: str) -> str:
    return _escaped(url).replace('"', "%22")


def _cleaned(xml: str) -> bytes:
    """Return what was written without the characters that XML cannot hold: all at once, in little time."""
    data = xml.encode("utf-8", "ignore")  # ignored are halves of surrogate pairs
    data = data.translate(_LINE_BREAKS_AS_BLANKS, _CONTROLS)
    return data.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")


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


def _bare(xml: str) -> str:
    """Return `xml` without the namespaces that the element around it declares."""
    for prefix, uri in _PREFIXES.items():
        xml = xml.replace(f' xmlns:{prefix}="{uri}"', "")
    return xml


class Writer:
    """Writes lines as paragraphs at the end of a document's body, before its page settings.

    Whatever comes before a text is built once as a tree, and kept as text.
    """

    def __init__(
        self, body: Element, paragraph_styles: Mapping[Role, str], marks: Mapping[Mark, str]
    ) -> None:
        """Take the body that is written to, and the ids of all styles."""
        self._body = body
        self._styles = paragraph_styles
        self._marks = marks
        self._openings: dict[tuple[Role, str, bool], str] = {}
        self._frames: dict[tuple[Mark | None, frozenset[Face]], str] = {}
        self._bookmarks: dict[str, int] = {}
        self._written: list[str] = []
        self._links: dict[str, str] = {}
        ids = (start.get(tag("id"), "0") for start in body.iter(tag("bookmarkStart")))
        self._last_id = max((int(i) for i in ids if i.isdigit()), default=0)

    def add(self, line: Line, *, key: str = "", before: str = "", keep: bool = False) -> None:
        """Add a line. `key` bookmarks it, `before` sets the space above, `keep` holds it to the next."""
        shape = (line.role, before, keep)
        written = [self._openings.get(shape) or self._opening(*shape)]
        number = ""
        if key:
            number, name = self._bookmark(key)
            written.append(f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>')
        for text, mark, faces, url, _code in line.runs:
            frame = self._frames.get((mark, faces)) or self._frame(mark, faces)
            run = f"{frame}{_escaped(text)}</w:t></w:r>"
            if url:
                link = self._links.setdefault(url, f"rIdLink{len(self._links) + 1}")
                run = f'<w:hyperlink r:id="{link}" w:history="1">{run}</w:hyperlink>'
            written.append(run)
        if key:
            written.append(f'<w:bookmarkEnd w:id="{number}"/>')
        written.append("</w:p>")
        self._written.append("".join(written))

    def document(self) -> bytes:
        """Return word/document.xml with everything that was added."""
        end = self._body.find(tag("sectPr"))
        gap = etree.Comment(_GAP)
        self._body.append(gap) if end is None else end.addprevious(gap)
        root = self._body.getroottree().getroot()
        text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        before, after = text.split(f"<!--{_GAP}-->".encode())
        self._body.remove(gap)
        return b"".join((before, _cleaned("".join(self._written)), after))

    def relations(self, xml: bytes) -> bytes:
        """Return word/_rels/document.xml.rels with a relation for every address that was added."""
        rows = (
            f'<Relationship Id="{relation}" Type="{RELATIONS}/hyperlink" '
            f'Target="{_attribute(url)}" TargetMode="External"/>'
            for url, relation in self._links.items()
        )
        # python-docx writes this part in one way only: the default namespace, and something inside
        before, end, after = xml.rpartition(b"</Relationships>")
        return b"".join((before, _cleaned("".join(rows)), end, after))

    def _bookmark(self, key: str) -> tuple[str, str]:
        """Return the number and the name of a new bookmark."""
        self._last_id += 1
        count = self._bookmarks[key] = self._bookmarks.get(key, 0) + 1
        name = f"{BOOKMARK}{key}_{count}" if count > 1 else f"{BOOKMARK}{key}"
        return str(self._last_id), name

    def _opening(self, role: Role, before: str, keep: bool) -> str:  # noqa: FBT001 - a key of a table
        """Return how a paragraph of this shape begins."""
        paragraph = etree.Element(tag("p"), nsmap=_PREFIXES)
        looks = etree.SubElement(paragraph, tag("pPr"))
        etree.SubElement(looks, tag("pStyle"), {tag("val"): self._styles[role]})
        if keep:
            etree.SubElement(looks, tag("keepNext"))
        if before:
            etree.SubElement(looks, tag("spacing"), {tag("before"): before})
        whole = etree.tostring(paragraph, encoding="unicode")
        if all(self._body.nsmap.get(prefix) == uri for prefix, uri in _PREFIXES.items()):
            whole = _bare(whole)  # the document's root says it for all
        opening = self._openings[role, before, keep] = whole.removesuffix("</w:p>")
        return opening

    def _frame(self, mark: Mark | None, faces: frozenset[Face]) -> str:
        """Return how a run that looks so begins."""
        run = etree.Element(tag("r"), nsmap=_PREFIXES)
        if mark or faces:
            looks = etree.SubElement(run, tag("rPr"))
            if mark and (style := self._marks[mark]):
                etree.SubElement(looks, tag("rStyle"), {tag("val"): style})
            shown = [each for face in _FACES if face in faces for each in _FACES[face]]
            for name, values in dict(shown).items():  # of sub and sup inside each other, one
                etree.SubElement(looks, tag(name), {tag(n): v for n, v in values.items()})
        etree.SubElement(run, tag("t"), {_SPACE: "preserve"}).text = ""
        whole = _bare(etree.tostring(run, encoding="unicode"))
        frame = self._frames[mark, faces] = whole.removesuffix("</w:t></w:r>")
        return frame
