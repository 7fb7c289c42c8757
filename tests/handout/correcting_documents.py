"""A colleague at work: a Word document's paragraphs changed as Word would change them."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from lxml import etree

from zotsync.handout.writers.ooxml import tag

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Correcting:
    """A .docx open for correction. A context manager: it is saved at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with zipfile.ZipFile(path) as bundle:
            self._parts = {name: bundle.read(name) for name in bundle.namelist()}
        self.root: Any = etree.fromstring(self._parts["word/document.xml"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._parts["word/document.xml"] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        with zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, data in self._parts.items():
                bundle.writestr(name, data)

    def paragraphs(self) -> list[Any]:
        return list(self.root.iter(tag("p")))

    def find(self, text: str) -> Any:
        """Return the paragraph that holds `text`, whatever blanks stand in it."""
        return next(p for p in self.paragraphs() if _plain(text) in _plain(_text(p)))

    def change(self, old: str, new: str) -> None:
        """Type over a text: the run that holds it keeps its looks, the paragraph its bookmarks."""
        for element in self.find(old).iter(tag("t")):
            if _plain(old) in _plain(element.text or ""):
                element.text = _plain(element.text or "").replace(_plain(old), new)
                return
        raise AssertionError(old)

    def type_at(self, paragraph: Any, start: int, length: int, new: str) -> None:
        """Type over some letters of a paragraph, wherever they are."""
        elements = list(paragraph.iter(tag("t")))
        if elements:
            element = elements[start % len(elements)]
            text = element.text or ""
            at = start % (len(text) + 1)
            element.text = text[:at] + new + text[at + length :]

    def delete(self, text: str) -> None:
        paragraph = self.find(text)
        paragraph.getparent().remove(paragraph)

    def insert_behind(self, text: str, new: str, style_of: str = "") -> Any:
        """Press Enter behind a paragraph and type; `style_of` names a paragraph whose style it gets."""
        paragraph = self.find(text)
        made = copy.deepcopy(self.find(style_of) if style_of else paragraph)
        for child in list(made):
            if child.tag != tag("pPr"):
                made.remove(child)
        run = etree.SubElement(made, tag("r"))
        etree.SubElement(run, tag("t")).text = new
        paragraph.addnext(made)
        return made

    def italic(self, text: str, word: str) -> None:
        """Make a word of a paragraph italic."""
        self._look(text, word, "i", {})

    def raised(self, text: str, letters: str) -> None:
        """Raise letters of a paragraph."""
        self._look(text, letters, "vertAlign", {tag("val"): "superscript"})

    def _look(self, text: str, word: str, name: str, values: dict[str, str]) -> None:
        _before, middle, _after = self._split(text, word)
        looks = etree.Element(tag("rPr"))
        etree.SubElement(looks, tag(name), values)
        middle.insert(0, looks)

    def _split(self, text: str, word: str) -> list[Any]:
        """Cut the run that holds `word` in three; return them."""
        paragraph = self.find(text)
        run = next(r for r in paragraph.iter(tag("r")) if _plain(word) in _plain(_text(r)))
        before, _word, after = _plain(_text(run)).partition(_plain(word))
        pieces = [copy.deepcopy(run) for _i in range(3)]
        for piece, content in zip(pieces, (before, word, after), strict=True):
            (element,) = piece.iter(tag("t"))
            element.text = content
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.addprevious(piece)
        run.getparent().remove(run)
        return pieces

    def tracked(self, text: str, old: str, new: str) -> None:
        """Replace words with changes being tracked."""
        _before, middle, _after = self._split(text, old)
        gone, come = etree.Element(tag("del")), etree.Element(tag("ins"))
        for change in (gone, come):
            change.set(tag("id"), "9001" if change is gone else "9002")
            change.set(tag("author"), "Camille")
        middle.addprevious(gone)
        middle.addprevious(come)
        come.append(copy.deepcopy(middle))
        next(come.iter(tag("t"))).text = new
        gone.append(middle)
        next(middle.iter(tag("t"))).tag = tag("delText")

    def into_control(self, text: str) -> None:
        """Put a content control around a paragraph."""
        paragraph = self.find(text)
        control = etree.Element(tag("sdt"))
        paragraph.addprevious(control)
        etree.SubElement(control, tag("sdtContent")).append(paragraph)

    def comment(self, text: str, author: str, words: str) -> None:
        """Write a comment beside a paragraph."""
        paragraph = self.find(text)
        start = etree.Element(tag("commentRangeStart"), {tag("id"): "7"})
        paragraph.insert(1, start)
        etree.SubElement(paragraph, tag("commentRangeEnd"), {tag("id"): "7"})
        reference = etree.SubElement(paragraph, tag("r"))
        etree.SubElement(reference, tag("commentReference"), {tag("id"): "7"})
        comments = etree.Element(tag("comments"), nsmap={"w": tag("")[1:-1]})
        one = etree.SubElement(comments, tag("comment"), {tag("id"): "7", tag("author"): author})
        run = etree.SubElement(etree.SubElement(one, tag("p")), tag("r"))
        etree.SubElement(run, tag("t")).text = words
        self._parts["word/comments.xml"] = etree.tostring(comments)
        relation = (
            '<Relationship Id="rIdComments" Target="comments.xml" Type="http://schemas.'
            'openxmlformats.org/officeDocument/2006/relationships/comments"/>'
        )
        types = "[Content_Types].xml"
        kind = (
            '<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.comments+xml"/></Types>'
        )
        self._parts[types] = self._parts[types].replace(b"</Types>", kind.encode())
        self._relate(relation)

    def lead(self, text: str, url: str) -> None:
        """Let a link lead elsewhere; its text stays."""
        link = next(self.find(text).iter(tag("hyperlink")))
        link.set(_RELATION, "rIdElsewhere")
        relation = (
            f'<Relationship Id="rIdElsewhere" Target="{url}" TargetMode="External" Type="http://'
            'schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
        )
        self._relate(relation)

    def _relate(self, relation: str) -> None:
        name, end = "word/_rels/document.xml.rels", "</Relationships>"
        self._parts[name] = self._parts[name].replace(end.encode(), f"{relation}{end}".encode())

    def remove(self, paragraphs: list[Any]) -> None:
        for paragraph in paragraphs:
            paragraph.getparent().remove(paragraph)

    def copy_before(self, copied: list[Any], text: str) -> None:
        """Copy paragraphs and paste them, as Word does: bookmarks stay with the first ones."""
        pasted = copy.deepcopy(copied)
        for paragraph in pasted:
            for mark in (tag("bookmarkStart"), tag("bookmarkEnd")):
                for element in list(paragraph.iter(mark)):
                    element.getparent().remove(element)
        self.move_before(pasted, text)

    def entry(self, first: str, last: str) -> list[Any]:
        """Return the paragraphs of an entry, from the one with `first` to the one with `last`."""
        paragraphs = self.paragraphs()
        start = paragraphs.index(self.find(first))
        end = next(i for i in range(start, len(paragraphs)) if last in _text(paragraphs[i]))
        return paragraphs[start : end + 1]

    def move_before(self, moved: list[Any], text: str) -> None:
        target = self.find(text)
        for paragraph in moved:
            target.addprevious(paragraph)


def _text(paragraph: Any) -> str:
    return "".join(_texts(paragraph))


def _texts(paragraph: Any) -> Iterator[str]:
    return (t.text or "" for t in paragraph.iter(tag("t")))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
