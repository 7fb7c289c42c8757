"""Whether a check keeps to the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from zotsync.curating.finding import Check, Facts, Finding
from zotsync.model import Fields, normal
from zotsync.plugins.guarded import odd_check, odd_finding
from zotsync.plugins.testing.samples import samples
from zotsync.plugins.testing.watched import ContractError, called
from zotsync.zotero.schema import bundled

_MOST = 1_000
"""Findings in one item."""


def facts(**known: Any) -> Facts:
    """Return facts to try a check with, as `Facts` has them: Zotero's schema, and a day in 2026."""
    return Facts(**{"schema": bundled(), "today": date(2026, 6, 15), **known})


def check_check(
    check: Check,
    *,
    finds: Iterable[Mapping[str, Any]] = (),
    passes: Iterable[Mapping[str, Any]] = (),
    seconds: float | None = None,
) -> None:
    """Raise ContractError where `check` does not do what zotsync relies on.

    Args:
        check: what to try.
        finds: fields of items in which it must find something.
        passes: fields of items in which it must find nothing.
        seconds: how long one call may take.

    """
    if reason := odd_check(check):
        raise ContractError(reason)
    everything = [fields for export in samples().values() for fields in export.items.values()]
    called("items of all types", partial(_check_all, check, everything), seconds=seconds)
    for fields in finds:
        if not called(str(fields), partial(_found, check, normal(fields)), seconds=seconds):
            raise ContractError(f"found nothing in {fields}")
    for fields in passes:
        if found := called(str(fields), partial(_found, check, normal(fields)), seconds=seconds):
            raise ContractError(f"found something in {fields}: {found[0]}")


def _check_all(check: Check, items: Iterable[Fields]) -> None:
    for fields in items:
        _check_mending(check, fields, _found(check, fields))


def _found(check: Check, fields: Fields) -> list[Finding]:
    """Return what is found in an item, the same twice."""
    given, what = deepcopy(dict(fields)), f"an item of the type {fields['itemType']}"
    found = list(islice(check.find(given, facts()), _MOST + 1))
    if len(found) > _MOST:
        raise ContractError(f"{what}: finds more and more, without an end")
    if given != fields:
        raise ContractError(f"{what}: changed what it was given")
    for finding in found:
        if reason := odd_finding(finding, check, fields, facts()):
            raise ContractError(f"{what}: {reason}")
        if finding.safe and finding.mended is None:
            raise ContractError(f"{what}: a finding is `safe`, and has nothing `mended`")
    if list(check.find(given, facts())) != found:
        raise ContractError(f"{what}: found something else the second time")
    return found


def _check_mending(check: Check, fields: Fields, found: Iterable[Finding]) -> None:
    """Raise where what was mended would be mended again, into something else."""
    mended = {one.field: one.mended for one in found if one.mended is not None}
    if not mended:
        return
    if empty := [name for name in mended if not name]:
        raise ContractError(f"a finding of no field has something `mended`: {empty}")
    better = normal({**fields, **mended})
    for one in _found(check, better):
        if one.mended is not None and one.mended != better.get(one.field, ""):
            raise ContractError(
                f"{one.field}: mends what it has mended itself, "
                f"{better.get(one.field)!r} into {one.mended!r}"
            )
