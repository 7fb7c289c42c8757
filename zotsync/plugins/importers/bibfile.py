"""The entries of a .bib file, read by pybtex one by one, so that a broken one takes none with it. Pure.

What a file can make large with few words is counted: abbreviations in one another, wholes that many
entries name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zotsync.i18n import _
from zotsync.plugins.importers.texts import MOST_REFERENCES, one_line, too_many
from zotsync.plugins.incoming import Unread, UnreadableError

START = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t\n]*[{(]", re.MULTILINE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_KEY = re.compile(r"(@[ \t]*[A-Za-z]+[ \t\n]*[{(])\s*(?=,)")
_WRAPPED = re.compile(r"(?<=\S)[ \t]*\n[ \t]+(?=\S)")
"""Where an editor broke a line: what goes on is indented. A line end of the text stands alone."""
_COMMENTED = re.compile(r"^[ \t]*%.*\n", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\w+) +(\d+[ \t]*=[ \t]*[{\"])", re.MULTILINE)
"""Names of fields that Scopus writes with a blank: `funding_text 1 = {`."""
_LONGEST = 2_000_000
_MOST_SIGNS = 20_000
"""Braces, quotes and joints that a single entry may have; beyond it something is wrong with it."""
MOST_REPEATED = 20_000_000
"""Letters that a file may have us write that stand in it once."""
_PASSED_ON = frozenset(
    {"address", "booksubtitle", "booktitle", "date", "edition", "editor", "eventtitle", "isbn", "issn",
     "journal", "journaltitle", "langid", "language", "location", "mainsubtitle", "maintitle", "month",
     "number", "organization",
     "publisher", "series", "translator", "venue", "volume", "volumes", "year"}
)  # fmt: skip
"""What a whole says of its parts."""
_OF_THE_WHOLE = {"title": "booktitle", "author": "bookauthor", "subtitle": "booksubtitle"}
_OF_ALL_VOLUMES = {"author": "author", "title": "maintitle", "subtitle": "mainsubtitle"}
_OF_THE_JOURNAL = {"title": "journaltitle", "subtitle": "journalsubtitle"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its type and fields in small letters, the values as LaTeX."""

    kind: str
    key: str
    fields: Mapping[str, str]
    doubled: tuple[tuple[str, str], ...] = ()
    """What stands in a field that was there already."""


_Parsed = tuple[str, tuple[str, list[tuple[str, list[str]]]]]
"""As the parser gives it: the type, and the key with names and parts of values."""


class _Budget:
    """Counts what is written again."""

    def __init__(self) -> None:
        self._left = MOST_REPEATED

    def spend(self, text: str) -> str:
        """Return a text that is repeated; raise UnreadableError where that goes on and on."""
        self._left -= len(text)
        if self._left < 0:
            raise UnreadableError(_("Its abbreviations and references grow beyond all bounds."))
        return text


class _Macros(dict[str, str]):
    """The abbreviations of a file, without regard to case; one that nobody explains stands for itself."""

    def __init__(self, budget: _Budget) -> None:
        super().__init__({name: name for name in MONTHS})
        self._budget = budget

    def __getitem__(self, name: str) -> str:
        """Return what an abbreviation stands for."""
        return self._budget.spend(self.get(name.lower(), name))

    def __setitem__(self, name: str, text: str) -> None:
        """Keep an abbreviation."""
        super().__setitem__(name.lower(), text)


def entries(text: str) -> Iterator[Entry | Unread]:
    """Yield what cannot be read, then the entries in their order. Raises UnreadableError."""
    starts = list(START.finditer(text))
    if not starts:
        raise UnreadableError(_("It has no entry such as @book{…}: this is no BibTeX."))
    if len(starts) > 2 * MOST_REFERENCES:
        raise too_many()
    budget = _Budget()
    macros = _Macros(budget)
    known: dict[str, Entry] = {}
    found: list[Entry] = []
    lent: set[str] = set()
    for at, start in enumerate(starts):
        end = starts[at + 1].start() if at + 1 < len(starts) else len(text)
        for entry in _parsed(text[start.start() : end], start[1].lower(), macros):
            if isinstance(entry, Unread):
                yield entry
            else:
                found.append(entry)
                lent |= set(_lenders(entry))
                known |= {entry.key.lower(): entry} if entry.key else {}
    for entry in found:
        if entry.kind != "xdata" or entry.key.lower() not in lent:
            yield _with_others(entry, known, budget)


def _parsed(chunk: str, command: str, macros: _Macros) -> Iterator[Entry | Unread]:
    """Yield the entry of a chunk, and what is wrong with it."""
    if command in {"comment", "preamble"}:
        return
    head = one_line(chunk[:60])
    if len(chunk) > _LONGEST or any(chunk.count(sign) > _MOST_SIGNS for sign in '{"#'):
        yield Unread(head, _("too long: a brace may be missing"))
        return
    chunk = _NO_KEY.sub(r"\1-", chunk, count=1)
    found, is_faulty = _read(chunk, macros)
    if is_faulty:
        mended = _NUMBERED.sub(r"\1_\2", _COMMENTED.sub("", chunk))
        again, still = _read(mended, macros)
        found, is_faulty = (found, True) if still else (again, False)
    if command == "string":
        return
    whole = found is not None and found[1][0]
    if not whole or is_faulty:
        yield Unread(head, _("a brace, a quote or a comma is missing"))
    if found is not None and whole:
        yield from _entry(*found)


def _read(chunk: str, macros: _Macros) -> tuple[_Parsed | None, bool]:
    """Return what the parser makes of a chunk, and whether it found fault with it."""
    from pybtex.database.input.bibtex import LowLevelParser  # noqa: PLC0415 - only where it is used
    from pybtex.scanner import PybtexSyntaxError  # noqa: PLC0415

    faults: list[str] = []
    parser = LowLevelParser(chunk, macros=macros, handle_error=lambda e: faults.append(str(e)))
    try:
        return next(iter(parser), None), bool(faults)
    except PybtexSyntaxError:
        return None, True


def _entry(kind: str, body: tuple[str, list[tuple[str, list[str]]]]) -> Iterator[Entry]:
    key, pairs = body
    fields: dict[str, str] = {}
    doubled = []
    for typed, parts in pairs:
        name, text = typed.lower(), _WRAPPED.sub(" ", "".join(parts)).strip()
        if fields.setdefault(name, text) != text:
            doubled.append((name, text))
    if fields:
        yield Entry(kind.lower(), "" if key == "-" else key, fields, tuple(doubled))


def _lenders(entry: Entry) -> list[str]:
    """Return the keys of the entries that lend this one their fields (`xdata`)."""
    return [key.strip().lower() for key in entry.fields.get("xdata", "").split(",") if key.strip()]


def _with_others(
    entry: Entry, known: Mapping[str, Entry], budget: _Budget, below: frozenset[str] = frozenset()
) -> Entry:
    """Return an entry with what others here say for it: `xdata` lends fields, `crossref` is the whole.

    `below`: the keys of those that lead to it, so that nothing goes round in a circle.
    """
    below |= {entry.key.lower()}
    fields = dict(entry.fields)
    for name, keys in (("xdata", _lenders(entry)), ("crossref", [fields.get("crossref", "")])):
        others = [known[key.lower()] for key in keys if key.lower() in known]
        others = [other for other in others if other.key.lower() not in below]
        for other in others:
            said = _with_others(other, known, budget, below)
            passed = said.fields if name == "xdata" else _of_the_whole(said)
            fields |= {own: budget.spend(text) for own, text in passed.items() if own not in fields}
        if others and len(others) == len(keys):
            del fields[name]
    return Entry(entry.kind, entry.key, fields, entry.doubled)


def _of_the_whole(whole: Entry) -> dict[str, str]:
    """Return what a whole says of its parts, in the fields of a part."""
    renamed = _OF_THE_WHOLE
    if whole.kind.startswith("mv"):
        renamed = _OF_ALL_VOLUMES
    elif whole.kind == "periodical":
        renamed = _OF_THE_JOURNAL
    own = {renamed.get(name, name): text for name, text in whole.fields.items()}
    return {name: text for name, text in own.items() if name in {*_PASSED_ON, *renamed.values()}}
