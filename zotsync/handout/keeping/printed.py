"""What a handout said when it was printed, line by line. Pure.

Kept so that corrections can be told from what has changed in the bibliography since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zotsync.handout.entry import Document, Face, Line, Mark, Role, Run

CORRECTABLE = ("docx", "odt")
"""Formats that people correct, and that can be read back."""
_VERSION = 1


class PrintedLine(NamedTuple):
    """One line, without its number and its pictures."""

    role: Role
    runs: tuple[Run, ...]
    """Their texts and faces alone."""

    @property
    def text(self) -> str:
        """Return the line's text."""
        return "".join(run.text for run in self.runs)


class PrintedEntry(NamedTuple):
    """One entry."""

    key: str
    lines: tuple[PrintedLine, ...]
    number: int = 0
    """Its number in the document; 0 where entries have none."""


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A section: its heading, if it has one, and its entries."""

    heading: PrintedLine | None
    entries: tuple[PrintedEntry, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A whole handout as it was printed."""

    front: tuple[PrintedLine, ...]
    """Title band and introduction."""
    sections: tuple[PrintedSection, ...]
    back: tuple[PrintedLine, ...] = ()
    indexes: tuple[PrintedLine, ...] = ()
    """The headings of the table of contents and of the indexes; what stands in them is made at printing."""
    theme: str = ""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """What was chosen for this printing alone."""

    @property
    def is_numbered(self) -> bool:
        """Return whether entries were printed with numbers."""
        return any(entry.number for section in self.sections for entry in section.entries)


def printed_of(
    document: Document, theme: str = "", overrides: Mapping[str, Any] | None = None
) -> Printed:
    """Return what a document says."""
    indexes = (index.heading for index in document.indexes)
    return Printed(
        tuple(_lines((*document.front, *document.intro))),
        tuple(
            PrintedSection(
                next(iter(_lines([block.heading] if block.heading else ())), None),
                tuple(PrintedEntry(e.key, tuple(_lines(e.lines)), e.number) for e in block.entries),
            )
            for block in document.blocks
        ),
        tuple(_lines(document.back)),
        tuple(_lines(heading for heading in (document.contents, *indexes) if heading)),
        theme,
        dict(overrides or {}),
    )


def _lines(lines: Iterable[Line]) -> Iterator[PrintedLine]:
    for line in lines:
        kept = (run for run in line.runs if run.mark is not Mark.NUMBER and not run.code)
        yield PrintedLine(line.role, tuple(Run(run.text, faces=run.faces) for run in kept))


def to_data(printed: Printed) -> dict[str, Any]:
    """Return a printing as JSON data."""
    return {
        "version": _VERSION,
        "front": [_line_data(line) for line in printed.front],
        "sections": [
            {
                "heading": _line_data(s.heading) if s.heading else None,
                "entries": [[e.key, e.number, *map(_line_data, e.lines)] for e in s.entries],
            }
            for s in printed.sections
        ],
        "back": [_line_data(line) for line in printed.back],
        "indexes": [_line_data(line) for line in printed.indexes],
        "theme": printed.theme,
        "overrides": dict(printed.overrides),
    }


def _line_data(line: PrintedLine) -> list[Any]:
    return [line.role.value, *(_run_data(run) for run in line.runs)]


def _run_data(run: Run) -> Any:
    return [run.text, *sorted(run.faces)] if run.faces else run.text


def from_data(data: Mapping[str, Any]) -> Printed | None:
    """Return the printing that `to_data` made; None for data of another kind."""
    try:
        if data["version"] != _VERSION:
            return None
        sections = (
            PrintedSection(
                _line_of(s["heading"]) if s["heading"] else None,
                tuple(
                    PrintedEntry(key, tuple(map(_line_of, lines)), number)
                    for key, number, *lines in s["entries"]
                ),
            )
            for s in data["sections"]
        )
        names = ("front", "back", "indexes")
        front, back, indexes = (tuple(map(_line_of, data[name])) for name in names)
        return Printed(
            front, tuple(sections), back, indexes, data["theme"], dict(data["overrides"])
        )
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _line_of(data: Sequence[Any]) -> PrintedLine:
    return PrintedLine(Role(data[0]), tuple(map(_run_of, data[1:])))


def _run_of(data: Any) -> Run:
    if isinstance(data, str):
        return Run(data)
    text, *faces = data
    return Run(text, faces=frozenset(map(Face, faces)))
