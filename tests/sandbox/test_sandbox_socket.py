"""Over real sockets: many clients at once, and broken connections."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from zotsync.sandbox.faults import Fault, lost_answer
from zotsync.sandbox.server import Sandbox, Served

LIBRARY = "/groups/10"
ALICE, BOB = "aliceKeyOfTheTests00000", "bobKeyOfTheTests0000000"


@pytest.fixture
def served(sandbox: Sandbox) -> Iterator[Served]:
    with sandbox.serve() as running:
        yield running


def client(served: Served, key: str = ALICE) -> httpx2.Client:
    return httpx2.Client(
        base_url=served.url, headers={"Zotero-API-Key": key}, trust_env=False, timeout=30
    )


def test_no_update_is_lost_between_many_clients(served: Served) -> None:
    with client(served) as first:
        made = first.post(f"{LIBRARY}/items", json=[{"itemType": "book", "title": ""}]).json()
    path = f"{LIBRARY}/items/{made['success']['0']}"

    def add_marks(name: str) -> None:
        with client(served) as mine:
            for number in range(8):
                while True:
                    item = mine.get(path).json()
                    title = f"{item['data']['title']} {name}{number}"
                    body = {"title": title, "version": item["version"]}
                    if mine.patch(path, json=body).status_code == 204:
                        break

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_marks, "abcd"))
    with client(served) as last:
        title = last.get(path).json()["data"]["title"]
    assert sorted(title.split()) == sorted(f"{n}{i}" for n in "abcd" for i in range(8))


def test_versions_are_given_out_once_to_clients_that_write_at_once(served: Served) -> None:
    def post(key: str) -> list[int]:
        with client(served, key) as mine:
            made = mine.post(f"{LIBRARY}/items", json=[{"itemType": "book"}] * 20).json()
        return [one["version"] for one in made["successful"].values()]

    with ThreadPoolExecutor(4) as pool:
        versions = [v for part in pool.map(post, [ALICE, BOB, ALICE, BOB]) for v in part]
    assert sorted(versions) == list(range(1, 81))


def test_of_writes_at_once_to_one_library_version_one_gets_through(served: Served) -> None:
    def post(key: str) -> int:
        headers = {"If-Unmodified-Since-Version": "0"}
        with client(served, key) as mine:
            body = [{"itemType": "book"}]
            return mine.post(f"{LIBRARY}/items", json=body, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(post, [ALICE, BOB] * 3))
    assert statuses == [200] + [412] * 5


def test_of_writes_at_once_with_one_token_one_is_carried_out(served: Served) -> None:
    def post(_number: int) -> int:
        headers = {"Zotero-Write-Token": "a" * 32}
        with client(served) as mine:
            body = [{"itemType": "book"}] * 10
            return mine.post(f"{LIBRARY}/items", json=body, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(post, range(6)))
    assert statuses == [200] + [412] * 5
    with client(served) as last:
        assert len(last.get(f"{LIBRARY}/items?format=versions").json()) == 10


def test_of_changes_to_one_version_of_an_item_exactly_one_gets_through(served: Served) -> None:
    clients, rounds = 6, 10
    with client(served) as first:
        made = first.post(f"{LIBRARY}/items", json=[{"itemType": "book"}]).json()
    path = f"{LIBRARY}/items/{made['success']['0']}"
    start = threading.Barrier(clients)

    def change(name: int) -> list[tuple[int, int]]:
        """Change it at the version it has, all at once; return which version, and the answer."""
        answers = []
        with client(served, (ALICE, BOB)[name % 2]) as mine:
            for number in range(rounds):
                start.wait()
                version = mine.get(path).json()["version"]
                start.wait()
                body = {"title": f"{name} {number}", "version": version}
                answers.append((version, mine.patch(path, json=body).status_code))
        return answers

    with ThreadPoolExecutor(clients) as pool:
        answers = Counter(answer for part in pool.map(change, range(clients)) for answer in part)
    versions = range(1, rounds + 1)
    assert answers == Counter(
        {(v, 204): 1 for v in versions} | {(v, 412): clients - 1 for v in versions}
    )


def test_readers_never_see_half_an_object_while_it_is_written(served: Served) -> None:
    with client(served) as first:
        made = first.post(f"{LIBRARY}/items", json=[{"itemType": "book"}]).json()
    path, ended = f"{LIBRARY}/items/{made['success']['0']}", threading.Event()

    def read() -> set[int]:
        found = set()
        with client(served, BOB) as mine:
            while not ended.is_set():
                whole = mine.get(path)
                data, version = whole.json()["data"], whole.headers["Last-Modified-Version"]
                assert (data["version"], whole.json()["version"]) == (int(version), int(version))
                name = data["title"]
                assert [tag["tag"] for tag in data["tags"]] == ([f"tag {name}"] if name else [])
                found.add(int(version))
        return found

    with ThreadPoolExecutor(2) as pool, client(served) as writer:
        readers = [pool.submit(read) for _index in range(2)]
        for number in range(60):
            body = {"title": str(number), "tags": [{"tag": f"tag {number}"}], "version": number + 1}
            assert writer.patch(path, json=body).status_code == 204
        ended.set()
        assert all(len(reader.result()) > 1 for reader in readers)


def test_one_connection_serves_many_requests(served: Served) -> None:
    with socket.create_connection((served.host, served.port)) as one:
        for _index in range(3):
            one.sendall(b"GET /creatorFields HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            while b"lastName" not in answer or not answer.endswith(b"]"):
                answer += one.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200 OK")


def test_links_lead_back_to_the_served_address(served: Served) -> None:
    with client(served) as mine:
        mine.post(f"{LIBRARY}/items", json=[{"itemType": "book"}] * 2)
        answer = mine.get(f"{LIBRARY}/items?limit=1")
        assert answer.json()[0]["links"]["self"]["href"].startswith(served.url + LIBRARY)
        assert mine.get(answer.links["next"]["url"]).status_code == 200


def test_a_lost_answer_breaks_the_connection_after_the_effect(
    served: Served, sandbox: Sandbox
) -> None:
    sandbox.faults.plan(lost_answer(method="POST"))
    with client(served) as mine:
        with pytest.raises(httpx2.RemoteProtocolError):
            mine.post(f"{LIBRARY}/items", json=[{"itemType": "book"}])
        assert mine.get(f"{LIBRARY}/items").headers["Total-Results"] == "1"


def test_a_cut_answer_breaks_off_in_the_body(served: Served, sandbox: Sandbox) -> None:
    sandbox.faults.plan(Fault(cut=5))
    with client(served) as mine:
        with pytest.raises(httpx2.RemoteProtocolError):
            mine.get("/itemTypes")
        assert mine.get("/itemTypes").status_code == 200


def test_a_reset_is_one(served: Served, sandbox: Sandbox) -> None:
    sandbox.faults.plan(Fault(reset=True))
    with socket.create_connection((served.host, served.port), timeout=30) as one:
        one.sendall(b"GET /schema HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            one.recv(1)


def test_a_body_beyond_all_measure_is_refused(served: Served) -> None:
    with client(served) as mine:
        try:
            status = mine.post(f"{LIBRARY}/items", content=b" " * 9_000_000).status_code
        except httpx2.NetworkError:  # closed before the body was sent whole
            status = 413
    assert status == 413


def test_the_server_ends_with_its_context_and_can_start_again(sandbox: Sandbox) -> None:
    with sandbox.serve() as first, client(first) as mine:
        assert mine.get("/itemTypes").status_code == 200
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection((first.host, first.port), timeout=1)
    with sandbox.serve(first.port) as second, client(second) as mine:
        assert second.port == first.port
        assert mine.get(f"{LIBRARY}/items").status_code == 200
