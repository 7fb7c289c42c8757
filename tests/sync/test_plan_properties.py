"""Whatever the three trees hold: nothing gets lost, both sides end equal, and then there is rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from sync.triples import (
    CONTEXT,
    HIDDEN,
    LONG,
    SENTENCES,
    VALUES,
    World,
    applied,
    edited,
    fields_of,
    worlds,
)

from zotsync.model import SETS, Fields
from zotsync.sync.merging.fields import with_unknown
from zotsync.sync.merging.merge import Way, merge_field, merge_set
from zotsync.sync.trees import EXISTENCE, UNIT, Base, Decision, Remote


def members(name: str, value: Any) -> set[Any]:
    if name == "relations":
        return {(p, u) for p, uris in (value or {}).items() for u in uris}
    if name == "tags":
        return {(t["tag"], t.get("type", 0)) for t in value or ()}
    return set(value or ())


def alive(world: World) -> bool:
    there = world.mirror is not None and world.mirror.status is Remote.LIVE
    return there and world.local is not None


def waiting(world: World) -> set[str]:
    """Return the names of what waits; a conflict on a unit may be about any field."""
    names = {c.field for s in world.plan().steps for c in s.conflicts}
    names |= set(world.local.held) if world.local else set()
    if names & {UNIT, EXISTENCE}:
        return {"*"}
    return names | {"collections"} if "parentItem" in names else names


@given(worlds())
def test_after_a_plan_is_applied_planning_gives_nothing(world: World) -> None:
    after = applied(world, world.plan())
    assert [s for s in after.plan().steps if s.acts] == []


@given(worlds())
def test_both_sides_are_equal_but_for_conflicts(world: World) -> None:
    after = applied(world, world.plan())
    waits = waiting(after)
    if after.local is None:
        assert after.mirror is None or after.mirror.status is not Remote.LIVE
        return
    if "*" in waits:
        return
    assert after.mirror is not None
    assert after.mirror.status is Remote.LIVE
    mine, theirs = after.local.fields, after.mirror.fields
    differ = {n for n in {*mine, *theirs} if mine.get(n) != theirs.get(n)}
    unknown = {n for n in differ if n == "newField" and n not in mine}
    if "parentItem" in waits:
        differ.add("collections")
    assert differ - unknown == waits


@given(worlds())
def test_no_side_gets_a_parent_beside_collections(world: World) -> None:
    after = applied(world, world.plan())
    for side in (after.local, after.mirror):
        if side is not None:
            assert not side.fields.keys() >= {"parentItem", "collections"}


@given(worlds())
def test_a_value_that_one_side_changed_is_on_both_in_conflict_or_in_the_journal(
    world: World,
) -> None:
    after = applied(world, world.plan())
    waits = waiting(after)
    kept = [after.local.fields if after.local else {}, after.mirror.fields if after.mirror else {}]
    for side in (world.local, world.mirror):
        if side is None:
            continue
        for name, value in side.fields.items():
            if world.base.fields.get(name) == value or waits & {"*", name}:
                continue
            held = [f.get(name) for f in (*kept, *after.journal)]
            if name in SETS:
                assert members(name, value) <= set().union(*(members(name, v) for v in held))
            elif name not in LONG:
                assert value in held


@given(worlds())
def test_an_edit_here_is_never_overwritten(world: World) -> None:
    """What the file has new stands in the file afterwards, whatever happens elsewhere."""
    assume(world.local is not None)
    after = applied(world, world.plan())
    if after.local is None:
        return
    assert world.local is not None
    retyped = after.local.fields["itemType"] != world.local.fields["itemType"]
    for name, value in world.local.fields.items():
        was = world.base.fields.get(name)
        if value == was or retyped:
            continue
        now = after.local.fields.get(name)
        if name in SETS:
            added = members(name, value) - members(name, was)
            assert added <= members(name, now)
        elif name == "abstractNote":
            added = {s for s in SENTENCES if s in value and s not in (was or "")}
            assert all(s in str(now) for s in added)
        elif name not in LONG:
            assert now == value


@given(worlds(held=True))
def test_what_is_held_stays_on_both_sides_as_it_is(world: World) -> None:
    assume(world.local is not None)
    assert world.local is not None
    for step in world.plan().steps:
        assert not set(step.to_file) & set(world.local.held)
        assert not set(step.to_zotero) & set(world.local.held)
    after = applied(world, world.plan())
    if after.local is not None:
        for name in world.local.held:
            assert after.local.fields[name] == world.local.fields[name]


@given(worlds(held=True))
def test_with_held_fields_too_a_second_plan_does_nothing(world: World) -> None:
    after = applied(world, world.plan())
    assert [s for s in after.plan().steps if s.acts] == []


@given(worlds())
def test_a_write_carries_only_what_differs_from_the_mirror(world: World) -> None:
    for step in world.plan().steps:
        if step.decision in (Decision.CREATE, Decision.RECREATE):
            continue
        there = world.mirror.fields if world.mirror else {}
        assert all(there.get(n) != v for n, v in step.to_zotero.items())
        assert not {c.field for c in step.conflicts} & set(step.to_zotero)


@given(worlds())
def test_only_what_no_side_edited_goes_to_a_trash(world: World) -> None:
    for step in world.plan().steps:
        if step.decision is Decision.TRASH_IN_ZOTERO:
            assert world.mirror is not None
            assert world.mirror.fields == world.base.fields
        if step.decision is Decision.TRASH_FILE:
            assert world.local is not None
            last = world.mirror.fields if world.mirror else {}
            known = last if world.base.status is Base.NONE else world.base.fields
            mine = with_unknown(world.local.fields, known, {}, CONTEXT.schema)
            assert mine == known


@given(worlds(), st.booleans())
def test_while_something_cannot_be_read_nothing_is_deleted(world: World, acts: bool) -> None:  # noqa: FBT001
    if acts and world.local:
        world = replace(world, local=None)
    plan = world.plan(replace(CONTEXT, may_delete=False))
    assert not any(s.decision is Decision.TRASH_IN_ZOTERO for s in plan.steps)


@given(worlds())
def test_memberships_in_trashed_collections_stay_in_zotero(world: World) -> None:
    assume(world.mirror is not None)
    assert world.mirror is not None
    # A note below an item is in no collection: the server lets go of one or the other.
    assume("parentItem" not in {**world.mirror.fields, **world.base.fields})
    shelves = replace(CONTEXT.shelves, hidden=frozenset({HIDDEN}))
    context = replace(CONTEXT, shelves=shelves)
    inside = sorted({*world.mirror.fields.get("collections", ()), HIDDEN})
    mirror = replace(world.mirror, fields={**world.mirror.fields, "collections": inside})
    base = world.base
    if base.status is not Base.NONE:
        known = sorted({*base.fields.get("collections", ()), HIDDEN})
        base = replace(base, fields={**base.fields, "collections": known})
    world = replace(world, mirror=mirror, base=base)
    after = applied(world, world.plan(context))
    if after.mirror is not None and after.mirror.status is not Remote.ERASED:
        assert HIDDEN in after.mirror.fields.get("collections", ())
    if after.local is not None:
        assert HIDDEN not in after.local.fields.get("collections", ())
    assert [s for s in after.plan(context).steps if s.acts] == []


# Merging one field


def triples(name: str) -> st.SearchStrategy[tuple[Any, Any, Any]]:
    values = fields_of("note") if name == "note" else fields_of("book")
    one = values.map(lambda fields: fields.get(name))
    return st.tuples(one, one, one)


def swapped(way: Way) -> Way:
    return {Way.TO_FILE: Way.TO_ZOTERO, Way.TO_ZOTERO: Way.TO_FILE}.get(way, way)


NAMES = st.sampled_from([*(n for n in VALUES if n != "institution"), "note"])
CASES = NAMES.flatmap(lambda name: st.tuples(st.just(name), triples(name)))


@given(CASES)
def test_a_merge_is_the_same_from_both_sides(case: tuple[str, tuple[Any, Any, Any]]) -> None:
    name, (base, local, remote) = case
    here, there = merge_field(name, base, local, remote), merge_field(name, base, remote, local)
    assert (here.way, here.value, here.inside) == (swapped(there.way), there.value, there.inside)


@given(CASES)
def test_a_merge_done_is_done(case: tuple[str, tuple[Any, Any, Any]]) -> None:
    name, (base, local, remote) = case
    merged = merge_field(name, base, local, remote)
    assume(merged.way is not Way.CONFLICT)
    assert merge_field(name, merged.value, merged.value, merged.value).way is Way.SAME
    for mine, theirs in ((merged.value, remote), (local, merged.value)):
        assert merge_field(name, base, mine, theirs).value == merged.value


@given(CASES)
def test_a_merge_drops_no_value(case: tuple[str, tuple[Any, Any, Any]]) -> None:
    name, (base, local, remote) = case
    merged = merge_field(name, base, local, remote)
    if merged.way is Way.CONFLICT:
        return
    for side in (local, remote):
        if name in SETS:
            assert members(name, side) - members(name, base) <= members(name, merged.value)
        elif side != base and not merged.inside:
            assert merged.value == side


@given(CASES)
def test_sets_never_conflict(case: tuple[str, tuple[Any, Any, Any]]) -> None:
    name, (base, local, remote) = case
    assume(name in SETS)
    assert merge_field(name, base, local, remote).way is not Way.CONFLICT
    kept = members(name, merge_set(name, base, local, remote))
    gone = members(name, base) - (members(name, local) & members(name, remote))
    assert not kept & gone


@given(fields_of("book").flatmap(lambda base: st.tuples(st.just(base), edited(base))))
def test_what_only_one_side_changed_goes_to_the_other(pair: tuple[Fields, Fields]) -> None:
    base, side = pair
    for name in {*base, *side}:
        was, now = base.get(name), side.get(name)
        expected = Way.SAME if was == now else Way.TO_ZOTERO
        assert merge_field(name, was, now, was).way is expected
        assert merge_field(name, was, was, now).way is swapped(expected)


def test_a_list_of_a_newer_schema_is_one_value() -> None:
    assert merge_field("newList", ["a"], ["a", "b"], ["a", "c"]).way is Way.CONFLICT
    assert merge_field("newList", ["a"], ["a", "b"], ["a"]).value == ["a", "b"]
