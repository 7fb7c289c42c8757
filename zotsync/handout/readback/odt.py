"""The paragraphs of an .odt, as LibreOffice writes it: OpenDocument taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zotsync.handout.entry import Face, Mark, Role, Run
from zotsync.handout.readback.packages import Element, Package
from zotsync.handout.readback.paragraphs import BREAK, Comment, Corrected, Paragraph, keys_of

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TEXT, _STYLE = _OASIS % "office", _OASIS % "text", _OASIS % "style"
_FO, _DRAW = _OASIS % "xsl-fo-compatible", _OASIS % "drawing"
_LINK = "{http://www.w3.org/1999/xlink}href"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_SKIPPED = {f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls"}
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_ESCAPE = re.compile(r"_([0-9a-f]{1,6})_")
_MOST_BLANKS = 1000


def odt_paragraphs(package: Package) -> Corrected:
    """Return what the text of an .odt holds."""
    content = package.xml("content.xml")
    text = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise package.damaged()
    trees = [package.xml("styles.xml")] if package.has("styles.xml") else []
    reader = _Reader(_Styles.read([*trees, content]))
    paragraphs = tuple(reader.paragraphs(text))
    return Corrected(paragraphs, tuple(reader.comments))


@dataclass(frozen=True, slots=True)
class _Styles:
    """What style names mean: automatic ones (`P1`, `T3`) stand for one with a change."""

    roles: Mapping[str, Role]
    marks: Mapping[str, Mark]
    faces: Mapping[str, frozenset[Face]]

    @classmethod
    def read(cls, trees: list[Element]) -> _Styles:
        roles: dict[str, Role] = {}
        marks: dict[str, Mark] = {}
        faces: dict[str, frozenset[Face]] = {}
        for style in (s for tree in trees for s in tree.iter(f"{_STYLE}style")):
            name, parent = (
                style.get(f"{_STYLE}name", ""),
                style.get(f"{_STYLE}parent-style-name", ""),
            )
            shown = style.get(f"{_STYLE}display-name", _decoded(name)).casefold()
            if style.get(f"{_STYLE}family") == "text":
                mark = next((m for m in Mark if m.value.casefold() == shown), marks.get(parent))
                own = _faces(style.find(f"{_STYLE}text-properties"))
                faces[name] = frozenset() if mark else own | faces.get(parent, frozenset())
                marks |= {name: mark} if mark else {}
            else:
                role = next((r for r in Role if r.value.casefold() == shown), roles.get(parent))
                roles |= {name: role} if role else {}
        return cls(roles, marks, faces)


def _decoded(name: str) -> str:
    """Return `Entry Title` for `Entry_20_Title`."""
    return _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), name)


def _faces(looks: Element | None) -> frozenset[Face]:
    if looks is None:
        return frozenset()
    found = set()
    if looks.get(f"{_FO}font-weight") == "bold":
        found.add(Face.BOLD)
    if looks.get(f"{_FO}font-style") == "italic":
        found.add(Face.ITALIC)
    if looks.get(f"{_FO}font-variant") == "small-caps":
        found.add(Face.SMALL_CAPS)
    position = looks.get(f"{_STYLE}text-position", "").partition(" ")[0]
    if position.startswith(("super", "sub")):
        found.add(Face.SUP if position.startswith("super") else Face.SUB)
    elif position.removesuffix("%") not in ("", "0"):
        found.add(Face.SUB if position.startswith("-") else Face.SUP)
    return frozenset(found)


@dataclass
class _Reader:
    """Reads paragraphs in the order in which they stand."""

    styles: _Styles
    comments: list[Comment] = field(default_factory=list)
    _keys: list[str] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _index: int = 0

    def paragraphs(self, text: Element) -> Iterator[Paragraph]:
        """Yield the paragraphs of a text, those in tables, lists and sections too."""
        stack = [iter(text)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
            elif child.tag in _PARAGRAPHS:
                yield self._paragraph(child)
            elif child.tag == f"{_OFFICE}annotation":
                self._comment(child)
            elif str(child.tag).startswith(_DRAW):
                self._comment(child)  # what a text box says; a picture says nothing
            elif child.tag not in _SKIPPED:
                self._bookmark(child)
                stack.append(iter(child))

    def _paragraph(self, element: Element) -> Paragraph:
        self._runs = []
        self._inside(element, "", "")
        style = element.get(f"{_TEXT}style-name", "")
        keys, self._keys = tuple(dict.fromkeys(self._keys)), []
        self._index += 1
        return Paragraph(tuple(self._runs), self.styles.roles.get(style), keys)

    def _bookmark(self, element: Element) -> None:
        if element.tag in (f"{_TEXT}bookmark-start", f"{_TEXT}bookmark"):
            self._keys += keys_of(element.get(f"{_TEXT}name", ""))

    def _add(self, text: str | None, style: str, url: str) -> None:
        if text:
            faces = self.styles.faces.get(style, frozenset())
            self._runs.append(Run(text, self.styles.marks.get(style), faces, url))

    def _inside(self, element: Element, style: str, url: str) -> None:
        self._add(_one_blank(element.text), style, url)
        for child in element:
            self._child(child, style, url)
            self._add(_one_blank(child.tail), style, url)

    def _child(self, child: Element, style: str, url: str) -> None:
        self._bookmark(child)
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            self._add(" " * min(int(count) if count.isdigit() else 1, _MOST_BLANKS), style, url)
        elif child.tag == f"{_TEXT}tab":
            self._add(" ", style, url)
        elif child.tag == f"{_TEXT}line-break":
            self._add(BREAK, style, url)
        elif str(child.tag).startswith(_DRAW):
            self._comment(child)
        elif child.tag == f"{_TEXT}soft-page-break" or child.tag in _SKIPPED:
            return
        elif child.tag == f"{_OFFICE}annotation":
            self._comment(child)
        elif child.tag == f"{_TEXT}note":
            self._comment(child, footnote=True)
        elif child.tag == f"{_TEXT}a":
            self._inside(child, style, child.get(_LINK, ""))
        elif child.tag == f"{_TEXT}span":
            self._inside(child, child.get(f"{_TEXT}style-name", ""), url)
        else:
            self._inside(child, style, url)

    def _comment(self, element: Element, *, footnote: bool = False) -> None:
        lines = ("".join(map(str, p.itertext())).strip() for p in element.iter(*_PARAGRAPHS))
        text = " ".join(line for line in lines if line)
        author = "" if footnote else str(element.findtext(_CREATOR) or "")
        if text:
            self.comments.append(Comment(text, author, self._index, footnote))


def _one_blank(text: str | None) -> str:
    """Return a text as OpenDocument reads it: blanks and line ends of the XML are one blank."""
    return re.sub(r"[ \t\r\n]+", " ", text) if text else ""
