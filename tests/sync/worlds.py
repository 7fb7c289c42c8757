"""A small world for sync tests: an embedded server, workspaces, and a colleague at the Web API."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
from hypothesis import settings

from zotsync.bibliography.collections import read_collections
from zotsync.bibliography.itemfile import parse_item
from zotsync.config import Config, Workspace
from zotsync.model import KEY_ALPHABET, Schema
from zotsync.sandbox.server import Access, Sandbox
from zotsync.sync.engine import Engine, Options, Outcome
from zotsync.sync.trees import Plan
from zotsync.zotero.library import GroupLibrary
from zotsync.zotero.schema import bundled

GROUP = 4711
URL = "http://127.0.0.1"
FAST = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108
"""A folder in memory, where there is one: hundreds of worlds are made."""
CURATOR, COLLEAGUE, READER = "C" * 24, "D" * 24, "R" * 24


def deep() -> bool:
    """Return whether this is `make soak`."""
    return settings.get_current_profile_name() == "soak"


@dataclass
class Desk:
    """A person with a workspace."""

    root: Path
    sandbox: Sandbox
    key: str = CURATOR
    seed: int = 0
    schema: Schema = field(default_factory=bundled)
    requests: int = 0
    transport: httpx2.BaseTransport | None = None

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.root)
        self.workspace.items.mkdir(parents=True, exist_ok=True)
        if not self.workspace.collections.exists():
            self.workspace.collections.write_text("", encoding="utf-8")
        self._random = random.Random(self.seed)  # noqa: S311

    def new_key(self) -> str:
        return "".join(self._random.choice(KEY_ALPHABET) for _i in range(8))

    def engine(self, library: GroupLibrary | None) -> Engine:
        config = Config(group=GROUP, api_url=URL)
        return Engine(self.workspace, config, library, self.schema, new_key=self.new_key)

    def library(self) -> GroupLibrary:
        """Return the group, with a clock that runs only while somebody waits: nobody waits in a test."""
        now = [0.0]

        def sleep(seconds: float) -> None:
            now[0] += seconds

        transport = self.transport or httpx2.WSGITransport(app=self.sandbox.app)
        return GroupLibrary(
            GROUP, self.key, api_url=URL, transport=transport, sleep=sleep, clock=lambda: now[0]
        )

    def sync(self, **options: Any) -> Outcome:
        with self.library() as library, self.engine(library) as engine:
            outcome = engine.sync(Options(**options))
        self.requests = outcome.requests
        return outcome

    def preview(self, *, offline: bool = False, **options: Any) -> Plan:
        with self.library() as library, self.engine(library) as engine:
            return engine.preview(Options(**options), offline=offline)

    def settle(self, side: str) -> int:
        with self.engine(None) as engine:
            chosen = {(c.key, c.field): side for c in engine.conflicts()}
            return engine.resolve(chosen)  # type: ignore[arg-type]

    # The person with an editor

    def path(self, name: str) -> Path:
        return self.workspace.items / f"{name}.toml"

    def write(self, name: str, text: str) -> Path:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def files(self) -> dict[str, str]:
        """Return file stem -> text."""
        found = sorted(self.workspace.items.rglob("*.toml"))
        return {
            p.relative_to(self.workspace.items).as_posix()[:-5]: p.read_text("utf-8") for p in found
        }

    def file_of(self, key: str) -> Path:
        for path in self.workspace.items.rglob("*.toml"):
            if f'key = "{key}"' in path.read_text(encoding="utf-8"):
                return path
        raise AssertionError(f"no file has the key {key}")

    def edit(self, key: str, old: str, new: str) -> None:
        path = self.file_of(key)
        text = path.read_text(encoding="utf-8")
        assert old in text, text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def fields(self) -> dict[str, Mapping[str, Any]]:
        """Return key -> fields of all files, `collections` as sorted paths."""
        found: dict[str, Mapping[str, Any]] = {}
        for path in self.workspace.items.rglob("*.toml"):
            text = parse_item(path.read_bytes(), path.name)
            fields = dict(text.fields)
            if "collections" in fields:
                fields["collections"] = sorted(fields["collections"])
            assert text.key is not None, path
            found[text.key] = fields
        return found

    def collections(self) -> dict[str, str]:
        return read_collections(self.workspace.collections)


@dataclass
class Colleague:
    """Somebody in the Zotero client: writes through the Web API with a key of their own."""

    sandbox: Sandbox
    key: str = COLLEAGUE

    def __post_init__(self) -> None:
        self._random = random.Random(99)  # noqa: S311
        self._client = httpx2.Client(
            transport=httpx2.WSGITransport(app=self.sandbox.app),
            base_url=f"{URL}/groups/{GROUP}",
            headers={"Zotero-API-Key": self.key, "Zotero-API-Version": "3"},
        )

    def get(self, path: str, **query: Any) -> Any:
        answer = self._client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, kind: str, objects: Iterable[Mapping[str, Any]]) -> list[str]:
        answer = self._client.post(f"/{kind}", json=list(objects))
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert not report["failed"], report
        done = {**report["success"], **report["unchanged"]}
        return [done[i] for i in sorted(done, key=int)]

    def make(self, item_type: str = "book", **fields: Any) -> str:
        return self.post("items", [{**self._new(), "itemType": item_type, **fields}])[0]

    def collection(self, name: str, parent: str | None = None) -> str:
        data = {**self._new(), "name": name, "parentCollection": parent or False}
        return self.post("collections", [data])[0]

    def _new(self) -> dict[str, Any]:
        key = "".join(self._random.choice(KEY_ALPHABET) for _i in range(8))
        return {"key": key, "version": 0}

    def item(self, key: str) -> dict[str, Any]:
        data: dict[str, Any] = self.get(f"/items/{key}")["data"]
        return data

    def change(self, key: str, kind: str = "items", **fields: Any) -> None:
        version = self.get(f"/{kind}/{key}")["version"]
        answer = self._client.patch(
            f"/{kind}/{key}",
            json=fields,
            headers={"If-Unmodified-Since-Version": str(version)},
        )
        assert answer.status_code == 204, answer.text

    def close_cycle(self, key: str, parent: str) -> None:
        """Put a collection under one below it behind the API's back: no request can do it."""
        library = f"groups/{GROUP}"
        with self.sandbox._store.writing() as tx:
            record = tx.get(library, "collection", key)
            assert record is not None
            data = dict(record.data) | {"parentCollection": parent}
            changed = replace(record, version=tx.bump(library), parent=parent, data=data)
            tx.put(library, "collection", changed)

    def trash(self, key: str, kind: str = "items") -> None:
        self.change(key, kind, deleted=1 if kind == "items" else True)

    def erase(self, key: str, kind: str = "items") -> None:
        version = self.get(f"/{kind}/{key}")["version"]
        answer = self._client.delete(
            f"/{kind}/{key}", headers={"If-Unmodified-Since-Version": str(version)}
        )
        assert answer.status_code == 204, answer.text

    def library(self) -> dict[str, dict[str, Any]]:
        """Return key -> data of everything that is not in the trash, parents trashed left out."""
        objects = self.get("/items", format="json", limit=100, includeTrashed=1)
        by_key = {o["key"]: o["data"] for o in objects}
        gone = {k for k, d in by_key.items() if d.get("deleted")}
        return {
            k: d for k, d in by_key.items() if k not in gone and d.get("parentItem") not in gone
        }


def make_sandbox(schema: Schema | None = None) -> Sandbox:
    sandbox = Sandbox(schema=schema)
    sandbox.add_user(1, "curatrice")
    sandbox.add_user(2, "collegue")
    sandbox.add_group(GROUP, "Doc", owner=1, members=[1, 2])
    every: dict[int | str, Access] = {GROUP: Access(library=True, write=True)}
    sandbox.add_key(CURATOR, 1, groups=every)
    sandbox.add_key(COLLEAGUE, 2, groups=every)
    sandbox.add_key(READER, 2, groups={GROUP: Access(library=True, write=False)})
    return sandbox
