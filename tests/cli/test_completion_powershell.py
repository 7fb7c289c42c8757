"""What PowerShell is told of how a line could go on: the protocol, without PowerShell itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cli.shelf import make_shelf
from hypothesis import given
from hypothesis import strategies as st

from zotsync.cli.frame.completing_powershell import SCRIPT, quoted


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    return make_shelf(tmp_path / "fonds")


def proposed(words: Sequence[str], cwd: Path) -> list[dict[str, str]]:
    """Return what is printed where the script asks as it does: nothing but ASCII, a line each."""
    ran = subprocess.run(
        [sys.executable, "-m", "zotsync"],
        cwd=cwd,
        env={
            **os.environ,
            "_ZOTSYNC_COMPLETE": "powershell_complete",
            "COMP_WORDS": "\n".join(["zotsync", *words]),
            "ZOTSYNC_LANG": "fr",
        },
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    return [json.loads(line) for line in ran.stdout.decode("ascii").splitlines() if line]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["comp"], ["completion"]),
        (["show", "ad"], ["adenot-2020-travailleur"]),
        (["show", "nothing-like-that"], []),
        (["handout", ""], ["new", "show"]),
        (["list", "--collection", "L"], ["'L’’été'"]),
        (["list", "--collection=Pair-aidance/R"], ["--collection=Pair-aidance/Revues"]),
        (["completion", "p"], ["powershell"]),
        (["list", "--rev"], ["--reverse"]),
        (["import", ""], []),  # files: PowerShell proposes them by itself
    ],
)
def test_what_is_put_there_is_quoted_as_powershell_reads_it(
    fonds: Path, words: list[str], texts: list[str]
) -> None:
    assert [one["text"] for one in proposed(words, fonds)] == texts


def test_a_proposal_has_a_name_and_an_explanation(fonds: Path) -> None:
    (one,) = proposed(["comp"], fonds)
    assert one["name"] == "completion"
    assert "compléter" in one["help"]
    assert all(each["help"] for each in proposed(["list", "--collection", ""], fonds))


def test_outside_of_a_workspace_nothing_is_proposed(tmp_path: Path) -> None:
    assert proposed(["show", ""], tmp_path) == []


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1))
def test_no_name_ends_its_quotes_or_runs_anything(name: str) -> None:
    text = quoted(name)
    if text == name:
        assert re.fullmatch(r"[\w./\\:+=-]+", name)
        return
    inside = text[1:-1]
    assert text[0] == text[-1] == "'"
    assert re.sub(r"(['‘’‚‛])\1", r"\1", inside) == name
    assert not re.search("['‘’‚‛]", re.sub(r"(['‘’‚‛])\1", "", inside))


def test_the_script_is_ascii_and_asks_by_the_names_that_are_read(run: Any) -> None:
    assert SCRIPT.isascii()
    for name in (
        "COMP_WORDS",
        "_ZOTSYNC_COMPLETE = 'powershell_complete'",
        "$one.text",
        "$one.help",
    ):
        assert name in SCRIPT
    shown = run("completion", "powershell", "--lang", "en").stdout
    assert shown.splitlines()[:2] == [
        "# Put this line into $PROFILE:",
        "# zotsync completion powershell | Out-String | Invoke-Expression",
    ]
    assert shown.endswith(SCRIPT)
