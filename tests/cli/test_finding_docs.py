"""What the page about finding and adding shows can be typed, one command after the other."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from zotsync.cli.frame import launching
from zotsync.config import new_config_text
from zotsync.sandbox.demo import SAMPLE

DOCS = Path(__file__).resolve().parents[2] / "docs"
RIS = "TY  - BOOK\nTI  - Encore\nAU  - Sand, George\nPY  - 1846\nER  - \n"
BIB = "@book{a, author={Zola, Émile}, title={Un neuf}, year=2020}\n"


def commands(page: str) -> list[list[str]]:
    """Return the words of each command that a page shows."""
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("zotsync ")]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace with the sample's items, where the commands are typed."""
    folder = tmp_path / "fonds"
    shutil.copytree(SAMPLE, folder)
    (folder / "zotsync.toml").write_text(new_config_text(2021), encoding="utf-8")
    (folder / "references.bib").write_text(BIB, encoding="utf-8")
    (folder / "export.ris").write_text(RIS, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" -c ""')
    monkeypatch.setattr(launching, "_handed_over", lambda _target: True)
    return folder


@pytest.mark.parametrize("page", ["finding.md", "finding.fr.md"])
def test_every_command_of_the_page_does_what_it_says(run: Any, demo: Path, page: str) -> None:
    shown = commands(page)
    assert {words[0] for words in shown} == {
        *("list", "show", "open", "add", "edit", "tag", "move", "log", "completion")
    }
    for words in shown:
        if words == ["add"]:  # asks; the tests of `add` answer
            continue
        stdin = None
        if "<" in words:
            stdin = (demo / words[words.index("<") + 1]).read_text(encoding="utf-8")
        typed = words[: next((at for at, w in enumerate(words) if w in {"<", ">"}), None)]
        if "--from" in typed and "add" in typed:
            typed = [*typed, "--yes"]  # somebody agrees
        result = run(*typed, stdin=stdin)
        assert result.exit_code == 0, (words, result.output)
        if words[0] == "list":
            assert result.stdout.strip(), words


def test_both_languages_show_the_same_commands() -> None:
    assert commands("finding.md") == commands("finding.fr.md")
