"""The examples of docs/plugins.md are whole, and run."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from zotsync.handout.theming.themenew import new_theme
from zotsync.handout.theming.themes import templates_folder
from zotsync.plugins import testing
from zotsync.plugins.plugin import KINDS
from zotsync.plugins.registry import GROUPS
from zotsync.plugins.testing import check_check, check_exporter, check_importer, check_theme

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("plugins.md", "plugins.fr.md")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text(page), re.DOTALL | re.MULTILINE)


def modules(page: str) -> dict[str, str]:
    """Return file name -> code of the modules that a page shows."""
    return {code.split("\n")[0].removeprefix("# "): code for code in blocks(page, "python")}


@pytest.fixture(params=PAGES)
def shown(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Put the modules of a page where they can be imported; return the page."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names = [name.removesuffix(".py") for name in modules(request.param)]
    for name, code in modules(request.param).items():
        (tmp_path / name).write_text(code, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name.removesuffix(".py"), raising=False)
    new_theme("maison", templates_folder() / "sobre", tmp_path / "themes")
    yield request.param
    for name in names:
        sys.modules.pop(name, None)


def points(page: str) -> dict[str, dict[str, str]]:
    (listed,) = blocks(page, "toml")
    found: dict[str, dict[str, str]] = tomllib.loads(listed)["project"]["entry-points"]
    return found


def loaded(where: str) -> object:
    module, _colon, name = where.partition(":")
    return getattr(importlib.import_module(module), name)


def test_each_kind_has_an_example_that_keeps_the_contract(shown: str) -> None:
    told = points(shown)
    assert set(told) == set(GROUPS.values())
    (exporter,) = told["zotsync.exporters"].values()
    check_exporter(loaded(exporter))  # type: ignore[arg-type]
    (importer,) = told["zotsync.importers"].values()
    check_importer(loaded(importer))  # type: ignore[arg-type]
    (checks,) = told["zotsync.checks"].values()
    for check in loaded(checks):  # type: ignore[attr-defined]
        check_check(check)
    ((name, folder),) = told["zotsync.themes"].items()
    check_theme(loaded(folder), name)  # type: ignore[arg-type]


def test_the_tests_that_are_shown_pass(shown: str) -> None:
    (name,) = [name for name in modules(shown) if name.startswith("test_")]
    module: ModuleType = importlib.import_module(name.removesuffix(".py"))
    tests = [value for word, value in vars(module).items() if word.startswith("test_")]
    assert len(tests) == 3
    for test in tests:
        test()


def test_both_languages_show_the_same() -> None:
    for language in ("python", "toml"):
        assert blocks(PAGES[0], language) == blocks(PAGES[1], language)


@pytest.mark.parametrize("page", PAGES)
def test_every_kind_and_every_function_of_the_kit_is_told(page: str) -> None:
    for kind in KINDS:
        assert f"`{kind}`" in text(page) or f"--kind {kind}" in text(page)
    for name in set(testing.__all__) - {"ContractError"}:
        assert f"`{name}(" in text(page)
