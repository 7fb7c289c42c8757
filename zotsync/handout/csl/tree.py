"""What pandoc answers, as lines of runs. Pure.

A style's blocks (`csl-block`, `csl-indent`) are lines of their own. Formatting that has no face here
(underlined, struck out) is text like any other, and so is whatever pandoc may add one day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zotsync.handout import links
from zotsync.handout.entry import Face, Line, Mark, Role, Run

_FACES = {
    "Emph": Face.ITALIC,
    "Strong": Face.BOLD,
    "Subscript": Face.SUB,
    "Superscript": Face.SUP,
    "SmallCaps": Face.SMALL_CAPS,
}
_WITHOUT = {
    "csl-no-emph": Face.ITALIC,
    "csl-no-strong": Face.BOLD,
    "csl-no-smallcaps": Face.SMALL_CAPS,
}
_BLOCKS = frozenset({"csl-block", "csl-indent"})
_QUOTES = {
    ("fr", "DoubleQuote"): ("«\u00a0", "\u00a0»"),
    ("fr", "SingleQuote"): ("“", "”"),
    ("", "DoubleQuote"): ("“", "”"),
    ("", "SingleQuote"): ("‘", "’"),
}
_NO_BREAK = "\u00a0"
_BLANKS = re.compile(" {2,}")


class _Look(NamedTuple):
    mark: Mark | None = None
    faces: frozenset[Face] = frozenset()
    url: str = ""


def lines(blocks: Sequence[Any], language: str) -> tuple[Line, ...]:
    """Return an entry of pandoc's bibliography as lines of the role REFERENCE; () where it is empty."""
    writing = _Writing("fr" if language.lower().startswith("fr") else "")
    writing.blocks(blocks)
    writing.end_line()
    return tuple(writing.lines)


@dataclass(slots=True)
class _Writing:
    """Lines being written."""

    language: str
    lines: list[Line] = field(default_factory=list)
    pieces: list[tuple[_Look, str]] = field(default_factory=list)

    def blocks(self, blocks: Sequence[Any]) -> None:
        for block in blocks:
            content = block.get("c")
            if block["t"] == "Div":
                self.blocks(content[1])
            elif block["t"] in {"Para", "Plain"}:
                self.inlines(content, _Look())
            self.end_line()

    def inlines(self, inlines: Sequence[Any], look: _Look) -> None:
        for inline in inlines:
            self._inline(inline["t"], inline.get("c"), look)

    def _inline(self, kind: str, content: Any, look: _Look) -> None:
        if kind == "Str":
            self.pieces.append((look, content))
        elif kind in {"Space", "SoftBreak"}:
            self.pieces.append((look, " "))
        elif kind == "LineBreak":
            self.end_line()
        elif kind == "Span":
            self._span(content[0][1], content[1], look)
        elif kind == "Link":
            goal = links.target(content[2][0]) or ""
            # pandoc makes a link of the title, too, where the style prints no address: ours stands below
            says_it = goal and content[2][0].endswith(_text(content[1]))
            self.inlines(content[1], look._replace(mark=Mark.LINK, url=goal) if says_it else look)
        elif kind == "Quoted":
            first, last = _QUOTES[self.language, content[0]["t"]]
            self.pieces.append((look, first))
            self.inlines(content[1], look)
            self.pieces.append((look, last))
        elif kind in _FACES:
            # what is set off inside what is set off goes back: a title in italics within italics
            self.inlines(content, look._replace(faces=look.faces ^ {_FACES[kind]}))
        else:
            self._other(content, look)

    def _other(self, content: Any, look: _Look) -> None:
        """Write the inlines in something else (`Cite`, `Underline`), or its text (`Code`, `RawInline`)."""
        if isinstance(content, list) and content and all(_is_inline(one) for one in content):
            self.inlines(content, look)
        elif isinstance(content, list) and content:
            self._other(content[-1], look)
        elif isinstance(content, str):
            self.pieces.append((look, content))

    def _span(self, classes: Sequence[str], inlines: Sequence[Any], look: _Look) -> None:
        without = {_WITHOUT[name] for name in classes if name in _WITHOUT}
        look = look._replace(faces=look.faces - without)
        if _BLOCKS.intersection(classes):
            self.end_line()
            self.inlines(inlines, look)
            self.end_line()
        elif "csl-left-margin" in classes:
            self.end_line()
            numbered = look._replace(mark=Mark.NUMBER)
            self.inlines(inlines, numbered)
            while self.pieces and not self.pieces[-1][1].strip():
                del self.pieces[-1]
            self.pieces.append((numbered, _NO_BREAK))
        else:
            self.inlines(inlines, look)

    def end_line(self) -> None:
        """Finish the line that is being written, if there is anything on it."""
        runs = _merged(self.pieces)
        if any(run.text.strip() for run in runs):
            self.lines.append(Line(Role.REFERENCE, runs))
        self.pieces = []


def _text(inlines: Sequence[Any]) -> str:
    return "".join(one["c"] if one["t"] == "Str" else " " for one in inlines)


def _is_inline(one: Any) -> bool:
    return isinstance(one, dict) and "t" in one


def _merged(pieces: Sequence[tuple[_Look, str]]) -> tuple[Run, ...]:
    """Return pieces as runs, those that look alike as one; blanks at both ends of the line go."""
    alike: list[tuple[_Look, list[str]]] = []
    for look, text in pieces:
        if alike and alike[-1][0] == look:
            alike[-1][1].append(text)
        elif text:
            alike.append((look, [text]))
    texts = [(look, "".join(parts)) for look, parts in alike]
    while texts and not texts[0][1].strip():
        del texts[0]
    while texts and not texts[-1][1].strip():
        del texts[-1]
    if not texts:
        return ()
    texts[0] = (texts[0][0], texts[0][1].lstrip(" "))
    texts[-1] = (texts[-1][0], texts[-1][1].rstrip(" "))
    # some styles leave two blanks where a part is missing
    return tuple(
        Run(_BLANKS.sub(" ", text), look.mark, look.faces, look.url) for look, text in texts
    )
