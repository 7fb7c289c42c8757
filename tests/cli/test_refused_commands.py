"""What the command line says where a sync is refused, and what it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.conftest import GROUP, MAIN_KEY, READ_KEY, Run, Server

from zotsync.sandbox.server import Access


@pytest.fixture
def synced(run: Run, server: Server, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    with server.colleague() as colleague:
        for number in range(9):
            colleague.add({"itemType": "book", "title": f"Étude {number}"})
    assert run("-C", workspace, "sync").exit_code == 0
    return workspace


def items(workspace: Path) -> list[Path]:
    return sorted((workspace / "bibliography" / "items").iterdir())


def edit(workspace: Path) -> None:
    file = items(workspace)[0]
    file.write_text(file.read_text("utf-8").replace("Étude", "Enquête"), encoding="utf-8")


@pytest.mark.usefixtures("with_key")
def test_a_reader_is_told_what_waits_why_and_where_to_mend_it(
    run: Run, synced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", READ_KEY)
    assert run("-C", synced, "sync").exit_code == 0
    edit(synced)
    result = run("-C", synced, "sync")
    assert result.exit_code == 5
    assert "may read the group Centre de doc, but not write to it" in result.stderr
    assert "https://www.zotero.org/settings/keys" in result.stderr
    assert "Enquête 0: waits for the right to write" in result.stderr
    assert READ_KEY not in result.output
    for words in (["status"], ["status", "--offline"], ["sync", "--dry-run"]):
        told = run("-C", synced, *words)
        assert told.exit_code == 5, told.output
        assert "but not write to it" in told.stderr
    document = json.loads(run("-C", synced, "--json", "sync").stdout)
    assert document["exit_code"] == 5
    assert document["notices"][0]["what"] == "waits for the right to write"
    assert run("-C", synced, "diff").exit_code == 0
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    assert run("-C", synced, "sync").exit_code == 0
    assert run("-C", synced, "status").exit_code == 0


def test_a_reader_knows_from_the_beginning(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.colleague() as colleague:
        colleague.add({"itemType": "book", "title": "Étude"})
    monkeypatch.setenv("ZOTERO_API_KEY", READ_KEY)
    folder = tmp_path / "lecture"
    made = run("init", folder, "--group", GROUP, "--api-url", server.url)
    assert made.exit_code == 0, made.output
    assert run("-C", folder, "status").exit_code == 0
    edit(folder)
    for words in (["status"], ["status", "--offline"], ["sync"]):
        result = run("-C", folder, *words)
        assert result.exit_code == 5, result.output
        assert "but not write to it" in result.stderr


def test_a_key_that_was_revoked_is_named(run: Run, server: Server, synced: Path) -> None:
    edit(synced)
    server.sandbox.remove_key(MAIN_KEY)
    result = run("-C", synced, "sync")
    assert result.exit_code == 5
    assert "does not know this API key" in result.stderr
    assert "It is in the variable ZOTERO_API_KEY: put one from" in result.stderr
    assert "zotsync login" not in result.stderr
    server.sandbox.add_key(MAIN_KEY, 1, groups={GROUP: Access()})
    assert run("-C", synced, "sync").exit_code == 0


def test_a_damaged_state_is_told_once_and_the_sync_goes_on(run: Run, synced: Path) -> None:
    state = synced / ".zotsync" / "state.db"
    state.write_bytes(b"\x07" * 5000)
    result = run("-C", synced, "sync")
    assert result.exit_code == 0
    assert f"It is kept as {state}.damaged" in result.stderr
    assert "Nothing is lost" in result.stderr
    assert "damaged" not in run("-C", synced, "sync").stderr
    state.unlink()
    result = run("-C", synced, "--json", "status")
    assert "was gone" in result.stderr
    assert json.loads(result.stdout)["problems"] == []


def test_a_state_that_cannot_be_opened_is_told_without_a_traceback(run: Run, synced: Path) -> None:
    state = synced / ".zotsync" / "state.db"
    state.unlink()
    state.mkdir()
    for words in (["status", "--offline"], ["sync"], [], ["log"]):
        result = run("-C", synced, *words)
        assert result.exit_code == 1, result.output
        assert str(state) in result.stderr


def test_a_folder_that_is_not_there_is_refused_with_the_ways_out(run: Run, synced: Path) -> None:
    (synced / "bibliography").rename(synced / "ailleurs")
    for words in (["status"], ["sync", "--dry-run"], ["sync"]):
        result = run("-C", synced, *words)
        assert result.exit_code == 4, result.output
        assert "is not there. Is the drive or the share connected?" in result.stderr
        assert "Nothing was written" in result.stderr
    (synced / "ailleurs").rename(synced / "bibliography")
    assert run("-C", synced, "sync").exit_code == 0


def test_another_group_in_the_settings_is_refused(run: Run, synced: Path) -> None:
    settings = synced / "zotsync.toml"
    settings.write_text(settings.read_text("utf-8").replace(str(GROUP), "12"), encoding="utf-8")
    for words in (["sync"], ["status"], ["sync", "--rebase", "--allow-mass-delete"]):
        result = run("-C", synced, *words)
        assert result.exit_code == 4, result.output
        assert f"groups/{GROUP}" in result.stderr
        assert "groups/12" in result.stderr


def test_a_folder_that_is_not_there_is_told_as_such(run: Run, tmp_path: Path) -> None:
    result = run("-C", tmp_path / "nowhere", "status", "--lang", "en")
    assert result.exit_code == 1
    assert "nowhere: There is no such folder." in result.stderr
    assert "zotsync init" in result.stderr
