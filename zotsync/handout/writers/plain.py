"""What the writers of plain files share: texts fit for a file of lines, and how an entry divides. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from zotsync.handout.entry import Line, Role, Run

INDENTED = frozenset({Role.ABSTRACT, Role.NOTE})
"""Roles of paragraphs that stand below an entry's lines, set in."""

_SEPARATORS = re.compile("[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")
"""Of surrogate pairs: a file of text cannot hold one alone."""
_BLANKS = re.compile(" {2,}")


def clean(text: str) -> str:
    """Return `text` without control characters; line breaks, tabs and runs of blanks become a blank.

    What a file of text cannot hold is shown as U+FFFD.
    """
    if not text.isprintable():  # most are, no-break spaces aside
        text = _HALVES.sub("\ufffd", _CONTROL.sub("", _SEPARATORS.sub(" ", text)))
    return _BLANKS.sub(" ", text) if "  " in text else text


def written(line: Line) -> Line:
    """Return a line as it can be written: runs that are pictures, or empty, left out."""
    clean_runs = (run._replace(text=clean(run.text)) for run in line.runs if not run.code)
    return Line(line.role, tuple(run for run in clean_runs if run.text))


def says_its_address(run: Run) -> bool:
    """Return whether the text of a link is as good as its address: the same, or one as it was typed."""
    return "://" in run.text or run.url == f"mailto:{run.text}"


def parts(lines: Iterable[Line]) -> Iterator[tuple[bool, list[Line]]]:
    """Yield an entry's lines as (set in or not, lines); what is first is never set in, blank lines go."""
    shown = [line for line in map(written, lines) if line.text.strip()]
    numbered = groupby(enumerate(shown), lambda each: each[0] > 0 and each[1].role in INDENTED)
    return ((set_in, [line for _, line in group]) for set_in, group in numbered)
