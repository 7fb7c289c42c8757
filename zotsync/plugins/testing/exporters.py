"""Whether an exporter keeps to the contract."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import Any

from zotsync.plugins.contract import Export, Exporter
from zotsync.plugins.testing.samples import samples
from zotsync.plugins.testing.watched import ContractError, called


def check_exporter(exporter: Exporter, *, seconds: float | None = None) -> None:
    """Raise ContractError where `exporter` does not do what zotsync relies on.

    It has a title and an ending, and gives bytes for every sample; the same ones twice, without changing
    what it is given, and without printing, writing files, starting programs or reaching for the network.
    """
    if not isinstance(exporter, Exporter):
        raise ContractError(f"{exporter!r} is no zotsync.plugins.Exporter")
    _check_texts(exporter)
    if not callable(exporter.write):
        raise ContractError("`write` is no function")
    for name, export in samples().items():
        before = _contents(deepcopy(export))
        written = called(name, partial(exporter.write, export), seconds=seconds)
        if not isinstance(written, bytes):
            raise ContractError(f"{name}: gave {type(written).__name__}, not bytes")
        if _contents(export) != before:
            raise ContractError(f"{name}: changed what it was given")
        if called(name, partial(exporter.write, export), seconds=seconds) != written:
            raise ContractError(f"{name}: gave other bytes the second time")


def _contents(export: Export) -> tuple[Any, ...]:
    return dict(export.items), dict(export.entries), dict(export.collections), export.schema


def _check_texts(exporter: Exporter) -> None:
    for word, text in (("title", exporter.title), ("ending", exporter.ending)):
        if not isinstance(text, str) or not text.strip():
            raise ContractError(f"the {word} is missing: title or ending is no text, or empty")
    if not exporter.ending.isalnum() or exporter.ending != exporter.ending.lower():
        raise ContractError("the title or ending is odd: an ending has small letters and no dot")
