"""The HTML of a Zotero note as lines of text with their formatting. Pure, on stdlib html.parser.

Every visible character is kept, and nothing is hidden: what the HTML would run or not show is printed,
and so are tags that notes do not have. Takes time in proportion to the note, whatever it holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

from zotsync.handout import links
from zotsync.handout.entry import Face, Line, Mark, Role, Run

_Attributes = list[tuple[str, str | None]]

_NO_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
"""A `<` that begins no whole tag. Comments too: html.parser takes hours over many that do not end."""
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BREAKS = re.compile(r"\r\n?|\n")
_MAILTO = re.compile(r"mailto:[^\s<>\"]+", re.IGNORECASE)
_START = re.compile(r"\d{1,6}")
_VOID = frozenset(("br", "col", "hr", "img", "wbr"))
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|figcaption|figure|footer"
    "|h[1-6]|header|hr|html|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul",
)
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|br|cite|code|col|colgroup|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small"
    "|span|strike|strong|su[bp]|t[dht]|time|u|var|wbr",
)
_FACES = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Face.ITALIC),
    **dict.fromkeys(("strong", "b", "h1", "h2", "h3", "h4", "h5", "h6", "th"), Face.BOLD),
    "sub": Face.SUB,
    "sup": Face.SUP,
}
_STYLES = (
    (re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE), Face.ITALIC),
    (re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE), Face.BOLD),
    (re.compile(r"font-variant(?:-caps)?\s*:\s*small-caps", re.IGNORECASE), Face.SMALL_CAPS),
    (re.compile(r"vertical-align\s*:\s*sub", re.IGNORECASE), Face.SUB),
    (re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE), Face.SUP),
)
_INDENT = "\u2003"
_PICTURE = "[image]"
"""What stands for a picture without a text of its own."""


def note_lines(html: str, role: Role) -> tuple[Line, ...]:
    """Return a note's HTML as lines of one role: a paragraph, a list item, a table's row each.

    Items begin with `– ` or their number, cells are parted by ` | `, pictures are their alternative
    text. Links lead to http, https and mailto alone.
    """
    reader = _Reader(role)
    reader.feed(_NO_TAG.sub("&lt;", html))
    reader.close()
    reader.end_line()
    return tuple(reader.lines)


class _Element(NamedTuple):
    """An element that is open: what it does to the text in it."""

    name: str
    faces: tuple[Face, ...]
    url: str


class _Piece(NamedTuple):
    """A run that still grows."""

    texts: list[str]
    faces: frozenset[Face]
    url: str

    def run(self) -> Run:
        return Run("".join(self.texts), Mark.LINK if self.url else None, self.faces, self.url)


class _Reader(HTMLParser):
    """Makes lines of what it is fed."""

    def __init__(self, role: Role) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._role = role
        self._runs: list[_Piece] = []
        self._open: list[_Element] = []
        self._often: Counter[str] = Counter()
        self._worn: Counter[Face] = Counter()
        self._urls: list[str] = []
        self._numbers: list[int | None] = []
        """The next number of each list that is open; None for bullets."""
        self._bullet = ""
        """What stands before the text to come."""
        self._cells = 0
        """How many cells the row has so far."""

    def set_cdata_mode(self, elem: str, **_more: object) -> None:
        """Read on in scripts and styles as anywhere: they are printed."""

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        """Begin a line or formatting; a tag that notes do not have is text."""
        told = dict(attrs)
        if not (_BLOCK.fullmatch(tag) or _INLINE.fullmatch(tag)):
            self._add(self.get_starttag_text() or f"<{tag}>")
            return
        if _BLOCK.fullmatch(tag) or tag == "br":
            self._break()
        if tag == "img":
            self._add(told.get("alt") or _PICTURE)
        if tag not in _VOID:
            self._enter(tag, told)

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:
        """Take `<p/>` for `<p>`, as browsers do."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End a line or formatting, and what was left open in it."""
        if not (_BLOCK.fullmatch(tag) or _INLINE.fullmatch(tag)):
            self._add(f"</{tag}>")
        elif tag == "br":  # browsers read `</br>` so
            self._break()
        elif self._often[tag]:
            while self._leave() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Add text: blanks count once, except in `pre`."""
        if not self._often["pre"]:
            self._add(_BLANKS.sub(" ", data))
            return
        first, *others = _BREAKS.split(data)
        self._add(first)
        for line in others:
            self._break()
            self._add(line)

    def end_line(self) -> None:
        """Make a line of the text so far, if there is any to see."""
        runs = [piece.run() for piece in self._runs]
        if runs:
            runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" \t"))
        if any(run.text.strip() for run in runs):
            self.lines.append(Line(self._role, tuple(run for run in runs if run.text)))
        self._runs = []

    def _enter(self, tag: str, told: dict[str, str | None]) -> None:
        faces = tuple(_faces(tag, told.get("style") or ""))
        element = _Element(tag, faces, _goal(told.get("href") or "") if tag == "a" else "")
        self._open.append(element)
        self._often[tag] += 1
        if faces:
            self._worn.update(faces)
        if tag == "a":
            self._urls.append(element.url)
        elif tag in {"ol", "ul"}:
            start = told.get("start") or "1"
            number = int(start) if _START.fullmatch(start) else 1
            self._numbers.append(number if tag == "ol" else None)
        elif tag == "li":
            self._bullet = self._next_bullet()
        elif tag == "tr":
            self._cells = 0
        elif tag in {"td", "th"}:
            self._add(" | " if self._cells else "")
            self._cells += 1

    def _leave(self) -> str:
        """End the element opened last; return its name."""
        element = self._open.pop()
        self._often[element.name] -= 1
        if element.faces:
            self._worn.subtract(element.faces)
        if _BLOCK.fullmatch(element.name):
            self._break()
        if element.name == "a":
            self._urls.pop()
        elif element.name in {"ol", "ul"}:
            self._numbers.pop()
        return element.name

    def _break(self) -> None:
        """End the line; within a table's row, a blank stands for it."""
        if self._often["tr"]:
            self._add(" ")
        else:
            self.end_line()

    def _next_bullet(self) -> str:
        """Return what stands before a list item, and count it."""
        number = self._numbers[-1] if self._numbers else None
        sign = "–" if number is None else f"{number}."
        if number is not None:
            self._numbers[-1] = number + 1
        return _INDENT * min(len(self._numbers) - 1, 8) + sign + "\u00a0"

    def _add(self, text: str) -> None:
        """Add text as it looks here; a blank behind a blank is none."""
        last = self._runs[-1] if self._runs else None
        if not self._often["pre"] and (last is None or last.texts[-1].endswith(" ")):
            text = text.lstrip(" ")
        if not text:
            return
        if self._bullet:
            self._runs.append(_Piece([self._bullet], frozenset(), ""))
            self._bullet, last = "", None
        faces = frozenset(face for face, depth in self._worn.items() if depth > 0)
        url = self._urls[-1] if self._urls else ""
        if last and (last.faces, last.url) == (faces, url):
            last.texts.append(text)
        else:
            self._runs.append(_Piece([text], faces, url))


def _faces(tag: str, style: str) -> Iterable[Face]:
    """Yield what an element does to the looks of its text."""
    if tag in _FACES:
        yield _FACES[tag]
    if style:
        yield from (face for pattern, face in _STYLES if pattern.search(style))


def _goal(href: str) -> str:
    """Return where a link leads; "" where it leads nowhere that is safe to click."""
    clean = href.strip()
    return clean if _MAILTO.fullmatch(clean) else links.target(clean) or ""
