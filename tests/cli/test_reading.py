"""What people see first, at the widths that terminals have, and what programs see in a pipe."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import MAIN_KEY, READ_KEY
from cli.terminal import in_terminal, pseudo_terminal

from zotsync.cli.frame.columns import cells
from zotsync.config import Workspace

LONG = "Pairs aidants\u00a0: des tiers de confiance, une enquête auprès de cent cinquante équipes"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def write(workspace: Path, name: str, text: str) -> Path:
    file = Workspace(workspace).items / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def busy(run: Any, workspace: Path, server: Any, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace with a conflict, a faulty file, and changes in both directions."""
    files = [
        write(
            workspace,
            f"livre-{n}.toml",
            f'itemType = "book"\ntitle = "{LONG} {n}"\ndate = "2019"\n',
        )
        for n in range(3)
    ]
    assert run("-C", workspace, "sync").exit_code == 0
    texts = [file.read_text(encoding="utf-8") for file in files]
    keys = [text.split('"')[1] for text in texts]
    for file, text in zip(files[:2], texts, strict=False):
        file.write_text(text.replace('"2019"', '"2020"'), encoding="utf-8")
    write(workspace, "faux.toml", "title = \n")
    with server.colleague() as colleague:
        colleague.change(keys[0], {"date": "2021"})
        colleague.change(keys[2], {"publisher": "Presses universitaires", "place": "Rennes"})
    return workspace


def plain(shown: str) -> list[str]:
    return _COLOURS.sub("", shown).splitlines()


@pseudo_terminal
@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_shown_fits_the_terminal(busy: Path, width: int, language: str) -> None:
    for command in (["status"], ["diff"], ["sync", "--yes"], ["log"], ["log", "--items"]):
        _code, shown = in_terminal("-C", busy, "--lang", language, *command, width=width)
        lines = plain(shown)
        if command[0] in ("status", "sync"):  # what is no table, the terminal itself breaks
            lines = [line for line in lines if line[:1] in "→←⇄✗─" or line[:3] == "   "]
        drawn = [line for line in lines if "zotsync" not in line and ".toml" not in line]
        assert len(drawn) > 2, shown
        assert max(map(cells, drawn)) <= width, shown


def test_status_says_first_what_needs_somebody(run: Any, busy: Path) -> None:
    result = run("-C", busy, "status")
    assert result.exit_code == 3
    told = result.output
    order = ["Conflict:", "Waits:", "→ Date", "2 items", "Last sync: "]
    places = [told.index(part) for part in order[:3]] + [told.index(order[4])]
    assert places == sorted(places), told


def test_a_refusal_is_the_first_word_of_status(run: Any, busy: Path) -> None:
    for file in Workspace(busy).items.glob("livre-*"):
        file.unlink()
    (Workspace(busy).items / "faux.toml").unlink()
    result = run("-C", busy, "status")
    assert result.exit_code == 4
    assert result.output.startswith("Refused: ")
    told = json.loads(run("-C", busy, "status", "--json").stdout)
    assert told["exit_code"] == 4
    assert told["refused"]["message"]
    assert run("-C", busy, "sync").exit_code == 4


@pseudo_terminal
@pytest.mark.parametrize("width", [80, 50])
def test_an_emptied_folder_is_told_with_the_count_the_first_few_and_the_way_out(
    run: Any, busy: Path, server: Any, width: int
) -> None:
    with server.colleague() as colleague:
        for n in range(9):
            colleague.add({"itemType": "book", "title": f"{LONG} de {n}"})
    run("-C", busy, "sync", "--yes")
    for file in Workspace(busy).items.iterdir():
        file.unlink()
    code, shown = in_terminal("-C", busy, "status", width=width)
    assert code == 4
    lines = plain(shown)
    assert lines[0].startswith("Refused: The folder")
    assert "11 items were in it:" in lines
    assert len([line for line in lines if line.startswith("  - ")]) == 5
    assert "  and 6 more" in lines
    assert "zotsync sync --rebase" in shown
    assert "removed here" not in shown  # what is refused is not told once more, as if it were done
    assert "to Zotero" not in lines[-2]
    assert max(cells(line) for line in lines if str(busy) not in line) < width
    whole = json.loads(run("-C", busy, "status", "--json").stdout)
    assert len(whole["steps"]) == 12
    assert len(run("-C", busy, "status").stdout.splitlines()) == 12


@pseudo_terminal
@pytest.mark.parametrize("width", [80, 50])
def test_a_long_title_is_cut_in_a_terminal_and_whole_elsewhere(
    run: Any, busy: Path, width: int
) -> None:
    for command in (["status"], ["sync", "--dry-run"]):
        _code, shown = in_terminal("-C", busy, *command, width=width)
        table = [line for line in plain(shown) if line[:3] in ("→  ", "←  ", "✗  ")]
        assert any("…" in line for line in table), shown
        assert not [line for line in plain(shown) if line.startswith("   ") and "équipe" in line]
        titles = [line[3:].partition("  ")[0] for line in table]
        assert all(cells(title) > 20 for title in titles), table
    assert f"{LONG} 2" in run("-C", busy, "status").stdout
    _code, shown = in_terminal("-C", busy, "status", "-v", width=width)
    assert "cinquante" in shown


def test_sync_says_last_what_needs_somebody(run: Any, busy: Path) -> None:
    result = run("-C", busy, "sync")
    assert result.exit_code == 3
    assert result.output.rstrip().endswith("Settle them: zotsync resolve")


def test_diff_says_that_nothing_may_be_sent(
    run: Any, busy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", READ_KEY)
    assert run("-C", busy, "sync").exit_code == 5
    result = run("-C", busy, "diff")
    assert result.exit_code == 0
    assert "Refused: " in result.stderr
    told = json.loads(run("-C", busy, "diff", "--json").stdout)
    assert [p["message"] for p in told["problems"] if "not write to it" in p["message"]]
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)


def test_a_pipe_gets_lines_without_colours_drawings_or_bars(run: Any, busy: Path) -> None:
    for command in (["status"], ["diff"], ["log"], ["sync"], ["check"]):
        told = run("-C", busy, *command).output
        assert not _COLOURS.search(told)
        assert "──" not in told
        assert "\r" not in told


@pseudo_terminal
def test_a_dumb_terminal_gets_no_colours(busy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _code, shown = in_terminal("-C", busy, "status", term="dumb")
    assert not _COLOURS.search(shown)
    monkeypatch.setenv("NO_COLOR", "1")
    _code, shown = in_terminal("-C", busy, "status")
    assert not _COLOURS.search(shown)


@pseudo_terminal
def test_a_terminal_shows_the_first_of_very_many_and_says_where_the_rest_is(
    run: Any, busy: Path, server: Any
) -> None:
    with server.colleague() as colleague:
        for n in range(50):
            colleague.add({"itemType": "book", "title": f"Livre {n}"})
    _code, shown = in_terminal("-C", busy, "status")
    assert "more. All of it: -v" in shown
    assert len(plain(shown)) < 90
    _code, shown = in_terminal("-C", busy, "status", "-v")
    assert "Livre 49" in shown
    assert "Livre 49" in run("-C", busy, "status").output
