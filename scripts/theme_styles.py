"""What all themes share: their styles' names and samples, and the words to say how one looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BOLD, ITALIC, SMALL_CAPS = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>", "<w:smallCaps/>"
KEEP, LINES, NO_HYPHENS = "<w:keepNext/>", "<w:keepLines/>", "<w:suppressAutoHyphens/>"
CONTEXTUAL = "<w:contextualSpacing/>"
JUSTIFIED, CENTRED, RIGHT = (f'<w:jc w:val="{side}"/>' for side in ("both", "center", "right"))
HEADING = '<w:outlineLvl w:val="0"/>'


@dataclass(frozen=True)
class Role:
    """A style that every theme has: its name, its French alias, what follows it, and a sample."""

    name: str
    alias: str
    sample: str
    next_style: str = ""
    based_on: str = "Normal"

    @property
    def id(self) -> str:
        """Return the id that the sample paragraphs refer to."""
        return self.name.replace(" ", "")


@dataclass(frozen=True)
class Look:
    """How a style looks: its paragraph's properties and its letters', in the order Word wants them."""

    paragraph: str = ""
    run: str = ""


@dataclass(frozen=True)
class Sheet:
    """The page, in points, and what stands at its edges: `TITLE`, `PAGE`, `PAGES`, tabs and text."""

    width: float = 595.3
    height: float = 841.9
    margins: tuple[float, float, float, float] = (56.7, 56.7, 56.7, 56.7)
    """Top, right, bottom, left."""
    edge: float = 28.35
    """From the sheet's edge to its header and footer."""
    columns: int = 1
    gap: float = 35.4
    header: tuple[str, ...] = ("\t", "TITLE")
    footer: tuple[str, ...] = ("PAGE", " / ", "PAGES")
    footer_look: str = CENTRED

    @property
    def landscape(self) -> bool:
        """Return whether it lies on its long side."""
        return self.width > self.height

    @property
    def text_width(self) -> float:
        """Return how wide what stands between the margins is."""
        return self.width - self.margins[1] - self.margins[3]


@dataclass(frozen=True)
class Theme:
    """A theme's base.docx."""

    name: str
    font: str
    ink: str
    grey: str
    accent: str
    looks: Mapping[str, Look]
    """Style -> how it looks."""
    sheet: Sheet = field(default_factory=Sheet)
    size: float = 11
    fonts: tuple[str, ...] = ()
    """Further fonts that styles name."""


PARAGRAPHS = (
    Role("Handout Title", "Document Titre", "Titre du document", "Handout Subtitle"),
    Role(
        "Handout Subtitle",
        "Document Sous-titre",
        "Sous-titre du document",
        "Handout Institution",
    ),
    Role("Handout Institution", "Document Organisme", "Nom de l’organisme", "Handout Date"),
    Role("Handout Date", "Document Date", "octobre 2021", "Handout Intro"),
    Role("Contents Heading", "Sommaire Titre", "Sommaire", "Contents Entry"),
    Role("Contents Entry", "Sommaire Ligne", "Titre de section\t1", "", "toc 1"),
    Role(
        "Handout Intro",
        "Document Introduction",
        "Texte d’introduction, en un ou plusieurs paragraphes.",
    ),
    Role("Section Heading", "Titre de section", "Titre de section", "Entry Author", "heading 1"),
    Role("Entry Author", "Notice Auteur", "NOM Prénom, NOM Prénom.", "Entry Title"),
    Role("Entry Title", "Notice Titre", "Titre de la référence", "Entry Source"),
    Role("Entry Subtitle", "Notice Sous-titre", "Sous-titre de la référence", "Entry Source"),
    Role(
        "Entry Source",
        "Notice Source",
        "Revue, n°3145, 31 janvier 2020. pp.28-32",
        "Entry Abstract",
    ),
    Role(
        "Entry Reference",
        "Notice Référence",
        "NOM, Prénom, 2020. Titre de la référence. Revue. N° 3145, p. 28-32.",
        "Entry Abstract",
    ),
    Role(
        "Entry Abstract",
        "Notice Résumé",
        "Résumé de la référence, avec la marque de son origine. ",
    ),
    Role("Entry Keywords", "Notice Mots-clés", "Mots-clés : pair-aidance, santé mentale"),
    Role("Entry Shelfmark", "Notice Cote", "Cote : SOC 362.2"),
    Role("Entry Note", "Notice Note", "Note de la rédaction."),
    Role("Entry Access", "Notice Accès", "Disponible sur Cairn : "),
    Role("Index Entry", "Index Ligne", "NOM Prénom, 1, 12, 15"),
    Role("Handout Contact", "Document Contact", "Pour nous joindre : adresse, courriel"),
)
CHARACTERS = (
    Role("Abstract Mark", "Notice Origine du résumé", "[Extr. intro.]"),
    Role("Entry Link", "Notice Lien", "https://www.example.org/article"),
    Role("Entry Number", "Notice Numéro", "1. "),
)
INSIDE = {
    "Entry Abstract": "Abstract Mark",
    "Entry Access": "Entry Link",
    "Entry Author": "Entry Number",
}
"""Paragraph style -> the character style whose sample stands in its own, a number before the text."""


def size(points: float) -> str:
    """Return a font size."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def font(name: str) -> str:
    """Return a font."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def color(value: str) -> str:
    """Return a text colour."""
    return f'<w:color w:val="{value}"/>'


def tracking(points: float) -> str:
    """Return space between letters."""
    return f'<w:spacing w:val="{round(points * 20)}"/>'


def spacing(before: float = 0, after: float = 0, line: float = 1.0) -> str:
    """Return the space above and below in points, and the line pitch."""
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{round(line * 240)}" w:lineRule="auto"/>'
    )


def indent(left: float = 0, right: float = 0, hanging: float = 0) -> str:
    """Return indents in points."""
    hung = f' w:hanging="{round(hanging * 20)}"' if hanging else ""
    return f'<w:ind w:left="{round(left * 20)}" w:right="{round(right * 20)}"{hung}/>'


def tab(kind: str, points: float, leader: str = "") -> str:
    """Return a tab stop."""
    dots = f' w:leader="{leader}"' if leader else ""
    return f'<w:tabs><w:tab w:val="{kind}"{dots} w:pos="{round(points * 20)}"/></w:tabs>'


def border(side: str, value: str, width: float, space: int) -> str:
    """Return one border: width and space in points."""
    return (
        f'<w:{side} w:val="single" w:sz="{round(width * 8)}" w:space="{space}" w:color="{value}"/>'
    )


def borders(*sides: str) -> str:
    """Return a paragraph's borders."""
    return f"<w:pBdr>{''.join(sides)}</w:pBdr>"


def fill(value: str) -> str:
    """Return a background."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{value}"/>'
