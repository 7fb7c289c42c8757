"""The three-way merge of one field: by value, by set, or inside a long text. Pure.

Values are in normal form, None where a field is empty. Sets (tags, collections, relations) never
conflict; long texts are merged by their units (`textmerge`); everything else is one value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from zotsync.model import SETS, normal_tags
from zotsync.sync.merging.textmerge import MERGEABLE, merge_text


class Way(Enum):
    """Where a merged field's value comes from, and so where it goes."""

    SAME = "same"
    """Neither side changed."""
    AGREED = "agreed"
    """Both sides changed to the same."""
    TO_ZOTERO = "to Zotero"
    """Changed here only."""
    TO_FILE = "to file"
    """Changed in Zotero only."""
    BOTH = "both"
    """Merged: both sides get the value."""
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome for one field. `value` means nothing in a conflict."""

    way: Way
    value: Any = None
    inside: bool = False
    """Whether a long text was merged inside: always reported."""


def merge_field(name: str, base: Any, local: Any, remote: Any, *, inside: bool = True) -> Merged:
    """Merge one field three ways. None: empty there.

    Args:
        name: Zotero's name of the field, which decides how it merges.
        base: the value both sides last agreed on; None also without a base.
        local: the value in the file.
        remote: the value in Zotero.
        inside: whether a long text may be merged inside.

    """
    if local == remote:
        return Merged(Way.SAME if local == base else Way.AGREED, local)
    if local == base:
        return Merged(Way.TO_FILE, remote)
    if remote == base:
        return Merged(Way.TO_ZOTERO, local)
    if name in SETS:
        return _towards(merge_set(name, base, local, remote), local, remote)
    alike = _merge_alike(base, local, remote)
    if alike is not None:
        return alike
    if inside and name in MERGEABLE and all(isinstance(v, str) for v in (local, remote)):
        text = merge_text(name, base or "", local, remote)
        if text is not None:
            return _towards(text or None, local, remote, inside=True)
    return Merged(Way.CONFLICT)


def _merge_alike(base: Any, local: Any, remote: Any) -> Merged | None:
    """Merge where two of the three are canonically equivalent: no person could tell them apart.

    What an editor or a file system did to the accents is no edit to ask about.
    """
    was, here, there = map(_composed, (base, local, remote))
    if here == there:
        return _towards(here, local, remote)
    if here == was:
        return Merged(Way.TO_FILE, remote)
    return Merged(Way.TO_ZOTERO, local) if there == was else None


def _composed(value: Any) -> Any:
    """Return a value with every text in it in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _composed(part) for name, part in value.items()}
    return value


def _towards(value: Any, local: Any, remote: Any, *, inside: bool = False) -> Merged:
    """Return which sides still need the merged `value`."""
    if value == local:
        return Merged(Way.TO_ZOTERO, value, inside)
    if value == remote:
        return Merged(Way.TO_FILE, value, inside)
    return Merged(Way.BOTH, value, inside)


def merge_set(name: str, base: Any, local: Any, remote: Any) -> Any:
    """Merge tags, collections or relations as sets: additions and removals of both sides hold."""
    b, mine, theirs = (_members(name, value) for value in (base, local, remote))
    kept = (b & mine & theirs) | (mine - b) | (theirs - b)
    return _value(name, kept)


def _members(name: str, value: Any) -> set[Hashable]:
    if not value:
        return set()
    if name == "tags":
        return {(entry["tag"], entry.get("type", 0)) for entry in value}
    if name == "relations":
        return {(predicate, uri) for predicate, uris in value.items() for uri in uris}
    return set(value)


def _value(name: str, members: set[Any]) -> Any:
    if not members:
        return None
    if name == "tags":
        return normal_tags([{"tag": tag, "type": kind} for tag, kind in members])
    if name == "relations":
        return relation_lists(members)
    return sorted(members)


def relation_lists(pairs: set[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return (predicate, URI) pairs as predicate -> sorted URIs."""
    lists: dict[str, list[str]] = {}
    for predicate, uri in sorted(pairs):
        lists.setdefault(predicate, []).append(uri)
    return lists
