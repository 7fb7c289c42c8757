"""Lines as the raw XML of Word's paragraphs.

Whatever comes before a text is made once and kept, so that ten thousand entries cost ten times what a
thousand cost (python-docx scans all styles and relations at each step).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zotsync.handout.entry import Entry, Face, IndexRow, Line, Mark, Role, Run
from zotsync.handout.writers import qr
from zotsync.handout.writers.ooxml import DRAWING, attribute, encoded, escaped, utf8
from zotsync.handout.writers.paged import KEYED, is_right_to_left, kept
from zotsync.model import is_key

BOOKMARK = "_zk_"
"""Hidden bookmarks `_zk_<KEY>`, `_zk_<KEY>_2` …: Word wants each name once in a document."""

_FACES: Mapping[Face, str] = {
    Face.BOLD: "<w:b/><w:bCs/>",
    Face.ITALIC: "<w:i/><w:iCs/>",
    Face.SMALL_CAPS: "<w:smallCaps/>",
    Face.SUB: '<w:vertAlign w:val="subscript"/>',
    Face.SUP: '<w:vertAlign w:val="superscript"/>',
}
"""In the order in which Word's schema wants them."""
_MAYBE_TO_THE_LEFT = (*range(0xD6, 0xE1), 0xEF, 0xF0)
"""What the letters of all scripts that run to the left begin with in UTF-8: a look at bytes is quickest."""
_BEFORE_PAGE_BREAK = re.compile("<w:pStyle [^>]*/>(?:<w:keepNext/>)?")
_CODE_SIZE = 684_000
"""Width of a QR code in English Metric Units: 19 mm, which any telephone reads."""
_FIRST_PICTURE = 1000
"""Pictures of a base.docx have smaller numbers."""
_TEXT = b'<w:r><w:t xml:space="preserve">'
_END = b"</w:t></w:r>"
_Shape = tuple[Role, str, bool, bool]
"""How a paragraph begins: its style, space above, whether it is kept with the next, and runs to the left."""
_Draft = tuple[Line, _Shape, str]
"""A line, its shape, and the name of its bookmark; "" for none."""


class Paragraphs:
    """Writes lines as paragraphs, one after the other."""

    def __init__(
        self, paragraph_styles: Mapping[Role, str], marks: Mapping[Mark, str], last_id: int
    ) -> None:
        """Take the ids of all styles, and the number of the last bookmark there is."""
        self._styles = paragraph_styles
        self._marks = marks
        self._openings: dict[_Shape, bytes] = {}
        self._frames: dict[tuple[Mark | None, frozenset[Face], bool], bytes] = {}
        self._bookmarks: dict[str, int] = {}
        self._entries: dict[int, str] = {}
        self._numbers: dict[int, bytes] = {}
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
        self._write([(line, (line.role, "", keep, False), "")])

    def add_entry(self, entry: Entry, before: str) -> None:
        """Add an entry's lines. Whichever line opens it has the space that an author line has above.

        Its head is kept with two lines of what follows. A line that can be found again in an edited
        document is bookmarked.
        """
        key, lines, number = entry
        is_known = is_key(key)
        drafts: list[_Draft] = []
        for line, keep in zip(lines, kept(entry), strict=True):
            role, name = line.role, ""
            if is_known and role in KEYED:
                name = self._entry_name(key)
                if number:
                    self._entries.setdefault(number, name)
            above = before if not drafts and role is not Role.AUTHOR else ""
            drafts.append((line, (role, above, keep, False), name))
        self._write(drafts)

    def _write(self, drafts: Sequence[_Draft]) -> None:
        """Write the paragraphs of some lines, all at once."""
        written = [self._paragraph(*draft) for draft in drafts]
        data = b"".join(written)
        if any(map(data.__contains__, _MAYBE_TO_THE_LEFT)):
            pairs = zip(drafts, written, strict=True)
            data = b"".join(self._turned(line, shape, xml) for (line, shape, _), xml in pairs)
        if data:
            self.written.append(data)

    def _paragraph(self, line: Line, shape: _Shape, name: str) -> bytes:
        """Return a line as a paragraph. `name`: its bookmark's."""
        opening = self._openings.get(shape) or self._opening(*shape)
        begin, end = self._bookmark(name) if name else (b"", b"")
        runs = line.runs
        inside = self._run(runs[0]) if len(runs) == 1 else b"".join(map(self._run, runs))
        return b"".join((opening, begin, inside, end, b"</w:p>"))

    def _run(self, run: Run) -> bytes:
        """Return a run, linked where it is a link."""
        text, mark, faces, url, code = run
        if code:
            return encoded(self._picture(text, code))
        frame = self._frames.get((mark, faces, False)) or self._frame(mark, faces, turned=False)
        if not url:
            return frame + utf8(text) + _END
        link = self.links.setdefault(url, f"rIdLink{len(self.links) + 1}")
        opening = f'<w:hyperlink r:id="{link}" w:history="1">'.encode()
        return b"".join((opening, frame, utf8(text), _END, b"</w:hyperlink>"))

    def _turned(self, line: Line, shape: _Shape, written: bytes) -> bytes:
        """Return a line with what runs to the left marked so."""
        for run in line.runs:
            if is_right_to_left(run.text):
                usual = self._frame(run.mark, run.faces, turned=False)
                turned = self._frame(run.mark, run.faces, turned=True)
                text = utf8(run.text) + b"</w:t>"
                written = written.replace(usual + text, turned + text)
        if is_right_to_left(line.text):
            turned = self._opening(*shape[:3], turned=True)
            written = turned + written.removeprefix(self._openings[shape])
        return written

    def add_heading(self, line: Line, *, listed: bool) -> None:
        """Add a heading. `listed`: the table of contents leads to it."""
        self.add(line)
        if listed:
            name = f"_Toc{len(self.headings) + 1:09}"
            self.headings.append((name, line))
            begin, end = self._bookmark(name)
            opening, mark, inside = self.written[-1].partition(b"</w:pPr>")
            text = inside.removesuffix(b"</w:p>")
            self.written[-1] = b"".join((opening, mark, begin, text, end, b"</w:p>"))

    def add_index_row(self, row: IndexRow) -> None:
        """Add a row of an index; each number leads to its entry."""
        shape = (Role.INDEX, "", False, is_right_to_left(row.name))
        opening = self._openings.get(shape) or self._opening(*shape)
        pieces = [utf8(row.name), _END]
        for number, _key in row.entries:
            pieces.append(self._numbers.get(number) or self._number(number))
        self.written.append(b"".join((opening, _TEXT, *pieces, b"</w:p>")))

    def _number(self, number: int) -> bytes:
        """Return the number of an entry as indexes have it."""
        name = self._entries.get(number)
        shown = encoded(_LINKED % (name, number) if name else _NUMBER % number)
        self._numbers[number] = shown
        return shown

    def contents(self, pages: Sequence[int]) -> bytes:
        """Return a table of contents: a field that shows each heading with its page, linked."""
        rows = []
        for (name, line), page in zip(self.headings, pages, strict=True):
            opening = self._opening(Role.CONTENTS, "", keep=False, turned=False)
            text = b"".join(
                self._frame(None, run.faces, turned=False) + utf8(run.text) + _END
                for run in line.runs
                if not run.code
            )
            number = field(f"PAGEREF {name} \\h", str(page))
            link = _to_bookmark(name, f"{text.decode()}<w:r><w:tab/></w:r>{number}")
            rows.append([opening, encoded(link), b"</w:p>"])
        if rows:
            begin, end = field_ends(r'TOC \o "1-1" \h \z \u')
            rows[0].insert(1, encoded(begin))
            rows[-1].insert(-1, encoded(end))
        return b"".join(piece for row in rows for piece in row)

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

    def _entry_name(self, key: str) -> str:
        """Return a new bookmark's name for an item."""
        count = self._bookmarks[key] = self._bookmarks.get(key, 0) + 1
        return f"{BOOKMARK}{key}_{count}" if count > 1 else f"{BOOKMARK}{key}"

    def _bookmark(self, name: str) -> tuple[bytes, bytes]:
        """Return what opens a bookmark, and what closes it."""
        self._last_id += 1
        return (
            f'<w:bookmarkStart w:id="{self._last_id}" w:name="{name}"/>'.encode(),
            f'<w:bookmarkEnd w:id="{self._last_id}"/>'.encode(),
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

    def _opening(self, role: Role, before: str, keep: bool, turned: bool) -> bytes:  # noqa: FBT001 - a key of a table
        """Return how a paragraph of this shape begins."""
        looks = (
            f'<w:p><w:pPr><w:pStyle w:val="{attribute(self._styles[role])}"/>',
            "<w:keepNext/>" if keep else "",
            "<w:bidi/>" if turned else "",
            f'<w:spacing w:before="{before}"/>' if before else "",
            "</w:pPr>",
        )
        opening = self._openings[role, before, keep, turned] = encoded("".join(looks))
        return opening

    def _frame(self, mark: Mark | None, faces: frozenset[Face], *, turned: bool) -> bytes:
        """Return how a run that looks so begins."""
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
        looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
        frame = encoded(f'<w:r>{looks}<w:t xml:space="preserve">')
        self._frames[mark, faces, turned] = frame
        return frame


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
