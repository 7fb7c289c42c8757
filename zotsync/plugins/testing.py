"""A kit for those who write plugins: `check_exporter` tries an exporter on what libraries hold.

from zotsync.plugins.testing import check_exporter

def test_the_contract_holds() -> None:
    check_exporter(ENDNOTE)
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NoReturn
from unittest.mock import patch

from zotsync.model import KEY_ALPHABET, UNSYNCED_TYPES, Fields, ItemType, normal
from zotsync.plugins.contract import Export, Exporter
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


class ContractError(AssertionError):
    """An exporter does not keep to the contract."""


def check_exporter(exporter: Exporter) -> None:
    """Raise ContractError where `exporter` does not do what zotsync relies on.

    It has a title and an ending, and gives bytes for every sample; the same ones twice, without changing
    what it is given or reaching for the network.
    """
    if not isinstance(exporter, Exporter):
        raise ContractError(f"{exporter!r} is no zotsync.plugins.Exporter")
    if not exporter.title or not exporter.ending or not exporter.ending.isalnum():
        raise ContractError("title or ending is missing, or the ending has a dot")
    for name, export in samples().items():
        before = deepcopy(dict(export.items))
        with _without_network():
            written = exporter.write(export)
            again = exporter.write(export)
        if not isinstance(written, bytes):
            raise ContractError(f"{name}: gave {type(written).__name__}, not bytes")
        if written != again:
            raise ContractError(f"{name}: gave other bytes the second time")
        if export.items != before:
            raise ContractError(f"{name}: changed what it was given")


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


@contextmanager
def _without_network() -> Iterator[None]:
    """Let nothing connect meanwhile."""

    def refuse(*_args: Any, **_settings: Any) -> NoReturn:
        raise ContractError("reached for the network")

    names = ("connect", "connect_ex", "sendto", "bind")
    patches = [patch.object(socket.socket, name, refuse) for name in names]
    patches.append(patch.object(socket, "getaddrinfo", refuse))
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()
