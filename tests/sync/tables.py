"""The tables of docs/merging.md, and what their cells mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).parents[2] / "docs" / "merging.md"
CONFLICT = "**conflict**"
_EMPTY = "–"
_CODE = re.compile(r"\{U\+([0-9A-F]{4})\}")


class Row(NamedTuple):
    """A row of a table, its cells by the table's heads, and the chapter it stands in."""

    chapter: str
    cells: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.chapter}: {self.cells['case']}"


def rows(first_chapter: str) -> Iterator[Row]:
    """Yield the rows of a chapter of the page (`## …`) and of those within it."""
    text = PAGE.read_text(encoding="utf-8")
    (part,) = [
        p for p in re.split(r"^## ", text, flags=re.MULTILINE) if p.startswith(first_chapter)
    ]
    chapter, heads = first_chapter, None
    for line in part.splitlines():
        if line.startswith("### "):
            chapter = line.removeprefix("### ")
        if not line.startswith("|"):
            heads = None
        elif heads is None:
            heads = _cells(line)
        elif not line.startswith("|---"):
            yield Row(chapter, dict(zip(heads, _cells(line), strict=True)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n").split("|")]


class Case(NamedTuple):
    """What three trees say of one item, and what both sides hold afterwards; None: a conflict."""

    base: Mapping[str, str] | None
    here: Mapping[str, str]
    zotero: Mapping[str, str]
    result: Mapping[str, str | None]


def case(row: Row) -> Case:
    """Return a row of the tables of fields."""
    names = row.cells["field"].split("<br>")

    def side(head: str) -> dict[str, str]:
        return dict(zip(names, map(_value, row.cells[head].split("<br>")), strict=True))

    never = row.cells["before"] == "*never synced*"
    after = {n: None if v == CONFLICT else v for n, v in side("afterwards").items()}
    return Case(None if never else side("before"), side("here"), side("in Zotero"), after)


def _value(cell: str) -> str:
    text = cell.strip("`").replace("⏎", "\n").replace("␣", " ")
    return "" if cell == _EMPTY else shown(text)


def shown(text: str) -> str:
    """Return a text with the characters that the page names by their code."""
    return _CODE.sub(lambda found: chr(int(found[1], 16)), text)


def listed(text: str, separator: str = ", ") -> list[str]:
    """Return what a cell enumerates."""
    return text.split(separator) if text else []


def creators(text: str) -> list[dict[str, str]]:
    """Return `Adenot, Vincent (editor); CCOMS` as Zotero has it."""
    return [_creator(one) for one in listed(text, "; ")]


def _creator(text: str) -> dict[str, str]:
    name, _, role = text.removesuffix(")").partition(" (")
    made = {"creatorType": role or "author"}
    last, comma, first = name.partition(", ")
    return made | ({"lastName": last, "firstName": first} if comma else {"name": name})


def tags(text: str) -> list[dict[str, Any]]:
    """Return `pair, santé (automatic)` as Zotero has it."""
    return [
        {"tag": one.removesuffix(" (automatic)")} | ({"type": 1} if one.endswith(")") else {})
        for one in listed(text)
    ]
