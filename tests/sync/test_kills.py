"""Kill -9: the real command over a socket, killed at random moments of a sync (DESIGN §2)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sync.worlds import CURATOR, GROUP, Colleague, Desk, deep, make_sandbox

from zotsync.bibliography.itemfile import amend_item_text, new_item_text, parse_item
from zotsync.model import normal
from zotsync.sandbox.server import Sandbox

_LIBRARY = 40
"""Items that are there from the beginning."""
_SHELVES = ("A", "A/B", "C")
_COMMAND = ("sync", "--allow-mass-delete", "--allow-mass-change")
_FINE = {0, 6}
"""Done; or the other workspace writes faster than this one can."""


@dataclass
class Office:
    """Two workspaces and a colleague around a server that listens on a socket."""

    root: Path
    sandbox: Sandbox
    url: str
    tokens: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(7)  # noqa: S311
        self.colleague = Colleague(self.sandbox)
        self.desks = [Desk(self.root / name, self.sandbox) for name in "ab"]
        for desk in self.desks:
            text = f'group = {GROUP}\napi_url = "{self.url}"\non_conflict = "local"\n'
            (desk.root / "zotsync.toml").write_text(text, encoding="utf-8")

    def token(self) -> str:
        token = f"jeton{len(self.tokens):05}fin"
        self.tokens.add(token)
        return token

    def start(self, desk: Desk) -> subprocess.Popen[str]:
        """Start a sync as a user would."""
        return subprocess.Popen(
            [sys.executable, "-m", "zotsync", "-C", str(desk.root), "-q", *_COMMAND],
            env={**os.environ, "ZOTERO_API_KEY": CURATOR},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def work(self) -> None:
        """Let everybody write something."""
        for desk in self.desks:
            for _n in range(self.random.randint(5, 25)):
                self._edit(desk)
        for _n in range(self.random.randint(1, 8)):
            self.colleague.make(title=self.token())

    def _edit(self, desk: Desk) -> None:
        files = sorted(desk.workspace.items.glob("*.toml"))
        token = self.token()
        if files and self.random.random() < 0.6:
            path = self.random.choice(files)
            text = path.read_text("utf-8")
            tags = [*parse_item(text.encode(), path.name).fields.get("tags", []), {"tag": token}]
            path.write_text(amend_item_text(text, changes={"tags": tags}), encoding="utf-8")
        else:
            shelf = self.random.choice(_SHELVES)
            book = {"itemType": "book", "title": token, "collections": [shelf]}
            desk.write(f"neuf-{token}", new_item_text(None, book))

    def library(self) -> dict[str, dict[str, Any]]:
        """Return key -> fields of all items in Zotero."""
        found: dict[str, dict[str, Any]] = {}
        while page := self.colleague.get("/items", limit=100, start=len(found)):
            found |= {o["key"]: dict(normal(o["data"])) for o in page}
        return found


@dataclass
class Killer:
    """Kills syncs at random moments, and counts what it hit."""

    office: Office
    lasts: float = 0.0
    """Seconds for which an uninterrupted sync holds the lock."""
    landed: Counter[str] = field(default_factory=Counter)
    missed: int = 0

    def __post_init__(self) -> None:
        self._asked: list[str] = []
        self._strikes: Callable[[], None] = _nothing
        self.office.sandbox.faults.hooks.append(self._asks)

    def _asks(self, method: str, _path: str) -> None:
        self._asked.append(method)
        self._strikes()

    def measure(self) -> None:
        """Let one sync that writes much through, and see how long it takes."""
        desk = self.office.desks[0]
        self.office.start(desk).communicate()
        self.office.work()
        self._asked.clear()
        process = self.office.start(desk)
        _wait(process, _lock(desk))
        begun = time.monotonic()
        process.communicate()
        assert process.returncode == 0
        self.lasts = time.monotonic() - begun

    def kill_in_time(self, moment: float, desks: Iterable[Desk]) -> None:
        """Start syncs at once and kill them, `moment` (0 to 1) of the way through."""
        self._asked.clear()
        started = [(desk, self.office.start(desk)) for desk in desks]
        for desk, process in started:
            _wait(process, _lock(desk))
        until = time.monotonic() + moment * self.lasts
        while time.monotonic() < until:
            time.sleep(0.001)
        for desk, process in started:
            process.kill()
            self._count(desk, process)

    def kill_at_a_request(self, desk: Desk, method: str, number: int) -> None:
        """Start a sync and kill it when a request arrives, which is carried out all the same."""
        self._asked.clear()
        process = self.office.start(desk)

        def strike() -> None:
            if self._asked[-1] == method and self._asked.count(method) == number:
                process.kill()

        self._strikes = strike
        self._count(desk, process)
        self._strikes = _nothing

    def _count(self, desk: Desk, process: subprocess.Popen[str]) -> None:
        told, _none = process.communicate()
        if process.returncode >= 0:
            assert process.returncode in _FINE, told
            self.missed += 1
        elif not _lock(desk).exists():
            self.missed += 1  # before it held the lock, or after
        else:
            self.landed["writing" if "POST" in self._asked else "reading"] += 1


def _wait(process: subprocess.Popen[str], lock: Path) -> None:
    while process.poll() is None and not lock.exists():
        time.sleep(0.001)


def _lock(desk: Desk) -> Path:
    """Return the file that names who holds the lock; a sync that is killed leaves it behind."""
    return desk.workspace.lock.with_name(f"{desk.workspace.lock.name}.json")


def _nothing() -> None:
    pass


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    sandbox = make_sandbox()
    with sandbox.serve() as served:
        office = Office(tmp_path, sandbox, served.url)
        books = [{"itemType": "book", "title": office.token()} for _n in range(_LIBRARY)]
        sandbox.load_items(GROUP, books)
        sandbox.faults.latency = 0.01
        yield office
    sandbox.close()


def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_doubled(office: Office) -> None:
    kills = 200 if deep() else 20
    killer = Killer(office)
    killer.measure()
    for n in range(2 * kills):
        office.work()
        one = office.desks[n // 4 % 2]
        # Spread over the whole of a sync, with some chance in it.
        moment = (n * 7 % kills + office.random.random()) / kills
        match n % 4:
            case 0:
                killer.kill_in_time(moment, [one])
            case 1:
                killer.kill_in_time(moment, office.desks)
            case 2:
                killer.kill_at_a_request(one, "POST", max(1, n // 4 % 3))
            case _:
                killer.kill_at_a_request(one, "GET", 1 + n // 4 % 6)
        if killer.landed.total() >= kills:
            break
    assert killer.landed.total() >= kills > killer.missed, killer
    assert min(killer.landed["reading"], killer.landed["writing"]) >= kills // 5, killer
    _converge(office)
    _compare(office)


def _converge(office: Office) -> None:
    for _round in range(3):
        for desk in office.desks:
            process = office.start(desk)
            told, _none = process.communicate()
            assert process.returncode == 0, told


def _compare(office: Office) -> None:
    there = office.library()
    for desk in office.desks:
        with desk.engine(None) as engine:
            assert engine.items() == there
        assert [p.name for p in desk.workspace.items.rglob("*") if p.suffix != ".toml"] == []
        assert list(desk.workspace.trash.glob("*")) == []
        assert not _lock(desk).exists()
    titles = Counter(str(fields["title"]) for fields in there.values())
    assert {title: n for title, n in titles.items() if n > 1} == {}
    everything = str(there)
    assert {token for token in office.tokens if token not in everything} == set()
    shelves = Counter(o["data"]["name"] for o in office.colleague.get("/collections"))
    assert shelves == {"A": 1, "B": 1, "C": 1}
