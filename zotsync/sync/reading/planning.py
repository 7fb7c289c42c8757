"""Reading all three trees and planning everything: collections first, then items."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from zotsync.bibliography.scanned import Scan
from zotsync.config import Workspace
from zotsync.errors import Problem
from zotsync.model import KEY_ALPHABET, KEY_LENGTH, Fields, Progress, Schema, silent
from zotsync.sync.applying.zotero_apply import refusal
from zotsync.sync.deciding.direction import pull_only, push_only
from zotsync.sync.deciding.plan import plan_items
from zotsync.sync.deciding.refusals import hold_refused
from zotsync.sync.deciding.shelves import CollectionPlan, leave_collections, plan_collections
from zotsync.sync.deciding.steps import Context
from zotsync.sync.merging.mutual import let_go_on_both_ends
from zotsync.sync.reading.collection_tree import as_tree
from zotsync.sync.reading.local import LocalReader, LocalSide
from zotsync.sync.reading.standins import stood_in
from zotsync.sync.reading.unread import unread
from zotsync.sync.reading.view import (
    attachment_names,
    collection_trees,
    item_trees,
    zotero_collections,
)
from zotsync.sync.remembering.file_index import FileIndex
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Base, Kind, NoticeKind, Plan, Remote, Trees


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


@dataclass(frozen=True)
class Here:
    """All items and collections here, with the items' files, as they stood at one moment."""

    items: Mapping[str, Fields]
    """Key -> fields, `collections` as keys."""
    paths: Mapping[str, str]
    """Key -> path below `items/`."""
    collections: Mapping[str, tuple[str, str | None]]
    """Key -> (name, parent)."""
    new: frozenset[str]
    """Keys that no file has yet: they stand in for those that the next sync makes."""
    made: frozenset[str] = frozenset()
    """Collections that no line of collections.toml has yet: the next sync makes other keys."""
    look: Scan = field(default_factory=Scan)
    """The files themselves."""
    unread: tuple[Problem, ...] = ()
    """What is wrong with the files that stand for no item."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with any file, and the fields that wait."""
    gone: Mapping[str, Fields] = field(default_factory=dict)
    """Key -> fields of the items that are no longer here, where somebody asked for them."""


@dataclass
class Planner:
    """Plans for one workspace, for as long as a command lasts: it reads no file twice that stays as it is."""

    workspace: Workspace
    state: State
    schema: Schema
    new_key: Callable[[], str]
    progress: Progress = silent
    look_before: Scan | None = None
    """The last look at the files."""

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
            self.never_met,
            self.look_before,
            self.progress,
        )
        side = reader.read(zotero_collections(self.objects))
        self.look_before = side.look
        return replace(side, waiting=side.waiting | unread(self.state)[Kind.ITEM])

    def look(self) -> LocalSide:
        """Return the local side for whoever only looks: new files have the same keys each time."""
        return stood_in(self.read())

    def never_met(self) -> dict[str, Fields]:
        """Return the live items in Zotero; nothing once both sides have agreed on any."""
        if self.objects.base_lines(Kind.ITEM):
            return {}
        lines = self.objects.mirror_lines(Kind.ITEM)
        live = [key for key, line in lines.items() if line.synced and line.status is Remote.LIVE]
        return {key: obj.fields for key, obj in self.objects.mirror(Kind.ITEM, live).items()}

    def here(self) -> Here:
        """Return all items here."""
        side = self.look()
        fields = {key: row.fields for key, row in side.fresh.items()}
        others = {path: key for key, path in side.paths.items() if key not in fields}
        rows = self.index.rows(others)
        fields |= {others[row.path]: row.fields for row in rows}
        tree = as_tree(side.tree.objects)
        new, made = frozenset(side.new.values()), frozenset(side.tree.made)
        return Here(fields, side.paths, tree, new, made, side.look, side.unread, side.problems)

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
            attachment_names(self.objects),
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

    def live(self, kind: Kind) -> int:
        """Return how many objects both sides have agreed on as alive."""
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


def random_key() -> str:
    """Return a new object key, as Zotero's clients make them."""
    return "".join(secrets.choice(KEY_ALPHABET) for _i in range(KEY_LENGTH))
