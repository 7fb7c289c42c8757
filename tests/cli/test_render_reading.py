"""`render`: however many handouts are printed, the bibliography is read once."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import new_config_text
from zotsync.sandbox.demo import SAMPLE

_opened: Counter[str] | None = None


def _note(event: str, args: tuple[Any, ...]) -> None:
    if _opened is not None and event == "open":
        _opened[str(args[0])] += 1


sys.addaudithook(_note)  # there is no taking it back: it sleeps outside these tests


@pytest.fixture
def opened() -> Iterator[Counter[str]]:
    """Count how often each file is opened."""
    global _opened  # noqa: PLW0603 - an audit hook has no other way to tell
    _opened = Counter()
    yield _opened
    _opened = None


@pytest.mark.parametrize("words", [("render", "--all"), ("handout", "show", "pair-aidance")])
def test_each_item_file_is_read_once(
    run: Any, tmp_path: Path, opened: Counter[str], words: tuple[str, ...]
) -> None:
    shutil.copytree(SAMPLE / "bibliography", tmp_path / "bibliography")
    shutil.copytree(SAMPLE / "handouts", tmp_path / "handouts")
    (tmp_path / "zotsync.toml").write_text(new_config_text(1), encoding="utf-8")
    shutil.copy(tmp_path / "handouts" / "pair-aidance.toml", tmp_path / "handouts" / "encore.toml")
    opened.clear()
    assert run("-C", tmp_path, *words).exit_code == 0
    items = list((tmp_path / "bibliography" / "items").glob("*.toml"))
    assert len(items) == 16
    assert {opened[str(file)] for file in items} == {1}
