"""A table for spreadsheets: CSV that Excel opens rightly in France.

UTF-8 with a byte order mark, semicolons, CRLF; a cell that a spreadsheet would take for a formula begins
with an apostrophe. The columns are the fields that are filled in anywhere, in the order of the schema.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence

from zotsync.i18n import N_
from zotsync.model import Fields
from zotsync.plugins.contract import Export, Exporter, tags_of

_FORMULA = re.compile(r"\s*'*[=+\-@＝＋－＠\t\r]")
_BETWEEN = "; "
"""Between the names, collections and tags in a cell."""


def write_csv(export: Export) -> bytes:
    """Return the references as a table, a row each."""
    roles, fields = _roles(export), _fields(export)
    lines = io.StringIO()
    table = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    words = _WORDS.get(export.language, _WORDS["en"])
    labels = [(export.label("creator", role), role) for role in roles]
    labels += [(export.label("field", name), name) for name in fields]
    headings = _headings(labels, _said_twice(export))
    table.writerow(map(safe, (*words[:2], *headings, *words[2:])))
    for key, item in export.entries.items():
        cells = [key, export.label("type", str(item["itemType"]))]
        cells += [_BETWEEN.join(_names(item, role)) for role in roles]
        cells += [export.value(item, name) for name in fields]
        cells += [_BETWEEN.join(export.paths(item)), _BETWEEN.join(tags_of(item))]
        table.writerow(map(safe, cells))
    return lines.getvalue().encode("utf-8-sig")


_WORDS = {
    "en": ("Key", "Item Type", "Collections", "Tags"),
    "fr": ("Clé", "Type de document", "Collections", "Marqueurs"),
}
"""Headings of what is no field of Zotero's."""


def _headings(labels: Sequence[tuple[str, str]], twice: Collection[str]) -> Iterable[str]:
    """Return headings of (label, name), none of which means two things."""
    for label, name in labels:
        yield f"{label} ({name})" if label in twice and name not in _USUAL else label


def _said_twice(export: Export) -> frozenset[str]:
    """Return the words for several fields or roles, in any language: in French a sponsor is an author too."""
    schema = export.schema
    meant: dict[str, set[str]] = {}
    for kind in schema.item_types.values():
        names = [("field", kind.base_fields.get(name, name)) for name in kind.fields]
        names += [("creator", role) for role in kind.creator_types]
        for language in schema.labels:
            for what, name in names:
                meant.setdefault(schema.label(what, name, language), set()).add(name)
    return frozenset(label for label, names in meant.items() if len(names) > 1)


_USUAL = frozenset({"author", "editor", "title", "date"})
"""What a label means that does not say more."""


def safe(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _roles(export: Export) -> list[str]:
    """Return the creator types that are there, those of the schema's first types first."""
    there = {c["creatorType"] for f in export.entries.values() for c in f.get("creators", ())}
    known = dict.fromkeys(
        role for kind in export.schema.item_types.values() for role in kind.creator_types
    )
    first = [role for role in ("author", "editor") if role in there]
    return list(dict.fromkeys([*first, *(r for r in known if r in there), *sorted(there)]))


def _fields(export: Export) -> list[str]:
    """Return the fields that are filled in anywhere, each type's own under their base field."""
    there: dict[str, None] = {}
    for item in export.entries.values():
        base = export.kind(item).base_fields
        there |= dict.fromkeys(base.get(n, n) for n, v in item.items() if isinstance(v, str))
    there.pop("itemType", None)
    order = dict.fromkeys(_FIRST)
    for kind in export.schema.item_types.values():
        order |= dict.fromkeys(kind.base_fields.get(name, name) for name in kind.fields)
    return list(dict.fromkeys([*(n for n in order if n in there), *sorted(there)]))


_FIRST = ("title", "publicationTitle", "date", "volume", "issue", "pages", "publisher", "place")
"""The columns that people look for."""


def _names(item: Fields, role: str) -> Iterable[str]:
    for creator in item.get("creators", ()):
        if creator["creatorType"] == role:
            parts = (creator.get("name"), creator.get("lastName"), creator.get("firstName"))
            yield ", ".join(part for part in parts if part)


CSV = Exporter(N_("Table for Excel and LibreOffice"), "csv", write_csv)
