"""The demo's workspace: made from the sample, begun afresh, and nothing of anybody's lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from zotsync.config import Workspace, load_config
from zotsync.errors import ServerError, UsageError
from zotsync.sandbox import demo
from zotsync.sandbox.colleague import Colleague, answers
from zotsync.sandbox.server import Sandbox

PORT = 9  # nobody listens there


def made(root: Path) -> Workspace:
    """Return a demo workspace as a finished demo leaves it."""
    workspace = demo.make_workspace(root, f"http://127.0.0.1:{PORT}", PORT)
    (workspace.handouts / "pair-aidance.docx").write_bytes(b"document")
    demo.write_facts(workspace, PORT, demo.snapshot(workspace))
    return workspace


def files(root: Path) -> dict[str, bytes]:
    found = (f for f in sorted(root.rglob("*")) if f.is_file())
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in found}


def test_the_workspace_is_the_sample_with_its_own_configuration(tmp_path: Path) -> None:
    workspace = made(tmp_path / "demo")
    config = load_config(workspace)
    assert config.group == demo.GROUP
    assert config.api_url == f"http://127.0.0.1:{PORT}"
    assert config.centre.institution
    assert len(list(workspace.items.glob("*.toml"))) == 16


def test_what_is_edited_here_is_there_to_be_edited(tmp_path: Path) -> None:
    workspace = made(tmp_path / "demo")
    before = files(workspace.items)
    demo.edit_here(workspace)
    changed = [name for name, raw in files(workspace.items).items() if raw != before[name]]
    assert len(changed) == 3


def test_a_demo_nobody_touched_is_cleared(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    made(root)
    assert demo.clear(root) is None
    assert files(root) == {}


def test_what_was_changed_or_added_is_kept(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    workspace = made(root)
    edited = next(workspace.items.glob("adenot*.toml"))
    edited.write_text("mine", encoding="utf-8")
    (workspace.items / "new.toml").write_text("new", encoding="utf-8")
    (root / "notes.txt").write_text("beside", encoding="utf-8")
    kept = demo.clear(root)
    assert kept is not None
    there = files(root)
    assert there.pop("notes.txt") == b"beside"
    assert sorted(there.values()) == [b"mine", b"new"]
    assert all(name.startswith(f"{kept.name}/bibliography/items/") for name in there)


def test_a_demo_that_was_stopped_midway_is_kept_whole(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    demo.make_workspace(root, f"http://127.0.0.1:{PORT}", PORT)
    before = files(root)
    kept = demo.clear(root)
    assert kept is not None
    after = files(kept)
    assert {n: raw for n, raw in before.items() if n != ".zotsync/sandbox.json"} == after


@pytest.mark.parametrize("name", ["zotsync.toml", "letter.txt", ".zotsync/sandbox.json"])
def test_a_folder_that_is_no_demo_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    file = tmp_path / "mine" / name
    file.parent.mkdir(parents=True)
    text = '{"port": 1, "group": 1, "key": "another", "made": {}}'
    file.write_text(text, encoding="utf-8")
    before = files(tmp_path)
    with pytest.raises(UsageError, match="something else"):
        demo.clear(tmp_path / "mine")
    assert files(tmp_path) == before


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "demo"
    file.write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="something else"):
        demo.clear(file)


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert demo.clear(tmp_path) is None
    assert demo.clear(tmp_path / "missing") is None


@pytest.fixture
def served() -> Iterator[str]:
    sandbox = Sandbox()
    demo.people(sandbox)
    with sandbox.serve() as running:
        yield running.url
    sandbox.close()


def test_a_demo_that_is_being_served_is_left_alone(tmp_path: Path, served: str) -> None:
    workspace = made(tmp_path / "demo")
    demo.write_facts(workspace, int(served.rpartition(":")[2]))
    before = files(tmp_path)
    with pytest.raises(UsageError, match="is being served"):
        demo.clear(workspace.root)
    assert files(tmp_path) == before


def test_only_our_own_server_answers_to_the_demo_s_key(served: str) -> None:
    assert answers(served, demo.DEMO_KEY)
    assert not answers(served, "anotherKey00000000000000")
    assert not answers(f"http://127.0.0.1:{PORT}", demo.DEMO_KEY)


def test_the_colleague_acts_through_the_web_api(served: str) -> None:
    with Colleague(served, demo.GROUP, demo.COLLEAGUE_KEY) as colleague:
        key = colleague.add({"itemType": "book", "title": "Un livre"})
        colleague.tag(key, "à lire")
        colleague.change(key, {"date": "2014"})
        found = colleague.item(key)
        assert (found["title"], found["date"]) == ("Un livre", "2014")
        assert found["tags"] == [{"tag": "à lire"}]
        colleague.trash(key)
        assert colleague.item(key)["deleted"] == 1


def test_what_the_server_refuses_the_colleague_is_told(served: str) -> None:
    with Colleague(served, demo.GROUP, demo.COLLEAGUE_KEY) as colleague:
        with pytest.raises(ServerError, match="refused"):
            colleague.add({"itemType": "nonsense"})
        with pytest.raises(ServerError, match="404"):
            colleague.item("ABCD2345")
    with (
        Colleague(f"http://127.0.0.1:{PORT}", 1, "key") as nobody,
        pytest.raises(ServerError, match="does not answer"),
    ):
        nobody.item("ABCD2345")


def test_the_same_port_is_chosen_while_it_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.free_port(port) != port
    assert demo.free_port(port) == port
