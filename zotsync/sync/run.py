"""One run of a sync: pull, plan, guard, apply, and again until there is nothing left to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from zotsync.bibliography.folder import left_in, sweep
from zotsync.config import Workspace
from zotsync.errors import Problem, ServerError, StaleError, UnknownOutcomeError
from zotsync.i18n import _
from zotsync.model import Progress
from zotsync.sync.applying.barrier import Barrier
from zotsync.sync.applying.files_apply import FilesApply
from zotsync.sync.applying.guarding import SuspiciousError, forget_agreement, guard
from zotsync.sync.applying.handouts_follow import BEHIND, HandoutsFollow
from zotsync.sync.applying.shelves_apply import ShelvesApply
from zotsync.sync.applying.zotero_apply import ZoteroApply
from zotsync.sync.merging.settle import Sent, settle
from zotsync.sync.outcome import Outcome, Tally
from zotsync.sync.reading.planning import Options, Planned, Planner
from zotsync.sync.reading.pull import pull
from zotsync.sync.remembering.journal import Journal, utc_now
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Base, BaseObject, Conflict, Kind, Notice, NoticeKind
from zotsync.zotero.rights import ForbiddenError

if TYPE_CHECKING:  # it loads what speaks HTTP, and much is done offline
    from zotsync.zotero.library import GroupLibrary

_ROUNDS = 50
_WITHOUT_PROGRESS = 3
_PASSING = {
    NoticeKind.HELD_FIELD,
    NoticeKind.DELETION_PUT_OFF,
    NoticeKind.LEFT_FOR_DIRECTION,
    NoticeKind.WAITS_FOR_RIGHTS,
}
"""Notices that tell how things stand; all others tell what was done."""


@dataclass
class SyncRun:
    """A sync under way, with the lock held."""

    workspace: Workspace
    state: State
    library: GroupLibrary
    planner: Planner
    progress: Progress
    command: str
    barrier: Barrier
    full: bool = False
    """Compare the whole mirror with the library first."""
    resolve: Callable[[Iterable[Conflict], str], int] | None = None
    after_pull: Callable[[], None] = lambda: None
    newer_planner: Callable[[], Planner | None] = lambda: None
    """Asked where a type or field in the files is unknown to the schema at hand."""
    run: int = 0
    tally: Tally = field(default_factory=Tally)
    notices: dict[tuple[NoticeKind, str, tuple[str, ...]], Notice] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    settled: set[tuple[str, str, str]] = field(default_factory=set)
    """Conflicts that the configuration has settled in this run."""
    seen_stale: set[str] = field(default_factory=set)
    """Keys refused because Zotero moved: once is staleness, again is a refusal."""

    def pull(self, *, written: bool = False) -> bool:
        """Bring the mirror up to date, and settle what has no known outcome.

        Return whether something turned out to have been written.
        """
        problems = pull(self.library, self.state, self.progress, full=self.full, written=written)
        self.full = False
        self.after_pull()
        self.problems |= {str(p.place): p for p in problems}
        landed = [self._settle_pending(kind) for kind in Kind]
        return any(landed)

    def _settle_pending(self, kind: Kind) -> bool:
        objects = self.planner.objects
        pending = objects.pending(kind)
        if not pending:
            return False
        mirror, known = objects.mirror(kind, pending), objects.base(kind, pending)
        bases = {k: known.get(k) or BaseObject(k, Base.NONE, {}) for k in pending}
        settled = {k: settle(bases[k], Sent(**sent), mirror.get(k)) for k, sent in pending.items()}
        with self.state.transaction():
            objects.put_base(kind, settled.values())
            objects.set_pending(kind, dict.fromkeys(pending, None))
        return settled != bases

    def plan(self, options: Options) -> Planned:
        """Read the files, remember their stat, and plan."""
        side = self.planner.read()
        if side.wants_schema and (newer := self.newer_planner()):
            self.planner = newer
            side = newer.read()
        if not side.provisional:
            self.planner.index.remember(side.fresh.values(), time.time_ns())
        return self.planner.plan(side, options)

    def go(self, options: Options) -> Outcome:
        """Sync until nothing is left to do but what waits."""
        stuck, needs_pull = 0, True
        for number in range(_ROUNDS):
            if needs_pull and self.pull(written=number > 0):
                stuck = 0
            planned, options = self._what_may_be_done(options)
            if not planned.plan.acts and not planned.side.provisional:
                if not self._settle_conflicts(planned, options):
                    return self._end(planned, options)
                needs_pull = False
                continue
            self._start(planned)
            if planned.side.provisional:
                self._shelves().adopt(planned.side)
                needs_pull = False
                continue
            self.tally.progressed = False
            needs_pull, again = self._apply(planned, number, options)
            stuck = 0 if self.tally.progressed else stuck + 1
            if stuck > _WITHOUT_PROGRESS:
                break
            if not again:
                planned = self._after(planned, options)
                if not self._settle_conflicts(planned, options):
                    return self._end(planned, options)
        raise ServerError(
            _("The library changes faster than it can be written."),
            hint=_("Nothing is lost. Try again in a minute."),
        )

    def _what_may_be_done(self, options: Options) -> tuple[Planned, Options]:
        """Return a plan that is safe and allowed; the options have become what that took."""
        planned = self.plan(options)
        if not options.barred and self.barrier.stands(planned.plan):
            if options.push_only and self.barrier.told:
                raise self.barrier.told
            options = replace(options, barred=True)
            planned = self.plan(options)
        try:
            if planned.plan.acts or planned.side.provisional:
                guard(self.planner, planned, options)
        except SuspiciousError as exc:
            if not options.rebase or not forget_agreement(self.planner, exc):
                raise
            return self._what_may_be_done(options)
        return planned, options

    def _after(self, planned: Planned, options: Options) -> Planned:
        """Return how things stand after a round that wrote files alone: only what waits is left."""
        if not planned.plan.conflicts and not planned.plan.problems:
            return planned
        return self.plan(options)

    def _settle_conflicts(self, planned: Planned, options: Options) -> bool:
        # One that comes back as it was (a move that would close a cycle) is left to people.
        conflicts = [c for c in planned.plan.conflicts if _face(c) not in self.settled]
        if self.resolve is None or options.on_conflict not in ("local", "remote") or not conflicts:
            return False
        self._start(planned)
        self.settled |= {_face(c) for c in conflicts}
        return self.resolve(conflicts, options.on_conflict) > 0

    def _start(self, planned: Planned) -> None:
        if not self.run:
            with self.state.transaction():
                self.run = Journal(self.state).start(self.command, utc_now())
        for notice in planned.plan.notices:
            if notice.what not in _PASSING:
                self.notices[notice.what, notice.key, notice.fields] = notice
        sweep(self.workspace.items, planned.side.leftovers)
        for folder in (self.workspace.collections.parent, self.workspace.handouts):
            sweep(folder, left_in(folder))

    def _shelves(self) -> ShelvesApply:
        planner = self.planner
        return ShelvesApply(
            self.workspace,
            self.state,
            planner.objects,
            planner.index,
            Journal(self.state),
            self.run,
            self.progress,
        )

    def _apply(self, planned: Planned, number: int, options: Options) -> tuple[bool, bool]:
        """Apply a plan; return whether to pull before planning again, and whether to plan again."""
        planner = self.planner
        shelves = self._shelves()
        files = FilesApply(
            self.workspace,
            self.state,
            planner.objects,
            planner.index,
            Journal(self.state),
            self.run,
            self.progress,
        )
        if not options.push_only and not planned.side.frozen:
            tree = planned.side.tree
            if not shelves.collections(planned.collections, planned.collection_trees, tree):
                return False, True
            self.tally.count(number, planned.collections.plan.steps, local=True)
        steps = planned.items.steps
        written = files.items(steps, planned.item_trees, planned.collections.tree)
        self.tally.count(number, written, local=True)
        if not options.push_only:
            self._mentions(shelves)
        zotero = self._zotero(planned)
        came, self.tally.progressed = self.tally.progressed, False
        try:
            sent = zotero.collections(planned.collections.plan.steps, planned.collection_trees)
            self.tally.count(number, sent, local=False)
            rest = [s for s in steps if s.key not in files.skipped]
            self.tally.count(number, zotero.items(rest, planned.item_trees), local=False)
        except (StaleError, UnknownOutcomeError):
            zotero.stale = True
        except ForbiddenError as exc:
            self.barrier.meet(exc)
            zotero.stale = True  # pulled and planned again: what was announced did not land
        self.problems |= zotero.problems
        if not zotero.stale:  # else what came here meanwhile brings what is to be sent no further
            self.tally.progressed |= came
        moved = bool(zotero.sent) or zotero.stale
        return moved, moved or bool(files.skipped)

    def _zotero(self, planned: Planned) -> ZoteroApply:
        planner = self.planner
        return ZoteroApply(
            self.library,
            self.state,
            planner.objects,
            Journal(self.state),
            self.run,
            self.progress,
            lambda keys: self._still_absent(keys, planned),
            seen_stale=self.seen_stale,
        )

    def _still_absent(self, keys: Iterable[str], planned: Planned) -> set[str]:
        side = self.planner.read()
        if side.blocked or (side.missing and not planned.side.missing):
            return set()
        return set(keys) - set(side.paths) - side.waiting

    def _mentions(self, shelves: ShelvesApply) -> None:
        self.problems |= {str(p): p for p in shelves.mentions()}

    def _follow(self, planned: Planned) -> None:
        """Let the handouts follow what was renamed, here or there."""
        if not self.run and not self.state.meta("names_moved") and not self.state.meta(BEHIND):
            return
        handouts = HandoutsFollow(self.workspace, self.state, self.planner.index)
        if handouts.waiting():
            self._start(planned)
            self.problems |= {str(p): p for p in handouts.follow(self.run)}
        self.state.set_meta("names_moved", "")

    def _end(self, planned: Planned, options: Options) -> Outcome:
        plan = planned.plan
        lost = planned.side.frozen and not self.workspace.collections.exists()
        if lost and not options.push_only:
            self._start(planned)
            self._shelves().write_again()
        if not options.push_only:
            if self._shelves().are_stale(planned.side.paths):  # a run was stopped over it
                self._start(planned)
                self._mentions(self._shelves())
            self._follow(planned)
        for notice in plan.notices:
            self.notices[notice.what, notice.key, notice.fields] = notice
        if self.run:
            counts = {**self.tally.counts, "conflicts": len(plan.conflicts)}
            journal = Journal(self.state)
            with self.state.transaction():
                journal.finish(self.run, counts, utc_now())
                journal.prune(utc_now())
                self.state.set_meta("indexed_at", str(time.time_ns()))
        refused = self.barrier.told if options.barred else None
        first = [refused.problem] if refused else []
        told = {str(p): p for p in (*first, *self.problems.values(), *plan.problems)}
        return Outcome(
            self.run,
            self.tally.steps,
            plan.conflicts,
            tuple(self.notices.values()),
            tuple(told.values()),
            self.library.requests,
            refused,
        )


def _face(conflict: Conflict) -> tuple[str, str, str]:
    return conflict.key, conflict.field, repr(conflict.zotero)
