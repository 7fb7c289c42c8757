"""Writing: preconditions, one transaction for each object, the write report.

Every rule of versions stands here once. ● marks what was seen on a real Zotero server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from zotsync.model import KEY_ALPHABET, is_key
from zotsync.sandbox import containers, effects, items
from zotsync.sandbox.answers import PLURALS, Presenter
from zotsync.sandbox.effects import Writing
from zotsync.sandbox.items import Revised
from zotsync.sandbox.refused import RefusedError, StaleLibraryError, bad
from zotsync.sandbox.store import Kind, Record, Store, Transaction, dumps

MAX_OBJECTS = 50
_KEY_LENGTH = 8


@dataclass(frozen=True)
class Report:
    """The answer to a POST of several objects, and the library version it leaves."""

    text: str
    version: int


def check_library_version(tx: Transaction, library: str, expected: int | None) -> None:
    """Refuse (412) a write to a library that moved on since `expected`."""
    found = tx.version(library)
    if expected is not None and found > expected:
        raise StaleLibraryError(expected, found)


def save_many(  # noqa: PLR0913 - what a request is made of
    store: Store, at: Writing, kind: Kind, sent: Any, expected: int | None, base_url: str
) -> Report:
    """Write an array of objects, each in its own transaction and with its own version."""
    if not isinstance(sent, list):
        raise bad("Uploaded data must be a JSON array")
    if len(sent) > MAX_OBJECTS:
        plural = PLURALS[kind]
        raise RefusedError(413, f"Cannot add more than {MAX_OBJECTS} {plural} at a time")
    with store.reading() as tx:
        check_library_version(tx, at.library, expected)
        version = tx.version(at.library)
    report: dict[str, dict[int, str]] = {
        name: {} for name in ("successful", "success", "unchanged", "failed")
    }
    for index, one in enumerate(sent):
        try:
            with store.writing() as tx:
                if index == 0:
                    # ● The header guards the first object alone.
                    check_library_version(tx, at.library, expected)
                # ● An unchanged object raises the library's version too, a failed one does not.
                bumped = tx.bump(at.library)
                key, changed = _save_one_of_many(
                    tx, at, kind, one, index=index, needs_version=expected is None
                )
                answers = Presenter(tx, at.library, base_url).texts(kind, [key])
        except StaleLibraryError:
            raise
        except RefusedError as refused:
            report["failed"][index] = _failure(refused)
            continue
        version = bumped
        report["success" if changed else "unchanged"][index] = dumps(key)
        if changed:
            report["successful"][index] = answers[0]
    return Report(_report_text(report), version)


def _save_one_of_many(  # noqa: PLR0913
    tx: Transaction, at: Writing, kind: Kind, one: Any, *, index: int, needs_version: bool
) -> tuple[str, bool]:
    if not isinstance(one, dict):
        raise bad(f"Invalid value for index {index} in uploaded data; expected JSON {kind} object")
    sent = editable(one)
    key = _sent_key(sent, kind)
    old = tx.get(at.library, kind, key) if key else None
    _check_object_version(at, kind, old, sent, needs_version=needs_version)
    key = key or new_key(tx, at.library, kind)
    return key, save(tx, at, kind, key, sent, partial=True)


def editable(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the `data` of a whole answer that is sent back, else the object as it is."""
    data = one.get("data")
    return data if isinstance(data, dict) else one


def _sent_key(sent: Mapping[str, Any], kind: Kind) -> str | None:
    key = sent.get("key")
    if key is None:
        return None
    if not isinstance(key, str):
        raise bad("'key' must be a string")
    if not is_key(key):
        raise bad(f"'{key}' is not a valid {kind} key")
    return key


def _check_object_version(
    at: Writing, kind: Kind, old: Record | None, sent: Mapping[str, Any], *, needs_version: bool
) -> None:
    """Refuse a stale object (412), one that is gone (404), one without any version (428)."""
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
        # What this very request changed on the side does not count.
        if old.key not in at.touched:
            raise RefusedError(412, _stale(kind, version, old.version))
    elif version > 0 and old is None:
        message = f"{kind.title()} doesn't exist (expected version {version}; use 0 instead)"
        raise RefusedError(404, message)


def _stale(kind: Kind, expected: int, found: int) -> str:
    return (
        f"{kind.title()} has been modified since specified version "
        f"(expected {expected}, found {found})"
    )


def as_version(value: Any, complaint: str) -> int:
    """Return a version that was sent as a number or as digits; refuse (400) anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad(complaint)
    text = str(value)
    if not (text.isascii() and text.isdigit()) or len(text) > 18:  # noqa: PLR2004 - SQLite's own
        raise bad(complaint)
    return int(text)


def new_key(tx: Transaction, library: str, kind: Kind) -> str:
    """Return an object key that is not in use."""
    while True:
        key = "".join(secrets.choice(KEY_ALPHABET) for _index in range(_KEY_LENGTH))
        if tx.get(library, kind, key) is None:
            return key


def save(
    tx: Transaction, at: Writing, kind: Kind, key: str, sent: Mapping[str, Any], *, partial: bool
) -> bool:
    """Write one object at the library's present version and return whether it changed."""
    old = tx.get(at.library, kind, key)
    data = old.data if old else None
    if kind == "item":
        revised = items.revise(data, sent, partial=partial, schema=at.schema, now=at.now)
        if revised.changed:
            effects.save_item(tx, at, key, old, revised, tx.version(at.library))
        return bool(revised.changed)
    if kind == "collection":
        revised = containers.revise_collection(data, sent, partial=partial)
    elif kind == "search":
        revised = containers.revise_search(data, sent, partial=partial)
    else:
        revised = containers.revise_setting(key, data, sent)
    if revised.changed:
        parent = revised.data.get("parentCollection") or None
        record = Record(
            key=key,
            version=tx.version(at.library),
            data=revised.data,
            parent=parent,
            trashed=bool(revised.data.get("deleted")),
            title=str(revised.data.get("name", "")).lower(),
        )
        known_parent = (data or {}).get("parentCollection") == parent
        effects.save_other(tx, at, kind, record, None if known_parent else parent)
    return bool(revised.changed)


def save_single(  # noqa: PLR0913 - what a request is made of
    store: Store, at: Writing, kind: Kind, key: str, sent: Any, *, expected: int | None, put: bool
) -> int:
    """Write one object by its address (PUT, PATCH); return the version for the answer."""
    if not isinstance(sent, dict):
        raise bad("Uploaded data must be a JSON object")
    sent = editable(sent)
    with store.writing() as tx:
        before = tx.version(at.library)
        old = tx.get(at.library, kind, key)
        check_single_version(kind, old, sent, expected, creates=put)
        if kind != "setting" and sent.get("key") not in (None, key):
            _sent_key(sent, kind)
            message = f"'key' property in JSON does not match {kind} key of request"
            raise RefusedError(409, message)
        version = tx.bump(at.library)
        changed = save(tx, at, kind, key, sent, partial=not put)
        # ● A write that changes nothing answers the version from before it.
        return version if changed else before


def check_single_version(
    kind: Kind,
    old: Record | None,
    sent: Mapping[str, Any],
    expected: int | None,
    *,
    creates: bool,
) -> None:
    """Refuse a write to one object that lacks a version (428) or has a stale one (412)."""
    version = expected
    if sent.get("version") is not None:
        complaint = f"Invalid JSON 'version' property value '{sent['version']}'"
        version = as_version(sent["version"], complaint)
        if expected is not None and expected != version:
            message = (
                "If-Unmodified-Since-Version value does not match JSON 'version' property "
                f"({expected} != {version})"
            )
            raise bad(message)
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


def save_settings(store: Store, at: Writing, sent: Any, expected: int | None) -> int:
    """Write several settings in one transaction; return the version for the answer."""
    if not isinstance(sent, dict):
        raise bad("Uploaded data must be a JSON object")
    if len(sent) > MAX_OBJECTS:
        raise RefusedError(413, f"Cannot add more than {MAX_OBJECTS} settings at a time")
    with store.writing() as tx:
        before = tx.version(at.library)
        check_library_version(tx, at.library, expected)
        version = tx.bump(at.library)
        changed = False
        for name, one in sent.items():
            old = tx.get(at.library, "setting", name)
            if isinstance(one, dict) and one.get("version") is not None:
                check_single_version("setting", old, one, None, creates=True)
            changed = save(tx, at, "setting", name, one, partial=True) or changed
    return version if changed else before


def delete_single(store: Store, at: Writing, kind: Kind, key: str, expected: int | None) -> int:
    """Erase one object; return the library's new version."""
    if expected is None:
        message = "If-Unmodified-Since-Version must be provided for delete requests"
        raise RefusedError(428, message)
    with store.writing() as tx:
        old = tx.get(at.library, kind, key)
        check_single_version(kind, old, {}, expected, creates=True)
        version = tx.bump(at.library)
        effects.erase(tx, at, kind, key, version)
        return version


def delete_many(
    store: Store, at: Writing, kind: Kind | None, names: Sequence[str], expected: int | None
) -> int:
    """Erase objects by key, or take tags (`kind` None) off all items, in one transaction."""
    with store.writing() as tx:
        check_library_version(tx, at.library, expected)
        version = tx.bump(at.library)
        if kind is None:
            effects.erase_tags(tx, at, list(names), version)
        else:
            for key in names:
                effects.erase(tx, at, kind, key, version)
        return version


def _failure(refused: RefusedError) -> str:
    # ● No key is in it: whoever sent the array counts. Zotero escapes the message as HTML.
    failure: dict[str, Any] = {
        "code": refused.code,
        "message": escape(refused.message, quote=False).replace('"', "&quot;"),
    }
    if refused.data:
        failure["data"] = refused.data
    return dumps(failure)


def _report_text(report: Mapping[str, Mapping[int, str]]) -> str:
    parts = []
    for name, results in report.items():
        inner = ",".join(f'"{index}":{text}' for index, text in results.items())
        parts.append(f'"{name}":{{{inner}}}')
    return "{" + ",".join(parts) + "}"


__all__ = [
    "Report",
    "Revised",
    "as_version",
    "check_library_version",
    "delete_many",
    "delete_single",
    "new_key",
    "save_many",
    "save_settings",
    "save_single",
]
