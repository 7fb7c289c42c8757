"""The remote half of applying a plan: writes to Zotero, every object accounted for.

What is sent is recorded as pending first, with the journal; base and mirror follow as the answer is
read: base is what was sent, mirror is what was answered (SYNC §2). Nothing is repeated blindly: after
a lost answer or a refusal for staleness the caller pulls and plans again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from zotsync.errors import Place, Problem, StaleError
from zotsync.i18n import _
from zotsync.model import Fields, Phase, Progress
from zotsync.sync.deciding.refusals import remember
from zotsync.sync.merging.settle import Sent, confirm
from zotsync.sync.remembering.entries import ZOTERO, Entry, decided
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.objects import Objects, from_server
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Base, BaseObject, Decision, Kind, Step, Trees, shown_file
from zotsync.zotero.answers import WRITE_SIZE, Failed, Unchanged, WriteReport, Written

if TYPE_CHECKING:  # it loads what speaks HTTP, and much is done offline
    from zotsync.zotero.library import GroupLibrary

_MOVED = 412
_STALE_CODES = {404, 409, _MOVED, 428}
_FRESH = {Decision.CREATE, Decision.RECREATE}
_UNSET: Mapping[str, Any] = {
    "creators": [],
    "tags": [],
    "collections": [],
    "relations": {},
    "parentItem": False,
    "parentCollection": False,
}
"""How a field is cleared; every other one with ""."""


@dataclass
class ZoteroApply:
    """Writes the remote half of plans. One instance per run."""

    library: GroupLibrary
    state: State
    objects: Objects
    journal: Journal
    run: int
    progress: Progress
    still_absent: Callable[[Iterable[str]], set[str]]
    """Looks at the folder again: which of these items have no file."""
    sent: int = 0
    """Requests that wrote."""
    stale: bool = False
    """Something was refused because Zotero moved: pull and plan again."""
    problems: dict[str, Problem] = field(default_factory=dict)
    """Key -> what the server refused."""
    seen_stale: set[str] = field(default_factory=set)
    """Keys refused before in this run because Zotero moved."""

    def collections(self, steps: Iterable[Step], trees: Trees) -> Iterator[Step]:
        """Send the plan for collections, one request each; yield what was confirmed."""
        version = self.state.cursor or 0
        for step in steps:
            if not _sends(step, trees):
                continue
            wire = self._announce(Kind.COLLECTION, [step], trees)
            report = self.library.write_collection(wire[0], version)
            version = report.library_version
            confirmed = self._take(Kind.COLLECTION, [step], trees, report)
            yield from confirmed
            if not confirmed and self.stale:
                raise StaleError(_("The library moved while it was written."))

    def items(self, steps: Iterable[Step], trees: Trees) -> Iterator[Step]:
        """Send the plan for items, at most 50 a request, trashing last; yield what was confirmed."""
        sending = [s for s in steps if _sends(s, trees)]
        trash = [s for s in sending if s.decision is Decision.TRASH_IN_ZOTERO]
        writes = [s for s in sending if s.decision is not Decision.TRASH_IN_ZOTERO]
        done = 0
        if sending:
            self.progress(Phase.PUSH, 0, len(sending))
        for batch in _batches(writes):
            done += len(batch)
            yield from self._batch(batch, trees)
            self.progress(Phase.PUSH, done, len(sending))
        absent = self.still_absent(s.key for s in trash) if trash else set()
        for batch in _batches([s for s in trash if s.key in absent]):
            done += len(batch)
            yield from self._batch(batch, trees)
            self.progress(Phase.PUSH, done, len(sending))

    def _batch(self, batch: list[Step], trees: Trees) -> list[Step]:
        wire = self._announce(Kind.ITEM, batch, trees)
        report = self.library.write_items(wire)
        return self._take(Kind.ITEM, batch, trees, report)

    def _announce(self, kind: Kind, steps: list[Step], trees: Trees) -> list[dict[str, Any]]:
        """Record what is about to be sent, and return it."""
        with self.state.transaction():
            self.journal.write(self.run, (_entry(s, trees) for s in steps))
            self.objects.set_pending(kind, {s.key: _sent(s, trees).as_json() for s in steps})
        self.sent += 1
        return [_wire(s, trees) for s in steps]

    def _take(self, kind: Kind, steps: list[Step], trees: Trees, report: WriteReport) -> list[Step]:
        """Move base and mirror by the write report; return the steps that it confirms."""
        done = []
        with self.state.transaction():
            for step, result in zip(steps, report.results, strict=True):
                if isinstance(result, Failed):
                    self._refused(step, result, trees)
                    continue
                self._confirmed(kind, step, result, trees)
                done.append(step)
            self.objects.set_pending(kind, dict.fromkeys((s.key for s in steps), None))
        return done

    def _confirmed(self, kind: Kind, step: Step, result: Written | Unchanged, trees: Trees) -> None:
        if isinstance(result, Written):
            obj = from_server(kind, result.version, result.data, result.meta)
            mirror = trees.mirror.get(step.key)
            if step.conflicts and mirror is not None:
                # Who and when stay those of the change that is asked about, not of our own write.
                obj = replace(obj, meta={**obj.meta, **_editor(mirror.meta)})
            self.objects.put_mirror(kind, [obj])
            if mirror is not None:
                self.objects.unrelate([(mirror, obj)])
        base = self._base(kind, step)
        if step.decision is Decision.TRASH_IN_ZOTERO:
            base = replace(base, status=Base.TRASHED, shown={}, merged={}, refused={})
        else:
            base = confirm(base, _sent(step, trees))
        self.objects.put_base(kind, [base])

    def _base(self, kind: Kind, step: Step) -> BaseObject:
        # Read anew: the local half has moved it since the plan was made.
        found = self.objects.base(kind, [step.key])
        return found.get(step.key) or BaseObject(step.key, Base.NONE, {})

    def _refused(self, step: Step, failed: Failed, trees: Trees) -> None:
        """Plan again where Zotero moved; remember what it will not take, and say so."""
        self.journal.withdraw(self.run, step.kind, step.key, ZOTERO)
        again = step.key in self.seen_stale
        if failed.code == _MOVED or (failed.code in _STALE_CODES and not again):
            self.seen_stale.add(step.key)
            self.stale = True
            return
        known = remember(step, trees.mirror.get(step.key), failed.message)
        base = replace(self._base(step.kind, step), refused=known)
        self.objects.put_base(step.kind, [base])
        self.problems[step.key] = refusal(step, failed.message)


def refusal(step: Step, message: str) -> Problem:
    """Return what to tell about an object that Zotero refused, now or before."""
    text = _("Zotero refused it: {message}").format(message=message)
    hint = _("It is sent again once it has changed here or there.")
    return Problem(
        text, Place(shown_file(step.kind, step.file), item=f"{step.title} ({step.key})"), hint
    )


def _sends(step: Step, trees: Trees) -> bool:
    if step.decision is Decision.TRASH_IN_ZOTERO:
        return True
    return bool(step.to_zotero) or (
        step.decision is Decision.RESTORE_IN_ZOTERO and _flagged(step, trees)
    )


def _flagged(step: Step, trees: Trees) -> bool:
    """Return whether Zotero has the object itself in the trash, not only what it belongs to."""
    mirror = trees.mirror.get(step.key)
    return mirror is not None and mirror.flagged


def _sent(step: Step, trees: Trees) -> Sent:
    back = step.decision in (Decision.RECREATE, Decision.RESTORE_IN_ZOTERO)
    fileless = back and step.key not in trees.local
    return Sent(step.to_zotero, step.decision in _FRESH, _version(step, trees), fileless)


def _version(step: Step, trees: Trees) -> int:
    mirror = trees.mirror.get(step.key)
    return 0 if step.decision in _FRESH or mirror is None else mirror.version


def _wire(step: Step, trees: Trees) -> dict[str, Any]:
    """Return an object as it is sent: key, version, and only what differs from the mirror."""
    wire: dict[str, Any] = {"key": step.key, "version": _version(step, trees)}
    for name, value in step.to_zotero.items():
        wire[name] = _UNSET.get(name, "") if value is None else value
    if step.decision is Decision.TRASH_IN_ZOTERO:
        wire["deleted"] = 1
    elif step.decision is Decision.RESTORE_IN_ZOTERO and _flagged(step, trees):
        wire["deleted"] = 0
    mirror = trees.mirror.get(step.key)
    if step.decision is Decision.RECREATE and mirror and "dateAdded" in mirror.meta:
        wire["dateAdded"] = mirror.meta["dateAdded"]
    return wire


def _entry(step: Step, trees: Trees) -> Entry:
    mirror = trees.mirror.get(step.key)
    there: Fields = mirror.fields if mirror else {}
    gone = step.decision is Decision.TRASH_IN_ZOTERO
    before = dict(there) if gone else {n: there.get(n) for n in step.to_zotero}
    after = None if gone else dict(step.to_zotero)
    made = step.decision is Decision.CREATE
    return Entry(
        step.kind,
        step.key,
        ZOTERO,
        decided(step, trees),
        step.file,
        None if made else before,
        after,
    )


def _editor(meta: Mapping[str, Any]) -> dict[str, Any]:
    return {name: meta[name] for name in ("lastModifiedBy", "dateModified") if name in meta}


def _batches(steps: list[Step]) -> Iterator[list[Step]]:
    left = iter(steps)
    while batch := list(islice(left, WRITE_SIZE)):
        yield batch
