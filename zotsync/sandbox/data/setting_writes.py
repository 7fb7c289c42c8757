"""Writing settings: ● all of a request in one transaction, and no new version if none changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zotsync.sandbox.data import versions
from zotsync.sandbox.data.effects import Effects
from zotsync.sandbox.data.groups import find_group
from zotsync.sandbox.data.records import Record
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.data.writes import Report, failure_report
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.settings import OF_ADMINS, revise_setting
from zotsync.sandbox.rules.writing import Writing

MAX_SETTINGS = 270
_MAX_KEYS = 100


class SettingWrites:
    """The writes of one request to the settings of a library."""

    def __init__(self, store: Store, at: Writing) -> None:
        self._store = store
        self._at = at
        self._library = at.library

    def put(self, name: str, sent: Any, expected: int | None) -> int:
        """Write one setting; return the version for the answer."""
        if not isinstance(sent, dict):
            raise bad("Uploaded data must be a JSON object")
        with self._store.writing() as tx:
            self._check_role(tx, name)
            old = tx.get(self._library, "setting", name)
            versions.check_single("setting", old, sent, expected, creates=True)
            return self._write(tx, {name: sent})

    def post(self, sent: Any, expected: int | None) -> Report:
        """Write several settings; the report has a text only if one is denied to the writer."""
        if not isinstance(sent, dict):
            raise bad("Uploaded data must be a JSON object")
        if len(sent) > MAX_SETTINGS:
            raise RefusedError(413, f"Cannot add more than {MAX_SETTINGS} settings at a time")
        denied: dict[int, tuple[str, RefusedError]] = {}
        with self._store.writing() as tx:
            versions.check_library(tx, self._library, expected)
            for index, (name, one) in enumerate(sent.items()):
                old = tx.get(self._library, "setting", name)
                if isinstance(one, dict) and one.get("version") is not None:
                    versions.check_single("setting", old, one, None, creates=True)
                try:
                    self._check_role(tx, name)
                except RefusedError as refused:
                    denied[index] = (name, refused)
            names = {name for name, _refused in denied.values()}
            version = self._write(tx, {n: one for n, one in sent.items() if n not in names})
        return Report(failure_report(denied) if denied else "", version)

    def _write(self, tx: Transaction, sent: Mapping[str, Any]) -> int:
        before = tx.version(self._library)
        changed: dict[str, Mapping[str, Any]] = {}
        for name, one in sent.items():
            old = tx.get(self._library, "setting", name)
            data = old.data if old else None
            revised = revise_setting(name, data, one, personal=self._at.personal)
            if revised.changed:
                changed[name] = revised.data
        if not changed:
            return before
        version = tx.bump(self._library)
        for name, data in changed.items():
            Effects(tx, self._at).save_other("setting", Record(name, version, data))
        return version

    def delete(self, names: Sequence[str], expected: int | None) -> int:
        """Erase settings; return the library's new version."""
        if len(names) > _MAX_KEYS:
            raise bad(f"Cannot delete more than {_MAX_KEYS} settings at once")
        with self._store.writing() as tx:
            versions.check_library(tx, self._library, expected)
            return self._erase(tx, names)

    def delete_one(self, name: str) -> int:
        """Erase one setting, ● whatever its version; return the library's new version."""
        with self._store.writing() as tx:
            if tx.get(self._library, "setting", name) is None:
                raise RefusedError(404, "Setting not found")
            return self._erase(tx, [name])

    def _erase(self, tx: Transaction, names: Sequence[str]) -> int:
        version = tx.bump(self._library)
        for name in names:
            self._check_role(tx, name)
            Effects(tx, self._at).erase("setting", name, version)
        return version

    def _check_role(self, tx: Transaction, name: str) -> None:
        if self._at.personal or name not in OF_ADMINS:
            return
        group = find_group(tx, self._at.number)
        if group is None or group.role(self._at.user_id) not in ("owner", "admin"):
            raise RefusedError(403, f"Only group admins can change setting '{name}'")
