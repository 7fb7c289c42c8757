"""Faults on demand: what tests, and people who write clients, want to see go wrong.

Planned ones (`plan`) are met in their order, each by the first request it fits; others are drawn at
random (`seed`). Without any, the server is as polite and as quick as it can be.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from http import HTTPStatus

from zotsync.sandbox.ratelimit import Buckets, RateLimit
from zotsync.sandbox.requestlog import Logged

RATE = 0.1
"""Of the requests, how many meet a fault that is drawn at random, unless told otherwise."""
_REMEMBERED = 10_000
_ALWAYS = 0


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with a request; what is not set goes right.

    `status`: this answer instead of the right one, and nothing is done (`retry_after`: the seconds
    it asks to wait). `reset`: the connection is reset, and nothing is done. `lost`: the request is
    carried out, the answer never comes. `cut`: only that many bytes of the answer's body come.
    `slow`: the body comes drop by drop, over that many seconds. `latency`: seconds before anything
    happens. `backoff`: a `Backoff` header on the answer.

    `method`, `path`: which requests it is for (`path`: a part of the address with its query; ""
    for any). `skip`: how many of them go well first. `times`: how many it is for; 0 for no end.
    """

    status: int | None = None
    retry_after: float | None = None
    backoff: float | None = None
    lost: bool = False
    cut: int | None = None
    latency: float = 0.0
    reset: bool = False
    slow: float = 0.0
    method: str = ""
    path: str = ""
    skip: int = 0
    times: int = 1

    def fits(self, method: str, path: str) -> bool:
        """Return whether the fault is for this request."""
        return (not self.method or self.method == method) and self.path in path

    def __str__(self) -> str:
        """Return what goes wrong, as a log names it; "" if nothing does."""
        parts = []
        for effect in EFFECTS:
            value = getattr(self, effect)
            if value is True:
                parts.append(effect)
            elif value != getattr(_NONE, effect):
                parts.append(f"{effect}={value:g}")
        return " ".join(parts)


_NONE = Fault()
CONDITIONS = ("method", "path", "skip", "times")
EFFECTS = tuple(one.name for one in fields(Fault) if one.name not in CONDITIONS)
MIX = (
    Fault(status=429, retry_after=1),
    Fault(status=503, retry_after=1),
    Fault(status=500),
    Fault(backoff=1),
    Fault(latency=1),
    Fault(slow=1),
    Fault(reset=True),
    Fault(lost=True),
    Fault(cut=100),
)
"""What is drawn at random, each as often as the others."""


def too_many(retry_after: float | None = 1, *, method: str = "", path: str = "") -> Fault:
    """Return a 429."""
    return Fault(429, retry_after, method=method, path=path)


def maintenance(retry_after: float | None = 1, *, method: str = "", path: str = "") -> Fault:
    """Return a 503, as in maintenance."""
    return Fault(503, retry_after, method=method, path=path)


def lost_answer(*, method: str = "", path: str = "") -> Fault:
    """Return a broken connection after the request has been carried out."""
    return Fault(lost=True, method=method, path=path)


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
    seed: int | None = None
    """Draws faults at random. A request's method, its path (without query) and how often it came
    before decide what it meets, so the order of other requests changes nothing."""
    rate: float = RATE
    """How many of the requests meet a fault that is drawn: 0 for none, 1 for each."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    log: list[Logged] = field(default_factory=list)
    """The last requests that were answered, the oldest first."""
    watch: Callable[[Logged], None] | None = None
    """Called with each request once it is answered, one at a time."""
    hooks: list[Callable[[str, str], None]] = field(default_factory=list)
    """Called with method and path before a request is carried out: a colleague who writes just
    in between is played this way."""
    _planned: list[Fault] = field(default_factory=list)
    _met: Counter[str] = field(default_factory=Counter)
    _buckets: Buckets = field(default_factory=Buckets)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, *faults: Fault) -> None:
        """Put faults at the end of the queue; each is used up by the first requests it fits."""
        with self._lock:
            self._planned.extend(faults)

    @property
    def planned(self) -> tuple[Fault, ...]:
        """Return the faults that are still to be met."""
        with self._lock:
            return tuple(self._planned)

    def clear(self) -> None:
        """Forget all faults, limits and the log."""
        with self._lock:
            self._planned.clear()
            self._met.clear()
            self._buckets.clear()
            self.log.clear()
            self.hooks.clear()
            self.latency, self.backoff, self.closed, self.rate_limit = 0.0, None, None, None
            self.seed, self.rate = None, RATE

    def meet(self, method: str, path: str) -> Fault:
        """Return what goes wrong with this request: the standing state, a planned fault, a draw."""
        with self._lock:
            if self.closed is not None:
                return Fault(HTTPStatus.SERVICE_UNAVAILABLE, self.closed, self.backoff)
            return self._next_planned(method, path) or self._drawn(method, path)

    def _next_planned(self, method: str, path: str) -> Fault | None:
        for index, fault in enumerate(self._planned):
            if not fault.fits(method, path):
                continue
            if fault.skip:
                self._planned[index] = replace(fault, skip=fault.skip - 1)
                continue
            if fault.times == 1:
                del self._planned[index]
            elif fault.times != _ALWAYS:
                self._planned[index] = replace(fault, times=fault.times - 1)
            return fault
        return None

    def _drawn(self, method: str, path: str) -> Fault:
        if self.seed is None:
            return _NONE
        request = f"{method} {path.partition('?')[0]}"
        self._met[request] += 1
        dice = random.Random(f"{self.seed} {request} {self._met[request]}")  # noqa: S311 - a game
        return dice.choice(MIX) if dice.random() < self.rate else _NONE

    def note(self, logged: Logged) -> None:
        """Write a request into the log."""
        with self._lock:
            self.log.append(logged)
            del self.log[:-_REMEMBERED]
            if self.watch is not None:
                self.watch(logged)

    def enter(self, who: str) -> int | None:
        """Count a request as begun; return the seconds to wait instead if it is one too many."""
        if self.rate_limit is None:
            return None
        return self._buckets.enter(who, self.rate_limit, self.clock)

    def leave(self, who: str) -> None:
        """Count a request as done."""
        self._buckets.leave(who)
