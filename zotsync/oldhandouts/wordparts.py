"""What a .docx holds beside its text: text boxes, foot notes, comments, page heads and feet."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from zotsync.handout.readback.packages import Element, Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")
"""Kinds of parts, as the ends of their relations' types."""
_GONE = {"del", "moveFrom", "instrText", "delText"}
_DEEPEST = 60


def boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes that are anchored in a paragraph, each once."""
    yield from _found(paragraph, f"{W}txbxContent", 0)


def _found(element: Element, tag: str, depth: int) -> Iterator[Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag != FALLBACK and depth < _DEEPEST:
            yield from _found(child, tag, depth + 1)


def beside(
    package: Package, relations: Mapping[str, tuple[str, str]], folder: str
) -> Iterator[str]:
    """Yield the paragraphs of notes, comments, page heads and feet."""
    for kind, target in relations.values():
        if kind.rpartition("/")[2] not in _PARTS:
            continue
        part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if package.has(part):
            yield from filter(None, map(_text, package.xml(part).iter(f"{W}p")))


def _text(paragraph: Element) -> str:
    """Return the words of a paragraph; those of a text box within it come as paragraphs of their own."""
    return " ".join("".join(_pieces(paragraph, 0)).split())


def _pieces(element: Element, depth: int) -> Iterator[str]:
    for child in element:
        name = str(child.tag).removeprefix(W)
        if name == "t":
            yield child.text or ""
        elif name in {"tab", "br", "cr"}:
            yield " "
        elif name not in _GONE | {"p", "txbxContent"} and depth < _DEEPEST:
            yield from _pieces(child, depth + 1)
