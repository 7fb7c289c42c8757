"""How packages come and go in the environment that zotsync runs in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from zotsync.plugins import environment
from zotsync.plugins.environment import installing, removing, upgrading


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an environment that has pip."""
    folder = tmp_path / "zotsync"
    folder.mkdir()
    monkeypatch.setattr(sys, "prefix", str(folder))
    monkeypatch.setattr(sys, "executable", "/venvs/zotsync/bin/python")
    return folder


@pytest.mark.usefixtures("prefix")
def test_an_environment_has_its_own_pip() -> None:
    assert upgrading("un-paquet") == "/venvs/zotsync/bin/python -m pip install --upgrade un-paquet"
    assert removing("un-paquet") == "/venvs/zotsync/bin/python -m pip uninstall un-paquet"
    assert installing("-e .") == "/venvs/zotsync/bin/python -m pip install -e ."


@pytest.mark.usefixtures("prefix")
def test_a_path_with_blanks_stands_in_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", r"C:\Users\Ève Martin\venv\Scripts\python.exe")
    assert removing("x") == r'"C:\Users\Ève Martin\venv\Scripts\python.exe" -m pip uninstall x'


def test_pipx_is_asked_where_it_made_the_environment(prefix: Path) -> None:
    (prefix / "pipx_metadata.json").touch()
    assert removing("un-paquet") == "pipx runpip zotsync uninstall un-paquet"
    assert upgrading("un-paquet") == "pipx runpip zotsync install --upgrade un-paquet"


def test_uv_is_asked_where_it_made_the_environment(prefix: Path) -> None:
    (prefix / "uv-receipt.toml").touch()
    python = "--python /venvs/zotsync/bin/python"
    assert removing("un-paquet") == f"uv pip uninstall {python} un-paquet"
    assert upgrading("un-paquet") == f"uv pip install {python} --upgrade un-paquet"


@pytest.mark.usefixtures("prefix")
def test_uv_is_asked_where_there_is_no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    assert removing("x").startswith("uv pip uninstall --python ")


@pytest.mark.parametrize("name", ["", "x; rm -rf ~", "-r", "../x", "$(x)"])
def test_what_is_no_name_of_a_package_makes_no_command(name: str) -> None:
    assert (upgrading(name), removing(name)) == ("", "")
