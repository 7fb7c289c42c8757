"""Every command that a document shows is run, on a copy of the demo, and does what is said: it works."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import docx
import pytest
from cli.filekeyring import use_file_keyring
from cli.terminal import CTRL_C, in_terminal, pseudo_terminal
from click.testing import CliRunner, Result
from documented import Shown, commands, wanting_the_internet

from zotsync.cli.main import ENTRIES, cli
from zotsync.config import Workspace
from zotsync.sandbox import demo as story
from zotsync.sandbox.colleague import Colleague
from zotsync.sandbox.server import Sandbox

Run = Callable[..., Result]
ALL = commands()
NAMES = {entry.name for entry in ENTRIES}
ENDLESS = {
    "zotsync sandbox",
    "zotsync sandbox --data essai.db --port 23200",
    "zotsync render --watch",
}
ASKING = {
    *("zotsync add", "zotsync login", "zotsync resolve", "zotsync resolve --offline"),
    *("zotsync init", "zotsync init DOSSIER", "zotsync init FOLDER"),
}
"""What asks in a terminal: it is seen to ask, and is left with Ctrl-C."""
AGREED = {"undo", "restore", "import", "add"}
"""What shows what it would do, and asks: here it is agreed to."""
BEFORE = {"themes check maison": ("themes", "new", "maison")}
ELSEWHERE = {"titles": "json", "1234567": str(story.GROUP), "1000": str(story.GROUP)}
"""A plugin of a reader's own; another server's group and port."""
CODES = {"check": {0, 1}, "import": {0, 1}, "doctor": {0, 1, 5}, "add": {0, 1}}
"""Where something is left to people, a command ends with 1."""
RIS = "TY  - BOOK\nTI  - {}\nAU  - Zola, Émile\nPY  - 2019\nER  - \n"
BIB = "@book{{x, title={{{}}}, author={{Zola, Émile}}, year=2019}}\n"


@dataclass(frozen=True)
class Stage:
    """A copy of the demo's workspace, with its server running, and the files that documents name."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace as the demo leaves it, and beside the handout what the documents name."""
    folder = tmp_path_factory.mktemp("played") / "essai"
    tags = ["tag", "adenot", "--add", "à lire", "--add", "logement", "--add", "livre", "--yes"]
    for words in (["--quiet", "demo", str(folder)], ["-C", str(folder), *tags]):
        made = CliRunner().invoke(cli, words)
        assert made.exit_code == 0, made.output
    for name, title in (("cairn.ris", "De Cairn"), ("export.ris", "Un export")):
        (folder / name).write_text(RIS.format(title), "utf-8")
    for name, title in (("hal.bib", "De HAL"), ("references.bib", "Des références")):
        (folder / name).write_text(BIB.format(title), "utf-8")
    (folder / "catalogue.csv").write_text("Titre;Rayon\nUn titre;A12\n", "utf-8")
    shutil.copy(folder / "handouts" / "pair-aidance.docx", folder / "pair-aidance (Camille).docx")
    old = docx.Document()
    old.add_heading("Ouvrages", 1)
    old.add_paragraph("ZOLA Émile. Un vieux livre. Paris : Charpentier, 1885. 591 p.")
    old.save(str(folder / "sélection deuil 2019.docx"))
    return folder


@pytest.fixture
def stage(
    played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> Iterator[Stage]:
    folder = tmp_path / "essai"
    shutil.copytree(played, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    facts = story.read_facts(Workspace(folder))
    assert facts is not None
    assert run("export", "--format", "json", "-o", "collegue.json").exit_code == 0
    sandbox = Sandbox(folder / ".zotsync" / "sandbox.db")
    with sandbox.serve(facts.port) as served:
        yield Stage(folder, served.url)
    sandbox.close()


def command_of(words: list[str]) -> tuple[click.Command, int]:
    """Return the command that words call, and how many of them are its name."""
    context = click.Context(cli)
    command: click.Command = cli
    used = 0
    for word in words:
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        if found is None:
            break
        command, used = found, used + 1
    return command, used


@pytest.mark.parametrize("shown", ALL.values(), ids=ALL.keys())
def test_a_command_that_is_named_is_there_with_its_options(shown: Shown) -> None:
    words = shown.words
    command, used = command_of(words)
    assert used or not words or words[0].startswith("-"), shown.where
    options = [p for c in (cli, command) for p in c.params if isinstance(p, click.Option)]
    known = {name for option in options for name in (*option.opts, *option.secondary_opts)}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given <= known | {"--help", "--version"}, shown.where


def runnable() -> Iterator[Shown]:
    """Yield the commands that are more than a name."""
    for shown in ALL.values():
        command, used = command_of(shown.words)
        wants = any(p.required for p in command.params)
        is_group = isinstance(command, click.Group) and not command.invoke_without_command
        if len(shown.words) > used or not (wants or is_group):
            yield shown


@pseudo_terminal
@pytest.mark.parametrize("shown", list(runnable()), ids=lambda shown: shown.text)
def test_a_command_that_is_shown_works(
    shown: Shown, stage: Stage, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(shown, stage, run, tmp_path, monkeypatch)
    words = [ELSEWHERE.get(word, word) for word in shown.words]
    words = [stage.url if word == "http://127.0.0.1:23200" else word for word in words]
    words = [str(story.PORT + 1) if word == "23200" else word for word in words]
    if words[:1] == ["init"] and "--group" in words and "--api-url" not in words:
        words += ["--api-url", stage.url]
    if shown.text in ASKING:
        code, told = in_terminal(*words, answers=[("", CTRL_C)])
        assert code == 130, told
    elif shown.text in ENDLESS:
        assert_it_goes_on(words)
    else:
        stdin = Path(shown.stdin).read_text("utf-8") if shown.stdin else ""
        agreed = ["--yes"] if AGREED & set(words[:1]) else []
        ended = run(*words, *agreed, stdin=stdin)
        allowed = CODES.get(words[0] if words else "", {0})
        if not shown.is_example and command_of(words)[1] == len(words):
            allowed = allowed | {2}  # a name in a sentence: that it wants more, it says
        if words == ["resolve", "--json"]:
            allowed = {3}
        assert ended.exit_code in allowed, ended.output + ended.stderr


def prepare(
    shown: Shown, stage: Stage, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let there be what a command is about."""
    words = shown.words
    if words[:1] == ["init"] and "--group" in words:
        monkeypatch.setenv("ZOTERO_API_KEY", story.DEMO_KEY)
    if words[:1] in (["demo"], ["init"], ["sandbox"]):
        monkeypatch.chdir(tmp_path)
    if "--links" in words:  # they lead elsewhere, and here is no network
        for file in (stage.folder / "bibliography" / "items").glob("*.toml"):
            kept = [
                ln
                for ln in file.read_text("utf-8").splitlines(keepends=True)
                if ln[:3] not in ("url", "DOI")
            ]
            file.write_text("".join(kept), "utf-8")
    for text, first in BEFORE.items():
        if shown.text.endswith(text):
            assert run(*first).exit_code == 0
    if words[:1] == ["resolve"]:
        clash(stage, run)
    if words[:1] == ["login"]:
        use_file_keyring(monkeypatch, tmp_path)


def clash(stage: Stage, run: Run) -> None:
    """Let both sides change the date of a book that is called `livre`."""
    file = stage.folder / "bibliography" / "items" / "livre.toml"
    file.write_text('itemType = "book"\ntitle = "Livre"\ndate = "2019"\n', "utf-8")
    assert run("sync").exit_code == 0
    text = file.read_text("utf-8")
    with Colleague(stage.url, story.GROUP, story.COLLEAGUE_KEY) as colleague:
        colleague.change(text.split('"')[1], {"date": "2021"})
    file.write_text(text.replace('"2019"', '"2020"'), "utf-8")
    assert run("sync").exit_code == 3


def assert_it_goes_on(words: list[str]) -> None:
    """Run what has no end until it says something, then leave it with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "zotsync", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert not first.startswith(b"Usage")
    process.send_signal(signal.SIGINT)
    rest, _none = process.communicate(timeout=30)
    assert process.returncode in (0, 130), first + rest


def test_what_no_test_runs_is_marked_and_counted() -> None:
    lines = {page: found for page, found in wanting_the_internet().items() if found}
    assert {page: len(found) for page, found in lines.items()} == {
        "installing.fr.md": 9,
        "installing.md": 9,
    }
    assert not any(line.startswith("zotsync") for found in lines.values() for line in found)
    assert len(ALL) > 80
