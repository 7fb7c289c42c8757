"""The little HTML that Zotero allows in titles, as runs. Anything else stays visible as text."""

from __future__ import annotations

import re

from zotsync.handout.entry import Face, Mark, Run

_TAG = re.compile(
    r"<(?:(?P<open>i|b|sub|sup|sc)|(?P<span>span\s[^<>]*)|/(?P<close>i|b|sub|sup|sc|span))>"
)
_FACES = {face.value: face for face in Face}


def runs(text: str, mark: Mark | None = None) -> tuple[Run, ...]:
    """Return `text` as runs: balanced `<i> <b> <sub> <sup> <sc>` and small caps become formatting.

    A tag that is not closed, or closed in the wrong order, stays in the text as it was typed.
    """
    if "<" not in text:
        return (Run(text, mark),)
    found: list[Run] = []
    stack: list[Face | None] = []
    last = 0
    for start, end in [*_balanced(text), (len(text), len(text))]:
        if last < start:
            found.append(Run(text[last:start], mark, frozenset(face for face in stack if face)))
        if start < end:
            _step(stack, text[start:end])
        last = end
    return tuple(found)


def plain_text(text: str) -> str:
    """Return `text` without the tags that `runs` turns into formatting."""
    return "".join(run.text for run in runs(text))


def _step(stack: list[Face | None], tag: str) -> None:
    if tag.startswith("</"):
        stack.pop()
    else:
        stack.append(_face(tag))


def _face(tag: str) -> Face | None:
    """Return the formatting of an opening tag; None where it has none here (`nocase`)."""
    if tag.startswith("<span"):
        return Face.SMALL_CAPS if "small-caps" in tag else None
    return _FACES[tag[1:-1]]


def _balanced(text: str) -> list[tuple[int, int]]:
    """Return where the tags stand that open and close properly."""
    opened: list[tuple[str, tuple[int, int]]] = []
    kept: list[tuple[int, int]] = []
    for found in _TAG.finditer(text):
        if name := found["close"]:
            depth = next((i for i in reversed(range(len(opened))) if opened[i][0] == name), None)
            if depth is not None:
                kept += [opened[depth][1], found.span()]
                del opened[depth:]
        else:
            opened.append((found["open"] or "span", found.span()))
    return sorted(kept)
