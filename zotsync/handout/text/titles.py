"""Title and subtitle: what Zotero's short title says about where a title ends."""

from __future__ import annotations

import re

from zotsync.model import Fields, ItemType

_SPACES = re.compile(r"[ \t\n\u00a0\u2009\u202f]+")
_UNTIDY = re.compile(r"[ \t\r\n]+")
_KEPT = re.compile(r"[ \u00a0\u2009\u202f]*[?!][ \u00a0\u2009\u202f?!]*")
_JOINT = " .\u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2014"
_HYPHENS = "-\u2010\u2011"


def one_line(text: str) -> str:
    """Return `text` with line breaks and runs of plain blanks as one blank, trimmed."""
    text = text.strip(" \t\r\n")
    if (
        "\n" in text or "  " in text or "\t" in text or "\r" in text
    ):  # few are, and looking is cheap
        return _UNTIDY.sub(" ", text)
    return text


def title_of(fields: Fields, kind: ItemType | None) -> str:
    """Return an item's title, under whatever name its type has for it (`nameOfAct`, `subject`)."""
    return kind.value(fields, "title") if kind else str(fields.get("title", ""))


def split(title: str, short: str) -> tuple[str, str]:
    """Return (title, subtitle): split where `short` ends, unless a colon or half a word follows.

    Blanks, `.` and dashes at the joint are dropped; `?` and `!` stay with the title.
    """
    if not short or not _SPACES.sub(" ", title).startswith(_SPACES.sub(" ", short)):
        return title, ""
    at = _length_in(title, short)
    kept = _KEPT.match(title, at)
    end = kept.end() if kept else at
    rest = title[end:].lstrip(" \u00a0\u2009\u202f")
    if rest.startswith(":") or short.endswith(":") or (not kept and _inside_word(title, at)):
        return title, ""
    return title[:end].rstrip(_JOINT), title[end:].lstrip(_JOINT)


def _length_in(title: str, short: str) -> int:
    """Return how much of `title` is `short`, whatever blanks either has."""
    end = len(_SPACES.sub(" ", short))
    for blanks in _SPACES.finditer(title):
        if blanks.start() >= end:
            break
        end += len(blanks[0]) - 1
    return end


def _inside_word(title: str, at: int) -> bool:
    """Return whether the title goes on within a word (`Pair` of `Pair-aidance`, or of `Paire`)."""
    before, after = title[at - 1 : at], title[at : at + 1]
    if after in _HYPHENS and after:
        return before.isalnum() and title[at + 1 : at + 2].isalnum()
    return before.isalnum() and after.isalnum()
