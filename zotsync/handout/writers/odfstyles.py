"""The looks of a theme as the styles of an OpenDocument text: its styles.xml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from zotsync.handout.entry import Role
from zotsync.handout.writers.edges import Edges
from zotsync.handout.writers.looks import Border, Letters, Look, Looks, Tab
from zotsync.handout.writers.odf import (
    HEADINGS,
    INTERNAL_LINK,
    attribute,
    attributes,
    document,
    name_of,
    points,
)
from zotsync.handout.writers.odfpages import ALIGN, SIDES, pages_of

_LEADERS = {"dot": ".", "hyphen": "-", "underscore": "_"}
_SCRIPTS = ("", "-asian", "-complex")
"""Western letters, East Asian ones, and those of Arabic, Hebrew …: formatted alike, as Word does."""


def styles_xml(looks: Looks, edges: Edges, language: str, title: str) -> bytes:
    """Return styles.xml: a style for each role and mark, the page, its headers and footers."""
    roles = "".join(
        _paragraph_style(role.value, look, heading=role in HEADINGS)
        for role, look in {**looks.roles, Role.CONTENTS: _with_pages(looks)}.items()
    )
    running = "".join(_paragraph_style(name.title(), look) for name, look in looks.running.items())
    marks = "".join(_text_style(mark.value, _letters(looks.marks[mark])) for mark in looks.marks)
    layouts, masters = pages_of(looks.page, edges, title)
    return document(
        "styles",
        f"{_fonts(looks)}<office:styles>{_defaults(looks.normal, language)}"
        '<style:style style:name="Standard" style:family="paragraph" style:class="text"/>'
        f"{roles}{running}{marks}{_text_style(INTERNAL_LINK, '')}</office:styles>"
        f"<office:automatic-styles>{layouts}</office:automatic-styles>"
        f"<office:master-styles>{masters}</office:master-styles>",
    )


def _fonts(looks: Looks) -> str:
    letters = [
        look.letters for look in (looks.normal, *looks.roles.values(), *looks.running.values())
    ]
    names = {each.font for each in (*letters, *looks.marks.values()) if each.font}
    faces = (
        f'<style:font-face style:name="{attribute(name)}" '
        f'svg:font-family="{attribute(_family(name))}"/>'
        for name in sorted(names)
    )
    return f"<office:font-face-decls>{''.join(faces)}</office:font-face-decls>"


def _family(name: str) -> str:
    return f"'{name}'" if " " in name else name


def _defaults(normal: Look, language: str) -> str:
    code, _, country = language.partition("-")
    spoken = f'fo:language="{attribute(code)}" fo:country="{attribute(country or "none")}"'
    return (
        '<style:default-style style:family="paragraph">'
        f'<style:paragraph-properties {_paragraph(normal)} style:tab-stop-distance="35.45pt" '
        'style:writing-mode="page"/>'
        f"<style:text-properties {_letters(normal.letters)} {spoken} {_hyphens(normal)}/>"
        "</style:default-style>"
    )


def _with_pages(looks: Looks) -> Look:
    """Return the look of a line of contents, with a tab stop for its page number in any case."""
    look, page = looks.roles[Role.CONTENTS], looks.page
    if look.tabs:
        return look
    width = page.width - page.left - page.right - page.gap * (page.columns - 1)
    return replace(look, tabs=(Tab(width / page.columns - look.right, "right", "dot"),))


def _paragraph_style(name: str, look: Look, *, heading: bool = False) -> str:
    level = f' style:default-outline-level="{look.outline or 1}"' if heading else ""
    tabs = "".join(_tabs(look))
    return (
        f'<style:style style:name="{name_of(name)}" style:display-name="{name}" '
        f'style:family="paragraph" style:parent-style-name="Standard"{level}>'
        f"<style:paragraph-properties {_paragraph(look)}>"
        f"{f'<style:tab-stops>{tabs}</style:tab-stops>' if tabs else ''}"
        "</style:paragraph-properties>"
        f"<style:text-properties {_letters(look.letters)} {_hyphens(look)}/></style:style>"
    )


def _text_style(name: str, looks: str) -> str:
    return (
        f'<style:style style:name="{name_of(name)}" style:display-name="{name}" '
        f'style:family="text"><style:text-properties {looks}/></style:style>'
    )


def _paragraph(look: Look) -> str:
    """Return a paragraph's attributes. A frame stands outside of the indents, as in Word."""
    outside = {side: _outside(look.borders.get(side)) for side in ("left", "right")}
    found = {
        "fo:margin-left": points(look.left - outside["left"]),
        "fo:margin-right": points(look.right - outside["right"]),
        "fo:margin-top": points(look.before),
        "fo:margin-bottom": points(look.after),
        "fo:text-indent": points(look.first),
        "style:contextual-spacing": _flag(look.contextual),
        "fo:text-align": ALIGN[look.align],
        "style:justify-single-word": "false",
        "fo:background-color": f"#{look.background}" if look.background else "transparent",
        "fo:keep-together": "always" if look.keep_lines else "auto",
        "fo:keep-with-next": "always" if look.keep_next else "auto",
        "fo:break-before": "page" if look.page_break_before else "auto",
        "fo:orphans": "2",
        "fo:widows": "2",
        "fo:hyphenation-ladder-count": "2",
        **dict(_line(look)),
        **dict(_frame(look.borders)),
    }
    return attributes(found)


def _outside(border: Border | None) -> float:
    return border.space + border.width if border else 0.0


def _line(look: Look) -> Iterator[tuple[str, str]]:
    if look.line_rule == "least":
        yield "style:line-height-at-least", points(look.line)
    elif look.line_rule == "exact":
        yield "fo:line-height", points(look.line)
    else:
        yield "fo:line-height", f"{look.line * 100:g}%"


def _frame(borders: Mapping[str, Border]) -> Iterator[tuple[str, str]]:
    for side in SIDES:
        if border := borders.get(side):
            line = f"{points(border.width)} {_stroke(border)} #{border.color or '000000'}"
            yield f"fo:border-{side}", line
            yield f"fo:padding-{side}", points(border.space)
        else:
            yield f"fo:border-{side}", "none"
            yield f"fo:padding-{side}", "0pt"


def _stroke(border: Border) -> str:
    return border.style if border.style in ("double", "dotted", "dashed") else "solid"


def _letters(letters: Letters) -> str:
    found: dict[str, str] = {}
    for script in _SCRIPTS:
        found[f"style:font-name{script}"] = attribute(letters.font or "")
        for name, value in _sizes(letters):
            found[f"{'style' if script else 'fo'}:{name}{script}"] = value
    for name, flag, (yes, no) in (
        ("fo:text-transform", letters.caps, ("uppercase", "none")),
        ("fo:font-variant", letters.small_caps, ("small-caps", "normal")),
        ("style:text-underline-style", letters.underline, ("solid", "none")),
    ):
        found[name] = "" if flag is None else yes if flag else no
    found |= _colors(letters)
    if letters.tracking is not None:
        found["fo:letter-spacing"] = points(letters.tracking)
    return attributes(found)


def _colors(letters: Letters) -> dict[str, str]:
    found = {}
    if letters.color is not None:
        found["style:use-window-font-color"] = "" if letters.color else "true"
        found["fo:color"] = f"#{letters.color}" if letters.color else ""
    if letters.background is not None:
        background = f"#{letters.background}" if letters.background else "transparent"
        found["fo:background-color"] = background
    return found


def _sizes(letters: Letters) -> Iterator[tuple[str, str]]:
    if letters.size is not None:
        yield "font-size", points(letters.size)
    if letters.bold is not None:
        yield "font-weight", "bold" if letters.bold else "normal"
    if letters.italic is not None:
        yield "font-style", "italic" if letters.italic else "normal"


def _hyphens(look: Look) -> str:
    ends = 'fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"'
    return f'fo:hyphenate="{_flag(look.hyphenate)}" {ends}'


def _tabs(look: Look) -> Iterator[str]:
    for tab in look.tabs:
        leader = _LEADERS.get(tab.leader)
        dots = f' style:leader-style="dotted" style:leader-text="{leader}"' if leader else ""
        char = ' style:char=","' if tab.kind == "decimal" else ""
        kind = {"decimal": "char"}.get(tab.kind, tab.kind)
        place = f'style:position="{points(tab.position)}"'
        yield f'<style:tab-stop {place} style:type="{kind}"{char}{dots}/>'


def _flag(value: bool) -> str:  # noqa: FBT001 - a word for it
    return "true" if value else "false"
