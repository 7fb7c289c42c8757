"""Corrections of entries whose files had no key yet when they were printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from zotsync.handout.keeping.printed import Printed
from zotsync.handout.readback.paragraphs import Corrected
from zotsync.proposal import Correction, Proposal, Unplaced, Why
from zotsync.sync.reading.planning import Here
from zotsync.sync.reading.standins import stand_in


def keys_since(here: Here) -> Mapping[str, str]:
    """Return what stood in for a key -> the key that a sync has given the file since."""
    known = {key: path for key, path in here.paths.items() if key not in here.new}
    return {stood: key for key, path in known.items() if (stood := stand_in(path)) not in known}


def document_with(document: Corrected, keys: Mapping[str, str]) -> Corrected:
    """Return a corrected document with `keys` (old -> new) in its bookmarks."""
    paragraphs = (
        replace(paragraph, keys=tuple(keys.get(key, key) for key in paragraph.keys))
        for paragraph in document.paragraphs
    )
    return replace(document, paragraphs=tuple(paragraphs))


def printing_with(printed: Printed, keys: Mapping[str, str]) -> Printed:
    """Return what was printed with `keys` (old -> new)."""
    sections = (
        replace(
            section,
            entries=tuple(
                entry._replace(key=keys.get(entry.key, entry.key)) for entry in section.entries
            ),
        )
        for section in printed.sections
    )
    return replace(printed, sections=tuple(sections))


def left_for_a_sync(proposal: Proposal, here: Here) -> Proposal:
    """Return a proposal that writes nothing into files without a key, and calls them by their names."""
    names = {key: PurePosixPath(here.paths[key]).stem for key in here.new}
    if not names:
        return proposal
    waiting = tuple(
        Unplaced(Why.NO_KEY, c.key, c.title, c.part, c.was, c.now)
        for c in proposal.corrections
        if c.key in names
    )
    kept = tuple(_by_name(c, names) for c in proposal.corrections if c.key not in names)
    return replace(proposal, corrections=kept, unplaced=(*proposal.unplaced, *waiting))


def _by_name(correction: Correction, names: Mapping[str, str]) -> Correction:
    """Return a correction of a handout file with file stems for items without a key."""
    if correction.key:
        return correction

    def named(value: Any) -> Any:
        return [names.get(one, one) for one in value] if isinstance(value, list | tuple) else value

    return replace(correction, fields={n: named(value) for n, value in correction.fields.items()})
