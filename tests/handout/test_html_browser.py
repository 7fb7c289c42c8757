"""Handouts as web pages in a real browser: on phones and wide screens, on paper, and for everybody."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from browser import AXE, MEASURE, axe_core, chromium, told
from handout.documents import document, entry
from handout.printed import SAMPLE, sample_library

from zotsync.config import Centre
from zotsync.handout.entry import Document, Line, Mark, Role, Run, plain
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.render import House, render_handout
from zotsync.handout.theming.themes import list_themes, load_theme
from zotsync.handout.writers.html import to_html
from zotsync.zotero.schema import bundled

pytestmark = pytest.mark.needs("chromium")
WIDTHS = (320, 375, 1400)
THEMES = [theme.name for theme in list_themes()]
EVERYTHING = {
    "cover": True,
    "contents": True,
    "numbering": True,
    "keywords": True,
    "qr": True,
    "indexes": ("authors", "keywords"),
}


def sample_page(theme: str, **choices: Any) -> str:
    handout = read_handout(SAMPLE / "handouts/pair-aidance.toml")
    house = House(Centre(institution="Centre", address="Lyon", contact="doc@example.org"))
    made = render_handout(
        handout,
        sample_library(),
        load_theme(theme),
        bundled(),
        house,
        overrides=choices,
        form="html",
    )
    return made.data.decode()


def wide_page(theme: str) -> str:
    """Return a page of everything that does not fit: endless words and addresses, in every role."""
    endless = "Anticonstitutionnellement" * 20
    address = f"https://example.org/{'a' * 400}"
    roles = [role for role in Role if role.value.startswith("Entry")]
    lines = [Line(role, (Run(endless, Mark.NUMBER), Run(address, url=address))) for role in roles]
    whole = document(entry(*lines), title=endless, heading=endless)
    whole = Document(
        (*whole.front, plain(Role.SUBTITLE, endless), plain(Role.DATE, endless)),
        whole.blocks,
        (plain(Role.CONTACT, endless),),
        contents=plain(Role.CONTENTS_HEADING, endless),
        intro=(plain(Role.INTRO, endless),),
    )
    return to_html(whole, load_theme(theme)).decode()


def test_no_screen_is_too_narrow(tmp_path: Path) -> None:
    pages: dict[str, tuple[int, str]] = {}
    for theme in THEMES:
        for kind, page in (("all", sample_page(theme, **EVERYTHING)), ("wide", wide_page(theme))):
            pages |= {f"{theme} {kind} {width}": (width, page) for width in WIDTHS}
    found = told(tmp_path, pages, MEASURE)
    assert {name: beyond for name, beyond in found.items() if beyond > 0} == {}


def test_everybody_can_read_it(axe: str, tmp_path: Path) -> None:
    pages = {theme: (1000, sample_page(theme, **EVERYTHING)) for theme in THEMES}
    assert told(tmp_path, pages, axe, AXE) == {theme: [] for theme in THEMES}


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_core()


def printed_pages(page: str, folder: Path) -> list[str]:
    """Return the texts of the sheets of paper that a page is printed on."""
    (folder / "x.html").write_text(page, "utf-8")
    printed = folder / "x.pdf"
    address = (folder / "x.html").as_uri()
    chromium(folder, "--no-pdf-header-footer", f"--print-to-pdf={printed}", address)
    command = ("pdftotext", "-layout", str(printed), "-")
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    return text.split("\f")[:-1]


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("theme", ["classique", "rapport"])
def test_no_printed_page_begins_with_the_last_line_of_an_entry(theme: str, tmp_path: Path) -> None:
    lines = [
        plain(Role.ENTRY_TITLE, "Titre"),
        plain(Role.SOURCE, "Source"),
        plain(Role.KEYWORDS, "Mots-clés : un, deux"),
        plain(Role.ACCESS, "Disponible sur Cairn"),
        plain(Role.ACCESS, "https://example.org/texte"),
    ]
    entries = (entry(*lines[: 2 + number % 4]) for number in range(150))
    page = to_html(document(*entries), load_theme(theme)).decode()
    first, *others = printed_pages(page, tmp_path)
    assert first.split()[0] == "Titre"
    assert len(others) > 4
    assert {page.split()[0] for page in others} == {"Titre"}


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("theme", THEMES)
def test_no_printed_page_is_empty(theme: str, tmp_path: Path) -> None:
    pages = printed_pages(sample_page(theme, **EVERYTHING), tmp_path)
    assert 2 < len(pages) < 9
    for number, page in enumerate(pages, 1):
        foot = re.search(rf"\b{number}\s*/\s*{len(pages)}\s*\Z", page)
        assert foot
        assert len(page[: foot.start()].split()) > 2
