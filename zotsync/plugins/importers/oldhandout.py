"""Bibliographies that people made: Word, OpenDocument, PDF, web page or text, in whatever layout.

Nothing in them names its fields, so every field comes with the words it was read from, and how sure that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zotsync.errors import FileError
from zotsync.i18n import N_, _
from zotsync.model import normal
from zotsync.oldhandouts.opening import SUFFIXES, is_document, read_old_handout
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import LIKELY, SURE, ReadEntry
from zotsync.plugins.incoming import (
    Beside,
    Evidence,
    Importer,
    Reference,
    Source,
    Trust,
    UnreadableError,
)

_NUMBER = re.compile(r"^\s*(?:[IVX]+|\d{1,2}(?:\.\d{1,2})*|[A-H])\s?[.)–-]+\s*(?=[^\W\d_])")
_LONGEST_NAME = 120
"""Letters of a collection's name; a longer heading is a sentence."""


def read_handout(source: Source) -> Iterator[Reference | Beside]:
    """Yield the entries of a document, then what belongs to none. Raises UnreadableError."""
    try:
        read = read_bibliography(read_old_handout(source.data, source.name))
    except FileError as exc:
        raise UnreadableError(exc.problem.message, exc.problem.hint) from exc
    if not read.entries:
        message = _("No reference was recognised in this document.")
        raise UnreadableError(message, _("Save it as .docx or .txt, an entry a paragraph."))
    title = _name(read.title) or Path(source.name).stem
    above: list[tuple[int, str]] = []
    used: set[str] = set()
    number = 0
    for section in read.sections:
        above = [one for one in above if one[0] < section.level]
        above += [(section.level, section.heading)] if _name(section.heading) else []
        for entry in section.entries:
            number += 1
            used.update(heading for _level, heading in above)
            sections = (title, *(_name(heading) for _level, heading in above))
            yield _reference(entry, number, sections)
    headings = (section.heading for section in read.sections if section.heading not in used)
    whole = () if _name(read.title) else (read.title,)
    for text in (*whole, *read.introduction, *headings, *read.unplaced):
        if text:
            yield Beside(text)


def _name(heading: str) -> str:
    """Return what a collection is called that a heading becomes; "" for a sentence."""
    bare = _NUMBER.sub("", heading).strip().rstrip(" :") or heading
    return bare if len(bare) <= _LONGEST_NAME else ""


def _reference(entry: ReadEntry, number: int, sections: tuple[str, ...]) -> Reference:
    label = _("Not placed: {text}")
    fields: dict[str, Any] = dict(entry.item(label.format(text="")))
    evidence = [Evidence("itemType", entry.source, _trust(entry.type_confidence))]
    evidence += (Evidence(one.name, one.text, _trust(one.confidence)) for one in entry.fields)
    return Reference(
        normal(fields),
        place=_("entry {n}").format(n=number),
        kept=tuple(label.format(text=text) for text in entry.unplaced),
        sections=sections,
        evidence=tuple(evidence),
    )


def _trust(confidence: float) -> Trust:
    if confidence >= SURE:
        return Trust.SURE
    return Trust.LIKELY if confidence >= LIKELY else Trust.GUESS


HANDOUT = Importer(
    N_("Bibliography that somebody made: Word, PDF, web page, text"),
    SUFFIXES,
    is_document,
    read_handout,
)
