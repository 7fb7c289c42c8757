"""What a sync did, and what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from zotsync.errors import Problem, RightsError
from zotsync.sync.trees import Conflict, Decision, Kind, Notice, Step

_TRASHING = {Decision.TRASH_FILE, Decision.TRASH_IN_ZOTERO}


@dataclass(frozen=True)
class Outcome:
    """What a sync did, and what is left."""

    run: int = 0
    """Its number in the log; 0: there was nothing to do."""
    steps: tuple[Step, ...] = ()
    """Everything that was done, in order."""
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Files and fields that wait, and what the server refused."""
    requests: int = 0
    refused: RightsError | None = None
    """Why nothing was sent to Zotero though something waits for it; among the problems too."""

    @property
    def changed(self) -> bool:
        """Return whether anything was written on either side."""
        return bool(self.steps)

    @property
    def exit_code(self) -> int:
        """Return 5 without the right to send what waits, 3 with conflicts left, 1 with problems, else 0."""
        if self.refused:
            return self.refused.exit_code
        if self.conflicts:
            return 3
        return 1 if self.problems else 0


@dataclass
class Tally:
    """What was done so far in a run."""

    counts: dict[str, int] = field(default_factory=dict)
    """pushed, pulled, merged, trashed: as the log keeps them."""
    progressed: bool = False
    """Whether anything was done since this was last set to False."""
    _done: dict[tuple[int, Kind, str], Step] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return everything that was done, in order."""
        return tuple(self._done.values())

    def count(self, number: int, steps: Iterable[Step], *, local: bool) -> None:
        """Note what was done in a round: a plan's local half, or what the server has confirmed."""
        for step in steps:
            part = replace(step, to_zotero={}) if local else step
            if local and not _local_half(part):
                continue
            self.progressed = True
            if local and not _writes_file(part):
                continue
            self._done[number, step.kind, step.key] = part
            if step.decision in _TRASHING:
                self._more("trashed")
            elif not local and step.to_file:
                self._more("merged")
            else:
                self._more("pulled" if local else "pushed")

    def _more(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def _writes_file(step: Step) -> bool:
    return bool(step.to_file or step.mark or step.decision is Decision.TRASH_FILE)


def _local_half(step: Step) -> bool:
    """Return whether a step did something apart from what it sends."""
    bookkeeping = {Decision.AGREE_TRASHED, Decision.REMEMBER, Decision.FORGET}
    known = step.agreed or step.revived or step.unseen is not None or step.decision in bookkeeping
    return bool(_writes_file(step) or known)
