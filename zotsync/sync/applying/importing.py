"""Writing what an import proposed and somebody agreed to: the edits of files that a person would make.

Always the journal first, then the file; the sync after it does the rest. All of one import is one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zotsync.bibliography.folder import ChangedError, read_file, replace_file
from zotsync.config import Workspace
from zotsync.handout.handoutamending import amend_handout, is_still
from zotsync.proposal import Addition, Correction, Doubt, Proposal
from zotsync.sync.reading.planning import Planner
from zotsync.sync.remembering.entries import FILE, IMPORT
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Kind
from zotsync.sync.undoing.undo import UndoStep, What
from zotsync.sync.undoing.undo_handouts import handout_entry
from zotsync.sync.undoing.undo_writing import FileWriting


@dataclass(frozen=True)
class Imported:
    """What came of an import."""

    run: int
    left: tuple[Correction, ...]
    """What was not written: somebody has edited the file meanwhile."""
    missed: tuple[Addition, ...] = ()
    """Items that could not be added, for the same reason."""


@dataclass
class Importer:
    """Writes corrections into the files of one workspace."""

    workspace: Workspace
    planner: Planner
    run: int

    def write(
        self,
        corrections: Iterable[Correction],
        handout: str,
    ) -> tuple[Correction, ...]:
        """Write corrections; return those that could not be, because things changed meanwhile.

        Args:
            corrections: what to write.
            handout: the file, below the workspace, that corrections without a key are about.

        """
        of_items: dict[str, list[Correction]] = {}
        for correction in corrections:
            of_items.setdefault(correction.key, []).append(correction)
        if not of_items:
            return ()
        of_handout = of_items.pop("", [])
        items = self.planner.here().items
        left: list[Correction] = []
        writing = FileWriting(self.workspace, self.planner, self.run, IMPORT)
        writing.look_up_paths()
        paths = self._read(of_items)
        for key, of_one in of_items.items():
            stale = any(_is_stale(c, items.get(key)) for c in of_one)
            if stale or not writing.item(_step(key, paths[key], of_one)):
                left += of_one
        if of_handout and not self._handout(handout, of_handout, items):
            left += of_handout
        return tuple(left)

    def _read(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Read the files as they are now; return key -> path."""
        side = self.planner.read()
        rows = (side.fresh[key] for key in keys if key in side.fresh)
        with self.planner.state.transaction():  # what waits for keys is read again in any case
            self.planner.index.put(r for r in rows if not (r.again and side.provisional))
        return side.paths

    def _handout(
        self,
        handout: str,
        corrections: Sequence[Correction],
        items: Mapping[str, Mapping[str, Any]],
    ) -> bool:
        file = self.workspace.root / handout
        raw, stamp = read_file(file.parent, file.name)
        old = raw.decode("utf-8-sig").replace("\r\n", "\n")
        if not all(is_still(old, correction.before) for correction in corrections):
            return False
        names = {key: str(fields.get("title", "")) for key, fields in items.items()}
        new = amend_handout(old, _settings(corrections), names)
        journal = Journal(self.planner.state)
        with self.planner.state.transaction():
            journal.write(self.run, [handout_entry(IMPORT, handout, old, new)])
        try:
            replace_file(file.parent, file.name, new, stamp)
        except ChangedError:
            with self.planner.state.transaction():
                journal.withdraw(self.run, Kind.COLLECTION, "", FILE)
            return False
        return True


def _is_stale(correction: Correction, fields: Mapping[str, Any] | None) -> bool:
    return fields is None or any(fields.get(n) != v for n, v in correction.before.items())


def _step(key: str, file: str, corrections: Sequence[Correction]) -> UndoStep:
    before = {n: v for c in corrections for n, v in c.before.items()}
    fields = {n: v for c in corrections for n, v in c.fields.items()}
    return UndoStep(What.EDIT, Kind.ITEM, key, corrections[0].title, file, fields, before)


def _settings(corrections: Sequence[Correction]) -> dict[str, Any]:
    """Return the settings of several corrections as one; lists of what is taken out add up."""
    found: dict[str, Any] = {}
    for correction in corrections:
        for name, value in correction.fields.items():
            known = found.get(name)
            found[name] = [*known, *value] if isinstance(known, list) else value
    return found


def with_older(state: State, proposal: Proposal) -> Proposal:
    """Return a proposal of a document of which no record is kept, with what may be old in it doubtful.

    That is what a field was before some run, and all that concerns the handout's file.
    """
    journal = Journal(state)

    def is_older(correction: Correction) -> bool:
        return any(
            journal.was_before(Kind.ITEM, correction.key, name, value)
            for name, value in correction.fields.items()
        )

    def doubted(correction: Correction) -> Correction:
        if correction.doubt is not None:
            return correction
        if not correction.key:
            return replace(correction, doubt=Doubt.NO_RECORD)
        return replace(correction, doubt=Doubt.OLDER) if is_older(correction) else correction

    corrections = map(doubted, proposal.corrections)
    return replace(proposal, corrections=tuple(corrections))
