"""The kit finds what is wrong with an exporter, and nothing in a good one."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable
from typing import Any

import pytest

from zotsync.model import UNSYNCED_TYPES, is_key, normal
from zotsync.plugins import Export, Exporter
from zotsync.plugins.testing import ContractError, check_exporter, samples
from zotsync.zotero.schema import bundled

_numbers = itertools.count()


def ask(_export: Export) -> bytes:
    socket.getaddrinfo("example.org", 80)
    return b""


def connect(_export: Export) -> bytes:
    with socket.socket() as each:
        each.connect(("127.0.0.1", 9))
    return b""


def change(export: Export) -> bytes:
    for fields in export.items.values():
        fields.get("creators", []).clear()
    return b""


def text(_export: Export) -> Any:
    return ""


def chance(_export: Export) -> bytes:
    return str(next(_numbers)).encode()


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (ask, "network"),
        (connect, "network"),
        (change, "changed"),
        (text, "bytes"),
        (chance, "second"),
    ],
)
def test_what_the_contract_forbids_is_found(write: Callable[[Export], bytes], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_exporter(Exporter("T", "x", write))


@pytest.mark.parametrize(("title", "ending"), [("", "x"), ("T", ""), ("T", ".x")])
def test_an_exporter_has_a_title_and_an_ending(title: str, ending: str) -> None:
    with pytest.raises(ContractError, match="title or ending"):
        check_exporter(Exporter(title, ending, lambda _export: b""))


def test_what_is_no_exporter_is_refused() -> None:
    with pytest.raises(ContractError, match="no zotsync"):
        check_exporter(ask)  # type: ignore[arg-type]


def test_samples_have_all_item_types_in_normal_form() -> None:
    found = samples()
    types = {f["itemType"] for f in found["an item of each type"].items.values()}
    assert types == set(bundled().item_types) - UNSYNCED_TYPES
    assert not found["an empty library"].items
    for export in found.values():
        for key, fields in export.items.items():
            assert is_key(key)
            assert normal(fields) == fields
