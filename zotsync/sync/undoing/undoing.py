"""Taking a run back: the edits of the files that a person would make; the sync after it does the rest.

Always in this order: the journal, the file. A stop between any two leaves edits that the next sync
sends, and undoing the same run again does what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from zotsync.bibliography.itemfile import parse_item
from zotsync.config import Workspace
from zotsync.errors import FileError, ZotsyncError
from zotsync.i18n import _
from zotsync.sync.applying.returning import keyed
from zotsync.sync.deciding.steps import Shelves
from zotsync.sync.outcome import Outcome
from zotsync.sync.reading.local import LocalSide
from zotsync.sync.reading.planning import Options, Planner
from zotsync.sync.reading.previewing import why_refused
from zotsync.sync.reading.view import chosen_items
from zotsync.sync.remembering.entries import FILE, Entry
from zotsync.sync.remembering.journal import Journal, Run, utc_now
from zotsync.sync.remembering.named_runs import last_runs, run_named
from zotsync.sync.remembering.state import State
from zotsync.sync.run import SyncRun
from zotsync.sync.trees import PARENT, Kind, Remote, Trees
from zotsync.sync.undoing.undo import Left, Present, UndoPlan, UndoStep, Why
from zotsync.sync.undoing.undo_effects import MEMBERS, Effect, Presence, edits, effects, placed
from zotsync.sync.undoing.undo_foresight import foreseen
from zotsync.sync.undoing.undo_handouts import handouts_back, put_back
from zotsync.sync.undoing.undo_plan import plan_undo
from zotsync.sync.undoing.undo_writing import FileWriting

_ASKED_FOR = Options(allow_mass_delete=True, allow_mass_change=True)
Agreed = Callable[[UndoPlan], bool]
"""Answers whether an undo is done as it is planned by then."""


@dataclass(frozen=True)
class Undone:
    """What came of an undo."""

    plan: UndoPlan
    left: tuple[Left, ...]
    """What was not undone."""
    run: int
    """The run that did it; 0: there was nothing to do."""
    outcome: Outcome


def to_all(_plan: UndoPlan) -> bool:
    """Agree to whatever is planned."""
    return True


def run_to_undo(journal: Journal, number: int | None) -> Run:
    """Return the run of a number; with None the last that did something, or whose undo was cut short.

    Raises:
        ZotsyncError: there is none, or it is too old, or it wrote nothing.

    """
    if number is None:
        cut_short = _cut_short(journal)
        found = journal.run(cut_short) if cut_short else journal.last_writer()
        if found is None:
            hint = _("What you edit in the files is undone in your editor.")
            message = _("There is nothing to undo: no run has written anything.")
            raise ZotsyncError(message, hint=hint)
        return found
    found = run_named(journal, str(number))
    if not journal.wrote(number):
        old = found.pushed or found.pulled or found.trashed
        text = _("Run {n} is too old: what it did is not kept any more.")
        text = text if old else _("Run {n} wrote nothing that could be undone.")
        raise ZotsyncError(text.format(n=number), hint=last_runs(journal))
    return found


def preview_undo(run: SyncRun, number: int | None, *, theirs: bool) -> UndoPlan:
    """Return what taking a run back would do; asks Zotero how things stand, and writes no file.

    Raises:
        UnsafeError: the sync that comes first would be stopped.
        RightsError: the key or the group does not allow writing.

    """
    journal = Journal(run.state)
    target = run_to_undo(journal, number)
    run.pull()
    options = Options(dry_run=True)
    planned = run.plan(options)
    if stop := why_refused(run.planner, planned, options, run.barrier):
        raise stop
    undoer = Undoer(run.workspace, run.state, run.planner, foresees=True)
    plan = undoer.plan(target.id, theirs=theirs)
    if plan.count:
        _check_rights(run)
    resumes = _cut_short(journal) == target.id
    return replace(plan, first=planned.plan.steps, resumes=resumes)


def _cut_short(journal: Journal) -> int | None:
    """Return the run whose undo was cut short, if that was the last that happened; else None."""
    last = next(iter(journal.runs(1)), None)
    return last.undoes if last and not last.finished else None


def _check_rights(run: SyncRun) -> None:
    if not run.library.rights().can_write:
        raise run.library.explain_forbidden()


def undo(
    new_run: Callable[[], SyncRun],
    number: int | None,
    *,
    theirs: bool,
    agreed: Agreed = to_all,
) -> Undone:
    """Take a run back on both sides. What waits is synced first, as a run of its own.

    `agreed`: asked, with what is to be done then, before it is.

    Raises:
        UnsafeError: a guard stopped that sync; nothing was written.
        RightsError: the key or the group does not allow writing; nothing was undone.
        ServerError: the server or the network failed; undoing the same run again does the rest.

    """
    first = new_run()
    first.command = "sync"
    journal = Journal(first.state)
    target = run_to_undo(journal, number)
    outcome = first.go(Options())
    undoer = Undoer(first.workspace, first.state, first.planner)
    plan = undoer.plan(target.id, theirs=theirs)
    if not plan.count or not agreed(plan):
        return Undone(plan, plan.left, 0, outcome)
    _check_rights(first)
    run = new_run()
    with run.state.transaction():
        run.run = journal.start("undo", utc_now(), undoes=target.id)
    missed = undoer.carry_out(plan, run.run)
    after = run.go(_ASKED_FOR)
    told = [notice for notice in outcome.notices if notice not in after.notices]
    after = replace(after, notices=(*told, *after.notices))
    return Undone(plan, (*plan.left, *missed), run.run, after)


@dataclass
class Undoer:
    """Takes runs of one workspace back. Files alone are written here."""

    workspace: Workspace
    state: State
    planner: Planner
    foresees: bool = False
    """Whether a sync will come first: then this is a look ahead to what is left after it."""

    def __post_init__(self) -> None:
        self._journal = Journal(self.state)

    # What is to be done

    def plan(self, run: int, *, theirs: bool) -> UndoPlan:
        """Return what takes a run back, as things stand."""
        written = [entry for _run, entry in reversed(self._journal.entries(run=run))]
        done = effects(map(self._completed, written))
        planned = plan_undo(run, done, self._present(run, done), theirs=theirs)
        back, left = handouts_back(self.workspace, written)
        return replace(planned, left=(*planned.left, *left), handouts=back)

    def _completed(self, entry: Entry) -> Entry:
        """Return an entry with what was before, read from the file's text where only that is told."""
        if entry.before or not entry.text or entry.side != FILE:
            return entry
        try:
            old = parse_item(entry.text.encode(), entry.file).fields
        except FileError:
            return entry
        lines = self.planner.index.collection_lines()
        meant = {line.path: key for key, line in lines.items()} | dict(entry.mentions)
        known = keyed(old, meant)
        if entry.after is None:
            return replace(entry, before=known)
        after = {**entry.after, **keyed(entry.after, meant)}
        return replace(entry, before={n: known.get(n) for n in after}, after=after)

    def _present(self, run: int, done: Iterable[Effect]) -> Present:
        side = self.planner.read()
        planned = self.planner.plan(side, Options())
        done = tuple(done)
        keys = {e.key for e in done if e.kind is Kind.ITEM}
        items = chosen_items(self.planner.objects, self.planner.index, side, keys)
        since: dict[tuple[Kind, str, str], int] = {}
        written = list(reversed(self._journal.since(run)))
        for later, pairs in groupby(written, key=itemgetter(0)):
            for (kind, key), names in edits(entry for _run, entry in pairs).items():
                since |= {(kind, key, name): later for name in names}
        made = {e.key for e in done if e.presence is Presence.MADE}
        trees = {Kind.ITEM: items, Kind.COLLECTION: planned.collection_trees}
        inside = self._inside(made, side, planned.collection_trees, planned.collections.shelves)
        moved = frozenset(placed(entry for _run, entry in written))
        shelves = planned.collections.shelves
        present = Present(trees, shelves, since, inside=inside, placed=moved)
        if not self.foresees:
            return present
        unsettled = {Kind.ITEM: planned.item_trees, Kind.COLLECTION: planned.collection_trees}
        return foreseen(present, planned.plan.steps, unsettled)

    def _inside(
        self, keys: set[str], side: LocalSide, collections: Trees, shelves: Shelves
    ) -> dict[str, frozenset[str]]:
        """Return what stands in these objects now, on either side."""
        found: dict[str, set[str]] = {key: set() for key in keys}
        for above, key in self._standings(keys & collections.keys(), side, collections):
            if above in found and key not in shelves.hidden:
                found[above].add(key)
        return {key: frozenset(inside) for key, inside in found.items()}

    def _standings(
        self, shelves: set[str], side: LocalSide, collections: Trees
    ) -> Iterator[tuple[str, str]]:
        """Yield (what something stands in, its key), as far as it concerns `shelves`, or items."""
        objects = self.planner.objects
        for key, line in objects.mirror_lines(Kind.ITEM).items():
            if line.parent and line.status is Remote.LIVE:
                yield line.parent, key
        for item in objects.with_any(shelves):
            if item.status is Remote.LIVE:
                yield from ((shelf, item.key) for shelf in item.fields.get(MEMBERS, ()))
        for shelf in shelves:
            there = self.planner.index.naming([shelf]) & set(side.paths)
            yield from ((shelf, key) for key in there)
        for tree in (collections.local, collections.mirror):
            yield from ((o.fields.get(PARENT[Kind.COLLECTION], ""), k) for k, o in tree.items())

    # Doing it

    def carry_out(self, plan: UndoPlan, run: int) -> tuple[Left, ...]:
        """Edit the files; return what could not be, because somebody has them open or edits them."""
        writing = FileWriting(self.workspace, self.planner, run)
        shelves = [s for s in plan.steps if s.kind is Kind.COLLECTION]
        if shelves and not writing.collections(shelves):
            return tuple(_missed(s) for s in plan.steps)
        writing.look_up_paths()
        items = (s for s in plan.steps if s.kind is Kind.ITEM)
        missed = [_missed(s) for s in items if not writing.item(s)]
        with self.state.transaction():
            kept = [b for b in plan.handouts if not put_back(self.workspace, self._journal, run, b)]
        missed += [Left(Why.CHANGED_HERE, Kind.COLLECTION, "", b.file) for b in kept]
        return tuple(missed)


def _missed(step: UndoStep) -> Left:
    return Left(Why.CHANGED_HERE, step.kind, step.key, step.title, tuple(sorted(step.fields)))
