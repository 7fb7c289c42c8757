"""The polite transport: what is waited for, what is sent again, and what never is."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from zotsync.zotero.transport import REFUSED, TRIES, PoliteTransport, TooLargeError

URL = "https://api.example/groups/1/items"
Step = httpx2.Response | Exception


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.moment = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds


def answer(status: int, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, headers=named, text="x")


class Server:
    """Answer with the steps one after the other, the last one for ever."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.seen: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return httpx2.Response(step.status_code, headers=step.headers, content=step.content)


def client(
    server: Callable[[httpx2.Request], httpx2.Response], time: Time, **more: Any
) -> httpx2.Client:
    options = {"sleep": time.sleep, "clock": time.clock, "chance": lambda: 1.0} | more
    return httpx2.Client(transport=PoliteTransport(httpx2.MockTransport(server), **options))


BUSY = [
    ("GET", 429, "7"),
    ("POST", 429, "7"),
    ("GET", 503, "7"),
    ("POST", 503, "7"),
    ("DELETE", 503, "7"),
]


@pytest.mark.parametrize(("method", "status", "after"), BUSY)
def test_a_request_refused_for_now_is_sent_again_when_the_server_said(
    method: str, status: int, after: str
) -> None:
    time, server = Time(), Server(answer(status, retry_after=after), answer(200))
    assert client(server, time).request(method, URL, content=b"body").status_code == 200
    assert time.slept == [7]
    assert [r.content for r in server.seen] == [b"body", b"body"]


def test_retry_after_may_be_a_date_told_by_the_servers_own_clock() -> None:
    date, later = "Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 10:00:42 GMT"
    time, server = Time(), Server(answer(503, retry_after=later, date=date), answer(200))
    assert client(server, time, now=lambda: 0.0).get(URL).status_code == 200
    assert time.slept == [42]


def test_retry_after_may_be_a_date_told_by_our_clock() -> None:
    server = Server(answer(429, retry_after="Thu, 01 Jan 1970 00:00:50 GMT"), answer(200))
    time = Time()
    assert client(server, time, now=lambda: 20.0).get(URL).status_code == 200
    assert time.slept == [30]


def test_a_date_in_the_past_means_soon() -> None:
    server = Server(answer(429, retry_after="Thu, 01 Jan 1970 00:00:50 GMT"), answer(200))
    time = Time()
    assert client(server, time, now=lambda: 99.0).get(URL).status_code == 200
    assert time.slept == [1]


@pytest.mark.parametrize(
    "said", [{}, {"retry_after": "soon"}, {"retry_after": "0"}, {"retry_after": "nan"}]
)
def test_without_a_moment_the_waits_grow_and_end(said: dict[str, str]) -> None:
    time, server = Time(), Server(answer(429, **said))
    assert client(server, time).get(URL).status_code == 429
    assert time.slept[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert sum(time.slept) <= 300
    assert len(server.seen) == len(time.slept) + 1


def test_jitter_takes_away_up_to_half() -> None:
    time, server = Time(), Server(answer(429), answer(429), answer(200))
    client(server, time, chance=lambda: 0.0).get(URL)
    assert time.slept == [0.5, 1]


def test_a_wait_beyond_all_patience_is_not_begun() -> None:
    time, server = Time(), Server(answer(503, retry_after="301"))
    response = client(server, time).get(URL)
    assert response.status_code == 503
    assert time.slept == []
    assert response.extensions[REFUSED]


def test_patience_is_counted_over_all_waits_of_a_request() -> None:
    time, server = Time(), Server(answer(503, retry_after="120"))
    assert client(server, time).post(URL).status_code == 503
    assert time.slept == [120, 120]


def test_backoff_on_any_answer_holds_back_the_next_request_only() -> None:
    time, server = Time(), Server(answer(200, backoff="12"), answer(200))
    polite = client(server, time)
    first = polite.post(URL)
    assert (first.status_code, time.slept) == (200, [])
    polite.get(URL)
    assert time.slept == [12]


def test_time_that_has_passed_meanwhile_is_not_waited_again() -> None:
    time, server = Time(), Server(answer(200, backoff="12"), answer(200))
    polite = client(server, time)
    polite.get(URL)
    time.moment += 9
    polite.get(URL)
    assert time.slept == [3]


def test_an_endless_backoff_is_waited_for_no_longer_than_patience() -> None:
    time, server = Time(), Server(answer(200, backoff="86400"), answer(200))
    polite = client(server, time)
    polite.get(URL)
    polite.get(URL)
    assert time.slept == [300]


def test_what_was_settled_does_not_go_up() -> None:
    server = Server(answer(200, backoff="5"), answer(503, retry_after="999"))
    polite = client(server, Time())
    for response in (polite.get(URL), polite.get(URL)):
        assert not {"backoff", "retry-after"} & response.headers.keys()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_read_that_met_a_fault_is_repeated_and_at_last_given_up(status: int) -> None:
    time, server = Time(), Server(answer(status))
    assert client(server, time).get(URL).status_code == status
    assert len(server.seen) == TRIES
    assert time.slept == [1, 2, 4, 8]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_that_met_a_fault_is_never_repeated(status: int) -> None:
    time, server = Time(), Server(answer(status))
    response = client(server, time).post(URL)
    assert (response.status_code, len(server.seen), time.slept) == (status, 1, [])
    assert REFUSED not in response.extensions


LOST = [
    httpx2.ConnectError("no route"),
    httpx2.ConnectTimeout("slow"),
    httpx2.ReadTimeout("slow"),
    httpx2.ReadError("reset"),
    httpx2.RemoteProtocolError("cut"),
]


@pytest.mark.parametrize("lost", LOST, ids=lambda e: type(e).__name__)
def test_a_read_lost_on_the_way_is_repeated(lost: Exception) -> None:
    time, server = Time(), Server(lost, lost, answer(200))
    assert client(server, time).get(URL).status_code == 200
    assert time.slept == [1, 2]


@pytest.mark.parametrize("lost", LOST, ids=lambda e: type(e).__name__)
def test_a_read_lost_again_and_again_fails_with_what_was_wrong(lost: Exception) -> None:
    server = Server(lost)
    with pytest.raises(type(lost)):
        client(server, Time()).get(URL)
    assert len(server.seen) == TRIES


@pytest.mark.parametrize("lost", LOST, ids=lambda e: type(e).__name__)
def test_a_write_lost_on_the_way_is_never_repeated(lost: Exception) -> None:
    server = Server(lost)
    with pytest.raises(type(lost)):
        client(server, Time()).post(URL)
    assert len(server.seen) == 1


class Cut(httpx2.SyncByteStream):
    """An answer whose connection breaks in the middle."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"half"
        raise httpx2.ReadError("reset")


def test_an_answer_cut_short_counts_as_lost() -> None:
    steps = [httpx2.Response(200, stream=Cut()), httpx2.Response(200, text="whole")]
    assert client(lambda _request: steps.pop(0), Time()).get(URL).text == "whole"


def test_an_answer_that_cannot_be_unpacked_counts_as_lost() -> None:
    packed = {"Content-Encoding": "gzip"}
    steps = [
        httpx2.Response(200, headers=packed, stream=httpx2.ByteStream(b"no gzip")),
        httpx2.Response(200, headers=packed, stream=httpx2.ByteStream(gzip.compress(b"whole"))),
    ]
    assert client(lambda _request: steps.pop(0), Time()).get(URL).text == "whole"


@pytest.mark.parametrize("status", [200, 304, 400, 403, 404, 412, 413, 428])
def test_every_other_answer_goes_up_at_once(status: int) -> None:
    time, server = Time(), Server(answer(status, retry_after="9"))
    assert client(server, time).get(URL).status_code == status
    assert (len(server.seen), time.slept) == (1, [])


def test_every_request_is_counted_and_every_wait_announced() -> None:
    time, waits = Time(), list[float]()
    server = Server(answer(429, retry_after="3"), answer(200))
    transport = PoliteTransport(
        httpx2.MockTransport(server), sleep=time.sleep, clock=time.clock, on_wait=waits.append
    )
    httpx2.Client(transport=transport).get(URL)
    assert (transport.requests, waits) == (2, [3])


def test_a_moment_named_to_one_thread_holds_for_all() -> None:
    time, sent = Time(), list[float]()

    def server(_request: httpx2.Request) -> httpx2.Response:
        sent.append(time.moment)
        return answer(200, backoff="30") if len(sent) == 1 else answer(200)

    polite = client(server, time)
    polite.get(URL)
    threads = [threading.Thread(target=polite.get, args=(URL,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 5
    assert min(sent[1:]) >= 1030


def test_closing_wakes_whoever_waits() -> None:
    waiting = threading.Event()
    transport = PoliteTransport(
        httpx2.MockTransport(Server(answer(429, retry_after="250"))),
        on_wait=lambda _seconds: waiting.set(),
    )
    errors = list[Exception]()

    def ask() -> None:
        try:
            transport.handle_request(httpx2.Request("GET", URL))
        except httpx2.PoolTimeout as exc:
            errors.append(exc)

    thread = threading.Thread(target=ask)
    thread.start()
    assert waiting.wait(10)
    transport.close()
    thread.join(10)
    assert len(errors) == 1


# Answers without an end


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_would_fill_the_memory_is_given_up_at_once(packed: bool) -> None:  # noqa: FBT001
    body = b"[" * 1_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    sent: list[httpx2.Request] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        stream = httpx2.ByteStream(gzip.compress(body) if packed else body)
        return httpx2.Response(200, headers=headers, stream=stream)

    with client(server, Time(), largest=999_999) as limited, pytest.raises(TooLargeError):
        limited.get(URL)
    assert len(sent) == 1
    with client(server, Time(), largest=1_000_000) as enough:
        answered = enough.get(URL)
    assert answered.content == body
    assert "Content-Encoding" not in answered.headers


def test_an_endless_answer_is_given_up() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    def server(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=endless())

    with client(server, Time(), largest=10_000) as limited, pytest.raises(TooLargeError):
        limited.get(URL)
