"""Faults on demand: limits, maintenance, lost and cut answers, and the log of what was asked."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from zotsync.sandbox.faults import Fault, lost_answer, maintenance, too_many
from zotsync.sandbox.ratelimit import RateLimit
from zotsync.sandbox.requestlog import Logged


def test_a_fault_is_met_once_and_does_nothing_else(api: Any, sandbox: Any) -> None:
    sandbox.faults.plan(too_many(7), maintenance(None))
    first = api.ask("POST", "items", json=[{"itemType": "book"}])
    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    second = api.get("items")
    assert (second.status_code, "Retry-After" in second.headers) == (503, False)
    assert api.get("items").status_code == 200
    assert api.version() == 0


def test_a_fault_waits_for_the_request_it_is_for(api: Any, sandbox: Any) -> None:
    sandbox.faults.plan(too_many(method="POST"), too_many(path="deleted"))
    assert api.get("items").status_code == 200
    assert api.get("deleted", since=0).status_code == 429
    assert api.ask("POST", "items", json=[]).status_code == 429
    assert sandbox.faults.planned == ()


def test_backoff_comes_with_any_answer(api: Any, sandbox: Any) -> None:
    sandbox.faults.plan(Fault(backoff=3))
    answer = api.get("items")
    assert (answer.status_code, answer.headers["Backoff"]) == (200, "3")
    sandbox.faults.backoff = 2.5
    assert {api.get(p).headers["Backoff"] for p in ("items", "items/ABCD2345")} == {"2.5"}


def test_in_maintenance_everything_is_503(api: Any, sandbox: Any) -> None:
    sandbox.faults.closed = 30
    answer = api.get("/keys/current")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_a_lost_answer_has_had_its_effect(api: Any, sandbox: Any) -> None:
    sandbox.faults.plan(lost_answer(method="POST"))
    with pytest.raises(httpx2.RemoteProtocolError):
        api.ask("POST", "items", json=[{"itemType": "book"}])
    assert api.version() == 1


def test_a_cut_answer_breaks_off(api: Any, sandbox: Any) -> None:
    api.item()
    sandbox.faults.plan(Fault(cut=10))
    with pytest.raises(httpx2.RemoteProtocolError):
        api.get("items")


def test_latency_is_waited_for(api: Any, sandbox: Any) -> None:
    waits: list[float] = []
    sandbox.faults.sleep = waits.append
    sandbox.faults.latency = 0.05
    sandbox.faults.plan(Fault(latency=1))
    api.get("items")
    api.get("items")
    assert waits == [1.05, 0.05]


def test_the_log_names_requests_without_keys(api: Any, sandbox: Any) -> None:
    api.get("items", limit=1, key="aliceKeyOfTheTests00000")
    api.get("/nowhere")
    assert sandbox.faults.log == [
        Logged("GET", "/groups/10/items?limit=1", 200),
        Logged("GET", "/nowhere", 404),
    ]
    sandbox.faults.clear()
    assert sandbox.faults.log == []


def test_a_colleague_can_come_in_between(api: Any, bob: Any, sandbox: Any) -> None:
    def write(method: str, path: str) -> None:
        if method == "GET" and "items" in path:
            sandbox.faults.hooks.clear()
            bob.item(title="in between")

    sandbox.faults.hooks.append(write)
    assert [i["data"]["title"] for i in api.get("items").json()] == ["in between"]


def test_a_key_has_10_requests_a_second_and_a_burst_of_100(
    api: Any, bob: Any, sandbox: Any
) -> None:
    now = [0.0]
    sandbox.faults.clock = lambda: now[0]
    sandbox.faults.rate_limit = RateLimit()
    statuses = [api.get("deleted", since=0).status_code for _index in range(101)]
    assert statuses == [200] * 100 + [429]
    refused = api.get("items")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert bob.get("items").status_code == 200
    now[0] = 0.2
    assert [api.get("items").status_code for _index in range(3)] == [200, 200, 429]


def test_a_key_has_so_many_requests_under_way(api: Any, sandbox: Any) -> None:
    sandbox.faults.rate_limit = RateLimit(at_once=1)
    inner: list[int] = []

    def ask_again(_method: str, _path: str) -> None:
        if not inner:
            inner.append(0)
            inner.append(api.get("items").status_code)

    sandbox.faults.hooks.append(ask_again)
    assert api.get("items").status_code == 200
    assert inner == [0, 429]
