"""A part of a bibliography: what stands in collections, what has tags. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zotsync.handout.sections import Tree, ancestry
from zotsync.model import Fields
from zotsync.plugins.contract import Export


def filtered(
    export: Export,
    tree: Tree,
    collections: Sequence[str],
    tags: Sequence[str],
) -> Export:
    """Return what is in any of the collections or below them, and has all of the tags.

    Nothing named takes everything. Notes stay with their item; of the collections those stay that are
    asked for or lead to them. `tree`: collection key -> (name, key of its parent).
    """
    if not collections and not tags:
        return export
    inside = {key for key in tree if not set(collections).isdisjoint(ancestry(key, tree))}
    asked = frozenset(tags)
    chosen = {
        key
        for key, fields in export.items.items()
        if "parentItem" not in fields
        and _is_in(fields, inside, collections)
        and asked <= _tags(fields)
    }
    items = {
        key: fields
        for key, fields in export.items.items()
        if fields.get("parentItem", key) in chosen
    }
    above = {key for name in inside for key in ancestry(name, tree)} if collections else set(tree)
    kept = {key: path for key, path in export.collections.items() if key in above}
    return replace(export, items=items, collections=kept)


def _is_in(fields: Fields, inside: set[str], collections: Sequence[str]) -> bool:
    return not collections or not inside.isdisjoint(fields.get("collections", ()))


def _tags(fields: Fields) -> frozenset[str]:
    return frozenset(tag["tag"] for tag in fields.get("tags", ()))
