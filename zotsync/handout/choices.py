"""What can be chosen for a handout, as one table. Pure.

theme.toml (`[choices]`), the handout file and the command line say the same under the same names, each
over the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

BY = ("collection", "kind", "tag", "year")
STYLE = "style"
"""The order that asks for the citation style's own."""
SORTS = ("author", "title", "date", "newest", "manual", STYLE)
INDEXES = ("authors", "keywords")
OTHER_WORDS: Mapping[str, Mapping[str, str]] = {
    "by": dict.fromkeys(("type", "types", "itemtype", "itemtypes", "genre", "nature"), "kind")
    | dict.fromkeys(("keyword", "keywords", "marqueur", "étiquette", "mot-clé", "mots-clés"), "tag")
    | dict.fromkeys(("date", "année", "annee"), "year")
}
"""Choice -> what people may type, in small letters -> the word that they mean."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How a handout is printed. The field's name is the setting's name."""

    by: str = ""
    """Sections where the handout names none: one of `BY`; "" subcollections, else kinds."""
    sort: str = "author"
    """Order within a section that has none of its own: one of `SORTS`."""
    numbering: bool = False
    """Whether entries are numbered, through the whole document."""
    section_numbers: bool = False
    cover: bool = False
    contents: bool = False
    indexes: tuple[str, ...] = ()
    """Of `INDEXES`; an index tells the numbers of entries, so there is numbering too."""
    abstracts: bool | int = True
    """Whether abstracts are printed; a number: shortened to so many words, at a sentence end."""
    keywords: bool = False
    shelfmarks: bool = False
    links: bool = True
    no_links: tuple[str, ...] = ()
    """Item types, or tags, whose items are printed without access lines."""
    open_access: bool = False
    """Whether free full text is told apart from access with sign-in."""
    proxy: bool = True
    """Whether addresses are printed with the proxies of zotsync.toml."""
    qr: bool = False
    """Whether links have a QR code beside them, for paper."""
    notes: str = "imprimer"
    """The tag of the child notes that are printed; "" prints none."""
    introduction_note: str = "introduction"
    """Key, or tag, of the note in the handout's collection that introduces it where the file does not."""
    citation_style: str = ""
    """Id or path of a CSL style for the reference; "" takes the theme's own layout."""
    updated: str = ""
    """The day of the last update (ISO, or as typed); "auto": when the document last changed."""
    institution: str | None = None
    """None here and below: what `[centre]` of zotsync.toml says."""
    address: str | None = None
    contact: str | None = None
    logo: str | None = None
    licence: str | None = None


NAMES = tuple(f.name for f in fields(Choices))
_TYPES: Mapping[str, Any] = get_type_hints(Choices)
_VALUES: Mapping[str, tuple[str, ...]] = {"by": BY, "sort": SORTS, "indexes": INDEXES}


def values_of(name: str) -> tuple[str, ...]:
    """Return the words that a choice is made of; () where anything of its kind will do."""
    return _VALUES.get(name, ())


def kind_of(name: str) -> str:
    """Return what a choice holds: "flag", "length" (flag or number of words), "text", "texts"."""
    told = _TYPES[name]
    kinds = {bool: "flag", bool | int: "length", tuple[str, ...]: "texts"}
    return kinds.get(told, "text")


def fits(name: str, value: object) -> bool:
    """Return whether `value` is of the kind of the choice `name`. Lists stand for tuples."""
    kind = kind_of(name)
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "length":
        return isinstance(value, bool) or (isinstance(value, int) and value > 0)
    if kind == "texts":
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def unknown_value(name: str, value: object) -> str:
    """Return the word of `value` that the choice `name` does not know; "" where all is well."""
    known = values_of(name)
    words = value if isinstance(value, list | tuple) else (value,)
    return next((str(word) for word in words if known and word and word not in known), "")


def choose(*tables: Mapping[str, Any]) -> Choices:
    """Return the choices of several tables that fit; a later one has the last word."""
    merged: dict[str, Any] = {name: value for table in tables for name, value in table.items()}
    return Choices(**merged)
