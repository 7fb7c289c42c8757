"""What each paragraph of a bibliography is: names, title, source, abstract, heading… Pure.

A paragraph is judged by its shape and by its neighbours together: the most likely row of marks is sought
(Viterbi). It is sought twice: the second time, what the marks look like in this very document counts too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from enum import Enum

from zotsync.oldhandouts.blocks import Block
from zotsync.oldhandouts.shapes import Shape, shapes_of


class Mark(Enum):
    """What a paragraph can be; `first` ones begin an entry."""

    FRONT = "front"
    HEADING = "heading"
    FIRST_AUTHORS = "authors, first"
    AUTHORS = "authors below the title"
    FIRST_TITLE = "title, first"
    TITLE = "title below the authors"
    REFERENCE = "a whole reference"
    ISSUER = "a periodical's or a publisher's name alone, number or year below"
    SOURCE = "source"
    LABELLED = "labelled"
    ABSTRACT = "abstract"
    ACCESS = "access"
    ADDRESS = "address"
    BACK = "back"


FIRST = frozenset((Mark.FIRST_AUTHORS, Mark.FIRST_TITLE, Mark.REFERENCE))
WITHIN = frozenset(Mark) - FIRST - {Mark.FRONT, Mark.HEADING, Mark.BACK}
_IN = dict.fromkeys((Mark.SOURCE, Mark.LABELLED, Mark.ABSTRACT, Mark.ACCESS, Mark.ADDRESS), 0.0)
_NEW = {
    Mark.FIRST_AUTHORS: 0.3,
    Mark.FIRST_TITLE: -0.7,
    Mark.REFERENCE: 0.3,
    Mark.HEADING: -0.3,
    Mark.BACK: -1.5,
}
_DONE = {**_IN, **_NEW}
_STEPS: dict[Mark, dict[Mark, float]] = {
    Mark.FRONT: {
        Mark.FRONT: 0.0,
        Mark.HEADING: 0.2,
        Mark.FIRST_AUTHORS: 0.0,
        Mark.FIRST_TITLE: -0.7,
        Mark.REFERENCE: 0.0,
    },
    Mark.HEADING: {
        Mark.HEADING: -0.3,
        Mark.FIRST_AUTHORS: 0.5,
        Mark.FIRST_TITLE: 0.3,
        Mark.REFERENCE: 0.5,
        Mark.FRONT: -0.8,
        Mark.BACK: -1.0,
    },
    Mark.FIRST_AUTHORS: {
        Mark.FIRST_AUTHORS: -2.5,
        Mark.TITLE: 1.5,
        Mark.SOURCE: -1.5,
        Mark.ADDRESS: -2.0,
    },
    Mark.TITLE: {
        **_IN,
        Mark.ISSUER: 1.0,
        Mark.TITLE: -1.2,
        Mark.SOURCE: 1.0,
        Mark.ABSTRACT: -1.0,
        Mark.FIRST_AUTHORS: -2.0,
        Mark.REFERENCE: -3.0,
        Mark.HEADING: -3.0,
    },
    Mark.FIRST_TITLE: {
        **_IN,
        Mark.ISSUER: 1.0,
        Mark.FIRST_TITLE: -1.8,
        Mark.AUTHORS: 1.0,
        Mark.SOURCE: 0.7,
        Mark.ABSTRACT: -1.0,
        Mark.ADDRESS: -0.3,
        Mark.HEADING: -4.0,
        Mark.FIRST_AUTHORS: -4.0,
    },
    Mark.AUTHORS: {
        **_IN,
        Mark.ISSUER: 1.0,
        Mark.AUTHORS: -2.5,
        Mark.SOURCE: 1.0,
        Mark.ABSTRACT: -0.7,
        **dict.fromkeys((*FIRST, Mark.HEADING), -2.5),
    },
    Mark.ISSUER: {Mark.SOURCE: 1.5},
    Mark.SOURCE: {**_DONE, Mark.SOURCE: -0.8, Mark.ABSTRACT: 0.3},
    Mark.REFERENCE: {**_DONE, Mark.SOURCE: -3.0},
    Mark.LABELLED: {**_DONE, Mark.SOURCE: -1.0, Mark.AUTHORS: -0.5, Mark.TITLE: -3.5},
    Mark.ABSTRACT: {**_DONE, Mark.SOURCE: -3.0, Mark.ABSTRACT: 0.2},
    Mark.ACCESS: {**_DONE, Mark.SOURCE: -2.0, Mark.ADDRESS: 0.5},
    Mark.ADDRESS: {**_DONE, Mark.SOURCE: -2.5, Mark.ABSTRACT: -0.5},
    Mark.BACK: {Mark.BACK: 0.3, Mark.HEADING: -4.0, **dict.fromkeys(FIRST, -5.0)},
}
_START = {Mark.FRONT: 0.5, Mark.HEADING: 0.0, **dict.fromkeys(FIRST, -0.3)}
_END = {
    Mark.FIRST_AUTHORS: -4.0,
    Mark.TITLE: -2.5,
    Mark.FIRST_TITLE: -1.8,
    Mark.AUTHORS: -1.5,
    Mark.ISSUER: -4.0,
    Mark.HEADING: -2.0,
}
"""What says nothing more of an entry may hardly be the last line of a document."""
_PART = {Mark.FIRST_AUTHORS: Mark.AUTHORS, Mark.FIRST_TITLE: Mark.TITLE}
"""What looks the same wherever it stands."""
_NEVER = -1e9
_LARGEST_BONUS = 1.6
_ROUNDS = 2


def marks_of(blocks: Sequence[Block]) -> list[Mark]:
    """Return the mark of each paragraph."""
    shapes = shapes_of(blocks)
    fitting = [_judged(shape) for shape in shapes]
    marks = _best(shapes, fitting)
    for _ in range(_ROUNDS):
        marks = _best(shapes, _learned(shapes, fitting, marks))
    return marks


def _judged(shape: Shape) -> dict[Mark, float]:
    names = shape.names
    return {
        Mark.FRONT: shape.front,
        Mark.HEADING: shape.heading,
        Mark.FIRST_AUTHORS: names,
        Mark.AUTHORS: names,
        Mark.FIRST_TITLE: shape.title,
        Mark.TITLE: shape.title,
        Mark.REFERENCE: shape.reference,
        Mark.ISSUER: shape.issuer,
        Mark.SOURCE: shape.source,
        Mark.LABELLED: shape.labelled,
        Mark.ABSTRACT: shape.prose,
        Mark.ACCESS: shape.access,
        Mark.ADDRESS: shape.address,
        Mark.BACK: shape.back,
    }


def _best(shapes: Sequence[Shape], fitting: Sequence[dict[Mark, float]]) -> list[Mark]:
    """Return the row of marks that fits best."""
    if not shapes:
        return []
    score = {mark: _START.get(mark, _NEVER) + fitting[0][mark] for mark in Mark}
    came: list[dict[Mark, Mark]] = []
    for shape, fits in zip(shapes[1:], fitting[1:], strict=True):
        now: dict[Mark, float] = {}
        origin: dict[Mark, Mark] = {}
        for mark in Mark:
            again, other = _gap(shape, mark, mark), _gap(shape, mark, None)
            best, origin[mark] = max(
                (
                    (score[old] + steps.get(mark, _NEVER) + (again if old is mark else other), old)
                    for old, steps in _STEPS.items()
                ),
                key=lambda pair: pair[0],
            )
            now[mark] = best + fits[mark]
        score = now
        came.append(origin)
    mark = max(score, key=lambda m: score[m] + _END.get(m, 0.0))
    row = [mark]
    for origin in reversed(came):
        row.append(origin[row[-1]])
    return row[::-1]


def _gap(shape: Shape, mark: Mark, before: Mark | None) -> float:
    """Return what space above, and a bullet, say for a mark that stands below `before`."""
    if (mark in FIRST and mark is not before) or mark is Mark.REFERENCE:
        return (0.9 if shape.apart else -0.5) + (1.0 if shape.marked else 0.0)
    if mark in {Mark.TITLE, Mark.AUTHORS, Mark.ISSUER, Mark.SOURCE} or (
        mark is before and mark in FIRST
    ):
        return (-1.2 if shape.apart else 0.2) - (1.0 if shape.marked else 0.0)
    if mark is Mark.HEADING:
        return 0.4 if shape.apart else -0.6
    return 0.0


def _learned(
    shapes: Sequence[Shape], fitting: Sequence[dict[Mark, float]], marks: Sequence[Mark]
) -> list[dict[Mark, float]]:
    """Return the judgements with what this document's own looks add to them."""
    parts = [_PART.get(mark, mark) for mark in marks]
    by_mark, by_look = Counter(parts), Counter(shape.looks for shape in shapes)
    both = Counter(zip(parts, (shape.looks for shape in shapes), strict=True))
    total, kinds = len(shapes), len(by_look)
    if kinds < 2:  # noqa: PLR2004 - everything looks the same
        return list(fitting)

    def bonus(mark: Mark, looks: tuple[object, ...]) -> float:
        mark = _PART.get(mark, mark)
        if not by_mark[mark]:
            return 0.0
        share = (both[mark, looks] + 0.3) / (by_mark[mark] + 0.3 * kinds)
        usual = (by_look[looks] + 0.3) / (total + 0.3 * kinds)
        weight = min(1.0, by_mark[mark] / 4)
        return weight * max(-_LARGEST_BONUS, min(_LARGEST_BONUS, math.log(share / usual)))

    known = {(m, looks): bonus(m, looks) for m in Mark for looks in by_look}
    return [
        {mark: fit + known[mark, shape.looks] for mark, fit in fits.items()}
        for shape, fits in zip(shapes, fitting, strict=True)
    ]
