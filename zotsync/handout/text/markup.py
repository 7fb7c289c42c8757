"""The little HTML that Zotero allows in titles, as runs. Anything else stays visible as text. Pure.

`<i> <b> <sub> <sup> <sc>`, `<span style="font-variant:small-caps;">` and `<span class="nocase">`:
what the Zotero client and citation styles read. Takes time in proportion to the text, whatever it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from zotsync.handout.entry import NO_FACES, Face, Mark, Run, run_of

TAG = (
    r"<(?:/?(?:i|b|sub|sup|sc)|/span"
    r"|span\s+style\s*=\s*(?:\"\s*font-variant\s*:\s*small-caps\s*;?\s*\""
    r"|'\s*font-variant\s*:\s*small-caps\s*;?\s*')\s*"
    r"|span\s+class\s*=\s*(?:\"nocase\"|'nocase'|nocase)\s*)>"
)
"""The pattern of one tag, without groups."""
_TAG = re.compile(TAG)
_NAME = re.compile("[a-z]+")
_FACES = {face.value: face for face in Face}


class _Pair(NamedTuple):
    """A tag that is opened and closed: where both stand."""

    opened: tuple[int, int]
    closed: tuple[int, int]
    face: Face | None
    """None: no formatting here (`nocase`)."""


def runs(text: str, mark: Mark | None = None) -> tuple[Run, ...]:
    """Return `text` as runs: what is opened and closed properly becomes formatting.

    A tag that is not closed, or closed in the wrong order, stays in the text as it was typed.
    """
    if "<" not in text:
        return (run_of((text, mark, NO_FACES, "", "")),)
    found: list[Run] = []
    worn: Counter[Face | None] = Counter()
    last = 0
    for (start, end), face, step in _steps(text):
        if last < start:
            faces = frozenset(face for face, depth in worn.items() if face and depth)
            found.append(Run(text[last:start], mark, faces))
        worn[face] += step
        last = end
    return tuple(found)


def plain_text(text: str) -> str:
    """Return `text` without the tags that `runs` turns into formatting."""
    return "".join([run.text for run in runs(text)]) if "<" in text else text


def closing(text: str, at: int) -> str:
    """Return the tags that close, innermost first, what is formatted both before and behind `at`."""
    around = sorted(pair for pair in _pairs(text) if pair.opened[1] <= at <= pair.closed[0])
    return "".join(text[slice(*pair.closed)] for pair in reversed(around))


def _steps(text: str) -> Iterator[tuple[tuple[int, int], Face | None, int]]:
    """Yield the places where formatting begins (1) and ends (-1), in order, and the end of the text."""
    pairs = list(_pairs(text))
    begins = [(pair.opened, pair.face, 1) for pair in pairs]
    ends = [(pair.closed, pair.face, -1) for pair in pairs]
    yield from sorted(begins + ends, key=lambda step: step[0])
    yield (len(text), len(text)), None, 0


def _pairs(text: str) -> Iterator[_Pair]:
    """Yield the tags that open and close properly. What is crossed by them counts as not closed."""
    opened: list[tuple[str, tuple[int, int]]] = []
    depths: dict[str, list[int]] = {}  # where each name stands in `opened`: looked up, never sought
    for found in _TAG.finditer(text):
        tag = found[0]
        name = _NAME.findall(tag)[0]
        if not tag.startswith("</"):
            depths.setdefault(name, []).append(len(opened))
            opened.append((tag, found.span()))
        elif depths.get(name):
            depth = depths[name][-1]
            first, where = opened[depth]
            yield _Pair(where, found.span(), _face(first))
            for crossed, _where in reversed(opened[depth:]):
                depths[_NAME.findall(crossed)[0]].pop()
            del opened[depth:]


def _face(tag: str) -> Face | None:
    """Return the formatting of an opening tag; None where it has none here (`nocase`)."""
    return Face.SMALL_CAPS if "small-caps" in tag else _FACES.get(tag[1:-1])
