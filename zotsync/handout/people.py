"""Names as they are printed: who stands in the author line, who in the source line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zotsync.model import Fields

_FINAL = (".", "…", "!", "?")


@dataclass(frozen=True, slots=True)
class Credits:
    """The creators of an item, told apart."""

    line: tuple[Fields, ...]
    """Those of the author line."""
    suffix: str
    """The creator type that follows the author line in brackets; empty for authors."""
    others: tuple[Fields, ...]
    """Everybody else, for the source line."""


def tell_apart(creators: Sequence[Fields], primary: str) -> Credits:
    """Return who stands where: the primary creators, else the editors, lead; the others follow."""
    for leading, suffix in ((primary, ""), ("editor", "editor")):
        line: list[Fields] = []
        others: list[Fields] = []
        for creator in creators:
            (line if creator.get("creatorType") == leading else others).append(creator)
        if line:
            return Credits(tuple(line), suffix, tuple(others))
    return Credits((), "", tuple(creators))


def name_of(creator: Fields, *, capitals: bool) -> str:
    """Return `NOM Prénom`; an institution as it was typed."""
    if creator.get("name"):
        return str(creator["name"])
    last, first = str(creator.get("lastName", "")), str(creator.get("firstName", ""))
    return f"{last.upper() if capitals else last} {first}".strip()


def stop(text: str) -> str:
    """Return `text` with one full stop at its end; none where initials or a mark already end it."""
    return text if not text or text.endswith(_FINAL) else f"{text}."


def author_line(credit: Credits, labels: Mapping[str, str], *, capitals: bool) -> str:
    """Return the names, commas between, one full stop at the end; "" without anybody."""
    names = ", ".join(name_of(c, capitals=capitals) for c in credit.line)
    label = labels.get(credit.suffix, "") if credit.suffix else ""
    return stop(f"{names} ({label})" if label else names)


def others_line(credit: Credits, labels: Mapping[str, str], *, capitals: bool) -> str:
    """Return those who are not in the author line, each kind with its label: `DUPONT Jean (trad.)`."""
    kinds: dict[str, list[str]] = {}
    for creator in credit.others:
        name = name_of(creator, capitals=capitals)
        kinds.setdefault(str(creator.get("creatorType", "")), []).append(name)
    return ", ".join(
        f"{', '.join(names)} ({label})" if (label := labels.get(kind, "")) else ", ".join(names)
        for kind, names in kinds.items()
    )
