"""`login`, `logout`, `whoami`: the API key and what it allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli.terminal import in_terminal, pseudo_terminal

GROUP = 4711
MAIN_KEY = "mainKey00000000000000001"
READ_KEY = "readKey00000000000000002"


def test_login_checks_the_key_names_the_group_and_keeps_the_key_in_the_keyring(
    run: Any, workspace: Path, memory_keyring: Any
) -> None:
    result = run("-C", workspace, "login", stdin=f"{MAIN_KEY}\n")
    assert result.exit_code == 0, result.output
    assert "camille" in result.stdout
    assert "Centre de doc" in result.stdout
    assert "read and write" in result.stdout
    assert list(memory_keyring.kept.values()) == [MAIN_KEY]
    assert MAIN_KEY not in result.output
    for file in workspace.rglob("*"):
        assert not file.is_file() or MAIN_KEY.encode() not in file.read_bytes()


def test_a_key_that_may_only_read_is_kept_and_said_so(
    run: Any, workspace: Path, memory_keyring: Any
) -> None:
    result = run("-C", workspace, "login", stdin=READ_KEY)
    assert result.exit_code == 0
    assert "not write to it" in result.stdout
    assert "edit the key" in result.stderr
    assert memory_keyring.kept


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("wrongKey0000000000000009", 5, "does not know this API key"),
        ("with a blank", 5, "does not know this API key"),
        ("", 2, "No key was given."),
    ],
)
def test_a_wrong_key_is_not_kept(  # noqa: PLR0913, PLR0917
    run: Any, workspace: Path, memory_keyring: Any, typed: str, code: int, says: str
) -> None:
    result = run("-C", workspace, "login", stdin=f"{typed}\n")
    assert result.exit_code == code
    assert says in result.stderr
    assert not memory_keyring.kept


def test_login_works_before_there_is_a_workspace(
    run: Any, server: Any, tmp_path: Path, memory_keyring: Any
) -> None:
    words = ("-C", tmp_path, "login", "--group", GROUP, "--api-url", server.url)
    assert run(*words, stdin=MAIN_KEY).exit_code == 0
    assert memory_keyring.kept


@pytest.mark.usefixtures("server")
def test_a_machine_without_a_keyring_is_told_what_to_do(run: Any, workspace: Path) -> None:
    result = run("-C", workspace, "login", stdin=MAIN_KEY)
    assert result.exit_code == 5
    assert "keyring cannot be used" in result.stderr
    assert "ZOTERO_API_KEY" in result.stderr


def test_logout_forgets_the_key(run: Any, workspace: Path, memory_keyring: Any) -> None:
    run("-C", workspace, "login", stdin=MAIN_KEY)
    assert run("-C", workspace, "logout").exit_code == 0
    assert not memory_keyring.kept
    again = run("-C", workspace, "logout", "--json")
    assert json.loads(again.stdout)["removed"] is False


def test_whoami_says_whose_key_and_where_it_comes_from(
    run: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", READ_KEY)
    document = json.loads(run("-C", workspace, "whoami", "--json").stdout)
    assert document["username"] == "camille"
    assert document["group_name"] == "Centre de doc"
    assert (document["can_read"], document["can_write"]) == (True, False)
    assert document["source"] == "environment"
    assert READ_KEY not in json.dumps(document)


@pseudo_terminal
@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("width", [80, 40])
def test_whoami_fits_the_terminal_and_breaks_between_words(
    workspace: Path, server: Any, width: int
) -> None:
    anywhere = ("-C", workspace.parent, "whoami", "--api-url", server.url)
    for words in (("-C", workspace, "whoami"), anywhere):
        code, shown = in_terminal(*words, width=width)
        assert code == 0, shown
        lines = [line.strip() for line in shown.splitlines()]
        assert max(map(len, lines)) < width
        whole = "camille may read and write the group “Centre de doc” (4711)."
        assert " ".join(lines) == whole


def test_whoami_without_a_key(run: Any, workspace: Path, memory_keyring: Any) -> None:
    result = run("-C", workspace, "whoami")
    assert not memory_keyring.kept
    assert result.exit_code == 5
    assert "zotsync login" in result.stderr


def test_a_group_that_does_not_exist(
    run: Any, server: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    server.sandbox.remove_group(GROUP)
    result = run("-C", workspace, "whoami")
    assert result.exit_code == 5
    assert "Zotero has no group 4711." in result.stderr


@pytest.mark.parametrize("typed", ['"{}"', "  {}  ", "« {} »", "key={}"])
def test_login_takes_a_key_as_it_was_copied(
    run: Any, workspace: Path, memory_keyring: Any, typed: str
) -> None:
    result = run("-C", workspace, "login", stdin=typed.format(MAIN_KEY) + "\n")
    assert result.exit_code == 0, result.output
    assert list(memory_keyring.kept.values()) == [MAIN_KEY]


def test_whoami_outside_a_workspace_names_the_groups_of_the_environment_s_key(
    run: Any, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", READ_KEY)
    words = ("-C", tmp_path, "whoami", "--api-url", server.url)
    assert "may read the group “Centre de doc” (4711)" in run(*words).stdout
    document = json.loads(run(*words, "--json").stdout)
    assert document["groups"] == [
        {"group": GROUP, "group_name": "Centre de doc", "can_write": False}
    ]
    assert READ_KEY not in json.dumps(document)


def test_whoami_outside_a_workspace_takes_a_group_and_its_kept_key(
    run: Any, server: Any, tmp_path: Path, memory_keyring: Any
) -> None:
    words = ("--group", GROUP, "--api-url", server.url)
    assert run("-C", tmp_path, "login", *words, stdin=MAIN_KEY).exit_code == 0
    result = run("-C", tmp_path, "whoami", *words)
    assert result.exit_code == 0, result.output
    assert "camille may read and write" in result.stdout
    assert memory_keyring.kept


def test_whoami_outside_a_workspace_without_a_key_says_what_it_wants(
    run: Any, tmp_path: Path
) -> None:
    result = run("-C", tmp_path, "whoami")
    assert result.exit_code == 2
    assert "zotsync whoami --group ID" in result.stderr
