"""Lines as the raw XML of Word's paragraphs.

Whatever comes before a text is made once and kept, so that ten thousand entries cost ten times what a
thousand cost (python-docx scans all styles and relations at each step).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zotsync.handout.entry import Entry, Face, IndexRow, Line, Mark, Role, Run
from zotsync.handout.writers import qr
from zotsync.handout.writers.ooxml import DRAWING, attribute, encoded, escaped
from zotsync.handout.writers.paged import (
    BOOKMARK,
    KEYED,
    bookmark_name,
    is_right_to_left,
    kept,
)
from zotsync.model import is_key

_FACES: Mapping[Face, str] = {
    Face.BOLD: "<w:b/><w:bCs/>",
    Face.ITALIC: "<w:i/><w:iCs/>",
    Face.SMALL_CAPS: "<w:smallCaps/>",
    Face.SUB: '<w:vertAlign w:val="subscript"/>',
    Face.SUP: '<w:vertAlign w:val="superscript"/>',
}
"""In the order in which Word's schema wants them."""
_TO_THE_LEFT = bytes((*range(0xD6, 0xE1), 0xEF, 0xF0))
"""What the letters of all scripts that run to the left begin with in UTF-8."""
_HALVES = b"\xed"
"""What halves of surrogate pairs begin with."""
_USUAL = bytes(set(range(0x20, 0x100)) - {*b"&<>", *_TO_THE_LEFT, *_HALVES})
"""What texts consist of that are printed as they are: a look at bytes is quickest."""
_BEFORE_PAGE_BREAK = re.compile("<w:pStyle [^>]*/>(?:<w:keepNext/>)?")
_CODE_SIZE = 684_000
"""Width of a QR code in English Metric Units: 19 mm, which any telephone reads."""
_FIRST_PICTURE = 1000
"""Pictures of a base.docx have smaller numbers."""
_TEXT = '<w:r><w:t xml:space="preserve">'
_END = "</w:t></w:r>"
_END_OF_LINK = "</w:hyperlink>"
_NO_MARK = "", ""
_Look = tuple[str, str, bool]
"""How a paragraph begins, how where it runs to the left, and whether it has a bookmark."""


class Paragraphs:
    """Writes lines as paragraphs, one after the other."""

    def __init__(
        self, paragraph_styles: Mapping[Role, str], marks: Mapping[Mark, str], last_id: int
    ) -> None:
        """Take the ids of all styles, and the number of the last bookmark there is."""
        self._styles = paragraph_styles
        self._marks = marks
        self._single: dict[tuple[Role, str, bool], _Look] = {}
        self._looks: dict[tuple[tuple[Role, ...], tuple[bool, ...]], tuple[_Look, ...]] = {}
        self._frames: dict[tuple[Mark | None, frozenset[Face], bool], str] = {}
        self._bookmarks: dict[str, int] = {}
        self._entries: dict[int, str] = {}
        self._numbers: dict[int, str] = {}
        self._last_id = last_id
        self.written: list[bytes] = []
        """Whole paragraphs, those of an entry together; UTF-8, which takes half the memory."""
        self.links: dict[str, str] = {}
        """Address -> the id of its relation."""
        self.codes: dict[str, str] = {}
        """What a QR code says -> the id of its picture's relation."""
        self.headings: list[tuple[str, Line]] = []
        """The bookmark of each heading, and the heading."""

    def add(self, line: Line, *, keep: bool = False) -> None:
        """Add a line; `keep` holds it to the next."""
        self._write((line,), (self._look(line.role, keep=keep),))

    def add_entry(self, entry: Entry, before: str) -> None:
        """Add an entry's lines. Whichever line opens it has the space that an author line has above.

        Its head is kept with two lines of what follows. A line that can be found again in an edited
        document is bookmarked.
        """
        key, lines, number = entry
        roles = tuple([role for role, _runs in lines])
        keeps = kept(lines, roles)
        looks = self._looks.get((roles, keeps)) or self._looks_of(roles, keeps, before)
        name = f"{BOOKMARK}{key}" if is_key(key) else ""
        last = self._bookmarks.get(name, 0)
        self._write(lines, looks, name)
        if number and self._bookmarks.get(name, 0) > last:
            self._entries.setdefault(number, bookmark_name(name, last + 1))

    def _looks_of(
        self, roles: tuple[Role, ...], keeps: tuple[bool, ...], before: str
    ) -> tuple[_Look, ...]:
        """Return the looks of an entry's lines."""
        aboves = [
            before if not at and role is not Role.AUTHOR else "" for at, role in enumerate(roles)
        ]
        shapes = zip(roles, aboves, keeps, strict=True)
        looks = self._looks[roles, keeps] = tuple(
            self._look(role, above, keep=keep) for role, above, keep in shapes
        )
        return looks

    def _write(self, lines: Sequence[Line], looks: Sequence[_Look], name: str = "") -> None:
        """Write some lines, all at once. `name`: of the bookmarks of those that can be found again."""
        texts = [run.text for line in lines for run in line.runs]
        signs = "".join(texts).encode("utf-8", "surrogatepass")
        unusual = bool(signs.translate(None, _USUAL))
        if lines:
            pieces = self._pieces(lines, looks, name, unusual=unusual)
            self.written.append(encoded("".join(pieces)))

    def _pieces(
        self, lines: Sequence[Line], looks: Sequence[_Look], name: str, *, unusual: bool
    ) -> list[str]:
        """Return lines as paragraphs, in pieces.

        `unusual`: there is what XML writes in another way, or cannot hold, or what runs to the left.
        """
        pieces: list[str] = []
        for line, (opening, turned, is_keyed) in zip(lines, looks, strict=True):
            begin, end = self._bookmark(name) if is_keyed and name else _NO_MARK
            pieces += (turned if unusual and is_right_to_left(line.text) else opening, begin)
            for run in line.runs:
                text, mark, faces, url, code = run
                if code or unusual:
                    pieces += self._special(run)
                elif url:
                    frame = self._frame(mark, faces, turned=False)
                    pieces += (self._link(url), frame, text, _END, _END_OF_LINK)
                elif mark or faces:
                    pieces += (self._frame(mark, faces, turned=False), text, _END)
                else:
                    pieces += (_TEXT, text, _END)
            pieces += (end, "</w:p>")
        return pieces

    def _special(self, run: Run) -> tuple[str, ...]:
        """Return a run that may be a link, a QR code or run to the left, in pieces."""
        text, mark, faces, url, code = run
        if code:
            return (self._picture(text, code),)
        written = self._frame(mark, faces, turned=is_right_to_left(text)), escaped(text), _END
        return (self._link(url), *written, _END_OF_LINK) if url else written

    def _link(self, url: str) -> str:
        """Return what opens a link."""
        link = self.links.setdefault(url, f"rIdLink{len(self.links) + 1}")
        return f'<w:hyperlink r:id="{link}" w:history="1">'

    def add_heading(self, line: Line, *, listed: bool) -> None:
        """Add a heading. `listed`: the table of contents leads to it."""
        name = f"_Toc{len(self.headings) + 1:09}" if listed else ""
        if listed:
            self.headings.append((name, line))
        opening, turned, _keyed = self._look(line.role)
        self._write((line,), ((opening, turned, True),), name)

    def add_index_row(self, row: IndexRow) -> None:
        """Add a row of an index; each number leads to its entry."""
        opening, turned, _keyed = self._look(Role.INDEX)
        pieces = [turned if is_right_to_left(row.name) else opening, _TEXT, escaped(row.name), _END]
        for number, _key in row.entries:
            pieces.append(self._numbers.get(number) or self._number(number))
        pieces.append("</w:p>")
        self.written.append(encoded("".join(pieces)))

    def _number(self, number: int) -> str:
        """Return the number of an entry as indexes have it."""
        name = self._entries.get(number)
        shown = self._numbers[number] = _LINKED % (name, number) if name else _NUMBER % number
        return shown

    def contents(self, pages: Sequence[int]) -> bytes:
        """Return a table of contents: a field that shows each heading with its page, linked."""
        opening, _turned, _keyed = self._look(Role.CONTENTS)
        rows = []
        for (name, line), page in zip(self.headings, pages, strict=True):
            text = "".join(
                self._frame(None, run.faces, turned=False) + escaped(run.text) + _END
                for run in line.runs
                if not run.code
            )
            number = field(f"PAGEREF {name} \\h", str(page))
            link = _to_bookmark(name, f"{text}<w:r><w:tab/></w:r>{number}")
            rows.append([opening, link, "</w:p>"])
        if rows:
            begin, end = field_ends(r'TOC \o "1-1" \h \z \u')
            rows[0].insert(1, begin)
            rows[-1].insert(-1, end)
        return encoded("".join(piece for row in rows for piece in row))

    def end_section(self, settings: str) -> None:
        """Let what was written so far be a section with these page settings."""
        before, start, last = self.written[-1].rpartition(b"<w:p>")
        last = last.replace(b"</w:pPr>", encoded(f"{settings}</w:pPr>"), 1)
        self.written[-1] = before + start + last

    def begin_page(self, index: int) -> None:
        """Let a paragraph, where there is one, begin a page."""
        for paragraph in self.written[index : index + 1]:
            look, end, text = paragraph.decode().partition("</w:pPr>")
            look = _BEFORE_PAGE_BREAK.sub(r"\g<0><w:pageBreakBefore/>", look, count=1)
            self.written[index] = encoded(f"{look}{end}{text}")

    def _bookmark(self, name: str) -> tuple[str, str]:
        """Return what opens a new bookmark, and what closes it."""
        times = self._bookmarks[name] = self._bookmarks.get(name, 0) + 1
        number = self._last_id = self._last_id + 1
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{bookmark_name(name, times)}"/>',
            f'<w:bookmarkEnd w:id="{number}"/>',
        )

    def _picture(self, text: str, code: str) -> str:
        """Return a QR code with its alternative text; "" where what it says is too long for one."""
        if code not in self.codes:
            self.codes[code] = f"rIdCode{len(self.codes) + 1}" if qr.fits(code) else ""
        relation = self.codes[code]
        self._last_id += 1
        number, said = _FIRST_PICTURE + self._last_id, attribute(text)
        return relation and DRAWING.format(
            relation=relation, number=number, text=said, size=_CODE_SIZE
        )

    def _look(self, role: Role, before: str = "", *, keep: bool = False) -> _Look:
        """Return how a paragraph begins: its style, whether the next stays with it, the space above."""
        look = self._single.get((role, before, keep))
        if look is None:
            look = self._single[role, before, keep] = self._looked(role, before, keep=keep)
        return look

    def _looked(self, role: Role, before: str, *, keep: bool) -> _Look:
        style = f'<w:p><w:pPr><w:pStyle w:val="{attribute(self._styles[role])}"/>'
        kept = "<w:keepNext/>" if keep else ""
        spaced = f'<w:spacing w:before="{before}"/></w:pPr>' if before else "</w:pPr>"
        return f"{style}{kept}{spaced}", f"{style}{kept}<w:bidi/>{spaced}", role in KEYED

    def _frame(self, mark: Mark | None, faces: frozenset[Face], turned: bool) -> str:  # noqa: FBT001 - a key of a table
        """Return how a run that looks so begins."""
        frame = self._frames.get((mark, faces, turned))
        if frame is None:
            frame = self._frames[mark, faces, turned] = self._framed(mark, faces, turned=turned)
        return frame

    def _framed(self, mark: Mark | None, faces: frozenset[Face], *, turned: bool) -> str:
        style = self._marks[mark] if mark else ""
        shown = [_FACES[face] for face in _FACES if face in faces]
        if Face.SUB in faces and Face.SUP in faces:  # inside each other: the inner one
            shown.remove(_FACES[Face.SUB])
        looks = "".join(
            (
                f'<w:rStyle w:val="{attribute(style)}"/>' if style else "",
                *shown,
                "<w:rtl/>" if turned else "",
            )
        )
        return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">' if looks else _TEXT


def field(code: str, shown: str) -> str:
    """Return a field with the result it shows until it is computed."""
    begin, end = field_ends(code)
    return f"{begin}{_text(shown)}{end}"


def field_ends(code: str) -> tuple[str, str]:
    """Return what stands before and behind a field's result."""
    said = f'<w:instrText xml:space="preserve"> {escaped(code)} </w:instrText>'
    kinds = {kind: f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")}
    inside = (kinds["begin"], said, kinds["separate"])
    return "".join(f"<w:r>{one}</w:r>" for one in inside), f"<w:r>{kinds['end']}</w:r>"


def _to_bookmark(name: str, inside: str) -> str:
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{inside}</w:hyperlink>'


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


_NUMBER = _text(", ") + _text("%d")
_LINKED = _text(", ") + _to_bookmark("%s", _text("%d"))
"""A number in an index: alone, and leading to its entry."""
