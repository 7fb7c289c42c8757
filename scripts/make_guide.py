"""Make the user guide: the pages of docs/ as a small static site, French first.

    python scripts/make_guide.py [FOLDER]      (site/, if none is named; `make site` does so)

The order of the pages is that of the lists in docs/guide.md and docs/guide.fr.md, which are its first pages.
The site works from a folder, a stick or a server: it fetches nothing, and runs no script.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from zotsync import __version__

CHECKOUT = Path(__file__).resolve().parents[1]
DOCS = CHECKOUT / "docs"
LOOKS = Path(__file__).resolve().parent / "guide"
BEGINNING = "guide"
ENDINGS = {"fr": ".fr.md", "en": ".md"}
UNCUT = 20
"""Words of code up to so many characters stand on one line: no browser cuts `--dry-run` after a hyphen."""
NETWORK = "network"
"""The language of a code block that the tests do not run: it wants the Internet."""
WORDS = {
    "fr": {
        "skip": "Aller au texte",
        "contents": "Sommaire",
        "other": "en",
        "switch": "English",
        "table": "Tableau",
        "code": "Exemple",
        NETWORK: "Demande Internet :",
    },
    "en": {
        "skip": "Skip to the text",
        "contents": "Contents",
        "other": "fr",
        "switch": "Français",
        "table": "Table",
        "code": "Example",
        NETWORK: "Wants the Internet:",
    },
}
_SWITCH = re.compile(
    r"^[(*]*\[(?:Français|English|En français|In English)\]\([\w.-]+\)[)*]*\n", re.MULTILINE
)
"""The line by which a page of docs/ leads to the other language: here every page has a link of its own."""


@dataclass(frozen=True)
class Page:
    """A page of the guide: which of docs/, and in which language it is written."""

    name: str
    language: str

    @property
    def source(self) -> Path:
        """Return the page's Markdown."""
        return DOCS / f"{self.name}{ENDINGS[self.language]}"

    @property
    def path(self) -> str:
        """Return where the page is in the site."""
        name = "index" if self.name == BEGINNING else self.name
        return f"{name}.html" if self.language == "fr" else f"en/{name}.html"

    def link(self, other: Page) -> str:
        """Return the address of another page, seen from this one."""
        if self.language == other.language:
            return other.path.removeprefix("en/")
        return f"../{other.path}" if self.language == "en" else other.path


@dataclass(frozen=True)
class Group:
    """Pages that stand together under a heading."""

    title: str
    pages: tuple[tuple[Page, str], ...]


def page_of(file: str) -> Page:
    """Return the page that a file of docs/ is."""
    language = "fr" if file.endswith(ENDINGS["fr"]) else "en"
    return Page(file.removesuffix(ENDINGS[language]), language)


def groups(language: str) -> list[Group]:
    """Return the pages in the order in which the first page names them."""
    text = Page(BEGINNING, language).source.read_text(encoding="utf-8")
    found = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        entries = re.findall(r"^- \[([^\]]+)\]\(([\w.-]+\.md)\)", part, re.MULTILINE)
        if entries:
            pages = tuple((page_of(file), title) for title, file in entries)
            found.append(Group(part.partition("\n")[0], pages))
    return found


def all_pages() -> Iterator[Page]:
    """Yield every page there is."""
    for language in ENDINGS:
        yield Page(BEGINNING, language)
        for group in groups(language):
            yield from (page for page, _title in group.pages if page.language == language)


def anchor(text: str) -> str:
    """Return the name of a heading in addresses, as forges make it."""
    kept = (c for c in text.lower() if c in "-_ " or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def markdown() -> MarkdownIt:
    """Return what reads the pages."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


class Rendering:
    """One page made HTML; `files` are the pictures and others that go along."""

    def __init__(self, page: Page, known: Sequence[Page]) -> None:
        self.page, self.known = page, known
        self.files: list[Path] = []
        self.up = "../" if page.language == "en" else ""
        self.words = WORDS[page.language]

    def body(self) -> Markup:
        """Return the page's text."""
        text = _SWITCH.sub("", self.page.source.read_text(encoding="utf-8"), count=1)
        reader = markdown()
        tokens = reader.parse(text)
        self._prepare(tokens)
        own: dict[str, Any] = {"fence": self._code, "code_block": self._code}
        own |= {
            "text": self._text,
            "code_inline": self._words,
            "image": self._image,
            "table_open": self._table,
            "table_close": self._table,
        }
        renderer = RendererHTML()
        renderer.rules |= own
        return Markup(renderer.render(tokens, reader.options, {}))  # noqa: S704 - our own pages

    def _prepare(self, tokens: Sequence[Token]) -> None:
        for number, token in enumerate(tokens):
            if token.type == "heading_open":
                token.attrSet("id", anchor(_plain(tokens[number + 1])))
            for child in token.children or ():
                if child.type == "link_open":
                    child.attrSet("href", self._address(str(child.attrGet("href"))))
                elif child.type == "image":
                    child.attrSet("src", self._picture(str(child.attrGet("src"))))

    def _address(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme or not parts.path:
            return address
        if parts.path.startswith("../"):
            return self._beside(parts.path)
        target = page_of(parts.path)
        if target not in self.known:
            raise SystemExit(f"{self.page.source}: {address} is not in the guide.")
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return self.page.link(target) + fragment

    def _beside(self, path: str) -> str:
        """Return the address of a file elsewhere in the checkout, which goes along."""
        self.files.append(DOCS / path)
        return f"{self.up}files/{Path(path).name}"

    def _picture(self, name: str) -> str:
        self.files.append(DOCS / name)
        return f"{self.up}files/{name}"

    def _code(self, tokens: Sequence[Token], number: int, _options: Any, _env: Any) -> str:
        token = tokens[number]
        note = f'<p class="note">{self.words[NETWORK]}</p>\n' if token.info == NETWORK else ""
        text = html.escape(token.content, quote=False)
        return f"{note}{self._region('code')}<pre><code>{text}</code></pre></div>\n"

    def _image(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        """Return a picture that opens in full size: on a telephone nobody can read it else."""
        file = html.escape(str(tokens[number].attrGet("src")))
        return f'<a href="{file}">{RendererHTML().image(tokens, number, options, env)}</a>'

    def _text(self, tokens: Sequence[Token], number: int, _options: Any, _env: Any) -> str:
        """Return a text. Of HTML, pages use `<br>` alone: it ends a line within a cell of a table."""
        return html.escape(tokens[number].content, quote=False).replace("&lt;br&gt;", "<br>")

    def _words(self, tokens: Sequence[Token], number: int, _options: Any, _env: Any) -> str:
        """Return code within a sentence: its short words stay whole."""
        shown = ((word, html.escape(word, quote=False)) for word in tokens[number].content.split())
        words = (f"<span>{text}</span>" if len(word) <= UNCUT else text for word, text in shown)
        return f"<code>{' '.join(words)}</code>"

    def _table(self, tokens: Sequence[Token], number: int, _options: Any, _env: Any) -> str:
        if tokens[number].type == "table_open":
            return f"{self._region('table')}<table>\n"
        return "</table></div>\n"

    def _region(self, kind: str) -> str:
        """Return the beginning of what may be wider than the screen, and can then be moved by keys."""
        return f'<div class="{kind}" tabindex="0" role="group" aria-label="{self.words[kind]}">'


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def title_of(page: Page) -> str:
    """Return a page's heading."""
    first = page.source.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# ").replace("`", "")


def values(rendering: Rendering, known: Sequence[Page]) -> dict[str, Any]:
    """Return what the template of all pages is filled in with."""
    page = rendering.page
    words = WORDS[page.language]

    def entry(target: Page, title: str) -> dict[str, Any]:
        link = {"href": page.link(target), "language": target.language}
        return link | {"title": title, "here": target == page}

    listed = groups(page.language)
    shown = [{"title": g.title, "entries": [entry(*p) for p in g.pages]} for g in listed]
    beginning = Page(BEGINNING, page.language)
    row = [(beginning, title_of(beginning)), *(p for g in listed for p in g.pages)]
    place = [target for target, _title in row].index(page)
    other = Page(page.name, words["other"])
    return {
        "language": page.language,
        "title": title_of(page),
        "beginning": page == beginning,
        "up": rendering.up,
        "home": page.link(beginning),
        "other": page.link(other if other in known else Page(BEGINNING, words["other"])),
        "words": words,
        "groups": shown,
        "body": rendering.body(),
        "before": entry(*row[place - 1]) if place else None,
        "after": entry(*row[place + 1]) if place + 1 < len(row) else None,
        "version": __version__,
    }


def make(folder: Path) -> list[Path]:
    """Make the site in a folder; return its pages."""
    known = list(all_pages())
    looks = Environment(loader=FileSystemLoader(LOOKS), autoescape=True, trim_blocks=True)
    template = looks.get_template("page.html")
    for name in ("en", "files"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(LOOKS / "guide.css", folder / "guide.css")
    made = []
    for page in known:
        rendering = Rendering(page, known)
        whole = template.render(values(rendering, known))
        for file in rendering.files:
            shutil.copyfile(file, folder / "files" / file.name)
        target = folder / page.path
        target.write_text(whole, encoding="utf-8", newline="\n")
        made.append(target)
    return made


def main() -> None:
    """Make the site where it was asked for."""
    parser = argparse.ArgumentParser(description="Make the user guide: docs/ as web pages.")
    wanted = "where it is made; site/, if none is named"
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", type=Path, default=CHECKOUT / "site", help=wanted
    )
    folder = parser.parse_args().folder
    print(f"{len(make(folder))} pages: {folder / 'index.html'}")


if __name__ == "__main__":
    main()
