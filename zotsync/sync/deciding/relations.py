"""Relations are shown on both ends; the server drops the far end without a new version (ZOTERO §2).

So the mirror does as the server did: what an item does not relate to any more does not relate to it.
A relation that the far end owns would still show on the near one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from zotsync.model import Fields
from zotsync.sync.trees import MirrorObject

_MUTUAL = ("dc:relation", "owl:sameAs")


def dropped(before: Fields, after: Fields) -> set[str]:
    """Return the keys of the items that an item was related to, and is not any more."""
    return _partners(before) - _partners(after)


def _partners(fields: Fields) -> set[str]:
    relations: Mapping[str, Any] = fields.get("relations", {})
    return {uri.rpartition("/")[2] for name in _MUTUAL for uri in relations.get(name, ())}


def without_relations(relations: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return relations without those to the items `keys`."""
    gone = set(keys)
    return {
        predicate: left
        for predicate, uris in relations.items()
        if (left := [uri for uri in uris if uri.rpartition("/")[2] not in gone])
    }


def without_items(obj: MirrorObject, keys: Iterable[str]) -> MirrorObject:
    """Return a mirror object that is related to none of `keys` any more."""
    fields = dict(obj.fields)
    kept = without_relations(fields.pop("relations", {}), keys)
    return replace(obj, fields={**fields, "relations": kept} if kept else fields)
