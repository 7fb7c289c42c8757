"""Faults on demand, rate limiting, and a log of what was asked: what tests set up and look at.

A fault is used up by the first request it fits. Without any, the server is as polite and as quick
as it can be.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with one request.

    `status`: this answer instead of the right one, and nothing is done. `backoff`: a `Backoff`
    header on the answer. `lost`: the request is carried out, the answer never comes. `cut`: only
    that many bytes of the answer's body come. `latency`: seconds before anything happens.
    `method`, `path`: which requests it is for (`path`: a part of the address; "" for any).
    """

    status: int | None = None
    retry_after: float | None = None
    backoff: float | None = None
    lost: bool = False
    cut: int | None = None
    latency: float = 0.0
    method: str = ""
    path: str = ""

    def fits(self, method: str, path: str) -> bool:
        """Return whether the fault is for this request."""
        return (not self.method or self.method == method) and self.path in path


def too_many(retry_after: float | None = 1, *, method: str = "", path: str = "") -> Fault:
    """Return a 429."""
    return Fault(429, retry_after, method=method, path=path)


def maintenance(retry_after: float | None = 1, *, method: str = "", path: str = "") -> Fault:
    """Return a 503, as in maintenance."""
    return Fault(503, retry_after, method=method, path=path)


def lost_answer(*, method: str = "", path: str = "") -> Fault:
    """Return a broken connection after the request has been carried out."""
    return Fault(lost=True, method=method, path=path)


@dataclass(frozen=True)
class RateLimit:
    """● Zotero's limits for a key: 10 requests a second, 100 at once, 5 under way at a time."""

    per_second: float = 10
    burst: int = 100
    at_once: int = 5


@dataclass(frozen=True)
class Logged:
    """One request that was answered."""

    method: str
    path: str
    """With the query."""
    status: int


@dataclass
class _Bucket:
    tokens: float
    at: float
    under_way: int = 0


@dataclass
class Faults:
    """What goes wrong, and what was asked. Every attribute may be set at any time."""

    latency: float = 0.0
    """Seconds before each answer."""
    backoff: float | None = None
    """A `Backoff` header on every answer."""
    closed: float | None = None
    """Maintenance: every request gets a 503 with this `Retry-After`."""
    rate_limit: RateLimit | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    log: list[Logged] = field(default_factory=list)
    hooks: list[Callable[[str, str], None]] = field(default_factory=list)
    """Called with method and path before a request is carried out: a colleague who writes just
    in between is played this way."""
    _planned: list[Fault] = field(default_factory=list)
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, *faults: Fault) -> None:
        """Put faults at the end of the queue; each is used up by the first request it fits."""
        with self._lock:
            self._planned.extend(faults)

    @property
    def planned(self) -> tuple[Fault, ...]:
        """Return the faults that no request has met yet."""
        with self._lock:
            return tuple(self._planned)

    def clear(self) -> None:
        """Forget all faults, limits and the log."""
        with self._lock:
            self._planned.clear()
            self._buckets.clear()
            self.log.clear()
            self.hooks.clear()
            self.latency, self.backoff, self.closed, self.rate_limit = 0.0, None, None, None

    def meet(self, method: str, path: str) -> Fault:
        """Return what goes wrong with this request: the planned fault, or the standing state."""
        with self._lock:
            if self.closed is not None:
                return Fault(HTTPStatus.SERVICE_UNAVAILABLE, self.closed, self.backoff)
            for index, fault in enumerate(self._planned):
                if fault.fits(method, path):
                    return self._planned.pop(index)
        return Fault()

    def note(self, method: str, path: str, status: int) -> None:
        """Write a request into the log."""
        with self._lock:
            self.log.append(Logged(method, path, status))

    def enter(self, who: str) -> int | None:
        """Count a request as begun; return the seconds to wait instead if it is one too many."""
        with self._lock:
            limit = self.rate_limit
            if limit is None:
                return None
            now = self.clock()
            bucket = self._buckets.setdefault(who, _Bucket(limit.burst, now))
            gained = (now - bucket.at) * limit.per_second
            bucket.tokens, bucket.at = min(float(limit.burst), bucket.tokens + gained), now
            if bucket.tokens < 1:
                # ● Zotero names the time until the whole burst is there again.
                return max(1, math.ceil(limit.burst / limit.per_second))
            if bucket.under_way >= limit.at_once:
                return 1
            bucket.tokens -= 1
            bucket.under_way += 1
            return None

    def leave(self, who: str) -> None:
        """Count a request as done."""
        with self._lock:
            bucket = self._buckets.get(who)
            if bucket and bucket.under_way:
                bucket.under_way -= 1
