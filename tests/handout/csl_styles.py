"""Small citation styles for tests, and what lays items out in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zotsync.handout.csl.references import References, references
from zotsync.handout.csl.style import read_style
from zotsync.model import normal
from zotsync.zotero.schema import bundled

_STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"{locale}>
<info>
<title>{name}</title>
<id>http://www.zotero.org/styles/{name}</id>{link}
<updated>2026-01-01T00:00:00+00:00</updated>
</info>
{body}
</style>
"""
CITATION = '<citation><layout><text variable="title"/></layout></citation>'
DATE = """<date variable="issued"><date-part name="day" suffix=" "/>
<date-part name="month" suffix=" " range-delimiter="-"/><date-part name="year"/></date>"""


def write_style(folder: Path, name: str, layout: str, *, locale: str = "", more: str = ">") -> Path:
    """Write a style whose bibliography has this layout; `more` stands in its head (` x="y"><sort>`)."""
    body = f"{CITATION}\n<bibliography{more}<layout>{layout}</layout></bibliography>"
    return write_text(folder, name, body, locale=locale)


def write_text(folder: Path, name: str, body: str, *, locale: str = "", link: str = "") -> Path:
    """Write a style file of any body; `link` leads to the style that it is another name of."""
    file = folder / f"{name}.csl"
    file.parent.mkdir(parents=True, exist_ok=True)
    told = f' default-locale="{locale}"' if locale else ""
    parent = f'\n<link rel="independent-parent" href="{link}"/>' if link else ""
    text = _STYLE.format(name=file.stem, body=body, locale=told, link=parent)
    file.write_text(text, encoding="utf-8")
    return file


def referred(file: Path, *items: dict[str, Any], language: str = "fr") -> References:
    """Return the references of items; they have the keys "0", "1" and so on."""
    library = {str(n): normal({"itemType": "book"} | item) for n, item in enumerate(items)}
    return references(library, library, read_style(file), language, bundled())


def texts(file: Path, *items: dict[str, Any], language: str = "fr") -> list[list[str]]:
    """Return the texts of the lines of each item, in the order of the items."""
    made = referred(file, *items, language=language)
    return [[line.text for line in made.lines.get(str(n), ())] for n in range(len(items))]
