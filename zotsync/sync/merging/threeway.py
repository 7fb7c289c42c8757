"""Three-way merging of sequences: texts cut into units, with the blanks between them as gaps.

Pure, and careful: a merge that is not plainly right is none. The rules of `merge_pieces`:

- changes of the two sides that touch different units stand both; the same change is made once;
- changes of one unit by both sides, and two additions in one place, are refused, for nobody knows
  in which order they belong. Labels (`LABEL`) are the exception: their order means nothing;
- a side that holds all that the other one changed, and more, is the result. This is what makes
  merging a result again harmless.

Gaps (blanks) are no values. They follow their neighbours; both sides' different wishes for one
gap are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from zotsync.sync.merging.units import Pieces, changes

LABEL = "\0"
"""A unit that starts so stands for a labelled line: at most one of each, wherever it is."""

_LONGEST_SEARCH = 10**8
"""Characters to look through for deleted units, above which they are taken to be there."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change of the base by one side (1 or 2), or the same one by both (`twin`: the other's)."""

    start: int
    end: int
    units: tuple[str, ...]
    side: int
    to_start: int
    twin: int | None = None

    @property
    def grows(self) -> bool:
        return len(self.units) > self.end - self.start


def _edits(base: Pieces, other: Pieces, side: int) -> list[_Edit]:
    """Return the changes of `other`; as many units for as many are taken one by one."""
    found = []
    for c in changes(base.units, other.units):
        units = other.units[c.to_start : c.to_end]
        if c.end - c.start == len(units):
            found += [
                _Edit(c.start + n, c.start + n + 1, (unit,), side, c.to_start + n)
                for n, unit in enumerate(units)
            ]
        else:
            found.append(_Edit(c.start, c.end, units, side, c.to_start))
    return found


def _clash(one: _Edit, two: _Edit) -> bool:
    if one.start == one.end:
        inside = two.start < one.start < two.end
    elif two.start == two.end:
        inside = one.start < two.start < one.end
    else:
        inside = max(one.start, two.start) < min(one.end, two.end)
    touching = one.end == two.start or two.end == one.start
    return inside or (touching and one.grows and two.grows)


def _labels_last(one: _Edit, two: _Edit) -> list[_Edit] | None:
    """Return two additions in one place as one order of labels, or None: other units are there.

    Additions with units that are no labels go first, then the one that sorts first; what the other
    one adds beyond it follows. Adding the same again changes nothing.
    """
    first, second = sorted((one, two), key=lambda e: (all(map(_is_label, e.units)), e.units))
    rest = [n for n, unit in enumerate(second.units) if unit not in first.units]
    if not all(_is_label(unit) for unit in second.units):
        return None
    return [
        first,
        *(
            _Edit(second.start, second.end, (second.units[n],), second.side, second.to_start + n)
            for n in rest
        ),
    ]


def _is_label(unit: str) -> bool:
    return unit.startswith(LABEL)


def _woven(one: list[_Edit], two: list[_Edit]) -> list[_Edit] | None:
    """Return the edits of both sides in base order, or None where they clash."""
    woven: list[_Edit] = []
    a = b = 0
    while a < len(one) and b < len(two):
        left, right = one[a], two[b]
        same_place = (left.start, left.end) == (right.start, right.end)
        if same_place and left.units == right.units:
            woven.append(
                _Edit(left.start, left.end, left.units, 1, left.to_start, right.to_start),
            )
            a, b = a + 1, b + 1
        elif same_place and left.start == left.end:
            joined = _labels_last(left, right)
            if joined is None:
                return None
            woven += joined
            a, b = a + 1, b + 1
        elif _clash(left, right):
            return None
        elif (left.start, left.end) < (right.start, right.end):
            woven.append(left)
            a += 1
        else:
            woven.append(right)
            b += 1
    return woven + one[a:] + two[b:]


_Sides = tuple[int | None, int | None, int | None]
"""An index into the gaps of base, one and two."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A unit of the result, and the gaps before and after it in each text that has it."""

    unit: str
    before: _Sides
    after: _Sides


def _positions(size: int, edits: list[_Edit]) -> list[int]:
    """Return where each unit of the base is in a side; what the side changed is never asked for."""
    where = list(range(size))
    for edit, following in pairwise([*edits, _Edit(size, size, (), 0, 0)]):
        shift = edit.to_start + len(edit.units) - edit.end
        for n in range(edit.end, following.start):
            where[n] = n + shift
    return where


def _sides(edit: _Edit, mine: int, others: tuple[int, int] | None) -> _Sides:
    """Return a gap's index per text: `mine` in the side that edited, `others` in base and other."""
    base, other = others or (None, None)
    return (base, mine, other) if edit.side == 1 else (base, other, mine)


def _placed_edit(edit: _Edit, where: tuple[list[int], list[int]]) -> Iterator[_Placed]:
    size = len(edit.units)
    other = where[2 - edit.side]
    for n, unit in enumerate(edit.units):
        mine = edit.to_start + n
        if edit.twin is not None:
            to = edit.twin + n
            start = edit.start if n == 0 and edit.end > edit.start else None
            end = edit.end if n == size - 1 and edit.end > edit.start else None
            yield _Placed(unit, (start, mine, to), (end, mine + 1, to + 1))
            continue
        starts = ends = None
        if edit.end > edit.start:
            starts = (edit.start, other[edit.start]) if n == 0 else None
            ends = (edit.end, other[edit.end - 1] + 1) if n == size - 1 else None
        yield _Placed(unit, _sides(edit, mine, starts), _sides(edit, mine + 1, ends))


def _placed(base: Pieces, edits: list[_Edit], where: tuple[list[int], list[int]]) -> list[_Placed]:
    """Return the units of the result in order; a label that both sides added stays once."""
    result: list[_Placed] = []
    done = 0
    for edit in [*edits, _Edit(len(base.units), len(base.units), (), 1, 0)]:
        for n in range(done, edit.start):
            one, two = where[0][n], where[1][n]
            result.append(_Placed(base.units[n], (n, one, two), (n + 1, one + 1, two + 1)))
        result += _placed_edit(edit, where)
        done = max(done, edit.end)
    seen: set[str] = set()
    once = []
    for placed in result:
        if not _is_label(placed.unit) or placed.unit not in seen:
            once.append(placed)
        seen.add(placed.unit)
    return once


def _gap_between(left: _Sides, right: _Sides, texts: tuple[Pieces, ...]) -> str | None:
    """Return the gap between two neighbours of the result; None: the sides want different ones."""
    base, one, two = (
        texts[n].gaps[g] if g is not None and g == right[n] else None for n, g in enumerate(left)
    )
    if one is not None and two is not None:
        if one in (two, base):
            return two
        return one if two == base else None
    if one is not None or two is not None:
        return one if one is not None else two
    seams = [_seam(left, texts), _seam(right, texts)]
    if left == (0, 0, 0):
        return seams[0]
    if right == tuple(len(t.units) for t in texts):
        return seams[1]
    return max(seams, key=_strength)


def _seam(indices: _Sides, texts: tuple[Pieces, ...]) -> str:
    """Return the changed one of up to three forms of a gap."""
    base, *sides = (None if g is None else texts[n].gaps[g] for n, g in enumerate(indices))
    there = {gap for gap in sides if gap is not None} or {base or ""}
    return max(there - {base} or there, key=_strength)


def _strength(gap: str) -> tuple[int, int, str]:
    return gap.count("\n"), len(gap), gap


def _merged(base: Pieces, one: Pieces, two: Pieces) -> Pieces | None:
    """Return both sides' changes of `base` made together, or None where they clash."""
    mine, theirs = _edits(base, one, 1), _edits(base, two, 2)
    woven = _woven(mine, theirs)
    if woven is None:
        return None
    size = len(base.units)
    placed = _placed(base, woven, (_positions(size, mine), _positions(size, theirs)))
    texts = (base, one, two)
    start: _Sides = (0, 0, 0)
    end: _Sides = (len(base.units), len(one.units), len(two.units))
    gaps = [
        _gap_between(left, right, texts)
        for left, right in zip(
            [start, *(p.after for p in placed)], [*(p.before for p in placed), end], strict=True
        )
    ]
    known = tuple(gap for gap in gaps if gap is not None)
    return Pieces(tuple(p.unit for p in placed), known) if len(known) == len(gaps) else None


def _counts_agree(base: Pieces, one: Pieces, two: Pieces, result: Pieces) -> bool:
    """Return whether `result` has each unit as often as both sides' changes of its number say.

    This catches what an order cannot show: a unit moved by one side and deleted by the other.
    """
    counts = [Counter(p.units) for p in (base, one, two, result)]
    for unit in set().union(*counts):
        was, here, there, now = (c[unit] for c in counts)
        both = here + there - was
        if min(here, there) >= was:
            agree = max(here, there) <= now <= both
        elif max(here, there) <= was:
            agree = both <= now <= min(here, there)
        else:
            agree = False
        if not agree:
            return False
    return True


def _lives_on(base: Pieces, one: Pieces, two: Pieces) -> bool:
    """Return whether a unit that `two` deleted lives on in `one`, grown together with others."""
    kept = frozenset(two.units)
    for change in changes(base.units, one.units):
        new = one.units[change.to_start : change.to_end]
        grown = LABEL.join(unit for unit in new if unit not in kept)
        gone = [unit for unit in base.units[change.start : change.end] if unit not in kept]
        if len(gone) * len(grown) > _LONGEST_SEARCH or any(unit in grown for unit in gone):
            return True
    return False


def _holds(base: Pieces, whole: Pieces, part: Pieces) -> bool:
    """Return whether `whole` is `part` and something more: taken out and put in, it is the same."""
    if not _counts_agree(base, whole, part, whole):
        return False
    rest = _merged(part, whole, base)
    return rest is not None and _merged(base, rest, part) == whole


def merge_pieces(base: Pieces, one: Pieces, two: Pieces) -> Pieces | None:
    """Return `base` with the changes of both sides, or None: they cannot stand together."""
    if two in (base, one):
        return one
    if one == base:
        return two
    if _lives_on(base, one, two) or _lives_on(base, two, one):
        return None
    holds = _holds(base, one, two), _holds(base, two, one)
    if any(holds):
        return None if all(holds) else (one if holds[0] else two)
    result = _merged(base, one, two)
    if result is None or not _counts_agree(base, one, two, result):
        return None
    return result
