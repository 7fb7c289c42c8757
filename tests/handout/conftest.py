from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handout.printed import KEY, shown

from zotsync.config import Centre
from zotsync.handout import layout
from zotsync.handout.choices import Choices
from zotsync.handout.render import House, rules_of
from zotsync.handout.theming.themes import Theme, load_theme, templates_folder
from zotsync.model import normal
from zotsync.zotero.schema import bundled


@pytest.fixture(scope="session")
def classique() -> Theme:
    return load_theme("classique")


@pytest.fixture(scope="session")
def rules(classique: Theme) -> layout.Rules:
    return rules_of(classique, bundled(), House(Centre()), Choices())


@pytest.fixture(scope="session")
def lines(rules: layout.Rules) -> Callable[..., list[str]]:
    """Return what lays an item out as `Role: text` lines with plain blanks."""

    def lay(item_type: str = "book", **fields: Any) -> list[str]:
        entry = layout.lay_out(KEY, normal({"itemType": item_type, **fields}), rules)
        return shown(entry)

    return lay


@pytest.fixture
def own_theme(tmp_path: Path) -> Path:
    """Return a copy of the bundled theme to break: the folder `templates/own`."""
    folder = tmp_path / "templates" / "own"
    shutil.copytree(templates_folder() / "classique", folder)
    return folder
