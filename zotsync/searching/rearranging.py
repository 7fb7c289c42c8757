"""What becomes of an item's tags and collections. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from zotsync.model import Fields, normal_tags


def retagged(
    fields: Fields, add: Sequence[str], remove: Collection[str]
) -> list[dict[str, Any]] | None:
    """Return an item's tags with some more and some less; None where nothing changes.

    A tag that is there already, be it an automatic one, stays as it is.
    """
    before = list(fields.get("tags", ()))
    kept = [tag for tag in before if tag["tag"] not in remove]
    known = {tag["tag"] for tag in kept}
    after = normal_tags([*kept, *(tag for tag in add if tag not in known)])
    return None if after == before else after


def moved(fields: Fields, to: Sequence[str], out_of: Collection[str]) -> list[str] | None:
    """Return the keys of an item's collections once it was moved; None where nothing changes."""
    before = list(fields.get("collections", ()))
    after = sorted({*(key for key in before if key not in out_of), *to})
    return None if after == before else after
