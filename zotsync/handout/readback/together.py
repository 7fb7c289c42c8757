"""Corrections that belong together: of one field, of texts that went elsewhere, of two sides. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from zotsync.handout.entry import Role, Run
from zotsync.handout.readback.correcting import PARTS, Lines, marked_text, text_of
from zotsync.handout.readback.folding import fold
from zotsync.handout.readback.transfer import transferred
from zotsync.handout.text.markup import runs
from zotsync.proposal import Correction, Unplaced


def united(parts: Iterable[Correction | Unplaced]) -> list[Correction | Unplaced]:
    """Return corrections of an item that set the same field as one: the last holds those before it."""
    found: list[Correction | Unplaced | None] = []
    owners: dict[tuple[str, str], int] = {}
    for part in parts:
        one = part
        if isinstance(one, Correction):
            for at in sorted({owners[one.key, n] for n in one.fields if (one.key, n) in owners}):
                first = found[at]
                if isinstance(first, Correction):
                    one = _both(first, one)
                    found[at] = None
            owners |= dict.fromkeys(((one.key, n) for n in one.fields), len(found))
        found.append(one)
    return [one for one in found if one is not None]


def _both(first: Correction, then: Correction) -> Correction:
    """Return two corrections as one."""
    return replace(
        first,
        was=f"{first.was}\n{then.was}",
        now=f"{first.now}\n{then.now}",
        before={**first.before, **then.before},
        fields={**first.fields, **then.fields},
        doubt=first.doubt or then.doubt,
    )


def is_shifted(part: tuple[Role, ...], was: Lines, now: Lines, around: Sequence[str]) -> bool:
    """Return whether a text stands in another paragraph now, as when two were made one."""
    here = fold(text_of(now, *part))
    if not here:
        gone = fold(text_of(was, *part))
        return any(gone in text for text in around)
    before = fold(text_of(was, *part))
    others = (p for p in PARTS if p != part and not text_of(now, *p).strip())
    gone_texts = (fold(text_of(was, *other)) for other in others)
    return any(text and text in here and text not in before for text in gone_texts)


def joined(ours: Lines, was: Lines, now: Lines, part: tuple[Role, ...]) -> Lines | None:
    """Return our lines with the corrections in them; None where both changed the same words."""
    found: dict[Role, tuple[tuple[Run, ...], ...]] = {}
    for role in part:
        sides = [side.get(role, ()) for side in (ours, was, now)]
        formatted = any(run.faces for side in sides for line in side for run in line)
        tell = marked_text if formatted else text_of
        text = transferred(*(tell({role: side}, role) for side in sides))
        if text is None:
            return None
        lines = [line for line in text.split("\n") if line]
        found[role] = tuple(runs(line) if formatted else (Run(line),) for line in lines)
    return found
