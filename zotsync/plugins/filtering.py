"""A part of a bibliography on its way out: what a filter takes, with its notes and collections. Pure."""

from __future__ import annotations

from dataclasses import replace

from zotsync.handout.sections import Tree, ancestry
from zotsync.plugins.contract import Export
from zotsync.searching.filters import Filter, below, found


def filtered(export: Export, tree: Tree, wanted: Filter) -> Export:
    """Return what `wanted` asks for; nothing asked takes everything.

    Notes stay with their item; of the collections those stay that are asked for or lead to them. `tree`:
    collection key -> (name, key of its parent).
    """
    if not wanted:
        return export
    chosen = set(found(export.items, export.schema.item_types, tree, wanted))
    items = {
        key: fields
        for key, fields in export.items.items()
        if fields.get("parentItem", key) in chosen
    }
    asked = below(tree, wanted.collections)
    above = {key for name in asked for key in ancestry(name, tree)} if asked else set(tree)
    kept = {key: path for key, path in export.collections.items() if key in above}
    return replace(export, items=items, collections=kept)
