"""Undoing at a desk, and what both sides hold before and after."""

from __future__ import annotations

from typing import Any

from sync.setting import Setting
from sync.worlds import Desk

from zotsync.sync.engine import Undone
from zotsync.sync.undoing.undo import UndoPlan


def undo(desk: Desk, run: int | None = None, *, theirs: bool = False) -> Undone:
    with desk.library() as library, desk.engine(library) as engine:
        return engine.undo(run, theirs=theirs)


def undo_plan(desk: Desk, run: int | None = None, *, theirs: bool = False) -> UndoPlan:
    with desk.library() as library, desk.engine(library) as engine:
        return engine.undo_plan(run, theirs=theirs)


def whole(world: Setting) -> Any:
    """Return all that both sides hold, trash apart."""
    objects = world.colleague.get("/collections", limit=100)
    shelves = {
        o["key"]: (o["data"]["name"], o["data"]["parentCollection"])
        for o in objects
        if not o["data"].get("deleted")
    }
    items = {
        key: {n: v for n, v in data.items() if n not in ("version", "dateModified")}
        for key, data in world.colleague.library().items()
    }
    return world.desk.fields(), dict(world.desk.collections()), shelves, items
