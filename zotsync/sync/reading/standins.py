"""Keys that stand in for those a sync has yet to make. Pure.

Whoever only looks at the files sees the same key each time, on every computer, as long as the file is
called so: a handout says the same of it, and its corrections find it. A sync makes other keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import TypeVar

from zotsync.model import KEY_ALPHABET, KEY_LENGTH
from zotsync.sync.reading.local import LocalSide

_T = TypeVar("_T")


def stood_in(side: LocalSide) -> LocalSide:
    """Return a local side whose drawn keys are those that stand in for them."""
    if not side.drawn:
        return side
    names: dict[str, str] = {}
    taken = set(side.paths)
    for path, key in sorted(side.new.items()):
        if key in side.drawn:
            names[key] = stand_in(path, taken)
            taken.add(names[key])

    def named(rows: Mapping[str, _T]) -> dict[str, _T]:
        return {names.get(key, key): value for key, value in rows.items()}

    return replace(
        side,
        paths=named(side.paths),
        digests=named(side.digests),
        fresh=named(side.fresh),
        held=named(side.held),
        marked=frozenset(names.get(key, key) for key in side.marked),
        new={path: names.get(key, key) for path, key in side.new.items()},
        drawn=frozenset(names.values()),
    )


def stand_in(path: str, taken: Container[str] = ()) -> str:
    """Return the key that stands in for that of the file at `path` (below `items/`)."""
    told = path
    while True:
        digest = hashlib.sha256(told.encode()).digest()
        key = "".join(KEY_ALPHABET[byte % len(KEY_ALPHABET)] for byte in digest[:KEY_LENGTH])
        if key not in taken:
            return key
        told += "\0"
