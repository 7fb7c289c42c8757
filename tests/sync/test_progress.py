"""What people are told of progress: where it begins, how far it is, and where it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.worlds import GROUP, URL, Colleague, Desk, make_sandbox

from zotsync.config import Config
from zotsync.model import Phase
from zotsync.sync.engine import Engine, Options
from zotsync.zotero.schema import bundled

Told = list[tuple[Phase, int, int | None]]


def sync(desk: Desk) -> Told:
    told: Told = []
    with (
        desk.library() as library,
        Engine(
            desk.workspace,
            Config(GROUP, URL),
            library,
            bundled(),
            progress=lambda *now: told.append(now),
        ) as engine,
    ):
        engine.sync(Options())
    return told


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


def test_a_first_pull_tells_what_is_fetched_and_written_from_nothing_to_all(desk: Desk) -> None:
    colleague = Colleague(desk.sandbox)
    for n in range(120):
        colleague.make(title=f"T{n}")
    told = sync(desk)
    pulled = [now for now in told if now[0] is Phase.PULL]
    assert pulled[0] == (Phase.PULL, 0, 120)
    assert pulled[-1] == (Phase.PULL, 120, 120)
    assert [now for now in told if now[0] is Phase.FILES][-1] == (Phase.FILES, 120, 120)
    assert sync(desk) == [(Phase.SCAN, 50, None), (Phase.SCAN, 100, None)]


def test_writes_tell_how_many_are_sent_before_the_first_is(desk: Desk) -> None:
    for n in range(60):
        desk.write(f"livre-{n}", f'itemType = "book"\ntitle = "Livre {n}"\n')
    told = [now for now in sync(desk) if now[0] is Phase.PUSH]
    assert told == [(Phase.PUSH, 0, 60), (Phase.PUSH, 50, 60), (Phase.PUSH, 60, 60)]
