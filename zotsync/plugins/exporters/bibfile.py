"""What BibTeX and BibLaTeX have in common: how an entry is written, and what is the same in both. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from zotsync.model import Fields
from zotsync.plugins.contract import Export, tags_of
from zotsync.plugins.exporters import latex
from zotsync.plugins.exporters.citekeys import citekeys

Told = Mapping[str, str]
"""Name of a BibTeX field -> its value, as LaTeX; "" is left out."""
TITLES = frozenset({"title", "booktitle", "shorttitle", "journaltitle", "journal", "titleaddon"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's own words for months, which stand without braces."""
VERBATIM = frozenset({"doi", "url"})
_THESES = ("master", "mémoire", "maîtrise", "dea", "deug", "licence", "bachelor", "m1", "m2")


class Reference(NamedTuple):
    """An item, and what reads it."""

    export: Export
    fields: Fields

    @property
    def item_type(self) -> str:
        """Return the name of its item type."""
        return str(self.fields.get("itemType", ""))

    @property
    def is_english(self) -> bool:
        """Return whether it says that it is in English."""
        return str(self.fields.get("language", "")).lower().startswith("en")

    @property
    def is_lower_thesis(self) -> bool:
        """Return whether it is a thesis for a lower degree than a doctorate."""
        words = self.value("type").lower().replace("-", " ").split()
        return any(word.startswith(_THESES) for word in words)

    def value(self, base: str) -> str:
        """Return what it says for a base field."""
        return self.export.value(self.fields, base)

    def texts(self, table: Mapping[str, str]) -> dict[str, str]:
        """Return BibTeX field -> value, for a table BibTeX field -> base field."""
        return {name: self._text(name, self.value(base)) for name, base in table.items()}

    def _text(self, name: str, text: str) -> str:
        if name in VERBATIM:
            return latex.verbatim(text)
        if name in TITLES:
            return latex.title(text, english=self.is_english)
        return latex.escaped(text)

    def names(self, roles: Iterable[str]) -> str:
        """Return the creators of these roles, as a list of names."""
        wanted = frozenset(roles)
        return latex.names(c for c in self.fields.get("creators", ()) if c["creatorType"] in wanted)

    def primary(self) -> tuple[str, ...]:
        """Return the creator type that is the author of this item type."""
        return self.export.kind(self.fields).creator_types[:1]

    def pages(self) -> str:
        """Return the pages, a range with the dash of LaTeX."""
        text = self.value("pages")
        for dash in ("–", "—", "-"):
            text = text.replace(dash, "-")
        return "--".join(latex.escaped(part) for part in text.split("-") if part)

    def keywords(self) -> str:
        """Return the tags; a comma in one is written as a semicolon, which does not part them."""
        tags = (latex.one_line(tag).replace(",", ";") for tag in tags_of(self.fields))
        return latex.escaped(", ".join(tags))

    def accessed(self) -> str:
        """Return the day of access."""
        return latex.escaped(self.value("accessDate")[:10])


def bib_file(
    export: Export, type_of: Callable[[Reference], str], told_of: Callable[[Reference, str], Told]
) -> bytes:
    """Return a .bib file of all references: `told_of` one of a type are its fields."""
    keys, entries = citekeys(export), []
    for key, fields in export.entries.items():
        reference = Reference(export, fields)
        kind = type_of(reference)
        entries.append(_entry(kind, keys[key], told_of(reference, kind)))
    return "\n".join(entries).encode()


def _entry(kind: str, key: str, told: Told) -> str:
    lines = [f"  {name} = {value}," for name, value in _quoted(told) if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}\n"])


def _quoted(told: Told) -> Iterable[tuple[str, str]]:
    for name, value in told.items():
        is_macro = name == "month" and value in MONTHS
        yield name, value if is_macro or not value else f"{{{value}}}"
