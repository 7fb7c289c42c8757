"""How a theme's base.docx wants each role to look: read once, in points, for writers of other formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from lxml.etree import XMLSyntaxError

from zotsync.handout.entry import FALLBACK, Mark, Role
from zotsync.handout.writers.basefile import BROKEN, check_styles, unusable
from zotsync.handout.writers.stylexml import BasePart, Style, read_base

Alignment: TypeAlias = Literal["left", "right", "center", "justify"]
LineRule: TypeAlias = Literal["multiple", "exact", "least"]
DEFAULT_SIZE = 10.0
"""Word's, where a document says nothing."""


@dataclass(frozen=True, slots=True)
class Letters:
    """How letters look. None: as what stands around them."""

    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    caps: bool | None = None
    small_caps: bool | None = None
    underline: bool | None = None
    color: str | None = None
    """RRGGBB; "" what shows on the background."""
    background: str | None = None
    """RRGGBB; "" none."""
    tracking: float | None = None
    """Space added between letters."""


@dataclass(frozen=True, slots=True)
class Border:
    """One side of a paragraph's frame."""

    style: str
    """single, double, dotted or dashed."""
    width: float
    color: str
    """RRGGBB; "" the letters' own."""
    space: float
    """Between the line and the text."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab stop."""

    position: float
    """From the left margin."""
    kind: str
    """left, right, center or decimal."""
    leader: str
    """dot, hyphen or underscore; "" none."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: style, what it is based on, and the document's defaults in one."""

    letters: Letters = field(default_factory=Letters)
    align: Alignment = "left"
    before: float = 0.0
    after: float = 0.0
    line: float = 1.0
    """The height of a line: times the font's own, or in points, as `line_rule` says."""
    line_rule: LineRule = "multiple"
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    """Indent of the first line beyond `left`; negative where it hangs."""
    background: str = ""
    borders: Mapping[str, Border] = field(default_factory=dict)
    """top, left, bottom, right, between (paragraphs of one frame)."""
    tabs: tuple[Tab, ...] = ()
    keep_next: bool = False
    keep_lines: bool = False
    page_break_before: bool = False
    contextual: bool = False
    """Whether there is no space between paragraphs of this style."""
    hyphenate: bool = True
    outline: int = 0
    """Level of a heading; 0 for a paragraph."""

    @property
    def size(self) -> float:
        """Return the size of the letters."""
        return self.letters.size or DEFAULT_SIZE

    def same_frame(self, other: Look) -> bool:
        """Return whether Word puts both into one frame when one follows the other."""
        mine, others = (
            (look.borders, look.background, look.left, look.right) for look in (self, other)
        )
        return mine == others and bool(self.borders or self.background)


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet. The defaults are A4 with Word's margins."""

    width: float = 595.3
    height: float = 841.9
    top: float = 70.85
    right: float = 70.85
    bottom: float = 70.85
    left: float = 70.85
    columns: int = 1
    gap: float = 0.0
    """Between columns."""
    separator: bool = False
    """Whether a line stands between columns."""
    background: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """Everything a base.docx says of the looks."""

    page: Page
    normal: Look
    """A paragraph without a style of its own."""
    roles: Mapping[Role, Look]
    marks: Mapping[Mark, Letters]
    running: Mapping[str, Look] = field(default_factory=dict)
    """header and footer: the lines at the edges of the sheet."""


def looks_of(base: Path) -> Looks:
    """Return how a base.docx wants each role and mark to look.

    Raises ThemeError where the file cannot be used, or lacks a style that has no stand-in.
    """
    try:
        part = read_base(base)
    except (*BROKEN, XMLSyntaxError) as exc:
        raise unusable(base, exc) from exc
    check_styles(part.paragraphs, part.characters, base)
    return Looks(
        page=Page(**part.page),
        normal=_look(part, part.paragraphs.get("Normal", ())),
        roles={role: _look(part, _chain(part, role)) for role in Role},
        marks={mark: _letters(part.characters.get(mark.value, ())) for mark in Mark},
        running={name: _look(part, _edge(part, name)) for name in ("header", "footer")},
    )


def _chain(part: BasePart, role: Role) -> tuple[Style, ...]:
    while role.value not in part.paragraphs:
        role = FALLBACK[role]
    return part.paragraphs[role.value]


def _edge(part: BasePart, name: str) -> tuple[Style, ...]:
    return part.paragraphs.get(name) or part.paragraphs.get(name.title(), ())


def _letters(chain: Iterable[Style]) -> Letters:
    return Letters(**_merged(style.letters for style in chain))


def _look(part: BasePart, chain: tuple[Style, ...]) -> Look:
    """Return what the defaults and a chain of styles, the last one winning, amount to."""
    whole = (part.defaults, *chain)
    said = _merged(style.paragraph for style in whole)
    line, rule = said.pop("line", 240.0), said.pop("line_rule", "auto")
    rules: Mapping[str, LineRule] = {"exact": "exact", "atLeast": "least"}
    tabs = _merged(style.tabs for style in whole)
    borders = _merged(style.borders for style in whole)
    return Look(
        letters=_letters(whole),
        line=line / (20 if rule in rules else 240),
        line_rule=rules.get(rule, "multiple"),
        borders={side: Border(**border) for side, border in borders.items() if border},
        tabs=tuple(Tab(at, *tab) for at, tab in sorted(tabs.items()) if tab),
        **said,
    )


def _merged(tables: Iterable[Mapping[Any, Any]]) -> dict[Any, Any]:
    return {name: value for table in tables for name, value in table.items()}
