"""A run that is not there: every command says so, and names those that there are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from zotsync.sandbox.demo import SAMPLE

KEY = "ADN7T5C8"
ASKING = [
    ("log",),
    ("undo",),
    ("restore", KEY, "--before"),
    ("render", "--changes-since"),
]


@pytest.fixture
def kept(run: Any, workspace: Path) -> Path:
    """Give a workspace with the sample's files, in which two runs have changed something."""
    for part in ("bibliography", "handouts"):
        shutil.copytree(SAMPLE / part, workspace / part, dirs_exist_ok=True)
    for tag in ("a", "b"):
        assert run("-C", workspace, "tag", KEY, "--add", tag, "--yes").exit_code == 0
    return workspace


@pytest.mark.parametrize("words", ASKING)
def test_a_number_that_no_run_has_is_answered_with_the_last_runs(
    run: Any, kept: Path, words: tuple[str, ...]
) -> None:
    result = run("-C", kept, *words, "99")
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert told[0] == "Error: There is no run 99."
    assert [(line.split()[0], line.split()[-1]) for line in told[-2:]] == [
        ("2", "tag"),
        ("1", "tag"),
    ]


@pytest.mark.parametrize("words", ASKING[1:])
def test_what_is_no_number_is_answered_with_the_last_runs(
    run: Any, kept: Path, words: tuple[str, ...]
) -> None:
    result = run("-C", kept, *words, "hier")
    assert result.exit_code == 2
    assert "hier is n" in result.stderr
    assert result.stderr.splitlines()[-1].endswith("tag")


def test_a_run_that_the_item_was_not_in_is_answered_with_what_is_known(
    run: Any, kept: Path
) -> None:
    assert run("-C", kept, "tag", "CNN9D2F6", "--add", "c", "--yes").exit_code == 0
    result = run("-C", kept, "restore", KEY, "--before", "3")
    assert result.exit_code == 1
    assert "Nothing is known of what it was before run 3." in result.stderr
    assert "before run 2 of" in result.stderr
    assert run("-C", kept, "restore", KEY, "--before", "2").exit_code == 0


def test_where_nothing_was_run_that_is_said(run: Any, workspace: Path) -> None:
    assert "No run yet." in run("-C", workspace, "undo", "1").stderr
    assert "No run yet." in run("-C", workspace, "log", "1").stderr


def test_a_day_after_the_last_run_is_answered_with_the_last_runs(run: Any, kept: Path) -> None:
    result = run("-C", kept, "log", "--since", "2099-01-01")
    assert result.exit_code == 0
    assert "No run yet" not in result.stderr
    assert result.stderr.splitlines()[-1].endswith("tag")
    assert run("-C", kept, "log", "--since", "2099-01-01", "--json").exit_code == 0
