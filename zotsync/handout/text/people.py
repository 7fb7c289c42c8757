"""Names as they are printed: who stands in the author line, who in the source line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zotsync.model import Fields, ItemType

_FINAL = (".", "…", "!", "?")
_IN_FORM = re.compile(r"NOM|Nom|Prénom|P\.")
_FIRST_NAME = re.compile(r"(\w)[\w'’]*\.?")


class Credits(NamedTuple):
    """The creators of an item, told apart."""

    line: tuple[Fields, ...]
    """Those of the author line."""
    suffix: str
    """The creator type that follows the author line in brackets; empty for authors."""
    others: tuple[Fields, ...]
    """Everybody else, for the source line."""


def credits_of(fields: Fields, kind: ItemType | None) -> Credits:
    """Return the creators of an item of that type, told apart."""
    primary = kind.creator_types[0] if kind and kind.creator_types else "author"
    return tell_apart(fields.get("creators", ()), primary)


def tell_apart(creators: Sequence[Fields], primary: str) -> Credits:
    """Return who stands where: the primary creators, else the editors, lead; the others follow."""
    for creator in creators:
        if creator.get("creatorType") != primary:
            break
    else:  # most have one kind alone
        return Credits(tuple(creators), "", ())
    kinds = {one.get("creatorType") for one in creators}
    for leading, suffix in ((primary, ""), ("editor", "editor")):
        if leading in kinds:
            line = tuple([one for one in creators if one.get("creatorType") == leading])
            others = tuple([one for one in creators if one.get("creatorType") != leading])
            return Credits(line, suffix, others)
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


def leading_line(credit: Credits, labels: Mapping[str, str], *, capitals: bool) -> str:
    """Return the names of the author line, commas between, editors with their label; "" without anybody."""
    written = ", ".join([name_of(creator, capitals=capitals) for creator in credit.line])
    label = labels.get(credit.suffix, "") if credit.suffix else ""
    return f"{written} ({label})" if label else written


def others_line(credit: Credits, labels: Mapping[str, str], *, capitals: bool) -> str:
    """Return those who are not in the author line, each kind with its label: `DUPONT Jean (trad.)`."""
    if not credit.others:
        return ""
    kinds: dict[str, list[str]] = {}
    for creator in credit.others:
        name = name_of(creator, capitals=capitals)
        kinds.setdefault(str(creator.get("creatorType", "")), []).append(name)
    return ", ".join(
        f"{', '.join(names)} ({label})" if (label := labels.get(kind, "")) else ", ".join(names)
        for kind, names in kinds.items()
    )


def of_kind(creators: Sequence[Fields], *kinds: str) -> list[Fields]:
    """Return the creators of these kinds (`editor`, `translator`…), in order."""
    return [creator for creator in creators if creator.get("creatorType") in kinds]


def names(  # noqa: PLR0913 - each is a word of the pattern language
    creators: Sequence[Fields],
    form: str = "NOM Prénom",
    between: str = ", ",
    *,
    last: str = "",
    most: int = 0,
    more: str = " et al.",
) -> str:
    """Return names in a `form` shown by example: `NOM Prénom`, `Nom, P.`, `Prénom NOM`.

    `last` stands before the last one (default: `between`); of more than `most` (0: any number), only
    the first is named, and `more` follows. An institution is printed as typed.
    """
    written = [name for creator in creators if (name := _in_form(creator, form))]
    if most and len(written) > most:
        return written[0] + more
    if len(written) > 1:
        return f"{between.join(written[:-1])}{last or between}{written[-1]}"
    return "".join(written)


def _in_form(creator: Fields, form: str) -> str:
    surname, first = str(creator.get("lastName", "")), str(creator.get("firstName", ""))
    if creator.get("name") or not surname:
        return str(creator.get("name") or first)
    written = {"NOM": surname.upper(), "Nom": surname, "Prénom": first, "P.": _initials(first)}
    if not first:  # no comma is left behind: nothing but the surname's own word
        form = next((word for word in ("NOM", "Nom") if word in form), "Nom")
    return _IN_FORM.sub(lambda found: written[found[0]], form)


def _initials(first: str) -> str:
    """Return `J.-L.` for `Jean-Luc`, `J-L.` or `J.-L.`."""
    return _FIRST_NAME.sub(r"\1.", unicodedata.normalize("NFC", first))
