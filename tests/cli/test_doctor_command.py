"""`zotsync doctor`: what is looked at, what is said, and what it ends with."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import Workspace
from zotsync.doctor.finding import Area, Finding, Mark, exit_code, note, well, wrong
from zotsync.doctor.installation import installation, programs
from zotsync.sandbox.demo import make_workspace, write_facts
from zotsync.sync.remembering.lock import locked

GROUP = 4711
MAIN_KEY = "mainKey00000000000000001"
READ_KEY = "readKey00000000000000002"


@pytest.fixture
def synced(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    """Give a workspace with an item, synced."""
    (Workspace(workspace).items / "livre.toml").write_text(
        'itemType = "book"\ntitle = "Un livre"\n', encoding="utf-8"
    )
    assert run("-C", workspace, "sync").exit_code == 0
    return workspace


def found(run: Any, folder: Path, *words: object) -> tuple[int, list[dict[str, str]]]:
    result = run("-C", folder, "doctor", "--json", *words)
    document = json.loads(result.stdout)
    assert document["exit_code"] == result.exit_code
    return result.exit_code, document["findings"]


def told(findings: list[dict[str, str]], area: str, mark: str) -> list[str]:
    chosen = [f for f in findings if f["area"] == area and f["mark"] == mark]
    return [f"{f['text']} {f['hint']}".strip() for f in chosen]


def test_where_all_is_well_it_ends_with_0_and_looks_at_everything(run: Any, synced: Path) -> None:
    code, findings = found(run, synced)
    assert code == 0, findings
    assert {f["area"] for f in findings} == {area.value for area in Area}
    assert "camille may read and write" in " ".join(told(findings, "key", "well"))
    assert MAIN_KEY not in json.dumps(findings)


def test_nothing_is_changed_by_looking(run: Any, synced: Path) -> None:
    def stamps() -> dict[str, int]:
        files = [f for f in synced.rglob("*") if f.is_file() and f.name != "lock"]
        return {str(f): f.stat().st_mtime_ns for f in files}

    before = stamps()
    found(run, synced)
    assert stamps() == before


def test_each_line_has_a_mark_that_does_without_colour(run: Any, synced: Path) -> None:
    lines = run("-C", synced, "doctor").stdout.splitlines()
    inside = [line for line in lines if line.startswith(" ")]
    assert inside
    assert {line.split()[0] for line in inside} <= {"✓", "!", "✗", "–", "→"}


def test_outside_a_workspace_and_offline_it_works(run: Any, tmp_path: Path) -> None:
    code, findings = found(run, tmp_path, "--offline")
    assert code == 5  # no keyring in these tests, and no key
    assert told(findings, "network", "skipped")
    assert "zotsync init" in told(findings, "workspace", "note")[0]


def test_outside_a_workspace_the_key_of_the_environment_is_asked_about(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    code, findings = found(run, tmp_path, "--offline")
    assert code == 0
    assert "ZOTERO_API_KEY" in " ".join(told(findings, "key", "well"))


def test_no_keyring_and_no_key(run: Any, workspace: Path) -> None:
    code, findings = found(run, workspace)
    assert code == 5
    assert "ZOTERO_API_KEY" in told(findings, "keyring", "wrong")[0]
    assert "zotsync login" in told(findings, "key", "wrong")[0]


def test_a_keyring_that_holds_the_key(
    run: Any, workspace: Path, server: Any, memory_keyring: Any
) -> None:
    memory_keyring.kept["zotsync", f"{server.url.removeprefix('http://')}/groups/{GROUP}"] = (
        MAIN_KEY
    )
    code, findings = found(run, workspace)
    assert code == 0
    assert told(findings, "keyring", "well")
    assert "in the keyring" in told(findings, "key", "well")[0]


@pytest.mark.parametrize(
    ("key", "code", "mark", "says"),
    [
        ("badKey000000000000000009", 5, "wrong", "does not know this API key"),
        ("abc", 5, "note", "24 letters and digits"),
        (READ_KEY, 0, "note", "not write to it"),
    ],
)
def test_what_is_wrong_with_a_key(  # noqa: PLR0913, PLR0917
    run: Any,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    code: int,
    mark: str,
    says: str,
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", key)
    ended, findings = found(run, workspace)
    assert ended == code
    assert says in " ".join(told(findings, "key", mark))


def test_a_server_that_is_not_there_is_the_networks_business(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://127.0.0.1:9"  # the discard port: nobody listens
    run("init", tmp_path, "--group", 1, "--api-url", url, "--no-sync")
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    code, findings = found(run, tmp_path)
    assert code == 6
    assert "cannot be reached" in told(findings, "network", "wrong")[0]
    assert told(findings, "key", "skipped") == ["What it allows was not asked."]


def test_the_server_of_a_demo_is_to_be_started(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    url = "http://127.0.0.1:9"  # the discard port: nobody listens
    run("init", tmp_path, "--group", 1, "--api-url", url, "--no-sync")
    facts = Workspace(tmp_path).private / "sandbox.json"
    facts.write_text('{"port": 9, "group": 1, "key": "", "made": {}}', encoding="utf-8")
    code, findings = found(run, tmp_path)
    assert code == 6
    assert "zotsync sandbox" in told(findings, "network", "wrong")[0]
    facts.write_text("{", encoding="utf-8")
    code, findings = found(run, tmp_path)
    assert code == 1
    assert "sandbox.json" in told(findings, "key", "wrong")[0]


def test_a_demo_has_a_key_of_its_own_and_needs_no_keyring(run: Any, tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, "http://127.0.0.1:9", 9)
    write_facts(workspace, 9, {})
    _code, findings = found(run, tmp_path, "--offline")
    (key,) = told(findings, "key", "well")
    assert "demo" in key
    assert "ZOTERO_API_KEY" not in key
    assert not told(findings, "keyring", "wrong")
    assert "demo does without" in told(findings, "keyring", "note")[0]


# The workspace


def test_a_configuration_that_cannot_be_read(run: Any, synced: Path) -> None:
    (synced / "zotsync.toml").write_text("group = \n", encoding="utf-8")
    code, findings = found(run, synced, "--offline")
    assert code == 1
    assert "zotsync.toml:1" in told(findings, "workspace", "wrong")[0]


def test_a_command_that_cannot_follow_a_sync(run: Any, synced: Path) -> None:
    with (synced / "zotsync.toml").open("r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        file.write('after_sync = ["sync"]\n' + text)
    code, findings = found(run, synced, "--offline")
    assert code != 0
    assert told(findings, "workspace", "wrong")


def test_a_lock_that_somebody_holds(run: Any, synced: Path) -> None:
    with locked(Workspace(synced).lock, "sync", datetime.now(UTC)):
        code, findings = found(run, synced, "--offline")
    assert code == 1
    assert "The workspace is in use: sync" in told(findings, "workspace", "wrong")[0]


def test_a_state_that_is_damaged_or_missing(run: Any, synced: Path) -> None:
    state = Workspace(synced).state
    raw = bytearray(state.read_bytes())
    raw[200:4000] = b"\xff" * 3800
    state.write_bytes(raw)
    code, findings = found(run, synced, "--offline")
    assert code == 1
    assert "damaged" in told(findings, "workspace", "wrong")[0]
    state.unlink()
    code, findings = found(run, synced, "--offline")
    assert code == 0
    assert "Never synced." in told(findings, "workspace", "note")[0]


def test_a_state_of_which_nothing_was_agreed_on_yet(run: Any, workspace: Path) -> None:
    with closing(sqlite3.connect(Workspace(workspace).state)) as db, db:
        db.execute("CREATE TABLE base (kind TEXT)")
        db.execute("CREATE TABLE meta (name TEXT)")
    db.close()
    _code, findings = found(run, workspace, "--offline")
    assert "Never synced." in told(findings, "workspace", "note")[0]


def test_an_empty_workspace_and_an_empty_library_that_were_synced(
    run: Any,
    workspace: Path,
    with_key: None,  # noqa: ARG001
) -> None:
    assert run("-C", workspace, "sync").exit_code == 0
    _code, findings = found(run, workspace, "--offline")
    assert "Never synced." not in " ".join(told(findings, "workspace", "note"))


@pytest.mark.skipif(os.name != "posix", reason="Windows refuses such names")
def test_names_that_other_systems_do_not_take(run: Any, synced: Path) -> None:
    items = Workspace(synced).items
    for name in ("con.toml", "Livre.toml", "a:b.toml"):
        (items / name).write_text('itemType = "book"\n', encoding="utf-8")
    code, findings = found(run, synced, "--offline")
    assert code == 1
    told_wrong = " ".join(told(findings, "workspace", "wrong"))
    assert "2 files have names that Windows does not take: a:b.toml, con.toml" in told_wrong
    assert "one name on Windows and macOS" in told_wrong


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_private_folder_that_others_may_read(run: Any, synced: Path) -> None:
    Workspace(synced).private.chmod(0o755)
    _code, findings = found(run, synced, "--offline")
    assert "chmod 700" in " ".join(told(findings, "workspace", "note"))


def test_a_folder_that_is_gone(run: Any, synced: Path) -> None:
    items = Workspace(synced).items
    items.rename(items.with_name("elsewhere"))
    code, findings = found(run, synced, "--offline")
    assert code == 1
    assert f"{items} is not there" in told(findings, "workspace", "wrong")[0]


def test_a_workspace_in_a_folder_that_is_copied_elsewhere(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "w"
    run("init", folder, "--group", GROUP, "--no-sync", "--in-cloud")
    _code, findings = found(run, folder, "--offline")
    assert "Dropbox copies this folder" in " ".join(told(findings, "workspace", "note"))


# Handouts and what they need


def test_handouts_that_cannot_be_read_and_themes_that_are_not_there(run: Any, synced: Path) -> None:
    handouts = Workspace(synced).handouts
    (handouts / "un.toml").write_text('titel = "x"\n', encoding="utf-8")
    (handouts / "deux.toml").write_text('title = "x"\ntheme = "nul"\n', encoding="utf-8")
    code, findings = found(run, synced, "--offline")
    assert code == 1
    wrong_ones = " ".join(told(findings, "handouts", "wrong"))
    assert "handouts/un.toml:1" in wrong_ones
    assert "There is no theme named nul." in wrong_ones


def test_a_theme_of_ones_own_is_looked_through(run: Any, synced: Path) -> None:
    assert run("-C", synced, "themes", "new", "maison").exit_code == 0
    handouts = Workspace(synced).handouts
    (handouts / "un.toml").write_text('title = "x"\ntheme = "maison"\n', encoding="utf-8")
    (synced / "templates" / "maison" / "base.docx").write_bytes(b"no document")
    code, findings = found(run, synced, "--offline")
    assert code == 1
    assert "base.docx" in " ".join(told(findings, "handouts", "wrong"))


def test_pandoc_is_missed_only_where_a_citation_style_is_used() -> None:
    marks = {
        used: [f.mark for f in programs(styles=used, has=lambda name: name != "pypandoc")][-1]
        for used in (True, False)
    }
    assert marks == {True: Mark.WRONG, False: Mark.SKIPPED}


def test_a_package_that_is_missing_is_named() -> None:
    (lacking,) = [f for f in installation(lambda name: name != "tomlkit") if f.code]
    assert "tomlkit" in lacking.text
    assert "--reinstall" in lacking.hint


@pytest.mark.parametrize(
    ("codes", "ends"), [([], 0), ([6], 6), ([6, 5], 5), ([6, 5, 1], 1), ([70], 70)]
)
def test_what_is_wrong_here_comes_before_rights_and_these_before_the_network(
    codes: list[int], ends: int
) -> None:
    findings: list[Finding] = [well(Area.KEY, "a"), note(Area.KEY, "b")]
    findings += [wrong(Area.KEY, "c", code=code) for code in codes]
    assert exit_code(findings) == ends


def test_quiet_leaves_only_what_is_wrong(run: Any, workspace: Path) -> None:
    result = run("-C", workspace, "doctor", "-q", "--offline")
    assert result.exit_code == 5
    assert "✓" not in result.stdout
    assert "✗" in result.stdout
    assert result.stderr == ""
