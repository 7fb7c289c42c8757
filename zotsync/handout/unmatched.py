"""Words chosen for a handout that match nothing in the bibliography: most are mistyped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zotsync.handout.choices import STYLE, Choices
from zotsync.handout.compose import Library, introduction_notes, tagged_notes
from zotsync.handout.handoutfile import Handout
from zotsync.handout.select import Remark, What
from zotsync.model import Schema

_WORDS = ("no_links", "notes", "introduction_note")


def unmatched(
    handout: Handout, library: Library, schema: Schema, choices: Choices, usual: Choices
) -> Iterator[Remark]:
    """Yield a remark for each choice that matches nothing. `usual`: the theme's, which fit any library."""
    typed = {name for name in _WORDS if getattr(choices, name) != getattr(usual, name)}
    if "no_links" in typed:
        words = [word for word in choices.no_links if word not in schema.item_types]
        if unused := _nobodys(words, library):
            yield Remark(What.NO_LINKS_UNUSED, unused)
    if "notes" in typed and choices.notes:
        notes = tagged_notes(library, choices.notes)
        if not any(note.get("parentItem") for note in notes.values()):
            yield Remark(What.NOTES_UNUSED, (choices.notes,))
    if not choices.citation_style and handout.is_sorted_by(STYLE, choices):
        yield Remark(What.NO_STYLE)
    wanted = choices.introduction_note
    if "introduction_note" in typed and wanted and not handout.introduction:
        if introduction_notes(handout, library, wanted):
            return
        yield Remark(What.INTRODUCTION_UNUSED, (wanted,))


def _nobodys(words: Iterable[str], library: Library) -> tuple[str, ...]:
    """Return those of the words that are no item's tag."""
    left = dict.fromkeys(words)
    for item in library.items.values():
        if not left:
            break
        for tag in item.get("tags", ()):
            left.pop(tag.get("tag"), None)
    return tuple(left)
