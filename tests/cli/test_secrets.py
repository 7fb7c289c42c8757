"""The API key goes to Zotero and to the keyring alone: every command is tried with a marked one."""

from __future__ import annotations

import gzip
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import GROUP, MAIN_KEY
from cli.every_command import every_command, write_something
from cli.terminal import in_terminal, pseudo_terminal
from click.testing import Result

from zotsync.cli.frame import withheld
from zotsync.sandbox.server import Access
from zotsync.zotero import keys

MARKED = "MarkedKey00000000000Mark"
STARTERS = ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.spawn", "os.system")
_children: list[tuple[str, str]] | None = None


def _note_child(event: str, args: tuple[Any, ...]) -> None:
    if _children is None or event not in STARTERS:
        return
    given = args[-1] if event != "os.system" else None
    _children.append((repr(args[:2]), repr(dict(os.environ) if given is None else given)))


sys.addaudithook(_note_child)  # there is no taking it back: it sleeps outside these tests


@pytest.fixture
def children() -> Iterator[list[tuple[str, str]]]:
    """Collect the words and the environment of every process that is started."""
    global _children  # noqa: PLW0603 - an audit hook has no other way to tell
    _children = []
    yield _children
    _children = None


def held(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def files_below(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put programs in the way that would be started, and that do nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("soffice", "libreoffice", "xdg-open", "open"):
        program = folder / name
        program.write_text("#!/bin/sh\nexit 1\n", "utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def read_everything(
    run: Callable[..., Result], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Run every command in the workspace; return all that was printed."""
    monkeypatch.setenv("ZOTERO_API_KEY", MARKED)
    write_something(workspace, "Un livre")
    printed = [run("-C", workspace, *w, stdin=f"{MARKED}\n").output for w in every_command()]
    monkeypatch.setenv("ZOTERO_API_KEY", f"{MARKED}x")  # and what is told when it is refused
    printed += [run("-C", workspace, *words).output for words in (["sync"], ["whoami", "--json"])]
    return "".join(printed)


@pytest.mark.skipif(os.name != "posix", reason="the programs in the way are shell scripts")
@pytest.mark.usefixtures("programs", "memory_keyring")
def test_the_key_is_in_no_file_no_output_and_no_child(  # noqa: PLR0913, PLR0917 - fixtures
    run: Callable[..., Result],
    server: Any,
    workspace: Path,
    tmp_path: Path,
    home: Path,
    children: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.sandbox.add_key(MARKED, 1, groups={GROUP: Access()})
    monkeypatch.chdir(tmp_path)
    printed = read_everything(run, workspace, monkeypatch)
    assert MARKED not in printed
    found = files_below(tmp_path, home)
    assert any(path.name == "state.db" for path in found)
    assert [path for path in found if MARKED.encode() in held(path)] == []
    started = [words for words, _environment in children]
    assert any("soffice" in words for words in started)
    assert any("pdfchild" in words for words in started)
    assert any("pandoc" in words for words in started)
    assert [words for words, told in children if MARKED in words + told] == []
    assert os.environ["ZOTERO_API_KEY"] == f"{MARKED}x"  # given back to whoever called


@pseudo_terminal
def test_an_editor_is_not_told_the_key(
    run: Callable[..., Result], server: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, told = workspace / "editor.py", workspace / "told"
    code = f"import os, pathlib\npathlib.Path({str(told)!r}).write_text(repr(dict(os.environ)))\n"
    script.write_text(code, "utf-8")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    clash(run, server, workspace)
    answers = [("What holds?", "e"), ("Press Enter", "\r"), ("Nothing was changed.", "q")]
    _code, shown = in_terminal("-C", workspace, "resolve", answers=answers)
    assert "EDITOR" in told.read_text("utf-8")
    assert MAIN_KEY not in told.read_text("utf-8") + shown


def clash(run: Callable[..., Result], server: Any, workspace: Path) -> None:
    """Let both sides change the same field."""
    item = workspace / "bibliography" / "items" / "livre.toml"
    item.write_text('itemType = "book"\ntitle = "Un livre"\n', "utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    text = item.read_text("utf-8")
    with server.colleague() as colleague:
        colleague.change(text.split('"')[1], {"title": "Zotero"})
    item.write_text(text.replace("Un livre", "Ici"), "utf-8")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_zotsyncs_own_folder_is_nobody_elses(workspace: Path) -> None:
    assert stat.S_IMODE((workspace / ".zotsync").stat().st_mode) == 0o700


def test_the_variable_is_one() -> None:
    assert withheld.VARIABLE == keys.VARIABLE


def test_a_command_within_a_command_finds_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MARKED)
    with withheld.withheld_key(), withheld.withheld_key():
        assert "ZOTERO_API_KEY" not in os.environ
        assert withheld.environment()["ZOTERO_API_KEY"] == MARKED
    assert os.environ["ZOTERO_API_KEY"] == MARKED
