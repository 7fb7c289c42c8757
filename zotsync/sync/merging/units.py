"""Texts cut into units, and what changed between two sequences of units. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, pairwise

from zotsync import sentences

BLANKS = " \t\n"
_LARGEST_STRETCH = 100_000
"""Units here times units there, above which a stretch without anchors counts as rewritten."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut up. `gaps[i]` stands before `units[i]`; the last gap stands behind them all."""

    units: tuple[str, ...]
    gaps: tuple[str, ...]

    def __str__(self) -> str:
        """Return the text again, exactly."""
        return "".join(chain.from_iterable(zip(self.gaps, (*self.units, ""), strict=True)))


def cut(text: str, gaps: Iterable[tuple[int, int]]) -> Pieces:
    """Return `text` cut at the gaps (start, end), in order; blanks at its ends are gaps anyway."""
    first, last = len(text) - len(text.lstrip(BLANKS)), len(text.rstrip(BLANKS))
    if first >= last:
        return Pieces((), (text,))
    inner = (span for span in gaps if first < span[0] and span[1] < last)
    spans = [(0, first), *inner, (last, len(text))]
    units = tuple(text[left[1] : right[0]] for left, right in pairwise(spans))
    return Pieces(units, tuple(text[start:end] for start, end in spans))


def cut_sentences(text: str) -> Pieces:
    """Return `text` cut into sentences; line breaks and the edges of an origin mark are gaps too."""
    return cut(text, sentences.gaps(text))


@dataclass(frozen=True, slots=True)
class Change:
    """Units `start:end` of the old sequence became units `to_start:to_end` of the new one."""

    start: int
    end: int
    to_start: int
    to_end: int


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Return what turns `old` into `new`, in order, with at least one equal unit between any two.

    Bounded: units that occur once on either side are anchors, difflib sees the stretches between.
    """
    found = []
    i = j = 0
    for at, to, size in _matches(old, new):
        if at > i or to > j:
            found.append(Change(i, at, j, to))
        i, j = at + size, to + size
    return found


def _matches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    shorter -= head
    tail = next((n for n in range(shorter) if old[-1 - n] != new[-1 - n]), shorter)
    yield 0, 0, head
    i = j = head
    end, to_end = len(old) - tail, len(new) - tail
    for at, to in _anchors(old[head:end], new[head:to_end]):
        yield from _stretch(old, new, (i, at + head), (j, to + head))
        yield at + head, to + head, 1
        i, j = at + head + 1, to + head + 1
    yield from _stretch(old, new, (i, end), (j, to_end))
    yield end, to_end, tail


def _stretch(
    old: Sequence[str], new: Sequence[str], here: tuple[int, int], there: tuple[int, int]
) -> Iterator[tuple[int, int, int]]:
    size = (here[1] - here[0]) * (there[1] - there[0])
    if 0 < size <= _LARGEST_STRETCH:
        matcher = SequenceMatcher(None, old[slice(*here)], new[slice(*there)], autojunk=False)
        for block in matcher.get_matching_blocks()[:-1]:
            yield block.a + here[0], block.b + there[0], block.size


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest run, in order on both sides, of units that each side has exactly once."""
    often, often_new = Counter(old), Counter(new)
    where = {unit: n for n, unit in enumerate(new)}
    once = [(n, where[u]) for n, u in enumerate(old) if often[u] == 1 == often_new[u]]
    lowest: list[int] = []
    """lowest[k]: where in `new` the best run of k + 1 anchors ends so far."""
    ends: list[int] = []
    before: list[int] = []
    for n, (_at, to) in enumerate(once):
        length = bisect_left(lowest, to)
        lowest[length : length + 1] = [to]
        ends[length : length + 1] = [n]
        before.append(ends[length - 1] if length else -1)
    run = []
    n = ends[-1] if ends else -1
    while n >= 0:
        run.append(once[n])
        n = before[n]
    return run[::-1]
