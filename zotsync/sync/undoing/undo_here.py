"""Taking back a run that no sync has seen: what it did stands in files alone, and so does its undoing.

Zotero is not asked, and hears of neither. The plan is that of any undo, made as if Zotero held what the
files hold; that it has no part in it is made sure of first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from zotsync.sync.outcome import Outcome
from zotsync.sync.remembering.entries import BESIDE, FILE, IMPORT
from zotsync.sync.remembering.file_index import FileRow
from zotsync.sync.remembering.journal import utc_now
from zotsync.sync.remembering.lock import locked
from zotsync.sync.trees import Base, BaseObject, Kind, MirrorObject, Remote, Trees
from zotsync.sync.undoing.undo import Present, UndoPlan, What
from zotsync.sync.undoing.undo_effects import MEMBERS, Effect, Presence, effects, presence_of
from zotsync.sync.undoing.undoing import Agreed, Undoer, Undone, run_to_undo, to_all

_BY_WORD = frozenset({IMPORT, "undo"})


@dataclass
class UndoHere(Undoer):
    """Takes runs of one workspace back that Zotero knows nothing of."""

    _edited: frozenset[str] = field(default=frozenset(), init=False)
    """Keys of new items whose files somebody has edited since."""

    def is_possible(self, number: int | None) -> bool:
        """Return whether all that a run did stands in files alone, None being the last one.

        Raises:
            ZotsyncError: there is no such run, or nothing in it to undo.

        """
        run = run_to_undo(self._journal, number)
        written = [entry for _run, entry in self._journal.entries(run=run.id)]
        told = [entry for entry in written if entry.decision not in BESIDE]
        if not told or any(e.side != FILE or e.decision not in _BY_WORD for e in told):
            return False
        later = [e for _run, e in self._journal.since(run.id)]
        sent, written_since = {e.key for e in later if e.side != FILE}, {e.key for e in later}
        done = effects(map(self._completed, reversed(written)))
        return all(
            e.key not in sent and self._is_unseen(e, last=e.key not in written_since) for e in done
        )

    def _is_unseen(self, effect: Effect, *, last: bool) -> bool:
        """Return whether Zotero knows nothing of an effect, and nothing of it is under way.

        `last`: no run has written the object since. Then what Zotero holds is as old as the base,
        even where the run itself came upon an edit that no sync had seen.
        """
        kind, key, objects = effect.kind, effect.key, self.planner.objects
        if key in objects.pending(kind):
            return False
        base = objects.base(kind, [key]).get(key)
        if effect.presence is not None:
            return base is None and key not in objects.mirror(kind, [key])
        known = base.fields if base else {}
        changes = effect.fields.items()  # one that is taken back leaves what both sides agreed on
        if not base or all(known.get(n) in (c.before, c.after) for n, c in changes):
            return True
        there = objects.mirror(kind, [key]).get(key)
        return (
            last
            and there is not None
            and all(there.fields.get(n) == known.get(n) for n, _c in changes)
        )

    def previewed(self, number: int | None) -> UndoPlan:
        """Return what taking a run back does."""
        run = run_to_undo(self._journal, number)
        self._know_the_files(run.id)
        return replace(self.plan(run.id, theirs=False), here=True)

    def undo(self, number: int | None, agreed: Agreed = to_all) -> Undone:
        """Take a run back, as a run of its own; `agreed` is asked with what is to be done then."""
        with locked(self.workspace.lock, "undo", utc_now()):
            plan = self.previewed(number)
            if not plan.count or not agreed(plan):
                return Undone(plan, plan.left, 0, Outcome())
            with self.state.transaction():
                run = self._journal.start("undo", utc_now(), undoes=plan.run)
            missed = self.carry_out(plan, run)
            back = {step.key for step in plan.steps if step.what is What.BRING_BACK}
            fresh = self.planner.read().fresh if back else {}
            with self.state.transaction():
                self.planner.index.put(row for key, row in fresh.items() if key in back)
                self._journal.finish(run, {}, utc_now())
            return Undone(plan, (*plan.left, *missed), run, Outcome())

    def _know_the_files(self, run: int) -> None:
        """Take note of the files as they stand; of new ones, whether they are as the run left them."""
        written = [e for _run, e in self._journal.entries(run=run) if e.kind is Kind.ITEM]
        made = {e.key for e in written if presence_of(e) is Presence.MADE}
        side = self.planner.read()
        rows = [side.fresh[e.key] for e in written if e.key in side.fresh]
        self._edited = frozenset(row.key for row in rows if row.key in made and self._is_other(row))
        with self.state.transaction():
            known = (r for r in rows if r.key not in self._edited)
            self.planner.index.put(r for r in known if not (r.again and side.provisional))

    def _is_other(self, row: FileRow) -> bool:
        """Return whether a file is another than the one that was written."""
        known = self.planner.index.by_key(row.key)
        return known is not None and known.stamp.digest != row.stamp.digest

    def _present(self, run: int, done: Iterable[Effect]) -> Present:
        """Return how things stand, as if Zotero had all that the run left."""
        done = tuple(done)
        present = super()._present(run, done)
        trees = {
            kind: self._as_if_synced(tree, [e for e in done if e.kind is kind])
            for kind, tree in present.trees.items()
        }
        return replace(present, trees=trees, inside=self._with_edited(present))

    def _with_edited(self, present: Present) -> Mapping[str, frozenset[str]]:
        """Return what stands in the collections that the run made, files edited since among it."""
        inside = dict(present.inside)
        for key in self._edited:
            for shelf in present.trees[Kind.ITEM].local[key].fields.get(MEMBERS, ()):
                if shelf in inside:
                    inside[shelf] |= {key}
        return inside

    def _as_if_synced(self, trees: Trees, done: Iterable[Effect]) -> Trees:
        mirror = {
            e.key: MirrorObject(e.key, 0, Remote.TRASHED, e.content or {})
            for e in done
            if e.presence is Presence.REMOVED
        }
        here = {e.key: trees.local[e.key].fields for e in done if e.key in trees.local}
        mirror |= {key: MirrorObject(key, 0, Remote.LIVE, fields) for key, fields in here.items()}
        base = {
            key: BaseObject(key, Base.LIVE, {} if key in self._edited else fields)
            for key, fields in here.items()
        }
        return Trees(trees.local, {**trees.mirror, **mirror}, {**trees.base, **base})
