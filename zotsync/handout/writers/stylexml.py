"""The raw XML of a base.docx's styles and page: what each style itself says, under the names of `looks`."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from zotsync.handout.writers.ooxml import Element, style_ids, tag

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_COLOR = re.compile("[0-9A-Fa-f]{6}")
_OFF = frozenset({"0", "false", "off", "none"})
_TWIPS, _EIGHTHS = 20, 8
_THEME_FONTS = ("major", "minor")
_LETTER_FLAGS = {
    "b": "bold",
    "i": "italic",
    "caps": "caps",
    "smallCaps": "small_caps",
    "u": "underline",
}
_PARAGRAPH_FLAGS = {
    "keepNext": "keep_next",
    "keepLines": "keep_lines",
    "pageBreakBefore": "page_break_before",
    "contextualSpacing": "contextual",
}
_ALIGNMENTS = {
    "both": "justify",
    "distribute": "justify",
    "center": "center",
    "right": "right",
    "end": "right",
}
_LINES = {"double": "double", "dotted": "dotted", "dashed": "dashed"}
_LEADERS = {"dot": "dot", "hyphen": "hyphen", "underscore": "underscore", "middleDot": "dot"}
_HIGHLIGHTS = {
    "yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF", "magenta": "FF00FF", "blue": "0000FF",
    "red": "FF0000", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080",
    "lightGray": "C0C0C0", "black": "000000", "white": "FFFFFF",
}  # fmt: skip


def _points(value: str) -> float:
    return float(value) / _TWIPS


_SPACING: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "before": ("before", _points),
    "after": ("after", _points),
    "line": ("line", float),
    "lineRule": ("line_rule", str),
}
_INDENTS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "left": ("left", _points),
    "start": ("left", _points),
    "right": ("right", _points),
    "end": ("right", _points),
    "firstLine": ("first", _points),
    "hanging": ("first", lambda value: -_points(value)),
}
_PAGE = {
    "pgSz": {"w": "width", "h": "height"},
    "pgMar": {"top": "top", "right": "right", "bottom": "bottom", "left": "left"},
    "cols": {"space": "gap"},
}


@dataclass(frozen=True, slots=True)
class Style:
    """What one style says itself."""

    letters: Mapping[str, Any] = field(default_factory=dict)
    paragraph: Mapping[str, Any] = field(default_factory=dict)
    borders: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    """Side -> its line; None takes away that of the style below."""
    tabs: Mapping[float, tuple[str, str] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BasePart:
    """A base.docx, read."""

    defaults: Style
    paragraphs: Mapping[str, tuple[Style, ...]]
    """Name or alias -> the style behind what it is based on."""
    characters: Mapping[str, tuple[Style, ...]]
    page: Mapping[str, Any]


def read_base(base: Path) -> BasePart:
    """Return what a base.docx says. Raises what zipfile and lxml raise where it is broken."""
    with zipfile.ZipFile(base) as bundle:
        styles = _part(bundle, "word/styles.xml")
        document = _part(bundle, "word/document.xml")
        fonts = _theme_fonts(bundle)
    defaults = styles.find(tag("docDefaults"))
    letters = None if defaults is None else defaults.find(f"{tag('rPrDefault')}/{tag('rPr')}")
    paragraph = None if defaults is None else defaults.find(f"{tag('pPrDefault')}/{tag('pPr')}")
    return BasePart(
        defaults=_style(letters, paragraph, fonts),
        paragraphs=_chains(styles, "paragraph", fonts),
        characters=_chains(styles, "character", fonts),
        page=_page(document),
    )


def _part(bundle: zipfile.ZipFile, name: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(bundle.read(name), parser)


def _theme_fonts(bundle: zipfile.ZipFile) -> dict[str, str]:
    name = "word/theme/theme1.xml"
    if name not in bundle.namelist():
        return {}
    root = _part(bundle, name)
    latin = {kind: root.find(f".//{_DRAWING}{kind}Font/{_DRAWING}latin") for kind in _THEME_FONTS}
    return {kind: str(e.get("typeface", "")) for kind, e in latin.items() if e is not None}


def _chains(styles: Element, kind: str, fonts: Mapping[str, str]) -> dict[str, tuple[Style, ...]]:
    own = {s.get(tag("styleId")): s for s in styles.iterchildren(tag("style"))}
    read = {
        name: _style(style.find(tag("rPr")), style.find(tag("pPr")), fonts)
        for name, style in own.items()
    }

    def chain(style_id: str) -> tuple[Style, ...]:
        ids: list[str] = []
        while style_id in own and style_id not in ids:
            ids.append(style_id)
            style_id = _text(own[style_id].find(tag("basedOn")), "val")
        return tuple(read[one] for one in reversed(ids))

    return {name: chain(style_id) for name, style_id in style_ids(styles, kind).items()}


def _style(letters: Element | None, paragraph: Element | None, fonts: Mapping[str, str]) -> Style:
    return Style(
        {} if letters is None else _letters(letters, fonts),
        {} if paragraph is None else _paragraph(paragraph),
        {} if paragraph is None else _borders(paragraph),
        {} if paragraph is None else _tabs(paragraph),
    )


def _letters(looks: Element, fonts: Mapping[str, str]) -> dict[str, Any]:
    found = _flags(looks, _LETTER_FLAGS)
    if font := _font(looks.find(tag("rFonts")), fonts):
        found["font"] = font
    for name, field_name, scale in (("sz", "size", 2), ("spacing", "tracking", _TWIPS)):
        if value := _text(looks.find(tag(name)), "val"):
            found[field_name] = float(value) / scale
    if color := _text(looks.find(tag("color")), "val"):
        found["color"] = _color(color)
    if fill := _text(looks.find(tag("shd")), "fill"):
        found["background"] = _color(fill)
    if highlight := _text(looks.find(tag("highlight")), "val"):
        found["background"] = _HIGHLIGHTS.get(highlight, "")
    return found


def _font(element: Element | None, fonts: Mapping[str, str]) -> str:
    """Return the font of Latin letters: the theme's goes before one named beside it."""
    for script in ("ascii", "hAnsi"):
        theme = fonts.get(_text(element, f"{script}Theme")[:5], "")
        if name := theme or _text(element, script):
            return name
    return ""


def _paragraph(looks: Element) -> dict[str, Any]:
    found = _flags(looks, _PARAGRAPH_FLAGS)
    for name, attributes in (("spacing", _SPACING), ("ind", _INDENTS)):
        element = looks.find(tag(name))
        for attribute, (field_name, read) in attributes.items():
            if value := _text(element, attribute):
                found[field_name] = read(value)
    if align := _text(looks.find(tag("jc")), "val"):
        found["align"] = _ALIGNMENTS.get(align, "left")
    if fill := _text(looks.find(tag("shd")), "fill"):
        found["background"] = _color(fill)
    if level := _text(looks.find(tag("outlineLvl")), "val"):
        found["outline"] = (int(level) + 1) % 10  # 9 is Word's word for none
    if "keep" in (hyphens := _flags(looks, {"suppressAutoHyphens": "keep"})):
        found["hyphenate"] = not hyphens["keep"]
    return found


def _borders(looks: Element) -> dict[str, Mapping[str, Any] | None]:
    frame = looks.find(tag("pBdr"))
    found: dict[str, Mapping[str, Any] | None] = {}
    for side in frame if frame is not None else ():
        name, style = etree.QName(side).localname, _text(side, "val")
        found[name] = None if style in ("nil", "none", "") else {
            "style": _LINES.get(style, "single"),
            "width": float(_text(side, "sz") or 0) / _EIGHTHS,
            "color": _color(_text(side, "color")),
            "space": float(_text(side, "space") or 0),
        }  # fmt: skip
    return found


def _tabs(looks: Element) -> dict[float, tuple[str, str] | None]:
    stops = looks.find(tag("tabs"))
    found: dict[float, tuple[str, str] | None] = {}
    for stop in stops if stops is not None else ():
        kind = _text(stop, "val")
        kind = {"start": "left", "end": "right"}.get(kind, kind)
        leader = _LEADERS.get(_text(stop, "leader"), "")
        found[_points(_text(stop, "pos") or "0")] = None if kind == "clear" else (kind, leader)
    return found


def _page(document: Element) -> dict[str, Any]:
    """Return the page of a document's last section."""
    found: dict[str, Any] = {}
    settings = document.find(f"{tag('body')}/{tag('sectPr')}")
    for name, attributes in _PAGE.items():
        element = None if settings is None else settings.find(tag(name))
        for attribute, field_name in attributes.items():
            if value := _text(element, attribute):
                found[field_name] = abs(
                    _points(value)
                )  # a negative margin is one that headers break
    columns = None if settings is None else settings.find(tag("cols"))
    found["columns"] = int(_text(columns, "num") or 1)
    found["separator"] = _text(columns, "sep") not in {"", *_OFF}
    found["background"] = _color(_text(document.find(tag("background")), "color"))
    return found


def _flags(looks: Element, names: Mapping[str, str]) -> dict[str, Any]:
    found = {field_name: looks.find(tag(name)) for name, field_name in names.items()}
    return {n: _text(e, "val") not in _OFF for n, e in found.items() if e is not None}


def _color(value: str) -> str:
    """Return RRGGBB; "" for what is left to the reader's eyes (`auto`), or is no colour."""
    return value.upper() if _COLOR.fullmatch(value) else ""


def _text(element: Element | None, attribute: str) -> str:
    return "" if element is None else str(element.get(tag(attribute), ""))
