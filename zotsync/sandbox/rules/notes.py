"""What Zotero makes of a note's HTML.

● `x` becomes `<p>x</p>`; scripts and event handlers go; unbalanced tags are closed. Cleaning what
was cleaned changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from html.parser import HTMLParser

_BLOCKS_WORDS = (
    "address blockquote center div dl dt dd h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot "
    "th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_INLINE_WORDS = (
    "a abbr acronym b big br cite code del dfn em font i img ins kbd q s samp small span strike "
    "strong sub sup tt u var"
)
_INLINE = frozenset(_INLINE_WORDS.split())
_VOID = frozenset({"br", "hr", "img"})
_SILENT = frozenset({"script", "style", "iframe", "object", "embed", "head", "title", "noscript"})
_ATTRIBUTES_WORDS = (
    "align alt border class colspan dir height href id lang rel rowspan src start style target "
    "title valign width"
)
_ATTRIBUTES = frozenset(_ATTRIBUTES_WORDS.split())
_LINKS = frozenset({"href", "src"})
_SAFE_LINK = re.compile(r"(?:https?|ftp|mailto|zotero|data:image/)|[^:]*(?:[/?#]|$)", re.IGNORECASE)
_TITLE_BYTES = 79
_BETWEEN = re.compile(r"</p>\s*<p>")
_TAG = re.compile(r"<(?:!--.*?(?:-->|\Z)|[^\s>][^>]*(?:>|\Z))", re.DOTALL)
_BLANKS = re.compile(r"[ \t\n\v\f\r]+")
_OUTER = " \t\n\v\r\0"
_PARAGRAPHS = re.compile(r"\n{2,}")


def sanitized(html: str) -> str:
    """Return a note's HTML as the server would keep it."""
    # After the last ">" no tag is whole; html.parser would look for its end from each "<" again.
    head, end, tail = html.rpartition(">")
    cleaner = _Cleaner()
    cleaner.feed(f"{head}{end}{tail.replace('<', '&lt;')}")
    cleaner.close()
    return cleaner.finish()


def note_title(html: str) -> str:
    """Return the first line of a note as text, ● cut after 79 bytes."""
    return _beginning(html).partition("\n")[0]


def excerpt(html: str) -> str:
    """Return how a refusal calls a note: ● its beginning as text, else as HTML."""
    html = html.strip(_OUTER)
    text = _BLANKS.sub(" ", _beginning(html)).strip(_OUTER + "\xa0")
    return text or unescape(_BLANKS.sub(" ", html[:_TITLE_BYTES])).strip(_OUTER + "\xa0")


def _beginning(html: str) -> str:
    head = _BETWEEN.sub("</p>\n<p>", html[: _TITLE_BYTES * 5])
    return unescape(_TAG.sub("", head)).encode()[:_TITLE_BYTES].decode(errors="ignore")


class _Cleaner(HTMLParser):
    """Copies what is allowed; inline content at the top level is put into paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._run: list[str] = []  # inline content at the top level, not yet in a paragraph
        self._gap = ""  # blanks between two blocks
        self._open: list[str] = []
        # Counted, as nobody looks through a deep nest each time.
        self._count: Counter[str] = Counter()
        self._blocks = 0
        self._hidden: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden or tag in _SILENT:
            self._hidden = self._hidden or tag
        elif tag in _BLOCKS or tag in _INLINE:
            if tag in _BLOCKS:
                self._before_block(tag)
            self._write(f"<{tag}{_attributes(attrs)}{' /' if tag in _VOID else ''}>")
            if tag not in _VOID:
                self._open.append(tag)
                self._count[tag] += 1
                self._blocks += tag in _BLOCKS

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden = "" if tag == self._hidden else self._hidden
        elif self._count[tag]:
            while True:
                last = self._open[-1]
                self._close_last()
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        # Blank lines end a paragraph, but not within anything.
        parts = [data] if self._open else _PARAGRAPHS.split(data)
        for number, part in enumerate(parts):
            if number:
                self._end_run()
                self._gap += "\n\n"
            self._write(escape(part, quote=False))

    def finish(self) -> str:
        while self._open:
            self._close_last()
        self._end_run()
        return "".join(self._out).strip()

    def _before_block(self, tag: str) -> None:
        # A block ends a paragraph or heading that is still open, and inline tags around it.
        ends = ("p", "h1", "h2", "h3", "h4", "h5", "h6")
        while self._open and (self._open[-1] in _INLINE or self._open[-1] in ends):
            self._close_last()
        if tag == "li" and self._open and self._open[-1] == "li":
            self._close_last()
        self._end_run()

    def _close_last(self) -> None:
        self._write(f"</{self._open[-1]}>")
        tag = self._open.pop()
        self._count[tag] -= 1
        self._blocks -= tag in _BLOCKS

    def _write(self, text: str) -> None:
        if self._blocks or (text.startswith("<") and _tag_of(text) in _BLOCKS):
            self._append(text)
        else:
            self._run.append(text)

    def _append(self, text: str) -> None:
        if self._out:
            self._out.append("\n\n" if self._gap.count("\n") > 1 else self._gap)
        self._gap = ""
        self._out.append(text)

    def _end_run(self) -> None:
        run = "".join(self._run)
        self._run.clear()
        if run.strip():
            self._append(f"<p>{run.strip()}</p>")
        else:
            self._gap += run


def _tag_of(markup: str) -> str:
    return markup.strip("</ >").split(" ", 1)[0].split(">", 1)[0]


def _attributes(attrs: list[tuple[str, str | None]]) -> str:
    kept = []
    for name, value in attrs:
        if name not in _ATTRIBUTES and not re.fullmatch(r"data-[a-z0-9-]+", name):
            continue
        text = value or ""
        if name in _LINKS and not _SAFE_LINK.match(text.strip()):
            continue
        kept.append(f' {name}="{escape(text)}"')
    return "".join(kept)
