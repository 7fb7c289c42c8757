"""An object that both sides have: field by field, what goes where. Pure.

A field that waits keeps its base. What is here settles, renews or ends open conflicts (SYNC §8) and
handles a re-typing as one unit with the fields that one of the two types lacks (SYNC §6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from zotsync.model import Fields, Schema
from zotsync.sync.merging.merge import Merged, Way, merge_field
from zotsync.sync.trees import UNIT, BaseObject, LocalObject

STRUCTURE = frozenset(
    {
        "itemType",
        "creators",
        "tags",
        "collections",
        "relations",
        "parentItem",
        "note",
        "name",
        "parentCollection",
    }
)
"""Properties that are no fields of the schema's lists, and are synced all the same."""
PLACE = frozenset({"parentItem", "collections"})
"""Where a note stands: below an item or in collections, never both."""


@dataclass
class Update:
    """What an update of one object consists of; filled field by field."""

    to_file: dict[str, Any] = field(default_factory=dict)
    to_zotero: dict[str, Any] = field(default_factory=dict)
    agreed: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, tuple[Any, Any, Any]] = field(default_factory=dict)
    """Field -> (base, local, Zotero)."""
    merged: dict[str, Any] = field(default_factory=dict)
    inside: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def take(self, name: str, result: Merged, remote: Any) -> None:
        """Put one field's outcome where it belongs."""
        value = result.value
        if result.way is Way.AGREED:
            self.agreed[name] = value
        if result.way in (Way.TO_FILE, Way.BOTH):
            self.to_file[name] = value
        if result.way in (Way.TO_ZOTERO, Way.BOTH):
            self.to_zotero[name] = value
        if result.way is Way.BOTH:
            self.merged[name] = {"result": value, "zotero": remote}
        if result.inside:
            self.inside.append(name)


def update(base: BaseObject, local: LocalObject, remote: Fields, schema: Schema) -> Update:
    """Return what brings file and Zotero together, and what waits."""
    done = Update(held=sorted(local.held))
    mine = with_unknown(local.fields, base.fields, remote, schema)
    unit = _unit_names(base.fields, mine, remote, schema)
    if unit:
        _merge_unit(unit, base, local, mine, remote, done)
    if _apart(mine, remote):
        _merge_place(base, local, mine, remote, done)
        unit |= PLACE
    for name in sorted({*base.fields, *mine, *remote} - unit - set(local.held)):
        result = _merge_one(name, base, local, mine.get(name), remote.get(name))
        if result.way is Way.CONFLICT:
            was = _agreed_before(name, base, local)
            if was != base.fields.get(name):
                done.agreed[name] = was
            done.conflicts[name] = (was, mine.get(name), remote.get(name))
        else:
            done.take(name, result, remote.get(name))
    return done


def with_unknown(mine: Fields, base: Fields, remote: Fields, schema: Schema) -> dict[str, Any]:
    """Return the file's fields, with those the schema does not know and the file leaves out.

    Leaving out a field is clearing it; a field of a newer schema is not ours to clear (SYNC §1).
    """
    unknown = {n for n in (*base, *remote) if n not in STRUCTURE and not schema.knows_field(n)}
    stay = {n: base.get(n, remote.get(n)) for n in unknown if n not in mine}
    return {**mine, **stay}


def _agreed_before(name: str, base: BaseObject, local: LocalObject) -> Any:
    """Return a field's base; a settled conflict's is what was shown, and nothing else (SYNC §8)."""
    if name in base.shown and name not in local.open_conflicts:
        return base.shown[name] or None
    return base.fields.get(name)


def _merge_one(name: str, base: BaseObject, local: LocalObject, mine: Any, theirs: Any) -> Merged:
    was = base.fields.get(name)
    under_way = base.merged.get(name)
    if under_way and mine == under_way["result"]:
        was = under_way["zotero"]  # our own merge, written before a stop: not an edit
    if name in base.shown and name not in local.open_conflicts:
        was = _agreed_before(name, base, local)
    result = merge_field(name, was, mine, theirs, inside=name not in base.shown)
    if result.way is Way.SAME and (name in base.shown or result.value != base.fields.get(name)):
        return Merged(Way.AGREED, result.value)  # a conflict has ended: the base follows
    return result


def _unit_names(base: Fields, mine: Fields, remote: Fields, schema: Schema) -> set[str]:
    """Return the names that stand or fall with `itemType`; empty while the types are the same."""
    here, there = mine.get("itemType"), remote.get("itemType")
    if here == there or here is None or there is None:
        return set()
    types = [schema.item_types[t] for t in (here, there) if t in schema.item_types]
    shared = set.intersection(*(set(t.fields) for t in types)) if types else set()
    used = {n for n in (*base, *mine, *remote) if n not in STRUCTURE}
    unit = {UNIT} | {n for n in used if schema.knows_field(n) and n not in shared}
    makers = {c.get("creatorType") for f in (base, mine, remote) for c in f.get("creators", ())}
    if any(maker not in t.creator_types for t in types for maker in makers):
        unit.add("creators")
    return unit


def _merge_unit(  # noqa: PLR0913, PLR0917 - the three trees, and what comes of them
    unit: set[str],
    base: BaseObject,
    local: LocalObject,
    mine: Fields,
    remote: Fields,
    done: Update,
) -> None:
    here, there = _part(mine, unit), _part(remote, unit)
    was = _part(base.fields, unit)
    if UNIT in base.shown and UNIT not in local.open_conflicts:
        was = base.shown[UNIT]
    result = merge_field(UNIT, was, here, there, inside=False)
    if unit & set(local.held):
        done.held.extend(sorted(unit - set(local.held)))
    elif result.way is Way.CONFLICT:
        done.conflicts[UNIT] = (was, here, there)
        done.agreed |= {n: was.get(n) for n in unit if was.get(n) != base.fields.get(n)}
    else:
        _take_unit(unit, result, base.fields, mine, remote, done)


def _apart(mine: Fields, remote: Fields) -> bool:
    """Return whether a note is a child on one side and stands in collections on the other."""
    sides = ((mine, remote), (remote, mine))
    return any(
        "parentItem" in child and "parentItem" not in alone and alone.get("collections")
        for child, alone in sides
    )


def _merge_place(
    base: BaseObject, local: LocalObject, mine: Fields, remote: Fields, done: Update
) -> None:
    """Merge parent and collections as one: the server lets go of one of them silently (SYNC §6)."""
    here, there, was = (_part(fields, PLACE) for fields in (mine, remote, base.fields))
    settled = "parentItem" in base.shown and "parentItem" not in local.open_conflicts
    if settled and there.get("parentItem", "") == base.shown["parentItem"]:
        was = there
    result = merge_field("parentItem", was, here, there, inside=False)
    if PLACE & set(local.held):
        done.held.extend(sorted(PLACE - set(local.held)))
    elif result.way is Way.CONFLICT:
        parents = [fields.get("parentItem") for fields in (was, here, there)]
        done.conflicts["parentItem"] = (parents[0], parents[1], parents[2])
    else:
        _take_unit(PLACE, result, base.fields, mine, remote, done)


def _take_unit(  # noqa: PLR0913, PLR0917 - the three trees, and what comes of them
    unit: Collection[str], result: Merged, base: Fields, mine: Fields, remote: Fields, done: Update
) -> None:
    for name in sorted(unit):
        same = mine.get(name) == remote.get(name)
        way = Way.AGREED if same else result.way
        if not (same and mine.get(name) == base.get(name)):
            done.take(name, Merged(way, result.value.get(name)), remote.get(name))


def _part(fields: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {n: fields[n] for n in sorted(names) if n in fields}
