"""The raw XML of Word documents: the only module that knows its elements.

Paragraphs and runs are copies of prototypes made once for each role, so that ten thousand entries cost
ten times what a thousand cost (python-docx scans all styles and relations at each step).
"""

from __future__ import annotations

import copy
import re
import struct
from collections.abc import Callable, Mapping
from typing import TypeAlias

from lxml import etree

from zotsync.handout.entry import Face, Line, Mark, Role, Run

Element: TypeAlias = "etree._Element"  # noqa: SLF001 - lxml has no public name for it

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TERMS = "http://purl.org/dc/terms/"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
HYPERLINK = f"{RELATIONS}/hyperlink"
BOOKMARK = "_zk_"
"""Hidden bookmarks `_zk_<KEY>`, `_zk_<KEY>_2` …: Word wants each name once in a document."""

_PREFIXES = {"w": NAMESPACE, "r": RELATIONS}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile("[\t\n\r]+")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FACES: Mapping[Face, tuple[tuple[str, Mapping[str, str]], ...]] = {
    Face.BOLD: (("b", {}), ("bCs", {})),
    Face.ITALIC: (("i", {}), ("iCs", {})),
    Face.SMALL_CAPS: (("smallCaps", {}),),
    Face.SUB: (("vertAlign", {"val": "subscript"}),),
    Face.SUP: (("vertAlign", {"val": "superscript"}),),
}
"""In the order in which Word's schema wants them."""
_ZIP_DATE = struct.pack("<HH", 0, 0x21)  # midnight, 1 January 1980
_CENTRAL = b"PK\x01\x02"


def tag(name: str) -> str:
    """Return a WordprocessingML name as lxml wants it."""
    return f"{{{NAMESPACE}}}{name}"


_HYPERLINK, _HISTORY, _RELATION_ID = tag("hyperlink"), tag("history"), f"{{{RELATIONS}}}id"
_BOOKMARK_START, _BOOKMARK_END = tag("bookmarkStart"), tag("bookmarkEnd")
_ID, _NAME = tag("id"), tag("name")


def clean(text: str) -> str:
    """Return `text` without what XML cannot hold; line breaks and tabs become blanks."""
    if text.isprintable():
        return text
    return _BLANKS.sub(" ", _UNPRINTABLE.sub("", text))


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


class Writer:
    """Makes paragraphs from lines and puts them at the end of a document's body."""

    def __init__(
        self,
        body: Element,
        paragraph_styles: Mapping[Role, str],
        character_styles: Mapping[Mark, str],
        relate: Callable[[str], str],
    ) -> None:
        """Take the ids of all styles, and what gives an address its relation's id."""
        self._body = body
        last = body.find(tag("sectPr"))
        self._end = last if last is not None else etree.SubElement(body, tag("sectPr"))
        self._styles = paragraph_styles
        self._marks = character_styles
        self._relate = relate
        self._paragraphs: dict[tuple[Role, bool, str], Element] = {}
        self._runs: dict[tuple[Mark | None, frozenset[Face]], Element] = {}
        self._bookmarks: dict[str, int] = {}
        ids = (start.get(tag("id"), "0") for start in body.iter(tag("bookmarkStart")))
        self._last_id = max((int(i) for i in ids if i.isdigit()), default=0)

    def add(self, line: Line, *, key: str = "", before: str = "", keep: bool = False) -> None:
        """Add a line. `key` bookmarks it, `before` sets the space above, `keep` holds it to the next."""
        prototype = self._paragraphs.get((line.role, keep, before))
        if prototype is None:
            prototype = self._paragraph(line.role, keep, before)
        paragraph = copy.copy(prototype)
        if key:
            self._start_bookmark(paragraph, key)
        for run in line.runs:
            if run.url:
                target = {_RELATION_ID: self._relate(run.url), _HISTORY: "1"}
                etree.SubElement(paragraph, _HYPERLINK, target).append(self._run(run))
            else:
                paragraph.append(self._run(run))
        if key:
            etree.SubElement(paragraph, _BOOKMARK_END, {_ID: str(self._last_id)})
        self._end.addprevious(paragraph)

    def _paragraph(self, role: Role, keep: bool, before: str) -> Element:  # noqa: FBT001
        paragraph = etree.Element(tag("p"), nsmap=_PREFIXES)
        looks = etree.SubElement(paragraph, tag("pPr"))
        etree.SubElement(looks, tag("pStyle")).set(tag("val"), self._styles[role])
        if keep:
            etree.SubElement(looks, tag("keepNext"))
        if before:
            etree.SubElement(looks, tag("spacing")).set(tag("before"), before)
        self._paragraphs[role, keep, before] = paragraph
        return paragraph

    def _run(self, run: Run) -> Element:
        prototype = self._runs.get((run.mark, run.faces))
        if prototype is None:
            prototype = self._run_prototype(run.mark, run.faces)
        element = copy.copy(prototype)
        element[-1].text = clean(run.text)
        return element

    def _run_prototype(self, mark: Mark | None, faces: frozenset[Face]) -> Element:
        element = etree.Element(tag("r"), nsmap=_PREFIXES)
        if mark or faces:
            looks = etree.SubElement(element, tag("rPr"))
            if mark:
                etree.SubElement(looks, tag("rStyle")).set(tag("val"), self._marks[mark])
            shown = [each for face in _FACES if face in faces for each in _FACES[face]]
            for name, values in dict(shown).items():
                one = etree.SubElement(looks, tag(name))
                for attribute, value in values.items():
                    one.set(tag(attribute), value)
        etree.SubElement(element, tag("t")).set(_SPACE, "preserve")
        self._runs[mark, faces] = element
        return element

    def _start_bookmark(self, paragraph: Element, key: str) -> None:
        self._last_id += 1
        count = self._bookmarks[key] = self._bookmarks.get(key, 0) + 1
        name = f"{BOOKMARK}{key}_{count}" if count > 1 else f"{BOOKMARK}{key}"
        etree.SubElement(paragraph, _BOOKMARK_START, {_ID: str(self._last_id), _NAME: name})


def undate(package: bytes, directory: int) -> bytes:
    """Return a zip with every part dated 1 January 1980 and made by no particular system.

    `directory` is where its central directory begins. Patching spares compressing everything twice.
    """
    data = bytearray(package)
    at = directory
    while data[at : at + 4] == _CENTRAL:
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        (local,) = struct.unpack_from("<I", data, at + 42)
        data[at + 5] = 0  # made on: any
        data[at + 12 : at + 16] = _ZIP_DATE
        data[at + 38 : at + 42] = bytes(4)  # permissions
        data[local + 10 : local + 14] = _ZIP_DATE
        at += 46 + name + extra + comment
    return bytes(data)
