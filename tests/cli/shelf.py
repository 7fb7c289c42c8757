"""A small bibliography on disk, never synced, for tests that find and sort items."""

from __future__ import annotations

from pathlib import Path

from zotsync.config import new_config_text

COLLECTIONS = (
    '"Pair-aidance" = "PA2RA4DN"\n"Pair-aidance/Revues" = "REV2RA4D"\n"L’été" = "ETE2RA4D"\n'
)
ITEMS = {
    "adenot-2020-travailleur": """# pour la sélection
key = "ADN7T5C8"
itemType = "journalArticle"
title = "Le travailleur pair"   # à relire
creators = [{ creatorType = "author", lastName = "Adenot", firstName = "Vincent" }]
date = "2020-01-31"
url = "https://example.org/a?b=1&c=é"
tags = ["pair-aidance", "travail"]
collections = ["Pair-aidance/Revues"]
""",
    "bonnami-2019-pair-aidant": """key = "BNM4K9R3"
itemType = "book"
title = "Le pair-aidant"
creators = [{ creatorType = "author", lastName = "Bonnami", firstName = "Alain" }]
date = "2019"
DOI = "10.1234/abc"
tags = ["pair-aidance"]
collections = ["Pair-aidance", "L’été"]
""",
    "note": """key = "NTE4K9R3"
itemType = "note"
parentItem = "BNM4K9R3"
note = "<p>Prêté au <b>centre</b></p>"
""",
    "oeuvre": """key = "VVR4K9R3"
itemType = "book"
title = "L’œuvre d’été"
""",
}


def make_shelf(folder: Path, items: dict[str, str] | None = None) -> Path:
    """Write a workspace with these items (stem -> text)."""
    files = folder / "bibliography" / "items"
    files.mkdir(parents=True)
    (folder / "zotsync.toml").write_text(new_config_text(4711), encoding="utf-8")
    (folder / "bibliography" / "collections.toml").write_text(COLLECTIONS, encoding="utf-8")
    for stem, text in (ITEMS if items is None else items).items():
        (files / f"{stem}.toml").write_text(text, encoding="utf-8")
    return folder


def file_of(folder: Path, stem: str) -> Path:
    """Return an item's file."""
    return folder / "bibliography" / "items" / f"{stem}.toml"


def text_of(folder: Path, stem: str) -> str:
    """Return what an item's file holds."""
    return file_of(folder, stem).read_text(encoding="utf-8")
