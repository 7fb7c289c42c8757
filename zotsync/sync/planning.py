"""Reading all three trees and planning everything: collections first, then items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from zotsync.config import Workspace
from zotsync.errors import Problem, UnsafeError
from zotsync.i18n import _, ngettext
from zotsync.model import Schema
from zotsync.sync.direction import pull_only, push_only
from zotsync.sync.file_index import FileIndex
from zotsync.sync.guards import Alarm, Danger, alarms
from zotsync.sync.journal import Journal
from zotsync.sync.local import LocalReader, LocalSide
from zotsync.sync.mutual import let_go_on_both_ends
from zotsync.sync.objects import Objects
from zotsync.sync.plan import plan_items
from zotsync.sync.refusals import hold_refused
from zotsync.sync.shelves import CollectionPlan, leave_collections, plan_collections
from zotsync.sync.state import State
from zotsync.sync.steps import Context
from zotsync.sync.trees import Base, Decision, Kind, NoticeKind, Plan, Remote, Trees
from zotsync.sync.unread import unread
from zotsync.sync.view import (
    attachment_names,
    collection_trees,
    item_trees,
    zotero_collections,
)
from zotsync.sync.zotero_apply import refusal

_NAMED = 20
"""How many names a guard lists."""


@dataclass(frozen=True)
class Options:
    """How to sync."""

    dry_run: bool = False
    pull_only: bool = False
    push_only: bool = False
    allow_mass_delete: bool = False
    allow_mass_change: bool = False
    rebase: bool = False
    barred: bool = False
    """Zotero may not be written to: as `pull_only`, for another reason."""
    on_conflict: str = "keep"
    """keep, local or remote: what happens to conflicts without asking."""


@dataclass(frozen=True)
class Planned:
    """A plan with what it was made from."""

    side: LocalSide
    collections: CollectionPlan
    collection_trees: Trees
    items: Plan
    item_trees: Trees

    @property
    def plan(self) -> Plan:
        """Return everything as one plan, collections first."""
        shelves = self.collections.plan
        return Plan(
            (*shelves.steps, *self.items.steps),
            (*shelves.notices, *self.items.notices),
            tuple(dict.fromkeys([*self.side.problems, *self._held(), *self._refused()])),
        )

    def _held(self) -> list[Problem]:
        """Return why fields wait."""
        local = self.item_trees.local.values()
        return [problem for obj in local for problem in obj.held.values()]

    def _refused(self) -> list[Problem]:
        """Return what is told again about objects that Zotero refused before."""
        steps = (*self.collections.plan.steps, *self.items.steps)
        return [refusal(step, step.refused) for step in steps if step.refused]


@dataclass
class Planner:
    """Plans for one workspace."""

    workspace: Workspace
    state: State
    schema: Schema
    new_key: Callable[[], str]

    def __post_init__(self) -> None:
        self.objects = Objects(self.state)
        self.index = FileIndex(self.state)

    def read(self) -> LocalSide:
        """Return the local side."""
        reader = LocalReader(
            self.workspace,
            self.state,
            self.schema,
            self.new_key,
            lambda keys: self.objects.mirror(Kind.ITEM, keys),
        )
        side = reader.read(zotero_collections(self.objects))
        return replace(side, waiting=side.waiting | unread(self.state)[Kind.ITEM])

    def plan(self, side: LocalSide, options: Options) -> Planned:
        """Plan everything for a local side."""
        mirror = zotero_collections(self.objects)
        shelves = collection_trees(self.objects, side, mirror)
        items = item_trees(self.objects, self.index, side, mirror)
        collections = (
            leave_collections(shelves)
            if side.frozen
            else plan_collections(shelves, _filled(items), may_delete=not side.blocked)
        )
        collections = self._with_unread(collections, shelves)
        context = Context(
            self.schema,
            collections.shelves,
            not side.blocked,
            lambda key: attachment_names(self.objects, key),
        )
        plan = hold_refused(let_go_on_both_ends(plan_items(items, context), items), items)
        if part := _part(options):
            plan = part(plan)
            collections = replace(collections, plan=part(collections.plan))
        return Planned(side, collections, shelves, plan, items)

    def _with_unread(self, planned: CollectionPlan, trees: Trees) -> CollectionPlan:
        """Leave memberships alone in collections that Zotero has and that cannot be read."""
        keys = unread(self.state)[Kind.COLLECTION] - trees.mirror.keys()
        known = planned.shelves
        shelves = replace(known, hidden=known.hidden | keys, alive=known.alive | keys)
        return replace(planned, shelves=shelves)

    def guard(self, planned: Planned, options: Options) -> None:
        """Stop before anything is written, if a plan looks like a disaster (SYNC §9)."""
        live = {kind: self._live(kind) for kind in Kind}
        if live[Kind.ITEM] and not options.allow_mass_delete:
            _refuse_nothing_there(self.workspace, planned)
        raised = alarms(
            planned.plan.steps,
            live.__getitem__,
            Journal(self.state).was_before,
            allow_deletions=options.allow_mass_delete,
            allow_changes=options.allow_mass_change,
        )
        if raised:
            raise _unsafe(raised)

    def _live(self, kind: Kind) -> int:
        lines = self.objects.base_lines(kind).values()
        return sum(line.status is Base.LIVE for line in lines)


def _part(options: Options) -> Callable[[Plan], Plan] | None:
    """Return what cuts a plan down to one direction."""
    if options.barred:
        return partial(pull_only, left=NoticeKind.WAITS_FOR_RIGHTS)
    if options.pull_only:
        return pull_only
    return push_only if options.push_only else None


def _filled(items: Trees) -> set[str]:
    """Return the collections that items here were put into since the last agreement."""
    filled: set[str] = set()
    for key, local in items.local.items():
        base = items.base.get(key)
        mirror = items.mirror.get(key)
        if mirror is not None and mirror.status is not Remote.LIVE and base is None:
            continue
        known = base.fields.get("collections", ()) if base else ()
        filled |= set(local.fields.get("collections", ())) - set(known)
    return filled


def _refuse_nothing_there(workspace: Workspace, planned: Planned) -> None:
    side = planned.side
    if side.missing:
        text = _("The folder {path} is not there. Is the drive or the share connected?")
    elif not side.paths and not side.waiting and not side.blocked:
        text = _("The folder {path} is empty.")
    else:
        return
    gone = [s.title for s in planned.items.steps if s.decision is Decision.TRASH_IN_ZOTERO]
    lines = [text.format(path=workspace.items), *_names(gone)]
    hint = _("If that is meant, run: zotsync sync --allow-mass-delete")
    raise UnsafeError("\n".join(lines), hint=hint)


def _unsafe(raised: tuple[Alarm, ...]) -> UnsafeError:
    lines = [line for alarm in raised for line in _alarm_lines(alarm)]
    deletions = {Danger.DELETIONS_HERE, Danger.DELETIONS_IN_ZOTERO}
    flags = sorted(
        {"--allow-mass-delete" if a.danger in deletions else "--allow-mass-change" for a in raised}
    )
    hint = _("Nothing was written. If that is meant, run: zotsync sync {flags}")
    return UnsafeError("\n".join(lines), hint=hint.format(flags=" ".join(flags)))


def _alarm_lines(alarm: Alarm) -> list[str]:
    texts = {
        Danger.DELETIONS_IN_ZOTERO: _("{n} of {of} would go to Zotero's trash:"),
        Danger.DELETIONS_HERE: _("{n} of {of} would go to the trash here:"),
        Danger.REVERSALS_IN_ZOTERO: _("{n} of {of} would go back to older values in Zotero:"),
        Danger.REVERSALS_HERE: _("{n} of {of} would go back to older values here:"),
    }
    head = texts[alarm.danger].format(n=alarm.count, of=alarm.of)
    return [head, *_names(alarm.titles)]


def _names(titles: Sequence[str]) -> list[str]:
    names = [f"  - {title}" for title in titles[:_NAMED]]
    more = len(titles) - _NAMED
    if more > 0:
        names.append("  " + ngettext("and {n} more", "and {n} more", more).format(n=more))
    return names
