"""Writing: one transaction for each object, and the write report."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.model import KEY_ALPHABET, is_key
from zotsync.sandbox.data import versions
from zotsync.sandbox.data.effects import Effects
from zotsync.sandbox.data.records import PLURALS, Kind, Record
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules import containers, items
from zotsync.sandbox.rules.items import Revised
from zotsync.sandbox.rules.refused import RefusedError, StaleLibraryError, bad, escaped
from zotsync.sandbox.rules.texts import dumps, folded
from zotsync.sandbox.rules.writing import Writing

MAX_OBJECTS = 50
_KEY_LENGTH = 8


@dataclass(frozen=True)
class Report:
    """The answer to a POST of several objects, and the library version it leaves."""

    text: str
    version: int


class Writes:
    """The writes of one request to the objects of one kind."""

    def __init__(self, store: Store, at: Writing, kind: Kind) -> None:
        self._store = store
        self._at = at
        self._library = at.library
        self._kind = kind

    # -- many

    def save_many(
        self, sent: Any, expected: int | None, present: Callable[[Transaction, str], str]
    ) -> Report:
        """Write an array of objects, each in its own transaction and with its own version.

        `present` tells how an answer shows the object with a key.
        """
        if not isinstance(sent, list):
            raise bad("Uploaded data must be a JSON array")
        if len(sent) > MAX_OBJECTS:
            plural = PLURALS[self._kind]
            raise RefusedError(413, f"Cannot add more than {MAX_OBJECTS} {plural} at a time")
        with self._store.reading() as tx:
            versions.check_library(tx, self._library, expected)
            version = tx.version(self._library)
        report: dict[str, dict[int, str]] = {
            name: {} for name in ("successful", "success", "unchanged", "failed")
        }
        for index, one in enumerate(sent):
            try:
                with self._store.writing() as tx:
                    if index == 0:
                        # ● The header guards the first object alone.
                        versions.check_library(tx, self._library, expected)
                    # ● An unchanged object raises the library's version too, a failed one does not.
                    bumped = tx.bump(self._library)
                    key, changed = self._save_one(tx, index, one, needs_version=expected is None)
                    text = present(tx, key) if changed else ""
            except StaleLibraryError:
                raise
            except RefusedError as refused:
                report["failed"][index] = _failure(refused)
                continue
            version = bumped
            report["success" if changed else "unchanged"][index] = dumps(key)
            if changed:
                report["successful"][index] = text
        return Report(_report_text(report), version)

    def _save_one(
        self, tx: Transaction, index: int, one: Any, *, needs_version: bool
    ) -> tuple[str, bool]:
        if not isinstance(one, dict):
            message = f"Invalid value for index {index} in uploaded data; expected JSON {self._kind} object"
            raise bad(message)
        sent = _editable(one)
        key = self._sent_key(sent)
        old = tx.get(self._library, self._kind, key) if key else None
        versions.check_one_of_many(
            self._kind,
            old,
            sent,
            needs_version=needs_version,
            touched=key in self._at.touched,
        )
        key = key or self.new_key(tx)
        return key, self.save(tx, key, sent, partial=True)

    def _sent_key(self, sent: Mapping[str, Any]) -> str | None:
        key = sent.get("key")
        if key is None:
            return None
        if not isinstance(key, str):
            raise bad("'key' must be a string")
        if not is_key(key):
            raise bad(f"'{key}' is not a valid {self._kind} key")
        return key

    def new_key(self, tx: Transaction) -> str:
        """Return an object key that is not in use."""
        while True:
            key = "".join(secrets.choice(KEY_ALPHABET) for _index in range(_KEY_LENGTH))
            if tx.get(self._library, self._kind, key) is None:
                return key

    # -- one

    def save(self, tx: Transaction, key: str, sent: Mapping[str, Any], *, partial: bool) -> bool:
        """Write one object at the library's present version and return whether it changed."""
        old = tx.get(self._library, self._kind, key)
        revised = self._revised(old.data if old else None, sent, partial=partial)
        if not revised.changed:
            return False
        version = tx.version(self._library)
        if self._kind == "item":
            Effects(tx, self._at).save_item(key, old, revised, version)
        else:
            record = Record(
                key=key,
                version=version,
                data=revised.data,
                parent=revised.data.get("parentCollection") or None,
                trashed=bool(revised.data.get("deleted")),
                title=folded(str(revised.data.get("name", ""))),
            )
            Effects(tx, self._at).save_other(self._kind, record)
        return True

    def _revised(
        self, old: Mapping[str, Any] | None, sent: Mapping[str, Any], *, partial: bool
    ) -> Revised:
        if self._kind == "item":
            return items.revise(old, sent, partial=partial, at=self._at)
        if self._kind == "collection":
            return containers.revise_collection(old, sent, partial=partial)
        return containers.revise_search(old, sent, partial=partial)

    def save_single(self, key: str, sent: Any, *, expected: int | None, put: bool) -> int:
        """Write one object by its address (PUT, PATCH); return the version for the answer."""
        if not isinstance(sent, dict):
            raise bad("Uploaded data must be a JSON object")
        sent = _editable(sent)
        with self._store.writing() as tx:
            before = tx.version(self._library)
            old = tx.get(self._library, self._kind, key)
            versions.check_single(self._kind, old, sent, expected, creates=put)
            if self._sent_key(sent) not in (None, key):
                message = f"'key' property in JSON does not match {self._kind} key of request"
                raise RefusedError(409, message)
            version = tx.bump(self._library)
            # ● A write that changes nothing answers the version from before it.
            whole = dict(sent) | {"key": key}
            return version if self.save(tx, key, whole, partial=not put) else before

    # -- which items a collection has

    def add_to_collection(self, collection: str, keys: Sequence[str]) -> None:
        """Put items into a collection, in one transaction; refuse (400) what cannot be in one."""
        with self._store.writing() as tx:
            self._require_collection(tx, collection)
            tx.bump(self._library)
            for key in keys:
                record = tx.get(self._library, "item", key) if is_key(key) else None
                if record is None:
                    raise bad(f"Item '{key}' not found in library")
                if record.parent:
                    raise bad("Child items cannot be added to collections directly")
                now = [*record.data.get("collections", ()), collection]
                self.save(tx, key, {"collections": now}, partial=True)

    def remove_from_collection(self, collection: str, key: str) -> None:
        """Take an item out of a collection; refuse (404) one that is not in it."""
        with self._store.writing() as tx:
            self._require_collection(tx, collection)
            record = tx.get(self._library, "item", key) if is_key(key) else None
            now = list(record.data.get("collections", ())) if record else []
            if collection not in now:
                raise RefusedError(404, "Item not found in collection")
            now.remove(collection)
            tx.bump(self._library)
            self.save(tx, key, {"collections": now}, partial=True)

    def _require_collection(self, tx: Transaction, key: str) -> None:
        if not is_key(key) or tx.get(self._library, "collection", key) is None:
            raise RefusedError(404, "Collection not found")

    # -- erasing

    def delete_single(self, key: str, expected: int | None) -> int:
        """Erase one object; return the library's new version."""
        if expected is None:
            message = "If-Unmodified-Since-Version must be provided for delete requests"
            raise RefusedError(428, message)
        with self._store.writing() as tx:
            old = tx.get(self._library, self._kind, key)
            versions.check_single(self._kind, old, {}, expected, creates=True)
            version = tx.bump(self._library)
            Effects(tx, self._at).erase(self._kind, key, version)
            return version

    def delete_many(self, keys: Sequence[str], expected: int | None) -> int:
        """Erase objects in one transaction; return the library's new version."""
        with self._store.writing() as tx:
            versions.check_library(tx, self._library, expected)
            version = tx.bump(self._library)
            for key in keys:
                Effects(tx, self._at).erase(self._kind, key, version)
            return version


def delete_tags(store: Store, at: Writing, names: Sequence[str], expected: int | None) -> int:
    """Take tags off all items; return the library's new version."""
    if expected is None:
        raise RefusedError(428, "If-Unmodified-Since-Version not provided")
    with store.writing() as tx:
        versions.check_library(tx, at.library, expected)
        version = tx.bump(at.library)
        Effects(tx, at).erase_tags(names, version)
        return version


def _editable(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the `data` of a whole answer that is sent back, else the object as it is."""
    data = one.get("data")
    return data if isinstance(data, dict) else one


def _failure(refused: RefusedError, key: str = "") -> str:
    # ● No key is in it: whoever sent the array counts.
    failure: dict[str, Any] = {"key": key} if key else {}
    failure |= {"code": refused.code, "message": escaped(refused.message)}
    if refused.data:
        failure["data"] = refused.data
    return dumps(failure)


def failure_report(failed: Mapping[int, tuple[str, RefusedError]]) -> str:
    """Return a write report of failures alone, ● which here name what failed."""
    names = ("successful", "success", "unchanged")
    texts = {index: _failure(refused, key=name) for index, (name, refused) in failed.items()}
    return _report_text({name: {} for name in names} | {"failed": texts})


def _report_text(report: Mapping[str, Mapping[int, str]]) -> str:
    parts = []
    for name, results in report.items():
        inner = ",".join(f'"{index}":{text}' for index, text in results.items())
        parts.append(f'"{name}":{{{inner}}}')
    return "{" + ",".join(parts) + "}"
