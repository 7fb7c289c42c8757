"""What each format cannot hold is in the documents, and it is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exporting import KEY, SCHEMA, book, export_of, person

from zotsync.model import UNSYNCED_TYPES
from zotsync.plugins import Export
from zotsync.plugins.registry import installed

DOCS = Path(__file__).resolve().parents[2] / "docs"
FORMATS = ("json", "csv", "csljson", "biblatex", "bibtex", "ris")
WRITERS = {p.name: p.exporter().write for p in installed("exporter")}
MARK = "MARQUE7"
PATHS = {"CLLCTNA2": MARK}

Holds = Callable[[str], bool]


def written(form: str, *items: dict[str, Any], **settings: Any) -> str:
    return WRITERS[form](export_of(*items, **settings)).decode()


def told_apart(*items: dict[str, Any]) -> Holds:
    """Return whether a format writes each of these items in another way."""
    return lambda form: len({written(form, item) for item in items}) == len(items)


def marked(*items: dict[str, Any]) -> Holds:
    return lambda form: MARK in written(form, *items, collections=PATHS)


def types() -> list[str]:
    return [n for n in SCHEMA.item_types if n not in UNSYNCED_TYPES | {"note"}]


FACTS: tuple[Holds, ...] = (
    told_apart(*({"itemType": name} for name in types())),
    lambda form: KEY in written(form, book(title="T")),
    lambda form: MARK in written(form, book(collections=["CLLCTNA2"]), collections=PATHS),
    marked(book(tags=[MARK])),
    told_apart(book(tags=[{"tag": "a"}]), book(tags=[{"tag": "a", "type": 1}])),
    marked(book(title="T"), {"itemType": "note", "parentItem": KEY, "note": MARK}),
    marked(book(relations={"dc:relation": f"http://zotero.org/groups/1/items/{MARK}"})),
    lambda form: "vers la fin de 2019" in written(form, book(date="vers la fin de 2019")),
    told_apart(
        book(creators=[person("X")]), book(creators=[{"creatorType": "author", "name": "X"}])
    ),
    marked(book(creators=[person(MARK, "X", "contributor")])),
    told_apart(
        *(book(creators=[person("X", "Y", r)]) for r in SCHEMA.item_types["book"].creator_types)
    ),
    told_apart(book(abstractNote="A\n\nB"), book(abstractNote="A\nB")),
    told_apart(book(title="<i>A</i>"), book(title="A")),
    told_apart(book(accessDate="2021-07-01T23:11:44Z"), book(accessDate="2021-07-01T23:11:45Z")),
    told_apart(book(title="The Sun"), book(title="The sun")),
)
"""The rows of the first table, in order."""


def left_out(form: str) -> list[str]:
    """Return the base fields whose texts a format does not write for any item type."""
    kept, there = set(), dict[str, None]()
    for kind in SCHEMA.item_types.values():
        for name in kind.fields if kind.name in types() else ():
            base = kind.base_fields.get(name, name)
            there[base] = None
            value = "1917-03-04" if "Date" in name or base == "date" else MARK
            text = written(form, {"itemType": kind.name, name: value})
            kept |= {base} if re.search(rf"{MARK}|1917", text) else set()
    return sorted(there.keys() - kept)


def rows(name: str) -> list[list[str]]:
    """Return the cells of all table rows of a document, the marks of code left out."""
    text = (DOCS / name).read_text(encoding="utf-8").replace("`", "")
    lines = [line.strip("|") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


@pytest.mark.parametrize(("name", "yes"), [("export.md", "yes"), ("export.fr.md", "oui")])
def test_the_table_of_what_formats_hold_is_right(name: str, yes: str) -> None:
    table = rows(name)
    start = next(at for at, row in enumerate(table) if tuple(row[1:]) == FORMATS)
    shown = [[cell == yes for cell in row[1:]] for row in table[start + 1 :][: len(FACTS)]]
    assert shown == [[holds(form) for form in FORMATS] for holds in FACTS]


@pytest.mark.parametrize("name", ["export.md", "export.fr.md"])
def test_the_fields_that_a_format_leaves_out_are_listed(name: str) -> None:
    table = {row[0]: row[1] for row in rows(name) if len(row) == 2}
    for form in FORMATS:
        assert [part for part in table[form].split(", ") if part != "–"] == left_out(form), form


@pytest.mark.parametrize("name", ["export.md", "export.fr.md"])
def test_every_built_in_format_is_documented(name: str) -> None:
    formats = {row[0]: row[1] for row in rows(name) if len(row) == 3}
    own = {
        p.name: f".{p.exporter().ending}" for p in installed("exporter") if p.package == "zotsync"
    }
    assert formats.items() >= own.items()


def test_links_are_all_that_link_lists_hold() -> None:
    assert MARK not in WRITERS["opml"](Export({KEY: book(title=MARK)}, SCHEMA)).decode()
