"""A web page as lines with their looks. Nothing is fetched, no script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from zotsync.oldhandouts.blocks import Block, Look, Pages
from zotsync.oldhandouts.lines import Seen, line_of
from zotsync.oldhandouts.tables import in_order

_BLOCKS = frozenset(
    """p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tr td th section article header footer main aside nav
    blockquote address pre figure figcaption hr form fieldset body html br tbody thead caption
    center""".split()  # noqa: SIM905 - words, not code
)
_UNSEEN = frozenset(
    (
        "script",
        "style",
        "head",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "select",
        "textarea",
    )
)
_VOID = frozenset(
    (
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "wbr",
        "col",
        "area",
        "base",
        "source",
        "track",
        "embed",
        "param",
    )
)
_SPACED = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "hr",
        "section",
        "article",
    )
)
_DEEPEST = 200
_MOST_TABLES = 20
"""Tables within tables."""
_BOLD, _ITALIC = ("b", "strong", "th"), ("i", "em", "cite")
_LONGEST = 200_000
_LONGEST_TAG = 4_000
_TAG = re.compile(r"(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<told>(?:[\s/].*)?)", re.DOTALL)
_ATTRIBUTE = re.compile(r"(?P<name>[A-Za-z-]+)=(?P<value>\"[^\"]*\"|'[^']*'|[^\s>]+)")
_STYLED_BOLD = re.compile(r"(?i)font-weight\s*:\s*(?:bold|[6-9]00)")
_STYLED_ITALIC = re.compile(r"(?i)font-style\s*:\s*italic")
_SIZE = re.compile(r"(?i)font-size\s*:\s*(\d{1,3}(?:\.\d+)?)\s*(?:pt|px)")


def html_pages(text: str) -> Pages:
    """Return what a reader of the page sees, line by line."""
    reader = _Reader()
    for piece in _pieces(text):
        if not isinstance(piece, re.Match):
            reader.handle_data(unescape(piece))
        elif piece["end"]:
            reader.handle_endtag(piece["name"].lower())
        else:
            told = piece["told"][:_LONGEST_TAG]
            attributes = {
                a["name"].lower(): unescape(a["value"].strip("\"'"))
                for a in _ATTRIBUTE.finditer(told)
            }
            reader.handle_starttag(piece["name"].lower(), attributes)
    reader.end_line(spaced=False)
    return Pages(tuple(reader.blocks), reader.title.strip(), tuple(reader.headings))


def _pieces(text: str) -> Iterator[str | re.Match[str]]:
    """Yield tags, and the texts between them, in one pass: a page cannot make this slow."""
    first, *others = text.split("<")
    yield first
    comment = False
    for piece in others:
        comment = comment or piece.startswith("!--")
        if comment:
            _, over, after = piece.partition("-->")
            comment = not over
            yield after
            continue
        tag, closed, after = piece.partition(">")
        found = _TAG.fullmatch(tag) if closed else None
        if found:
            yield found
            yield after
        elif closed and tag[:1] in ("!", "?"):
            yield after
        else:
            yield f"<{piece}"


class _Reader:
    """Collects lines. Elements nested deeper than any page has count as their parents."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self.headings: list[str] = []
        """Those of tables' columns."""
        self._tables: list[list[list[int]]] = []
        """Of each open table, row by row, with which block its cells begin."""
        self._stack: list[tuple[str, bool, bool, float, str]] = []
        self._runs: list[Seen] = []
        self._size = 0
        self._gap = 0.0
        self._level = 0
        self._unseen = 0
        self._style = ""
        self._marked = False
        self._in_title = False

    def handle_starttag(self, tag: str, told: dict[str, str]) -> None:
        """Begin an element."""
        if tag == "title":
            self._in_title = not self.title
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS:
            self.end_line(spaced=tag in _SPACED)
        if tag in _BLOCKS and tag != "br":
            self._style = (told.get("class") or "")[:80] or tag
            self._marked = tag == "li"
            self._level = (
                int(tag[1])
                if re.fullmatch("h[1-6]", tag)
                else self._level
                if tag not in ("p", "div", "li", "td")
                else 0
            )
        if tag == "table" and len(self._tables) < _MOST_TABLES:
            self._tables.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in {"td", "th"} and self._tables and self._tables[-1]:
            self._tables[-1][-1].append(len(self.blocks))
        if tag in _VOID or len(self._stack) >= _DEEPEST:
            return
        css = told.get("style") or ""
        bold, italic, size, url = self._now()
        found = _SIZE.search(css)
        self._stack.append(
            (
                tag,
                bold or tag in _BOLD or _STYLED_BOLD.search(css) is not None,
                italic or tag in _ITALIC or _STYLED_ITALIC.search(css) is not None,
                float(found[1]) if found else size,
                (told.get("href") or "") if tag == "a" else url,
            )
        )

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those that were left open within it."""
        self._in_title = False
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in _BLOCKS and tag != "br":
            self.end_line(spaced=tag in _SPACED)
            self._level = 0
        if tag == "table" and self._tables:
            self._end_table(self._tables.pop())
        for at in range(len(self._stack) - 1, max(-1, len(self._stack) - 20), -1):
            if self._stack[at][0] == tag:
                del self._stack[at:]
                break

    def _end_table(self, rows: list[list[int]]) -> None:
        starts = [start for row in rows for start in row]
        if not starts:
            return
        ends = iter([*starts[1:], len(self.blocks)])
        cells = [[self.blocks[start : next(ends)] for start in row] for row in rows]
        self.blocks[starts[0] :], headings = in_order(cells)
        self.headings += headings

    def handle_data(self, data: str) -> None:
        """Take text as it is seen."""
        if self._in_title and len(self.title) < 500:  # noqa: PLR2004
            self.title += data
        if self._unseen or self._in_title:
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._size += len(text)
        if text:
            self._runs.append(Seen(text, *self._now()))
        if self._size > _LONGEST:
            self.end_line(spaced=False)

    def _now(self) -> tuple[bool, bool, float, str]:
        return self._stack[-1][1:] if self._stack else (False, False, 0.0, "")

    def end_line(self, *, spaced: bool) -> None:
        """End the line that was begun, if there is one."""
        text = re.sub(" +", " ", "".join(run[0] for run in self._runs)).strip()
        if text:
            runs = [
                run if run.url.startswith(("http://", "https://")) else run._replace(url="")
                for run in self._runs
            ]
            look = Look(self._style, level=self._level)
            self.blocks.append(line_of(text, runs, look, self._gap, marked=self._marked))
            self._gap, self._marked = 0.0, False
        if spaced:
            self._gap = 1.0
        self._runs, self._size = [], 0
