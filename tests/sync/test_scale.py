"""What a sync costs by the size of the library, in counts; the times are in bench/scale.py."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sync.worlds import GROUP, Colleague, Desk, make_sandbox

from zotsync.bibliography import files
from zotsync.zotero.answers import WRITE_SIZE

EDITS = 100
ALPHABET = "ABCDEFGHIJ"


def key(number: int) -> str:
    return "".join(ALPHABET[int(digit)] for digit in f"{number:08}")


def full_desk(root: Path, size: int) -> Desk:
    """Return a desk that has synced a library of `size` items, and whose files are of yesterday."""
    sandbox = make_sandbox()
    items = ({"key": key(n), "itemType": "book", "title": f"Titre {n}"} for n in range(size))
    sandbox.load_items(GROUP, items, user_id=2)
    desk = Desk(root, sandbox)
    desk.sync()
    yesterday = desk.workspace.state.stat().st_mtime - 86_400
    for path in desk.workspace.items.iterdir():
        os.utime(path, (yesterday, yesterday))
    assert desk.sync().run == 0
    return desk


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the item files that are read, and the waits for the disk."""
    counts: Counter[str] = Counter()
    real = files.read

    def read(path: Path) -> bytes:
        counts["read"] += "items" in path.parts
        return real(path)

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            counts[name] += 1
            return real(*args)

        return call

    monkeypatch.setattr(files, "read", read)
    monkeypatch.setattr(files, "fsync", counting("wait", files.fsync))
    monkeypatch.setattr(files, "sync_all", counting("wait", lambda: True))
    return counts


@pytest.mark.parametrize("size", [3, 300])
def test_a_sync_with_nothing_new_asks_once_and_reads_no_file(
    tmp_path: Path, effects: Counter[str], size: int
) -> None:
    desk = full_desk(tmp_path, size)
    effects.clear()
    outcome = desk.sync()
    assert (outcome.requests, outcome.run, outcome.exit_code) == (1, 0, 0)
    assert effects.total() == 0


@pytest.mark.parametrize("size", [120, 480])
def test_what_edits_cost_does_not_hang_on_the_size_of_the_library(
    tmp_path: Path, effects: Counter[str], size: int
) -> None:
    desk = full_desk(tmp_path, size)
    for number in range(EDITS):
        desk.edit(key(number), f"Titre {number}", f"Titre, ici {number}")
    there = [{"key": key(n), "version": 0, "place": "Lyon"} for n in range(EDITS)]
    colleague = Colleague(desk.sandbox)
    for start in range(0, EDITS, WRITE_SIZE):
        part = there[start : start + WRITE_SIZE]
        versions = {k: colleague.item(k)["version"] for k in (str(o["key"]) for o in part)}
        colleague.post("items", [{**o, "version": versions[str(o["key"])]} for o in part])
    effects.clear()
    outcome = desk.sync()
    assert outcome.exit_code == 0
    assert {item["place"] for item in desk.fields().values() if "place" in item} == {"Lyon"}
    looks = 2 * 3  # what differs, the collections, the tombstones; and again after the writes
    assert outcome.requests == looks + 1 + math.ceil(EDITS / WRITE_SIZE)
    assert effects["read"] <= 5 * EDITS
    assert effects["wait"] <= 10


@pytest.mark.parametrize("size", [120, 480])
def test_a_first_push_writes_fifty_at_a_time_and_waits_for_the_disk_by_the_batch(
    tmp_path: Path, effects: Counter[str], size: int
) -> None:
    desk = Desk(tmp_path, make_sandbox())
    for number in range(size):
        desk.write(f"livre-{number}", f'itemType = "book"\ntitle = "Titre {number}"\n')
    outcome = desk.sync()
    assert outcome.exit_code == 0
    assert len(desk.sandbox.faults.log) == outcome.requests
    looks = 2 * 3
    assert outcome.requests == looks + math.ceil(size / WRITE_SIZE)
    assert effects["read"] <= 5 * size
    assert effects["wait"] <= 10
