"""The lock of a workspace: who holds it, since when, and whether it still lives."""

from __future__ import annotations

import json
import os
import socket
import time
from datetime import datetime
from pathlib import Path

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.errors import ZotsyncError
from zotsync.figures import when
from zotsync.sync.remembering import lock
from zotsync.sync.remembering.journal import utc_now
from zotsync.sync.remembering.lock import locked


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "a", make_sandbox())
    Colleague(desk.sandbox).make(title="Un titre")
    desk.sync()
    return desk


def owner_of(desk: Desk) -> Path:
    return desk.workspace.lock.with_name("lock.json")


def held_by(desk: Desk, host: str, *, silent_for: float = 0) -> None:
    """Let a process of `host` hold the lock, whose last sign of life was a while ago."""
    told = {"host": host, "pid": 7, "command": "sync", "since": "2026-11-23T14:05:00+00:00"}
    owner_of(desk).write_text(json.dumps(told), encoding="utf-8")
    moment = time.time() - silent_for
    os.utime(owner_of(desk), (moment, moment))


def refused(desk: Desk) -> ZotsyncError:
    with pytest.raises(ZotsyncError) as error:
        desk.sync()
    return error.value


def test_a_second_command_names_the_first_which_lives(desk: Desk) -> None:
    since = utc_now()
    with locked(desk.workspace.lock, "resolve", since):
        error = refused(desk)
    message = error.problem.message
    assert f"resolve on {socket.gethostname()} (process {os.getpid()})" in message
    assert when(since) in message
    assert error.problem.hint == "It is still at work: wait until it is done."
    assert error.exit_code == 1
    assert desk.sync().exit_code == 0


def test_another_computer_that_gives_signs_of_life_is_waited_for(desk: Desk) -> None:
    held_by(desk, "autre-poste", silent_for=30)
    error = refused(desk)
    assert "autre-poste" in error.problem.message
    assert when(datetime.fromisoformat("2026-11-23T14:05:00+00:00")) in error.problem.message
    assert error.problem.hint.startswith("It is still at work (last sign of life: just now)")
    assert "delete" not in error.problem.hint


def test_another_computer_that_is_silent_seems_dead_and_the_file_to_delete_is_named(
    desk: Desk,
) -> None:
    held_by(desk, "autre-poste", silent_for=3.5 * 3600)
    hint = refused(desk).problem.hint
    assert hint.startswith("It seems to be dead (last sign of life: 3 hours ago)")
    assert f"if autre-poste is an earlier name of this computer ({socket.gethostname()})" in hint
    assert hint.endswith(f"delete {owner_of(desk)}.")
    owner_of(desk).unlink()
    assert desk.sync().exit_code == 0


def test_what_a_stopped_run_of_this_host_left_is_no_lock(desk: Desk) -> None:
    held_by(desk, socket.gethostname())
    assert desk.sync().exit_code == 0
    assert not owner_of(desk).exists()


@pytest.mark.parametrize("left", ["", "{", "[]", '{"host": "autre-poste"}'])
def test_a_name_that_was_cut_short_is_told_as_far_as_it_goes(desk: Desk, left: str) -> None:
    owner_of(desk).write_text(left, encoding="utf-8")
    if "host" in left:
        assert "autre-poste (process ?), since ?" in refused(desk).problem.message
    else:
        assert desk.sync().exit_code == 0


def test_whoever_holds_it_gives_signs_of_life(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PULSE", 0.01)
    with locked(desk.workspace.lock, "sync", utc_now()):
        os.utime(owner_of(desk), (0, 0))
        for _n in range(1000):
            if owner_of(desk).stat().st_mtime > 0:
                break
            time.sleep(0.01)
        assert owner_of(desk).stat().st_mtime > 0
    assert not owner_of(desk).exists()
