"""Zotero's limits for a key, with a bucket of requests for each."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class RateLimit:
    """● Zotero's limits for a key: 10 requests a second, 100 at once, 5 under way at a time."""

    per_second: float = 10
    burst: int = 100
    at_once: int = 5


@dataclass
class _Bucket:
    tokens: float
    at: float
    under_way: int = 0


class Buckets:
    """How many requests each client may still send."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def enter(self, who: str, limit: RateLimit, clock: Callable[[], float]) -> int | None:
        """Count a request as begun; return the seconds to wait instead if it is one too many."""
        with self._lock:
            now = clock()
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

    def clear(self) -> None:
        """Forget who asked how much."""
        with self._lock:
            self._buckets.clear()
