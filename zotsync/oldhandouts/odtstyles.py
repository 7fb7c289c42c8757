"""The styles of an .odt: sizes, bold and italics, margins, levels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from zotsync.handout.readback.packages import Element
from zotsync.oldhandouts.styled import Style, over, resolved

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _STYLE, _FO = _OASIS % "office", _OASIS % "style", _OASIS % "xsl-fo-compatible"
_LENGTH = re.compile(r"(-?\d{1,5}(?:\.\d{1,6})?)(pt|cm|mm|in|pc|px)")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "pc": 12.0, "px": 0.75}
_ESCAPE = re.compile(r"_([0-9a-f]{1,6})_")
_BOLD = re.compile(r"bold|[6-9]00")
_TWIPS = 20
_DEEPEST_LEVEL = 6
_USUAL = Style(size=12.0)


class Sheet(NamedTuple):
    """The styles of a document by name, each with what it inherits; "" is the default."""

    paragraphs: Mapping[str, Style]
    texts: Mapping[str, Style]
    contextual: frozenset[str]
    """Paragraph styles that have no space between two of their own."""

    def paragraph(self, name: str) -> Style:
        """Return what a paragraph of this style looks like."""
        return self.paragraphs.get(name, self.paragraphs[""])

    def text(self, name: str) -> Style:
        """Return what characters of this style look like, beside their paragraph."""
        return self.texts.get(name, Style())


def sheet_of(trees: Iterable[Element]) -> Sheet:
    """Return the styles that stand in styles.xml and content.xml."""
    own: dict[str, dict[str, Style]] = {"paragraph": {}, "text": {}}
    contextual: set[str] = set()
    base = _USUAL
    for tree in trees:
        for default in tree.iter(f"{_STYLE}default-style"):
            if default.get(f"{_STYLE}family") == "paragraph":
                base = over(base, _of(default, named=False))
        for style in tree.iter(f"{_STYLE}style"):
            family, name = style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")
            if family in own:
                parent = style.getparent()
                automatic = parent is not None and parent.tag == f"{_OFFICE}automatic-styles"
                own[family][name] = _of(style, named=not automatic)
            if _is_contextual(style):
                contextual.add(name)
    paragraphs = {name: resolved(name, own["paragraph"], base) for name in own["paragraph"]}
    paragraphs[""] = paragraphs.get("Standard", base)
    texts = {name: resolved(name, own["text"], Style()) for name in own["text"]}
    return Sheet(paragraphs, texts, frozenset(contextual))


def _is_contextual(style: Element) -> bool:
    looks = style.find(f"{_STYLE}paragraph-properties")
    return looks is not None and looks.get(f"{_STYLE}contextual-spacing") == "true"


def _of(style: Element, *, named: bool) -> Style:
    paragraph = style.find(f"{_STYLE}paragraph-properties")
    text = style.find(f"{_STYLE}text-properties")
    weight = _get(text, "font-weight")
    slant = _get(text, "font-style")
    indent = _points(_get(paragraph, "margin-left") or _get(paragraph, "margin"))
    before = _points(_get(paragraph, "margin-top") or _get(paragraph, "margin"))
    after = _points(_get(paragraph, "margin-bottom") or _get(paragraph, "margin"))
    level = style.get(f"{_STYLE}default-outline-level", "")
    shown = style.get(f"{_STYLE}display-name") or _decoded(style.get(f"{_STYLE}name", ""))
    return Style(
        shown if named else "",
        style.get(f"{_STYLE}parent-style-name", ""),
        size=_points(_get(text, "font-size")),
        bold=_BOLD.fullmatch(weight) is not None if weight else None,
        italic=slant in {"italic", "oblique"} if slant else None,
        indent=None if indent is None else int(indent),
        before=None if before is None else before * _TWIPS,
        after=None if after is None else after * _TWIPS,
        level=level_of(level),
    )


def level_of(text: str) -> int | None:
    """Return the level of a heading; None where it is none, or deeper than headings are."""
    level = int(text) if text.isdigit() and text.isascii() else 0
    return level if 0 < level <= _DEEPEST_LEVEL else None


def _get(looks: Element | None, name: str) -> str:
    return "" if looks is None else looks.get(f"{_FO}{name}", "")


def _points(text: str) -> float | None:
    found = _LENGTH.fullmatch(text)
    return float(found[1]) * _POINTS[found[2]] if found else None


def _decoded(name: str) -> str:
    """Return `Text body` for `Text_20_body`."""
    return _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), name)
