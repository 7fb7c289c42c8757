"""What a word processor's file holds, whatever its format: paragraphs, and what was said beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from zotsync.handout.entry import Mark, Role, Run

BOOKMARK = re.compile(
    r"_zk_([23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8})(?:_\d+)?(?:_?Copy_?\d+)*", re.IGNORECASE
)
"""The hidden bookmarks of entries; LibreOffice adds `_Copy_1` to those of what is copied."""
BREAK = "\n"
"""A line break within a paragraph."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, with tracked changes taken as accepted."""

    runs: tuple[Run, ...]
    role: Role | None = None
    """What its style says; None for a style that is none of the theme's."""
    keys: tuple[str, ...] = ()
    """The item keys of its bookmarks."""

    @property
    def text(self) -> str:
        """Return its text without formatting, numbers with a style of their own left out."""
        return "".join(run.text for run in self.runs if run.mark is not Mark.NUMBER)


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote beside the text, or in a footnote."""

    text: str
    author: str
    paragraph: int
    """Index of the paragraph that it is about."""
    footnote: bool = False


@dataclass(frozen=True, slots=True)
class Corrected:
    """A document that came back."""

    paragraphs: tuple[Paragraph, ...]
    comments: tuple[Comment, ...] = ()


def without_number(paragraph: Paragraph, blanks: str = "\u00a0") -> Paragraph:
    """Return a paragraph without the number of an entry at its beginning, which ends with one of `blanks`."""
    found = re.match(rf"\s*\d{{1,6}}\.[{blanks}]+", paragraph.text)
    if not found:
        return paragraph
    left, runs = found.end(), []
    for run in (run for run in paragraph.runs if run.mark is not Mark.NUMBER):
        runs.append(run._replace(text=run.text[left:]))
        left = max(0, left - len(run.text))
    return replace(paragraph, runs=tuple(run for run in runs if run.text))


def keys_of(bookmark: str) -> tuple[str, ...]:
    """Return the item key that a bookmark's name holds; () for any other bookmark."""
    found = BOOKMARK.fullmatch(bookmark)
    return (found[1].upper(),) if found else ()
