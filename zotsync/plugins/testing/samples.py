"""Bibliographies to try plugins on: none, an item of each type, messy ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.model import KEY_ALPHABET, UNSYNCED_TYPES, Fields, ItemType, normal
from zotsync.plugins.contract import Export
from zotsync.zotero.schema import bundled

_MESSY = (
    "L’été où l'on « rêve »\u202f: œuvre & 50\u00a0% {a} $x$ \\fin_#~^",
    "<i>Titre</i> <b>gras</b> 10<sup>e</sup> &amp; a < b",
    '"Entre guillemets"',
    "=HYPERLINK(1)",
    "TY  - JOUR\nER  - \n\nDeux\u2028paragraphes; et, puis: \t« fin »",
    "@book{a, title = {",
    "עברית e\u0301 👩‍🦽 \u0085",
    "x" * 5_000,
)
_DATES = ("2020-01-31", "janvier 2020", "été 2021", "2019/2021", "[s. d.]", "-0429", "31/12/20")


def samples() -> Mapping[str, Export]:
    """Return bibliographies to try an exporter on, by what they are: none, one of each type, messy."""
    schema = bundled()
    paths = {"CLLCTNA2": "Pair-aidance", "CLLCTNB3": "Pair-aidance/Revues\\/journaux"}
    kinds = [k for name, k in schema.item_types.items() if name not in UNSYNCED_TYPES]
    plain = {_key("SMPL", n): _filled(kind, n, "Titre") for n, kind in enumerate(kinds)}
    messy = {
        _key("MESS", n * len(kinds) + m): _filled(kind, n + m, text)
        for n, text in enumerate(_MESSY)
        for m, kind in enumerate(kinds)
    }
    bare = {_key("BARE", n): {"itemType": kind.name} for n, kind in enumerate(kinds)}
    child = {
        "CHLDNTE2": normal({"itemType": "note", "parentItem": _key("SMPL", 0), "note": "<p>N</p>"})
    }
    return {
        "an empty library": Export({}, schema),
        "an item of each type": Export(plain | child, schema, paths, group=1),
        "an item of each type with nothing in it": Export(bare, schema),
        "items with messy texts": Export(messy, schema, paths, group=1, language="fr"),
        "an item of a type that is yet to come": Export(
            {"FTRTYPE2": {"itemType": "hologram"}}, schema
        ),
    }


def _key(start: str, number: int) -> str:
    """Return an item key for a number below a million."""
    signs = len(KEY_ALPHABET)
    digits = (number // signs**place % signs for place in (3, 2, 1, 0))
    return start + "".join(KEY_ALPHABET[digit] for digit in digits)


def _filled(kind: ItemType, number: int, text: str) -> Fields:
    """Return an item with every field of its type."""
    data: dict[str, Any] = dict.fromkeys(kind.fields, text)
    dates = [
        name for name in kind.fields if kind.base_fields.get(name, name).lower().endswith("date")
    ]
    data |= {name: _DATES[(number + n) % len(_DATES)] for n, name in enumerate(dates)}
    data |= {"accessDate": "2021-07-01T23:11:44Z"} if "accessDate" in kind.fields else {}
    data |= {"url": f"https://example.org/{number}"} if "url" in kind.fields else {}
    data["creators"] = [
        {"creatorType": role, **name}
        for role in kind.creator_types
        for name in (
            {"lastName": f"de {text}", "firstName": "Ève, Jr."},
            {"name": f"Institut {text} and Co, SA"},
        )
    ]
    data["tags"] = [{"tag": text}, {"tag": "automatique", "type": 1}]
    data["collections"] = ["CLLCTNA2", "CLLCTNB3"]
    return normal({"itemType": kind.name, **data} | ({"note": text} if kind.name == "note" else {}))
