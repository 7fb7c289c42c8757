"""The paragraphs of a .docx, as Word and LibreOffice write it: WordprocessingML taken apart."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zotsync.handout.entry import Face, Mark, Role, Run
from zotsync.handout.readback.packages import Element, Package
from zotsync.handout.readback.paragraphs import BREAK, Comment, Corrected, Paragraph, keys_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXTS = {"br": BREAK, "cr": BREAK, "tab": " ", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SKIPPED = {"del", "moveFrom", "pPr", "rPr", "txbxContent", "drawing", "pict", "object"}
"""What was taken away by a tracked change, what is no text, and what stands in frames."""
_NOTES = ("comment", "footnote", "endnote")
_OFF = {"0", "false", "off", "none"}
_SWITCHES = {"b": Face.BOLD, "i": Face.ITALIC, "smallCaps": Face.SMALL_CAPS}
_RAISED = {"superscript": Face.SUP, "subscript": Face.SUB}


def word_paragraphs(package: Package) -> Corrected:
    """Return what the document part of a .docx holds."""
    main = next(_targets(package, "_rels/.rels", "/officeDocument"), "")
    folder, name = posixpath.split(main)
    relations = f"{folder}/_rels/{name}.rels".lstrip("/")
    styles = next(_targets(package, relations, "/styles", folder), "")
    body = package.xml(main).find(f"{_W}body")
    if body is None:
        raise package.damaged()
    reader = _Reader(_Styles.read(package, styles), _links(package, relations))
    paragraphs = tuple(reader.paragraphs(body))
    comments = reader.framed + [
        said
        for kind, where in reader.noted.items()
        for said in _said(package, relations, folder, kind, where)
    ]
    return Corrected(paragraphs, tuple(comments))


def _relations(package: Package, part: str) -> Iterator[Element]:
    if package.has(part):
        yield from package.xml(part).iter(f"{_REL}Relationship")


def _targets(package: Package, part: str, kind: str, folder: str = "") -> Iterator[str]:
    """Yield the names of the parts that another points at, for one kind of relation."""
    for relation in _relations(package, part):
        if relation.get("Type", "").endswith(kind) and relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            yield posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _links(package: Package, part: str) -> dict[str, str]:
    return {r.get("Id", ""): r.get("Target", "") for r in _relations(package, part)}


@dataclass(frozen=True, slots=True)
class _Styles:
    """What style ids mean here: Word in French, and LibreOffice, give them other ids."""

    roles: Mapping[str, Role]
    marks: Mapping[str, Mark]
    faces: Mapping[str, frozenset[Face]]
    """What character styles that are not ours do."""

    @classmethod
    def read(cls, package: Package, part: str) -> _Styles:
        roles: dict[str, Role] = {}
        marks: dict[str, Mark] = {}
        faces: dict[str, frozenset[Face]] = {}
        based: dict[str, str] = {}
        styles = package.xml(part).iter(f"{_W}style") if package.has(part) else ()
        for style in styles:
            style_id, names = style.get(f"{_W}styleId", ""), _names(style)
            based[style_id] = _value(style.find(f"{_W}basedOn"))
            for role in (r for r in Role if r.value.casefold() in names):
                roles[style_id] = role
            for mark in (m for m in Mark if m.value.casefold() in names):
                marks[style_id] = mark
            faces[style_id] = _faces(style.find(f"{_W}rPr"))
        for style_id, parent in based.items():  # a style that a colleague made of one of ours
            seen, at = {style_id}, parent
            while at and at not in seen and style_id not in roles:
                seen.add(at)
                if at in roles:
                    roles[style_id] = roles[at]
                at = based.get(at, "")
        return cls(roles, marks, faces)


def _names(style: Element) -> set[str]:
    name, aliases = (_value(style.find(f"{_W}{tag}")) for tag in ("name", "aliases"))
    return {one.strip().casefold() for one in (name, *aliases.split(",")) if one.strip()}


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(f"{_W}val", "")


def _faces(looks: Element | None) -> frozenset[Face]:
    if looks is None:
        return frozenset()
    found = {
        face
        for name, face in _SWITCHES.items()
        if (switch := looks.find(f"{_W}{name}")) is not None and _value(switch) not in _OFF
    }
    raised = _RAISED.get(_value(looks.find(f"{_W}vertAlign")))
    return frozenset(found | ({raised} if raised else set()))


@dataclass
class _Reader:
    """Reads paragraphs in the order in which they stand."""

    styles: _Styles
    links: Mapping[str, str]
    noted: dict[str, dict[str, int]] = field(default_factory=lambda: {kind: {} for kind in _NOTES})
    """Kind of note -> its id -> index of the paragraph where it begins."""
    framed: list[Comment] = field(default_factory=list)
    """What stands in text boxes."""
    _keys: list[str] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _index: int = 0

    def paragraphs(self, body: Element) -> Iterator[Paragraph]:
        """Yield the paragraphs of a body. What stands in tables and content controls counts too."""
        for element in _in_order(body):
            if element.tag == f"{_W}bookmarkStart":
                self._bookmark(element)
                continue
            self._inside(element, "")
            self.framed += _framed(element, self._index)
            if _end_is_gone(element):
                continue
            style = _value(element.find(f"{_W}pPr/{_W}pStyle"))
            yield Paragraph(tuple(self._runs), self.styles.roles.get(style), self._taken_keys())
            self._runs = []
            self._index += 1
        if self._runs:
            yield Paragraph(tuple(self._runs), None, self._taken_keys())

    def _taken_keys(self) -> tuple[str, ...]:
        keys, self._keys = tuple(dict.fromkeys(self._keys)), []
        return keys

    def _bookmark(self, element: Element) -> None:
        self._keys += keys_of(element.get(f"{_W}name", ""))

    def _inside(self, element: Element, url: str) -> None:
        for child in element:
            name = str(child.tag).removeprefix(_W)
            if name in _SKIPPED or child.tag == _FALLBACK:
                continue
            if name == "r":
                self._run(child, url)
            elif name == "bookmarkStart":
                self._bookmark(child)
            elif name == "commentRangeStart":
                self._note("comment", child)
            else:
                target = self.links.get(child.get(f"{_R}id", ""), "") if name == "hyperlink" else ""
                self._inside(child, target or url)

    def _note(self, kind: str, element: Element) -> None:
        self.noted[kind].setdefault(element.get(f"{_W}id", ""), self._index)

    def _run(self, element: Element, url: str) -> None:
        texts = []
        for child in element:
            name = str(child.tag).removeprefix(_W)
            if name == "t":
                texts.append(child.text or "")
            elif name in _TEXTS:
                texts.append(_TEXTS[name])
            elif (kind := name.removesuffix("Reference")) in _NOTES:
                self._note(kind, child)
        if text := "".join(texts):
            looks = element.find(f"{_W}rPr")
            style = _value(looks.find(f"{_W}rStyle")) if looks is not None else ""
            mark = self.styles.marks.get(style)
            inherited = frozenset() if mark else self.styles.faces.get(style, frozenset())
            self._runs.append(Run(text, mark, _faces(looks) | inherited, url))


def _in_order(body: Element) -> Iterator[Element]:
    """Yield paragraphs, and bookmarks that stand between them, as a reader meets them."""
    stack = [iter(body)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in (f"{_W}p", f"{_W}bookmarkStart"):
            yield child
        elif child.tag != _FALLBACK and str(child.tag).removeprefix(_W) not in _SKIPPED:
            stack.append(iter(child))


def _end_is_gone(paragraph: Element) -> bool:
    """Return whether a tracked change has joined a paragraph to the next one."""
    mark = paragraph.find(f"{_W}pPr/{_W}rPr")
    return mark is not None and any(
        mark.find(f"{_W}{name}") is not None for name in ("del", "moveFrom")
    )


def _framed(paragraph: Element, index: int) -> Iterator[Comment]:
    """Yield what text boxes within a paragraph say."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        text = " ".join("".join(t.text or "" for t in box.iter(f"{_W}t")).split())
        if text and next(box.iterancestors(_FALLBACK), None) is None:
            yield Comment(text, "", index)


def _said(
    package: Package, relations: str, folder: str, kind: str, where: Mapping[str, int]
) -> Iterator[Comment]:
    part = next(_targets(package, relations, f"/{kind}s", folder), "")
    for one in package.xml(part).iter(f"{_W}{kind}") if where and package.has(part) else ():
        at = where.get(one.get(f"{_W}id", ""))
        lines = ("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in one.iter(f"{_W}p"))
        text = " ".join(line.strip() for line in lines if line.strip())
        if at is not None and text:
            yield Comment(text, one.get(f"{_W}author", ""), at, footnote=kind != "comment")
