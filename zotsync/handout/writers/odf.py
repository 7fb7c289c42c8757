"""The raw XML of OpenDocument texts: lines as paragraphs, from one pattern for each shape of line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias
from xml.sax.saxutils import escape

from zotsync.handout.entry import Face, Line, Mark, Role, Run
from zotsync.handout.writers import qr
from zotsync.handout.writers.ooxml import clean
from zotsync.handout.writers.paged import BOOKMARK, bookmark_name, is_right_to_left

INTERNAL_LINK = "Index Link"
"""LibreOffice's name for the style of links within a document: they look like what is around them."""
_PICTURE = (
    '<style:style style:name="Picture" style:family="graphic"><style:graphic-properties '
    'style:vertical-pos="top" style:vertical-rel="baseline" fo:border="none" fo:padding="0pt"/>'
    "</style:style>"
)
_COLUMNS = (
    '<style:style style:name="Columns" style:family="section"><style:section-properties '
    'text:dont-balance-text-columns="false"><style:columns fo:column-count="2" '
    'fo:column-gap="22.7pt"/></style:section-properties></style:style>'
)
_NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
HEADINGS = frozenset({Role.SECTION})
"""Roles of lines that are headings of the first level."""
_TYPES = {
    "xml": "text/xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
}
_BREAK = "break"
_CODE_SIZE = "19mm"
"""Width of a QR code, which any telephone reads."""
_Shape: TypeAlias = tuple[Role | None, str, bool, bool, str]
"""Role, space above, kept with the next, from right to left, what page it begins."""
_FACES: Mapping[Face, str] = {
    Face.BOLD: 'fo:font-weight="bold" style:font-weight-asian="bold" style:font-weight-complex="bold"',
    Face.ITALIC: 'fo:font-style="italic" style:font-style-asian="italic" '
    'style:font-style-complex="italic"',
    Face.SMALL_CAPS: 'fo:font-variant="small-caps"',
    Face.SUB: 'style:text-position="sub 58%"',
    Face.SUP: 'style:text-position="super 58%"',
}


def text(words: str) -> str:
    """Return a text as XML has it, without what XML cannot hold."""
    words = clean(words)
    return escape(words) if "&" in words or "<" in words or ">" in words else words


def attribute(words: str) -> str:
    """Return a text as the value of an attribute."""
    return text(words).replace('"', "&quot;")


def attributes(values: Mapping[str, str]) -> str:
    """Return an element's attributes, those without a value left out."""
    return " ".join(f'{name}="{value}"' for name, value in values.items() if value)


def points(value: float) -> str:
    """Return a length as OpenDocument has it."""
    return f"{round(value, 2):g}pt"


def name_of(style: str) -> str:
    """Return the name under which OpenDocument knows a style: no blanks in it."""
    return style.replace(" ", "_20_")


def document(kind: str, inside: str) -> bytes:
    """Return a part of the package: content, styles, settings or meta."""
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    whole = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<office:document-{kind} {spaces} office:version="1.3">{inside}</office:document-{kind}>'
    )
    return whole.encode()


class Body:
    """Writes lines at the end of a text, and the styles that only they need."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._openings: dict[_Shape, str] = {}
        self._styles: dict[tuple[str, str, str], str] = {}
        self._faces: dict[frozenset[Face], str] = {}
        self._bookmarks: dict[str, int] = {}
        self._page = ""
        self._shown = 0
        self.pictures: dict[str, bytes] = {}
        """Name in the package -> picture."""

    def turn_page(self, layout: str = "") -> None:
        """Let the next line begin a page, of that layout (a master page) where one is named."""
        self._page = layout or _BREAK

    def add(self, line: Line, *, bookmark: str = "", before: str = "", keep: bool = False) -> None:
        """Add a line. `before` is the space above it, `keep` holds it to the next one."""
        inside = "".join(map(self.run, line.runs))
        if bookmark:
            name = f'text:name="{attribute(bookmark)}"'
            inside = f"<text:bookmark-start {name}/>{inside}<text:bookmark-end {name}/>"
        turned = is_right_to_left(line.text)
        self.add_paragraph(line.role, inside, before=before, keep=keep, turned=turned)

    def add_paragraph(
        self,
        role: Role | None,
        inside: str,
        *,
        before: str = "",
        keep: bool = False,
        turned: bool = False,
    ) -> None:
        """Add a paragraph of XML; without a role, in no style of its own.

        `turned`: it is written from right to left.
        """
        shape = (role, before, keep, turned, self._page)
        self._page = ""
        opening = self._openings.get(shape) or self._opening(*shape)
        element = "h" if role in HEADINGS else "p"
        self._written += (opening, inside, f"</text:{element}>\n")

    def add_xml(self, xml: str) -> None:
        """Add what is no line."""
        self._written.append(xml)

    def entry_bookmark(self, key: str) -> str:
        """Return the name of a new bookmark of an item: `_zk_<KEY>`, then `_zk_<KEY>_2`."""
        count = self._bookmarks[key] = self._bookmarks.get(key, 0) + 1
        return bookmark_name(f"{BOOKMARK}{key}", count)

    def run(self, run: Run) -> str:
        """Return a stretch of text with its looks and its link, or its picture."""
        if run.code:
            data = qr.png(run.code)
            return self.picture(data, "png", (_CODE_SIZE, _CODE_SIZE), run.text) if data else ""
        shown = text(run.text)
        if run.faces:
            face = self._faces.setdefault(run.faces, f"F{len(self._faces) + 1}")
            shown = f'<text:span text:style-name="{face}">{shown}</text:span>'
        if run.mark and not (run.url and run.mark is Mark.LINK):
            shown = f'<text:span text:style-name="{name_of(run.mark.value)}">{shown}</text:span>'
        return link(shown, run.url) if run.url else shown

    def picture(self, data: bytes, kind: str, size: tuple[str, str], described: str) -> str:
        """Return a picture that stands in a line, with its alternative text."""
        self._shown += 1
        name = f"Pictures/{hashlib.sha256(data).hexdigest()[:16]}.{kind}"
        self.pictures[name] = data
        width, height = size
        said = text(described)
        return (
            f'<draw:frame draw:style-name="Picture" draw:name="Picture {self._shown}" '
            f'text:anchor-type="as-char" svg:width="{width}" svg:height="{height}">'
            f'<draw:image xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad" '
            f'xlink:href="{name}"/><svg:title>{said}</svg:title><svg:desc>{said}</svg:desc>'
            "</draw:frame>"
        )

    def content(self) -> bytes:
        """Return content.xml."""
        styles = "".join((*self._paragraph_styles(), *self._face_styles(), _PICTURE, _COLUMNS))
        return document(
            "content",
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{''.join(self._written)}</office:text></office:body>",
        )

    def _opening(self, *shape: *_Shape) -> str:
        """Return how a paragraph of this shape begins."""
        role, before, keep, turned, page = shape
        looks = {
            "fo:margin-top": before,
            "fo:keep-with-next": "always" if keep else "",
            "style:writing-mode": "rl-tb" if turned else "",
            "fo:break-before": "page" if page == _BREAK else "",
        }
        said = attributes(looks)
        master = "" if page == _BREAK else page
        name = name_of(role.value) if role else "Standard"
        if said or master:
            name = self._styles.setdefault((name, said, master), f"P{len(self._styles) + 1}")
        element, level = ("h", ' text:outline-level="1"') if role in HEADINGS else ("p", "")
        opening = f'<text:{element} text:style-name="{name}"{level}>'
        self._openings[shape] = opening
        return opening

    def _paragraph_styles(self) -> Iterator[str]:
        for (parent, looks, master), name in self._styles.items():
            page = f' style:master-page-name="{master}"' if master else ""
            yield (
                f'<style:style style:name="{name}" style:family="paragraph" '
                f'style:parent-style-name="{parent}"{page}>'
                f"<style:paragraph-properties {looks}/></style:style>"
            )

    def _face_styles(self) -> Iterator[str]:
        for faces, name in self._faces.items():
            shown = {
                _FACES[face].partition("=")[0]: _FACES[face] for face in _FACES if face in faces
            }
            yield (
                f'<style:style style:name="{name}" style:family="text">'
                f"<style:text-properties {' '.join(shown.values())}/></style:style>"
            )


def link(shown: str, url: str) -> str:
    """Return a link around XML; `url` may be `#` and a bookmark of the document."""
    style = name_of(INTERNAL_LINK if url.startswith("#") else Mark.LINK)
    looks = f'text:style-name="{style}" text:visited-style-name="{style}"'
    return f'<text:a xlink:type="simple" xlink:href="{attribute(url)}" {looks}>{shown}</text:a>'


def page_of(bookmark: str) -> str:
    """Return the number of the page where a bookmark stands; filled in when the page is laid out."""
    return (
        f'<text:bookmark-ref text:reference-format="page" text:ref-name="{attribute(bookmark)}">'
        "1</text:bookmark-ref>"
    )


def manifest_xml(media_type: str, names: Iterable[str]) -> bytes:
    """Return META-INF/manifest.xml of a package with these parts."""
    rows = [("/", media_type), *((name, _TYPES[name.rpartition(".")[2]]) for name in names)]
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    whole = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">\n{entries}'
        "</manifest:manifest>"
    )
    return whole.encode()


def settings_xml(switches: Iterable[tuple[str, bool]]) -> bytes:
    """Return settings.xml with LibreOffice's switches of layout."""
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="boolean">'
        f"{'true' if on else 'false'}</config:config-item>"
        for name, on in switches
    )
    inside = f'<config:config-item-set config:name="ooo:configuration-settings">{items}'
    return document(
        "settings", f"<office:settings>{inside}</config:config-item-set></office:settings>"
    )


def columns(number: int) -> tuple[str, str]:
    """Return what stands before and behind what is printed in two columns."""
    opening = f'<text:section text:style-name="Columns" text:name="Columns {number}">\n'
    return opening, "</text:section>\n"


def contents_ends(title: str) -> tuple[str, str, str]:
    """Return what stands before a table of contents, between its heading and its rows, and behind it."""
    heading, row = (name_of(role.value) for role in (Role.CONTENTS_HEADING, Role.CONTENTS))
    before = (
        '<text:table-of-content text:name="Contents" text:protected="false">'
        '<text:table-of-content-source text:outline-level="1" text:use-index-marks="false">'
        f'<text:index-title-template text:style-name="{heading}">{text(title)}'
        "</text:index-title-template>"
        f'<text:table-of-content-entry-template text:outline-level="1" text:style-name="{row}">'
        "<text:index-entry-link-start/><text:index-entry-text/>"
        '<text:index-entry-tab-stop style:type="right" style:leader-char="."/>'
        "<text:index-entry-page-number/><text:index-entry-link-end/>"
        "</text:table-of-content-entry-template></text:table-of-content-source>"
        '<text:index-body><text:index-title text:name="Contents heading">'
    )
    return before, "</text:index-title>\n", "</text:index-body></text:table-of-content>\n"
