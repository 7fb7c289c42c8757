"""On which line of a handout file or theme something stands, so that errors can say so."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*(?:#.*)?$")
_NAME = re.compile(r"\s*(?:\"([^\"]+)\"|'([^']+)'|([A-Za-z0-9_-]+))\s*=")
_TRIPLE = re.compile(r'"""|\'\'\'')


def lines_of(text: str) -> dict[str, int]:
    """Return where each setting of a TOML text stands: `title` -> 1, `sections[1].order` -> 14.

    The tables themselves are there too (`sections[1]`, `labels`). Lines inside texts of several lines
    are passed over.
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, quote = "", ""
    for number, line in enumerate(text.split("\n"), 1):
        outside = not quote
        quote = _quote_after(line, quote)
        if not outside:
            continue
        if header := _HEADER.match(line):
            table = _table(header[1], line, counts)
            found.setdefault(table, number)
        elif name := _NAME.match(line):
            key = name[1] or name[2] or name[3]
            found.setdefault(f"{table}.{key}" if table else key, number)
    return found


def line_with(text: str, needle: str, start: int | None) -> int | None:
    """Return the first line from `start` on that holds `needle`; `start` itself where none does."""
    lines = text.split("\n")
    first = start or 1
    return next((n for n, line in enumerate(lines[first - 1 :], first) if needle in line), start)


def _table(name: str, line: str, counts: dict[str, int]) -> str:
    if not line.lstrip().startswith("[["):
        return name
    index = counts.get(name, 0)
    counts[name] = index + 1
    return f"{name}[{index}]"


def _quote_after(line: str, quote: str) -> str:
    """Return the triple quote that is open after `line`; "" for none."""
    for found in _TRIPLE.finditer(line.partition("#")[0] if not quote else line):
        quote = "" if quote == found[0] else quote or found[0]
    return quote
