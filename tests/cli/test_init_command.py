"""`zotsync init` to its end: without questions, from options alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from zotsync.config import Workspace, load_config

GROUP = 4711
OTHER_GROUP = 4712
MAIN_KEY = "mainKey00000000000000001"
READ_KEY = "readKey00000000000000002"
DOI = 'itemType = "journalArticle"\ntitle = "{title}"\nDOI = "10.1234/{n}"\n'


@pytest.fixture
def full(server: Any) -> Any:
    """Give a server whose group has collections and items."""
    with server.colleague() as colleague:
        made = colleague._ask(
            "POST", "collections", json=[{"name": "Pair-aidance"}, {"name": "Santé"}]
        ).json()["success"]
        for n, shelf in enumerate(("0", "0", "1")):
            fields = {"itemType": "journalArticle", "title": f"Article {n}", "DOI": f"10.1234/{n}"}
            colleague.add({**fields, "collections": [made[shelf]]})
    return server


def init(run: Any, server: Any, folder: Path, *words: object, group: object = GROUP) -> Any:
    return run("init", folder, "--group", group, "--api-url", server.url, *words)


def lines_after(text: str, line: str) -> list[str]:
    return text.partition(line)[2].strip("\n").split("\n")[1:]


def titles(server: Any) -> list[str]:
    with server.colleague() as colleague:
        items = colleague._ask("GET", "items").json()
    return sorted(item["data"]["title"] for item in items)


@pytest.mark.usefixtures("with_key")
def test_a_library_is_taken_over_and_a_handout_made_of_its_fullest_collection(
    run: Any, full: Any, tmp_path: Path
) -> None:
    result = init(run, full, tmp_path / "w")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    workspace = Workspace(tmp_path / "w")
    assert len(list(workspace.items.glob("*.toml"))) == 3
    handout = (workspace.handouts / "pair-aidance.toml").read_text(encoding="utf-8")
    assert 'collection = "Pair-aidance"' in handout
    rendered = run("-C", workspace.root, "render", "pair-aidance", "--format", "md")
    assert rendered.exit_code == 0, rendered.output


@pytest.mark.usefixtures("with_key")
def test_the_end_says_what_comes_next_in_three_lines(run: Any, full: Any, tmp_path: Path) -> None:
    told = init(run, full, tmp_path / "w").stderr
    following = lines_after(told, "The workspace is ready:")
    assert [line.split("  ")[1] for line in following] == [
        f"cd {tmp_path / 'w'}",
        "zotsync render pair-aidance",
        "zotsync sync",
    ]


@pytest.mark.usefixtures("with_key")
def test_files_and_library_are_matched_and_nothing_is_there_twice(
    run: Any, full: Any, tmp_path: Path
) -> None:
    items = Workspace(tmp_path).items
    items.mkdir(parents=True)
    (items / "un.toml").write_text(DOI.format(title="Article 1", n=1), encoding="utf-8")
    (items / "neuf.toml").write_text(DOI.format(title="Article neuf", n=9), encoding="utf-8")
    result = init(run, full, tmp_path)
    assert result.exit_code == 0, result.output
    assert "already are taken over" in result.stderr
    assert titles(full) == ["Article 0", "Article 1", "Article 2", "Article neuf"]
    assert len(list(items.glob("*.toml"))) == 4


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize(
    ("take", "here", "there"), [("library", 4, 3), ("files", 1, 4), ("nothing", 1, 3)]
)
def test_one_side_alone_can_be_taken_over(  # noqa: PLR0913, PLR0917
    run: Any, full: Any, tmp_path: Path, take: str, here: int, there: int
) -> None:
    items = Workspace(tmp_path).items
    items.mkdir(parents=True)
    (items / "neuf.toml").write_text(DOI.format(title="Article neuf", n=9), encoding="utf-8")
    result = init(run, full, tmp_path, "--take", take, "--no-handout")
    assert result.exit_code == 0, result.output
    assert len(list(items.glob("*.toml"))) == here
    assert len(titles(full)) == there
    assert "zotsync sync" in result.stderr


@pytest.mark.usefixtures("with_key")
def test_every_question_can_be_answered_by_an_option(run: Any, full: Any, tmp_path: Path) -> None:
    result = init(
        run, full, tmp_path / "w", "--institution", "IRTS", "--handout", "Santé", "--json"
    )
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["group_name"] == "Centre de doc"
    assert document["synced"] is True
    assert Path(document["handout"]).name == "sante.toml"
    assert load_config(Workspace(tmp_path / "w")).centre.institution == "IRTS"
    assert MAIN_KEY not in result.output


@pytest.mark.usefixtures("with_key")
def test_without_a_terminal_and_with_yes_nothing_hangs(run: Any, full: Any, tmp_path: Path) -> None:
    for n, words in enumerate(((), ("--yes",))):
        result = init(run, full, tmp_path / f"w{n}", *words)
        assert result.exit_code == 0, result.output
        assert (tmp_path / f"w{n}" / "handouts" / "pair-aidance.toml").exists()


@pytest.mark.usefixtures("with_key")
def test_without_a_folder_an_empty_one_is_taken_else_a_new_one_in_it(
    run: Any, full: Any, tmp_path: Path
) -> None:
    empty, busy = tmp_path / "empty", tmp_path / "busy"
    empty.mkdir()
    busy.mkdir()
    (busy / "notes.txt").write_text("", encoding="utf-8")
    words = ("--group", GROUP, "--api-url", full.url)
    assert run("-C", empty, "init", *words).exit_code == 0
    assert run("-C", busy, "init", *words).exit_code == 0
    assert (empty / "zotsync.toml").exists()
    assert (busy / "bibliography" / "zotsync.toml").exists()
    assert not (busy / "zotsync.toml").exists()


@pytest.mark.usefixtures("with_key")
def test_a_folder_from_another_library_gets_the_keys_of_this_one(
    run: Any, full: Any, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    workspace.items.mkdir(parents=True)
    workspace.handouts.mkdir()
    book = 'key = "FREMDE23"\n# mine\n' + DOI.format(title="Article 1", n=1)
    (workspace.items / "un.toml").write_text(book, encoding="utf-8")
    note = 'key = "FREMDE24"\nitemType = "note"\nparentItem = "FREMDE23"\nnote = "<p>n</p>"\n'
    (workspace.items / "note.toml").write_text(note, encoding="utf-8")
    ours = 'key = "FREMDE25"\n' + DOI.format(title="Article neuf", n=9)
    (workspace.items / "neuf.toml").write_text(ours, encoding="utf-8")
    handout = 'title = "x"\n[[sections]]\ntitle = "y"\norder = ["FREMDE23", "FREMDE25"]\n'
    (workspace.handouts / "x.toml").write_text(handout, encoding="utf-8")
    result = init(run, full, tmp_path)
    assert result.exit_code == 0, result.output
    assert "1 file came from another library" in result.stderr
    with full.colleague() as colleague:
        items = {i["key"]: i["data"] for i in colleague._ask("GET", "items").json()}
    assert len(items) == 5
    (key,) = [k for k, data in items.items() if data.get("title") == "Article 1"]
    assert [d["parentItem"] for d in items.values() if d["itemType"] == "note"] == [key]
    assert "FREMDE25" in items
    assert "# mine" in (workspace.items / "un.toml").read_text(encoding="utf-8")
    order = (workspace.handouts / "x.toml").read_text(encoding="utf-8")
    assert f'order = ["{key}", "FREMDE25"]' in order


# What is wrong


@pytest.mark.usefixtures("with_key")
def test_a_wrong_group_names_those_that_the_key_reaches(
    run: Any, server: Any, tmp_path: Path
) -> None:
    result = init(run, server, tmp_path / "w", group=999)
    assert result.exit_code == 5
    assert "4711  Centre de doc" in result.stderr
    assert "zotsync.toml" not in result.stderr
    assert not (tmp_path / "w").exists()


@pytest.mark.usefixtures("with_key")
def test_the_number_of_a_personal_library_is_known_for_what_it_is(
    run: Any, server: Any, tmp_path: Path
) -> None:
    result = init(run, server, tmp_path / "w", group=1)
    assert result.exit_code == 5
    assert "1 is the personal library of camille, not a group." in result.stderr


def test_a_private_group_that_the_key_does_not_reach(
    run: Any, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.sandbox.add_group(OTHER_GROUP, "Autre centre", owner=2)
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    result = init(run, server, tmp_path / "w", group=OTHER_GROUP)
    assert result.exit_code == 5
    assert "does not reach the group" in result.stderr
    assert "4711  Centre de doc" in result.stderr


@pytest.mark.parametrize("wrapped", ['"{}"', " {}\u00a0", "« {} »", "{}\n", "key: {}"])
def test_a_key_copied_with_what_stands_around_it_is_taken(
    run: Any, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: str
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", wrapped.format(MAIN_KEY))
    assert init(run, server, tmp_path / "w").exit_code == 0


def test_a_key_that_may_only_read_is_told_and_the_library_fetched(
    run: Any, full: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", READ_KEY)
    result = init(run, full, tmp_path / "w")
    assert result.exit_code == 0, result.output
    assert "not write to it" in result.stderr
    assert len(list(Workspace(tmp_path / "w").items.glob("*.toml"))) == 3


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("OneDrive - Lycée/fonds", "OneDrive"),
        ("Dropbox/fonds", "Dropbox"),
        ("Library/Mobile Documents/fonds", "iCloud"),
        ("Library/CloudStorage/GoogleDrive-me@example.org/Mon Drive/fonds", "Google Drive"),
        ("Nextcloud/fonds", "Nextcloud"),
    ],
)
def test_a_folder_that_is_copied_elsewhere_is_refused_unless_it_is_wanted(
    run: Any, tmp_path: Path, folder: str, service: str
) -> None:
    result = run("init", tmp_path / folder, "--group", GROUP, "--no-sync")
    assert result.exit_code == 4
    assert f"{service} copies this folder" in result.stderr
    assert "--in-cloud" in result.stderr
    assert not (tmp_path / folder).exists()
    wanted = run("init", tmp_path / folder, "--group", GROUP, "--no-sync", "--in-cloud")
    assert wanted.exit_code == 0, wanted.output


def test_onedrive_is_known_by_what_windows_says_too(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDriveCommercial", os.fspath(tmp_path / "Documents"))
    result = run("init", tmp_path / "Documents" / "w", "--group", GROUP, "--no-sync")
    assert result.exit_code == 4
    assert run("init", tmp_path / "Documents2", "--group", GROUP, "--no-sync").exit_code == 0


def test_a_folder_inside_another_workspace_is_refused(run: Any, workspace: Path) -> None:
    result = run("init", workspace / "handouts" / "w", "--group", GROUP, "--no-sync")
    assert result.exit_code == 1
    assert "inside another workspace" in result.stderr
    assert str(workspace / "zotsync.toml") in result.stderr


def test_what_is_in_the_folder_and_git_are_told(run: Any, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    result = run("init", tmp_path, "--group", GROUP, "--no-sync")
    assert result.exit_code == 0
    assert "under git" in result.stderr
    assert "not empty (notes.txt)" in result.stderr


# Left, and taken up again


@pytest.mark.usefixtures("with_key")
def test_an_init_that_failed_on_the_way_goes_on_without_being_told_again(
    run: Any, full: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "w"
    monkeypatch.setattr("zotsync.zotero.transport.TRIES", 1)
    monkeypatch.setattr("zotsync.zotero.transport.PATIENCE", 0.1)
    full.sandbox.remove_group(GROUP)
    first = init(run, full, folder, "--institution", "IRTS")
    assert first.exit_code == 5
    assert not folder.exists()
    full.sandbox.add_group(GROUP, "Centre de doc", owner=1, members=(2,))
    again = run("init", folder)
    assert again.exit_code == 0, again.output
    told = again.stderr.splitlines()
    assert f"Going on in {folder}" in told
    assert {"  ✓ The group: 4711", "  ✓ The API key: it is there"} <= set(told)
    assert "What comes next: your institution, the first sync, a first handout." in told
    assert load_config(Workspace(folder)).api_url == full.url


@pytest.mark.usefixtures("with_key")
def test_a_stop_while_the_files_are_made_leaves_no_half_workspace(
    run: Any, full: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "w"

    def stop(_source: str, target: str) -> None:
        if target.endswith("zotsync.toml"):
            raise KeyboardInterrupt
        Path(_source).replace(target)

    with monkeypatch.context() as patched:
        patched.setattr("zotsync.bibliography.files.put_new", stop)
        left = init(run, full, folder)
    assert left.exit_code == 130, left.output
    assert "What you have answered is kept." in left.stderr
    assert [f.name for f in folder.iterdir() if f.is_file()] == []
    again = run("init", folder)
    assert again.exit_code == 0, again.output
    assert len(list(Workspace(folder).items.glob("*.toml"))) == 3


@pytest.mark.usefixtures("with_key")
def test_a_workspace_that_was_made_and_never_synced_is_taken_up(
    run: Any, full: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "w"
    assert init(run, full, folder, "--no-sync").exit_code == 0
    assert run("-C", folder).exit_code == 0  # opens its state
    again = run("init", folder)
    assert again.exit_code == 0, again.output
    assert "  ✓ The folder and its files: made\nWhat comes next: the first sync" in again.stderr
    assert len(list(Workspace(folder).items.glob("*.toml"))) == 3


@pytest.mark.usefixtures("with_key")
def test_what_is_begun_for_the_first_time_goes_on_with_nothing(
    run: Any, full: Any, tmp_path: Path
) -> None:
    told = init(run, full, tmp_path / "w").stderr
    assert "Going on" not in told
    assert "What comes next" not in told


@pytest.mark.usefixtures("with_key")
def test_a_workspace_of_another_group_is_not_taken_up(run: Any, full: Any, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    assert init(run, full, folder, "--no-sync").exit_code == 0
    result = init(run, full, folder, group=OTHER_GROUP)
    assert result.exit_code == 1
    assert "a workspace of the group 4711 here already" in result.stderr


@pytest.mark.usefixtures("with_key")
def test_a_workspace_at_work_is_refused(run: Any, full: Any, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    assert init(run, full, folder).exit_code == 0
    result = init(run, full, folder)
    assert result.exit_code == 1
    assert "status" in result.stderr


@pytest.mark.usefixtures("with_key")
def test_a_first_handout_that_cannot_be_made_leaves_the_rest_done(
    run: Any, full: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "w"
    result = init(run, full, folder, "--handout", "Nulle part")
    assert result.exit_code == 2
    assert "There is no collection Nulle part." in result.stderr
    again = run("init", folder, "--handout", "Santé")
    assert again.exit_code == 0, again.output
    assert (folder / "handouts" / "sante.toml").exists()
    assert run("init", folder).exit_code == 1  # done


def test_what_is_remembered_is_no_key_and_nobody_else_s(
    run: Any, server: Any, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    init(run, server, tmp_path / "w", group=999)
    (kept,) = home.rglob("init/*.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["group"] == "999"
    assert MAIN_KEY not in kept.read_text(encoding="utf-8")
    assert os.name != "posix" or kept.stat().st_mode & 0o077 == 0
    assert run("init", tmp_path / "w", "--group", GROUP, "--no-sync").exit_code == 0
    assert not kept.exists()


@pytest.mark.usefixtures("with_key")
def test_whoever_stands_in_a_workspace_means_that_one(run: Any, full: Any, tmp_path: Path) -> None:
    assert init(run, full, tmp_path, "--no-sync").exit_code == 0
    assert run("-C", tmp_path, "init").exit_code == 0
    again = run("-C", tmp_path, "init")
    assert again.exit_code == 1
    assert "There is a workspace here already." in again.stderr
