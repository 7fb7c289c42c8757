"""What an item was like before each run that changed it: told backwards from its journal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from zotsync.model import Fields
from zotsync.sync.remembering.entries import BESIDE, FILE, Entry
from zotsync.sync.undoing.undo_effects import Presence, presence_of


@dataclass(frozen=True, slots=True)
class Version:
    """An item as it was."""

    fields: Fields
    """In normal form, `collections` as keys, as far as they are known."""
    what: str
    """"journal": before a run; "trash": a file in the trash; "memory": the file as last read, and
    deleted since; "base": as both sides agreed last; "zotero": as Zotero has it in its trash, or had."""
    run: int | None = None
    """The run that it was like this before."""
    file: str = ""
    """Where its file was; for "trash" the name in the trash."""
    text: str | None = None
    """The file's whole text, where that is known."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """Collection path in that text -> what it meant."""


def versions_before(
    entries: Iterable[tuple[int, Entry]], now: Fields | None, parsed: Mapping[str, Fields]
) -> Iterator[Version]:
    """Yield what an item was like before each run, the newest first; doubles included.

    Args:
        entries: (run, entry) of the item, newest first.
        now: what both sides agree on at present; None: it is not there.
        parsed: text of a file -> its fields, as far as it can be read.

    """
    state = None if now is None else dict(now)
    told = ((run, e) for run, e in entries if e.decision not in BESIDE)
    for run, group in groupby(told, key=lambda pair: pair[0]):
        mine = [entry for _run, entry in group]
        texts = [e for e in mine if e.side == FILE and e.text]
        for entry in mine:
            state = _before(entry, state)
        file = next((e.file for e in mine if e.file), "")
        if texts and texts[-1].text in parsed:
            text = texts[-1].text
            yield Version(
                parsed[text or ""], "journal", run, texts[-1].file, text, texts[-1].mentions
            )
        if state is not None:
            yield Version(dict(state), "journal", run, file)


def _before(entry: Entry, state: dict[str, Any] | None) -> dict[str, Any] | None:
    presence = presence_of(entry)
    if presence is Presence.MADE:
        return None
    before = dict(entry.before or {})
    if presence is not Presence.REMOVED:
        if state is None:
            return None
        before = {**state, **before}
    return {n: v for n, v in before.items() if v is not None} or None


def distinct(versions: Iterable[Version], now: Fields | None) -> tuple[Version, ...]:
    """Return the versions that differ from what is here now, and from each other."""
    seen = [] if now is None else [dict(now)]
    found = []
    for version in versions:
        if dict(version.fields) not in seen:
            seen.append(dict(version.fields))
            found.append(version)
    return tuple(found)
