"""A .docx as paragraphs with their looks: sizes, bold and italics, indents, headings, links."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zotsync.handout.readback.packages import Element, Package
from zotsync.oldhandouts.blocks import Block, Look, Pages
from zotsync.oldhandouts.lines import Seen, lines_of
from zotsync.oldhandouts.styled import Style, over, resolved
from zotsync.oldhandouts.tables import in_order
from zotsync.oldhandouts.wordparts import FALLBACK, W, beside, boxes

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_GONE = {"del", "moveFrom", "pPr", "rPr", "drawing", "pict", "object", "sdtPr", "instrText"}
_TEXTS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-", "softHyphen": ""}
_OFF = {"0", "false", "off", "none"}
_LEVEL = re.compile(r"(?i)(?:heading|titre) ?(\d)")
_CONTENTS = re.compile(r"(?i)(?:toc|tm|table des matières) ?\d|index ?\d")
_TWIPS_PER_LINE = 240.0
_POINTS = 12.0
_DEEPEST = 40


def word_pages(package: Package) -> Pages:
    """Return what the document part of a .docx holds."""
    relations = _relations(package, "_rels/.rels")
    main = next((t for k, t in relations.values() if k.endswith("/officeDocument")), "").lstrip("/")
    folder, name = posixpath.split(main)
    inner = _relations(package, f"{folder}/_rels/{name}.rels".lstrip("/"))
    styles = next((t for k, t in inner.values() if k.endswith("/styles")), "")
    part = posixpath.normpath(posixpath.join("/", folder, styles)).lstrip("/")
    sheet = _styles(package.xml(part)) if styles and package.has(part) else {}
    body = package.xml(main).find(f"{W}body")
    if body is None:
        raise package.damaged()
    reader = _Reader(sheet, {i: t for i, (k, t) in inner.items() if k.endswith("/hyperlink")})
    blocks = tuple(reader.blocks(body))
    return Pages(
        blocks, dropped=tuple(dict.fromkeys((*reader.aside, *beside(package, inner, folder))))
    )


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    if not package.has(part):
        return {}
    found = package.xml(part).iter(f"{_REL}Relationship")
    return {r.get("Id", ""): (r.get("Type", ""), r.get("Target", "")) for r in found}


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _switch(looks: Element | None, name: str) -> bool | None:
    found = looks.find(f"{W}{name}") if looks is not None else None
    return None if found is None else _value(found) not in _OFF


def _number(text: str | None) -> float | None:
    try:
        return min(max(float(text), -1e5), 1e5) if text else None
    except ValueError:
        return None


def _of(name: str, based: str, paragraph: Element | None, run: Element | None) -> Style:
    size = _number(_value(run.find(f"{W}sz"))) if run is not None else None
    indent = paragraph.find(f"{W}ind") if paragraph is not None else None
    space = paragraph.find(f"{W}spacing") if paragraph is not None else None
    left = (
        _number(indent.get(f"{W}left") or indent.get(f"{W}start")) if indent is not None else None
    )
    outline = _number(_value(paragraph.find(f"{W}outlineLvl"))) if paragraph is not None else None
    told = _LEVEL.search(name)
    return Style(
        name,
        based,
        size / 2 if size else None,
        _switch(run, "b"),
        _switch(run, "i"),
        _switch(run, "caps"),
        None if left is None else int(left / 20),
        None if space is None else _number(space.get(f"{W}before")),
        None if space is None else _number(space.get(f"{W}after")),
        int(told[1]) if told else int(outline) + 1 if outline is not None and outline < 6 else None,  # noqa: PLR2004
        _is_listed(paragraph),
    )


def _is_listed(paragraph: Element | None) -> bool | None:
    numbered = paragraph.find(f"{W}numPr") if paragraph is not None else None
    return None if numbered is None else _value(numbered.find(f"{W}numId")) != "0"


def _styles(root: Element) -> dict[str, Style]:
    """Return the styles by id, each with what it inherits; "" is the document's default."""
    own: dict[str, Style] = {}
    usual = ""
    for style in root.iter(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        based = _value(style.find(f"{W}basedOn"))
        own[key] = _of(
            _value(style.find(f"{W}name")), based, style.find(f"{W}pPr"), style.find(f"{W}rPr")
        )
        if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph":
            usual = key
    defaults = root.find(f"{W}docDefaults")
    base = Style(size=11.0)
    if defaults is not None:
        base = over(
            base,
            _of(
                "",
                "",
                defaults.find(f"{W}pPrDefault/{W}pPr"),
                defaults.find(f"{W}rPrDefault/{W}rPr"),
            ),
        )
    made = {key: resolved(key, own, base) for key in own}
    made[""] = made.get(usual, base)
    return made


@dataclass
class _Reader:
    """Reads paragraphs in the order in which they stand, those in tables too."""

    styles: Mapping[str, Style]
    links: Mapping[str, str]
    aside: list[str] = field(default_factory=list)
    """Headings of tables' columns, and tables of contents."""

    def blocks(self, body: Element, depth: int = 0) -> Iterator[Block]:
        """Yield the lines of a body or a cell: paragraphs, and what line breaks part within them."""
        empty, after, styles_before = 0, 0.0, ""
        for element in _paragraphs(body):
            if element.tag == f"{W}tbl":
                yield from self._table(element, depth)
                continue
            for box in boxes(element) if depth < _DEEPEST else ():
                yield from self.blocks(box, depth + 1)
            looks = element.find(f"{W}pPr")
            key = _value(looks.find(f"{W}pStyle")) if looks is not None else ""
            style = self.styles.get(key, self.styles.get("", Style()))
            if looks is not None:
                style = over(style, _of("", "", looks, None))
            runs = list(self._runs(element, style, ""))
            text = "".join(run.text for run in runs).strip()
            if not text or _CONTENTS.match(style.name):
                self.aside += [" ".join(text.split())] if text else []
                empty += 1
                continue
            space = max(after, style.before or 0.0) / _TWIPS_PER_LINE
            if (
                looks is not None
                and looks.find(f"{W}contextualSpacing") is not None
                and key == styles_before
            ):
                space = 0.0
            marked = bool(style.listed) and not style.level
            look = Look(style.name, indent=style.indent or 0, level=style.level or 0)
            yield from lines_of(runs, look, space + empty, marked=marked)
            empty, after, styles_before = 0, style.after or 0.0, key

    def _table(self, table: Element, depth: int) -> Iterator[Block]:
        if depth > _DEEPEST:
            return
        rows = [
            [list(self.blocks(cell, depth + 1)) for cell in _inside(row, f"{W}tc")]
            for row in _inside(table, f"{W}tr")
        ]
        blocks, headings = in_order(rows)
        self.aside += headings
        yield from blocks

    def _runs(self, element: Element, style: Style, url: str, depth: int = 0) -> Iterator[Seen]:
        for child in element:
            name = str(child.tag).removeprefix(W)
            if name in _GONE or child.tag == FALLBACK or depth > _DEEPEST or name == "p":
                continue
            if name == "r":
                yield from self._run(child, style, url)
            else:
                target = self.links.get(child.get(f"{_R}id", ""), "") if name == "hyperlink" else ""
                yield from self._runs(child, style, target or url, depth + 1)

    def _run(self, element: Element, style: Style, url: str) -> Iterator[Seen]:
        texts = [
            (child.text or "") if name == "t" else _TEXTS.get(name, "")
            for child in element
            if (name := str(child.tag).removeprefix(W))
        ]
        text = "".join(texts)
        if not text:
            return
        looks = element.find(f"{W}rPr")
        by_name = self.styles.get(_value(looks.find(f"{W}rStyle"))) if looks is not None else None
        own = _of("", "", None, looks)
        bold, italic = (
            next(
                (v for s in (own, by_name, style) if s and (v := getattr(s, name)) is not None),
                False,
            )
            for name in ("bold", "italic")
        )
        size = own.size or style.size or 0.0
        yield Seen(text, bool(bold), bool(italic), size, url)


def _paragraphs(body: Element) -> Iterator[Element]:
    stack = [iter(body)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif (
            child.tag != FALLBACK
            and str(child.tag).removeprefix(W) not in _GONE
            and len(stack) < _DEEPEST * 5
        ):
            stack.append(iter(child))


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, those in content controls too."""
    for child in element:
        if child.tag == tag:
            yield child
        elif str(child.tag).removeprefix(W) in {"sdt", "sdtContent", "ins"}:
            yield from _inside(child, tag)
