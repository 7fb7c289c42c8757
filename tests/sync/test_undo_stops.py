"""Stopped at any instant, an undo is finished by undoing the same run again (SYNC §11)."""

from __future__ import annotations

import random
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from sync.effects import (
    Effects,
    Mishap,
    Nature,
    PowerCutError,
    Watched,
    bad_line,
    none,
    power_cut,
)
from sync.setting import Setting
from sync.taking_back import undo, whole
from sync.worlds import FAST, deep

from zotsync.errors import ZotsyncError

_SAMPLE = 6
"""How many instants a quick run tries of each kind."""


def scene(root: Path) -> tuple[Setting, int]:
    """Return a world, and the run in it that did something of everything."""
    world = Setting(root)
    colleague, desk = world.colleague, world.desk
    shelf = colleague.collection("Rayon")
    edited = colleague.make(title="édité", volume="1", collections=[shelf])
    gone = colleague.make(title="jeté")
    colleague.make("note", note="<p>n</p>", parentItem=gone)
    desk.sync()
    desk.edit(edited, 'volume = "1"', 'volume = "2"')
    desk.file_of(gone).unlink()
    desk.write("neuf", 'itemType = "book"\ntitle = "neuf"\ncollections = ["Rayon", "Neuve"]\n')
    desk.workspace.collections.write_text(f'"Salle" = "{shelf}"\n', encoding="utf-8")
    outcome = desk.sync()
    assert outcome.exit_code == 0
    return world, outcome.run


def under(world: Setting, run: int, mishap: Mishap) -> Effects:
    """Undo a run while a mishap happens."""
    desk = world.desk
    effects = Effects(desk.root, mishap)
    desk.transport = Watched(httpx2.WSGITransport(app=desk.sandbox.app), effects)
    with effects.counted(), suppress(PowerCutError, ZotsyncError):
        undo(desk, run)
    desk.transport = None
    return effects


@pytest.mark.parametrize("kind", ["before", "half", "after", "lost"])
def test_an_undo_that_was_stopped_is_finished_by_the_next(kind: str) -> None:
    top = Path(tempfile.mkdtemp(dir=FAST))
    try:
        world, run = scene(top / "whole")
        effects = under(world, run, none).log
        expected = told(world)
        moments = [n for n, e in enumerate(effects) if kind != "lost" or e.nature is Nature.REQUEST]
        if not deep():
            moments = random.Random(kind).sample(moments, _SAMPLE)  # noqa: S311
        for at in moments:
            world, run = scene(top / str(at))
            cut = bad_line(at, kind, lasting=True) if kind == "lost" else power_cut(at, kind)
            under(world, run, cut)
            undo(world.desk, run)
            assert told(world) == expected, (at, effects[at])
            world.at_rest()
    finally:
        shutil.rmtree(top)


def told(world: Setting) -> object:
    """Return what both sides hold, keys and dates apart."""
    here, lines, shelves, items = whole(world)
    kept = ("title", "volume", "note", "collections")
    texts = sorted(str([fields.get(name) for name in kept]) for fields in here.values())
    names = sorted(name for name, _parent in shelves.values())
    titles = sorted(str(data.get("title", data.get("note"))) for data in items.values())
    return texts, sorted(lines), names, titles
