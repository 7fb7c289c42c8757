"""Corrected title and subtitle lines back to a title and a short title. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.handout.readback.folding import Shown, marked_up
from zotsync.handout.readback.transfer import transferred, typed
from zotsync.handout.text import titles
from zotsync.model import Fields, ItemType

_STOPS = ("?", "!")


@dataclass(frozen=True, slots=True)
class TitleLines:
    """What the two lines of an entry show; an empty text where there is none."""

    title: Shown
    subtitle: Shown


def title_field(fields: Fields, kind: ItemType | None) -> str:
    """Return the name of the field that an item's title stands in."""
    own = [n for n, base in (kind.base_fields if kind else {}).items() if base == "title"]
    return next((n for n in ("title", *own) if fields.get(n)), own[0] if own else "title")


def read_titles(
    fields: Fields,
    kind: ItemType | None,
    was: TitleLines,
    now: TitleLines,
    fits: Callable[[Fields], bool],
) -> Mapping[str, Any] | None:
    """Return the fields that print the corrected lines, as `fits` tells; None where none do."""
    name = title_field(fields, kind)
    for title, short in _readings(fields, name, was, now):
        change: dict[str, Any] = {name: title or None, "shortTitle": short or None}
        change = {n: v for n, v in change.items() if v != fields.get(n)}
        done = {n: v for n, v in {**fields, **change}.items() if v}
        if fits(done):
            return change
    return None


def _readings(
    fields: Fields, name: str, was: TitleLines, now: TitleLines
) -> Iterator[tuple[str, str]]:
    """Yield (title, short title), the likeliest first."""
    stored = titles.one_line(str(fields.get(name, "")))
    short = titles.one_line(str(fields.get("shortTitle", "")))
    head, rest = titles.split(stored, short)
    joint = stored[len(head) : len(stored) - len(rest)]
    new_head = _carried(head, was.title, now.title)
    if not now.subtitle.text:
        for candidate in (short, _carried(short, was.title, now.title), ""):
            yield new_head, candidate
        return
    new_rest = _carried(rest, was.subtitle, now.subtitle)
    if not rest:
        joint = " " if new_head.endswith(_STOPS) else ". "
    title = f"{new_head}{joint}{new_rest}"
    for candidate in (short, _carried(short, was.title, now.title), new_head):
        yield title, candidate


def _carried(stored: str, was: Shown, now: Shown) -> str:
    """Return a stored text with a line's correction in it; the line's own text where that cannot be."""
    new = marked_up(now)
    return transferred(stored, marked_up(was), new) or typed(new, stored)
