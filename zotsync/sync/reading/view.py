"""From state.db and the files to the trees that a plan takes: only what is not settled is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

from zotsync.sync.merging.mutual import partners_let_go
from zotsync.sync.reading.collection_tree import PARENT
from zotsync.sync.reading.local import LocalSide, load_objects
from zotsync.sync.reading.waiting import parent_problem
from zotsync.sync.remembering.file_index import FileIndex
from zotsync.sync.remembering.objects import BaseLine, MirrorLine, Objects
from zotsync.sync.trees import Base, Kind, LocalObject, MirrorObject, Remote, Trees


def zotero_collections(objects: Objects) -> dict[str, MirrorObject]:
    """Return all collections of the mirror; what stands below a trashed one is trashed."""
    all_of_them = objects.mirror(Kind.COLLECTION, objects.mirror_lines(Kind.COLLECTION))
    return {
        key: replace(obj, status=Remote.TRASHED) if _below_trash(obj, all_of_them) else obj
        for key, obj in all_of_them.items()
    }


def _below_trash(obj: MirrorObject, among: Mapping[str, MirrorObject]) -> bool:
    seen: set[str] = set()
    at: MirrorObject | None = obj
    while at is not None and at.key not in seen:
        if at.status is Remote.TRASHED:
            return obj.status is Remote.LIVE
        seen.add(at.key)
        at = among.get(at.fields.get(PARENT, ""))
    return False


def collection_trees(
    objects: Objects, side: LocalSide, mirror: Mapping[str, MirrorObject]
) -> Trees:
    """Return the trees of all collections."""
    base = objects.base(Kind.COLLECTION, objects.base_lines(Kind.COLLECTION))
    local = side.tree.local_objects({key: obj.shown for key, obj in base.items()})
    return Trees(local, mirror, base)


def item_trees(
    objects: Objects, index: FileIndex, side: LocalSide, shelves: Mapping[str, MirrorObject]
) -> Trees:
    """Return the trees of the items that are not settled, and of the parents they need.

    `shelves`: all collections of the mirror. Files that name a trashed one are not settled.
    """
    trashed = [key for key, obj in shelves.items() if obj.status is Remote.TRASHED]
    naming = index.naming(trashed) if trashed else set()
    naming |= {k for k, r in side.fresh.items() if not set(r.mentions.values()).isdisjoint(trashed)}
    lines = {k: m for k, m in objects.mirror_lines(Kind.ITEM).items() if m.synced}
    bases = objects.base_lines(Kind.ITEM)
    keys = [
        key
        for key in {*side.digests, *lines, *bases}
        if key not in side.waiting and (key in naming or not _settled(key, side, lines, bases))
    ]
    local = load_objects(side, index, keys)
    parents = {obj.fields.get("parentItem") for obj in local.values()}
    parents |= {lines[k].parent for k in keys if k in lines}
    bases_known = objects.base(Kind.ITEM, keys)
    related = partners_let_go(Trees(local, base=bases_known))
    more = [
        k for k in (parents | related) - set(keys) if k and k not in side.waiting and k in lines
    ]
    local |= load_objects(side, index, more)
    local = {k: _with_parent(obj, side, lines) for k, obj in local.items()}
    wanted = [*keys, *more]
    mirror = objects.mirror(Kind.ITEM, (k for k in wanted if k in lines))
    for key, obj in mirror.items():
        if (status := effective(key, lines)) is not obj.status:
            mirror[key] = replace(obj, status=status)
    return Trees(local, mirror, bases_known | objects.base(Kind.ITEM, more))


def chosen_items(objects: Objects, index: FileIndex, side: LocalSide, keys: Iterable[str]) -> Trees:
    """Return the trees of these items, settled or not."""
    keys = list(keys)
    lines = objects.mirror_lines(Kind.ITEM)
    mirror = objects.mirror(Kind.ITEM, keys)
    for key, obj in mirror.items():
        if (status := effective(key, lines)) is not obj.status:
            mirror[key] = replace(obj, status=status)
    return Trees(load_objects(side, index, keys), mirror, objects.base(Kind.ITEM, keys))


def _with_parent(obj: LocalObject, side: LocalSide, lines: Mapping[str, MirrorLine]) -> LocalObject:
    """Hold a note back whose parent is neither in Zotero nor about to be made there."""
    parent = obj.fields.get("parentItem")
    if not isinstance(parent, str) or parent in side.paths:
        return obj
    known = lines.get(parent)
    if known is not None and (known.status is not Remote.ERASED or parent not in side.waiting):
        return obj
    return replace(obj, held={**obj.held, "parentItem": parent_problem(parent, obj.file)})


def effective(key: str, lines: Mapping[str, MirrorLine]) -> Remote:
    """Return an item's status; a child of a trashed item is trashed (ZOTERO §3)."""
    line = lines[key]
    above = lines.get(line.parent or "")
    if line.status is Remote.LIVE and above is not None and above.status is Remote.TRASHED:
        return Remote.TRASHED
    return line.status


def _settled(
    key: str, side: LocalSide, lines: Mapping[str, MirrorLine], bases: Mapping[str, BaseLine]
) -> bool:
    """Return whether all trees agree on an item, so that no plan has anything to say on it."""
    here, base = side.digests.get(key), bases.get(key)
    if (base and base.busy) or key in side.held or key in side.marked:
        return False
    status = effective(key, lines) if key in lines else Remote.ABSENT
    known = base.status if base else Base.NONE
    if here is None:
        if known is Base.NONE:
            return status in (Remote.ABSENT, Remote.ERASED)
        return known is Base.TRASHED and status is Remote.TRASHED
    if base is None or known is not Base.LIVE or status is not Remote.LIVE:
        return False
    return here == base.digest == lines[key].digest


def attachment_names(objects: Objects) -> Callable[[str], tuple[str, ...]]:
    """Return what gives the names of the attachments that an item had when it was erased.

    All of the mirror is looked through, once, at the first question.
    """

    @cache
    def below() -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, line in objects.mirror_lines(Kind.ITEM).items():
            if line.parent and not line.synced:
                found.setdefault(line.parent, []).append(key)
        return found

    return lambda key: tuple(_names(objects.mirror(Kind.ITEM, below().get(key, ())).values()))


def _names(attachments: Iterable[MirrorObject]) -> list[str]:
    return sorted(
        str(a.fields.get("title") or a.fields.get("filename", a.key)) for a in attachments
    )
