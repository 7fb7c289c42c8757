"""Faults on demand: limits, maintenance, lost and cut answers, and the log of what was asked."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.errors import ConfigError
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.faults import MIX, Fault, Faults, lost_answer, maintenance, too_many
from zotsync.sandbox.ratelimit import RateLimit
from zotsync.sandbox.requestlog import Logged
from zotsync.sandbox.script import duration, read_script


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


def test_a_reset_does_nothing(api: Any, sandbox: Any) -> None:
    sandbox.faults.plan(Fault(reset=True))
    with pytest.raises(httpx2.ReadError):
        api.ask("POST", "items", json=[{"itemType": "book"}])
    assert api.version() == 0
    assert (sandbox.faults.log[0].status, sandbox.faults.log[0].fault) == (0, "reset")


def test_a_slow_answer_comes_whole_in_drops(api: Any, sandbox: Any) -> None:
    waits: list[float] = []
    sandbox.faults.sleep = waits.append
    sandbox.faults.plan(Fault(slow=2))
    assert [i["field"] for i in api.get("/creatorFields").json()][-1] == "name"
    assert waits == [0.2] * 10


def test_a_fault_can_let_requests_pass_and_meet_several(api: Any, sandbox: Any) -> None:
    sandbox.faults.plan(
        Fault(status=500, path="items", skip=1, times=2), Fault(status=403, times=0)
    )
    statuses = [api.get(p).status_code for p in ("items", "items", "items", "items", "deleted")]
    assert statuses == [403, 500, 500, 403, 403]
    assert sandbox.faults.planned == (Fault(status=403, times=0),)


REQUESTS = st.lists(
    st.tuples(st.sampled_from(["GET", "POST"]), st.sampled_from(["/a", "/b?x=1", "/b?x=2", "/c"])),
    max_size=30,
)


@given(st.integers(0, 99), REQUESTS)
def test_a_seed_gives_the_same_requests_the_same_faults(
    seed: int, requests: list[tuple[str, str]]
) -> None:
    def met(sequence: list[tuple[str, str]]) -> list[tuple[tuple[str, str], Fault]]:
        faults = Faults(seed=seed, rate=0.5)
        return [(request, faults.meet(*request)) for request in sequence]

    assert met(requests) == met(requests)
    # What comes in between changes nothing.
    alone = [pair for pair in met(requests) if pair[0][0] == "GET"]
    assert alone == met([request for request in requests if request[0] == "GET"])


def test_faults_at_random_are_as_many_as_was_asked_and_of_each_kind() -> None:
    faults = Faults(seed=1)
    met = Counter(faults.meet("GET", f"/{number}") for number in range(5000))
    assert 400 < 5000 - met[Fault()] < 600
    assert set(met) == {Fault(), *MIX}
    faults.rate = 0
    assert faults.meet("GET", "/x") == Fault()


def test_the_log_tells_versions_sizes_time_and_fault(api: Any, sandbox: Any) -> None:
    now = iter([1.0, 1.5])
    seen: list[Logged] = []
    sandbox.faults.clock, sandbox.faults.watch = (lambda: next(now)), seen.append
    sandbox.faults.plan(Fault(backoff=3))
    headers = {"If-Unmodified-Since-Version": "0"}
    answer = api.ask("POST", "items", content=b'[{"itemType":"book"}]', headers=headers)
    (entry,) = sandbox.faults.log
    assert seen == [entry]
    assert (entry.seconds, entry.expected, entry.version) == (0.5, 0, 1)
    assert (entry.sent, entry.received, entry.fault) == (21, len(answer.content), "backoff=3")


@pytest.mark.parametrize(
    "path",
    [
        *("/keys/{key}", "/users/1/keys/{key}", "/keys/sessions/{key}", "/keys/{key}/x?a=1"),
        *("/keys/current?key={key}", "/groups/10/items?k%65y={key}&limit=1", "/x?a&KEY={key}&b"),
    ],
)
def test_no_key_is_ever_in_the_log(api: Any, sandbox: Any, path: str) -> None:
    key = "bobKeyOfTheTests0000000"
    api.get(path.format(key=key))
    assert key not in str(sandbox.faults.log)


def test_the_log_keeps_the_last_requests(sandbox: Any) -> None:
    for number in range(10_001):
        sandbox.faults.note(Logged("GET", f"/{number}", 200))
    assert (len(sandbox.faults.log), sandbox.faults.log[0].path) == (10_000, "/1")


SCRIPT = """
latency = "50ms"
seed = 7
rate = 0.2
rate_limit = true

[[fault]]
method = "post"
path = "/items"
skip = 1
times = 2
status = 503
retry_after = "2s"

[[fault]]
slow = 1.5
cut = 0
"""


def test_a_script_says_what_goes_wrong() -> None:
    faults = Faults()
    read_script(SCRIPT.encode(), "faults.toml").start(faults)
    assert (faults.latency, faults.seed, faults.rate) == (0.05, 7, 0.2)
    assert faults.rate_limit == RateLimit()
    one = Fault(status=503, retry_after=2, method="POST", path="/items", skip=1, times=2)
    assert faults.planned == (one, Fault(slow=1.5, cut=0))
    assert [str(f) for f in faults.planned] == ["status=503 retry_after=2", "cut=0 slow=1.5"]


@pytest.mark.parametrize(
    ("script", "line", "words"),
    [
        ('latency = "50ms', 1, "not closed"),
        ("latncy = 1", 1, "latency"),
        ("[[fault]]\nlost = true\n\n[[fault]]\nlots = true", 5, "lost"),
        ("[[fault]]\nlost = true\n[[fault]]\nstatus = 200", 4, "503"),
        ('[[fault]]\nmethod = "GET"', 1, "what goes wrong"),
        ("fault = 1", 1, "[[fault]]"),
        ("rate = 2", 1, "0.1"),
        ("seed = true", 1, "7"),
        ('[[fault]]\ncut = "9"', 2, "100"),
        ("[[fault]]\nlatency = 9e9", 2, "50ms"),
        ("[[fault]]\nlost = 1", 2, "true"),
        ("[[fault]]\nlost = true\npath = 1", 3, "/items"),
    ],
)
def test_an_error_in_a_script_names_its_line_and_the_way_out(
    script: str, line: int, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_script(script.encode(), "faults.toml")
    assert caught.value.problem.place.line == line
    assert words in str(caught.value)


def test_times_have_units() -> None:
    assert [duration(t) for t in ("50ms", "2s", "1m", "1.5", 3)] == [0.05, 2, 60, 1.5, 3]
    for wrong in ("", "x", "-1s", "1h", "2m2", True, "99999s"):
        with pytest.raises(ValueError, match=r".*"):
            duration(wrong)


def test_a_full_disk_undoes_what_was_begun_and_no_more() -> None:
    store = Store(None)
    with store.reading() as tx:
        tx.value(f"PRAGMA max_page_count = {tx.value('PRAGMA page_count')}")

    def fill() -> None:
        with store.writing() as tx:
            tx.bump("groups/1")
            for number in range(1000):
                tx.bury("groups/1", "item", f"{number:08}", 1)

    with pytest.raises(sqlite3.OperationalError):
        fill()
    with store.writing() as tx:
        assert tx.version("groups/1") == 0
    store.close()
