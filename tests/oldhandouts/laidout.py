"""The made-up references as documents of other houses: printed in their layouts, taken for unknown ones."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zotsync.config import Centre
from zotsync.handout import layout
from zotsync.handout.choices import choose
from zotsync.handout.render import House, rules_of
from zotsync.handout.theming.themes import Theme, load_theme, templates_folder
from zotsync.model import normal
from zotsync.oldhandouts.accounting import fold
from zotsync.oldhandouts.values import ReadBibliography, ReadEntry
from zotsync.zotero.schema import bundled

LAYOUTS = Path(__file__).parent.parent / "handout/data/layouts"
NAMES = sorted(file.stem for file in LAYOUTS.glob("*.toml"))
_HELPING = {
    "itemType",
    "creators",
    "abstractNote",
    "tags",
    "accessDate",
    "shortTitle",
    "libraryCatalog",
    "language",
}


def house(name: str, folder: Path) -> Theme:
    """Return a layout as a theme."""
    own = folder / "templates" / name
    if not own.exists():
        own.mkdir(parents=True)
        shutil.copy(templates_folder() / "classique" / "base.docx", own)
        shutil.copy(LAYOUTS / f"{name}.toml", own / "theme.toml")
    return load_theme(name, own.parent)


def printed(theme: Theme, item: Mapping[str, Any]) -> list[str]:
    """Return the lines of one reference."""
    rules = rules_of(theme, bundled(), House(Centre()), choose(theme.choices, {}))
    return [line.text for line in layout.lay_out("ABCD2345", normal(item), rules).lines]


def as_text(
    theme: Theme, items: Sequence[Mapping[str, Any]], *, width: int = 0, blank: bool = True
) -> str:
    """Return a bibliography as text; with a width, its lines are broken there."""
    entries = []
    for item in items:
        lines = printed(theme, item)
        if width:
            lines = [
                part
                for line in lines
                for part in textwrap.wrap(
                    line, width, break_long_words=False, break_on_hyphens=False
                )
            ]
        entries.append("\n".join(lines))
    return ("\n\n" if blank else "\n").join(entries) + "\n"


def right_and_printed(
    read: ReadBibliography, theme: Theme, items: Sequence[Mapping[str, Any]]
) -> tuple[int, int, list[str]]:
    """Return how many of the printed fields came back right, how many there are, and what went wrong."""
    right, all_of_them, wrong = 0, 0, []
    for item in items:
        lines = " ".join(printed(theme, item))
        entry = _entry_of(read, str(item["title"]))
        for name in _fields_in(item, lines):
            all_of_them += 1
            if entry and _same(name, entry, item, lines):
                right += 1
            else:
                got = entry.value(name) if entry else "no entry"
                got = entry.item_type if entry and name == "itemType" else got
                wrong.append(f"{item['title'][:30]}: {name}: {item[name]!r} read as {got!r}")
    return right, all_of_them, wrong


def _entry_of(read: ReadBibliography, title: str) -> ReadEntry | None:
    wanted = _plain(title)
    return next(
        (
            e
            for e in read.entries
            if _plain(str(e.value("title") or "")).startswith(wanted[:20])
            or wanted in _plain(e.source)
        ),
        None,
    )


def _fields_in(item: Mapping[str, Any], lines: str) -> list[str]:
    """Return the fields of an item that can be seen in its lines, and its type."""
    shown = _plain(lines)
    seen = ["itemType"]
    for name, value in item.items():
        if name == "date":
            seen += [name] if str(value)[:4] in lines else []
        elif name == "creators":
            seen += (
                [name]
                if _plain(str(value[0].get("lastName") or value[0].get("name"))) in shown
                else []
            )
        elif name == "abstractNote" or (
            name not in _HELPING
            and re.search(rf"(?<!\w){re.escape(_plain(str(value)))}(?!\w)", shown)
        ):
            seen.append(name)
    return seen


def _same(name: str, entry: ReadEntry, item: Mapping[str, Any], lines: str) -> bool:
    if name == "itemType":
        return bool(entry.item_type == item[name])
    got = entry.value(name)
    if name == "creators":
        shown = [
            c
            for c in item[name]
            if _plain(str(c.get("lastName") or c.get("name"))) in _plain(lines)
        ]
        return [_who(c) for c in got or []] == [_who(c) for c in shown]
    if name == "date" and str(item[name]) != got:
        return bool(got == str(item[name])[:4]) and not re.search(
            r"[a-zé]+ \d{4}", lines.replace("\u00a0", " ")
        )
    return bool(_plain(str(got)) == _plain(str(item[name])))


def _who(creator: Mapping[str, str]) -> str:
    return _plain(
        f"{creator.get('lastName', '')} {creator.get('firstName', '')}{creator.get('name', '')}"
    )


def _plain(text: str) -> str:
    return " ".join(
        fold(text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")).split()
    )
