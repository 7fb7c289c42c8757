"""Bibliographies for the tests of exporters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from strategies import item_fields, keys

from zotsync.model import normal
from zotsync.plugins import Export
from zotsync.zotero.schema import bundled

KEY = "ABCD2345"
SCHEMA = bundled()
ADENOT: Mapping[str, Any] = {
    "itemType": "journalArticle",
    "title": "Le travailleur pair",
    "publicationTitle": "Actualités sociales",
    "issue": "3145",
    "pages": "28-32",
    "date": "2020-01-31",
}
"""An article, without its author."""


def export_of(*items: Mapping[str, Any], **settings: Any) -> Export:
    """Return items as an export, with the keys ABCD2345, ABCD2346 and so on."""
    found = {f"ABCD234{n + 5}": normal(item) for n, item in enumerate(items)}
    return Export(found, SCHEMA, **settings)


def book(**fields: Any) -> dict[str, Any]:
    return {"itemType": "book", **fields}


def person(last: str, first: str = "", role: str = "author") -> dict[str, str]:
    return {"creatorType": role, "lastName": last, "firstName": first}


def exports() -> st.SearchStrategy[Export]:
    """Bibliographies with messy items in them."""
    found = st.dictionaries(keys(), item_fields(SCHEMA), max_size=4)
    return found.map(lambda items: Export(items, SCHEMA, {"CLLCTNA2": "A\\/B/C"}, group=1))
