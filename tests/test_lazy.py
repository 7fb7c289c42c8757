"""Starting is quick: what is heavy is loaded only where it is used."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "pyzotero",
    "httpx2",
    "docx",
    "lxml",
    "rich",
    "jinja2",
    "tomlkit",
    "keyring",
    "werkzeug",
    "waitress",
    "importlib.metadata",
)
PROGRAM = """
import json, sys
from zotsync.__main__ import main
sys.argv = ["zotsync", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print(json.dumps([end.code or 0, sorted(sys.modules)]), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--lang", "fr", "--help"], ["--version"]])
def test_starting_loads_nothing_heavy(arguments: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    code, loaded = json.loads(ran.stderr)
    assert code == 0
    assert "zotsync" in ran.stdout
    assert set(HEAVY).isdisjoint(loaded)


def test_the_command_runs_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "zotsync", "--version"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert ran.stdout.startswith("zotsync ")
