"""Make the base.docx of every theme from scratch: styles, a sample of each, header and footer.

    python scripts/make_themes.py [--theme NAME]

Afterwards base.docx is the source of every style, and may be restyled in Word. Kept so that a reader can
see what is in them, and as the start of further themes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from theme_package import write
from theme_styles import (
    BOLD,
    CENTRED,
    CONTEXTUAL,
    HEADING,
    ITALIC,
    JUSTIFIED,
    KEEP,
    LINES,
    NO_HYPHENS,
    RIGHT,
    SMALL_CAPS,
    Look,
    Sheet,
    Theme,
    border,
    borders,
    color,
    fill,
    font,
    indent,
    size,
    spacing,
    tab,
    tracking,
)

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
UNDERLINED = '<w:u w:val="single"/>'


def classique() -> Theme:
    """Return the theme like a documentation centre's own: a title band, airy entries."""
    ink, band, tint, rule, grey, link = "1E2A30", "17495A", "D3E4E8", "A9C4CB", "5F6B70", "0B6A85"
    frame = (
        borders(*(border(side, band, 1, 12) for side in ("top", "left", "bottom", "right")))
        + fill(band)
        + NO_HYPHENS
    )
    inside, aside = indent(13, 13), indent(28.35)
    sheet = Sheet()
    heading = Look(
        KEEP
        + LINES
        + borders(border("bottom", band, 1.25, 3))
        + NO_HYPHENS
        + spacing(22, 4)
        + HEADING,
        BOLD + color(band) + size(17),
    )
    head = LINES + NO_HYPHENS
    looks = {
        "Handout Title": Look(
            frame + spacing(0, 0, 0.95) + inside, BOLD + color("FFFFFF") + size(29)
        ),
        "Handout Subtitle": Look(frame + spacing(2) + inside, color(tint) + size(15)),
        "Handout Institution": Look(
            frame + spacing(14) + inside, BOLD + color("FFFFFF") + size(11)
        ),
        "Handout Date": Look(frame + spacing(0, 16) + inside, color(tint) + size(11)),
        "Contents Heading": Look(
            KEEP + LINES + NO_HYPHENS + spacing(16, 4), BOLD + color(band) + size(13)
        ),
        "toc 1": Look(tab("right", sheet.text_width, "dot") + spacing(0, 3), size(11)),
        "Contents Entry": Look(),
        "Handout Intro": Look(spacing(10, 0, 1.1) + JUSTIFIED, size(11.5)),
        "Section Heading": heading,
        "Entry Author": Look(KEEP + head + spacing(13), color(band) + size(10.5)),
        "Entry Title": Look(head + spacing(), BOLD + size(12.5)),
        "Entry Subtitle": Look(head + spacing(), size(11.5)),
        "Entry Source": Look(head + spacing(0, 4), ITALIC + color(grey) + size(10.5)),
        "Entry Reference": Look(head + spacing(0, 2), size(11)),
        "Entry Abstract": Look(
            borders(border("left", rule, 1.5, 9)) + spacing() + aside + JUSTIFIED, size(10.5)
        ),
        "Entry Keywords": Look(NO_HYPHENS + spacing(3), color(grey) + size(9.5)),
        "Entry Shelfmark": Look(NO_HYPHENS + spacing(3), BOLD + color(grey) + size(9.5)),
        "Entry Note": Look(spacing(4) + aside, color(ink) + size(10)),
        "Entry Access": Look(NO_HYPHENS + spacing(4) + CONTEXTUAL, color(grey) + size(9.5)),
        "Index Entry": Look(NO_HYPHENS + spacing(0, 2) + indent(11, 0, 11), size(10)),
        "Handout Contact": Look(
            LINES
            + borders(border("top", rule, 0.75, 8))
            + NO_HYPHENS
            + spacing(26)
            + CONTEXTUAL
            + CENTRED,
            color(grey) + size(10),
        ),
        "Abstract Mark": Look(run=ITALIC + color(grey) + size(9)),
        "Entry Link": Look(run=color(link) + UNDERLINED),
        "Entry Number": Look(run=BOLD + color(band)),
    }
    return Theme("classique", "Calibri", ink, grey, band, looks, sheet)


def sobre() -> Theme:
    """Return the theme in black and white that saves ink and paper."""
    ink = grey = "000000"
    thin = border("bottom", ink, 0.5, 2)
    sheet = Sheet(
        margins=(48, 48, 48, 48), edge=24, header=("TITLE", "\t", "PAGE", " / ", "PAGES"), footer=()
    )
    head = LINES + NO_HYPHENS
    looks = {
        "Handout Title": Look(head + spacing(), BOLD + size(19)),
        "Handout Subtitle": Look(head + spacing(), ITALIC + size(12)),
        "Handout Institution": Look(head + spacing(4), size(9.5)),
        "Handout Date": Look(head + borders(thin) + spacing(0, 4) + CONTEXTUAL, size(9.5)),
        "Contents Heading": Look(KEEP + head + spacing(8, 1), SMALL_CAPS + size(11)),
        "toc 1": Look(tab("right", sheet.text_width, "dot") + spacing(), size(9.5)),
        "Contents Entry": Look(),
        "Handout Intro": Look(spacing(4) + JUSTIFIED, size(9.5)),
        "Section Heading": Look(
            KEEP + head + borders(thin) + spacing(12, 2) + HEADING,
            BOLD + SMALL_CAPS + color(ink) + tracking(0.4) + size(12),
        ),
        "Entry Author": Look(KEEP + head + spacing(6), size(9.5)),
        "Entry Title": Look(head + spacing(), BOLD + size(10)),
        "Entry Subtitle": Look(head + spacing(), size(9.5)),
        "Entry Source": Look(head + spacing(0, 1), ITALIC + size(9)),
        "Entry Reference": Look(head + spacing(0, 1) + indent(12, 0, 12), size(9.5)),
        "Entry Abstract": Look(spacing() + indent(12) + JUSTIFIED, size(9)),
        "Entry Keywords": Look(NO_HYPHENS + spacing(1) + indent(12), size(8.5)),
        "Entry Shelfmark": Look(NO_HYPHENS + spacing(1) + indent(12), BOLD + size(8.5)),
        "Entry Note": Look(spacing(1) + indent(12), ITALIC + size(9)),
        "Entry Access": Look(NO_HYPHENS + spacing(1) + indent(12) + CONTEXTUAL, size(8.5)),
        "Index Entry": Look(NO_HYPHENS + spacing() + indent(10, 0, 10), size(8.5)),
        "Handout Contact": Look(
            LINES + borders(border("top", ink, 0.5, 4)) + NO_HYPHENS + spacing(12) + CONTEXTUAL,
            size(8.5),
        ),
        "Abstract Mark": Look(run=size(8)),
        "Entry Link": Look(run=color(ink)),
        "Entry Number": Look(run=BOLD),
    }
    return Theme("sobre", "Cambria", ink, grey, ink, looks, sheet, 9.5)


def colonnes() -> Theme:
    """Return the theme for a sheet that is folded in the middle: each column is a page of it."""
    ink, accent, pale, grey, link = "26221F", "9A3B26", "F4E8E0", "6B625C", "8A3522"
    outer, top, bottom = 36.0, 40.0, 48.0
    width, height = 841.9, 595.3
    sheet = Sheet(
        width,
        height,
        (top, outer, bottom, outer),
        edge=22,
        columns=2,
        gap=2 * outer,
        header=(),
        footer=("TITLE", "\t", "PAGE", " / ", "PAGES"),
        footer_look="",
    )
    column = (sheet.text_width - sheet.gap) / 2
    head = LINES + NO_HYPHENS
    looks = {
        "Handout Title": Look(
            head + borders(border("top", accent, 4.5, 10)) + spacing(8, 0, 0.92),
            BOLD + color(accent) + size(25),
        ),
        "Handout Subtitle": Look(head + spacing(2), color(ink) + size(13)),
        "Handout Institution": Look(head + spacing(10), BOLD + color(grey) + size(10)),
        "Handout Date": Look(head + spacing(0, 4) + CONTEXTUAL, color(grey) + size(10)),
        "Contents Heading": Look(KEEP + head + spacing(10, 3), BOLD + color(accent) + size(11)),
        "toc 1": Look(tab("right", column, "dot") + spacing(0, 1), size(10)),
        "Contents Entry": Look(),
        "Handout Intro": Look(spacing(6) + JUSTIFIED, size(10)),
        "Section Heading": Look(
            KEEP
            + head
            + borders(*(border(s, pale, 0.5, 3) for s in ("top", "left", "bottom", "right")))
            + fill(pale)
            + spacing(15, 4)
            + indent(4, 4)
            + HEADING,
            BOLD + color(accent) + size(13),
        ),
        "Entry Author": Look(KEEP + head + spacing(9), color(accent) + size(9.5)),
        "Entry Title": Look(head + spacing(), BOLD + size(10.5)),
        "Entry Subtitle": Look(head + spacing(), size(10)),
        "Entry Source": Look(head + spacing(0, 2), ITALIC + color(grey) + size(9.5)),
        "Entry Reference": Look(head + spacing(0, 1), size(10)),
        "Entry Abstract": Look(spacing() + JUSTIFIED, size(9.5)),
        "Entry Keywords": Look(NO_HYPHENS + spacing(2), color(grey) + size(8.5)),
        "Entry Shelfmark": Look(NO_HYPHENS + spacing(2), BOLD + color(grey) + size(8.5)),
        "Entry Note": Look(borders(border("left", accent, 1, 6)) + spacing(2) + indent(9), size(9)),
        "Entry Access": Look(NO_HYPHENS + spacing(2) + CONTEXTUAL, color(grey) + size(8.5)),
        "Index Entry": Look(NO_HYPHENS + spacing() + indent(10, 0, 10), size(9)),
        "Handout Contact": Look(
            LINES + borders(border("top", accent, 1, 6)) + NO_HYPHENS + spacing(16) + CONTEXTUAL,
            color(grey) + size(9),
        ),
        "Abstract Mark": Look(run=ITALIC + color(grey) + size(8.5)),
        "Entry Link": Look(run=color(link) + UNDERLINED),
        "Entry Number": Look(run=BOLD + color(accent)),
    }
    return Theme("colonnes", "Calibri", ink, grey, accent, looks, sheet, 10)


def rapport() -> Theme:
    """Return the theme of long bibliographies: a cover, numbered sections and entries, indexes."""
    ink, navy, gold, grey, link = "22272E", "1F3A5F", "A9802F", "5A6470", "1F5A8F"
    serif = font("Cambria")
    sheet = Sheet(
        margins=(76, 68, 68, 68), edge=34, header=("TITLE",), footer=("\t", "PAGE"), footer_look=""
    )
    bar = borders(border("left", gold, 4.5, 16)) + NO_HYPHENS
    cover = indent(24)
    head = LINES + NO_HYPHENS
    aside = indent(20)
    looks = {
        "header": Look(
            borders(border("bottom", gold, 0.75, 4)) + spacing(),
            serif + ITALIC + color(grey) + size(9),
        ),
        "footer": Look(tab("right", sheet.text_width), color(navy) + size(10)),
        "Handout Title": Look(
            bar + spacing(170, 0, 0.95) + cover, serif + BOLD + color(navy) + size(38)
        ),
        "Handout Subtitle": Look(bar + spacing(8) + cover, serif + color(grey) + size(19)),
        "Handout Institution": Look(bar + spacing(60) + cover, BOLD + color(navy) + size(13)),
        "Handout Date": Look(bar + spacing(3, 24) + cover, color(grey) + size(12)),
        "Contents Heading": Look(
            KEEP + head + spacing(18, 14), serif + BOLD + color(navy) + size(22)
        ),
        "toc 1": Look(tab("right", sheet.text_width, "dot") + spacing(0, 6), size(11.5)),
        "Contents Entry": Look(),
        "Handout Intro": Look(spacing(12, 0, 1.1) + JUSTIFIED, serif + size(11)),
        "Section Heading": Look(
            KEEP + head + borders(border("bottom", gold, 0.75, 4)) + spacing(28, 6) + HEADING,
            serif + BOLD + color(navy) + size(19),
        ),
        "Entry Author": Look(KEEP + head + spacing(13), color(navy) + size(10.5)),
        "Entry Title": Look(head + spacing(), serif + BOLD + size(12)),
        "Entry Subtitle": Look(head + spacing(), serif + size(11)),
        "Entry Source": Look(head + spacing(0, 4), color(grey) + size(10.5)),
        "Entry Reference": Look(head + spacing(0, 2), size(11)),
        "Entry Abstract": Look(spacing() + aside + JUSTIFIED, size(10.5)),
        "Entry Keywords": Look(NO_HYPHENS + spacing(3) + aside, color(grey) + size(9.5)),
        "Entry Shelfmark": Look(NO_HYPHENS + spacing(3) + aside, BOLD + color(grey) + size(9.5)),
        "Entry Note": Look(spacing(4) + aside, ITALIC + size(10)),
        "Entry Access": Look(NO_HYPHENS + spacing(4) + aside + CONTEXTUAL, color(grey) + size(9.5)),
        "Index Entry": Look(NO_HYPHENS + spacing(0, 1.5) + indent(11, 0, 11), size(9.5)),
        "Handout Contact": Look(
            LINES
            + borders(border("top", gold, 0.75, 8))
            + NO_HYPHENS
            + spacing(26)
            + CONTEXTUAL
            + RIGHT,
            color(grey) + size(10),
        ),
        "Abstract Mark": Look(run=ITALIC + color(grey) + size(9)),
        "Entry Link": Look(run=color(link) + UNDERLINED),
        "Entry Number": Look(run=BOLD + color(gold)),
    }
    return Theme("rapport", "Calibri", ink, grey, navy, looks, sheet, 11, ("Cambria",))


THEMES = {make.__name__: make for make in (classique, sobre, colonnes, rapport)}


def main() -> None:
    """Write the base.docx of the themes that are asked for, else of all."""
    parser = argparse.ArgumentParser(description="Make the base.docx of themes from scratch.")
    parser.add_argument("--theme", action="append", choices=THEMES, help="this one alone")
    for name in parser.parse_args().theme or THEMES:
        write(THEMES[name](), TEMPLATES / name / "base.docx")


if __name__ == "__main__":
    main()
