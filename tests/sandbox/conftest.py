"""A sandbox with two colleagues and a group, and a small client to talk to it in process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sandbox.client_world import Open, make_office, open_in

from zotsync.sandbox.server import Access, Sandbox

GROUP = 10
LIBRARY = f"/groups/{GROUP}"
ALICE, BOB, CAROL = 1, 2, 3
KEYS = {
    ALICE: "aliceKeyOfTheTests00000",
    BOB: "bobKeyOfTheTests0000000",
    CAROL: "carolKeyOfTheTests00000",
}


class Api:
    """One person's client. Paths are those of one library unless they start with `/`."""

    def __init__(self, client: httpx2.Client, library: str = LIBRARY) -> None:
        self.client = client
        self.library = library

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        address = path if path.startswith("/") else f"{self.library}/{path}"
        return self.client.request(method, address, **more)

    def get(self, path: str, *, since: int | None = None, **params: Any) -> httpx2.Response:
        if since is not None:
            params["since"] = since
        return self.ask("GET", path, params=params) if params else self.ask("GET", path)

    def send(self, path: str, *objects: Any, expected: int | None = None) -> Any:
        answer = self.ask("POST", path, json=list(objects), headers=unmodified_since(expected))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def new(self, path: str, /, **fields: Any) -> Any:
        """Make one object and return its whole answer."""
        report = self.send(path, fields)
        assert not report["failed"], report["failed"]
        return report["successful"]["0"]

    def item(self, **fields: Any) -> Any:
        return self.new("items", **{"itemType": "book"} | fields)

    def collection(self, name: str, parent: str | None = None) -> str:
        return str(self.new("collections", name=name, parentCollection=parent or False)["key"])

    def data(self, key: str, kind: str = "items") -> Any:
        answer = self.get(f"{kind}/{key}")
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def patch(self, key: str, version: int, **fields: Any) -> httpx2.Response:
        return self.ask("PATCH", f"items/{key}", json=fields, headers=unmodified_since(version))

    def change(self, key: str, **fields: Any) -> Any:
        """Change an item at its present version and return its new data."""
        answer = self.patch(key, self.data(key)["version"], **fields)
        assert answer.status_code == 204, answer.text
        return self.data(key)

    def delete(self, path: str, version: int | None = None) -> httpx2.Response:
        expected = self.version() if version is None else version
        return self.ask("DELETE", path, headers=unmodified_since(expected))

    def version(self) -> int:
        return lmv(self.get("items", format="keys", limit=1))

    def failure(self, path: str, /, **fields: Any) -> Any:
        """Send one object that is refused and return why."""
        report = self.send(path, fields)
        assert list(report["failed"]) == ["0"], report
        return report["failed"]["0"]


def unmodified_since(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Unmodified-Since-Version": str(version)}


def lmv(answer: httpx2.Response) -> int:
    return int(answer.headers["Last-Modified-Version"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    people = {ALICE: "alice", BOB: "bob", CAROL: "carol"}
    for user_id, name in people.items():
        made.add_user(user_id, name)
    made.add_group(GROUP, "Centre", owner=ALICE, members=[BOB])
    for user_id in (ALICE, BOB):
        made.add_key(KEYS[user_id], user_id, groups={GROUP: Access()})
    made.add_key(KEYS[CAROL], CAROL, groups={"all": Access()})
    yield made
    made.close()


def _client(sandbox: Sandbox, key: str | None) -> httpx2.Client:
    return httpx2.Client(
        transport=httpx2.WSGITransport(app=sandbox.app),
        base_url="http://sandbox.test",
        headers={"Zotero-API-Key": key} if key else {},
    )


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    """Alice, who owns the group."""
    with _client(sandbox, KEYS[ALICE]) as client:
        yield Api(client)


@pytest.fixture
def own(sandbox: Sandbox) -> Iterator[Api]:
    """Alice in her own library."""
    key = "aliceKeyOfHerOwnLibrary"
    sandbox.add_key(key, ALICE, groups={GROUP: Access()}, user=Access())
    with _client(sandbox, key) as client:
        yield Api(client, f"/users/{ALICE}")


@pytest.fixture
def bob(sandbox: Sandbox) -> Iterator[Api]:
    """A member of the group."""
    with _client(sandbox, KEYS[BOB]) as client:
        yield Api(client)


@pytest.fixture
def carol(sandbox: Sandbox) -> Iterator[Api]:
    """A user whose key allows all her groups; she is in none."""
    with _client(sandbox, KEYS[CAROL]) as client:
        yield Api(client)


@pytest.fixture
def nobody(sandbox: Sandbox) -> Iterator[Api]:
    """A client without any key."""
    with _client(sandbox, None) as client:
        yield Api(client)


@pytest.fixture
def office() -> Iterator[Sandbox]:
    """Two people who use the Zotero client, in a group and each on their own."""
    made = make_office()
    yield made
    made.close()


@pytest.fixture
def opened(office: Sandbox) -> Open:
    """Return how a person opens a library in a client of their own."""
    return open_in(office)
