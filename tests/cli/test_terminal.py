"""What only a terminal shows: tables, bars, questions."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.terminal import CTRL_C, in_terminal, pseudo_terminal
from rich.console import Console

from zotsync.cli.frame.progress import Bars
from zotsync.config import Workspace
from zotsync.model import Phase

pytestmark = pseudo_terminal


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
    code, shown = in_terminal(
        "-C", clashing, "sync", answers=[("What holds?", "h"), ("Write it?", "y")]
    )
    assert code == 0, shown
    assert "2021" in shown
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
    code, shown = in_terminal("-C", clashing, "sync", answers=[("What holds?", CTRL_C)])
    assert code == 130, shown
    assert "Interrupted." in shown
    assert "Traceback" not in shown


def test_tables_are_drawn_and_coloured(clashing: Path) -> None:
    _code, shown = in_terminal("-C", clashing, "status")
    assert "\x1b[31m✗" in shown
    assert "──" in shown


def test_long_texts_go_on_below_between_words(clashing: Path) -> None:
    file = Workspace(clashing).items / "livre.toml"
    abstract = (
        "Un accompagnement par les pairs, longtemps informel, entre aujourd’hui dans les équipes."
    )
    with file.open("a", encoding="utf-8") as text:
        text.write(f'abstractNote = "{abstract}"\n')
    in_terminal("-C", clashing, "sync", "--yes")
    _code, shown = in_terminal("-C", clashing, "--no-color", "log", "2", width=50)
    told = shown.splitlines()[1:]
    assert max(map(len, told)) <= 50, shown
    assert abstract[:56] in " ".join(" ".join(told).split())
    assert [line for line in told if line.strip() and not line.startswith("  ")] == []


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
        "-C", workspace, "whoami", answers=[("not shown while you type", f"{key}\n")]
    )
    assert code == 0, shown
    assert "camille" in shown
    assert key not in shown


@pytest.mark.parametrize("width", [60, 80])
def test_bars_show_once_work_is_long(width: int) -> None:
    drawn = io.StringIO()
    now = [0.0]
    bars = Bars(lambda: Console(file=drawn, force_terminal=True, width=width), clock=lambda: now[0])
    bars(Phase.PULL, 1, 100)
    assert drawn.getvalue() == ""
    now[0] = 1.0
    bars(Phase.PULL, 50, 100)
    bars(Phase.PUSH, 1, None)
    now[0] = 2.0
    bars(Phase.PULL, 1050, 10000)
    bars.stop()
    assert "Fetching from Zotero" in drawn.getvalue()
    assert "50/100" in drawn.getvalue()
    assert "1,050/10,000" in drawn.getvalue()
    assert "9\u00a0s left" in drawn.getvalue()
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
