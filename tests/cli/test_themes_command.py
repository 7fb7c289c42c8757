"""`themes`, `themes new`, `themes check`, as a documentalist types them."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import new_config_text
from zotsync.handout.theming.themenew import whole_text
from zotsync.handout.theming.themes import list_themes, load_theme


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Give a workspace with nothing in it but its configuration."""
    folder = tmp_path / "fonds"
    folder.mkdir()
    (folder / "zotsync.toml").write_text(new_config_text(1), encoding="utf-8")
    return folder


def test_themes_lists_the_bundled_ones_outside_a_workspace(run: Any, tmp_path: Path) -> None:
    result = run("-C", tmp_path, "themes")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("classique\tClassique\t")


def test_themes_new_makes_a_whole_theme_of_one_s_own(run: Any, bare: Path) -> None:
    result = run("-C", bare, "themes", "new", "maison")
    assert result.exit_code == 0, result.output
    folder = Path(result.stdout.strip())
    assert folder == bare / "templates" / "maison"
    assert sorted(file.name for file in folder.iterdir()) == ["base.docx", "theme.toml"]
    text = (folder / "theme.toml").read_text("utf-8")
    assert tomllib.loads(text)["title"] == "Maison"
    assert "# noms de famille en capitales" in text
    assert "classique" not in text.partition("\n\n")[0]
    for says in ("base.docx in Word", "zotsync themes check maison", 'theme = "maison"'):
        assert says in result.stderr
    assert run("-C", bare, "themes", "check", "maison").exit_code == 0
    assert "maison\tMaison\t" in run("-C", bare, "themes").stdout


@pytest.mark.parametrize(
    "name", ["con", "LPT1", "nul.x", "a/b", "a\\b", "a.", " a", ".a", "a:b", ""]
)
def test_themes_new_refuses_what_is_no_name(run: Any, bare: Path, name: str) -> None:
    result = run("-C", bare, "themes", "new", "--", name)
    assert result.exit_code == 2, result.output
    assert "no name for a folder" in result.stderr
    assert not (bare / "templates").exists()


@pytest.mark.parametrize("name", ["classique", "Classique", "MAISON"])
def test_themes_new_refuses_a_name_that_is_taken(run: Any, bare: Path, name: str) -> None:
    assert run("-C", bare, "themes", "new", "maison").exit_code == 0
    before = (bare / "templates" / "maison" / "theme.toml").read_bytes()
    result = run("-C", bare, "themes", "new", name)
    assert result.exit_code == 1
    assert "already" in result.stderr
    assert (bare / "templates" / "maison" / "theme.toml").read_bytes() == before


def test_themes_new_on_a_full_disk_says_so_in_a_line(
    run: Any, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_settings: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    result = run("-C", bare, "themes", "new", "maison")
    assert result.exit_code == 1
    assert result.stderr.endswith("The theme cannot be copied: No space left on device\n")


def test_themes_new_of_a_theme_that_is_not_there(run: Any, bare: Path) -> None:
    result = run("-C", bare, "themes", "new", "x", "--from", "nulle-part")
    assert result.exit_code == 1
    assert "classique" in result.stderr


def test_themes_new_outside_a_workspace_says_what_to_do(run: Any, tmp_path: Path) -> None:
    result = run("-C", tmp_path, "themes", "new", "x")
    assert result.exit_code == 1
    assert "zotsync init" in result.stderr


def test_themes_check_tells_everything_and_ends_with_1(run: Any, bare: Path) -> None:
    run("-C", bare, "themes", "new", "maison")
    file = bare / "templates" / "maison" / "theme.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('language = "fr"', 'langue = "fr"'), "utf-8")
    (file.parent / "base.docx").unlink()
    for words in (("themes", "check"), ("themes", "check", "maison")):
        result = run("-C", bare, *words)
        assert result.exit_code == 1
        assert "langue" in result.stdout
        assert "base.docx is missing" in result.stdout
        assert "2 problems found." in result.stderr
    (theme,) = json.loads(run("-C", bare, "themes", "check", "--json").stdout)["themes"]
    assert theme["name"] == "maison"
    assert {Path(p["file"]).name for p in theme["problems"]} == {"base.docx", "theme.toml"}


def test_themes_check_of_a_folder_without_a_theme_toml(run: Any, bare: Path) -> None:
    (bare / "templates" / "vide").mkdir(parents=True)
    result = run("-C", bare, "themes", "check", "vide")
    assert result.exit_code == 1
    assert result.stdout.count("is missing") == 2


def test_themes_check_without_themes_of_one_s_own(run: Any, bare: Path) -> None:
    result = run("-C", bare, "themes", "check")
    assert result.exit_code == 0
    assert "zotsync themes new NAME" in result.stderr


def test_themes_check_of_an_unknown_theme_names_the_known_ones(run: Any, bare: Path) -> None:
    result = run("-C", bare, "themes", "check", "nulle-part")
    assert result.exit_code == 1
    assert "classique" in result.stderr


@pytest.mark.parametrize("source", sorted(theme.name for theme in list_themes()))
def test_a_theme_of_one_s_own_has_everything_before_one_s_eyes(
    run: Any, bare: Path, source: str
) -> None:
    assert run("-C", bare, "themes", "new", "maison", "--from", source).exit_code == 0
    text = (bare / "templates" / "maison" / "theme.toml").read_text("utf-8")
    made, origin = load_theme("maison", bare / "templates"), load_theme(source)
    for table in ("labels", "creators", "access", "open_access", "choices", "kinds", "narrow"):
        assert getattr(made, table) == getattr(origin, table), table
    said = tomllib.loads(text)
    assert "from" not in said
    assert {"labels", "source", "creators", "access", "sections"} <= said.keys()
    assert said["source"].keys() == origin.patterns.keys()
    assert "# Valeurs : les champs de Zotero" in text.replace("Jinja2. ", "# ")
    assert text.count("\n# ") > 10
    assert run("-C", bare, "themes", "check", "maison").exit_code == 0


def test_what_a_theme_says_goes_before_what_it_takes(bare: Path) -> None:
    folder = bare / "templates" / "a"
    folder.mkdir(parents=True)
    said = """title = "A"
from = "classique"
capitals = false
[labels]
access = "Lire sur "
[choices]
qr = true
[source]
book = "{{ title }}"
[[sections]]
title = "Tout"
itemTypes = ["book"]
"""
    (folder / "theme.toml").write_text(said, "utf-8")
    whole = tomllib.loads(whole_text(folder))
    assert (whole["capitals"], whole["labels"]["access"]) == (False, "Lire sur ")
    assert whole["source"]["book"] == "{{ title }}"
    assert "report" in whole["source"]
    assert whole["sections"] == [{"title": "Tout", "itemTypes": ["book"]}]
    text = whole_text(folder)
    assert "# noms de famille en capitales" in text
    assert "[choices]\nqr = true\n" in text


def test_a_theme_that_cannot_be_read_does_not_hide_the_others(run: Any, bare: Path) -> None:
    run("-C", bare, "themes", "new", "maison")
    (bare / "templates" / "maison" / "theme.toml").write_text("title = x", "utf-8")
    listed = run("-C", bare, "themes")
    assert listed.exit_code == 0
    assert "theme.toml:1" in listed.stdout
    assert "classique\tClassique" in listed.stdout
    assert run("-C", bare, "themes", "new", "autre").exit_code == 0
