"""`zotsync init` in a terminal: what is asked, what is said of mistakes, and how it is left and taken up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli.filekeyring import use_file_keyring
from cli.terminal import CTRL_C, CTRL_D, in_terminal, pseudo_terminal

from zotsync.config import Workspace, load_config

pytestmark = pseudo_terminal

GROUP = 4711
MAIN_KEY = "mainKey00000000000000001"
READ_KEY = "readKey00000000000000002"
OTHER_KEY = "otherKey0000000000000003"
KEY = "not shown while you type"
WHERE = "Folder of the workspace"
WHICH = "Address or number"


@pytest.fixture
def kept_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the commands a keyring, in this file."""
    return use_file_keyring(monkeypatch, tmp_path)


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """Give an empty folder to begin in."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def asked(server: Any) -> tuple[object, ...]:
    """Give the words with which init asks everything, of the embedded server."""
    with server.colleague() as colleague:
        made = colleague._ask("POST", "collections", json=[{"name": "Pair-aidance"}]).json()
        shelf = made["success"]["0"]
        colleague.add({"itemType": "book", "title": "Un livre", "collections": [shelf]})
    return ("init", "--api-url", server.url, "--no-browser")


def test_the_questions_from_the_first_to_the_last(
    asked: tuple[object, ...], start: Path, kept_keys: Path
) -> None:
    code, shown = in_terminal(
        "-C",
        start,
        *asked,
        width=80,
        answers=[
            (WHERE, "fonds\n"),
            (WHICH, "https://www.zotero.org/camille/library\n"),
            (WHICH, f"« https://www.zotero.org/groups/{GROUP}/centre/library »\n"),
            (KEY, "abc\n"),
            (KEY, f' "{MAIN_KEY}" \n'),
            ("Institution", "IRTS\n"),
            ("Fetch them as files now?", "y\n"),
            ("Your choice", "1\n"),
        ],
    )
    assert code == 0, shown
    assert "personal library" in shown
    assert "A key has 24 letters and digits." in shown
    assert "In Zotero: 1 item, 1 collection." in shown
    workspace = Workspace(start / "fonds")
    assert load_config(workspace).centre.institution == "IRTS"
    assert (workspace.handouts / "pair-aidance.toml").exists()
    assert MAIN_KEY in kept_keys.read_text(encoding="utf-8")
    assert MAIN_KEY not in shown
    assert max(map(len, shown.replace("\r", "\n").splitlines())) <= 160  # the address of the page


@pytest.mark.parametrize("stop", [CTRL_C, CTRL_D])
def test_what_was_answered_before_it_was_left_is_not_asked_again(
    asked: tuple[object, ...], start: Path, kept_keys: Path, stop: str
) -> None:
    first = [(WHERE, "fonds\n"), (WHICH, f"{GROUP}\n"), (KEY, stop)]
    code, shown = in_terminal("-C", start, *asked, answers=first)
    assert code == 130, shown
    assert "What you have answered is kept. To go on: zotsync init" in shown
    assert "Going on" not in shown
    assert not (start / "fonds").exists()
    second = [(KEY, f"{MAIN_KEY}\n"), ("Institution", stop)]
    code, shown = in_terminal("-C", start, "init", "--no-browser", answers=second)
    assert code == 130, shown
    assert f"Going on in {start / 'fonds'}" in " ".join(shown.split())
    assert f"✓ The group: {GROUP}" in shown
    assert "What comes next: the API key, your institution, the first sync" in shown
    assert WHICH not in shown
    assert MAIN_KEY in kept_keys.read_text(encoding="utf-8")
    code, shown = in_terminal(
        "-C", start, "init", answers=[("Institution", "IRTS\n"), ("Fetch", stop)]
    )
    assert code == 130, shown
    assert KEY not in shown
    assert "✓ The API key: it is there" in shown
    last = [("Fetch", "y\n"), ("Your choice", "2\n")]
    code, shown = in_terminal("-C", start, "init", answers=last)
    assert code == 0, shown
    assert "✓ The institution: IRTS" in shown
    assert "✓ The folder and its files: made" in shown
    assert "Institution" not in shown
    assert list(Workspace(start / "fonds").items.glob("*.toml"))
    assert not list(Workspace(start / "fonds").handouts.iterdir())


def test_answers_can_be_forgotten(asked: tuple[object, ...], start: Path, kept_keys: Path) -> None:
    in_terminal("-C", start, *asked, answers=[(WHERE, "fonds\n"), (WHICH, "7\n"), (KEY, CTRL_C)])
    code, shown = in_terminal("-C", start, *asked, "--afresh", answers=[(WHERE, CTRL_C)])
    assert code == 130, shown
    assert kept_keys.read_text(encoding="utf-8") == ""


@pytest.mark.usefixtures("kept_keys")
def test_of_a_wrong_group_those_that_the_key_reaches_are_offered(
    asked: tuple[object, ...], start: Path
) -> None:
    code, shown = in_terminal(
        *("-C", start, *asked, start / "w", "--group", "999", "--take", "nothing"),
        answers=[(KEY, f"{MAIN_KEY}\n"), ("Your choice", "1\n"), ("Institution", "IRTS\n")],
    )
    assert code == 0, shown
    assert "1  the group Centre de doc (4711)" in shown
    assert load_config(Workspace(start / "w")).group == GROUP


@pytest.mark.usefixtures("kept_keys")
def test_another_key_can_be_given_for_one_that_may_only_read(
    asked: tuple[object, ...], start: Path
) -> None:
    code, shown = in_terminal(
        *("-C", start, *asked, start / "w", "--group", GROUP, "--take", "nothing"),
        answers=[
            (KEY, f"{READ_KEY}\n"),
            ("Go on all the same?", "n\n"),
            (KEY, f"{OTHER_KEY}\n"),
            ("Institution", "IRTS\n"),
        ],
    )
    assert code == 0, shown
    assert "dominique may read and write" in shown


def test_without_a_keyring_that_is_said_before_a_key_is_typed_and_one_is_enough(
    asked: tuple[object, ...], start: Path
) -> None:
    code, shown = in_terminal(
        *("-C", start, *asked, start / "w", "--group", GROUP, "--yes"),
        answers=[(KEY, f"{MAIN_KEY}\n")],
    )
    assert code == 0, shown
    assert shown.index("keyring cannot be used") < shown.index(KEY)
    assert "ZOTERO_API_KEY" in shown
    assert shown.count(KEY) == 1


@pytest.mark.usefixtures("kept_keys")
def test_both_sides_are_counted_and_one_can_be_chosen(
    asked: tuple[object, ...], start: Path, server: Any
) -> None:
    items = Workspace(start).items
    items.mkdir(parents=True)
    for n, title in enumerate(("Un livre", "Un autre")):
        text = f'itemType = "book"\ntitle = "{title}"\n'
        (items / f"{n}.toml").write_text(text, encoding="utf-8")
    code, shown = in_terminal(
        *("-C", start, *asked, start, "--group", GROUP, "--no-handout"),
        answers=[
            (KEY, f"{MAIN_KEY}\n"),
            ("Institution", "IRTS\n"),
            ("Your choice", "9\n"),
            ("Your choice", "2\n"),
        ],
    )
    assert code == 0, shown
    assert "In Zotero: 1 item, 1 collection. In the folder: 2 items." in shown
    assert "a number from 1 to 4" in shown
    with server.colleague() as colleague:
        assert len(colleague._ask("GET", "items").json()) == 1


def test_a_folder_that_is_copied_elsewhere_is_asked_about(start: Path) -> None:
    cloud = start / "Dropbox"
    cloud.mkdir()
    code, shown = in_terminal(
        *("-C", cloud, "init", "--group", GROUP, "--no-sync"),
        answers=[
            (WHERE, "fonds\n"),
            ("all the same?", "no\n"),
            (WHERE, f"{start / 'ailleurs'}\n"),
            ("Institution", "IRTS\n"),
        ],
    )
    assert code == 0, shown
    assert "Dropbox copies this folder" in shown
    assert (start / "ailleurs" / "zotsync.toml").exists()
    assert not (cloud / "fonds").exists()


def test_login_looks_for_a_keyring_before_it_asks(server: Any) -> None:
    words = ("login", "--group", GROUP, "--api-url", server.url)
    code, shown = in_terminal(*words)
    assert code == 5, shown
    assert KEY not in shown
    assert "ZOTERO_API_KEY" in shown


def test_french_answers_are_understood(start: Path) -> None:
    cloud = start / "Dropbox"
    cloud.mkdir()
    code, shown = in_terminal(
        *("init", cloud, "--group", GROUP, "--no-sync"),
        answers=[
            ("all the same?", "peut-être\n"),
            ("all the same?", "oui\n"),
            ("Institution", "IRTS\n"),
        ],
    )
    assert code == 0, shown
    assert (cloud / "zotsync.toml").exists()
