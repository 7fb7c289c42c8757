"""One desk, one colleague, one server, and what goes wrong between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.errors import ServerError
from zotsync.model import Schema
from zotsync.sandbox.faults import Fault, lost_answer
from zotsync.sandbox.requestlog import Logged
from zotsync.sync.engine import Outcome
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.trees import BaseObject, Kind, MirrorObject

Tamper = Callable[[list[dict[str, Any]]], Mapping[int, dict[str, Any]]]


@dataclass
class Refusing(httpx2.BaseTransport):
    """Hands requests on, but answers for some objects of a write itself: they failed."""

    inner: httpx2.BaseTransport
    tamper: Tamper
    sent: list[list[dict[str, Any]]] = field(default_factory=list)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method != "POST":
            return self.inner.handle_request(request)
        objects = json.loads(request.read())
        self.sent.append(objects)
        failed = self.tamper(objects)
        left = [i for i in range(len(objects)) if i not in failed]
        body = json.dumps([objects[i] for i in left]).encode()
        headers = {n: v for n, v in request.headers.items() if n.lower() != "content-length"}
        again = httpx2.Request("POST", request.url, headers=headers, content=body)
        answer = self.inner.handle_request(again)
        report = json.loads(answer.read())
        for name in ("successful", "success", "unchanged", "failed"):
            report[name] = {str(left[int(i)]): one for i, one in report[name].items()}
        report["failed"] |= {str(i): one for i, one in failed.items()}
        version = answer.headers["Last-Modified-Version"]
        return httpx2.Response(200, headers={"Last-Modified-Version": version}, json=report)


class PatientDesk(Desk):
    """A desk at which things go wrong, and whose state.db is looked into."""

    def refuse(self, tamper: Tamper) -> Refusing:
        inner = httpx2.WSGITransport(app=self.sandbox.app)
        refusing = Refusing(inner, tamper)
        self.transport = refusing
        return refusing

    # What state.db knows

    def mirror(self, key: str, kind: Kind = Kind.ITEM) -> MirrorObject | None:
        with self.engine(None) as engine:
            return Objects(engine.state).mirror(kind, [key]).get(key)

    def base(self, key: str, kind: Kind = Kind.ITEM) -> BaseObject | None:
        with self.engine(None) as engine:
            return Objects(engine.state).base(kind, [key]).get(key)

    def cursor(self) -> int | None:
        with self.engine(None) as engine:
            return engine.state.cursor

    def pending(self) -> dict[str, Any]:
        with self.engine(None) as engine:
            return Objects(engine.state).pending(Kind.ITEM)

    def journal(self) -> str:
        with self.engine(None) as engine:
            rows = engine.state.rows("SELECT before, after, text FROM journal")
            return "\n".join(str(part) for row in rows for part in row)

    def has(self, key: str) -> bool:
        return any(f'key = "{key}"' in text for text in self.files().values())


@dataclass
class Setting:
    """A desk that has synced once, with one witness that nobody touches."""

    root: Path
    schema: Schema | None = None

    def __post_init__(self) -> None:
        self.sandbox = make_sandbox(self.schema)
        self.colleague = Colleague(self.sandbox)
        self.witness = self.colleague.make(title="Témoin")
        self.desk = PatientDesk(self.root / "desk", self.sandbox)
        self.desk.sync()

    def agreed(self, item_type: str = "book", **fields: Any) -> str:
        """Return the key of an item that both sides have."""
        key = self.colleague.make(item_type, **fields)
        assert self.desk.sync().exit_code == 0
        return key

    def at_rest(self) -> None:
        """Both sides hold the same, and a further sync asks once and does nothing."""
        outcome = self.desk.sync()
        assert (outcome.requests, outcome.run, outcome.exit_code) == (1, 0, 0), outcome

    def writes(self) -> list[Logged]:
        return [entry for entry in self.sandbox.faults.log if entry.method == "POST"]

    def fetches(self) -> list[str]:
        """Return the addresses of the requests for objects by key."""
        return [e.path for e in self.sandbox.faults.log if "itemKey" in e.path]

    def sync_with(self, *hooks: Callable[[str, str], None]) -> Outcome:
        """Sync while somebody else acts between two requests."""
        self.sandbox.faults.hooks.extend(hooks)
        try:
            return self.desk.sync()
        finally:
            self.sandbox.faults.hooks.clear()

    def sync_and_lose_the_network(self) -> None:
        """The first write is carried out, and nothing is heard of the server from then on."""
        faults = self.sandbox.faults

        def hook(method: str, _path: str) -> None:
            if method == "POST":
                faults.plan(*[Fault(status=500, method="GET")] * 5)

        faults.plan(lost_answer(method="POST"))
        with pytest.raises(ServerError):
            self.sync_with(hook)
        assert faults.planned == ()

    def once(self, method: str, path: str, act: Callable[[], object]) -> Callable[[str, str], None]:
        """Return a hook that acts before the first request it fits."""
        done: list[bool] = []

        def hook(asked: str, where: str) -> None:
            if asked == method and path in where and not done:
                done.append(True)
                act()

        return hook
