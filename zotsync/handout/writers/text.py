"""Plain text, for the body of an e-mail: what a screen reader, a list server and `import` can read.

Blank lines stand between entries and paragraphs. A line that begins with a blank belongs to what stands
above it: two, it goes on; four, it is a paragraph of the entry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from zotsync.handout.entry import Document, Entry, Face, Index, Line, Role, Run
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.plain import parts, says_its_address, written

WIDTH = 72
"""Columns. Mail programs break at 76 to 80, and quoting takes two."""

_RULES = {Role.TITLE: "=", Role.SECTION: "-", Role.CONTENTS_HEADING: "-"}
"""Roles of headings -> what they are underlined with."""
_GOES_ON, _SET_IN = "  ", "    "
_RAISED = {  # no hyphen: what looks like one up there is a minus, and would be read back as one
    Face.SUP: str.maketrans(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
    ),
    Face.SUB: str.maketrans("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
}
_ODD = re.compile("[^ -\u02ff\u0370-\u0482\u2010-\u2027\u202f-\u205e\u20a0-\u20bf]")
"""What may take no column, or two."""


def to_text(
    document: Document,
    theme: Theme,  # noqa: ARG001 - what looks like nothing needs no theme
    tick: Callable[[], None] = lambda: None,
) -> bytes:
    """Return `document` as plain text: UTF-8, 72 columns, LF. `tick` is called after each entry."""
    return "\n\n".join(filter(None, _blocks(document, tick))).strip("\n").encode() + b"\n"


def _blocks(document: Document, tick: Callable[[], None]) -> Iterator[str]:
    """Yield what blank lines separate."""
    yield "\n".join(_lines(document.front))
    if document.contents:
        yield from _headed(document.contents)
        rows = (f"- {_said(heading)}" for heading in document.headings)
        yield "\n".join(_wrapped(row, "", _GOES_ON) for row in rows)
    yield from (_wrapped(_said(line), "", "") for line in document.intro)
    for block in document.blocks:
        if block.heading:
            yield from _headed(block.heading)
        for entry in block.entries:
            yield from _entry(entry)
            tick()
    for index in document.indexes:
        yield from _index(index)
    if document.back:
        yield f"\n{'-' * WIDTH}"
        yield "\n".join(_lines(document.back))


def _lines(lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        if said := _said(line):
            rule = _RULES.get(line.role)
            yield _underlined(said, rule) if rule else _wrapped(said, "", _GOES_ON)


def _headed(heading: Line) -> Iterator[str]:
    if said := _said(heading):
        yield "\n" + _underlined(said, _RULES.get(heading.role, "-"))


def _underlined(text: str, rule: str) -> str:
    wrapped = _wrapped(text, "", "")
    return f"{wrapped}\n{rule * max(map(_columns, wrapped.split(chr(10))))}"


def _entry(entry: Entry) -> Iterator[str]:
    """Yield the entry: its lines, then each paragraph set in, blank lines only between those."""
    above = ""
    for set_in, lines in parts(entry.lines):
        margin = _SET_IN if set_in else ""
        further = margin if set_in else _GOES_ON
        shown = [_wrapped(_said(line), margin, further) for line in lines]
        text = ("\n\n" if set_in else "\n").join(shown)
        above = f"{above}\n{text}" if above else text
    if above:
        yield above


def _index(index: Index) -> Iterator[str]:
    yield from _headed(index.heading)
    rows = (", ".join((row.name, *(str(n) for n, _ in row.entries))) for row in index.rows)
    yield "\n".join(_wrapped(row, "", _GOES_ON) for row in rows)


def _said(line: Line) -> str:
    """Return the text of a line, its links' addresses included, trimmed."""
    return "".join(map(_run, written(line).runs)).strip(" ")


def _run(run: Run) -> str:
    text = run.text
    for face, letters in _RAISED.items():
        if face in run.faces and all(ord(letter) in letters for letter in text):
            text = text.translate(letters)
    return f"{text} <{run.url}>" if run.url and not says_its_address(run) else text


def _wrapped(text: str, first: str, further: str) -> str:
    """Return `text` in lines of 72 columns. It breaks at plain blanks only: addresses stay whole."""
    measure = _columns if _ODD.search(text) else len
    if len(first) + measure(text) <= WIDTH:
        return first + text
    lines: list[str] = []
    line, used = first, len(first)
    begun = False
    for word in text.split(" "):
        width = measure(word)
        if begun and used + 1 + width > WIDTH:
            lines.append(line)
            line, used, begun = further, len(further), False
        line += f" {word}" if begun else word
        used += width + begun
        begun = True
    return "\n".join((*lines, line))


def _columns(text: str) -> int:
    """Return how many columns `text` takes: none for combining characters, two for wide ones."""
    if not _ODD.search(text):
        return len(text)
    return sum(
        0 if unicodedata.category(letter) in {"Mn", "Me", "Cf"}
        else 1 + (unicodedata.east_asian_width(letter) in {"W", "F"})
        for letter in text
    )  # fmt: skip
