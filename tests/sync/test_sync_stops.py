"""Stopped at any instant, the next run ends where an uninterrupted one would have (DESIGN §2)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sync.setting import Setting

from zotsync.sync.state import State


class StopError(BaseException):
    """The power is gone."""


class Countdown:
    """Raises at the n-th call, and at all after it: nothing else happens in that run."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.rang = False

    def tick(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.rang = True
            raise StopError


def scene(root: Path) -> Setting:
    """Return a desk and a library with something of everything to do."""
    world = Setting(root)
    colleague, desk = world.colleague, world.desk
    shelf = colleague.collection("Rayon")
    keys = {
        name: colleague.make(title=name, abstractNote="Un. Deux. Trois.", volume="1")
        for name in ("édité ici", "édité là", "fusion", "jeté ici", "jeté là", "retour", "perdu")
    }
    note = colleague.make("note", note="<p>note</p>", parentItem=keys["retour"])
    desk.sync()
    desk.edit(keys["édité ici"], 'volume = "1"', 'volume = "2"\ncollections = ["Neuf/Bas"]')
    colleague.change(keys["édité là"], volume="3", collections=[shelf])
    desk.edit(keys["fusion"], "Un.", "Un ici.")
    desk.edit(keys["fusion"], 'volume = "1"', 'tags = ["ici"]')
    colleague.change(
        keys["fusion"], abstractNote="Un. Deux. Trois là.", tags=[{"tag": "là"}], publisher="P"
    )
    desk.file_of(keys["jeté ici"]).unlink()
    colleague.trash(keys["jeté là"])
    desk.edit(note, "<p>note</p>", "note bis")
    colleague.trash(keys["retour"])
    desk.edit(keys["perdu"], 'volume = "1"', 'volume = "9"')
    colleague.erase(keys["perdu"])
    desk.write("neuf", 'itemType = "note"\nnote = "neuve"\ncollections = ["Rayon"]\n')
    colleague.make(title="neuf là")
    lines = desk.workspace.collections
    text = lines.read_text("utf-8").replace("Rayon", "Salle")
    lines.write_text(text, encoding="utf-8")
    return world


def told(world: Setting) -> list[Any]:
    """Return what both sides hold, keys apart."""
    objects = world.colleague.get("/collections", limit=100)
    names = {o["key"]: o["data"]["name"] for o in objects}
    there = []
    for data in world.colleague.library().values():
        shelves = sorted(names[k] for k in data.get("collections", ()))
        told = (data.get("title", ""), data.get("note", ""), data.get("volume", ""))
        there.append((*told, data.get("abstractNote", ""), str(data["tags"]), shelves))
    here = [
        (f.get("title", ""), f.get("note", ""), f.get("volume", ""), f.get("abstractNote", ""))
        for f in world.desk.fields().values()
    ]
    assert sorted(here) == sorted(t[:4] for t in there)
    return [sorted(there), sorted(names.values()), sorted(world.desk.collections())]


class Stopping(httpx2.BaseTransport):
    """Is stopped before or after a request is carried out."""

    def __init__(self, inner: httpx2.BaseTransport, clock: Countdown, *, late: bool) -> None:
        self.inner, self.clock, self.late = inner, clock, late

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not self.late:
            self.clock.tick()
        answer = self.inner.handle_request(request)
        answer.read()
        if self.late:
            self.clock.tick()
        return answer


@contextmanager
def stopping_requests(
    world: Setting, clock: Countdown, _patch: pytest.MonkeyPatch, *, late: bool
) -> Iterator[None]:
    inner = httpx2.WSGITransport(app=world.sandbox.app)
    world.desk.transport = Stopping(inner, clock, late=late)
    yield
    world.desk.transport = None


@contextmanager
def stopping_state(
    _world: Setting, clock: Countdown, patch: pytest.MonkeyPatch, *, late: bool
) -> Iterator[None]:
    whole = State.transaction

    @contextmanager
    def transaction(self: State) -> Iterator[None]:
        inside = self.db.in_transaction
        with whole(self):
            yield
            if not inside and not late:
                clock.tick()  # rolled back
        if not inside and late:
            clock.tick()

    with patch.context() as context:
        context.setattr(State, "transaction", transaction)
        yield


@contextmanager
def stopping_files(
    _world: Setting, clock: Countdown, patch: pytest.MonkeyPatch, *, late: bool
) -> Iterator[None]:
    replace = os.replace

    def counted(source: Any, target: Any, **kwargs: Any) -> None:
        if not late:
            clock.tick()
        replace(source, target, **kwargs)
        if late:
            clock.tick()

    with patch.context() as context:
        context.setattr(os, "replace", counted)
        yield


Stopper = Callable[..., Any]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("stopper", "stride"), [(stopping_requests, 2), (stopping_state, 6), (stopping_files, 2)]
)
def test_stopped_anywhere_the_next_run_ends_where_one_would_have(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stopper: Stopper,
    stride: int,
    late: bool,  # noqa: FBT001
) -> None:
    world = scene(tmp_path / "whole")
    assert world.desk.sync().exit_code == 0
    expected = told(world)
    world.at_rest()
    stops = int(late)  # there are dozens; before and after look at other ones
    while True:
        world = scene(tmp_path / str(stops))
        clock = Countdown(stops)
        with stopper(world, clock, monkeypatch, late=late), suppress(StopError):
            world.desk.sync()
        if not clock.rang:
            break
        outcome = world.desk.sync()
        assert outcome.exit_code == 0, (stops, outcome)
        assert told(world) == expected, stops
        world.at_rest()
        leftovers = [p.name for p in world.desk.workspace.items.rglob("*") if p.suffix != ".toml"]
        assert leftovers == [], stops
        stops += stride
    assert stops > 6
