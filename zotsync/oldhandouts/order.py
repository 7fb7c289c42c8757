"""In which order a document writes names: most of them tell what the doubtful ones are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from zotsync.oldhandouts.names import is_capitals, is_first_name
from zotsync.oldhandouts.values import Found, ReadEntry, ReadSection

_ENOUGH, _MOSTLY = 3, 4


def in_one_order(sections: Sequence[ReadSection]) -> tuple[ReadSection, ...]:
    """Return the sections with names that could be read both ways as most others are: `Nom Prénom`."""
    votes = Counter[tuple[str, bool]]()
    for section in sections:
        for entry in section.entries:
            votes.update(_votes(entry))
    turned = {
        role
        for role, _turned in votes
        if votes[role, True] >= max(_ENOUGH, votes[role, False] * _MOSTLY)
    }
    return tuple(replace(s, entries=tuple(_entries(s.entries, turned))) for s in sections)


def _votes(entry: ReadEntry) -> Iterator[tuple[str, bool]]:
    """Yield, for each person whose first name is common, the role and whether the surname stood first."""
    for found in entry.fields:
        for one in found.value if found.name == "creators" else ():
            last, first = one.get("lastName", ""), one.get("firstName", "")
            if last and is_first_name(first.split()[0]) and f"{last} {first}" in found.text:
                yield one["creatorType"], True
            elif last and is_first_name(first.split()[0]) and f"{first} {last}" in found.text:
                yield one["creatorType"], False


def _entries(entries: Iterable[ReadEntry], turned: set[str]) -> Iterator[ReadEntry]:
    for entry in entries:
        yield replace(entry, fields=tuple(_turned(found, turned) for found in entry.fields))


def _turned(found: Found, turned: set[str]) -> Found:
    if found.name != "creators":
        return found
    made = [
        _other_way(one) if one["creatorType"] in turned and _is_open(one, found.text) else one
        for one in found.value
    ]
    return found if made == found.value else replace(found, value=made)


def _is_open(one: dict[str, str], text: str) -> bool:
    """Return whether nothing tells which of two words is the surname; it was taken for the second."""
    last, first = one.get("lastName", ""), one.get("firstName", "")
    words = [last, first]
    plain = all(len(word) > 1 and word.replace("-", "").isalpha() for word in words)
    if not plain or any(map(is_capitals, words)):
        return False
    return f"{first} {last}" in text and (not is_first_name(first) or is_first_name(last))


def _other_way(one: dict[str, str]) -> dict[str, str]:
    return {**one, "lastName": one["firstName"], "firstName": one["lastName"]}
