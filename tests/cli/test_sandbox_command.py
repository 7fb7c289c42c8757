"""`zotsync sandbox`: the embedded server as a command."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from zotsync.sandbox.faults import CONDITIONS, EFFECTS
from zotsync.sandbox.script import read_script


@contextmanager
def sandbox(*words: str) -> Iterator[dict[str, Any]]:
    """Run the command as people do, until Ctrl-C; yield what it says as JSON."""
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    interrupt = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)
    process = subprocess.Popen(
        [sys.executable, "-m", "zotsync", "--json", "sandbox", *words],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        creationflags=flags,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("}"):
            break
    try:
        yield json.loads("".join(lines))
    finally:
        process.send_signal(interrupt)
        code = process.wait(timeout=30)
        process.stdout.close()
    if os.name == "posix":
        assert code == 0  # Ctrl-C is how it ends, and no failure


def test_it_serves_a_fresh_group_with_the_key_it_prints() -> None:
    with sandbox() as said:
        url = f"{said['api_url']}/groups/{said['group']}"
        answer = httpx2.get(url, headers={"Zotero-API-Key": said["key"]}, trust_env=False)
        assert answer.status_code == 200
        assert answer.json()["data"]["name"] == "Sandbox"
        assert httpx2.get(url, trust_env=False).status_code == 404


def test_several_people_share_the_group_each_with_her_own_key() -> None:
    with sandbox("--people", "Anne, Béa Petit") as said:
        assert list(said["people"]) == ["Anne", "Béa Petit"]
        for name, key in said["people"].items():
            headers = {"Zotero-API-Key": key}
            url = said["api_url"]
            mine = httpx2.get(f"{url}/keys/current", headers=headers, trust_env=False).json()
            assert mine["username"] == name
            items = f"{url}/groups/{said['group']}/items"
            sent = httpx2.post(items, headers=headers, json=[{"itemType": "book"}], trust_env=False)
            assert sent.json()["successful"]["0"]["meta"]["createdByUser"]["username"] == name


@pytest.mark.parametrize("people", ["", " , ", "anne,anne"])
def test_people_have_names_of_their_own(run: Any, people: str) -> None:
    assert run("sandbox", "--people", people).exit_code == 2


def test_data_last_in_the_file_that_was_named(tmp_path: Path) -> None:
    file = str(tmp_path / "data.db")
    body = [{"itemType": "book", "title": "Encore là"}]
    with sandbox("--data", file) as said:
        items = f"{said['api_url']}/groups/{said['group']}/items"
        headers = {"Zotero-API-Key": said["key"]}
        httpx2.post(items, headers=headers, json=body, trust_env=False).raise_for_status()
    with sandbox("--data", file) as said:
        items = f"{said['api_url']}/groups/{said['group']}/items"
        headers = {"Zotero-API-Key": said["key"]}
        (found,) = httpx2.get(items, headers=headers, trust_env=False).json()
    assert found["data"]["title"] == "Encore là"


def test_a_port_in_use_is_refused(run: Any, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("-C", tmp_path, "sandbox", "--port", taken.getsockname()[1])
    assert result.exit_code == 6
    assert "is in use" in result.stderr
    assert "--port" in result.stderr


def test_data_that_are_none_are_refused(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Chère collègue, " * 100, encoding="utf-8")
    result = run("sandbox", "--data", file)
    assert result.exit_code == 1
    assert "letter.txt" in result.stderr
    assert file.read_text(encoding="utf-8").startswith("Chère collègue")
    below = run("sandbox", "--data", tmp_path / "missing" / "data.db")
    assert below.exit_code == 1


@pytest.mark.parametrize("port", ["0", "70000", "x"])
def test_a_port_is_a_port(run: Any, port: str) -> None:
    assert run("sandbox", "--port", port).exit_code == 2


def test_requests_fail_as_a_script_says_and_are_logged_without_keys(tmp_path: Path) -> None:
    script, log = tmp_path / "faults.toml", tmp_path / "log.jsonl"
    script.write_text('[[fault]]\npath = "/items"\nstatus = 503\n', encoding="utf-8")
    with sandbox("--faults", str(script), "--latency", "1ms", "--log", str(log)) as said:
        items = f"{said['api_url']}/groups/{said['group']}/items"
        query = {"key": said["key"], "limit": 1}
        statuses = [httpx2.get(items, params=query, trust_env=False).status_code for _ in "ab"]
    assert statuses == [503, 200]
    text = log.read_text(encoding="utf-8")
    first, second = map(json.loads, text.splitlines())
    assert (first["status"], first["fault"], second["fault"]) == (503, "status=503", "")
    assert second["path"] == f"/groups/{said['group']}/items?limit=1"
    assert said["key"] not in text


def test_the_log_in_the_terminal_is_a_line_for_each_request(capfd: Any) -> None:
    with sandbox("--log", "--faults", "3") as said:
        httpx2.get(f"{said['api_url']}/keys/{said['key']}", trust_env=False)
    shown = capfd.readouterr().err
    assert "GET /keys/***" in shown
    assert said["key"] not in shown


def test_served_to_the_network_it_says_so(capfd: Any) -> None:
    with sandbox("--lang", "en", "--host", "0.0.0.0") as said:  # noqa: S104 - as it is asked for
        port = said["api_url"].rpartition(":")[2]
        assert httpx2.get(f"http://127.0.0.1:{port}/schema", trust_env=False).status_code == 200
    assert "Others on the network can reach it" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("--host", "somewhere"), 2, "0.0.0.0"),  # noqa: S104 - as the hint says
        (("--latency", "soon"), 2, "50ms"),
        (("--faults", "missing.toml"), 1, "missing.toml"),
        (("--log", "missing/log.jsonl"), 1, "log.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(
    run: Any, tmp_path: Path, words: tuple[str, str], code: int, hint: str
) -> None:
    result = run("-C", tmp_path, "sandbox", *words)
    assert result.exit_code == code
    assert hint in result.stderr


@pytest.mark.parametrize("page", ["faults.md", "faults.fr.md"])
def test_the_script_in_the_documentation_is_one_and_every_fault_is_explained(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    assert read_script(example.encode(), page).fault[0].status == 503
    named = set(re.findall(r"([a-z_]+) = ", text))
    assert {*EFFECTS, *CONDITIONS} <= named
