"""The guide is a site that works from anywhere, in both languages, for everybody."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import make_errors
import make_guide
import pytest
from browser import AXE, MEASURE, axe_core, told

DOCS = make_guide.DOCS
TWINS = sorted(path.name for path in DOCS.glob("*.fr.md"))
NARROW, WIDE = 340, 1300


class Seen(HTMLParser):
    """What a page has: names that can be led to, and addresses of pages, pictures and other things."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self.alone: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.names += [given["id"] or ""] if "id" in given else []
        self.addresses += [value for name in ("href", "src") if (value := given.get(name))]
        if tag == "img" and not given.get("alt"):
            self.alone.append(given.get("src") or "")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    make_guide.make(folder)
    return folder


@pytest.mark.parametrize("script", ["make_guide.py", "make_themes.py", "update_schema.py"])
def test_a_script_that_is_asked_for_help_makes_nothing(script: str, tmp_path: Path) -> None:
    file = make_guide.CHECKOUT / "scripts" / script
    command = [sys.executable, str(file), "--help"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert f"usage: {script}" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Seen]:
    return {file: Seen(file) for file in site.rglob("*.html")}


def test_every_page_of_docs_is_in_the_guide_once() -> None:
    for language in make_guide.ENDINGS:
        named = [page for group in make_guide.groups(language) for page, _title in group.pages]
        assert [page for page, count in Counter(named).items() if count > 1] == []
        there = {make_guide.page_of(path.name) for path in DOCS.glob("*.md")}
        names = {page.name for page in there} - {make_guide.BEGINNING}
        assert {page.name for page in named} == names
        both = {page.name for page in there if page.language == "fr"}
        assert {page.name for page in named if page.language != language} == (
            names - both if language == "fr" else set()
        )


def test_every_link_leads_to_something_that_goes_along(pages: dict[Path, Seen]) -> None:
    lost = []
    for file, seen in pages.items():
        for address in seen.addresses:
            parts = urlsplit(address)
            if parts.scheme:
                assert parts.scheme == "https", address
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            name = unquote(parts.fragment)
            if not target.is_file() or (name and name not in pages[target].names):
                lost.append((file.name, address))
    assert lost == []


def test_nothing_is_fetched_and_no_script_runs(site: Path, pages: dict[Path, Seen]) -> None:
    for file, seen in pages.items():
        assert not seen.tags & {"script", "iframe", "object", "style"}, file
        text = file.read_text(encoding="utf-8")
        assert re.findall(r'<(?:img|link)[^>]+(?:src|href)="https?:', text) == []
    pictures = [*site.rglob("*.css"), *site.rglob("*.svg")]
    assert [
        p for p in pictures if re.search(r"url\([\"']?http|@import|<script", p.read_text("utf-8"))
    ] == []


def test_every_picture_is_said_in_words(pages: dict[Path, Seen]) -> None:
    assert {file.name: seen.alone for file, seen in pages.items() if seen.alone} == {}


def test_no_name_stands_twice_on_a_page(pages: dict[Path, Seen]) -> None:
    for file, seen in pages.items():
        assert [name for name, n in Counter(seen.names).items() if n > 1] == [], file


def test_the_first_page_is_french_and_leads_to_the_other_language(site: Path) -> None:
    first = (site / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in first
    assert 'href="en/index.html"' in first
    assert 'href="../index.html"' in (site / "en" / "index.html").read_text(encoding="utf-8")


def shape(name: str) -> list[str]:
    """Return what a page consists of: its headings' levels, and its commands."""
    tokens = make_guide.markdown().parse((DOCS / name).read_text(encoding="utf-8"))
    return [t.tag or t.info or t.type for t in tokens if t.type in ("heading_open", "fence")]


@pytest.mark.parametrize("name", TWINS)
def test_a_page_and_its_twin_say_the_same(name: str) -> None:
    assert shape(name) == shape(name.replace(".fr.md", ".md"))


def test_no_html_is_shown_as_text(site: Path) -> None:
    lost = [f.name for f in site.rglob("*.html") if "&lt;br" in f.read_text(encoding="utf-8")]
    assert lost == []


@pytest.mark.parametrize("language", list(make_errors.FILES))
def test_the_list_of_error_messages_is_that_of_the_code(language: str) -> None:
    told_there = (DOCS / make_errors.FILES[language]).read_text(encoding="utf-8")
    assert told_there == make_errors.page(language), "make messages writes it anew"


@pytest.mark.parametrize("language", list(make_errors.FILES))
def test_every_error_message_says_what_to_do(language: str) -> None:
    alone = [
        text
        for text, found in make_errors.messages().items()
        if not make_errors.advice(text, found, language, {})
    ]
    assert alone == [], "scripts/guide/errors.toml has a place for it"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "To make one: zotsync init. zotsync says so.",
            "To make one: `zotsync init`. zotsync says so.",
        ),
        ("zotsync render --force prints over it", "`zotsync render --force` prints over it"),
        ("Name it: --format NAME, or `--map`", "Name it: `--format` NAME, or `--map`"),
        ("Il y a\u00a0:\n{names}.", "Il y a\u00a0:<br>…"),
    ],
)
def test_what_is_typed_is_set_as_code_in_the_list(message: str, shown: str) -> None:
    assert make_errors.shown(message) == shown


def test_the_list_says_nothing_of_messages_and_modules_that_are_gone() -> None:
    bare = {text[0] for text, found in make_errors.messages().items() if not found.hints}
    assert [text for text in make_errors.SAID["messages"] if text not in bare] == []
    package = make_guide.CHECKOUT / "zotsync"
    named = {name for topic in make_errors.SAID["topics"] for name in topic["modules"]}
    paths = {name: package / name.replace(".", "/") for name in named}
    gone = {n for n, p in paths.items() if not (p.is_dir() or p.with_suffix(".py").is_file())}
    assert gone == set()


def test_the_list_of_error_messages_has_them_all() -> None:
    listed = {text[0] for text in make_errors.messages()}
    assert len(listed) > 300
    assert {
        "There is no {name} here or in a folder above.",  # raised as it is
        "This is not an item key.",  # of a ValueError that becomes a problem
        "A list is not closed, or a comma is missing.",  # from a table
        "{n} of {of} would go to the trash here:",  # singular and plural
        "The system's keyring cannot be used: {reason}",  # by a function that makes the error
        "The API key of {user} does not reach the group {group}.",  # from a function of pairs
        "Changes are tracked in the document: handouts would show them.",  # a finding
    } <= listed
    assert "The clock of this computer is right." not in listed  # a good finding is no error
    assert "Put quotes around it." not in listed  # what to do is no message


CUT = """
addEventListener("load", () => {
  const cut = [];
  for (const code of document.querySelectorAll(":not(pre) > code")) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode())
      for (const word of text.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top)));
        if (lines.size > 1 && word[0].length <= UNCUT) cut.push(word[0]);
      }
  }
  parent.tell(frameElement.title, cut);
});
"""
"""Tells of the words of code in sentences and tables that begin on one line and end on the next."""


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_option_is_cut_after_a_hyphen(site: Path, width: int) -> None:
    texts = {file.stem: (width, file.read_text(encoding="utf-8")) for file in site.glob("*.html")}
    found = told(site, texts, CUT.replace("UNCUT", str(make_guide.UNCUT)))
    assert {name: cut for name, cut in found.items() if cut} == {}


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("language", list(make_guide.ENDINGS))
def test_everybody_can_read_every_page_on_every_screen(site: Path, language: str) -> None:
    folder = site if language == "fr" else site / "en"
    texts = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}
    wide = {name: (WIDE, text) for name, text in texts.items()}
    narrow = {name: (NARROW, text) for name, text in texts.items()}
    beyond = told(folder, narrow, MEASURE)
    assert {name: pixels for name, pixels in beyond.items() if pixels > 0} == {}
    assert told(folder, wide, axe_core(), AXE) == {name: [] for name in wide}
