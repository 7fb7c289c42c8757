"""Lists with comments in them: changed entry by entry, the comments kept.

Pure. tomlkit is not used for this: it puts a new entry behind a comment, where TOML does not see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from zotsync.bibliography.source import TOKEN


@dataclass(slots=True)
class _Entry:
    source: str = ""
    above: list[str] = field(default_factory=list)
    """Comments on lines of their own, before it."""
    behind: list[str] = field(default_factory=list)
    """Comments that follow it on its line."""


def amended_list(source: str, old: Sequence[str], new: Sequence[str]) -> str:
    """Return the list written as `source` with the entries `new` instead of `old` (as TOML).

    Comments stay with their entries; those of an entry that goes, go with it.
    """
    entries, tail = _entries(source)
    if len(entries) != len(old):
        entries = [_Entry(text) for text in old]
    lines = [line for entry in _matched(entries, old, new) for line in _lines(entry)]
    return "\n".join(["[", *lines, *(f"    {comment}" for comment in tail), "]"])


def _matched(entries: list[_Entry], old: Sequence[str], new: Sequence[str]) -> Iterator[_Entry]:
    for action, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            yield from entries[i1:i2]
        elif action != "delete":
            for was, text in zip_longest(entries[i1:i2], new[j1:j2]):
                if text is not None:
                    yield _Entry(text, was.above, was.behind) if was else _Entry(text)


def _lines(entry: _Entry) -> Iterator[str]:
    yield from (f"    {comment}" for comment in entry.above)
    yield "  ".join([f"    {entry.source},", *entry.behind[:1]])
    yield from (f"    {comment}" for comment in entry.behind[1:])


def _entries(source: str) -> tuple[list[_Entry], list[str]]:
    """Return the entries of a list as typed, and the comments after the last."""
    entries: list[_Entry] = []
    current, depth, same_line = _Entry(), 0, False
    for token in TOKEN.finditer(source):
        text = token[0]
        depth -= text in {"]", "}"}
        if depth == 1 and text == ",":
            entries.append(current)
            current, same_line = _Entry(), True
        elif depth == 1 and text == "\n":
            same_line = False
        elif depth == 1 and token["comment"]:
            _attach(text.rstrip(), current, entries[-1] if same_line else None)
        elif depth > 1 or (depth == 1 and not text.isspace()):
            current.source += text
        depth += text in {"[", "{"}
    if current.source:
        entries.append(current)
        return entries, []
    return entries, current.above


def _attach(comment: str, current: _Entry, before: _Entry | None) -> None:
    """Give a comment to the entry it stands behind, else to the one it stands above."""
    if current.source:
        current.behind.append(comment)
    elif before:
        before.behind.append(comment)
    else:
        current.above.append(comment)
