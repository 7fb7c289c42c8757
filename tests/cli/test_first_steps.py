"""docs/first-steps.md: its commands do what it says, its tables name every option and area."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from zotsync.cli.account.doctor import doctor
from zotsync.cli.account.init import init
from zotsync.cli.account.meeting import Take
from zotsync.config import Workspace
from zotsync.doctor.finding import Area, Mark

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("first-steps.md", "first-steps.fr.md")
COMMON = {"directory", "quiet", "verbose", "json", "lang", "plain", "yes", "help"}
NUMBER = 1234567
KEY = "pageKey00000000000000001"


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def commands(page: str) -> list[str]:
    return re.findall(r"(?<=^```\n)zotsync .*$", text(page), re.MULTILINE)


@pytest.fixture
def group(server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the group of the page, with an item, on the server that is Zotero's here."""
    from zotsync.sandbox.server import Access  # noqa: PLC0415

    server.sandbox.add_group(NUMBER, "Centre de doc", owner=1, members=(2,))
    server.sandbox.add_key(KEY, 1, groups={NUMBER: Access()})
    monkeypatch.setattr("zotsync.cli.account.init.DEFAULT_API_URL", server.url)
    monkeypatch.setenv("ZOTERO_API_KEY", KEY)
    return server


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_work(run: Any, tmp_path: Path, page: str) -> None:
    asked, first, without_questions, check_up = (shlex.split(line)[1:] for line in commands(page))
    bare = run("-C", tmp_path, *asked)
    assert bare.exit_code == 2  # only the group has no default
    assert "--group" in bare.stderr
    made = run("-C", tmp_path, *without_questions)
    assert made.exit_code == 0, made.output
    here = tmp_path / "bibliographie"
    assert Workspace(here).config_file.exists()
    looked = run("-C", here, *check_up)
    assert looked.exit_code == 0, looked.output
    assert run("-C", here, "handout", "new", "essai").exit_code == 0  # as init makes one, if asked
    assert first[-1] == "--open"  # a person looks at it
    printed = run("-C", here, *first[:-1])
    assert printed.exit_code == 0, printed.output
    assert Workspace(here).handouts.joinpath("essai.docx").exists()


def test_both_pages_show_the_same_commands() -> None:
    assert commands(PAGES[0]) == commands(PAGES[1])


@pytest.mark.parametrize("page", PAGES)
def test_every_option_is_named(page: str) -> None:
    whole = text(page)
    options = [
        name
        for command in (init, doctor)
        for option in command.params
        if isinstance(option, click.Option) and option.name not in COMMON
        for name in (*option.opts, *option.secondary_opts)
    ]
    assert "--in-cloud" in options
    unnamed = [n for n in options if not re.search(rf"`[^`]*{re.escape(n)}\b", whole)]
    assert unnamed == ["--api-url"]  # for another server than Zotero's: `--help` has it


@pytest.mark.parametrize("page", PAGES)
def test_every_word_of_the_json_form_is_named(page: str) -> None:
    words = [each.value for kind in (Area, Mark, Take) for each in kind]
    assert [w for w in words if f"`{w}`" not in text(page) and f" {w}`" not in text(page)] == []
