"""What runs along the edges of a theme's pages: headers and footers of its base.docx, as texts and fields."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from zotsync.handout.writers.ooxml import RELATIONS, Element, tag

_TWIPS = 20
_DEFAULT_DISTANCE = "720"
_KINDS = ("header", "footer")
_ALIGNMENTS = {
    "left": "left",
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
}
_INLINE = tuple(map(tag, ("fldChar", "fldSimple", "instrText", "t", "tab")))
_DOCUMENT, _LINKS = "word/document.xml", "word/_rels/document.xml.rels"


class Field(Enum):
    """What is filled in where the page is printed."""

    PAGE = "PAGE"
    PAGES = "NUMPAGES"
    TITLE = "TITLE"


Piece: TypeAlias = "str | Field"
_FIELDS: Mapping[str, Field] = {
    **{each.value: each for each in Field},
    "SECTIONPAGES": Field.PAGES,
    "STYLEREF": Field.TITLE,
}


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """One paragraph of a header or footer."""

    pieces: tuple[Piece, ...]
    """Texts, a tab being a tab in them, and fields."""
    align: str = ""
    """left, center, right or justify; "" as its style has it."""


@dataclass(frozen=True, slots=True)
class Edges:
    """The headers and footers there are."""

    parts: Mapping[str, tuple[EdgeLine, ...]] = field(default_factory=dict)
    """header, footer, and header-first, footer-first where the first page has its own."""
    distances: Mapping[str, float] = field(default_factory=dict)
    """header and footer: from the sheet's edge, in points."""


def edges_of(base: Path) -> Edges:
    """Return the headers and footers of a base.docx that `looks_of` could read."""
    with zipfile.ZipFile(base) as bundle:
        section = _parsed(bundle, _DOCUMENT).find(f"{tag('body')}/{tag('sectPr')}")
        if section is None:
            return Edges()
        targets = _targets(bundle)
        parts: dict[str, tuple[EdgeLine, ...]] = {
            name: tuple(_lines(_parsed(bundle, targets[link])))
            for name, link in _references(section)
            if link in targets
        }
        if section.find(tag("titlePg")) is not None:  # then nothing runs where nothing is named
            kinds = {name.partition("-")[0] for name in parts}
            parts = {name: () for kind in kinds for name in (kind, f"{kind}-first")} | parts
    margins = section.find(tag("pgMar"))
    distances = {
        kind: float(_attribute(margins, kind) or _DEFAULT_DISTANCE) / _TWIPS for kind in _KINDS
    }
    return Edges(parts, distances)


def _references(section: Element) -> Iterator[tuple[str, str]]:
    """Yield (header, footer-first …, id of its part)."""
    first = section.find(tag("titlePg")) is not None
    pages = {"": "", "default": "", **({"first": "-first"} if first else {})}
    for kind in _KINDS:
        for reference in section.iterchildren(tag(f"{kind}Reference")):
            if (page := _attribute(reference, "type")) in pages:
                yield f"{kind}{pages[page]}", str(reference.get(f"{{{RELATIONS}}}id"))


def _targets(bundle: zipfile.ZipFile) -> dict[str, str]:
    names = set(bundle.namelist())
    links = _parsed(bundle, _LINKS) if _LINKS in names else ()
    found = {str(link.get("Id")): f"word/{link.get('Target')}" for link in links}
    return {link: name for link, name in found.items() if name in names}


def _attribute(element: Element | None, name: str) -> str:
    return "" if element is None else str(element.get(tag(name), ""))


def _parsed(bundle: zipfile.ZipFile, name: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(bundle.read(name), parser)


def _lines(root: Element) -> Iterator[EdgeLine]:
    for paragraph in root.iter(tag("p")):
        place = _attribute(paragraph.find(f"{tag('pPr')}/{tag('jc')}"), "val")
        yield EdgeLine(tuple(_pieces(paragraph)), _ALIGNMENTS.get(place, ""))


def _pieces(paragraph: Element) -> Iterator[Piece]:
    """Yield texts and fields; of a field that we do not know, what it showed last."""
    code, hidden = "", False
    for element in paragraph.iter(*_INLINE):
        inside = element.getparent()
        if element.tag == tag("fldChar"):
            if known := _known(code):
                yield known
            hidden = bool(known) and _attribute(element, "fldCharType") == "separate"
            code = ""
        elif element.tag == tag("instrText"):
            code += element.text or ""
        elif element.tag == tag("fldSimple"):
            if known := _known(_attribute(element, "instr")):
                yield known
        elif inside is None or inside.tag != tag("r"):
            continue  # the tab stops of the paragraph
        elif not hidden and not _known(_instruction(inside)):
            yield "\t" if element.tag == tag("tab") else element.text or ""


def _known(code: str) -> Field | None:
    return _FIELDS.get(code.split(maxsplit=1)[0].upper()) if code.strip() else None


def _instruction(run: Element) -> str:
    """Return the instruction of the simple field that a run shows; "" where it shows none."""
    return _attribute(run.getparent(), "instr")
