"""Relations between items, which Zotero shows on both ends though one alone was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from zotsync.sandbox.data.records import Record
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.contents import one_or_many
from zotsync.sandbox.rules.writing import Writing

RELATED = "dc:relation"
SAME = "owl:sameAs"
REPLACES = "dc:replaces"
_Pair = tuple[str, str]


class Relations:
    """The relations of one library's items."""

    def __init__(self, tx: Transaction, at: Writing) -> None:
        self._tx = tx
        self._at = at

    def revised(self, key: str, old: Record | None, wanted: Mapping[str, Any]) -> list[_Pair]:
        """Return what an item's own relations become when it is written with `wanted`.

        ● What an item shows because another names it is not its own: sending it back adds nothing,
        and leaving it out removes nothing.
        """
        own = set(self._tx.relations_from(self._at.library, key))
        shown = _pairs((old.data if old else {}).get("relations", {}))
        added, dropped = _pairs(wanted) - shown, shown - _pairs(wanted)
        for predicate, uri in dropped:
            other = self._at.local_key(uri)
            if predicate == SAME and other:  # this one is the same thing from either end
                self._tx.unrelate(self._at.library, other, predicate, self._at.uri(key))
        return sorted((own - dropped) | added)

    def shown(self, key: str) -> dict[str, Any]:
        """Return an item's relations: its own, and those of others to it turned round."""
        pairs = self._tx.relations_from(self._at.library, key)
        for other, predicate in self._tx.relations_to(self._at.library, self._at.uri(key)):
            if predicate in (RELATED, SAME):
                pairs.append((predicate, self._at.uri(other)))
        return one_or_many(pairs)

    def follow(self, before: Iterable[_Pair], after: Iterable[_Pair], version: int) -> None:
        """Let the other ends show what was added to and dropped from an item's own relations."""
        before, after = set(before), set(after)
        for predicate, uri in sorted(before ^ after):
            other = self._at.local_key(uri)
            if not other:
                continue
            if predicate == RELATED and (predicate, uri) in after:
                # ● `dc:relation` gives the other item the same version.
                self.show_anew(other, version=version)
                self._at.touched.add(other)
            else:
                self.show_anew(other)

    def erase(self, key: str) -> set[str]:
        """Remove what points at an item that is being erased; return the keys of other ends."""
        uri = self._at.uri(key)
        pointing = self._tx.relations_to(self._at.library, uri)
        for other, predicate in pointing:
            if predicate != REPLACES:
                self._tx.unrelate(self._at.library, other, predicate, uri)
        own = self._tx.relations_from(self._at.library, key)
        named = {self._at.local_key(uri) for _predicate, uri in own}
        return {other for other, _p in pointing} | {key for key in named if key}

    def show_anew(self, key: str, *, version: int | None = None) -> None:
        """Work out an item's collections and relations again; without `version` nobody notices."""
        record = self._tx.get(self._at.library, "item", key)
        if record is None:
            return
        data = dict(record.data)
        if "relations" in data:
            data["relations"] = self.shown(key)
        if "collections" in data:
            data["collections"] = self._tx.collections_of(self._at.library, key)
        modified_by = self._at.user_id if version else record.modified_by
        changed = replace(
            record, data=data, version=version or record.version, modified_by=modified_by
        )
        self._tx.put(self._at.library, "item", changed)


def _pairs(relations: Mapping[str, Any]) -> set[_Pair]:
    return {
        (predicate, uri)
        for predicate, value in relations.items()
        for uri in (value if isinstance(value, list) else [value])
    }
