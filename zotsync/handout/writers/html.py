"""Documents as web pages: one file that needs nothing else, the same for every reader and on paper."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape

from zotsync.handout.entry import Block, Document, Entry, Face, Index, Line, Properties, Role, Run
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.css import bleeds, class_of, stylesheet
from zotsync.handout.writers.looks import Looks, looks_of
from zotsync.handout.writers.ooxml import clean
from zotsync.handout.writers.qr import png
from zotsync.model import is_key

_FACES = {
    Face.BOLD: ("<b>", "</b>"),
    Face.ITALIC: ("<i>", "</i>"),
    Face.SMALL_CAPS: ('<span class="small-caps">', "</span>"),
    Face.SUB: ("<sub>", "</sub>"),
    Face.SUP: ("<sup>", "</sup>"),
}
_KINDS = {"jpg": "jpeg"}
"""Kinds of pictures that are called otherwise on the web."""
_HEAD = frozenset({Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE, Role.SOURCE})
"""Lines that stay with what follows them."""
_FROM_THE_RIGHT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages that are read from the right."""
_DESCRIPTION = 300


def to_html(document: Document, theme: Theme, tick: Callable[[], None] = lambda: None) -> bytes:
    """Return `document` as one web page in the looks of the theme, nothing outside of it needed.

    Raises ThemeError where base.docx cannot be used, FileError where the logo cannot.
    """
    looks = looks_of(theme.base)
    page = _Page(looks)
    parts = [*page.front(document), *page.contents(document), "<main>"]
    parts += page.framed(document.intro)
    for number, block in enumerate(document.blocks, 1):
        parts += page.block(block, number, tick)
    for number, index in enumerate(document.indexes, 1):
        parts += page.index(index, number)
    parts += ["</main>", *page.back(document)]
    language = document.properties.language
    direction = ' dir="rtl"' if language.partition("-")[0].lower() in _FROM_THE_RIGHT else ""
    lines = [
        f'<!DOCTYPE html>\n<html lang="{_quoted(language)}"{direction}>\n<head>\n<meta charset="utf-8"/>',
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
        *_properties(document),
        f"<style>\n{stylesheet(looks)}</style>\n</head>\n<body>",
        *parts,
        "</body>\n</html>\n",
    ]
    return "\n".join(lines).encode()


def _properties(document: Document) -> Iterator[str]:
    properties = document.properties
    description = " ".join(line.text for line in document.intro) or properties.subject
    yield f"<title>{_escaped(properties.title or _title(document))}</title>"
    values = {
        "description": _short(description),
        "author": properties.author,
        "keywords": properties.keywords,
        "date": _date(properties),
    }
    for name, value in values.items():
        if value:
            yield f'<meta name="{name}" content="{_quoted(value)}"/>'


def _title(document: Document) -> str:
    return next((line.text for line in document.front if line.role is Role.TITLE), "")


def _date(properties: Properties) -> str:
    """Return the date as far as it is known: 2021-10."""
    year, month, day = properties.date or (0, 0, 0)
    known = [f"{year:04}", *([f"{month:02}"] if month else []), *([f"{day:02}"] if day else [])]
    return "-".join(known) if year else ""


def _short(text: str) -> str:
    if len(text) <= _DESCRIPTION:
        return text
    return text[:_DESCRIPTION].rpartition(" ")[0] + "…"


class _Page:
    """Writes the parts of a page; remembers which ids are taken."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._ids: Counter[str] = Counter()

    def front(self, document: Document) -> Iterator[str]:
        yield '<header class="cover">' if document.cover else "<header>"
        if document.logo:
            yield _logo(document.logo, document.properties.author)
        yield from self.framed(document.front, wide=True)
        yield "</header>"

    def back(self, document: Document) -> Iterator[str]:
        if document.back:
            yield from ("<footer>", *self.framed(document.back), "</footer>")

    def contents(self, document: Document) -> Iterator[str]:
        """Yield the table of contents: a link to each heading it lists."""
        if document.contents is None:
            return
        yield '<nav aria-labelledby="contents">'
        yield from self._heading(document.contents, "contents")
        yield '<ul role="list">'
        blocks = [f"section-{n}" for n, block in enumerate(document.blocks, 1) if block.heading]
        indexes = [f"index-{n}" for n, _index in enumerate(document.indexes, 1)]
        for target, heading in zip((*blocks, *indexes), document.headings, strict=True):
            bare = (run._replace(url="") for run in heading.runs if not run.code)
            link = f'<a href="#{target}">{_runs(bare)}</a>'
            yield f'<li class="{class_of(Role.CONTENTS)}" dir="auto">{link}</li>'
        yield "</ul>\n</nav>"

    def block(self, block: Block, number: int, tick: Callable[[], None]) -> Iterator[str]:
        name = f"section-{number}"
        yield f'<section aria-labelledby="{name}">' if block.heading else "<section>"
        if block.heading:
            yield from self._heading(block.heading, name)
        yield '<div class="entries">'
        for entry in block.entries:
            yield from self._entry(entry, "h3" if block.heading else "h2")
            tick()
        yield "</div>\n</section>"

    def index(self, index: Index, number: int) -> Iterator[str]:
        name = f"index-{number}"
        yield f'<section class="names" aria-labelledby="{name}">'
        yield from self._heading(index.heading, name)
        yield '<ul role="list">'
        for row in index.rows:
            numbers = ", ".join(_number(number, key) for number, key in row.entries)
            text = f"{_escaped(row.name)}, {numbers}"
            yield f'<li class="{class_of(Role.INDEX)}" dir="auto">{text}</li>'
        yield "</ul>\n</section>"

    def framed(self, lines: Iterable[Line], *, wide: bool = False) -> Iterator[str]:
        """Yield lines as paragraphs; those that share a frame stand in one."""
        yield from self._frames([(line, _paragraph(line)) for line in lines], wide=wide)

    def _heading(self, line: Line, name: str) -> Iterator[str]:
        yield from self._frames([(line, _element("h2", line, f' id="{name}"'))])

    def _entry(self, entry: Entry, heading: str) -> Iterator[str]:
        name = self._name(entry.key)
        titled = any(line.role is Role.ENTRY_TITLE for line in entry.lines)
        label = f' aria-labelledby="{name}-title"' if name and titled else ""
        yield f'<article id="{name}"{label}>' if name else "<article>"
        written = []
        for line in entry.lines:
            if titled and line.role is Role.ENTRY_TITLE:
                titled = False
                own = f' id="{name}-title"' if name else ""
                written.append((line, _element(heading, line, own)))
            else:
                written.append((line, _paragraph(line)))
        yield from self._frames(written)
        yield "</article>"

    def _name(self, key: str) -> str:
        """Return the id of an entry: its key, with a number from the second time on."""
        if not is_key(key):
            return ""
        self._ids[key] += 1
        return key if self._ids[key] == 1 else f"{key}_{self._ids[key]}"

    def _frames(self, written: list[tuple[Line, str]], *, wide: bool = False) -> Iterator[str]:
        start = 0
        roles = self._looks.roles
        while start < len(written):
            look, end = roles[written[start][0].role], start + 1
            while end < len(written) and look.same_frame(roles[written[end][0].role]):
                end += 1
            first, last = (class_of(written[at][0].role) for at in (start, end - 1))
            texts = [text for _line, text in written[start:end]]
            if look.borders or look.background:
                bleed = " bleed" if wide and bleeds(look) else ""
                yield f'<div class="frame in-{first} end-{last}{bleed}">'
                yield from (*texts, "</div>")
            else:
                yield from texts
            start = end


def _paragraph(line: Line) -> str:
    return _element("h1" if line.role is Role.TITLE else "p", line)


def _element(name: str, line: Line, attributes: str = "") -> str:
    classes = class_of(line.role) + (" head" if line.role in _HEAD else "")
    return f'<{name} class="{classes}" dir="auto"{attributes}>{_runs(line.runs)}</{name}>'


def _runs(runs: Iterable[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.code:
        return _code(run)
    text = _escaped(run.text)
    for face, (before, after) in _FACES.items():
        if face in run.faces:
            text = f"{before}{text}{after}"
    kind = f' class="{class_of(run.mark)}"' if run.mark else ""
    if run.url:
        return f'<a{kind} href="{_quoted(run.url)}">{text}</a>'
    return f"<span{kind}>{text}</span>" if kind else text


def _code(run: Run) -> str:
    """Return a picture that a telephone reads; nothing where the address is too long for one."""
    picture = png(run.code)
    if not picture:
        return ""
    return f'<img class="qr" alt="{_quoted(run.text)}" src="{_data("png", picture)}"/>'


def _number(number: int, key: str) -> str:
    return f'<a href="#{key}">{number}</a>' if is_key(key) else str(number)


def _logo(path: str, text: str) -> str:
    from zotsync.handout.writers.logo import read_logo  # noqa: PLC0415 - loads python-docx

    logo = read_logo(path)
    kind = _KINDS.get(logo.kind, logo.kind)
    return f'<img class="logo" alt="{_quoted(text)}" src="{_data(kind, logo.data)}"/>'


def _data(kind: str, picture: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _escaped(text: str) -> str:
    return escape(clean(text), quote=False)


def _quoted(text: str) -> str:
    return escape(clean(text))
