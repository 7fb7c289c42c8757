"""The Zotero client as the server sees it: a local library, and the sync that its requests come from.

Upload first; download when nothing was to be uploaded, or after a 412; a full sync when an object is stale.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.client_data import Data, as_json, imported, is_blank, merged
from sandbox.client_requests import PLURALS, Requests, UnexpectedStatusError

from zotsync.model import KEY_ALPHABET, Schema

KINDS = ("collection", "search", "item")
UPLOAD, DELETION = 10, 25
_TRIES = 20


class ObjectConflictError(Exception):
    """The server has another version of an object than the client thinks: all is compared again."""


class MovedOnError(Exception):
    """The library changed while it was being downloaded."""


@dataclass
class Held:
    """A local object; `data` has its `version`, and no empty values."""

    data: Data
    synced: bool = False


@dataclass
class ClientLibrary:
    """One library in one Zotero client."""

    requests: Requests
    schema: Schema
    random: random.Random
    conflicts_go: str = "remote"
    version: int = 0
    objects: dict[str, dict[str, Held]] = field(default_factory=lambda: {k: {} for k in KINDS})
    erased: dict[str, list[str]] = field(default_factory=lambda: {k: [] for k in KINDS})
    settings: dict[str, Any] = field(default_factory=dict)
    unsynced_settings: set[str] = field(default_factory=set)
    erased_settings: list[str] = field(default_factory=list)
    cache: dict[tuple[str, str, int], Data] = field(default_factory=dict)
    conflicts: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    failed: list[tuple[str, str, Any]] = field(default_factory=list)
    queued: dict[str, set[str]] = field(default_factory=lambda: {k: set() for k in KINDS})
    """What could not be imported and is asked for again."""
    moved_on: int = 0

    @property
    def personal(self) -> bool:
        return self.requests.library.startswith("users/")

    # -- the person in front of it

    def add(self, kind: str, **fields: Any) -> str:
        key = "".join(self.random.choice(KEY_ALPHABET) for _index in range(8))
        data = {"key": key, "version": 0} | fields
        if kind == "item":
            now = "2026-11-22T10:00:00Z"
            data = {"tags": [], "relations": {}, "dateAdded": now, "dateModified": now} | data
            if "parentItem" not in fields:
                data.setdefault("collections", [])
        self.objects[kind][key] = Held(data)
        return key

    def change(self, kind: str, key: str, **fields: Any) -> None:
        held = self.objects[kind][key]
        data = held.data | fields
        held.data = {n: v for n, v in data.items() if not is_blank(v)}
        held.synced = False

    def erase(self, kind: str, key: str) -> None:
        """Erase an object with what is below it, as emptying the trash does."""
        parent = f"parent{kind.title()}"
        for below, held in list(self.objects[kind].items()):
            if held.data.get(parent) == key:
                self.erase(kind, below)
        if kind == "collection":
            for held in self.objects["item"].values():
                if key in held.data.get("collections", ()):
                    held.data["collections"] = [c for c in held.data["collections"] if c != key]
                    held.synced = False
        if self.objects[kind].pop(key).data["version"]:
            self.erased[kind].append(key)

    def set(self, name: str, value: Any) -> None:
        self.settings[name] = value
        self.unsynced_settings.add(name)

    def data(self, kind: str, key: str) -> Data:
        return self.objects[kind][key].data

    # -- a sync

    def sync(self) -> None:
        """Bring this library and the server's together."""
        skip_download = reset = False
        for _try in range(_TRIES):
            try:
                uploaded = self._upload()
            except ObjectConflictError:
                assert not reset, "has already been reset"
                reset = True
                self.full_sync()
                continue
            except UnexpectedStatusError as refused:
                if refused.status != 412:
                    raise
                self.download()
                skip_download = True
                continue
            if not uploaded and not skip_download:
                self.download()
            return
        raise AssertionError("too many retries")

    # -- up

    def _upload(self) -> bool:
        uploaded = self._upload_settings()
        for kind in KINDS:
            waiting = self.queued[kind]
            keys = [k for k, h in self._parents_first(kind) if not h.synced and k not in waiting]
            uploaded |= bool(keys)
            self._upload_objects(kind, keys)
        for kind in KINDS:
            while batch := self.erased[kind][:DELETION]:
                self.version = self.requests.delete(kind, self.version, batch)
                del self.erased[kind][: len(batch)]
                uploaded = True
        return uploaded

    def _upload_settings(self) -> bool:
        uploaded = False
        if self.unsynced_settings:
            values = {name: self.settings[name] for name in sorted(self.unsynced_settings)}
            self.version = self.requests.upload_settings(self.version, values)
            self.unsynced_settings.clear()
            uploaded = True
        while batch := self.erased_settings[:DELETION]:
            self.version = self.requests.delete_settings(self.version, batch)
            del self.erased_settings[: len(batch)]
            uploaded = True
        return uploaded

    def _parents_first(self, kind: str) -> list[tuple[str, Held]]:
        all_of_kind = self.objects[kind]

        def depth(key: str) -> int:
            seen: list[str] = []
            while key in all_of_kind and key not in seen:
                seen.append(key)
                key = all_of_kind[key].data.get(f"parent{kind.title()}") or ""
            return len(seen)

        return sorted(all_of_kind.items(), key=lambda pair: depth(pair[0]))

    def _upload_objects(self, kind: str, keys: list[str]) -> None:
        for start in range(0, len(keys), UPLOAD):
            batch = [self._json(kind, key) for key in keys[start : start + UPLOAD]]
            self.version, report = self.requests.upload(kind, self.version, batch)
            assert set(report) >= {"successful", "unchanged", "failed"}
            self._accept(kind, batch, report)

    def _json(self, kind: str, key: str) -> Data:
        held = self.objects[kind][key].data
        base = self.cache.get((kind, key, held["version"])) if held["version"] else None
        return as_json(kind, held, base, personal=self.personal)

    def _accept(self, kind: str, batch: list[Data], report: Mapping[str, Any]) -> None:
        for index, answer in report["successful"].items():
            assert answer["key"] == batch[int(index)]["key"], "Key mismatch"
            data = self._imported(kind, answer["data"])
            self.cache[kind, answer["key"], data["version"]] = answer["data"]
            # ● The client takes the version of the library for that of every object it sent.
            self.objects[kind][answer["key"]] = Held(data | {"version": self.version}, synced=True)
        for index, key in report["unchanged"].items():
            assert key == batch[int(index)]["key"], "Key mismatch"
            held = self.objects[kind][key]
            if (kind, key, held.data["version"]) not in self.cache:
                self.cache[kind, key, self.version] = batch[int(index)] | {"version": self.version}
            held.data["version"], held.synced = self.version, True
        for index, failure in report["failed"].items():
            key = batch[int(index)]["key"]
            if failure["code"] in (404, 412):
                raise ObjectConflictError(failure["message"])
            self.failed.append((kind, key, failure))

    # -- down

    def download(self) -> None:
        """Download what changed; begin anew if the library moves on in between."""
        for _try in range(_TRIES):
            try:
                self._download(self.version)
            except MovedOnError:
                self.moved_on += 1
                continue
            return
        raise AssertionError("library in use")

    def _download(self, since: int) -> None:
        found = self.requests.settings(since)
        if found is None and not any(self.queued.values()):
            return
        version, settings = found or (since, {})
        for name, one in settings.items():
            assert one.keys() == {"value", "version"}
            self.settings[name] = one["value"]
            self.unsynced_settings.discard(name)
        for kind in KINDS:
            for top in (True, False) if kind == "item" else (False,):
                listed = self.requests.versions(kind, since, top=top)
                self._check_version(version, listed.library)
                local = self.objects[kind]
                wanted = [
                    k
                    for k, v in listed.keys.items()
                    if k not in local or local[k].data["version"] != v
                ]
                again = set() if top else self.queued[kind].difference(wanted)
                self._fetch(kind, [*wanted, *sorted(again)])
        self._take_deletions(since, version)
        self.version = version

    def _check_version(self, version: int, seen: int) -> None:
        if version != seen:
            raise MovedOnError

    def _fetch(self, kind: str, keys: list[str]) -> None:
        """Fetch objects and import them; those that hang on what is not there wait for it."""
        waiting = self.requests.objects(kind, keys) if keys else []
        self.queued[kind].difference_update(keys)
        while waiting:
            left = [answer for answer in waiting if not self._take(kind, answer)]
            if len(left) == len(waiting):
                break
            waiting = left
        self.queued[kind].update(keys_of(waiting))

    def _imported(self, kind: str, data: Mapping[str, Any]) -> Data:
        return imported(kind, data, self.schema, personal=self.personal)

    def _take(self, kind: str, answer: Mapping[str, Any]) -> bool:
        """Import one object of the server; False if what it hangs on is not there yet."""
        key, remote = answer["key"], self._imported(kind, answer["data"])
        assert (key, answer["version"]) == (remote["key"], remote["version"])
        parent = remote.get(f"parent{kind.title()}")
        if (parent and parent not in self.objects[kind]) or any(
            c not in self.objects["collection"] for c in remote.get("collections", ())
        ):
            return False
        if key in self.erased[kind] and not self._restore(kind, key, remote):
            return True
        held = self.objects[kind].get(key)
        if held is None or held.synced:
            self.objects[kind][key] = Held(remote, synced=True)
        else:
            self._merge(kind, held, answer["data"], remote)
        self.cache[kind, key, remote["version"]] = dict(answer["data"])
        return True

    def _restore(self, kind: str, key: str, remote: Data) -> bool:
        """Return whether an object erased here comes back because it was changed there."""
        if kind == "item":
            if remote.get("deleted") or self.conflicts_go == "local":
                return False
            self.conflicts.append((key, frozenset({"deleted"})))
        self.erased[kind].remove(key)
        return True

    def _merge(self, kind: str, held: Held, data: Mapping[str, Any], remote: Data) -> None:
        key = remote["key"]
        base = self.cache.get((kind, key, held.data["version"]))
        result = merged(kind, base, held.data, data)
        if result.conflicts:
            self.conflicts.append((key, result.conflicts))
        if result.conflicts and self.conflicts_go == "remote":
            self.objects[kind][key] = Held(remote, synced=True)
            return
        synced = not (result.local_changed or result.conflicts)
        self.objects[kind][key] = Held(result.data, synced=synced)

    def _take_deletions(self, since: int, version: int | None) -> int:
        seen, deleted = self.requests.deleted(since)
        self._check_version(seen if version is None else version, seen)
        for name in deleted.get("settings", ()):
            if name not in self.unsynced_settings:
                self.settings.pop(name, None)
        for kind in KINDS:
            for key in deleted[PLURALS[kind]]:
                held = self.objects[kind].get(key)
                if held and (held.synced or held.data.get("deleted")):
                    self._lose(kind, key)
                elif held and kind == "item":
                    self.conflicts.append((key, frozenset({"deleted"})))
                    if self.conflicts_go == "remote":
                        self._lose(kind, key)
        return seen

    def _lose(self, kind: str, key: str) -> None:
        """Take an object away that is gone on the server, with what is below it."""
        for below, held in list(self.objects[kind].items()):
            if held.data.get(f"parent{kind.title()}") == key:
                self._lose(kind, below)
        self.objects[kind].pop(key, None)
        if kind == "collection":
            for held in self.objects["item"].values():
                if "collections" in held.data:
                    held.data["collections"] = [c for c in held.data["collections"] if c != key]

    # -- everything anew

    def full_sync(self) -> None:
        """Compare all versions; fetch what is older here, mark for upload what is missing there."""
        version = self._take_deletions(0, None)
        found = self.requests.settings(0)
        assert found is not None
        assert found[0] == version
        for kind in KINDS:
            listed = self.requests.versions(kind)
            assert listed.library == version
            local = self.objects[kind]
            older = [
                k for k, v in listed.keys.items() if k not in local or local[k].data["version"] < v
            ]
            self._fetch(kind, older)
            for key in local.keys() - listed.keys.keys():
                local[key].data["version"], local[key].synced = 0, False
        self.version = version

    def without_versions(self) -> dict[str, dict[str, Data]]:
        """Return all that two clients should agree on."""
        return {kind: self._comparable(held) for kind, held in self.objects.items()}

    def _comparable(self, objects: Mapping[str, Held]) -> dict[str, Data]:
        return {k: comparable(held.data) for k, held in objects.items()}


def comparable(data: Mapping[str, Any]) -> Data:
    """Return an object's data without its version, dates of change and the order of its sets."""
    left = {
        n: v for n, v in data.items() if n not in ("version", "dateModified") and not is_blank(v)
    }
    for name in ("collections", "tags"):
        if name in left:
            left[name] = sorted(left[name], key=str)
    if "relations" in left:
        left["relations"] = {
            p: sorted(v if isinstance(v, list) else [v]) for p, v in left["relations"].items()
        }
    return left


def keys_of(objects: Iterable[Mapping[str, Any]]) -> list[str]:
    return [one["key"] for one in objects]
