"""A whole item: which of Zotero's fields is which CSL variable, by the tables of Zotero's schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.csljson.dates import csl_date
from zotsync.csljson.extra import lift_dates, to_variables
from zotsync.csljson.names import csl_name
from zotsync.model import Fields, ItemType, Schema

CslItem = dict[str, Any]

_FIRST_ISBN = re.compile(r"(?:97[89]-?)?(?:\d-?){9}[\dx](?!-)\b", re.IGNORECASE | re.ASCII)
_EVENT_PLACE = frozenset({"audioRecording", "presentation", "videoRecording"})
"""Item types whose `place` is where something took place."""
_READ_ONLY = "shortTitle"
"""An old name of `title-short`."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T].*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CslMap:
    """What the schema says of Zotero's types, fields and creator types in CSL."""

    types: Mapping[str, str]
    texts: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
    """Item type -> CSL variable and the fields any of which fills it."""
    dates: Mapping[str, tuple[tuple[str, str], ...]]
    names: Mapping[str, str]
    primary: Mapping[str, str]
    """Item type -> its primary creator type."""
    labels: Mapping[str, str]
    """Field -> CSL variable, for labels in `extra`."""

    @classmethod
    def of(cls, schema: Schema) -> CslMap:
        """Return the map that `schema` has."""
        csl, kinds = schema.csl, schema.item_types
        texts, dates = csl["fields"]["text"], csl["fields"]["date"]
        labels = {f: v for v, fields in reversed(texts.items()) for f in fields if v != _READ_ONLY}
        return cls(
            types={z: c for c, zotero in csl["types"].items() for z in zotero},
            texts={name: _texts(kind, texts) for name, kind in kinds.items()},
            dates={
                name: tuple((v, kind.own_name(f) or f) for v, f in dates.items())
                for name, kind in kinds.items()
            },
            names=csl["names"],
            primary={n: k.creator_types[0] for n, k in kinds.items() if k.creator_types},
            labels=labels | {field: variable for variable, field in dates.items()},
        )

    def item(self, key: str, fields: Fields) -> CslItem:
        """Return an item as CSL-JSON with `key` as its id, as the client gives it to its citation engine.

        The day of access alone is the stored one (UTC): files do not depend on where one is. An item
        type that the schema does not know is a `document`.
        """
        kind = str(fields.get("itemType", ""))
        item: CslItem = {"id": key, "type": self.types.get(kind, "document")}
        for variable, names in self.texts.get(kind) or self.texts["document"]:
            text = next((str(fields[name]) for name in names if fields.get(name)), "")
            if text:
                item[variable] = self._text(variable, text)
        for creator in fields.get("creators", ()):
            role = str(creator.get("creatorType", ""))
            if variable := self.names.get(role, "author" if role == self.primary.get(kind) else ""):
                item.setdefault(variable, []).append(csl_name(creator))
        for variable, name in self.dates.get(kind) or self.dates["document"]:
            if date := str(fields.get(name, "")):
                item[variable] = csl_date(
                    _TIME.sub(r"\1", date) if variable == "accessed" else date
                )
        if "note" in item:
            lift_dates(item)
        return item

    def _text(self, variable: str, text: str) -> str:
        if variable == "ISBN" and (first := _FIRST_ISBN.match(text)):
            text = first[0]
        elif variable == "note":
            text = to_variables(text, self.labels)
        quoted = text[0] == '"' and text.find('"', 1) == len(text) - 1
        return text[1:-1] if quoted else text


def _texts(
    kind: ItemType, texts: Mapping[str, list[str]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    table = []
    for variable, fields in texts.items():
        if kind.name in _EVENT_PLACE and variable in {"publisher-place", "event-place"}:
            names: tuple[str, ...] = ("place",) if variable == "event-place" else ()
        else:
            names = tuple(kind.own_name(field) or field for field in fields)
        if names and variable != _READ_ONLY:
            table.append((variable, names))
    return tuple(table)
