"""Ctrl-C at any time: one line, exit code 130, nothing half-written, and the next sync goes on from there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cli.conftest import GROUP, MAIN_KEY
from cli.terminal import hang_up, started

from zotsync.config import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows sends Ctrl-C to all at once")
BOOK = 'itemType = "book"\ntitle = "{title}"\ncollections = ["Ouvrages/{shelf}"]\n'


def start(workspace: Path, *words: str) -> subprocess.Popen[str]:
    """Start zotsync as a shell does, where Ctrl-C reaches it."""

    def listen() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    return subprocess.Popen(
        [sys.executable, "-m", "zotsync", "-C", str(workspace), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=listen,  # noqa: PLW1509 - one call, no lock
    )


def interrupted(process: subprocess.Popen[str]) -> bool:
    """Return whether a process was interrupted, and told it in one line; it may have been done before."""
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode in (0, 130), err
    if process.returncode == 130:
        assert err.splitlines()[-1] == "Interrupted."
        assert err.count("Interrupted.") == 1
        assert out == ""
    return process.returncode == 130


def write(workspace: Path, number: int) -> None:
    for n in range(8):
        file = Workspace(workspace).items / f"livre-{number}-{n}.toml"
        text = BOOK.format(title=f"Livre {number} {n}", shelf=number)
        file.write_text(text, encoding="utf-8")


def is_clean(workspace: Path) -> bool:
    """Return whether no half-written file and no holder of the lock is left."""
    left = [path for path in workspace.rglob("*") if path.name.startswith(".zotsync-")]
    return not left and not (Workspace(workspace).private / "lock.json").exists()


def titles(workspace: Path) -> list[str]:
    files = Workspace(workspace).items.glob("*.toml")
    return sorted(file.read_text("utf-8").split('title = "')[1].split('"')[0] for file in files)


def finish(run: Any, workspace: Path, server: Any, titles_here: list[str]) -> None:
    """Check that the next sync ends where an uninterrupted one would have."""
    assert run("-C", workspace, "sync", "-q").exit_code == 0
    assert titles(workspace) == titles_here
    assert sorted(in_zotero(server)) == titles_here


def in_zotero(server: Any) -> list[str]:
    found: list[str] = []
    url, headers = f"{server.url}/groups/{GROUP}/items", {"Zotero-API-Key": MAIN_KEY}
    while True:
        params = {"limit": "100", "start": str(len(found))}
        page = httpx2.get(url, params=params, headers=headers, trust_env=False).json()
        if not page:
            return found
        found += [item["data"]["title"] for item in page]


@pytest.fixture
def synced(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    write(workspace, 0)
    assert run("-C", workspace, "sync").exit_code == 0
    return workspace


def started_until(
    server: Any,
    number: int,
    workspace: Path,
    *words: str,
    ending: signal.Signals = signal.SIGINT,
) -> subprocess.Popen[str]:
    """Start zotsync, and interrupt it when its request of this number arrives."""
    asked: list[str] = []
    processes: list[subprocess.Popen[str]] = []

    def hook(method: str, _path: str) -> None:
        asked.append(method)
        if len(asked) == number:
            processes[0].send_signal(ending)

    server.sandbox.faults.hooks[:] = [hook]
    processes.append(start(workspace, *words))
    return processes[0]


def test_an_interrupt_at_any_request_of_a_sync_is_clean(
    run: Any, synced: Path, server: Any
) -> None:
    hit, number = True, 0
    while hit:
        number += 1
        write(synced, number)
        hit = interrupted(started_until(server, number, synced, "sync", "--yes"))
        assert is_clean(synced)
    assert number > 3
    expected = sorted(f"Livre {n} {m}" for n in range(number + 1) for m in range(8))
    finish(run, synced, server, expected)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_the_end_of_a_session_is_a_ctrl_c(run: Any, synced: Path, server: Any, name: str) -> None:
    write(synced, 1)
    assert interrupted(
        started_until(server, 2, synced, "sync", "--yes", ending=signal.Signals[name])
    )
    assert is_clean(synced)
    finish(run, synced, server, sorted(f"Livre {n} {m}" for n in range(2) for m in range(8)))


def test_a_terminal_that_is_closed_is_a_ctrl_c(run: Any, synced: Path, server: Any) -> None:
    write(synced, 1)
    asked: list[str] = []
    with started(("-C", synced, "sync"), 80, "xterm") as (process, main):

        def hook(method: str, _path: str) -> None:
            asked.append(method)
            if len(asked) == 2:
                hang_up(main)

        server.sandbox.faults.hooks[:] = [hook]
        assert process.wait(timeout=60) == 130
    assert is_clean(synced)
    finish(run, synced, server, sorted(f"Livre {n} {m}" for n in range(2) for m in range(8)))


@pytest.mark.parametrize("command", [("sync", "-q"), ("status",), ("render", "--all")])
def test_an_interrupt_at_any_moment_is_one_line(
    run: Any, synced: Path, server: Any, command: tuple[str, ...]
) -> None:
    (Workspace(synced).handouts / "livres.toml").write_text('title = "Livres"\n', "utf-8")
    begun = time.monotonic()
    start(synced, *command).communicate()
    lasts = time.monotonic() - begun
    hit = 0
    for number in range(1, 9):
        write(synced, number)
        process = start(synced, *command)
        time.sleep(lasts * number / 9)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        # Python itself takes a moment to begin, in which no program can listen.
        early = process.returncode == -signal.SIGINT and not out and ", in main\n" not in err
        assert early or "Traceback" not in err
        assert early or process.returncode in (0, 130), err
        hit += process.returncode == 130
        if process.returncode == 130:
            assert err.splitlines()[-1] == "Interrupted."
        assert is_clean(synced)
    assert hit
    expected = sorted(f"Livre {n} {m}" for n in range(9) for m in range(8))
    finish(run, synced, server, expected)


BEFORE_ANYBODY_KNOWS = """
import os, signal, sys
from zotsync import interrupts
from zotsync.bibliography import files

interrupts.listen()
try:
    files.write_temp(sys.argv[1], b"whole", sync=False)
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    interrupts.ignore()
    interrupts.end(130)
"""


def test_a_file_that_was_just_begun_is_not_left_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BEFORE_ANYBODY_KNOWS, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_with_json_an_interrupt_is_one_document(synced: Path, server: Any) -> None:
    process = started_until(server, 1, synced, "status", "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    told = json.loads(out)
    assert (told["exit_code"], told["error"]["message"]) == (130, "Interrupted.")
    assert err.strip() == "Interrupted."
