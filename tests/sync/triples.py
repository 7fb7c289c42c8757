"""Triples of one item (base, file, Zotero) for properties of the plan, and its pure application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from zotsync.errors import Problem
from zotsync.model import normal
from zotsync.sync.applying.files_apply import advance, in_trash
from zotsync.sync.applying.zotero_apply import _sends, _sent
from zotsync.sync.deciding.plan import plan_items
from zotsync.sync.deciding.steps import Context, Shelves
from zotsync.sync.merging.settle import confirm
from zotsync.sync.trees import (
    Base,
    BaseObject,
    Decision,
    LocalObject,
    MirrorObject,
    Plan,
    Remote,
    Step,
    Trees,
)
from zotsync.zotero.schema import bundled

KEY = "ABCD2345"
SCHEMA = bundled()
COLLECTIONS = ("CCCC2222", "CCCC3333", "CCCC4444")
HIDDEN = "CCCC5555"
URI = "http://zotero.org/groups/1/items/"
CONTEXT = Context(SCHEMA, Shelves(alive=frozenset({*COLLECTIONS, HIDDEN})))

SENTENCES = [f"Phrase {n} du résumé." for n in range(6)]
_abstract = st.lists(st.sampled_from(SENTENCES), unique=True, max_size=4).map(" ".join)
_extra = st.lists(
    st.sampled_from(["PMID: 1", "PMID: 2", "Cote: A", "Cote: B", "libre", "autre"]),
    unique=True,
    max_size=4,
).map("\n".join)
_note = st.lists(st.sampled_from([f"<p>Bloc {n}</p>" for n in range(5)]), unique=True).map("".join)
_creator = st.sampled_from(
    [
        {"creatorType": "author", "firstName": "A", "lastName": "Un"},
        {"creatorType": "author", "name": "Institution"},
        {"creatorType": "contributor", "firstName": "", "lastName": "Deux"},
    ]
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["Un", "Deux", "Trois"]),
    "abstractNote": _abstract,
    "extra": _extra,
    "creators": st.lists(_creator, max_size=2),
    "tags": st.lists(
        st.fixed_dictionaries({"tag": st.sampled_from("abc")}, optional={"type": st.just(1)}),
        max_size=3,
    ),
    "collections": st.lists(st.sampled_from(COLLECTIONS), unique=True),
    "relations": st.lists(st.sampled_from("XYZ"), unique=True).map(
        lambda keys: {"dc:relation": [URI + k * 8 for k in keys]}
    ),
    "numPages": st.sampled_from(["10", "20"]),
    "edition": st.sampled_from(["1", "2"]),
    "institution": st.sampled_from(["I", "J"]),
    "parentItem": st.sampled_from(["PPPP2222", "PPPP3333"]),
    "newField": st.sampled_from(["n1", "n2"]),
}
"""Names and values; `newField` is of a schema that nobody here knows."""
LONG = ("abstractNote", "extra", "note")


def names_for(item_type: str) -> list[str]:
    if item_type == "note":
        return ["tags", "collections", "relations", "parentItem"]
    fields = set(SCHEMA.item_types[item_type].fields)
    always = {"creators", "tags", "collections", "relations", "newField"}
    return [n for n in VALUES if n in fields or n in always]


@st.composite
def fields_of(draw: st.DrawFn, item_type: str) -> dict[str, Any]:
    data = {n: draw(VALUES[n]) for n in names_for(item_type) if draw(st.booleans())}
    if item_type == "note":
        data["note"] = draw(_note)
    return _in_one_place({"itemType": item_type, **data})


def _in_one_place(data: dict[str, Any]) -> dict[str, Any]:
    """Return an item's fields in normal form; a child note is in no collection."""
    if "parentItem" in data:
        data.pop("collections", None)
    return normal(data)


@st.composite
def edited(draw: st.DrawFn, base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody made of `base`: some fields changed, now and then its type."""
    if draw(st.integers(0, 3)) == 0:
        return dict(base)
    item_type = base["itemType"]
    if item_type != "note" and draw(st.integers(0, 5)) == 0:
        item_type = draw(st.sampled_from(["book", "report"]))
    names = names_for(item_type)
    kept = {n: v for n, v in base.items() if n in names or n == "note"}
    fresh = draw(fields_of(item_type))
    for name in {*names, "note"}:
        if draw(st.integers(0, 2)) == 0:
            kept.pop(name, None)
            if name in fresh:
                kept[name] = fresh[name]
    return _in_one_place({"itemType": item_type, **kept})


@dataclass(frozen=True)
class World:
    """Everything there is of one item, and what was written over."""

    local: LocalObject | None
    mirror: MirrorObject | None
    base: BaseObject
    journal: tuple[Any, ...] = field(default=())

    def trees(self) -> Trees:
        local = {KEY: self.local} if self.local else {}
        mirror = {KEY: self.mirror} if self.mirror else {}
        known = self.base != BaseObject(KEY, Base.NONE, {})
        return Trees(local, mirror, {KEY: self.base} if known else {})

    def plan(self, context: Context = CONTEXT) -> Plan:
        return plan_items(self.trees(), context)


@st.composite
def worlds(draw: st.DrawFn, *, held: bool = False) -> World:
    kind = draw(st.sampled_from(["book", "book", "report", "note"]))
    base_fields = draw(fields_of(kind))
    status = draw(st.sampled_from([Base.LIVE, Base.LIVE, Base.LIVE, Base.NONE, Base.TRASHED]))
    base = BaseObject(KEY, status, {} if status is Base.NONE else base_fields)
    local = mirror = None
    if draw(st.integers(0, 4)):
        mine = draw(edited(base_fields))
        waits = draw(st.sets(st.sampled_from(sorted(mine)), max_size=2)) if held else set()
        local = LocalObject(KEY, mine, "f.toml", held={n: Problem("attend") for n in waits})
    if draw(st.integers(0, 4)):
        there = draw(st.sampled_from([Remote.LIVE, Remote.LIVE, Remote.TRASHED, Remote.ERASED]))
        flagged = there is Remote.TRASHED
        mirror = MirrorObject(KEY, 7, there, draw(edited(base_fields)), flagged=flagged)
    return World(local, mirror, base)


def with_changes(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in {**fields, **changes}.items() if v is not None}


def applied(world: World, plan: Plan) -> World:
    for step in plan.steps:
        world = _send(step, _write(step, world))
    return world


def _write(step: Step, world: World) -> World:
    local, base = world.local, world.base
    journal = world.journal
    if step.decision in (Decision.NEW_FILE, Decision.RESTORE_FILE):
        assert local is None
        made = LocalObject(KEY, step.to_file, "f.toml")
        base = BaseObject(KEY, Base.LIVE, dict(step.agreed), unseen=step.unseen or ())
        return replace(world, local=made, base=base)
    if local and (step.to_file or step.mark or step.decision is Decision.TRASH_FILE):
        journal = (*journal, local.fields)
        tables = frozenset(c.field for c in step.conflicts) if step.mark else local.open_conflicts
        fields = with_changes(local.fields, step.to_file)
        local = replace(local, fields=fields, open_conflicts=tables)
    gone = step.decision is Decision.TRASH_FILE
    if step.decision is Decision.FORGET or (gone and not in_trash(world.mirror)):
        base = BaseObject(KEY, Base.NONE, {})
    else:
        base = advance(step, base, world.mirror) or base
    return replace(world, local=None if gone else local, base=base, journal=journal)


def _send(step: Step, world: World) -> World:
    if not _sends(step, world.trees()):
        return world
    mirror, base = world.mirror, world.base
    journal = (*world.journal, mirror.fields if mirror else {})
    if step.decision is Decision.TRASH_IN_ZOTERO:
        assert mirror is not None
        mirror = replace(mirror, status=Remote.TRASHED, flagged=True)
        return replace(world, mirror=mirror, base=replace(base, status=Base.TRASHED))
    fresh = step.decision in (Decision.CREATE, Decision.RECREATE)
    fields = with_changes({} if fresh or not mirror else mirror.fields, step.to_zotero)
    there = MirrorObject(KEY, 8, Remote.LIVE, fields)
    base = confirm(base, _sent(step, world.trees()))
    return replace(world, mirror=there, base=base, journal=journal)
