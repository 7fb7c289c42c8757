"""Preconditions: which versions a write must name, and when it comes too late.

● marks what was seen on a real Zotero server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.sandbox.data.records import Kind, Record
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.refused import RefusedError, StaleLibraryError, bad

_MAX_DIGITS = 18  # what SQLite can hold


def as_version(value: Any, complaint: str) -> int:
    """Return a version that was sent as a number or as digits; refuse (400) anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad(complaint)
    text = str(value)
    if not (text.isascii() and text.isdigit()) or len(text) > _MAX_DIGITS:
        raise bad(complaint)
    return int(text)


def check_library(tx: Transaction, library: str, expected: int | None) -> None:
    """Refuse (412) a write to a library that moved on since `expected`."""
    found = tx.version(library)
    if expected is not None and found > expected:
        raise StaleLibraryError(expected, found)


def check_one_of_many(
    kind: Kind,
    old: Record | None,
    sent: Mapping[str, Any],
    *,
    needs_version: bool,
    touched: bool,
) -> None:
    """Check an object of an array: 412 if stale, 404 if gone, 428 if it names no version.

    `touched`: this very request raised its version on the side, which does not count.
    """
    if sent.get("version") is None:
        if needs_version and sent.get("key") is not None:
            message = (
                "Either If-Unmodified-Since-Version or 'version' property must be provided for "
                "'key'-based writes"
            )
            raise RefusedError(428, message)
        return
    version = as_version(sent["version"], "'version' must be an integer")
    if sent.get("key") is None:
        raise bad(f"'version' is valid only if {kind} key is provided")
    if old and old.version > version:
        # ● So version 0 means: must not exist yet.
        if not touched:
            raise RefusedError(412, _stale(kind, version, old.version))
    elif version > 0 and old is None:
        message = f"{kind.title()} doesn't exist (expected version {version}; use 0 instead)"
        raise RefusedError(404, message)


def check_single(
    kind: Kind,
    old: Record | None,
    sent: Mapping[str, Any],
    expected: int | None,
    *,
    creates: bool,
) -> None:
    """Check a write to one object by its address: 428 without a version, 412 if stale.

    `creates`: the object may be missing though no version says so (PUT).
    """
    version = _one_version(sent, expected)
    name = kind.title()
    if old is None:
        if version is None and not creates:
            raise RefusedError(404, f"{name} not found (to create, use version 0 or PUT method)")
        if version:
            raise RefusedError(412, f"{name} not found (expected version {version})")
    elif version is None:
        message = (
            "Either If-Unmodified-Since-Version or object version property must be provided for "
            "key-based writes"
        )
        raise RefusedError(428, message)
    elif old.version > version:
        raise RefusedError(412, _stale(kind, version, old.version), version=old.version)


def _one_version(sent: Mapping[str, Any], expected: int | None) -> int | None:
    """Return the version in the header or in the object; refuse (400) two that differ."""
    if sent.get("version") is None:
        return expected
    complaint = f"Invalid JSON 'version' property value '{sent['version']}'"
    version = as_version(sent["version"], complaint)
    if expected not in (None, version):
        message = (
            "If-Unmodified-Since-Version value does not match JSON 'version' property "
            f"({expected} != {version})"
        )
        raise bad(message)
    return version


def _stale(kind: Kind, expected: int, found: int) -> str:
    return (
        f"{kind.title()} has been modified since specified version "
        f"(expected {expected}, found {found})"
    )
