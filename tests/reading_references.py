"""Reading references, for the tests of importers."""

from __future__ import annotations

from typing import Any

from zotsync.model import Fields
from zotsync.plugins import Beside, Importer, Reference, Source, Unread
from zotsync.zotero.schema import bundled

SCHEMA = bundled()


def read(importer: Importer, text: str | bytes, **settings: Any) -> list[Reference | Unread]:
    data = text.encode() if isinstance(text, str) else text
    found = importer.read(Source(data, SCHEMA, **settings))
    return [one for one in found if not isinstance(one, Beside)]


def references(importer: Importer, text: str | bytes, **settings: Any) -> list[Reference]:
    found = read(importer, text, **settings)
    assert all(isinstance(one, Reference) for one in found), found
    return [one for one in found if isinstance(one, Reference)]


def one(importer: Importer, text: str | bytes, **settings: Any) -> Reference:
    (found,) = references(importer, text, **settings)
    return found


def creators(fields: Fields) -> list[tuple[str, str]]:
    """Return (role, name) of an item's creators."""
    named = (
        (c["creatorType"], c.get("name") or f"{c['lastName']}, {c['firstName']}")
        for c in fields.get("creators", ())
    )
    return list(named)


def tags(fields: Fields) -> list[str]:
    return [tag["tag"] for tag in fields.get("tags", ())]
