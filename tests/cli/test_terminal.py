"""What only a terminal shows: tables, bars, questions."""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from zotsync.cli.progress import Bars
from zotsync.config import Workspace
from zotsync.model import Phase

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")


PATIENCE = 30
"""Seconds without a word after which a command hangs."""
CTRL_C = "\x03"


def in_terminal(*words: object, answers: dict[str, str] | None = None) -> tuple[int, str]:
    """Run zotsync in a pseudo-terminal; type each answer when its question stands there."""
    import fcntl  # noqa: PLC0415 - not on Windows
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    main, side = pty.openpty()
    settings = termios.tcgetattr(side)
    settings[1] &= ~termios.ONLCR
    termios.tcsetattr(side, termios.TCSANOW, settings)

    def take_terminal() -> None:
        """Give the command a terminal of its own, in which a typed Ctrl-C interrupts it."""
        fcntl.ioctl(side, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where tests run in the background

    process = subprocess.Popen(
        [sys.executable, "-m", "zotsync", *map(str, words)],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509 - two calls, no lock
    )
    os.close(side)
    waiting = dict(answers or {})
    try:
        shown = _read_all(
            main,
            lambda text: _answer(main, text, waiting),
            lambda: _insist(main, answers or {}, waiting),
        )
        return process.wait(timeout=30), shown
    finally:
        process.kill()
        process.wait()
        os.close(main)


def _answer(main: int, text: str, waiting: dict[str, str]) -> None:
    for question in list(waiting):
        if question in text:
            os.write(main, waiting.pop(question).encode())


def _insist(main: int, answers: dict[str, str], waiting: dict[str, str]) -> None:
    """Press Ctrl-C once more: Python may miss one that comes just before it begins to read."""
    if CTRL_C in answers.values() and not waiting:
        os.write(main, CTRL_C.encode())


def _read_all(main: int, look: Callable[[str], None], again: Callable[[], None]) -> str:
    raw, quiet = b"", 0
    while quiet < PATIENCE:
        if not select.select([main], [], [], 1)[0]:
            quiet += 1
            again()
            continue
        quiet = 0
        try:
            piece = os.read(main, 4096)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        raw += piece
        look(raw.decode("utf-8", "replace"))
    return raw.decode("utf-8", "replace")


@pytest.fixture
def clashing(run: Any, workspace: Path, server: Any, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace whose next sync meets a conflict."""
    file = Workspace(workspace).items / "livre.toml"
    file.write_text('itemType = "book"\ntitle = "Un livre"\ndate = "2019"\n', encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    text = file.read_text(encoding="utf-8")
    key = text.split('"')[1]
    file.write_text(text.replace('"2019"', '"2020"'), encoding="utf-8")
    with server.colleague() as colleague:
        colleague.change(key, {"date": "2021"})
    return workspace


def test_a_sync_asks_about_conflicts_and_sends_the_answer(clashing: Path, server: Any) -> None:
    code, shown = in_terminal("-C", clashing, "sync", answers={"What holds?": "1\n"})
    assert code == 0, shown
    assert "{+2021+}" in shown
    assert "1 conflict settled." in shown
    text = (Workspace(clashing).items / "livre.toml").read_text(encoding="utf-8")
    with server.colleague() as colleague:
        assert colleague.item(text.split('"')[1])["date"] == "2020"


def test_with_yes_or_quiet_nobody_is_asked(clashing: Path) -> None:
    for words in (("--yes",), ("-q",)):
        code, shown = in_terminal("-C", clashing, "sync", *words)
        assert code == 3
        assert "What holds?" not in shown


def test_an_interrupt_at_a_question_ends_with_130(clashing: Path) -> None:
    code, shown = in_terminal("-C", clashing, "sync", answers={"What holds?": CTRL_C})
    assert code == 130, shown
    assert "Interrupted." in shown
    assert "Traceback" not in shown


def test_tables_are_drawn_and_coloured(clashing: Path) -> None:
    _code, shown = in_terminal("-C", clashing, "status")
    assert "\x1b[31m✗" in shown
    assert "──" in shown


@pytest.mark.parametrize("words", [("--no-color",), ()])
def test_colours_can_be_switched_off(
    clashing: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    if not words:
        monkeypatch.setenv("NO_COLOR", "1")
    for command in ("status", "diff"):
        _code, shown = in_terminal("-C", clashing, command, *words)
        assert not [n for n in range(30, 48) if f"\x1b[{n}m" in shown], shown


def test_the_key_is_not_shown_while_it_is_typed(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
    key = "mainKey00000000000000001"
    code, shown = in_terminal(
        "-C", workspace, "whoami", answers={"not shown while you type": f"{key}\n"}
    )
    assert code == 0, shown
    assert "camille" in shown
    assert key not in shown


def test_bars_show_once_work_is_long() -> None:
    drawn = io.StringIO()
    now = [0.0]
    bars = Bars(lambda: Console(file=drawn, force_terminal=True, width=80), clock=lambda: now[0])
    bars(Phase.PULL, 1, 100)
    assert drawn.getvalue() == ""
    now[0] = 1.0
    bars(Phase.PULL, 50, 100)
    bars(Phase.PUSH, 1, None)
    bars.stop()
    assert "Fetching from Zotero" in drawn.getvalue()
    assert "50/100" in drawn.getvalue()
    bars.stop()  # again, and nothing happens


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full disk to write to")
def test_output_that_cannot_be_written_is_told_in_a_line() -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "zotsync", "themes"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert ran.returncode == 1
    assert "No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr
