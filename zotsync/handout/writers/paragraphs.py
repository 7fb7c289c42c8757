"""Lines as the raw XML of Word's paragraphs.

Whatever comes before a text is made once and kept, so that ten thousand entries cost ten times what a
thousand cost (python-docx scans all styles and relations at each step).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zotsync.handout.entry import Face, IndexRow, Line, Mark, Role
from zotsync.handout.writers import qr
from zotsync.handout.writers.ooxml import DRAWING, attribute, encoded, escaped
from zotsync.handout.writers.paged import KEYED, is_right_to_left

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
_MAYBE_TO_THE_LEFT = bytes((*range(0xD6, 0xE1), 0xEF, 0xF0))
"""What the letters of all scripts that run to the left begin with in UTF-8: a look at bytes is quickest."""
_BEFORE_PAGE_BREAK = re.compile("<w:pStyle [^>]*/>(?:<w:keepNext/>)?")
_CODE_SIZE = 684_000
"""Width of a QR code in English Metric Units: 19 mm, which any telephone reads."""
_FIRST_PICTURE = 1000
"""Pictures of a base.docx have smaller numbers."""


class Paragraphs:
    """Writes lines as paragraphs, one after the other."""

    def __init__(
        self, paragraph_styles: Mapping[Role, str], marks: Mapping[Mark, str], last_id: int
    ) -> None:
        """Take the ids of all styles, and the number of the last bookmark there is."""
        self._styles = paragraph_styles
        self._marks = marks
        self._openings: dict[tuple[Role, str, bool, bool], str] = {}
        self._frames: dict[tuple[Mark | None, frozenset[Face], bool], str] = {}
        self._bookmarks: dict[str, int] = {}
        self._entries: dict[int, str] = {}
        self._last_id = last_id
        self.written: list[bytes] = []
        """UTF-8, which takes half the memory."""
        self.links: dict[str, str] = {}
        """Address -> the id of its relation."""
        self.codes: dict[str, str] = {}
        """What a QR code says -> the id of its picture's relation."""
        self.headings: list[tuple[str, Line]] = []
        """The bookmark of each heading, and the heading."""

    def add(
        self, line: Line, *, key: str = "", number: int = 0, before: str = "", keep: bool = False
    ) -> None:
        """Add a line. `before` sets the space above, `keep` holds it to the next.

        `key` bookmarks a line that can be found again in an edited document; `number` is its entry's.
        """
        name = marked = ""
        if key and line.role in KEYED:
            name = self._entry_name(key)
            if number:
                self._entries.setdefault(number, name)
        shape = (line.role, before, keep, False)
        pieces = [self._openings.get(shape) or self._opening(*shape)]
        if name:
            marked = self._bookmark(pieces, name)
        for text, mark, faces, url, code in line.runs:
            frame = self._frames.get((mark, faces, False)) or self._frame(mark, faces, turned=False)
            piece = f"{frame}{escaped(text)}</w:t></w:r>"
            if code:
                piece = self._picture(text, code)
            elif url:
                link = self.links.setdefault(url, f"rIdLink{len(self.links) + 1}")
                piece = f'<w:hyperlink r:id="{link}" w:history="1">{piece}</w:hyperlink>'
            pieces.append(piece)
        pieces += (marked, "</w:p>")
        written = "".join(pieces)
        data = encoded(written)
        if data.translate(None, _MAYBE_TO_THE_LEFT) != data:
            data = encoded(self._turned(line, written, shape))
        self.written.append(data)

    def _turned(self, line: Line, written: str, shape: tuple[Role, str, bool, bool]) -> str:
        """Return a line with what runs to the left marked so."""
        for run in line.runs:
            if is_right_to_left(run.text):
                usual = self._frame(run.mark, run.faces, turned=False)
                turned = self._frame(run.mark, run.faces, turned=True)
                text = f"{escaped(run.text)}</w:t>"
                written = written.replace(f"{usual}{text}", f"{turned}{text}")
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
            pieces: list[str] = []
            end = self._bookmark(pieces, name)
            opening, mark, inside = self.written[-1].decode().partition("</w:pPr>")
            text = inside.removesuffix("</w:p>")
            self.written[-1] = encoded("".join((opening, mark, *pieces, text, end, "</w:p>")))

    def add_index_row(self, row: IndexRow) -> None:
        """Add a row of an index; each number leads to its entry."""
        pieces = [self._opening(Role.INDEX, "", keep=False, turned=is_right_to_left(row.name))]
        pieces.append(_text(row.name))
        for number, _key in row.entries:
            said = _text(str(number))
            if name := self._entries.get(number):
                said = _to_bookmark(name, said)
            pieces.append(f"{_text(', ')}{said}")
        self.written.append(encoded("".join((*pieces, "</w:p>"))))

    def contents(self, pages: Sequence[int]) -> str:
        """Return a table of contents: a field that shows each heading with its page, linked."""
        rows = []
        for (name, line), page in zip(self.headings, pages, strict=True):
            opening = self._opening(Role.CONTENTS, "", keep=False, turned=False)
            text = "".join(
                f"{self._frame(None, run.faces, turned=False)}{escaped(run.text)}</w:t></w:r>"
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
        return "".join(piece for row in rows for piece in row)

    def end_section(self, settings: str) -> None:
        """Let what was written so far be a section with these page settings."""
        last = self.written[-1]
        self.written[-1] = last.replace(b"</w:pPr>", encoded(f"{settings}</w:pPr>"), 1)

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

    def _bookmark(self, pieces: list[str], name: str) -> str:
        """Open a bookmark; return what closes it."""
        self._last_id += 1
        pieces.append(f'<w:bookmarkStart w:id="{self._last_id}" w:name="{name}"/>')
        return f'<w:bookmarkEnd w:id="{self._last_id}"/>'

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

    def _opening(self, role: Role, before: str, keep: bool, turned: bool) -> str:  # noqa: FBT001 - a key of a table
        """Return how a paragraph of this shape begins."""
        opening = self._openings[role, before, keep, turned] = "".join(
            (
                f'<w:p><w:pPr><w:pStyle w:val="{attribute(self._styles[role])}"/>',
                "<w:keepNext/>" if keep else "",
                "<w:bidi/>" if turned else "",
                f'<w:spacing w:before="{before}"/>' if before else "",
                "</w:pPr>",
            )
        )
        return opening

    def _frame(self, mark: Mark | None, faces: frozenset[Face], *, turned: bool) -> str:
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
        frame = self._frames[mark, faces, turned] = f'<w:r>{looks}<w:t xml:space="preserve">'
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
