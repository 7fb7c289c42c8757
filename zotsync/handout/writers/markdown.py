"""Markdown (CommonMark): whatever a title holds, it is printed as it is and never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from urllib.parse import quote

from zotsync.handout.entry import Document, Entry, Face, Index, Line, Mark, Role, Run
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.plain import parts, written
from zotsync.model import is_key

_LEVELS = {Role.TITLE: "#", Role.SECTION: "##", Role.CONTENTS_HEADING: "##"}
_SPECIAL = re.compile(r"[\\`*_\[\]<#~|$]|&(?=[#A-Za-z0-9])|[!&]$")
"""What can mean something anywhere in a line, in CommonMark or in GitHub's additions to it."""
_OPENING = re.compile(r"(?P<sign>[>=]|[+-](?!\w))|(?P<number>\d{1,9})(?=[.)])")
"""What means something where a line begins."""
_AUTOLINK = re.compile(r"https?://[^\s<>\x00-\x20]+")
_IN_TARGET = re.compile(r"[()&\\]")
_NOT_IN_TARGET = re.compile(r"[\s<>\x00-\x20\x7f]")
_STARS = {Face.ITALIC: "*", Face.BOLD: "**"}
_TAGS = {
    Face.SUB: ("<sub>", "</sub>"),
    Face.SUP: ("<sup>", "</sup>"),
    Face.SMALL_CAPS: ('<span style="font-variant: small-caps">', "</span>"),
    Face.ITALIC: ("<em>", "</em>"),
    Face.BOLD: ("<strong>", "</strong>"),
}
"""From the inside to the outside."""
_ROLE_FACES = {Role.ENTRY_TITLE: frozenset({Face.BOLD})}
_MARK_FACES: Mapping[Mark | None, frozenset[Face]] = {Mark.ORIGIN: frozenset({Face.ITALIC})}


def to_markdown(
    document: Document,
    theme: Theme,  # noqa: ARG001 - the reader's program has the looks
    tick: Callable[[], None] = lambda: None,
) -> bytes:
    """Return `document` as CommonMark in UTF-8, a line for a line. `tick` is called after each entry."""
    return "\n\n".join(filter(None, _Writer().blocks(document, tick))).encode() + b"\n"


class _Writer:
    """Writes the blocks of one document; knows which entries have an anchor already."""

    def __init__(self) -> None:
        self._anchored: set[str] = set()

    def blocks(self, document: Document, tick: Callable[[], None]) -> Iterator[str]:
        """Yield what blank lines separate."""
        yield from _paragraphs(document.front)
        if document.contents:
            yield _heading(document.contents)
            yield "\n".join(_contents(document))
        yield from (_text(line) for line in document.intro)
        for place, block in enumerate(document.blocks, 1):
            if block.heading:
                yield _heading(block.heading, f"section-{place}" if document.contents else "")
            for entry in block.entries:
                yield from self._entry(entry)
                tick()
        for place, index in enumerate(document.indexes, 1):
            yield from _index(index, f"index-{place}" if document.contents else "")
        if document.back:
            yield "---"
            yield from _paragraphs(document.back)

    def _entry(self, entry: Entry) -> Iterator[str]:
        anchor = ""
        if is_key(entry.key) and entry.key not in self._anchored:
            self._anchored.add(entry.key)
            anchor = _anchor(entry.key)
        for set_in, lines in parts(entry.lines):
            shown = [_text(line) for line in lines]
            shown[0] = anchor + shown[0]
            anchor = ""
            yield "\n>\n".join(f"> {text}" for text in shown) if set_in else "\\\n".join(shown)


def _paragraphs(lines: tuple[Line, ...]) -> Iterator[str]:
    """Yield headings, and what stands between them as one paragraph each."""
    together: list[str] = []
    for line in lines:
        if line.role in _LEVELS:
            yield "\\\n".join(together)
            together = []
            yield _heading(line)
        elif text := _text(line):
            together.append(text)
    yield "\\\n".join(together)


def _heading(line: Line, anchor: str = "") -> str:
    text = _text(line)
    return f"{_LEVELS.get(line.role, '##')} {_anchor(anchor)}{text}" if text else ""


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>' if name else ""


def _contents(document: Document) -> Iterator[str]:
    """Yield a line for each section and index, each a link."""
    headings = [(f"section-{n}", block.heading) for n, block in enumerate(document.blocks, 1)]
    headings += [(f"index-{n}", index.heading) for n, index in enumerate(document.indexes, 1)]
    for name, heading in headings:
        if heading and (text := _text(_linkless(heading))):
            yield f"- [{text}](#{name})"


def _linkless(line: Line) -> Line:
    """Return a line that can stand inside a link."""
    return Line(line.role, tuple(run._replace(url="") for run in line.runs))


def _index(index: Index, anchor: str) -> Iterator[str]:
    yield _heading(index.heading, anchor)
    rows = []
    for row in index.rows:
        links = (f"[{n}](#{key})" if is_key(key) else str(n) for n, key in row.entries)
        rows.append(f"- {', '.join((_text(Line(Role.INDEX, (Run(row.name),))), *links))}")
    yield "\n".join(rows)


def _text(line: Line) -> str:
    """Return a line as inline Markdown; "" where nothing of it can be seen."""
    runs = list(_merged(line))
    shown = ""
    for index, run in enumerate(runs):
        after = runs[index + 1].text[:1] if index + 1 < len(runs) else ""
        shown += _formatted(run, starts=_is_apart(shown[-1:]), ends=_is_apart(after))
    shown = shown.strip(" ") if shown.strip() else ""
    opened = _OPENING.match(shown)
    if not opened:
        return shown
    at = opened.end("number") if opened["number"] else 0
    return f"{shown[:at]}\\{shown[at:]}"


def _merged(line: Line) -> Iterator[Run]:
    """Yield the line's runs with all faces they are to have, those that look alike as one."""
    whole = _ROLE_FACES.get(line.role, frozenset())
    faced = (
        run._replace(faces=run.faces | whole | _MARK_FACES.get(run.mark, frozenset()), mark=None)
        for run in written(line).runs
    )
    for (faces, url), group in groupby(faced, lambda run: (run.faces, run.url)):
        yield Run("".join(run.text for run in group), faces=faces, url=url)


def _is_apart(letter: str) -> bool:
    """Return whether stars can stand beside what a line has there: a blank, or nothing."""
    return not letter or letter.isspace()


def _formatted(run: Run, *, starts: bool, ends: bool) -> str:
    """Return a run with its formatting around it, blanks at its ends outside.

    Stars mean nothing beside some letters (`*a.*b`): there, HTML says the same.
    """
    text = run.text.strip()
    if not text:
        return run.text
    before, _, after = run.text.partition(text)
    inner = _link(text, run.url) if run.url else _escaped(text)
    stars = (starts or bool(before)) and (ends or bool(after))
    for face in (face for face in _TAGS if face in run.faces):
        star = _STARS.get(face, "") if stars else ""
        opening, closing = (star, star) if star else _TAGS[face]
        inner = f"{opening}{inner}{closing}"
    return f"{before}{inner}{after}"


def _link(text: str, url: str) -> str:
    if text == url and _AUTOLINK.fullmatch(url):
        return f"<{url}>"
    target = _NOT_IN_TARGET.sub(lambda found: quote(found[0]), url)
    return f"[{_escaped(text)}]({_IN_TARGET.sub(_escape, target)})"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"
