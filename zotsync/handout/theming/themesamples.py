"""Sample items of every type, on which a theme's patterns are tried. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zotsync.model import Fields, ItemType

_VALUES: Mapping[str, str] = {
    "date": "2021-03-05",
    "issue": "12",
    "volume": "3",
    "pages": "12-34",
    "numPages": "185",
    "url": "https://example.org/article",
    "DOI": "10.1000/182",
    "language": "fr",
    "shortTitle": "",
}
_ODD = {"date": "s. d. (vers 1930 ?)", "pages": "xii, 3 & 5", "url": "", "DOI": ""}


def samples(kind: ItemType) -> Iterator[Fields]:
    """Yield items of a type: one with everything in it, one with a title alone, one that is odd."""
    full: dict[str, Any] = {name: _VALUES.get(name, name) for name in kind.fields}
    full["itemType"] = kind.name
    full["creators"] = [
        {"creatorType": creator, "lastName": "Zola", "firstName": "Émile"}
        for creator in kind.creator_types
    ]
    title = next((own for own, base in kind.base_fields.items() if base == "title"), "title")
    yield full
    yield {"itemType": kind.name, title: "Titre"}
    yield full | _ODD | dict.fromkeys(("volume", "issue", "publisher"), "{%…%} n° 3 ; 4")
