"""The pages of an OpenDocument text: the sheet, its columns, what runs along its edges."""

from __future__ import annotations

from zotsync.handout.writers.edges import EdgeLine, Edges, Field
from zotsync.handout.writers.looks import Page
from zotsync.handout.writers.odf import attributes, points, text

PLAIN, COVER = "Standard", "Cover"
"""Master pages: a cover has neither header nor footer."""
ALIGN = {"left": "start", "right": "end", "center": "center", "justify": "justify"}
"""What OpenDocument calls alignments."""
SIDES = ("top", "bottom", "left", "right")

_PAGE, _COVER = "Page", "CoverPage"
_LEAST = 2.85
"""Height of a header or footer that is empty, in points: what LibreOffice gives one."""
_FIELDS = {
    Field.PAGE: '<text:page-number text:select-page="current">1</text:page-number>',
    Field.PAGES: "<text:page-count>1</text:page-count>",
}


def pages_of(page: Page, edges: Edges, title: str) -> tuple[str, str]:
    """Return the layouts of pages with the styles they need, and the master pages."""
    lines = [line for lines in edges.parts.values() for line in lines]
    layouts = f"{_layout(_PAGE, page, edges)}{_layout(_COVER, page, Edges())}"
    return f"{_edge_styles(lines)}{layouts}", _master(edges, title)


def _layout(name: str, page: Page, edges: Edges) -> str:
    """Return the page: its body begins where Word's does, below the header's line and above the footer's."""
    distances = {
        side: edges.distances[kind]
        for kind, side in (("header", "top"), ("footer", "bottom"))
        if kind in edges.parts
    }
    margins = {side: getattr(page, side) for side in SIDES}
    sizes = {f"fo:margin-{side}": points(distances.get(side, margins[side])) for side in SIDES}
    sizes |= {"fo:page-width": points(page.width), "fo:page-height": points(page.height)}
    shape = "landscape" if page.width > page.height else "portrait"
    color = f' fo:background-color="#{page.background}"' if page.background else ""
    between = '<style:column-sep style:width="0.5pt"/>' if page.separator else ""
    columns = (
        f'<style:columns fo:column-count="{page.columns}" fo:column-gap="{points(page.gap)}">'
        f"{between}</style:columns>"
        if page.columns > 1
        else ""
    )
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties '
        f"{attributes(sizes)} "
        f'style:print-orientation="{shape}" style:num-format="1" style:writing-mode="lr-tb"{color}>'
        f"{columns}</style:page-layout-properties>"
        f"{_edge('header', 'bottom', margins['top'], distances.get('top'))}"
        f"{_edge('footer', 'top', margins['bottom'], distances.get('bottom'))}</style:page-layout>"
    )


def _edge(kind: str, side: str, margin: float, distance: float | None) -> str:
    """Return the room for a header or footer, which grows into the space between it and the body."""
    if distance is None:
        return f"<style:{kind}-style/>"
    room = max(margin - distance, _LEAST)
    return (
        f'<style:{kind}-style><style:header-footer-properties fo:min-height="{points(room)}" '
        f'fo:margin-{side}="{points(room - _LEAST)}" '
        f'style:dynamic-spacing="true"/></style:{kind}-style>'
    )


def _master(edges: Edges, title: str) -> str:
    kinds = ("header", "header-first", "footer", "footer-first")
    parts = (
        f"<style:{kind}>{''.join(_edge_line(kind, line, title) for line in edges.parts[kind])}"
        f"</style:{kind}>"
        for kind in kinds
        if kind in edges.parts
    )
    page = f'<style:master-page style:name="{PLAIN}" style:page-layout-name="{_PAGE}">'
    cover = f'<style:master-page style:name="{COVER}" style:page-layout-name="{_COVER}"/>'
    return f"{page}{''.join(parts)}</style:master-page>{cover}"


def _edge_style(kind: str, align: str) -> str:
    name = kind.partition("-")[0].title()
    return f"{name}_{align}" if align else name


def _edge_styles(lines: list[EdgeLine]) -> str:
    """Return the styles of those lines at the edge that are not aligned as their style has it."""
    return "".join(
        f'<style:style style:name="{kind}_{align}" style:family="paragraph" '
        f'style:parent-style-name="{kind}">'
        f'<style:paragraph-properties fo:text-align="{ALIGN[align]}"/></style:style>'
        for kind in ("Header", "Footer")
        for align in sorted({line.align for line in lines if line.align})
    )


def _edge_line(kind: str, line: EdgeLine, title: str) -> str:
    fields = {**_FIELDS, Field.TITLE: f"<text:title>{text(title)}</text:title>"}
    shown = (
        "<text:tab/>".join(map(text, piece.split("\t")))
        if isinstance(piece, str)
        else fields[piece]
        for piece in line.pieces
    )
    style = _edge_style(kind, line.align)
    return f'<text:p text:style-name="{style}">{"".join(shown)}</text:p>'
