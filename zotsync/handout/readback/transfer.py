"""A correction carried over to the stored text: what was not corrected keeps its own typography. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from zotsync.handout.readback.folding import folded_tokens, tokens

_MOST = 2_000_000
"""Tokens there times tokens here, above which a stretch counts as rewritten."""
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u00ad": None})

Hunk = tuple[int, int, int, int]
"""Tokens `start:end` of the old text became `to:to_end` of the new one."""
_Span = tuple[int, int] | None


def transferred(stored: str, printed: str, corrected: str) -> str | None:
    """Return `stored` with what differs between `printed` and `corrected` changed in it.

    None where something was corrected that `stored` does not hold as it was printed.
    """
    here, there, new = tokens(stored), tokens(printed), tokens(corrected)
    counts = folded_tokens(there)
    stored_counts, new_counts = folded_tokens(here), folded_tokens(new)
    place = _places(stored_counts, counts)
    parts: list[str] = []
    done = 0
    for start, end, come, come_end in hunks(counts, new_counts):
        span = _span(place, counts, start, end)
        if span is None or span[0] < done:
            return None
        hunk = (*span, come, come_end)
        first, last, to, to_end = _with_blanks(stored_counts, new_counts, hunk)
        parts += [*here[done:first], typed("".join(new[to:to_end]), stored)]
        done = last
    return "".join([*parts, *here[done:]])


def _with_blanks(old: Sequence[str], new: Sequence[str], hunk: Hunk) -> Hunk:
    """Return a hunk with the blanks of typography around it, where they come or go with its signs."""
    start, end, to, to_end = hunk
    before, behind = _is_loose(new, to - 1), _is_loose(new, to_end)
    if start == end:
        if before and _is_loose(old, start):  # behind « the blank is there already
            return start + 1, end + 1, to, to_end + behind
        return start, end, to - before, to_end + (behind and not _is_loose(old, end))
    was_before, was_behind = _is_loose(old, start - 1), _is_loose(old, end)
    if to == to_end:  # one blank stays where one is left
        spare = was_before and (was_behind or not behind)
        missing = behind and not was_before and not was_behind
        return start - spare, end + (was_behind and not behind), to, to_end + missing
    return (
        start - (was_before and not before),
        end + (was_behind and not behind),
        to - (before and not was_before),
        to_end + (behind and not was_behind),
    )


def _is_loose(counts: Sequence[str], index: int) -> bool:
    """Return whether a token is a blank that typography may put in or leave out."""
    return 0 <= index < len(counts) and not counts[index]


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return what turns one sequence of folded tokens into another. A token "" equals nothing's absence."""
    kept, kept_new = ([i for i, t in enumerate(side) if t] for side in (old, new))
    a, b = [old[i] for i in kept], [new[i] for i in kept_new]
    found = []
    for start, end, to, to_end in _changed(a, b):
        found.append(
            (
                *_among(kept, start, end, len(old)),
                *_among(kept_new, to, to_end, len(new)),
            )
        )
    return found


def _among(kept: Sequence[int], start: int, end: int, length: int) -> tuple[int, int]:
    """Return the whole sequence's span for one of the tokens that count."""
    if start < end:
        return kept[start], kept[end - 1] + 1
    at = kept[start - 1] + 1 if start else 0
    return min(at, length), min(at, length)


def _changed(a: Sequence[str], b: Sequence[str]) -> list[Hunk]:
    shorter = min(len(a), len(b))
    head = next((n for n in range(shorter) if a[n] != b[n]), shorter)
    shorter -= head
    tail = next((n for n in range(shorter) if a[-1 - n] != b[-1 - n]), shorter)
    end, to_end = len(a) - tail, len(b) - tail
    if head == end and head == to_end:
        return []
    if (end - head) * (to_end - head) > _MOST:
        return [(head, end, head, to_end)]
    matcher = SequenceMatcher(None, a[head:end], b[head:to_end], autojunk=False)
    return [
        (i + head, j + head, k + head, m + head)
        for op, i, j, k, m in matcher.get_opcodes()
        if op != "equal"
    ]


def _places(here: Sequence[str], there: Sequence[str]) -> list[int | None]:
    """Return where each printed token stands in the stored text."""
    place: list[int | None] = [None] * len(there)
    done = to_done = 0
    for start, end, to, to_end in [
        *hunks(there, here),
        (len(there), len(there), len(here), len(here)),
    ]:
        _pair(place, there, here, (done, start), (to_done, to))
        done, to_done = end, to_end
    return place


def _pair(
    place: list[int | None],
    there: Sequence[str],
    here: Sequence[str],
    span: tuple[int, int],
    to_span: tuple[int, int],
) -> None:
    """Pair the tokens of two stretches that are equal but for the blanks of typography."""
    to = [i for i in range(*to_span) if here[i]]
    for index, at in zip((i for i in range(*span) if there[i]), to, strict=False):
        place[index] = at


def _span(place: Sequence[int | None], counts: Sequence[str], start: int, end: int) -> _Span:
    """Return the stored span of the printed tokens `start:end`; None where it is not known."""
    inside = [place[i] for i in range(start, end) if counts[i]]
    if inside:
        first, last = inside[0], inside[-1]
        return None if None in inside or first is None or last is None else (first, last + 1)
    before = next((i for i in reversed(range(start)) if counts[i]), None)
    after = next((i for i in range(end, len(counts)) if counts[i]), None)
    if before is not None:
        at = place[before]
        return None if at is None else (at + 1, at + 1)
    at = 0 if after is None else place[after]
    return None if at is None else (at, at)


def typed(text: str, stored: str) -> str:
    """Return what a person typed, with the apostrophes and blanks of the stored text."""
    text = text.translate(_PLAIN)
    if "'" in stored and "’" not in stored:
        text = text.replace("’", "'")
    elif "’" in stored and "'" not in stored:
        text = text.replace("'", "’")
    return text
