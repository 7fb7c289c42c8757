"""The HTML of notes: cut into blocks, and compared by meaning. Pure, on stdlib html.parser."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise

from zotsync.sync.merging.units import BLANKS, Pieces, cut

_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_BLOCKS = re.compile(
    "address|article|aside|blockquote|center|dd|details|dir|div|dl|dt|fieldset|figure|footer|form"
    "|h[1-6]|header|hr|li|main|menu|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul",
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_UNCLOSED = re.compile(r"<[a-zA-Z/!?][^<>]*(?:<|\Z)")

_Attributes = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class _Node:
    """A top-level element, text or comment. `opened`: where its start tag ends."""

    tag: str
    start: int
    opened: int
    end: int


class _Outline(HTMLParser):
    """Reads the top-level nodes of a note, and writes down again what it read, to compare."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._line_starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._open: list[str] = []
        self._written: list[str] = []
        self._balanced = True
        self.nodes: list[_Node] = []
        self.feed(text)
        self.close()
        self.sound = self._balanced and not self._open and "".join(self._written) == text

    def _at(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _read(self, tag: str, source: str) -> None:
        self._written.append(source)
        if not self._open:
            start = self._at()
            end = start + len(source)
            self.nodes.append(_Node(tag, start, end, end))

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:  # noqa: ARG002 - read as typed
        self._read(tag, self.get_starttag_text() or "")
        if not _is_void(tag):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:  # noqa: ARG002 - as above
        self._read(tag, self.get_starttag_text() or "")
        self._balanced &= _is_void(tag)  # in HTML `<p/>` opens a paragraph

    def handle_endtag(self, tag: str) -> None:
        source = f"</{tag}>"
        self._written.append(source)
        if not self._open or self._open.pop() != tag:
            self._balanced = False
        elif not self._open:
            self.nodes[-1] = replace(self.nodes[-1], end=self._at() + len(source))

    def handle_data(self, data: str) -> None:
        self._read("", data)

    def handle_entityref(self, name: str) -> None:
        self._read("", f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._read("", f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._read("", f"<!--{data}-->")


def _is_unclosed(note: str) -> bool:
    """Return whether a tag or comment does not end: html.parser takes hours to give up on many."""
    return note.count("<!--") != note.count("-->") or _UNCLOSED.search(note) is not None


def _is_void(tag: str) -> bool:
    return _VOID.fullmatch(tag) is not None


def _is_block(tag: str) -> bool:
    return _BLOCKS.fullmatch(tag) is not None


def cut_blocks(note: str) -> Pieces | None:
    """Return a note cut into top-level blocks, or None: it is not balanced, or reads differently.

    Text and inline elements between blocks are one unit. Of a `div` around everything (Zotero
    wraps notes so) the two tags are units, and what is in it is cut.
    """
    outline = None if _is_unclosed(note) else _Outline(note)
    if outline is None or not outline.sound:
        return None
    blocks = _blocks(note, outline.nodes)
    elements = [node for node in outline.nodes if note[node.start : node.end].strip(BLANKS)]
    if len(elements) == 1 and elements[0].tag == "div":
        wrapper = elements[0]
        closed = wrapper.end - len("</div>")
        content = note[wrapper.opened : closed]
        inside = _Outline(content)
        shifted = [
            (a + wrapper.opened, b + wrapper.opened) for a, b in _blocks(content, inside.nodes)
        ]
        if inside.sound:
            blocks = [(wrapper.start, wrapper.opened), *shifted, (closed, wrapper.end)]
    return cut(note, ((left[1], right[0]) for left, right in pairwise(blocks)))


def _blocks(note: str, nodes: list[_Node]) -> list[tuple[int, int]]:
    """Return where the blocks are; what is inline and side by side is one; blanks are left out."""
    found: list[tuple[int, int]] = []
    inline = False
    for node in nodes:
        if inline and not _is_block(node.tag):
            found[-1] = (found[-1][0], node.end)
        else:
            found.append((node.start, node.end))
        inline = not _is_block(node.tag)
    sources = ((start, end, note[start:end]) for start, end in found)
    return [
        (end - len(source.lstrip(BLANKS)), start + len(source.rstrip(BLANKS)))
        for start, end, source in sources
        if source.strip(BLANKS)
    ]


class _Meaning(HTMLParser):
    """Reads a note as a list of events in which only what a browser would show differs."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.events: list[tuple[str, ...]] = []
        self._depth = 0
        self._preformatted = 0
        self._bare = False
        self.feed(text)
        self.close()
        self._end_bare()

    def _end_bare(self) -> None:
        if self._bare:
            self.events.append(("end", "p"))
            self._bare = False

    def _enter(self, tag: str) -> None:
        """Open a paragraph around bare text at the top, as the server does."""
        if self._depth:
            return
        if _is_block(tag):
            self._end_bare()
        elif not self._bare:
            self.events.append(("start", "p"))
            self._bare = True

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        self._enter(tag)
        named = sorted((name, _attribute(name, value or "")) for name, value in attrs)
        self.events.append(("start", tag, *(f"{name}={value}" for name, value in named)))
        if not _is_void(tag):
            self._depth += 1
            self._preformatted += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if not _is_void(tag):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if _is_void(tag):
            return
        self.events.append(("end", tag))
        self._depth = max(0, self._depth - 1)
        self._preformatted = max(0, self._preformatted - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self._depth and not self._bare and not data.strip(BLANKS):
            return
        self._enter("")
        self.events.append(("pre" if self._preformatted else "text", data))

    def handle_entityref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&#{name};"))


def _attribute(name: str, value: str) -> str:
    if name != "style":
        return value
    rules = (rule.partition(":") for rule in value.split(";") if rule.strip())
    return ";".join(f"{prop.strip()}:{' '.join(rest.split())}" for prop, _, rest in rules)


def _meaning(note: str) -> list[tuple[str, ...]]:
    """Return the events of a note, texts joined, blanks beside block tags dropped."""
    joined: list[tuple[str, ...]] = []
    for event in _Meaning(note).events:
        if event[0] in ("text", "pre") and joined and joined[-1][0] == event[0]:
            joined[-1] = (event[0], joined[-1][1] + event[1])
        else:
            joined.append(event)
    clean = []
    for n, event in enumerate(joined):
        if event[0] != "text":
            clean.append(event)
            continue
        text = _BLANKS.sub(" ", event[1])
        if n == 0 or _is_edge(joined[n - 1]):
            text = text.lstrip(" ")
        if n == len(joined) - 1 or _is_edge(joined[n + 1]):
            text = text.rstrip(" ")
        if text:
            clean.append(("text", text))
    return clean


def _is_edge(event: tuple[str, ...]) -> bool:
    return event[0] in ("start", "end") and (_is_block(event[1]) or event[1] == "br")


def same_note(a: str, b: str) -> bool:
    """Return whether two notes are the same HTML.

    Order of attributes, form of entities, self-closing tags, blanks that do not show, and the
    paragraph that the server puts around bare text make no difference. Notes with a tag that
    does not end are the same only letter by letter.
    """
    if a == b or _is_unclosed(a) or _is_unclosed(b):
        return a == b
    return _meaning(a) == _meaning(b)
