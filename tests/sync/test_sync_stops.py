"""Whatever fails at any effect, the next run ends where an uninterrupted one would have (DESIGN §2)."""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sync.effects import (
    BROKEN,
    FORBIDDEN,
    FULL,
    LINES,
    Effect,
    Effects,
    Mishap,
    Nature,
    PowerCutError,
    Watched,
    bad_line,
    none,
    power_cut,
    refusal,
)
from sync.rights import RIGHTS, give_back
from sync.scenes import (
    SCENES,
    Scene,
    Told,
    everything,
    first_pull,
    leftovers,
    settling,
    tidying,
    told,
)
from sync.worlds import FAST, deep

from zotsync.errors import ZotsyncError
from zotsync.sandbox.server import Sandbox

_SAMPLE = 8
"""How many mishaps of each family a quick run tries in each scene."""


@pytest.fixture
def folders() -> Iterator[Callable[[], Path]]:
    top = Path(tempfile.mkdtemp(dir=FAST))
    yield lambda: Path(tempfile.mkdtemp(dir=top))
    shutil.rmtree(top)


def under(scene: Scene, mishap: Mishap) -> Effects:
    """Sync while a mishap happens to one effect, or to several."""
    desk = scene.world.desk
    effects = Effects(desk.root, mishap)
    desk.transport = Watched(httpx2.WSGITransport(app=desk.sandbox.app), effects)
    with effects.counted(), suppress(PowerCutError, ZotsyncError):
        scene.sync()
    desk.transport = None
    return effects


def losing(at: int, take: Callable[[Sandbox], None], sandbox: Sandbox) -> Mishap:
    """Take a right away just before a request."""

    def mishap(number: int, _effect: Effect, act: Callable[[], Any], _half: Any) -> Any:
        if number == at:
            take(sandbox)
        return act()

    return mishap


Making = Callable[[Sandbox], Mishap]


def always(mishap: Mishap) -> Making:
    return lambda _sandbox: mishap


def cuts(effects: list[Effect]) -> Iterator[tuple[str, Making]]:
    for number, effect in enumerate(effects):
        for when in ("before", "half", "after"):
            mishap = power_cut(number, when)
            yield f"cut {when} {number} {effect.what}", always(mishap)


def disks(effects: list[Effect]) -> Iterator[tuple[str, Making]]:
    for number, effect in enumerate(effects):
        if effect.nature is Nature.REQUEST:
            continue
        for error, lasting in ((FULL, False), (FULL, True), (BROKEN, False), (FORBIDDEN, True)):
            mishap = refusal(number, error, lasting=lasting)
            yield f"error {error} {lasting} {number} {effect.what}", always(mishap)


def lines(effects: list[Effect]) -> Iterator[tuple[str, Making]]:
    for number, effect in enumerate(effects):
        if effect.nature is not Nature.REQUEST:
            continue
        for kind in LINES:
            for lasting in (False, True):
                mishap = bad_line(number, kind, lasting=lasting)
                yield f"line {kind} {lasting} {number} {effect.what}", always(mishap)


def rights(effects: list[Effect]) -> Iterator[tuple[str, Making]]:
    for number, effect in enumerate(effects):
        if effect.nature is Nature.REQUEST:
            for take in RIGHTS:
                yield f"{take.__name__} {number} {effect.what}", partial(losing, number, take)


@dataclass(frozen=True)
class Uninterrupted:
    """What a scene comes to when nothing goes wrong."""

    effects: list[Effect]
    told: Told


def uninterrupted(scene: Scene) -> Uninterrupted:
    effects = under(scene, none)
    scene.world.at_rest()
    return Uninterrupted(effects.log, told(scene.world))


def require_the_same_after(
    name: str, mishap: Making, scene: Scene, whole: Uninterrupted, options: Mapping[str, Any]
) -> None:
    world = scene.world
    under(scene, mishap(world.sandbox))
    give_back(world.sandbox)
    outcome = world.desk.sync(**options)
    assert outcome.exit_code == 0, (name, outcome)
    assert told(world) == whole.told, name
    assert leftovers(world) == [], name
    world.at_rest()


Folders = Callable[[], Path]
Family = Callable[[list[Effect]], Iterator[tuple[str, Making]]]
MakingScene = Callable[[Path], Scene]


@pytest.mark.parametrize("family", [cuts, disks, lines, rights])
@pytest.mark.parametrize("scene", SCENES)
def test_whatever_fails_the_next_run_ends_where_one_would_have(
    folders: Folders, scene: MakingScene, family: Family
) -> None:
    whole = uninterrupted(scene(folders()))
    mishaps = list(family(whole.effects))
    if not deep():
        mishaps = random.Random(scene.__name__).sample(mishaps, _SAMPLE)  # noqa: S311
    for name, mishap in mishaps:
        tried = scene(folders())
        require_the_same_after(name, mishap, tried, whole, tried.options)


@pytest.mark.parametrize(
    ("scene", "effect"),
    [
        # The file has two names for a moment: no second copy in the trash.
        (everything, r"unlink .*/jete-la\.toml"),
        (settling, r"unlink .*/efface\.toml"),
        # Nothing is left to do but this: the next run would have nothing to do.
        (tidying, r"replace .* -> bibliography/items/livre-1\.toml"),
        (tidying, r"replace .* -> handouts/Là\.toml"),
        (tidying, r"replace .* -> bibliography/collections\.toml"),
        (first_pull, r"replace .* -> bibliography/collections\.toml"),
    ],
)
@pytest.mark.parametrize("family", [cuts, disks])
def test_what_was_half_done_is_finished_once(
    folders: Folders, scene: MakingScene, effect: str, family: Family
) -> None:
    whole = uninterrupted(scene(folders()))
    mishaps = [(name, m) for name, m in family(whole.effects) if re.search(effect, name)]
    assert mishaps
    for name, mishap in mishaps:
        tried = scene(folders())
        require_the_same_after(name, mishap, tried, whole, tried.options)


def test_a_stopped_run_leaves_no_line_of_what_it_did_not_do(folders: Folders) -> None:
    """The next one does it, and tells of it: once."""
    log = under(everything(folders()), none).log
    written = [n for n, e in enumerate(log) if re.match(r"replace|unlink .*jete-la|POST", e.what)]
    assert len(written) > 8
    for number in written:
        scene = everything(folders())
        under(scene, power_cut(number, "before"))
        scene.sync()
        with scene.world.desk.engine(None) as engine:
            lines = Counter(
                engine.state.rows(
                    "SELECT kind, key, side, decision, before, after, text FROM journal"
                )
            )
        assert [line for line, count in lines.items() if count > 1] == [], log[number]


@pytest.mark.parametrize("when", ["before", "after"])
def test_each_new_file_of_a_stopped_pull_is_told_once(folders: Folders, when: str) -> None:
    """Else `log` would not know it, nor `undo`."""
    log = under(first_pull(folders()), none).log
    steps = [n for n, e in enumerate(log) if re.match(r"COMMIT|link .*items/", e.what)]
    assert len(steps) > 4
    for number in steps:
        scene = first_pull(folders())
        under(scene, power_cut(number, when))
        scene.sync()
        with scene.world.desk.engine(None) as engine:
            told_of = Counter(
                key
                for (key,) in engine.state.rows(
                    "SELECT key FROM journal WHERE kind = 'item' AND side = 'file' AND file != ''"
                )
            )
            there = {key for (key,) in engine.state.rows("SELECT key FROM files")}
        assert told_of == dict.fromkeys(there, 1), log[number]


def test_everything_that_can_fail_is_met(folders: Folders) -> None:
    """An effect that nobody counts is one that nobody lets fail."""
    scene = everything(folders())
    seen = Counter(effect.what.split()[0] for effect in under(scene, none).log)
    assert {"create", "write", "fsync", "chmod", "replace", "link", "unlink", "mkdir"} <= set(seen)
    assert {"sync", "COMMIT", "GET", "POST"} <= set(seen)


def test_what_is_put_in_its_place_is_on_the_disk_before(folders: Folders) -> None:
    """The power may go: no name ever stands for a text that is not there yet."""
    for scene in SCENES:
        safe: set[str] = set()
        log = under(scene(folders()), none).log
        for effect in log:
            what, *names = effect.what.replace(" -> ", " ").split(" ")
            if what == "sync":
                safe |= {e.what.split(" ")[1] for e in log if e.what.startswith("write ")}
            elif what == "fsync":
                safe.add(names[0])
            elif what == "write":
                safe.discard(names[0])
            elif what in {"replace", "link"} and names[0].endswith(".tmp"):
                assert names[0] in safe, effect


def test_the_state_says_nothing_of_a_file_before_its_folder_is_on_the_disk(
    folders: Folders,
) -> None:
    for scene in SCENES:
        waiting: set[str] = set()
        for effect in under(scene(folders()), none).log:
            what, *names = effect.what.replace(" -> ", " ").split(" ")
            if what in {"replace", "link"}:
                waiting.add(names[-1].rpartition("/")[0])
            elif what == "fsync":
                waiting.discard(names[0])
            elif what == "COMMIT":
                assert waiting == set(), effect
