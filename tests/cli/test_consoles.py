"""Consoles and pipes that are not UTF-8, as on Windows: nothing fails, and French stays legible."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.every_command import every_command, write_something
from click.testing import CliRunner, Result

from zotsync.cli.main import cli

MESSY = "L’œuvre « d’été » : 愛, Łódź → ça\u202f! 😀 \u0301e \u200b אב"


def run_in(charset: str, *words: str) -> Result:
    runner = CliRunner(charset=charset)
    return runner.invoke(cli, ["--lang", "fr", *words], input="")


@pytest.mark.usefixtures("with_key", "memory_keyring")
@pytest.mark.parametrize("charset", ["cp850", "ascii"])
def test_no_command_fails_on_a_console_that_lacks_signs(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, charset: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))  # neither LibreOffice nor a program to open with
    write_something(workspace, MESSY)
    bugs = {}
    for words in every_command():
        ended = run_in(charset, "-C", str(workspace), *words)
        if ended.exit_code == 70 or "Encode" in ended.output + ended.stderr:
            bugs[words] = ended.output + ended.stderr
    assert bugs == {}


def test_help_is_legible_on_the_console_of_a_french_windows(run: Any) -> None:
    plain = run("--lang", "fr", "--help").output
    told = run_in("cp850", "--help").output
    letters = str.maketrans({"’": "'", "\u202f": " ", "\xa0": " ", "…": "..."})
    assert told.translate(letters).split() == plain.translate(letters).split()


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes them")
@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        ("<&-", "add", 2),
        (">&-", "log", 0),
        ("2>&-", "status", 5),
        ("<&- >&- 2>&-", "handout new Essai", 0),
    ],
)
def test_a_task_without_a_console_is_none_the_worse(
    workspace: Path, closed: str, words: str, code: int
) -> None:
    line = f'exec "$0" -m zotsync -C "$1" {words} {closed}'
    command = ["sh", "-c", line, sys.executable, str(workspace)]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert (ended.returncode, b"bug" in ended.stderr) == (code, False)
