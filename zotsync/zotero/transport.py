"""Politeness towards the Zotero server, below everything that sends requests.

What the server asks for (`Backoff`, `Retry-After`) is settled here and nowhere else: these headers do
not go up, or pyzotero would wait a second time, with a clock of its own. A request is repeated only
where that cannot do harm: reads, and writes that the server refused before doing anything.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

PATIENCE = 300.0
"""Seconds that one request waits in all, before its answer is given up as it is."""
TRIES = 5
"""How often a read that failed on the way, or with a server error, is sent at most."""
LARGEST = 2**29
"""Bytes that an answer has at most: a hundred of the longest notes have half of that."""
REFUSED = "zotsync.refused"
"""Response extension: the server refused before it did anything (429, 503 with `Retry-After`)."""

_SAFE = frozenset({"GET", "HEAD"})
_BUSY = 429
_MAINTENANCE = 503
_PASSING = frozenset({500, 502, 503, 504})
_FIRST_DELAY, _LONGEST_DELAY = 1.0, 60.0

_AS_SENT = ("Content-Encoding", "Content-Length", "Transfer-Encoding")

Attempt = httpx2.Response | httpx2.RequestError
"""What one attempt came to."""


class TooLargeError(httpx2.RequestError):
    """An answer has no end that anybody should wait for."""


class PoliteTransport(httpx2.BaseTransport):
    """Hand requests on to `inner`, wait when the server asks for it, repeat what may be repeated.

    Shared by threads: all of them wait until the moment that the server named to one of them. `on_wait`
    is told the seconds before each wait. `clock` is monotonic, `now` the time of day (for dates).
    """

    def __init__(  # noqa: PLR0913 - the world is injected, for tests
        self,
        inner: httpx2.BaseTransport,
        *,
        patience: float = PATIENCE,
        largest: int = LARGEST,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        on_wait: Callable[[float], None] | None = None,
    ) -> None:
        self._inner = inner
        self._patience = patience
        self._largest = largest
        self._closing = threading.Event()
        self._sleep = sleep or self._closing.wait
        self._clock, self._now, self._chance = clock, now, chance
        self._on_wait = on_wait
        self._lock = threading.Lock()
        self._not_before = clock()
        self._requests = 0

    @property
    def requests(self) -> int:
        """Return how many requests were sent, repeated ones included."""
        return self._requests

    def close(self) -> None:
        """Close what is below, and wake whoever waits."""
        self._closing.set()
        self._inner.close()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to `request`, read to its end, after as many tries as it took."""
        started, tries = self._clock(), 0
        while True:
            self._wait(request)
            attempt = self._send(request)
            tries += 1
            delay = self._settle(request.method, attempt, tries)
            if delay is None or self._clock() - started + delay > self._patience:
                if isinstance(attempt, httpx2.Response):
                    return attempt
                raise attempt
            self._put_off(delay)

    def _send(self, request: httpx2.Request) -> Attempt:
        with self._lock:
            self._requests += 1
        try:
            # Read here, so that an answer cut short is a failed attempt too.
            return self._read(self._inner.handle_request(request))
        except httpx2.RequestError as exc:
            return exc

    def _read(self, response: httpx2.Response) -> httpx2.Response:
        """Return an answer with all of its body; TooLargeError before it fills the memory."""
        parts, size = [], 0
        try:
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > self._largest:
                    raise TooLargeError(f"more than {self._largest} bytes")
        finally:
            response.close()
        headers = response.headers.copy()
        for name in _AS_SENT:
            headers.pop(name, None)
        return httpx2.Response(
            response.status_code,
            headers=headers,
            content=b"".join(parts),
            extensions=response.extensions,
        )

    def _settle(self, method: str, attempt: Attempt, tries: int) -> float | None:
        """Take the server's wishes out of `attempt`; return the delay before a repeat, None: none."""
        if isinstance(attempt, TooLargeError):
            return None
        if isinstance(attempt, httpx2.RequestError):
            return self._own_delay(tries) if method in _SAFE and tries < TRIES else None
        self._heed_backoff(attempt)
        asked, own = self._asked_delay(attempt), self._own_delay(tries)
        status = attempt.status_code
        if status == _BUSY or (status == _MAINTENANCE and asked is not None):
            attempt.extensions[REFUSED] = True
            return max(asked or 0.0, own)  # growing, however often it says "Retry-After: 0"
        if status in _PASSING and method in _SAFE and tries < TRIES:
            return own
        return None

    def _heed_backoff(self, response: httpx2.Response) -> None:
        seconds = _seconds(response.headers.pop("Backoff", ""))
        if seconds:  # beyond our patience, asking again is better than hanging
            self._put_off(min(seconds, self._patience))

    def _asked_delay(self, response: httpx2.Response) -> float | None:
        """Return the seconds in `Retry-After`, which may be a date; None if there is none."""
        text = response.headers.pop("Retry-After", "")
        seconds = _seconds(text)
        if seconds is not None:
            return seconds
        moment = _moment(text)
        if moment is None:
            return None
        # The server's own clock counts, where it says what time it is there.
        here = _moment(response.headers.get("Date", ""))
        return max(0.0, moment - (self._now() if here is None else here))

    def _own_delay(self, tries: int) -> float:
        longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** (tries - 1))
        return longest * (0.5 + self._chance() / 2)

    def _put_off(self, seconds: float) -> None:
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + seconds)

    def _wait(self, request: httpx2.Request) -> None:
        """Wait until requests are welcome; another thread may put that moment off meanwhile."""
        while not self._closing.is_set():
            with self._lock:
                seconds = self._not_before - self._clock()
            if seconds <= 0:
                return
            if self._on_wait:
                self._on_wait(seconds)
            self._sleep(seconds)
        raise httpx2.PoolTimeout("closed while waiting", request=request)


def _seconds(text: str) -> float | None:
    """Return the number of seconds in a header; None if it holds none."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return max(0.0, seconds) if seconds < float("inf") else None  # nan and inf are no numbers


def _moment(text: str) -> float | None:
    """Return the Unix time of an HTTP date; None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else datetime.replace(moment, tzinfo=UTC)).timestamp()
