"""Asking for many links: a few at a time, one at a time of one host, and what was told is remembered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from zotsync.bibliography import files
from zotsync.curating.answers import Answer, Outcome, Reason
from zotsync.curating.asking import TOO_MANY, ask
from zotsync.curating.edge import Edge

KEPT = "links.json"
AT_ONCE = 4
PAUSE = 1.0
"""Seconds between two requests to one host."""
_DAY = 86_400.0
LASTS = {
    Outcome.FINE: 30 * _DAY,
    Outcome.MOVED: 30 * _DAY,
    Outcome.GONE: 7 * _DAY,
    Outcome.UNSURE: _DAY,
    Outcome.REFUSED: 0.0,
}
"""How long an answer stands until it is asked for again."""
_SAVED_EVERY = 50


@dataclass
class _Turns:
    """Lets one host be asked by one thread at a time, and not at once again."""

    edge: Edge
    free: dict[str, threading.Lock] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until `host` may be asked."""
        with self.lock:
            free = self.free.setdefault(host, threading.Lock())
        with free:
            wait = self.last.get(host, -PAUSE) + PAUSE - self.edge.clock()
            if host in self.last and wait > 0:
                self.edge.sleep(wait)
            try:
                yield
            finally:
                self.last[host] = self.edge.clock()


def answers(
    urls: Iterable[str],
    folder: Path,
    edge: Edge,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Mapping[str, Answer]:
    """Return what is known of links: what was told lately, and what is told now.

    Whatever stops it, what has been told until then is remembered in `folder`.
    """
    wanted = list(dict.fromkeys(urls))
    known = remembered(folder / KEPT)
    now = edge.now()
    asked_for = [u for u in wanted if u not in known or _is_old(known[u], now)]
    found = dict(known)
    try:
        for number, (url, answer) in enumerate(_asked(asked_for, edge), 1):
            found[url] = answer
            told(number, len(asked_for))
            if not number % _SAVED_EVERY and not _is_cut_off(found, now):
                _remember(folder / KEPT, found)
    finally:
        if asked_for and not _is_cut_off(found, now):  # else nothing was told of any link
            _remember(folder / KEPT, found)
    return _if_connected({url: found[url] for url in wanted if url in found}, now)


def _is_old(answer: Answer, now: float) -> bool:
    return not 0 <= now - answer.asked < LASTS[answer.outcome]


def _is_cut_off(found: Mapping[str, Answer], since: float) -> bool:
    """Return whether no name of a host led anywhere: it is this machine that is cut off.

    What stands by its number, or on a network of one's own, says nothing about that.
    """
    fresh = [a for url, a in found.items() if a.asked >= since and _is_named(url)]
    telling = [a for a in fresh if a.reason is not Reason.PRIVATE]
    return bool(telling) and all(a.reason is Reason.NAME for a in telling)


def _is_named(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return not (":" in host or host.rpartition(".")[2].isdecimal())


def _if_connected(found: Mapping[str, Answer], since: float) -> Mapping[str, Answer]:
    """Return the answers; where this machine is cut off, a host without a name says nothing."""
    if not _is_cut_off(found, since):
        return found
    return {
        url: replace(a, outcome=Outcome.UNSURE) if a.reason is Reason.NAME else a
        for url, a in found.items()
    }


def _asked(urls: Sequence[str], edge: Edge) -> Iterator[tuple[str, Answer]]:
    """Yield each link with its answer, as they come; a host that has had enough is left alone."""
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(urlsplit(url).hostname or "", []).append(url)
    asking = _Asking(edge, _Turns(edge))
    for of_host in sorted(by_host.values(), key=len, reverse=True):  # the longest row sets the pace
        asking.rows.put(of_host)
    workers = [threading.Thread(target=asking.work, daemon=True) for _n in range(AT_ONCE)]
    for worker in workers:
        worker.start()
    busy = len(workers)
    try:
        while busy:
            if (told := asking.told.get()) is None:
                busy -= 1
            else:
                yield told
    finally:
        asking.stopped.set()


@dataclass
class _Asking:
    """What threads that ask for links share. Each takes a host's links, one after the other."""

    edge: Edge
    turns: _Turns
    rows: SimpleQueue[list[str]] = field(default_factory=SimpleQueue)
    told: SimpleQueue[tuple[str, Answer] | None] = field(default_factory=SimpleQueue)
    """None: a thread has ended."""
    stopped: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Ask until there is nothing left to ask for."""
        try:
            while not self.stopped.is_set():
                self._row(self.rows.get_nowait())
        except Empty:
            pass
        finally:
            self.told.put(None)

    def _row(self, urls: Iterable[str]) -> None:
        for url in urls:
            if self.stopped.is_set():
                return
            answer = ask(url, self.edge, self.turns.turn)
            self.told.put((url, answer))
            if answer.status == TOO_MANY:
                return


def remembered(file: Path) -> dict[str, Answer]:
    """Return what was told lately, by address; nothing where it cannot be read: it is asked for again."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return {url: _answer(entry) for url, entry in data["links"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _answer(entry: Mapping[str, object]) -> Answer:
    return Answer(
        Outcome(entry["outcome"]),
        float(str(entry["asked"])),
        int(str(entry["status"])),
        Reason(entry["reason"]),
        str(entry["to"]),
    )


def _remember(file: Path, found: Mapping[str, Answer]) -> None:
    links = {
        url: {**asdict(a), "outcome": a.outcome.value, "reason": a.reason.value}
        for url, a in sorted(found.items())
    }
    data = json.dumps({"version": 1, "links": links}, ensure_ascii=False, indent=1).encode()
    with files.told(file):
        temp, _info = files.write_temp(str(file.parent), data, sync=False)
        files.replace(temp, file)
