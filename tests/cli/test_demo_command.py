"""`zotsync demo`: the whole story, again and again, and playing on afterwards."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from zotsync.cli.toolkit.sandbox import published_key
from zotsync.config import Workspace, find_workspace, load_config
from zotsync.sandbox import demo as story
from zotsync.sandbox.colleague import Colleague
from zotsync.sandbox.server import Sandbox


@pytest.fixture
def told(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the demo with a key and a keyring that must not be touched."""
    monkeypatch.setenv("ZOTERO_API_KEY", "never-to-be-sent")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "nowhere.Keyring")
    monkeypatch.chdir(tmp_path)
    return run("demo")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "zotsync-demo"


def test_the_story_ends_with_the_document_and_how_to_go_on(told: Any, root: Path) -> None:
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    document = root / "handouts" / "pair-aidance.docx"
    assert str(document) in lines[-2]
    assert "zotsync sandbox" in lines[-1]
    assert str(root) in lines[-1]
    assert len(lines) < 50
    assert max(map(len, lines[:-2])) < 400
    with zipfile.ZipFile(document) as package:
        text = package.read("word/document.xml").decode("utf-8")
    assert "Nouvelles coopérations réflexives en santé" in text  # what the colleague added
    assert "À condition de ne pas négliger" in text  # what she corrected
    assert "pp.40-41" in text  # what was edited here
    assert "pp.22-27" in text  # what was kept of the conflict
    assert "Travail d'analyse des pratiques" not in text  # what she removed


def test_both_sides_hold_the_same_afterwards(told: Any, root: Path) -> None:
    assert told.exit_code == 0
    workspace = find_workspace(root)
    assert len(list(workspace.items.glob("*.toml"))) == 16
    clashing = next(
        f for f in workspace.items.glob("*.toml") if story.CLASHING in f.read_text("utf-8")
    )
    assert 'pages = "22-27"' in clashing.read_text(encoding="utf-8")
    sandbox = Sandbox(workspace.sandbox)
    with (
        sandbox.serve() as served,
        Colleague(served.url, story.GROUP, story.COLLEAGUE_KEY) as colleague,
    ):
        assert colleague.item(story.CLASHING)["pages"] == "22-27"
        assert {"tag": "confiance"} in colleague.item(story.CLASHING)["tags"]
        assert colleague.item(story.CORRECTED)["pages"] == "40-41"
        tags = {tag["tag"] for tag in colleague.item(story.TAGGED)["tags"]}
    sandbox.close()
    assert {"accompagnement", "droits"} < tags


def test_playing_on_needs_no_key_of_anybody_s(told: Any, root: Path, run: Any) -> None:
    assert told.exit_code == 0
    workspace = find_workspace(root)
    facts = story.read_facts(workspace)
    assert facts is not None
    sandbox = Sandbox(workspace.sandbox)
    with sandbox.serve(facts.port):
        result = run("-C", root, "sync", "--json")
        again = run("demo", root)
    sandbox.close()
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["requests"] == 1
    assert again.exit_code == 2
    assert "is being served" in again.stderr


def test_running_it_again_begins_afresh_on_the_same_port(told: Any, root: Path, run: Any) -> None:
    assert told.exit_code == 0
    before = load_config(Workspace(root)).api_url
    again = run("demo", root)
    assert again.exit_code == 0, again.output
    assert load_config(Workspace(root)).api_url == before
    assert not list(root.glob("avant-*"))
    item = next((root / "bibliography" / "items").glob("adenot*"))
    item.write_text("mine", encoding="utf-8")
    third = run("demo", root, "--json")
    assert third.exit_code == 0, third.output
    assert json.loads(third.stdout)["document"] == str(root / "handouts" / "pair-aidance.docx")
    (kept,) = root.glob("avant-*")
    assert "mine" in [f.read_text("utf-8") for f in kept.rglob("adenot*")]


def test_the_published_key_is_for_its_own_port_alone(told: Any, root: Path) -> None:
    assert told.exit_code == 0
    workspace = find_workspace(root)
    config = load_config(workspace)
    assert published_key(workspace, config) is not None
    text = workspace.config_file.read_text(encoding="utf-8")
    for url in ("https://api.zotero.org", "http://127.0.0.1:1"):
        workspace.config_file.write_text(text.replace(config.api_url, url), encoding="utf-8")
        assert published_key(workspace, load_config(workspace)) is None


def test_a_folder_of_somebody_s_is_refused(run: Any, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Chère collègue", encoding="utf-8")
    result = run("demo", tmp_path)
    assert result.exit_code == 2
    assert [f.name for f in tmp_path.iterdir()] == ["letter.txt"]


def test_the_story_is_told_in_french_too(run: Any, tmp_path: Path) -> None:
    result = run("demo", tmp_path / "d", "--lang", "fr")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "d" / "handouts" / "pair-aidance.docx").exists()


def test_quiet_tells_only_how_it_ended(run: Any, tmp_path: Path) -> None:
    result = run("demo", tmp_path / "d", "-q")
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 3
