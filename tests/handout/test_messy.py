"""Messy texts through every format: nothing of the source is lost, no file is broken."""

from __future__ import annotations

import io
import random
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from handout.printed import library_of, paragraphs, part
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from strategies import TRICKY, messy_text

from zotsync.config import Centre
from zotsync.handout.entry import Role
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, render_handout
from zotsync.handout.theming.themes import Theme, list_themes, load_theme
from zotsync.model import UNSYNCED_TYPES, normal
from zotsync.zotero.schema import bundled

FORMATS = ("docx", "odt", "html", "md", "txt")
EVERYTHING: Mapping[str, Any] = {
    "numbering": True,
    "section_numbers": True,
    "cover": True,
    "indexes": ("authors", "keywords"),
    "keywords": True,
    "shelfmarks": True,
    "open_access": True,
    "qr": True,
    "updated": "2021-10-03",
}
MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)\b[^<>]*>|https?:\S*")
WORDS = (
    "mot",
    "Étude",
    "œuvre",
    "שלום",
    "مرحبا",
    "日本語",
    "👩‍🦽",
    "e\u0301",
    "n°",
    "«",
    "»",
    "?",
    "&",
)


def rendered(theme: Theme, form: str, *items: Mapping[str, Any], **handout: Any) -> bytes:
    asked = Handout(**{"title": "Titre", "date": "2021-10", **handout})
    house = House(Centre(institution="Centre"))
    return render_handout(asked, library_of(*items), theme, bundled(), house, form=form).data


class _Shown(HTMLParser):
    """Gathers what a browser shows, alternative texts aside."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in {"style", "script", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def text_of(document: bytes, form: str) -> str:
    """Return what a reader of the document sees."""
    if form == "docx":
        return "\n".join(text for _style, text in paragraphs(document))
    if form == "odt":
        return "".join(part(document, "content.xml").itertext())
    text = document.decode("utf-8")
    if form == "txt":
        return text
    page = _Shown()
    page.feed(MarkdownIt("commonmark").render(text) if form == "md" else text)
    return "".join(page.texts)


def signs(text: str) -> str:
    """Return all but blanks and control characters; U+FFFD for what some formats cannot hold."""
    gone = {"Cc", "Zs", "Zl", "Zp"}
    kept = (c for c in text if unicodedata.category(c) not in gone)
    return re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", "".join(kept))


@pytest.mark.parametrize("form", FORMATS)
@given(
    title=messy_text(),
    journal=messy_text(),
    abstract=messy_text(),
    house=messy_text(),
    language=st.sampled_from(["", "en", "ar"]),
)
def test_nothing_of_the_source_is_lost(  # noqa: PLR0913, PLR0917 - one for each kind of line
    classique: Theme, form: str, title: str, journal: str, abstract: str, house: str, language: str
) -> None:
    texts = [MARKUP.sub("", text) for text in (title, journal, abstract, house)]
    item = {
        "itemType": "journalArticle",
        "title": texts[0],
        "publicationTitle": texts[1],
        "abstractNote": texts[2],
        "creators": [{"creatorType": "author", "name": texts[3]}],
        "language": language,
    }
    shown = text_of(rendered(classique, form, item), form)
    stored = normal(item)
    names = [str(creator.get("name", "")) for creator in stored.get("creators", ())]
    fields = [str(stored.get(n, "")) for n in ("title", "publicationTitle", "abstractNote")]
    for text in (*fields, *names):
        assert signs(text) in signs(shown)


@pytest.mark.parametrize("form", FORMATS)
def test_a_title_of_ten_thousand_characters_is_printed_whole(classique: Theme, form: str) -> None:
    title = " ".join(f"mot{n}é" for n in range(1_400))
    assert len(title) > 10_000
    shown = text_of(rendered(classique, form, {"itemType": "book", "title": title}), form)
    assert signs(title) in signs(shown)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        "👩‍🦽 👨‍👩‍👧 🏳️‍🌈",
        "e\u0301te\u0301 naïve a\u0308",
        "שלום and مرحبا, mixed",
        "日本語 한국어 ไทย",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐎀",
    ],
)
def test_scripts_accents_and_emoji_stand_as_typed(classique: Theme, form: str, text: str) -> None:
    shown = text_of(rendered(classique, form, {"itemType": "book", "title": text}), form)
    assert "".join(text.split()) in "".join(shown.split())


@pytest.mark.parametrize("form", FORMATS)
def test_control_characters_go_and_what_no_file_can_hold_is_shown(
    classique: Theme, form: str
) -> None:
    title = "A\x00B\x07C\x1bD\ud800E\uffffF"
    shown = text_of(rendered(classique, form, {"itemType": "book", "title": title}), form)
    assert "ABCD\ufffdE\ufffdF" in re.sub(
        "\uffff", "\ufffd", shown
    )  # files of text can hold the last
    assert not set(shown) & set("\x00\x07\x1b\ud800")


def messy_items(count: int) -> list[dict[str, Any]]:
    """Return items of every type with messy texts in every field, the same each time."""
    drawn = random.Random(5)  # noqa: S311 - no secret

    def text() -> str:
        return "".join(drawn.choice((*TRICKY, *WORDS)) for _ in range(drawn.randrange(12)))

    kinds = sorted(set(bundled().item_types) - UNSYNCED_TYPES - {"note"})
    items = []
    for number in range(count):
        kind = bundled().item_types[kinds[number % len(kinds)]]
        creators = [
            {
                "creatorType": drawn.choice(kind.creator_types),
                "lastName": text(),
                "firstName": text(),
            }
            for _ in range(drawn.randrange(4) if kind.creator_types else 0)
        ]
        fields = {name: text() for name in kind.fields if drawn.random() < 0.7}
        urls = (
            "https://a.org/é?a=<b>&c",
            "javascript:x",
            "http://[",
            "https://a.org/" + "x" * 2_000,
        )
        if number % 3 == 0 and "url" in kind.fields:
            fields["url"] = drawn.choice(urls)
        tags = [{"tag": text()} for _ in range(drawn.randrange(3))]
        items.append({"itemType": kind.name, **fields, "creators": creators, "tags": tags})
    return items


@pytest.mark.needs("ooxml-validator")
@pytest.mark.parametrize("name", [info.name for info in list_themes()])
def test_a_handout_of_hundreds_of_messy_entries_is_valid(name: str, tmp_path: Path) -> None:
    items = messy_items(300)
    document = rendered(load_theme(name), "docx", *items, choices=EVERYTHING)
    assert zipfile.ZipFile(io.BytesIO(document)).testzip() is None
    (tmp_path / "x.docx").write_bytes(document)
    command = ["ooxml-validator", str(tmp_path / "x.docx")]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert b'"errors": []' in done.stdout
    entries = sum(style == Role.ENTRY_TITLE.value for style, _text in paragraphs(document))
    assert entries > len(items) / 2
