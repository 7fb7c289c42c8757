"""What a reading is measured with: the items that hands made of the same handout."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import zotsync.sandbox
from zotsync.model import normal

ITEMS = Path(zotsync.sandbox.__file__).parent / "sample/bibliography/items"
HANDOUT = Path(__file__).parent / "data/handout.txt"
SOURCE = (
    "publicationTitle", "section", "volume", "issue", "pages", "place", "publisher", "series",
    "numPages", "institution", "reportType", "presentationType", "university", "thesisType",
    "bookTitle", "websiteTitle", "blogTitle", "ISBN", "ISSN", "edition",
)  # fmt: skip
MEASURED = ("itemType", "title", "creators", "date", "url", *SOURCE)


def hand_made() -> list[dict[str, Any]]:
    """Return the items that were typed, in no order."""
    files = sorted(ITEMS.glob("*.toml"))
    return [normal(tomllib.loads(file.read_text("utf-8"))) for file in files]


def differences(
    read: Mapping[str, Any], item: Mapping[str, Any], names: tuple[str, ...] = MEASURED
) -> dict[str, Any]:
    """Return what differs: field -> (read, typed)."""
    read = normal(read)
    return {
        n: (read.get(n), item.get(n)) for n in names if _plain(read.get(n)) != _plain(item.get(n))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.replace("’", "'").split())
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


def by_title(items: list[dict[str, Any]], read: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the item that an entry is, by the beginning of its title."""
    title = _plain(str(read["title"]))[:25]
    found = [item for item in items if _plain(item["title"]).startswith(title[:25])]
    return found[0] if len(found) == 1 else None
