"""What the tests of handouts share: the sample data as a library, and documents taken apart."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

import zotsync.sandbox
from zotsync.config import Centre
from zotsync.handout.compose import Library
from zotsync.handout.entry import Entry
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, Rendered, render_handout
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.ooxml import tag
from zotsync.model import normal
from zotsync.zotero.schema import bundled

SAMPLE = Path(zotsync.sandbox.__file__).parent / "sample"
KEY = "ABCD2345"


def shown(entry: Entry) -> list[str]:
    return [f"{line.role.name}: {plain_blanks(line.text)}" for line in entry.lines]


def plain_blanks(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def sample_library() -> Library:
    paths = tomllib.loads((SAMPLE / "bibliography/collections.toml").read_text("utf-8"))
    tree = {
        key: (path.rpartition("/")[2], paths.get(path.rpartition("/")[0]))
        for path, key in paths.items()
    }
    items, stems = {}, {}
    for file in (SAMPLE / "bibliography/items").glob("*.toml"):
        data = tomllib.loads(file.read_text("utf-8"))
        data["collections"] = [paths[path] for path in data["collections"]]
        stems[file.stem] = data["key"]
        items[data["key"]] = normal(data)
    return Library(items, tree, lambda path: path if path in tree else paths.get(path), stems)


def library_of(*items: Mapping[str, Any], tree: Any = None) -> Library:
    keys = (f"ABCD{number:04}".replace("0", "Z").replace("1", "Y") for number in range(len(items)))
    tree = tree or {}
    return Library(
        dict(zip(keys, map(normal, items), strict=True)), tree, lambda k: k if k in tree else None
    )


def print_items(theme: Theme, *items: Mapping[str, Any], **handout: Any) -> Rendered:
    asked = Handout(**{"title": "Titre", "date": "2021-10", **handout})
    return render_handout(
        asked, library_of(*items), theme, bundled(), House(Centre(institution="Centre"))
    )


def part(document: bytes, name: str = "word/document.xml") -> Any:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(document)).read(name))


def paragraphs(document: bytes) -> list[tuple[str, str]]:
    """Return (style's name, text) of every paragraph, links included."""
    names = {
        style.get(tag("styleId")): style.find(tag("name")).get(tag("val"))
        for style in part(document, "word/styles.xml").iter(tag("style"))
    }
    found = []
    for paragraph in part(document).iter(tag("p")):
        style = paragraph.find(f"{tag('pPr')}/{tag('pStyle')}").get(tag("val"))
        found.append((names[style], "".join(t.text or "" for t in paragraph.iter(tag("t")))))
    return found
