"""`zotsync init` as far as it needs neither key nor network."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import find_workspace, load_config


def test_init_makes_a_workspace_without_questions_key_or_network(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "fonds documentaire"
    result = run("init", folder, "--group", 4711, "--no-sync")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    workspace = find_workspace(folder)
    assert load_config(workspace).group == 4711
    assert workspace.items.is_dir()
    assert workspace.handouts.is_dir()
    assert tomllib.loads(workspace.collections.read_text(encoding="utf-8")) == {}
    assert (workspace.private / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert (workspace.private / "README").exists()
    assert f'To connect it: zotsync init "{folder}"' in result.stderr


def test_the_group_may_be_its_page_s_address(run: Any, tmp_path: Path) -> None:
    address = "https://www.zotero.org/groups/4711/centre_de_doc/library"
    assert run("init", tmp_path, "--group", address, "--no-sync").exit_code == 0
    assert load_config(find_workspace(tmp_path)).group == 4711


def test_another_server_is_written_down(run: Any, tmp_path: Path) -> None:
    url = "http://127.0.0.1:8765"
    assert run("init", tmp_path, "--group", 1, "--api-url", url, "--no-sync").exit_code == 0
    assert load_config(find_workspace(tmp_path)).api_url == url


def test_init_is_relative_to_the_common_option(run: Any, tmp_path: Path) -> None:
    assert run("-C", tmp_path, "init", "x", "--group", 1, "--no-sync").exit_code == 0
    assert (tmp_path / "x" / "zotsync.toml").exists()


def test_nobody_there_to_answer(run: Any, tmp_path: Path) -> None:
    result = run("init", tmp_path / "new", "--no-sync")
    assert result.exit_code == 2
    assert "zotsync init --group ID" in result.stderr
    assert result.stderr.startswith("Error: ")
    assert not (tmp_path / "new").exists()


def test_what_is_there_already_stays(run: Any, tmp_path: Path) -> None:
    kept = tmp_path / "bibliography" / "collections.toml"
    kept.parent.mkdir()
    kept.write_text('"A" = "ABCD2345"\n', encoding="utf-8")
    assert run("init", tmp_path, "--group", 1, "--no-sync").exit_code == 0
    assert kept.read_text(encoding="utf-8") == '"A" = "ABCD2345"\n'


def test_an_existing_workspace_is_refused_and_untouched(run: Any, tmp_path: Path) -> None:
    run("init", tmp_path, "--group", 1, "--no-sync")
    before = (tmp_path / "zotsync.toml").read_bytes()
    result = run("init", tmp_path, "--group", 2, "--no-sync")
    assert result.exit_code == 1
    assert "There is a workspace here already." in result.stderr
    assert "zotsync.toml" in result.stderr
    assert "To connect it: zotsync init" in result.stderr
    assert (tmp_path / "zotsync.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--group", "zero"), 2, "is not a group's number"),
        (("--group", "1", "--api-url", "http://example.org"), 2, "must begin with https://"),
        (("--group", "1", "--api-url", "https://key@example.org"), 2, "no name, password"),
    ],
)
def test_wrong_answers_are_refused_before_anything_is_written(
    run: Any, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    result = run("init", tmp_path / "new", "--no-sync", *words)
    assert result.exit_code == code
    assert says in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_is_named(run: Any, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    result = run("init", tmp_path / "x", "--group", 1, "--no-sync")
    assert result.exit_code == 1
    assert "This is a file, not a folder." in result.stderr
    below = run("init", tmp_path / "x" / "y", "--group", 1, "--no-sync")
    assert below.exit_code == 1
    assert "cannot be written" in below.stderr


def test_without_a_key_nothing_is_made(run: Any, tmp_path: Path) -> None:
    result = run("init", tmp_path / "new", "--group", 1)
    assert result.exit_code == 5
    assert "There is no Zotero API key for group 1." in result.stderr
    assert "zotsync login" in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_server_that_is_not_there(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "abcdefGHIJKL1234567890xY")
    monkeypatch.setattr("zotsync.zotero.transport.TRIES", 1)
    url = "http://127.0.0.1:9"  # the discard port: nobody listens
    result = run("init", tmp_path / "new", "--group", 1, "--api-url", url)
    assert result.exit_code == 6
    assert "127.0.0.1:9 cannot be reached" in result.stderr
    assert "abcdefGHIJKL" not in result.output
    assert not (tmp_path / "new").exists()


def test_json_says_where_the_workspace_is(run: Any, tmp_path: Path) -> None:
    result = run("init", tmp_path, "--group", 1, "--no-sync", "--json")
    document = json.loads(result.stdout)
    assert document["command"] == "init"
    assert Path(document["workspace"]) == tmp_path


def test_zotsync_alone_outside_a_workspace_says_how_to_begin(run: Any, tmp_path: Path) -> None:
    result = run("-C", tmp_path)
    assert result.exit_code == 0
    assert "zotsync demo" in result.stdout
    assert "zotsync init" in result.stdout


def test_a_folder_that_does_not_exist_is_named(run: Any, tmp_path: Path) -> None:
    result = run("-C", tmp_path / "nowhere", "status")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
