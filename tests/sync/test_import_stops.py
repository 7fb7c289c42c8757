"""Stopped at any instant, an import loses nothing, and what it did is taken back by `undo`."""

from __future__ import annotations

import random
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from sync.effects import Effects, Mishap, PowerCutError, none, power_cut
from sync.setting import Setting
from sync.taking_back import undo, whole
from sync.worlds import FAST, deep

from zotsync.bibliography.itemfile import parse_item
from zotsync.errors import ZotsyncError
from zotsync.proposal import Addition, Correction, Proposal
from zotsync.sync.remembering.entries import IMPORT

_SAMPLE = 12
"""How many instants a quick run tries of each kind."""


def scene(root: Path) -> tuple[Setting, Proposal]:
    """Return a synced world, and an import that adds and corrects there."""
    world = Setting(root)
    shelf = world.colleague.collection("Rayon")
    known = world.colleague.make(title="connu", volume="1", collections=[shelf])
    other = world.colleague.make(title="autre")
    world.desk.sync()
    book = {"itemType": "book", "collections": ["Rayon", "Neuve"]}
    additions = (
        Addition("", {**book, "title": "un"}, notes=("<p>À lire.</p>",)),
        Addition("", {**book, "title": "deux"}),
    )
    corrections = (
        Correction(known, "connu", "volume", "1", "2", {"volume": "1"}, {"volume": "2"}),
        Correction(other, "autre", "place", "", "Lyon", {"place": None}, {"place": "Lyon"}),
    )
    return world, Proposal(corrections, additions=additions)


def under(world: Setting, agreed: Proposal, mishap: Mishap) -> Effects:
    """Import while a mishap happens."""
    effects = Effects(world.desk.root, mishap)
    with effects.counted(), suppress(PowerCutError), world.desk.engine(None) as engine:
        engine.write_agreed(agreed)
    return effects


def whole_files(world: Setting) -> set[str]:
    """Return the titles of all items here; a file that is written in part fails."""
    return {
        str(parse_item(file.read_bytes(), file.name).fields.get("title", "note"))
        for file in world.desk.workspace.items.rglob("*.toml")
    }


@pytest.mark.parametrize("kind", ["before", "half", "after"])
def test_an_import_that_was_stopped_is_taken_back_or_goes_on(kind: str) -> None:
    top = Path(tempfile.mkdtemp(dir=FAST))
    try:
        world, agreed = scene(top / "whole")
        before = whole_files(world)
        effects = under(world, agreed, none).log
        assert whole_files(world) == before | {"un", "deux", "note"}
        moments = list(range(len(effects)))
        if not deep():
            moments = random.Random(kind).sample(moments, _SAMPLE)  # noqa: S311
        for at in moments:
            world, agreed = scene(top / str(at))
            was = whole(world)
            under(world, agreed, power_cut(at, kind))
            assert before <= whole_files(world), (at, effects[at])
            with world.desk.engine(None) as engine:
                begun = [run.id for run in engine.runs(1) if run.command == IMPORT]
            if begun and at % 2:
                with suppress(ZotsyncError):  # it was stopped before it did anything
                    undo(world.desk, begun[0])
                assert whole(world) == was, (at, effects[at])
            here = whole_files(world)
            world.desk.sync()
            world.at_rest()
            assert whole_files(world) == here, (at, effects[at])
    finally:
        shutil.rmtree(top)
