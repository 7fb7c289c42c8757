"""Merge two edits of one long text: an abstract by sentences, a note by blocks, `extra` by lines.

Pure. Every answer is checked before it is given: it reads back as the very units it was made of,
is in normal form, and merging it with either side again gives it again. Otherwise: a conflict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache

from zotsync.model import normal_text
from zotsync.sync.merging.notehtml import cut_blocks, same_note
from zotsync.sync.merging.threeway import LABEL, merge_pieces
from zotsync.sync.merging.units import Pieces, cut, cut_sentences

__all__ = ["MERGEABLE", "merge_text", "same_note"]

MERGEABLE = frozenset({"abstractNote", "note", "extra"})
"""The fields that can be merged inside."""

_CUTTERS: dict[str, Callable[[str], Pieces | None]] = {
    "abstractNote": cut_sentences,
    "note": cut_blocks,
}
_BLANKS = re.compile(r"[ \t\n]+")
_LABELLED = re.compile(r"([^\W\d_][^\n:]{0,39}?)[ \t\u00a0\u202f]*:(?!//)")


def merge_text(field: str, base: str, local: str, remote: str) -> str | None:
    """Return `base` with the edits of both sides, or None: they cannot be merged, it is a conflict.

    The order of `local` and `remote` makes no difference, and nothing that either side wrote is
    missing from the result. Texts are in normal form. Without a base ("") nothing is merged that
    differs; a text that one side emptied and the other one edited is a conflict.
    """
    if remote in (base, local):
        return local
    if local == base:
        return remote
    if field not in MERGEABLE or not (base and local and remote):
        return None
    merge = _merge_lines if field == "extra" else _merger(_CUTTERS[field])
    result = merge(base, local, remote)
    if not result or normal_text(result) != result:
        return None
    again = (merge(base, result, side) for side in (local, remote) if side != result)
    return result if all(text == result for text in again) else None


def _merger(cutter: Callable[[str], Pieces | None]) -> Callable[[str, str, str], str | None]:
    """Return a merge of texts by what `cutter` makes of them. It remembers each text it has cut."""
    cut_once = cache(cutter)

    def merge(base: str, local: str, remote: str) -> str | None:
        was, here, there = cut_once(base), cut_once(local), cut_once(remote)
        if was is None or here is None or there is None:
            return None
        result = merge_pieces(was, here, there)
        return str(result) if result is not None and cut_once(str(result)) == result else None

    return merge


def _merge_lines(base: str, local: str, remote: str) -> str | None:
    """Return merged lines: labelled ones (`PMID: 123`) by their label wherever they stand."""
    texts = base, local, remote
    if any(LABEL in text for text in texts):
        return None
    cuts = [_cut_lines(text) for text in texts]
    repeated = frozenset(
        label
        for pieces in cuts
        for label, often in Counter(map(_label, pieces.units)).items()
        if often > 1
    )
    keyed = [_keyed(pieces, repeated) for pieces in cuts]
    lines = [_labelled(pieces, repeated) for pieces in cuts]
    order = merge_pieces(keyed[0], keyed[1], keyed[2])
    values = _merge_values(lines[0], lines[1], lines[2])
    if order is None or values is None:
        return None
    if values.keys() != {unit for unit in order.units if unit.startswith(LABEL)}:
        return None
    result = Pieces(tuple(values.get(unit, unit) for unit in order.units), order.gaps)
    return str(result) if _cut_lines(str(result)) == result else None


def _cut_lines(text: str) -> Pieces:
    return cut(text, (m.span() for m in _BLANKS.finditer(text) if "\n" in m[0]))


def _label(line: str) -> str | None:
    """Return what stands for a labelled line, whatever its value; None: it has no label."""
    found = _LABELLED.match(line)
    return LABEL + found[1].casefold() if found else None


def _keyed(pieces: Pieces, repeated: frozenset[str | None]) -> Pieces:
    """Return the lines, each labelled one replaced by what stands for it."""
    keys = ((unit, _label(unit)) for unit in pieces.units)
    units = tuple(unit if key is None or key in repeated else key for unit, key in keys)
    return Pieces(units, pieces.gaps)


def _labelled(pieces: Pieces, repeated: frozenset[str | None]) -> dict[str, str]:
    keys = ((_label(unit), unit) for unit in pieces.units)
    return {key: unit for key, unit in keys if key is not None and key not in repeated}


def _merge_values(
    base: Mapping[str, str], local: Mapping[str, str], remote: Mapping[str, str]
) -> dict[str, str] | None:
    """Return each label's line, changed by at most one side or the same by both; else None."""
    merged: dict[str, str] = {}
    for key in base.keys() | local.keys() | remote.keys():
        was, here, there = base.get(key), local.get(key), remote.get(key)
        if here not in (was, there) and there != was:
            return None
        value = there if here == was else here
        if value is not None:
            merged[key] = value
    return merged
